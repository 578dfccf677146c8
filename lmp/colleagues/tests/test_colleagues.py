"""Staff see who their colleagues are and what each may; a superuser lets a new one in, once, and the person is told."""

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conftest import make_user
from lmp.colleagues.hiring import let_in
from lmp.colleagues.roles import rights_of
from outbox.models import Message

NEW = {"name": "Nora Ny", "email": "nora.ny@example.no"}


@pytest.fixture
def url() -> str:
    return reverse("colleagues:new")


def test_one_page_gives_the_access_and_the_person_is_told(as_staff, url, staff):
    answer = as_staff.post(url, NEW, follow=True)
    assert "Nora Ny har fått tilgang" in answer.content.decode()
    person = User.objects.get(email=NEW["email"])
    assert (person.name, person.is_staff, person.is_superuser) == ("Nora Ny", True, False)
    assert [group.name for group in person.groups.all()] == [settings.STAFF_GROUP]
    [mail] = Message.objects.all()
    assert (mail.recipient, mail.to) == (person, NEW["email"])
    assert "Stine Stab har gitt deg tilgang" in mail.body
    assert "arbeide i administrasjonen" in mail.body
    assert "lese behov" not in mail.body
    [entry] = LogEntry.objects.all()
    assert (entry.user, entry.object_id) == (staff, str(person.pk))


def test_what_is_ticked_is_given_and_told(as_staff, url):
    as_staff.post(url, NEW | {"reads_needs": "on", "lets_others_in": "on"})
    person = User.objects.get(email=NEW["email"])
    assert person.is_superuser
    assert {group.name for group in person.groups.all()} == {settings.STAFF_GROUP, settings.NEEDS_GROUP}
    assert "lese behov" in Message.objects.get().body


def test_pressed_twice_it_is_one_mail(as_staff, url):
    assert as_staff.post(url, NEW).status_code == 302
    again = as_staff.post(url, NEW)
    assert again.status_code == 422
    assert "er allerede ansatt" in again.content.decode()
    assert Message.objects.count() == 1


def test_two_at_once_are_one(staff):
    facts = NEW | {"reads_needs": False, "lets_others_in": False, "by": staff, "now": timezone.now()}
    let_in(**facts)
    with pytest.raises(ValidationError, match="allerede ansatt"):
        let_in(**facts)
    assert Message.objects.count() == 1


@pytest.mark.parametrize("name", ["Nora Ny", "Kari Kontakt"])
def test_somebody_who_is_in_the_portal_already_is_asked_about(as_staff, url, contact, name):
    facts = {"name": name, "email": contact.email}
    page = as_staff.post(url, facts)
    assert page.status_code == 422
    assert "Adressen tilhører Kari Kontakt" in page.content.decode()
    assert "Kari Kontakt er eier i Indre Fosen" in page.content.decode()
    contact.refresh_from_db()
    assert not contact.is_staff
    as_staff.post(url, facts | {"same": "on"})
    contact.refresh_from_db()
    assert (contact.is_staff, contact.name) == (True, "Kari Kontakt")


def test_what_was_typed_is_kept(as_staff, url):
    page = as_staff.post(url, {"name": "Nora Ny", "email": "nora"})
    assert page.status_code == 422
    assert 'value="Nora Ny"' in page.content.decode()


def test_who_has_no_role_is_seen(as_staff, staff):
    make_user("uten@example.no", "Uten Rolle", is_staff=True)
    rows = as_staff.get(reverse("colleagues:list")).context["rows"]
    assert [str(person) for person, _rights, _leaves in rows] == ["Stine Stab", "Uten Rolle"]
    assert "Ingen rolle" in as_staff.get(reverse("colleagues:list")).content.decode()


def test_what_each_may(staff):
    person = make_user("leser@example.no", "Leser", is_staff=True)
    assert rights_of(person) == []
    person.groups.add(Group.objects.get(name=settings.NEEDS_GROUP))
    assert rights_of(person) == ["lese behov for mat og tilrettelegging med navn"]
    assert "gi kolleger tilgang" in rights_of(staff)


def test_only_a_superuser_lets_others_in(as_staff, url, staff):
    User.objects.filter(pk=staff.pk).update(is_superuser=False)
    staff.groups.add(Group.objects.get(name=settings.STAFF_GROUP))
    assert as_staff.get(reverse("colleagues:list")).status_code == 200
    assert url not in as_staff.get(reverse("colleagues:list")).content.decode()
    assert as_staff.get(url).status_code == 404
    assert as_staff.post(url, NEW).status_code == 404
    assert not User.objects.filter(email=NEW["email"]).exists()


@pytest.mark.parametrize("who", ["contact", "officer", "leader"])
def test_it_is_for_staff(client, request, who, url):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("colleagues:list")).status_code == 404
    assert client.post(url, NEW).status_code == 404
    assert not User.objects.filter(email=NEW["email"]).exists()
