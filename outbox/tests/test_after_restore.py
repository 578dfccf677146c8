"""After an older backup, what has perhaps gone is held back and shown; the rest goes by itself."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command

from outbox import delivery, plan
from outbox.models import Message
from outbox.tests.mails import REMINDER


@pytest.fixture
def planned(monkeypatch, now, staff):
    """A mail due each hour, from two hours before `now` on."""

    def mail(hours: int) -> plan.Planned:
        send_at = now + timedelta(hours=hours)
        values = {"kommune": "Eksempelby", "frist": "3. mai", "enheter": ["En skole"]}
        return plan.Planned(
            f"hour:{hours}", staff, "Stine", "nb", REMINDER, send_at, now + timedelta(days=9), "Svar.", values, None
        )  # fmt: skip

    monkeypatch.setattr(plan, "planners", lambda: [lambda start, end: [mail(hours) for hours in range(-2, 3)]])


def restored(now, **options) -> None:
    with time_machine.travel(now, tick=False):
        call_command("after_restore", dumped=now - timedelta(hours=3), stopped=now - timedelta(minutes=50), **options)


def test_told_first_and_nothing_done(post, planned, now, capsys):
    post("waits")
    Message.objects.update(created_at=now - timedelta(hours=4))
    restored(now)
    said = capsys.readouterr().out
    assert "1 mails waited" in said
    assert "2 planned mails came due" in said
    assert Message.objects.filter(given_up_at=None).count() == 1


def test_what_has_perhaps_gone_goes_to_nobody_and_staff_see_it(post, planned, server, now):
    post("waits")
    Message.objects.update(created_at=now - timedelta(hours=4))
    restored(now, commit=True)
    plan.send_due(now)
    delivery.drain(now=now)
    assert set(Message.objects.undelivered().values_list("key", flat=True)) == {"waits", "hour:-2", "hour:-1"}
    assert set(Message.objects.exclude(sent_at=None).values_list("key", flat=True)) == {"hour:0"}
    assert set(Message.objects.undelivered().values_list("failure", flat=True)) == {Message.Failure.UNANSWERED}


@pytest.mark.parametrize(("dumped", "told"), [("2027-04-12T03:00", "03:00 CEST"), ("2027-04-12T0300Z", "05:00 CEST")])
def test_says_which_moments_it_has_understood(dumped, told, db, capsys):
    with time_machine.travel("2027-04-12T09:00Z", tick=False):
        call_command("after_restore", "--dumped", dumped, "--stopped", "2027-04-12T08:00Z")
    assert f"The backup is of 2027-04-12 {told}, the last mail of 2027-04-12 10:00 CEST; it is 11:00 CEST." in (
        capsys.readouterr().out
    )


def test_done_twice_is_done_once(planned, now, db):
    restored(now, commit=True)
    restored(now, commit=True)
    assert Message.objects.count() == 2


def test_moments_in_the_wrong_order_change_nothing(now, db):
    with time_machine.travel(now, tick=False), pytest.raises(CommandError, match="--dumped comes before"):
        call_command("after_restore", dumped=now, stopped=now - timedelta(hours=1), commit=True)
