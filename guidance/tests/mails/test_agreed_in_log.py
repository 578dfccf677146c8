"""The next session that a log agrees on is told of as any other, and so is that it is cancelled."""

from datetime import date

from django.urls import reverse
from django.utils import timezone

from guidance.models import GuidanceSession
from guidance.tests.held_sessions import log
from guidance.tests.mails.conftest import at, entry
from guidance.tests.mails.test_session import NAMES, TOLD, planned

__all__ = ["planned"]


def test_what_a_log_agrees_on_is_told_at_once_and_so_is_its_cancellation(
    planned, participation, supervisor, units, client, send, clock
):
    """S1: heads read «Neste møte: 1. desember» in the log; it was cancelled on the 26th, and no mail went."""
    client.force_login(supervisor)
    sent = log(supervisor, held_on="2026-09-30", units=[units[0].pk], next_on="2026-12-01", next_plan="new")
    client.post(reverse("guidance:log", args=[participation.pk]), sent)
    assert send(at(10, 1, 11, 5)) == sorted(TOLD * 2)
    agreed = GuidanceSession.objects.planned().get(held_on=date(2026, 12, 1))
    clock.move_to(at(11, 26, 12))
    agreed.cancel(by=supervisor, now=timezone.now(), reason="Vi er syke")
    assert [each for each in send(at(11, 26, 12)) if each[0] == "called_off"] == [("called_off", to) for to in NAMES]
    assert entry("hanne") == ("CANCEL", 1)
