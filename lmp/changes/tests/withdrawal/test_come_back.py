"""A municipality is with us again: what goes on, what does not, and who is told."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from gatherings import withdrawal as at_gatherings
from gatherings.models import Registration
from guidance import withdrawal as in_guidance
from guidance.models import GuidanceSession
from lmp.changes.tests.withdrawal.conftest import leave, register
from lmp.changes.withdrawal import change
from outbox import plan
from outbox.models import Message
from participants.models import Participation

State = Registration.State


def come_back(participation, *, by, **facts):
    members = in_guidance.members_of(participation)
    facts = {"returned_on": timezone.localdate(), "reason": "Nytt vedtak", "stay": members, "again": []} | facts
    facts = {"due_on": timezone.localdate() + timedelta(days=14), "now": timezone.now()} | facts
    return change.come_back(participation, by=by, **facts)


@pytest.fixture
def away(busy, staff) -> Participation:
    leave(busy, by=staff, decided_on=timezone.localdate() - timedelta(days=5))
    return busy


def test_the_fact_is_kept_and_the_time_is_over(away, staff, today):
    come_back(away, by=staff)
    away.refresh_from_db()
    kept = away.withdrawals.get()
    assert (away.withdrawn_at, away.withdrawn_by, away.withdrawal) == (None, None, None)
    assert (kept.decided_on, kept.returned_on, kept.return_reason) == (today - timedelta(days=5), today, "Nytt vedtak")
    assert (kept.returned_by, kept.is_over) == (staff, True)


def test_what_it_ended_goes_on(away, measure, planned, asked, staff, today):
    resumed = come_back(away, by=staff, due_on=today + timedelta(days=20))
    measure.refresh_from_db()
    asked.refresh_from_db()
    assert (measure.state, measure.progress) == ("underway", "Halvveis")
    assert [session.held_on for session in GuidanceSession.objects.planned()] == [planned.held_on]
    assert (asked.due_on, resumed.round) == (today + timedelta(days=20), asked)
    assert [str(member) for member in resumed.guidance.stay] == ["Vera Veileder"]


def test_nobody_has_their_place_back_by_itself(away, gathering, staff):
    resumed = come_back(away, by=staff)
    assert resumed.registered == []
    assert not gathering.registrations.active().filter(participation=away).exists()
    assert {row.name for row in gathering.registrations.offered()} == {"Person 4", "Person 5"}


def test_those_who_are_chosen_come_last_in_line(away, other, gathering, staff):
    register(gathering, other, 6, by=staff)
    could = at_gatherings.may_come_again(away.withdrawal, today=timezone.localdate())
    resumed = come_back(away, by=staff, again=[one for one in could if one.name == "Person 1"])
    assert [row.name for row in gathering.registrations.waiting()] == ["Person 6", "Person 1"]
    assert [row.name for row in resumed.registered] == ["Person 1"]


def test_everybody_is_told(away, staff):
    could = at_gatherings.may_come_again(away.withdrawal, today=timezone.localdate())
    come_back(away, by=staff, again=could[:1])
    told = Message.objects.filter(text_name="changes.returned")
    assert set(told.values_list("to", flat=True)) == {
        "kari.kontakt@example.no",
        "hanne.styrer@example.no",
        "vera.veileder@example.no",
        "olav.embete@example.no",
    }
    body = told.get(to="hanne.styrer@example.no").body
    assert "Nytt vedtak" in body
    assert "1 tiltak i enhetene" in body
    assert "1. samling: 1 er meldt på igjen" in body


def test_who_must_register_again_is_said(away, staff):
    come_back(away, by=staff)
    body = Message.objects.get(text_name="changes.returned", to="kari.kontakt@example.no").body
    assert "1. samling: de som ble meldt av, må meldes på igjen" in body


def test_reminders_come_again_with_the_new_deadline(away, contact, staff, today):
    now = timezone.now()
    assert contact.email not in {mail.to for mail in plan.everything(now, now + timedelta(days=400))}
    come_back(away, by=staff, due_on=today + timedelta(days=20))
    texts = {mail.text.name for mail in plan.everything(now, now + timedelta(days=400)) if mail.to == contact.email}
    assert {"participants.reminder", "gatherings.reminder"} <= texts


def test_one_mail_tells_of_the_return_and_of_the_new_deadline(away, contact, staff, today):
    written = Message.objects.filter(recipient=contact).count()
    come_back(away, by=staff, due_on=today + timedelta(days=20))
    assert away.confirmations.get().due_on == today + timedelta(days=20)
    [mail] = Message.objects.filter(recipient=contact).order_by("pk")[written:]
    assert mail.text_name == "changes.returned"
    assert "til og med" in mail.body


def test_twice_is_once(away, staff):
    come_back(away, by=staff)
    messages = Message.objects.count()
    assert come_back(Participation.objects.get(pk=away.pk), by=staff) is None
    assert Message.objects.count() == messages


def test_again_and_again_each_time_is_told(away, staff):
    """Withdrawn, back, withdrawn, back: each a fact and a mail of its own."""
    come_back(away, by=staff)
    leave(away, by=staff)
    come_back(away, by=staff)
    assert away.withdrawals.count() == 2
    for text in ("changes.withdrawn", "changes.returned"):
        assert Message.objects.filter(text_name=text, to="kari.kontakt@example.no").count() == 2


@pytest.mark.parametrize(
    ("facts", "code"),
    [({"returned_on": 1}, "day"), ({"returned_on": -6}, "day"), ({"reason": " "}, "reason"), ({"due_on": -1}, "past")],
)
def test_bad_facts_are_refused_and_nothing_is_stored(away, measure, staff, today, facts, code):
    facts = {name: today + timedelta(days=value) if isinstance(value, int) else value for name, value in facts.items()}
    with pytest.raises(ValidationError) as refused:
        come_back(away, by=staff, **facts)
    assert refused.value.code == code
    away.refresh_from_db()
    measure.refresh_from_db()
    assert away.withdrawn_at
    assert measure.state == "stopped"
    assert not Message.objects.filter(text_name="changes.returned").exists()
