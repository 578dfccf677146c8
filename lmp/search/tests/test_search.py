"""One search for what somebody on the telephone says."""

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_contact, make_user
from lmp.search.find import find
from lmp.sharing.tests.conftest import a_file, a_publication
from participants.models import Contact, Participation, Unit


@pytest.fixture
def person(participation, units, staff):
    user = make_user("ørjan.å@blåbær.example.no", "Ørjan Åsmund Ærlig")
    return make_contact(participation, user, Contact.Function.HEAD, by=staff, unit=units[0], phone="912 34 567")


def titles(text: str) -> list[str]:
    return [hit.title for hits in find(text) for hit in hits.hits]


@pytest.mark.parametrize("text", ["indre", "INDRE FOSEN", "fosen trøndelag", "5054"])
def test_a_municipality(participation, other_participation, text):
    assert titles(text) == ["Indre Fosen (Trøndelag)"]


def test_a_municipality_by_its_case(participation, other_participation):
    Participation.objects.filter(pk=participation.pk).update(case_number="2026/1234")
    assert titles("2026/1234") == ["Indre Fosen (Trøndelag)"]


@pytest.mark.parametrize("written", ["974761319", "974 761 319", "NO 974 761 319 MVA"])
def test_a_unit_by_its_number(units, written):
    Unit.objects.filter(pk=units[1].pk).update(organisation_number="974761319")
    assert titles(written) == [f"{units[1].name}, {units[1].get_kind_display()}"]


def test_a_unit_by_its_name_in_small_letters_and_by_a_former_one(units, staff):
    unit = units[0]
    unit.name = "Ærfugl barnehage"
    unit.save()
    assert titles("ærfugl") == [f"Ærfugl barnehage, {unit.get_kind_display()}"]
    unit.name = "Måken barnehage"
    unit.save()
    assert titles("ÆRFUGL") == [f"Måken barnehage, {unit.get_kind_display()}"]


@pytest.mark.parametrize(
    "text",
    [
        "ørjan",
        "ÆRLIG ØRJAN",
        "ørjan.å@blåbær.example.no",
        " Ørjan.Å@blåbær.example.no ",
        "91234567",
        "912 34 567",
        "+47 912 34 567",
        "0047 91 23 45 67",
    ],
)
def test_a_person(person, contact, text):
    assert titles(text) == ["Ørjan Åsmund Ærlig"]


def test_a_person_is_told_by_what_they_are(person):
    [hits] = find("ørjan")
    assert person.unit.name in hits.hits[0].about
    assert "ørjan.å@blåbær.example.no" in hits.hits[0].about


def test_a_person_by_an_address_they_had(person, staff):
    person.user.change_email("ny@example.no", by=staff, now=timezone.now())
    assert titles("ørjan.å@blåbær.example.no") == ["Ørjan Åsmund Ærlig"]


@pytest.mark.parametrize("text", [".*", "(", "\\", "%", "_", "123", "a" * 100])
def test_nonsense_finds_nothing(person, text):
    assert titles(text) == []


@pytest.mark.parametrize("text", ["tiltaksmal", "FORBEREDELSE", "ærlig talt"])
def test_what_is_shared_by_its_title_its_text_or_a_file(participation, staff, text):
    mine = a_publication(participation.cohort, title_nb="Tiltaksmal", title_nn="", text_nb="Ærlig talt.", by=staff)
    a_file(mine, "Forberedelse.pdf", by=staff)
    a_publication(participation.cohort, by=staff)
    [hits] = find(text)
    assert [hit.url for hit in hits.hits] == [mine.get_absolute_url()]
    assert hits.hits[0].about == f"{participation.cohort}. Vises"


def test_the_page(as_staff, person):
    page = as_staff.get(reverse("search:search"), {"q": "ørjan"}).content.decode()
    assert reverse("changes:person", args=[person.user_id]) in page
    assert "Ingen treff" in as_staff.get(reverse("search:search"), {"q": "finnes ikke"}).content.decode()
    assert as_staff.get(reverse("search:search"), {"q": ""}).status_code == 422
    assert as_staff.get(reverse("search:search")).status_code == 200


def test_more_than_is_shown(as_staff, participation, units):
    Unit.objects.bulk_create(
        Unit(participation=participation, name=f"Fjellet {number} skole", kind="school") for number in range(21)
    )
    page = as_staff.get(reverse("search:search"), {"q": "fjellet"}).content.decode()
    assert "Bare de 20 første vises" in page


@pytest.mark.parametrize("who", ["contact", "officer", "leader", "supervisor"])
def test_it_is_for_staff(client, request, who, participation):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("search:search"), {"q": "fosen"}).status_code == 404
