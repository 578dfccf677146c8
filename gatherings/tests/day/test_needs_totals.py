"""Food and access: totals for staff, names only for the group that may, and each opening of the names logged."""

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import PrivateReading, User
from gatherings import places
from gatherings.day.needs import count, total
from gatherings.models import Needs, NeedsErased
from gatherings.tests.conftest import entry


def address(gathering, names: bool = False) -> str:
    return f"/admin/gatherings/registration/samlinger/{gathering.pk}/behov/{'navn/' if names else ''}"


@pytest.fixture
def reader(staff_client, staff, settings):
    """Staff who are in the group that may read the needs by name."""
    staff.groups.add(Group.objects.get(name=settings.NEEDS_GROUP))
    return staff_client


@pytest.fixture
def needs(gathering, welcomed, contact):
    """Five with a place; the last has cancelled."""
    written = [
        ("Uten nøtter", ""),
        ("  uten   NØTTER. ", "Rullestol"),
        ("Uten nøtter", "Teleslynge"),
        ("", ""),
        ("Vegetar", ""),
    ]
    rows = places.register(
        gathering,
        [entry(number, gathering=gathering) for number in range(5)],
        participation=welcomed,
        by=contact,
        now=timezone.now(),
    )
    for row, (food, access) in zip(rows, written, strict=True):
        Needs.objects.create(registration=row, food=food, access=access, saved_at=timezone.now())
    places.cancel(rows[-1], by=contact, now=timezone.now())
    return rows


@pytest.mark.parametrize(
    ("texts", "totals"),
    [
        ([], []),
        (["", "  ", "."], []),
        (["Vegan", "vegan ", "VEGAN.", "vegan"], [("vegan", 2 + 2)]),
        (["Uten  melk", "uten\nmelk"], [("Uten melk", 2)]),
        (["Halal", "Vegan", "vegan"], [("Vegan", 2), ("Halal", 1)]),
        (["Straße", "STRASSE"], [("Straße", 2)]),
    ],
)
def test_the_same_in_other_letters_and_spaces_is_the_same(texts, totals):
    found = count(texts)
    assert [(text.casefold(), count) for text, count in found] == [(text.casefold(), count) for text, count in totals]


def test_it_is_shown_as_most_wrote_it():
    assert count(["VEGAN", "Vegan", "Vegan"]) == [("Vegan", 3)]


def test_only_those_with_a_place_are_counted(gathering, needs):
    totals = total(gathering, with_rare=True)
    assert totals.people == 4
    assert totals.food == [("Uten nøtter", 3)]
    assert totals.access == [("Rullestol", 1), ("Teleslynge", 1)]
    assert (totals.food_people, totals.access_people) == (3, 2)


def test_what_few_have_written_is_counted_and_not_read(gathering, needs):
    totals = total(gathering, with_rare=False)
    assert totals.food == [("Uten nøtter", 3)]
    assert (totals.access, totals.access_rest, totals.access_people) == ([], 2, 2)


def test_a_rare_text_is_for_the_group_alone(staff_client, staff, settings, gathering, needs):
    """A text that one person wrote tells who they are: not even a superuser reads it."""
    page = staff_client.get(address(gathering)).text
    assert "Annet, som færre enn tre har skrevet" in page
    assert "Rullestol" not in page
    assert "Teleslynge" not in page
    staff.groups.add(Group.objects.get(name=settings.NEEDS_GROUP))
    page = staff_client.get(address(gathering)).text
    assert "Rullestol" in page
    assert "færre enn tre" not in page


def test_staff_see_totals_and_no_names(staff_client, gathering, needs):
    page = staff_client.get(address(gathering)).content.decode()
    assert "Uten nøtter" in page
    assert "Person 1" not in page
    assert address(gathering, names=True) not in page
    assert "Kost og tilrettelegging" in page


def test_names_are_for_the_group_alone_and_not_for_a_superuser(staff_client, staff, gathering, needs):
    assert staff.is_superuser
    answer = staff_client.get(address(gathering, names=True))
    assert answer.status_code == 403
    assert "nøtter" not in answer.content.decode()
    assert not PrivateReading.objects.exists()


def test_the_group_reads_names_and_each_opening_is_logged(reader, staff, gathering, needs):
    assert address(gathering, names=True) in reader.get(address(gathering)).content.decode()
    answer = reader.get(address(gathering, names=True))
    page = answer.content.decode()
    assert "Person 1" in page
    assert "Person 3" not in page  # wrote nothing
    assert "Vegetar" not in page  # has cancelled
    assert "no-store" in answer["Cache-Control"]
    reader.get(address(gathering, names=True))  # the same once more is the same reading
    totals, names = PrivateReading.objects.order_by("pk")
    assert (names.read_by, names.kind, names.path) == (staff, "needs", address(gathering, names=True))
    assert (totals.read_by, totals.kind, totals.path) == (staff, "needs", address(gathering))
    wrote = {row.user for row in needs[:3]}
    assert set(names.about.all()) == wrote
    for line in (totals, names):
        assert not [word for word in ("nøtter", "Rullestol", "Person") if word in str(line)]


def test_those_whose_needs_were_read_see_by_whom(reader, staff, client, gathering, needs):
    reader.get(address(gathering, names=True))
    client.force_login(needs[0].user)
    page = client.get("/konto/").text
    assert "Hvem som har lest det få kan se" in page
    assert f"{staff.name}: Mat og tilrettelegging" in page
    client.force_login(needs[3].user)
    assert f"{staff.name}: Mat og tilrettelegging" not in client.get("/konto/").text


def test_the_group_is_made_with_the_database(db, settings):
    group = Group.objects.get(name=settings.NEEDS_GROUP)
    assert group.permissions.count() == 0


def test_what_has_been_deleted_is_told(staff_client, gathering):
    NeedsErased.objects.create(gathering=gathering, erased_at=timezone.now(), food=2, access=1, people=3)
    page = staff_client.get(address(gathering)).content.decode()
    assert "Det gjaldt 3 personer." in page
    assert "Ingen har skrevet noe." in page


def test_one_of_the_staff_with_no_right_to_the_gatherings_reads_none_with_the_group(reader, staff, gathering, needs):
    User.objects.update(is_superuser=False)
    for names in (False, True):
        assert reader.get(address(gathering, names)).status_code == 403
    assert not PrivateReading.objects.exists()


@pytest.mark.parametrize("person", ["contact", "head", "officer", "supervisor", "stranger"])
def test_only_staff_see_the_needs_even_with_the_group(client, request, settings, gathering, needs, person):
    user = request.getfixturevalue(person)
    user.groups.add(Group.objects.get(name=settings.NEEDS_GROUP))
    client.force_login(user)
    for names in (False, True):
        assert client.get(address(gathering, names)).status_code in {302, 403, 404}
    assert not PrivateReading.objects.exists()
