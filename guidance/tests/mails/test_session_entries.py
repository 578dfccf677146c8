"""What calendars make of the entry of a session."""

from datetime import date

import pytest
import vobject

from guidance.models import GuidanceSession
from guidance.tests.mails.conftest import ASKED, calendar_of, newest, session


@pytest.fixture
def planned(participation, supervisor, units, contact, head):
    return session(participation, supervisor, units[:1], on=date(2026, 11, 26))


@pytest.mark.parametrize(("starts_at", "transparency"), [("09:00", "OPAQUE"), (None, "TRANSPARENT")])
def test_a_day_without_an_hour_is_not_shown_as_busy(planned, send, starts_at, transparency):
    GuidanceSession.objects.filter(pk=planned.pk).update(starts_at=starts_at)
    send(ASKED)
    [file] = newest("kari").attachments.all()
    assert calendar_of(newest("kari"))[0]["transp"] == transparency
    assert vobject.readOne(bytes(file.content).decode()).vevent.transp.value == transparency
