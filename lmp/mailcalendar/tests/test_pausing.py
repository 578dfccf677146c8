"""Reminders that staff switch off: whom it stops, whom not, and what comes when they are on again."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from conftest import make_contact
from lmp.mailcalendar import erasing, pausing
from lmp.mailcalendar.models import MailPause
from lmp.mailcalendar.tests.conftest import CONFIRM, DAY
from outbox import plan
from outbox.models import Message
from outbox.pauses import rules
from participants.models import Contact


def reminded(clock, days: int) -> list[str]:
    """To whom reminders go in the days to come, with a beat each day."""
    before = set(Message.objects.values_list("pk", flat=True))
    for _day in range(days):
        clock.shift(DAY)
        plan.send_due(timezone.now())
        plan.send_due(timezone.now())
    found = Message.objects.exclude(pk__in=before).filter(text_name__startswith="participants.").order_by("pk")
    return [message.to for message in found]


def test_the_rules_of_every_app_are_reminders_that_have_a_text():
    from outbox.texts import all_texts

    known = all_texts()
    assert len(rules()) == 8
    for rule in rules().values():
        assert rule.texts <= known.keys()
        assert not any(known[name].secret for name in rule.texts)


def test_one_municipality_is_not_reminded_and_the_other_is(
    clock, asked, participation, contact, other_contact, staff, pause
):
    pause(participation)
    assert set(reminded(clock, 40)) == {other_contact.email}


def test_nobody_in_the_pulje_is(clock, asked, cohort, staff, pause):
    pause(cohort)
    assert reminded(clock, 40) == []


def test_lifted_it_reminds_from_then_on_and_nothing_comes_at_once(clock, asked, cohort, contact, staff, pause):
    found = pause(cohort)
    assert reminded(clock, 19) == []  # two have been left out
    assert found.lift(by=staff, now=timezone.now())
    found.refresh_from_db()
    assert {each.mail.to for each in pausing.passed(found, now=timezone.now())} == {
        contact.email,
        "birger.bergen@example.no",
    }
    now = timezone.now()
    plan.send_due(now)
    assert not Message.objects.filter(text_name=CONFIRM).exists()
    planned = [mail for mail in plan.everything(now, now + 40 * DAY) if mail.to == contact.email]
    assert reminded(clock, 40).count(contact.email) == len(planned) > 0


def test_it_ends_by_itself(clock, asked, cohort, contact, staff, pause):
    pause(cohort, ends_at=timezone.now() + 19 * DAY)
    assert reminded(clock, 18) == []
    assert contact.email in reminded(clock, 10)


def test_a_person_in_two_municipalities_is_reminded_of_the_other(
    clock, asked, participation, other_participation, contact, staff, pause
):
    make_contact(other_participation, contact, Contact.Function.OWNER, by=staff)
    pause(participation)
    [first, *_rest] = [
        mail for mail in plan.everything(timezone.now(), timezone.now() + 40 * DAY) if mail.to == contact.email
    ]
    assert [("Bergen" in line, "Indre Fosen" in line) for line in first.values["venter"]] == [(True, False)]
    assert contact.email in reminded(clock, 20)


def test_what_is_no_reminder_has_no_rule():
    """The question itself, receipts and codes are no reminders."""
    assert rules().keys().isdisjoint({"participants.round_opened", "participants.receipt", "accounts.code"})


def test_pressed_twice_it_is_one(participation, staff, pause):
    assert pause(participation) == pause(participation)
    assert MailPause.objects.count() == 1


def test_twice_with_another_reason_is_refused(participation, staff, pause):
    pause(participation)
    with pytest.raises(ValidationError, match="Ny rektor"):
        pause(participation, reason="Ferie")


def test_it_has_a_reason(participation, pause):
    with pytest.raises(ValueError, match="reason"):
        pause(participation, reason="")


def test_one_after_another_is_not(participation, staff, pause):
    now = timezone.now()
    pause(participation, ends_at=now + DAY)
    pause(participation, reason="Ferie", begins_at=now + DAY)
    assert MailPause.objects.count() == 2


def test_the_first_who_lifts_it_stands(participation, staff, leader, pause):
    found = pause(participation)
    assert found.lift(by=staff, now=timezone.now())
    assert not found.lift(by=leader, now=timezone.now())
    assert MailPause.objects.get().lifted_by == staff


def test_it_is_of_a_pulje_or_a_municipality(participation, staff):
    now = timezone.now()
    facts = {"rule": CONFIRM, "reason": "-", "begins_at": now, "paused_at": now, "paused_by": staff}
    for place in ({}, {"participation": participation, "cohort": participation.cohort}):
        with pytest.raises(IntegrityError), transaction.atomic():
            MailPause.objects.create(**place, **facts)


def test_it_is_erased_with_its_pulje(participation, cohort, staff, settings, pause):
    pause(participation)
    pause(cohort)
    last = cohort.ends_on + timedelta(days=settings.CONTACTS_KEPT_DAYS)
    assert erasing.erase_old(today=last - DAY) == 0
    assert erasing.erase_old(today=last + 2 * DAY) == 2
