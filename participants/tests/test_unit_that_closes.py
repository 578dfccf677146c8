"""A unit that closes from a day on is active until then."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from participants import todos
from participants.confirmation.values import StoredFacts
from participants.functions import functions
from participants.models import Participation, Unit

SUMMER = date(2027, 8, 1)


@pytest.fixture
def welcomed(participation, staff) -> Participation:
    participation.welcome(by=staff, now=timezone.now())
    return participation


@pytest.fixture
def closing(units) -> Unit:
    """Tomorrow."""
    units[0].closed_on = timezone.localdate() + timedelta(days=1)
    units[0].save()
    return units[0]


@pytest.mark.parametrize(
    ("today", "is_active"), [(date(2027, 7, 31), True), (SUMMER, False), (date(2027, 8, 2), False)]
)
def test_active_until_the_day(units, today, is_active):
    units[0].closed_on = SUMMER
    units[0].save()
    assert units[0].is_active(today=today) is is_active
    assert (units[0] in Unit.objects.active(today=today)) is is_active
    assert Unit.objects.active(today=today).count() == 3 + is_active


def test_what_pages_say_of_it_before_and_after(units):
    unit, other = units[:2]
    assert unit.closing_in_words() == ""
    unit.closed_on = SUMMER
    before = "Fembøringen barnehage blir lagt ned fra søndag 1. august 2027"
    assert unit.closing_in_words(today=date(2027, 7, 31)) == before
    assert unit.closing_in_words(today=SUMMER) == "Fembøringen barnehage ble lagt ned søndag 1. august 2027"
    unit.merged_into = other
    merged = "slått sammen med Leksvik barnehage"
    before = f"Fembøringen barnehage blir {merged} fra søndag 1. august 2027"
    assert unit.closing_in_words(today=date(2027, 7, 31)) == before
    assert unit.closing_in_words(today=SUMMER) == f"Fembøringen barnehage ble {merged} søndag 1. august 2027"


def test_its_page_says_when_and_goes_on_as_before(client, closing, welcomed, head):
    client.force_login(head)
    page = client.get(closing.get_absolute_url()).content.decode()
    assert "blir lagt ned fra " in page
    assert "ble lagt ned" not in page
    assert "Sett sammen prosjektgruppa" in page
    Unit.objects.filter(pk=closing.pk).update(closed_on=timezone.localdate())
    page = client.get(closing.get_absolute_url()).content.decode()
    assert "ble lagt ned " in page
    assert "Sett sammen prosjektgruppa" not in page


def test_it_is_confirmed_and_waited_for_until_then(closing, welcomed, head):
    assert closing in StoredFacts.load(welcomed).units
    assert closing not in StoredFacts.load(welcomed, today=closing.closed_on).units
    now = timezone.now()
    assert todos.units(functions(head), now) == [closing]
    assert todos.units(functions(head), now + timedelta(days=1)) == []


def test_the_municipalitys_page_and_lists_count_it_until_then(client, closing, welcomed, contact):
    client.force_login(contact)
    page = client.get(welcomed.get_absolute_url()).content.decode()
    assert "Barnehage. Fembøringen barnehage blir lagt ned fra " in page
    assert "Nedlagte enheter" not in page
    found = client.get("/kommuner/").context["page"].object_list[0]
    assert found.unit_count == 4
    Unit.objects.filter(pk=closing.pk).update(closed_on=timezone.localdate())
    page = client.get(welcomed.get_absolute_url()).content.decode()
    assert "Fembøringen barnehage ble lagt ned " in page
    assert client.get("/kommuner/").context["page"].object_list[0].unit_count == 3


@pytest.mark.parametrize(("chosen", "found"), [("no", True), ("yes", False), ("coming", True)])
def test_staffs_list_has_it_as_active(staff_client, closing, chosen, found):
    page = staff_client.get(f"/admin/participants/unit/?closed={chosen}").content.decode()
    assert ("Fembøringen barnehage" in page) is found
    assert ("Leksvik barnehage" in page) is (chosen == "no")
