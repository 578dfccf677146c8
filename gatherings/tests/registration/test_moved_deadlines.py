"""What was covered stays covered, whatever happens to the deadlines and the gathering afterwards."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from conftest import make_user
from gatherings import changing
from gatherings.models import EarlierDeadline, Gathering, Registration
from gatherings.registration.reimbursement import Reimbursement, ReimbursementState, assess, with_reimbursement
from participants.models import Cohort, Municipality, Participation

State = ReimbursementState
BEGIN = date(2027, 3, 1)
DAY = timedelta(days=1)


def noon(number: int) -> datetime:
    """That many days after the beginning."""
    return datetime(2027, 3, 1, 11, tzinfo=UTC) + DAY * number


class Hall:
    """A gathering on day 40, open till day 20, with journeys to be ordered till day 30."""

    def __init__(self) -> None:
        self.staff = make_user("stab@example.no", "Stab", is_staff=True)
        cohort = Cohort.objects.create(number=9, first_year=2027, starts_on=date(2027, 9, 1), confirm_by=BEGIN)
        self.participation = Participation.objects.create(
            cohort=cohort, municipality=Municipality.objects.get(number="5054")
        )
        self.gathering = Gathering.objects.create(
            cohort=cohort,
            semester=1,
            settled="fixed",
            starts_on=BEGIN + 40 * DAY,
            opens_on=BEGIN - DAY,
            closes_on=BEGIN + 20 * DAY,
            travel_closes_on=BEGIN + 30 * DAY,
        )

    def register(self, day: int, *, ordered: int | None = None, travel: str = "orders") -> Registration:
        number = Registration.objects.count()
        return Registration.objects.create(
            gathering=self.gathering,
            participation=self.participation,
            user=make_user(f"person.{number}@example.no", f"Person {number}"),
            name=f"Person {number}",
            function="owner",
            travel=travel,
            travel_ordered_on=None if ordered is None else BEGIN + ordered * DAY,
            registered_at=noon(day),
            registered_by=self.staff,
            placed_at=noon(day),
        )

    def change(self, day: int, **facts) -> None:
        typed = Gathering.objects.select_related("cohort").get(pk=self.gathering.pk)
        for name, value in facts.items():
            setattr(typed, name, value)
        changing.save(typed, by=self.staff, now=noon(day))

    def assessed(self, registration: Registration, day: int) -> Reimbursement:
        rows = with_reimbursement(Registration.objects.select_related("gathering"), today=BEGIN + day * DAY)
        return assess(rows.get(pk=registration.pk))


@pytest.fixture
def hall(db) -> Hall:
    return Hall()


class TestRegistrationDeadline:
    def test_an_earlier_one_takes_nothing_from_who_registered_in_time(self, hall):
        in_time = hall.register(15, travel="own_car")
        hall.change(16, closes_on=BEGIN + 10 * DAY)
        found = hall.assessed(in_time, 17)
        assert found.state == State.COVERED
        assert found.why == ["Påmeldingen kom innen fristen som gjaldt da, til og med søndag 21. mars 2027."]

    def test_who_registers_after_it_was_moved_has_the_new_one(self, hall):
        hall.change(9, closes_on=BEGIN + 10 * DAY)
        late = hall.register(15, travel="own_car")
        assert hall.assessed(late, 17).state == State.NOT_COVERED

    def test_a_later_one_covers_who_was_late(self, hall):
        late = hall.register(22, travel="own_car")
        hall.change(23, closes_on=BEGIN + 25 * DAY)
        found = hall.assessed(late, 24)
        assert found.state == State.COVERED
        assert found.why == ["Påmeldingen kom innen fristen, som var til og med fredag 26. mars 2027."]
        hall.change(25, closes_on=BEGIN + 20 * DAY)
        assert hall.assessed(late, 26).state == State.COVERED

    def test_none_and_then_one(self, hall):
        hall.change(0, closes_on=None, opens_on=None)
        person = hall.register(22, travel="own_car")
        hall.change(23, closes_on=BEGIN + 10 * DAY)
        assert hall.assessed(person, 24).state == State.COVERED


class TestTravelDeadline:
    def test_an_earlier_one_takes_nothing_from_who_ordered_in_time(self, hall):
        person = hall.register(1, ordered=28)
        hall.change(29, travel_closes_on=BEGIN + 25 * DAY)
        assert hall.assessed(person, 29).state == State.COVERED

    def test_who_has_not_ordered_has_the_time_that_was_promised(self, hall):
        person = hall.register(1)
        hall.change(20, travel_closes_on=BEGIN + 25 * DAY)
        assert "til og med fredag 26. mars 2027" in hall.assessed(person, 24).todo
        late = hall.assessed(person, 27)
        assert late.state == State.CONDITIONAL
        assert "til og med onsdag 31. mars 2027" in late.todo
        assert hall.assessed(person, 31).state == State.NOT_COVERED

    def test_who_needed_none_is_not_asked_afterwards(self, hall):
        hall.change(0, travel_closes_on=None)
        person = hall.register(1)
        assert hall.assessed(person, 2).state == State.COVERED
        hall.change(3, travel_closes_on=BEGIN + 25 * DAY)
        assert hall.assessed(person, 4).state == State.COVERED

    def test_a_deadline_that_was_cleared_while_it_was_put_off_binds_again(self, hall):
        ordered, waits = hall.register(1, ordered=2), hall.register(1)
        hall.change(3, settled="postponed", travel_closes_on=None)
        hall.change(4, settled="fixed", travel_closes_on=BEGIN + DAY)
        assert hall.assessed(ordered, 5).state == State.COVERED
        # the thirtieth was promised, and it is the tenth
        assert hall.assessed(waits, 9).state == State.CONDITIONAL

    def test_no_longer_than_the_gathering_begins(self, hall):
        person = hall.register(1)
        hall.change(2, starts_on=BEGIN + 20 * DAY, closes_on=BEGIN + 10 * DAY, travel_closes_on=BEGIN + 15 * DAY)
        assert "til og med søndag 21. mars 2027" in hall.assessed(person, 18).todo


def test_who_moved_it_and_when_is_kept(hall):
    hall.change(5, closes_on=BEGIN + 10 * DAY, programme="Nytt")
    kept = EarlierDeadline.objects.get()
    assert (kept.kind, kept.day) == ("registration", BEGIN + 20 * DAY)
    assert (kept.held_until, kept.changed_by) == (noon(5), hall.staff)


DAYS = st.one_of(st.none(), st.integers(0, 39))
MOVES = st.lists(
    st.tuples(
        st.integers(0, 4),  # days since the last one
        st.sampled_from(["closes_on", "travel_closes_on", "both", "settled", "register", "order"]),
        DAYS,
        DAYS,
        st.sampled_from(["fixed", "fixed", "postponed", "cancelled", "tentative"]),
    ),
    min_size=1,
    max_size=12,
)


@pytest.mark.slow
class TestCoveredStaysCovered(TestCase):
    @given(moves=MOVES)
    @hypothesis_settings(max_examples=30)
    def test_over_any_moves(self, moves) -> None:
        """Also for who registers, or orders the journey, between two moves."""
        hall, today = Hall(), 0
        with time_machine.travel(noon(0)):
            for travel in ("orders", "own_car"):
                hall.register(0, travel=travel)
            hall.register(0, ordered=0)
            covered: set[int] = set()
            for gap, what, closes, travel_closes, settled in moves:
                today += gap
                self._do(hall, what, today, closes, travel_closes, settled)
                covered = self._still_covered(hall, covered, today)

    def _do(self, hall: Hall, what: str, today: int, closes: int | None, travel: int | None, settled: str) -> None:
        days = {
            "closes_on": None if closes is None else BEGIN + closes * DAY,
            "travel_closes_on": None if travel is None else BEGIN + travel * DAY,
        }
        if what == "register":
            hall.register(today, travel="own_car" if closes is None else "orders")
        elif what == "order":
            waiting = Registration.objects.filter(travel="orders", travel_ordered_on__isnull=True).first()
            if waiting:
                waiting.order_travel(on=BEGIN + today * DAY, by=hall.staff)
        elif what == "settled":
            hall.change(today, settled=settled, opens_on=None)
        else:
            hall.change(today, opens_on=None, **(days if what == "both" else {what: days[what]}))

    def _still_covered(self, hall: Hall, covered: set[int], today: int) -> set[int]:
        rows = with_reimbursement(Registration.objects.select_related("gathering"), today=BEGIN + today * DAY)
        states = {row.pk: assess(row).state for row in rows}
        # Of a cancelled gathering nothing is covered that was never ordered: there is nothing.
        lost = {pk for pk in covered if states[pk] not in (State.COVERED, State.NONE)}
        assert not lost, states
        return covered | {pk for pk, state in states.items() if state == State.COVERED}
