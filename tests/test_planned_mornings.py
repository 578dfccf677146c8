"""No mail that a schedule sends falls on a day off, whichever day the thing it is about falls on."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from gatherings.models import Attendance, Gathering, Registration
from guidance.models import GroupMember, GuidanceSession, Measure
from guidance.tests.conftest import a_measure
from outbox import plan
from participants.confirmation import asking
from participants.models import Confirmation, Contact
from tests import days_off

OSLO = ZoneInfo("Europe/Oslo")
DAY = timedelta(days=1)
# At noon, so that what follows at once from something done is known from what a morning brings.
MADE = datetime(2026, 9, 1, 10, tzinfo=UTC)
PERIODS = [date(2026, 12, 12), date(2027, 3, 14), date(2027, 4, 26)]  # Christmas and New Year, Easter, May
KINDS = {
    "participants.reminder",
    "participants.overdue",
    "gatherings.invitation",
    "gatherings.reminder",
    "gatherings.practical",
    "gatherings.travel",
    "gatherings.evaluation",
    "guidance.session_reminder",
    "guidance.log_missing",
    "guidance.measures",
}


@pytest.fixture
def world(participation, contact, head, units, supervisor, staff):
    """One of each thing that mails are planned for; two registrations, of which one was there."""
    Contact.objects.update(started_at=MADE)
    GroupMember.objects.update(started_on=MADE.date())
    with time_machine.travel(MADE, tick=False):
        participation.cohort.first_year, participation.cohort.starts_on = MADE.year, MADE.date()
        participation.cohort.remind_days_before = "14, 3, 1"
        participation.cohort.save()
        participation.welcome(by=staff, now=MADE)
        asking.ask(participation, due_on=PERIODS[0], by=staff, now=MADE)
        gathering = Gathering.objects.create(
            cohort=participation.cohort, semester=1, settled="fixed", starts_on=PERIODS[0]
        )
        rows = [
            Registration.objects.create(
                gathering=gathering,
                participation=participation,
                unit=units[0],
                user=person,
                name=person.name,
                function="head",
                travel="orders",
                registered_at=MADE,
                registered_by=staff,
                placed_at=MADE,
            )
            for person in (contact, head)
        ]
        Attendance.objects.create(registration=rows[0], day=PERIODS[0], marked_at=MADE, marked_by=staff)
        GuidanceSession.plan(
            group=participation.guidance_group,
            held_on=PERIODS[0],
            starts_at=time(9),
            format="visit",
            units=units[:1],
            supervisors=[supervisor.supervisor],
            by=staff,
            now=MADE,
        )
        a_measure(units[0], head, starts_on=MADE.date(), ends_on=PERIODS[0])
    Measure.objects.update(opened_at=MADE)


def move_everything_to(day: date) -> None:
    """Everything is about this day; registration opened three weeks before it."""
    Confirmation.objects.update(due_on=day)
    GuidanceSession.objects.update(held_on=day)
    Measure.objects.update(ends_on=day)
    with time_machine.travel(MADE, tick=False):
        gathering = Gathering.objects.get()
        gathering.starts_on = gathering.ends_on = day
        gathering.opens_on, gathering.closes_on, gathering.travel_closes_on = (
            day - 21 * DAY,
            day - 9 * DAY,
            day - 9 * DAY,
        )
        gathering.save()
        Gathering.history.update(history_date=MADE)


@pytest.mark.slow
@pytest.mark.parametrize("first", PERIODS)
def test_what_a_schedule_sends_goes_on_working_days(world, first):
    found: Counter[str] = Counter()
    for number in range(28):
        day = first + number * DAY
        move_everything_to(day)
        with time_machine.travel(MADE, tick=False):
            mails = plan.everything(MADE, MADE + timedelta(days=500))
        moments = {(mail.text.name, mail.send_at.astimezone(OSLO)) for mail in mails}
        mornings = sorted((name, moment.date()) for name, moment in moments if moment.time() == time(8))
        assert [(name, morning) for name, morning in mornings if not days_off.works(morning)] == []
        found.update(name for name, _morning in mornings)
    assert set(found) == KINDS
    assert min(found.values()) >= 28
