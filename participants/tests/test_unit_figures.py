"""Figures before and after a closing or merging can be compared: each child counts once."""

from datetime import date, timedelta

import pytest

from participants.models import Unit, UnitFigures

TODAY = date(2027, 9, 1)
COUNTED = date(2026, 10, 1)


@pytest.fixture
def four(units) -> list[Unit]:
    """10, 20, 30 and 40 children, counted last autumn."""
    for number, unit in enumerate(units, start=1):
        unit.children, unit.counted_on = number * 10, COUNTED
        unit.save()
    return units


def figures(units, on=TODAY) -> tuple[int, int, int, int]:
    found = UnitFigures.of(Unit.objects.filter(pk__in=[unit.pk for unit in units]), on=on)
    return found.units, found.children, found.closed, found.merged


def alter(unit, **facts) -> None:
    Unit.objects.filter(pk=unit.pk).update(**facts)


def test_before_and_after_a_closing(four):
    assert figures(four) == (4, 100, 0, 0)
    alter(four[0], closed_on=date(2027, 8, 1))
    assert figures(four, on=date(2027, 7, 31)) == (4, 100, 0, 0), "it is active until then"
    assert figures(four) == (3, 90, 1, 0)
    closed = Unit.objects.get(pk=four[0].pk)
    assert (closed.children, closed.counted_on) == (10, COUNTED), "its last count stays with its day"


def test_a_merging_loses_no_child_and_counts_none_twice(four):
    alter(four[0], closed_on=date(2027, 8, 1), merged_into=four[1])
    assert figures(four, on=date(2027, 7, 31)) == (4, 100, 0, 0)
    assert figures(four) == (3, 100, 0, 1), "the children are still there"
    alter(four[1], children=31, counted_on=date(2027, 9, 1))
    assert figures(four) == (3, 101, 0, 1), "and are counted where they are now"


@pytest.mark.parametrize("since", [timedelta(), timedelta(days=1)])
def test_a_count_from_the_day_on_has_them_all(four, since):
    alter(four[0], closed_on=date(2027, 8, 1), merged_into=four[1])
    alter(four[1], children=30, counted_on=date(2027, 8, 1) + since)
    assert figures(four) == (3, 100, 0, 1)


def test_one_that_goes_on_into_a_third(four):
    alter(four[0], closed_on=date(2027, 2, 1), merged_into=four[1])
    alter(four[1], closed_on=date(2027, 8, 1), merged_into=four[2])
    assert figures(four) == (2, 100, 0, 2)
    alter(four[1], children=30, counted_on=date(2027, 3, 1))
    assert figures(four) == (2, 100, 0, 2), "30 counted at the second, which stand until the third is counted"
    alter(four[2], children=60, counted_on=TODAY)
    assert figures(four) == (2, 100, 0, 2)


def test_one_merged_into_one_that_closed_is_gone_with_it(four):
    alter(four[0], closed_on=date(2027, 2, 1), merged_into=four[1])
    alter(four[1], closed_on=date(2027, 8, 1))
    assert figures(four) == (2, 70, 1, 1)


def test_what_was_never_counted_adds_nothing(four):
    alter(four[0], children=None, counted_on=None)
    assert figures(four) == (4, 90, 0, 0)


def test_the_list_of_cohorts_names_what_has_closed(staff_client, four, participation, django_assert_max_num_queries):
    alter(four[0], closed_on=date(2026, 2, 1), merged_into=four[1])
    alter(four[2], closed_on=date(2026, 2, 1))
    with django_assert_max_num_queries(14):
        page = " ".join(staff_client.get("/admin/participants/cohort/").content.decode().split())
    assert "2 (1 lagt ned, 1 slått sammen)" in page
    assert '<td class="field-children">60</td>' in page


def test_a_municipality_that_has_withdrawn_is_not_counted(staff_client, four, participation, staff):
    from django.utils import timezone

    participation.withdraw(decided_on=timezone.localdate(), reason="Økonomi", by=staff, now=timezone.now())
    page = staff_client.get("/admin/participants/cohort/").content.decode()
    assert '<td class="field-children">0</td>' in page


def test_the_municipalitys_page_sums_up(client, four, participation, contact):
    alter(four[0], closed_on=date(2026, 11, 1), merged_into=four[1])
    client.force_login(contact)
    page = " ".join(client.get(participation.get_absolute_url()).content.decode().split())
    assert "3 enheter og 100 barn og elever i alt" in page
    assert "10 barn er regnet med fra siste telling ved Fembøringen barnehage" in page
    assert "ble slått sammen med Leksvik barnehage søndag 1. november 2026. 10 barn, telt 1. oktober 2026" in page
