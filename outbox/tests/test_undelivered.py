"""What did not arrive is on staff's list until it is sent again, moot, or ticked off with a note."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from icalendar import Event

from conftest import make_user
from outbox import delivery, posting
from outbox.models import Message
from outbox.tests import mails
from parts import ics
from parts.files import File

LIST = reverse("admin:outbox_message_changelist")


@pytest.fixture
def person(db):
    return make_user("kari.nordli@example.no", "Kari Nordli")


@pytest.fixture
def lost(post, person, server):
    """A letter that was refused at the address the person had."""
    server.refuse(person.email, 550)
    message = post("letter", to=person, now=timezone.now(), attachments=[File("brev.pdf", "application/pdf", b"%PDF")])
    delivery.drain(now=timezone.now())
    message.refresh_from_db()
    assert message.given_up_at
    return message


def undelivered(client) -> list[Message]:
    page = client.get(LIST, {"state": "undelivered"})
    found = list(page.context["cl"].result_list)
    assert page.context["health"].given_up == len(found) == Message.objects.undelivered().count()
    return found


def handled_page(message: Message) -> str:
    return reverse("admin:outbox_message_handled", args=[message.pk])


def test_it_is_on_the_list(staff_client, lost, post):
    post("another", now=timezone.now())
    assert undelivered(staff_client) == [lost]
    page = staff_client.get(LIST).content.decode()
    assert "1 e-post kom ikke fram, eller kom kanskje ikke fram, og må ses på" in page
    assert 'href="?state=undelivered"' in page


def test_another_address_takes_it_off_and_it_goes_there(staff, staff_client, lost, person):
    now = timezone.now()
    person.change_email("kari.ny@example.no", by=staff, now=now)
    assert undelivered(staff_client) == []
    again = lost.resends.get()
    assert (again.to, again.recipient, again.resent_by, again.created_at) == ("kari.ny@example.no", person, staff, now)
    assert bytes(again.attachments.get().content) == b"%PDF"
    person.change_email("kari.nyere@example.no", by=staff, now=timezone.now())
    assert Message.objects.to_person(person).count() == 2
    again.refresh_from_db()
    assert again.to == "kari.nyere@example.no"


def test_a_calendar_entry_names_the_new_address(staff, post, person, server):
    server.refuse(person.email, 550)
    at = timezone.now()
    event = Event()
    event.add("uid", "1@example.no")
    entry = ics.file("samling.ics", event, method="REQUEST", name="Kari Nordli", address=person.email)
    message = post("entry", to=person, now=at, attachments=[entry])
    delivery.drain(now=at)
    person.change_email("kari.ny@example.no", by=staff, now=timezone.now())
    again = bytes(message.resends.get().attachments.get().content).decode().replace("\r\n ", "")
    assert "mailto:kari.ny@example.no" in again
    assert "mailto:kari.nordli@example.no" not in again


@pytest.mark.parametrize("moot", ["expired", "old", "handled", "sent again", "a code"])
def test_what_is_moot_is_not_sent_to_the_new_address(staff, staff_client, lost, person, server, moot):
    now = timezone.now()
    changes = {
        "expired": {"expires_at": now - timedelta(minutes=1)},
        "old": {"created_at": now - timedelta(days=61)},
        "handled": {"handled_at": now, "handled_by": staff, "handled_note": "Ringt."},
        "a code": {"secret": True},
    }
    if moot == "sent again":
        posting.resend(lost, reason="-", token="t", by=staff, now=now)
        delivery.drain(now=timezone.now() + timedelta(minutes=1))
        Message.objects.filter(resend_of=lost).update(handled_at=now, handled_by=staff, handled_note="Ringt.")
    else:
        Message.objects.filter(pk=lost.pk).update(**changes[moot])
    before = Message.objects.count()
    person.change_email("kari.ny@example.no", by=staff, now=now)
    assert Message.objects.count() == before
    assert undelivered(staff_client) == []


def test_sent_again_and_failed_again_is_a_new_one(staff, staff_client, lost):
    again = posting.resend(lost, reason="-", token="t", by=staff, now=timezone.now())
    assert undelivered(staff_client) == []
    delivery.drain(now=timezone.now())
    again.refresh_from_db()
    assert again.given_up_at
    assert undelivered(staff_client) == [again]


def test_staff_tick_it_off_with_a_note(staff, staff_client, lost):
    message_page = reverse("admin:outbox_message_change", args=[lost.pk])
    assert handled_page(lost) in staff_client.get(message_page).content.decode()
    assert "kari.nordli@example.no" in staff_client.get(handled_page(lost)).content.decode()
    page = staff_client.post(handled_page(lost), {"note": "Ringte, sendte brevet i posten."}, follow=True)
    assert page.redirect_chain[-1][0] == message_page
    lost.refresh_from_db()
    assert (lost.handled_by, lost.handled_note) == (staff, "Ringte, sendte brevet i posten.")
    said = page.content.decode()
    assert "E-posten er merket som ferdig." in said
    assert "Stine Stab: Ringte, sendte brevet i posten." in said
    assert handled_page(lost) not in said
    assert undelivered(staff_client) == []


def test_pressing_twice_keeps_the_first_note(staff_client, lost):
    staff_client.post(handled_page(lost), {"note": "Først."})
    page = staff_client.post(handled_page(lost), {"note": "Så."}, follow=True)
    assert "Det er ikke noe mer å gjøre med denne e-posten." in page.content.decode()
    lost.refresh_from_db()
    assert lost.handled_note == "Først."


@pytest.mark.parametrize("note", ["", "  ", "x" * 501])
def test_bad_input_ticks_nothing_off_and_keeps_what_was_typed(staff_client, lost, note):
    page = staff_client.post(handled_page(lost), {"note": note})
    assert page.status_code == 200
    assert page.context["form"]["note"].value() == note
    assert undelivered(staff_client) == [lost]


def test_what_has_not_failed_cannot_be_ticked_off(staff, staff_client, post):
    message = post("waits", now=timezone.now())
    page = staff_client.post(handled_page(message), {"note": "-"}, follow=True)
    assert "Det er ikke noe mer å gjøre" in page.content.decode()
    assert not message.handle(note="-", by=staff, now=timezone.now())
    message.refresh_from_db()
    assert message.handled_at is None


def test_reading_staff_tick_nothing_off(staff, staff_client, lost):
    staff.is_superuser = False
    staff.save()
    staff.user_permissions.set(Permission.objects.filter(codename="view_message"))
    assert staff_client.post(handled_page(lost), {"note": "-"}).status_code == 403
    assert undelivered(staff_client) == [lost]


def test_a_note_is_stored_with_who_and_when(staff, lost):
    for facts in (
        {"handled_at": timezone.now()},
        {"handled_at": timezone.now(), "handled_by": staff},
        {"handled_by": staff, "handled_note": "-"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.filter(pk=lost.pk).update(**facts)


def test_a_mail_to_no_person_stays_until_it_is_seen_to(staff, staff_client, post, server):
    server.refuse("post@example.no", 550)
    message = post("office", to="post@example.no", text=mails.REMINDER, now=timezone.now())
    delivery.drain(now=timezone.now())
    assert undelivered(staff_client) == [message]
    message.refresh_from_db()
    posting.resend(message, reason="-", token="t", to="ny@example.no", by=staff, now=timezone.now())
    assert undelivered(staff_client) == []
