import json
from datetime import UTC, date, datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from outbox import plan
from outbox.models import Message
from participants.confirmation import asking

NOW = datetime(2026, 10, 1, 9, tzinfo=UTC)


@pytest.fixture
def asked(participation, contact, staff):
    participation.welcome(by=staff, now=NOW)
    return asking.ask(participation, due_on=date(2026, 11, 4), by=staff, now=NOW)


def mailplan(*args) -> str:
    out = StringIO()
    with time_machine.travel(NOW, tick=False):
        call_command("mailplan", *args, stdout=out)
    return out.getvalue()


def test_when_to_whom_which_and_why(asked):
    lines = mailplan("9").splitlines()
    assert " ".join(lines[0].split()) == (
        "ons 21.10.2026 08.00 kari.kontakt@example.no participants.reminder nb "
        "Indre Fosen (Pulje 9) har ikke bekreftet, frist til og med onsdag 4. november 2026"
    )
    assert lines[-1].startswith("6 mails in cohort 9")


def test_only_the_days_asked_for(asked):
    assert mailplan("9", "--at", "2026-10-22", "--until", "2026-10-30").splitlines()[-1].startswith("1 mails")
    assert mailplan("9", "--at", "2026-10-21", "--until", "2026-10-21").splitlines()[-1].startswith("1 mails")


def test_what_is_sent_is_no_longer_planned(asked):
    before = json.loads(mailplan("9", "--json"))
    with time_machine.travel(datetime(2026, 10, 21, 6, tzinfo=UTC), tick=False) as moment:
        assert plan.send_due(datetime(2026, 10, 21, 6, tzinfo=UTC)) == 1
        assert moment
    assert json.loads(mailplan("9", "--json")) == before[1:]
    assert Message.objects.count() == 1


def test_another_cohort_is_left_out(asked, participation):
    participation.cohort.number = 4
    participation.cohort.save()
    with pytest.raises(CommandError, match="no cohort 9"):
        mailplan("9")
    assert len(json.loads(mailplan("4", "--json"))) == 6


def test_days_the_wrong_way_round(asked):
    with pytest.raises(CommandError, match="before"):
        mailplan("9", "--at", "2026-10-22", "--until", "2026-10-21")
