from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from lmp.mailcalendar import pausing
from participants.confirmation import asking
from participants.mails import notices
from parts.dates import morning

DAY = timedelta(days=1)
CONFIRM = "participants.reminder"
# A Monday, and the days on which those who have not confirmed are reminded first, in two municipalities.
MONDAY = date(2027, 3, 1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(morning(MONDAY), tick=False) as found:
        yield found


@pytest.fixture
def asked(participation, other_participation, contact, other_contact, staff):
    """Two municipalities are to confirm within three weeks, and have one person each who answers."""
    now = timezone.now()
    for each in (participation, other_participation):
        each.welcome(by=staff, now=now)
        found = asking.ask(each, due_on=timezone.localdate(now) + 21 * DAY, by=staff, now=now)
        notices.round_opened(found, now=now)


@pytest.fixture
def pause(staff):
    """Switches the reminders of the confirmation off, by staff, from now on."""

    def begin(place, **facts):
        now = timezone.now()
        facts = {"rule": CONFIRM, "reason": "Ny rektor", "begins_at": now, "ends_at": None, "by": staff} | facts
        return pausing.pause(place, **facts, now=now)

    return begin
