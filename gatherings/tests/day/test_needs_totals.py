"""Food and access: totals for staff, names only for the group that may, and each opening of the names logged."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.utils import timezone

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
    totals = total(gathering)
    assert totals.people == 4
    assert totals.food == [("Uten nøtter", 3)]
    assert totals.access == [("Rullestol", 1), ("Teleslynge", 1)]
    assert (totals.food_people, totals.access_people) == (3, 2)


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
    assert not LogEntry.objects.exists()


def test_the_group_reads_names_and_each_opening_is_logged(reader, staff, gathering, needs):
    assert address(gathering, names=True) in reader.get(address(gathering)).content.decode()
    assert not LogEntry.objects.exists()
    answer = reader.get(address(gathering, names=True))
    page = answer.content.decode()
    assert "Person 1" in page
    assert "Person 3" not in page  # wrote nothing
    assert "Vegetar" not in page  # has cancelled
    assert "no-store" in answer["Cache-Control"]
    reader.get(address(gathering, names=True))
    logged = list(LogEntry.objects.all())
    assert len(logged) == 2
    for line in logged:
        assert (line.user, line.object_id) == (staff, str(gathering.pk))
        told = f"{line.change_message} {line.object_repr}"
        assert not [word for word in ("nøtter", "Rullestol", "Person") if word in told]


def test_the_group_is_made_with_the_database(db, settings):
    group = Group.objects.get(name=settings.NEEDS_GROUP)
    assert group.permissions.count() == 0


def test_what_has_been_deleted_is_told(staff_client, gathering):
    NeedsErased.objects.create(gathering=gathering, erased_at=timezone.now(), food=2, access=1, people=3)
    page = staff_client.get(address(gathering)).content.decode()
    assert "Det gjaldt 3 personer." in page
    assert "Ingen har skrevet noe." in page


@pytest.mark.parametrize("person", ["contact", "head", "officer", "supervisor", "stranger"])
def test_only_staff_see_the_needs_even_with_the_group(client, request, settings, gathering, needs, person):
    user = request.getfixturevalue(person)
    user.groups.add(Group.objects.get(name=settings.NEEDS_GROUP))
    client.force_login(user)
    for names in (False, True):
        assert client.get(address(gathering, names)).status_code in {302, 403, 404}
    assert not LogEntry.objects.exists()
