"""The people of an office let each other in and see each other off, and everybody concerned is told."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from conftest import make_contact, make_user
from guidance.tests.conftest import sign_in, text_of
from lmp.governor import people
from outbox.models import Message
from participants.models import Contact, GovernorContact

NEW = {"name": "Nina Nykommer", "email": "Nina@Example.no"}


@pytest.fixture
def colleague(office) -> GovernorContact:
    user = make_user("siri.embete@example.no", "Siri Embete")
    return GovernorContact.objects.create(governor=office, user=user, started_on=timezone.localdate())


@pytest.fixture
def own(officer) -> GovernorContact:
    return officer.governor_contacts.get()


def page(name: str, pk: int) -> str:
    return reverse(f"governor:{name}", args=[pk])


@pytest.mark.parametrize("who", ["officer", "staff"])
def test_somebody_is_let_in_and_told(client, request, office, levanger, who):
    by = request.getfixturevalue(who)
    sign_in(client, by)
    answer = client.post(page("add_person", office.pk), NEW, follow=True)
    assert "Nina Nykommer er lagt til, og har fått en e-post om tilgangen." in text_of(answer)
    contact = office.contacts.get(user__email="nina@example.no")
    assert (contact.name, contact.started_on) == ("Nina Nykommer", timezone.localdate())
    assert contact.history.get().history_user == by
    mail = Message.objects.get()
    assert mail.to == "nina@example.no"
    assert "Statsforvalteren i Trøndelag" in mail.body
    assert f"{by.name} la deg til" in mail.body
    assert "Registrer svaret fra Levanger" in mail.body
    client.force_login(contact.user)
    assert client.get("/statsforvalter/").status_code == 200


def test_a_second_press_lets_nobody_in_twice(client, office, officer):
    client.force_login(officer)
    client.post(page("add_person", office.pk), NEW)
    again = client.post(page("add_person", office.pk), NEW)
    assert again.status_code == 422
    assert "er registrert hos embetet" in text_of(again)
    assert 'value="Nina Nykommer"' in again.content.decode()
    assert Message.objects.count() == 1


def test_an_address_of_somebody_else_is_asked_about(client, office, officer, stranger):
    client.force_login(officer)
    sent = {"name": "Nina Nykommer", "email": stranger.email}
    answer = client.post(page("add_person", office.pk), sent)
    assert "Adressen tilhører Frem Med." in text_of(answer)
    client.post(page("add_person", office.pk), sent | {"same_person": stranger.pk})
    assert office.contacts.filter(user=stranger).exists()


def test_other_offices_people_are_not_there(client, office, own, other_officer):
    client.force_login(other_officer)
    for name, pk in (
        ("people", office.pk),
        ("add_person", office.pk),
        ("end_person", own.pk),
        ("correct_person", own.pk),
    ):
        assert client.get(page(name, pk)).status_code == 404
        assert client.post(page(name, pk), NEW | {"_confirmed": "1"}).status_code in (404, 405)
    assert office.contacts.current().count() == 1


def test_somebody_is_seen_off_and_told(client, office, officer, colleague):
    client.force_login(officer)
    seen = client.post(page("end_person", colleague.pk))
    assert "Siri Embete, Statsforvalteren i Trøndelag" in text_of(seen)
    assert office.contacts.current().count() == 2
    answer = client.post(page("end_person", colleague.pk), {"_confirmed": "1"}, follow=True)
    assert "Tilgangen til Siri Embete er avsluttet." in text_of(answer)
    colleague.refresh_from_db()
    assert colleague.ended_on == timezone.localdate()
    assert colleague.history.first().history_user == officer
    mail = Message.objects.get()
    assert mail.to == "siri.embete@example.no"
    assert "Olav Embete har registrert det." in mail.body
    client.post(page("end_person", colleague.pk), {"_confirmed": "1"})
    assert Message.objects.count() == 1
    client.force_login(colleague.user)
    assert client.get("/statsforvalter/").status_code == 404


def test_the_last_one_is_asked_about(client, office, officer, own):
    client.force_login(officer)
    address = page("end_person", own.pk)
    assert "Kopi av velkomstbrevene kan da ikke sendes til embetet." in text_of(client.get(address))
    assert client.post(address, {"_confirmed": "1"}).status_code == 422
    assert office.contacts.current().count() == 1
    assert client.post(address, {"_confirmed": "1", "sure": "on"}).url == "/"
    assert not office.contacts.current().exists()
    assert client.post(address, {"_confirmed": "1", "sure": "on"}).url == "/"


def test_two_who_see_each_other_off_are_not_both_gone(client, office, officer, own, colleague):
    """The page was opened while there were two."""
    client.force_login(colleague.user)
    client.post(page("end_person", own.pk), {"_confirmed": "1"})
    answer = client.post(page("end_person", colleague.pk), {"_confirmed": "1"})
    assert answer.status_code == 422
    assert "Ingen andre er registrert hos embetet." in text_of(answer)
    assert office.contacts.current().count() == 1


def test_the_last_one_is_met_under_the_lock_too(office, officer, own):
    """The other one left between the form and the storing."""
    with pytest.raises(ValidationError, match="Ingen andre er registrert hos embetet"):
        people.end(own, by=officer, now=timezone.now())
    assert office.contacts.current().get() == own


def test_a_name_is_corrected(client, office, officer, colleague):
    client.force_login(officer)
    client.post(page("correct_person", colleague.pk), {"name": "Siri Ny", "email": colleague.user.email})
    colleague.refresh_from_db()
    assert (colleague.name, colleague.user.name) == ("Siri Ny", "Siri Embete")
    assert colleague.history.first().history_user == officer
    assert not Message.objects.exists()


def test_an_address_is_corrected_and_both_are_told(client, office, officer, colleague):
    client.force_login(officer)
    sent = {"name": "Siri Embete", "email": "siri@example.no"}
    assert "siri.embete@example.no" in text_of(client.post(page("correct_person", colleague.pk), sent))
    client.post(page("correct_person", colleague.pk), sent | {"_confirmed": "1"})
    colleague.user.refresh_from_db()
    assert colleague.user.email == "siri@example.no"
    assert {mail.to for mail in Message.objects.all()} == {"siri.embete@example.no", "siri@example.no"}


def test_the_address_of_one_with_other_functions_is_theirs(client, office, officer, colleague, participation, staff):
    make_contact(participation, colleague.user, Contact.Function.OWNER, by=staff)
    client.force_login(officer)
    sent = {"name": "Siri Embete", "email": "siri@example.no", "_confirmed": "1"}
    client.post(page("correct_person", colleague.pk), sent)
    colleague.user.refresh_from_db()
    assert colleague.user.email == "siri.embete@example.no"
    assert "har flere funksjoner i portalen" in text_of(client.get(page("correct_person", colleague.pk)))


def test_an_address_that_is_anothers_is_refused(client, office, officer, colleague, stranger):
    client.force_login(officer)
    sent = {"name": "Siri Embete", "email": stranger.email, "_confirmed": "1"}
    answer = client.post(page("correct_person", colleague.pk), sent)
    assert answer.status_code == 422
    assert "Adressen tilhører Frem Med." in text_of(answer)


def test_one_who_has_ended_is_neither_corrected_nor_a_404(client, office, officer, colleague):
    colleague.end(on=timezone.localdate(), by=officer)
    client.force_login(officer)
    assert client.get(page("correct_person", colleague.pk)).url == page("people", office.pk)
    assert "Siri Embete (til" in text_of(client.get(page("people", office.pk)))
