"""Counties and municipalities as people write them."""

import pytest

from guidance.staffing.places import Places
from participants.models import Municipality


@pytest.fixture
def places(db) -> Places:
    return Places()


def numbers(found) -> list[str]:
    return [place.number for place in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bodø", ["1804"]),
        ("bodo; BODØ kommune", ["1804"]),
        ("Herøy i Nordland, Herøy (Møre og Romsdal)", ["1818", "1515"]),
        ("301", ["0301"]),
        ("Oslo\nBergen", ["0301", "4601"]),
        ("A\u030alesund", ["1508"]),  # a Mac types Å as two characters
        ("Bod\u200bø", ["1804"]),  # an invisible letter
        ("", []),
    ],
)
def test_municipalities(places, text, expected):
    found, problems = places.municipalities(text)
    assert (numbers(found), problems) == (expected, [])


def test_each_municipality_is_found_by_its_own_name(places):
    for each in Municipality.objects.select_related("county"):
        assert places.municipalities(each.name_told_apart) == ([each], [])


def test_unknown_and_double_names_are_said(places):
    _found, problems = places.municipalities("Herøy, Sandby")
    assert problems == [
        "Det finnes flere som heter «Herøy»: Herøy (Møre og Romsdal) og Herøy (Nordland).",
        "«Sandby» er ikke en kommune.",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Møre og Romsdal, nordland", ["15", "18"]), ("Troendelag; Trøndelag fylke", ["50"]), ("OSLO", ["03"])],
)
def test_counties(places, text, expected):
    found, problems = places.counties(text)
    assert (numbers(found), problems) == (expected, [])


def test_an_unknown_county_is_said(places):
    assert places.counties("Hordaland")[1] == ["«Hordaland» er ikke et fylke."]


@pytest.mark.parametrize(
    ("workplace", "email", "name"),
    [
        ("Solbakken barnehage, Bodø kommune", "siri@example.no", "Bodø"),
        ("", "siri@bodo.kommune.no", "Bodø"),
        ("", "siri@indrefosen.kommune.no", "Indre Fosen"),
        ("", "siri@example.no", None),
        ("Kommunen", "siri@kommune.no", None),
        ("", "siri@heroy.kommune.no", None),  # two have the name
    ],
)
def test_whose_employee(places, workplace, email, name):
    found = places.of_employer(workplace=workplace, email=email)
    assert (found.name if found else None) == name
