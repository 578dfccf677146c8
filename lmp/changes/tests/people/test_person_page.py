"""Staff's pages of one whole person, and the two things that staff alone do there."""

import pytest
from django.utils import timezone

from accounts.models import User
from conftest import make_contact, make_user
from gatherings.mails import notices
from lmp.changes import address
from lmp.changes.tests.people.conftest import NEW, as_staff, seat
from outbox.models import Message
from participants.models import Contact


def at(person: User, page: str = "") -> str:
    return f"/person/{person.pk}/{page}"


def test_all_that_the_person_is_and_was(staff_client, head, own, place, session, participation, staff):
    old = make_contact(participation, head, Contact.Function.PPT, by=staff)
    old.end(by=staff, now=timezone.now())
    page = staff_client.get(at(head)).content.decode()
    for text in ("Styrer, Fembøringen barnehage", "PP-tjenesten, Indre Fosen", "1. samling", "Påmeldt"):
        assert text in page
    assert at(head, "adresse/") in page
    assert at(head, "sla-sammen/") in page


def test_a_supervisors_groups_and_sessions(staff_client, supervisor, session):
    page = staff_client.get(at(supervisor)).content.decode()
    assert "Veileder i Indre Fosen (Pulje 9)" in page
    assert session.get_absolute_url() in page


def test_mails_at_every_address_and_those_to_come(staff_client, head, place):
    notices.placed(place, now=timezone.now())
    Message.objects.update(sent_at=timezone.now())
    address.change(head, NEW, by=head, now=timezone.now())
    page = staff_client.get(at(head, "e-poster/")).content.decode()
    assert "til hanne.styrer@example.no (Sendt)" in page
    assert f"til {NEW} (Venter)" in page
    assert "Bestill reise" in page or "reise" in page


@pytest.mark.parametrize(
    ("function", "said"),
    [
        ("ppt", "PP-tjenesten får verken velkomstbrevet eller påminnelser om å bekrefte."),
        ("head", "styrere og rektorer får ikke velkomstbrevet."),
    ],
)
def test_why_somebody_got_no_mail(staff_client, welcomed, units, staff, function, said):
    pal = make_user("pal@example.no", "Pål Johnsen")
    unit = units[0] if function == "head" else None
    make_contact(welcomed, pal, function, unit=unit, by=staff)
    assert said in staff_client.get(at(pal, "e-poster/")).content.decode()


def test_before_the_letter_and_when_closed(staff_client, head):
    assert "har ikke fått velkomstbrevet" in staff_client.get(at(head, "e-poster/")).content.decode()
    User.objects.filter(pk=head.pk).update(is_active=False)
    assert "Personen er sperret" in staff_client.get(at(head, "e-poster/")).content.decode()


def test_who_changed_what(staff_client, head, own, contact, place):
    address.change(head, NEW, by=contact, now=timezone.now())
    own.correct(name="Hanne S.", phone="1", by=contact)
    page = staff_client.get(at(head, "historikk/")).content.decode()
    assert f"Kari Kontakt: E-postadressen: hanne.styrer@example.no ble {NEW}" in page
    assert "Endret: Hanne S." in page
    assert "1. samling" in page


def test_staff_change_an_address_after_seeing_what_happens(staff_client, staff, head, place, other_participation):
    make_contact(other_participation, head, Contact.Function.PPT, by=staff)
    page = staff_client.post(at(head, "adresse/"), {"email": NEW}).content.decode()
    assert "Ingenting er lagret ennå" in page
    head.refresh_from_db()
    assert head.email == "hanne.styrer@example.no"
    done = staff_client.post(at(head, "adresse/"), {"email": NEW, "_confirmed": "1"}, follow=True)
    head.refresh_from_db()
    assert (head.email, head.address_changes.get().changed_by) == (NEW, staff)
    assert f"E-postadressen til Hanne Styrer er nå {NEW}." in done.content.decode()


def test_an_address_that_is_anothers_leads_to_merging(staff_client, head, contact):
    page = staff_client.post(at(head, "adresse/"), {"email": contact.email, "_confirmed": "1"})
    assert page.status_code == 422
    assert (
        "Adressen tilhører Kari Kontakt. Er det samme person, slår du de to sammen i stedet." in page.content.decode()
    )
    assert at(head, "sla-sammen/") in page.content.decode()


def test_staff_do_not_take_over_each_other(head, staff):
    plain = make_user("ansatt@example.no", "Ansatt")
    plain.make_staff()
    client = as_staff(plain)
    page = client.post(at(staff, "adresse/"), {"email": NEW, "_confirmed": "1"})
    assert "Bare en superbruker" in page.content.decode()
    staff.refresh_from_db()
    assert staff.email == "stab@example.no"
    assert client.post(at(head, "adresse/"), {"email": NEW, "_confirmed": "1"}).status_code == 302


@pytest.mark.parametrize("keep", ["this", "other"])
def test_merged_after_seeing_what_moves(staff_client, head, gathering, welcomed, keep):
    twice = make_user(NEW, "Hanne Styrer")
    seat(gathering, welcomed, twice)
    sent = {"email": NEW, "keep": keep}
    page = staff_client.post(at(head, "sla-sammen/"), sent).content.decode()
    assert "Dette kan ikke gjøres om" in page
    assert ("1. samling, Indre Fosen (Påmeldt)" in page) == (keep == "this")
    assert ("styrer, Fembøringen barnehage" in page) == (keep == "other")
    head.refresh_from_db()
    assert head.is_active
    kept, gone = (head, twice) if keep == "this" else (twice, head)
    done = staff_client.post(at(head, "sla-sammen/"), sent | {"_confirmed": "1"}, follow=True)
    gone.refresh_from_db()
    assert gone.merged_into == kept
    assert "er slått sammen med" in done.content.decode()
    assert "Slått sammen med" in staff_client.get(at(gone)).content.decode()
    again = staff_client.post(at(head, "sla-sammen/"), sent | {"_confirmed": "1"})
    assert again.status_code == 422


@pytest.mark.parametrize(
    ("email", "said"),
    [("", "Fyll ut «"), ("ukjent@example.no", "Ingen i portalen"), ("hanne.styrer@example.no", "samme person")],
)
def test_merging_with_nobody(staff_client, head, email, said):
    page = staff_client.post(at(head, "sla-sammen/"), {"email": email, "keep": "this", "_confirmed": "1"})
    assert page.status_code == 422
    assert said in page.content.decode()


@pytest.mark.any_database
@pytest.mark.parametrize("page", ["", "e-poster/", "historikk/", "adresse/", "sla-sammen/"])
@pytest.mark.parametrize("who", ["contact", "head", "officer", "supervisor", "leader"])
def test_for_staff_only(client, request, head, who, page):
    client.force_login(request.getfixturevalue(who))
    assert client.get(at(head, page)).status_code == 404
    if page in ("adresse/", "sla-sammen/"):
        assert client.post(at(head, page), {"email": NEW, "_confirmed": "1"}).status_code == 404
