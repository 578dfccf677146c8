"""Which reminders today's facts call for."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from conftest import make_contact, make_user, withdraw
from outbox import plan
from outbox.models import Message
from participants import mails
from participants.confirmation import asking, deadline
from participants.mails import schedule
from participants.models import Cohort, Contact

ASKED = datetime(2026, 10, 1, 9, tzinfo=UTC)
DUE = date(2026, 11, 4)  # a Wednesday; the clock changes on 25 October


@pytest.fixture
def asked(participation, contact, staff):
    participation.welcome(by=staff, now=ASKED)
    return asking.ask(participation, due_on=DUE, by=staff, now=ASKED)


def when(**changed) -> list[tuple[str, bool]]:
    """The reminders in order, each with whether it is overdue."""
    soon, overdue = schedule.slots(Cohort(number=1, **changed), due_on=DUE, asked_at=ASKED)
    found = [(slot, False) for slot in soon] + [(slot, True) for slot in overdue]
    return [(f"{slot.send_at:%Y-%m-%d %H:%M%z}", is_overdue) for slot, is_overdue in found]


def test_before_and_after_the_deadline_at_eight_in_summer_and_winter():
    assert when(remind_days_before="14, 2", remind_overdue_times=2) == [
        ("2026-10-21 08:00+0200", False),
        ("2026-11-02 08:00+0100", False),
        ("2026-11-05 08:00+0100", True),
        ("2026-11-12 08:00+0100", True),
    ]


def test_none_on_a_weekend():
    # three days before is a Sunday: the Friday before it; three days after the deadline's day a Saturday: the Monday
    assert when(remind_days_before="3", remind_overdue_every=2, remind_overdue_times=2) == [
        ("2026-10-30 08:00+0100", False),
        ("2026-11-05 08:00+0100", True),
        ("2026-11-09 08:00+0100", True),
    ]


def test_none_on_the_heels_of_the_question():
    cohort = Cohort(number=1, remind_days_before="14, 3")
    asked_at = datetime(2026, 10, 21, 5, tzinfo=UTC)
    soon, _overdue = schedule.slots(cohort, due_on=DUE, asked_at=asked_at)
    assert len(soon) == 1


def test_each_lasts_until_the_next():
    soon, overdue = schedule.slots(Cohort(number=1), due_on=DUE, asked_at=ASKED)
    slots = [*soon, *overdue]
    assert all(slot.send_at < slot.until for slot in slots)
    assert all(first.until <= second.send_at for first, second in itertools.pairwise(slots))


def send(day: datetime) -> int:
    with time_machine.travel(day, tick=False):
        return plan.send_due(day)


def test_a_missed_run_catches_up_once(asked):
    late = datetime(2026, 10, 30, 12, tzinfo=UTC)
    assert send(late) == 1
    assert send(late + timedelta(minutes=5)) == 0
    [message] = Message.objects.all()
    assert message.to == "kari.kontakt@example.no"
    assert "Indre Fosen" in message.why


def test_a_reminder_that_is_no_longer_true_is_not_sent(asked):
    assert send(datetime(2026, 11, 5, 5, tzinfo=UTC)) == 0  # after the deadline, before the overdue mail
    assert send(datetime(2026, 11, 5, 7, tzinfo=UTC)) == 1
    assert Message.objects.get().text_name == "participants.overdue"


def test_who_has_answered_is_not_reminded(asked, contact):
    asked.answer(snapshot={}, changes=[], comment="", by=contact, now=ASKED)
    assert send(datetime(2026, 10, 30, 12, tzinfo=UTC)) == 0


def test_who_has_withdrawn_is_not_reminded(asked, participation, staff):
    withdraw(participation, by=staff, now=ASKED)
    assert send(datetime(2026, 10, 30, 12, tzinfo=UTC)) == 0


def test_a_moved_deadline_moves_its_reminders(asked):
    asked.due_on = date(2026, 12, 9)
    asked.save()
    assert send(datetime(2026, 10, 30, 12, tzinfo=UTC)) == 0
    assert send(datetime(2026, 11, 25, 12, tzinfo=UTC)) == 1


def test_one_person_gets_one_mail_for_all_that_waits(asked, contact, other_participation, staff):
    other_participation.welcome(by=staff, now=ASKED)
    asking.ask(other_participation, due_on=DUE, by=staff, now=ASKED)
    make_contact(other_participation, contact, Contact.Function.AUTHORITY, by=staff)
    make_contact(asked.participation, contact, Contact.Function.AUTHORITY, by=staff)
    assert send(datetime(2026, 10, 30, 12, tzinfo=UTC)) == 1
    body = Message.objects.get().body
    assert "Indre Fosen" in body
    assert "Bergen" in body


def test_what_joins_the_same_morning_is_told_and_what_was_told_is_not_told_again(
    asked, contact, other_participation, staff
):
    morning = datetime(2026, 10, 21, 7, tzinfo=UTC)
    assert send(morning) == 1
    other_participation.welcome(by=staff, now=ASKED)
    asking.ask(other_participation, due_on=DUE, by=staff, now=ASKED)
    make_contact(other_participation, contact, Contact.Function.AUTHORITY, by=staff)
    assert send(morning + timedelta(minutes=5)) == 1
    assert send(morning + timedelta(minutes=10)) == 0
    first, second = Message.objects.order_by("pk")
    assert ("Indre Fosen" in first.body, "Bergen" in first.body) == (True, False)
    assert ("Indre Fosen" in second.body, "Bergen" in second.body) == (False, True)


def test_a_deadline_that_moves_on_its_morning_reminds_nobody_twice(asked, staff):
    morning = datetime(2026, 10, 21, 7, tzinfo=UTC)
    assert send(morning) == 1
    asked.participation.cohort.remind_days_before = "15, 3"
    asked.participation.cohort.save()
    deadline.move([asked], due_on=DUE + timedelta(days=1), by=staff, now=morning)
    assert send(morning + timedelta(minutes=5)) == 0


def test_heads_and_former_contacts_are_not_reminded(asked, head, former_contact):
    start, end = ASKED, ASKED + timedelta(days=100)
    assert {planned.to for planned in mails.planner(start, end)} == {"kari.kontakt@example.no"}


def test_in_the_recipients_language_else_the_municipalitys(asked, participation, staff):
    participation.cohort.neutral_language = "nn"
    participation.cohort.save()
    make_contact(
        participation, make_user("b@example.no", "Bo Kmål", language="nb"), Contact.Function.SCHOOL_LEAD, by=staff
    )
    languages = {p.to: p.language for p in mails.planner(ASKED, ASKED + timedelta(days=30))}
    assert languages == {"kari.kontakt@example.no": "nn", "b@example.no": "nb"}


def test_many_cost_no_more_queries_than_few(asked, participation, staff, django_assert_num_queries):
    def plan_it(count: int) -> None:
        with django_assert_num_queries(3):
            assert len(list(mails.planner(ASKED, ASKED + timedelta(days=21)))) == count

    plan_it(1)
    for number in range(19):
        user = make_user(f"k{number}@example.no", f"Kontakt {number}")
        make_contact(participation, user, Contact.Function.SCHOOL_LEAD, by=staff)
    plan_it(20)


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        pytest.param("2026-11-07", "2026-11-06", "2026-11-09", id="a Saturday"),
        pytest.param("2026-12-25", "2026-12-23", "2026-12-28", id="Christmas Day"),
        pytest.param("2027-01-01", "2026-12-30", "2027-01-04", id="New Year's Day"),
        pytest.param("2027-03-25", "2027-03-24", "2027-03-30", id="Maundy Thursday"),
        pytest.param("2027-05-06", "2027-05-05", "2027-05-07", id="Ascension Day"),
        pytest.param("2027-05-17", "2027-05-14", "2027-05-18", id="17 May"),
    ],
)
def test_none_on_a_day_off(day, before, after):
    cohort = Cohort(number=1, remind_days_before="3", remind_overdue_times=1)
    off = date.fromisoformat(day)
    soon, _overdue = schedule.slots(cohort, due_on=off + timedelta(days=3), asked_at=ASKED)
    _soon, overdue = schedule.slots(cohort, due_on=off - timedelta(days=1), asked_at=ASKED)
    assert [f"{slot.send_at:%Y-%m-%d %H}" for slot in (*soon, *overdue)] == [f"{before} 08", f"{after} 08"]
