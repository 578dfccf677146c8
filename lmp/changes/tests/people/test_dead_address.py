"""Mail that comes back is seen by whoever can mend the address, and by staff, who may try it again."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from accounts.authentication import second_factor
from conftest import make_user
from outbox.models import DeadAddress, Message, ReturnReason
from outbox.returns import addresses
from participants import todos
from participants.functions import functions
from participants.mails import TEXTS

SAID = "E-posten kommer i retur"


@pytest.fixture
def unreached(head, contact, welcomed):
    now = timezone.now()
    addresses.bury(head.email, ReturnReason.UNKNOWN, sent_at=now, now=now)
    return head


def asked(person) -> list[str]:
    now, mine = timezone.now(), functions(person)
    units = todos.units(mine, now)
    return [todo.title for todo in todos.todos(person, now, mine=mine, units=units) if "e-postadressen" in todo.title]


def test_whoever_answers_for_the_municipality_is_asked(unreached, welcomed, contact, other_contact):
    name = unreached.contacts.get().name
    assert asked(contact) == [f"Rett e-postadressen til {name}"]
    assert asked(other_contact) == []
    addresses.lift(unreached.email, now=timezone.now())
    assert asked(contact) == []


def test_it_is_said_beside_the_person(client, unreached, welcomed, contact):
    client.force_login(contact)
    said = client.get(reverse("participants:contacts", args=[welcomed.pk])).content.decode()
    assert said.count(SAID) == 1
    assert "Adressen finnes ikke." in said
    said = client.get(reverse("overview:participation", args=[welcomed.pk])).content.decode()
    assert said.count("e-posten kommer i retur") == 1


def test_staff_try_it_again(staff_client, unreached):
    page = reverse("changes:person", args=[unreached.pk])
    assert "Adressen finnes ikke" in staff_client.get(page).content.decode()
    said = staff_client.post(reverse("changes:try_address", args=[unreached.pk]), follow=True).content.decode()
    assert "sendes nå til" in said
    assert SAID not in said
    assert not DeadAddress.objects.active().exists()
    again = staff_client.post(reverse("changes:try_address", args=[unreached.pk]), follow=True).content.decode()
    assert "Adressen er ikke stoppet." in again


def test_nobody_else_tries_it(client, unreached, contact):
    client.force_login(contact)
    assert client.post(reverse("changes:try_address", args=[unreached.pk])).status_code == 404
    assert DeadAddress.objects.active().exists()


def test_staff_who_may_not_send_mails_do_not_try_it(client, unreached):
    """They see to people, by a permission that was given them by hand; the page itself asks about mails."""
    other = make_user("annen.stab@example.no", "Anne Annen", is_staff=True)
    sees_to_people = ["view_user", "change_user"]
    other.user_permissions.set(Permission.objects.filter(codename__in=sees_to_people))
    client.force_login(other)
    session = client.session
    second_factor.remember(session, other, kind="totp")
    session.save()
    page = reverse("changes:try_address", args=[unreached.pk])
    assert client.post(page).status_code == 403
    assert DeadAddress.objects.active().exists()
    other.user_permissions.add(Permission.objects.get(codename="add_message"))
    assert client.post(page).status_code == 302
    assert not DeadAddress.objects.active().exists()


def test_what_came_back_is_among_what_staff_have_to_see_to(staff_client, unreached):
    now = timezone.now()
    text = next(iter(TEXTS))
    facts = {"text_name": text.name, "created_at": now, "next_attempt_at": now, "sent_at": now, "returned_at": now}
    message = Message.objects.create(
        key="a", message_id="a", to=unreached.email, recipient=unreached, subject="Husk", returned_why="full", **facts
    )
    said = staff_client.get(reverse("admin:index"), follow=True).content.decode()
    assert "Husk. Kom i retur: postkassen er full." in said
    said = staff_client.get(reverse("admin:outbox_message_change", args=[message.pk])).content.decode()
    assert "Postkassen er full" in said
    assert "Adressen virker ikke" in said
