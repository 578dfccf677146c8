"""A municipality that joins after the groups are published, and a group that is too small, wait for the leader."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import withdraw
from guidance import following
from guidance.groups.todos import lacks, leave_todos
from guidance.models import Composition, GroupMember, Leave, ProposedSeat
from guidance.tests.conftest import text_of
from guidance.tests.groups.conftest import in_group, page
from participants.models import Municipality, Participation, Unit

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def groups_out(published, leader) -> Composition:
    """Both groups are published."""
    published.publish(by=leader, now=timezone.now())
    return published


@pytest.fixture
def late(groups_out, cohort, staff) -> Participation:
    return Participation.objects.create(
        cohort=cohort,
        municipality=Municipality.objects.get(number="0301"),
        accepted_at=timezone.now(),
        accepted_by=staff,
    )


def found(today) -> list[tuple[str, int, int]]:
    return [(lack.participation.municipality.name, lack.have, lack.need) for lack in lacks(today=today)]


def my_page(client, person) -> str:
    client.force_login(person)
    return text_of(client.get("/"))


def test_nothing_is_lacking(groups_out, today):
    assert found(today) == []


def test_a_municipality_that_joins_late(client, late, leader, cohort, today):
    """«Kommuner uten gruppe: 2» had to be visited (S13)."""
    assert found(today) == [("Oslo", 0, 2)]
    shown = my_page(client, leader)
    assert "1 kommune i pulje 9 mangler veiledergruppe" in shown
    assert "Oslo" in shown
    assert f'href="{page(cohort)}"' in shown


def test_a_member_who_has_ended_leaves_the_group_too_small(client, groups_out, people, leader, today):
    GroupMember.objects.filter(supervisor=people[2]).update(ended_on=today)
    assert found(today) == [("Indre Fosen", 1, 2)]
    shown = my_page(client, leader)
    assert "1 gruppe i pulje 9 har for få veiledere" in shown
    assert "Indre Fosen (Trøndelag) har 1 av 2." in shown


def test_a_municipality_that_has_grown(groups_out, participation, today):
    for number in range(5):
        Unit.objects.create(participation=participation, name=f"Ny skole {number}", kind="school")
    assert found(today) == [("Indre Fosen", 2, 4)]


def test_not_before_the_groups_are_published(published, late, today):
    Composition.objects.update(published_at=None, published_by=None)
    assert found(today) == []


def test_not_where_it_waits_to_be_published(late, people, leader, cohort, today):
    waiting = Composition.objects.open_for(cohort, by=leader, now=timezone.now())
    assert found(today) == [("Oslo", 0, 2)]
    ProposedSeat.objects.create(composition=waiting, participation=late, supervisor=people[0])
    assert found(today) == []


def test_not_of_one_that_has_withdrawn_or_a_cohort_that_is_over(late, staff, cohort, today):
    withdraw(late, by=staff, now=timezone.now())
    assert found(today) == []
    in_group(late)
    assert found(today + timedelta(days=3 * 366)) == []


def test_no_more_than_five_are_named(client, groups_out, cohort, staff, leader):
    for municipality in Municipality.objects.exclude(number__in=["5054", "4601"])[:7]:
        Participation.objects.create(
            cohort=cohort, municipality=municipality, accepted_at=timezone.now(), accepted_by=staff
        )
    shown = my_page(client, leader)
    assert "7 kommuner i pulje 9 mangler veiledergruppe" in shown
    assert "og 2 til" in shown


def test_nobody_else_is_asked(client, late, contact, stranger):
    for person in (contact, stranger):
        assert "mangler veiledergruppe" not in my_page(client, person)


def leave(supervisor, first: int, last: int | None = None) -> None:
    today = timezone.localdate()
    last_on = None if last is None else today + timedelta(days=last)
    Leave.objects.create(supervisor=supervisor, first_on=today + timedelta(days=first), last_on=last_on)


@pytest.mark.parametrize(
    ("first", "last", "waits"), [(30, None, True), (-5, 0, True), (31, None, False), (-9, -1, False)]
)
def test_a_member_on_leave_waits_for_the_leader(client, groups_out, people, leader, first, last, waits):
    leave(people[0], first, last)
    shown = my_page(client, leader)
    assert ("Senter En har permisjon fra " in shown) is waits
    assert ("Senter En er i gruppa i Indre Fosen. La en annen overta, eller avklar" in shown) is waits
    assert (reverse("guidance:staffing_supervisor", args=[people[0].pk]) in shown) is waits


def test_a_leave_of_one_in_no_group_waits_for_nobody(client, groups_out, people, leader):
    leave(people[0], 1)
    GroupMember.objects.filter(supervisor=people[0]).update(ended_on=timezone.localdate())
    assert "har permisjon" not in my_page(client, leader)
    leave(people[1], 1)
    assert "har permisjon" not in my_page(client, people[1].user)


def test_leaves_in_one_query(groups_out, people, today, django_assert_num_queries):
    for one in people:
        leave(one, 1)
    with django_assert_num_queries(1):
        assert len(list(leave_todos(today=today, notes={}))) == 4


def test_in_one_query(late, today, django_assert_num_queries):
    with django_assert_num_queries(1):
        lacks(today=today)


def test_what_a_supervisor_keeps_is_named_while_the_municipality_takes_part(participation, supervisor, staff):
    assert following.kept(supervisor) == [f"veileder, {participation.municipality}"]
    withdraw(participation, by=staff, now=timezone.now())
    assert following.kept(supervisor) == []
