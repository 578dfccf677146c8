"""A county governor's office nominates a municipality: seen before it is stored, once, and only its own."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from conftest import make_user, withdraw
from guidance.tests.conftest import text_of
from outbox.models import Message
from participants.models import Cohort, Contact, Municipality, Participation, Unit

EMPTY = {"enhet-TOTAL_FORMS": 2, "enhet-INITIAL_FORMS": 0}
CONTACT = {"name": "Randi Rådgiver", "email": "Randi@Example.no", "phone": "", "function": "owner"}
UNIT = {"enhet-0-name": "Ytterøy skole", "enhet-0-kind": "school", "enhet-0-organisation_number": "974 764 687"}
SAVED = {"_confirmed": "1"}


def place(number: str = "5037") -> Municipality:
    return Municipality.objects.get(number=number)


def address(cohort, municipality: Municipality) -> str:
    return reverse("governor:nominate", args=[cohort.pk, municipality.pk])


@pytest.fixture
def page(client, officer, later) -> str:
    client.force_login(officer)
    return address(later, place())


def test_it_is_seen_and_then_stored_with_units_and_contact(client, page, officer, later):
    sent = EMPTY | CONTACT | UNIT | {"phone": "91 23 45 67"}
    seen = client.post(page, sent)
    text = text_of(seen)
    assert "Randi Rådgiver, eier, randi@example.no, +47 912 34 567" in text
    assert seen.status_code == 200
    assert "Levanger (Trøndelag) nomineres til pulje 10" in text
    assert "Ytterøy skole, skole, kommunal, 974764687" in text
    assert "Får ingen e-post nå" in text
    assert not Participation.objects.filter(cohort=later).exists()

    answer = client.post(page, sent | SAVED)
    stored = Participation.objects.get(cohort=later)
    assert answer.url == stored.get_absolute_url()
    assert (stored.municipality, stored.nominated_by, stored.accepted_at) == (place(), officer, None)
    assert stored.units.get().organisation_number == "974764687"
    contact = stored.contacts.get()
    assert (contact.user.email, contact.function, contact.started_by) == ("randi@example.no", "owner", officer)
    assert stored.history.get().history_user == officer
    assert not Message.objects.exists()


def test_a_second_press_stores_nothing_more(client, page, later):
    sent = EMPTY | CONTACT | SAVED
    client.post(page, sent)
    answer = client.post(page, sent | UNIT, follow=True)
    assert "Levanger er allerede ført opp i pulje 10. Ingenting mer er lagret." in text_of(answer)
    assert Participation.objects.filter(cohort=later).count() == Contact.objects.count() == 1
    assert not Unit.objects.exists()


def test_a_municipality_of_another_county_is_not_there(client, page, later, other_officer):
    assert client.get(address(later, place("4601"))).status_code == 404
    assert client.post(address(later, place("4601")), EMPTY | CONTACT | SAVED).status_code == 404
    client.force_login(other_officer)
    assert client.post(page, EMPTY | CONTACT | SAVED).status_code == 404
    assert not Participation.objects.filter(cohort=later).exists()


def test_not_after_the_pulje_has_begun(client, page, later):
    later.starts_on = timezone.localdate()
    later.save()
    answer = client.post(page, EMPTY | CONTACT | SAVED, follow=True)
    assert "Ingen kan nomineres til pulje 10 lenger" in text_of(answer)
    assert not Participation.objects.filter(cohort=later).exists()


def test_the_pulje_that_begins_and_the_colleague_who_is_faster_are_met_under_the_lock(later, officer, levanger):
    """The page looks first; what it saw may be over when it is stored."""
    facts = {"by": officer, "now": timezone.now()}
    with pytest.raises(ValidationError, match="Levanger er allerede ført opp i pulje 10"):
        Participation.nominate(place(), later, **facts)
    Cohort.objects.update(starts_on=timezone.localdate())
    with pytest.raises(ValidationError, match="Pulje 10 begynte"):
        Participation.nominate(place("5006"), later, **facts)
    assert Participation.objects.filter(cohort=later).count() == 1


def test_one_in_a_running_pulje_is_asked_about(client, officer, later, participation, units):
    client.force_login(officer)
    page = address(later, participation.municipality)
    assert "Indre Fosen er allerede med i pulje 9, som pågår." in text_of(client.get(page))
    refused = client.post(page, EMPTY | CONTACT | SAVED)
    assert refused.status_code == 422
    assert "Kryss av hvis kommunen skal være med i begge." in text_of(refused)
    client.post(page, EMPTY | CONTACT | SAVED | {"both": "on", "known": [units[0].pk]})
    stored = Participation.objects.get(cohort=later)
    assert [unit.name for unit in stored.units.all()] == [units[0].name]


def test_units_it_was_in_with_before_are_ticked(client, officer, later, participation, units):
    client.force_login(officer)
    form = client.get(address(later, participation.municipality)).context["form"]
    assert form["known"].value() == [str(unit.pk) for unit in sorted(units, key=lambda unit: unit.name)]


def test_one_that_has_withdrawn_is_udirs(client, page, levanger, staff):
    withdraw(levanger, by=staff, now=timezone.now())
    answer = client.post(page, EMPTY | CONTACT | SAVED, follow=True)
    assert "Levanger har trukket seg fra pulje 10." in text_of(answer)


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"email": "randi@"}, "navn@eksempel.no"),
        ({"function": "head"}, "Velg"),
        ({"function": ""}, "Velg noe under «Funksjon»."),
        ({"name": ""}, "Fyll ut «Navn»."),
        ({"enhet-0-organisation_number": "974764688"}, "er ikke et gyldig organisasjonsnummer"),
        ({"enhet-0-kind": ""}, "Fyll ut, eller la hele linja stå tom."),
        (
            {"enhet-1-name": "ytterøy skole", "enhet-1-kind": "school", "enhet-1-without_number": "on"},
            "ytterøy skole står to ganger.",
        ),
        (
            {"enhet-1-name": "Annen", "enhet-1-kind": "school", "enhet-1-organisation_number": "974764687"},
            "Nummeret står også på Ytterøy skole.",
        ),
    ],
)
def test_bad_input_stores_nothing_and_keeps_what_was_typed(client, page, later, wrong, said):
    answer = client.post(page, EMPTY | CONTACT | UNIT | SAVED | wrong)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert said in text
    assert 'value="Ytterøy skole"' in text
    assert not Participation.objects.filter(cohort=later).exists()


@pytest.mark.parametrize("count", ["x", "9999", ""])
def test_a_number_of_rows_that_is_none(client, page, later, count):
    answer = client.post(page, EMPTY | CONTACT | UNIT | SAVED | {"enhet-TOTAL_FORMS": count})
    assert answer.status_code == 422
    assert 'value="Randi Rådgiver"' in answer.content.decode()
    assert not Participation.objects.filter(cohort=later).exists()


def test_a_school_and_its_sfo_may_share_a_number(client, page, later):
    sfo = {"enhet-1-name": "Ytterøy SFO", "enhet-1-kind": "sfo", "enhet-1-organisation_number": "974764687"}
    client.post(page, EMPTY | CONTACT | UNIT | SAVED | sfo)
    assert Participation.objects.get(cohort=later).units.count() == 2


def test_another_municipalitys_number_is_refused(client, page, later, units):
    number = {"enhet-0-organisation_number": units[0].organisation_number}
    answer = client.post(page, EMPTY | CONTACT | UNIT | SAVED | number)
    assert "Nummeret tilhører en enhet i en annen kommune." in text_of(answer)


def test_an_address_of_somebody_else_is_asked_about(client, page, later):
    kari = make_user("randi@example.no", "Kari Kontakt")
    answer = client.post(page, EMPTY | CONTACT | SAVED)
    assert answer.status_code == 422
    assert "Adressen tilhører Kari Kontakt." in text_of(answer)
    client.post(page, EMPTY | CONTACT | SAVED | {"same_person": kari.pk})
    assert Participation.objects.get(cohort=later).contacts.get().user == kari


def test_more_rows_keep_what_was_typed_and_judge_nothing(client, page):
    answer = client.post(page, EMPTY | CONTACT | UNIT | {"email": "randi@", "more": "1"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="Ytterøy skole"' in text
    assert 'value="randi@"' in text
    assert 'name="enhet-4-name"' in text


def test_back_keeps_what_was_typed(client, page):
    answer = client.post(page, EMPTY | CONTACT | UNIT | {"_back": "1"})
    assert answer.status_code == 200
    assert 'value="Ytterøy skole"' in answer.content.decode()


def test_choosing_leads_on(client, officer, later, page):
    choose = reverse("governor:choose")
    offered = client.get(choose).context["form"].fields["kommune"].queryset
    assert {place.county.governor for place in offered} == {place().county.governor}
    assert client.get(choose, {"kommune": place().pk, "pulje": later.pk}).url == page
    assert client.get(choose, {"kommune": place("4601").pk, "pulje": "x"}).status_code == 422
    later.delete()
    assert "Ingen pulje tar imot nominasjoner nå." in text_of(client.get(choose))
