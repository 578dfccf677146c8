"""What was written goes with its cohort; that guidance was given stays."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from guidance import erasing
from guidance.models import Correction, GroupMember, GuidanceSession, Handover, LogDraft, Measure, MeasureMove
from participants import erasing as participants_erasing
from participants.models import Strike
from participants.striking import row as striking

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def written(participation, units, supervisor, head, held, former_supervisor) -> GuidanceSession:
    now, today = timezone.now(), timezone.localdate()
    held.correct(
        facts={"agreed": "Noe annet."}, units=units[:2], supervisors=[supervisor.supervisor], by=supervisor, now=now
    )
    held.changes.create(
        kind="changed", version=0, before=held.as_planned, reason="Hun er syk", changed_at=now, changed_by=supervisor
    )
    LogDraft(user=supervisor, group=held.group).keep(data={"worked_on": "Noe"}, now=now)
    left, stays = GroupMember.objects.order_by("ended_on", "pk").reverse()
    ended, stays = (left, stays) if left.ended_on else (stays, left)
    Handover.objects.create(ended=ended, started=stays, note="Husk møtet", handed_over_at=now, handed_over_by=head)
    Measure.objects.create(
        unit=units[0],
        sub_goal=4,
        what="Vennegrupper",
        why="Det virker",
        who="Styreren",
        starts_on=today,
        ends_on=today,
        opened_at=now,
        opened_by=head,
        updated_at=now,
    )
    return held


def last_kept_day(cohort, settings) -> date:
    return cohort.ends_on + timedelta(days=settings.CONTACTS_KEPT_DAYS)


def test_not_a_day_too_soon(written, cohort, settings):
    assert erasing.erase_old(today=last_kept_day(cohort, settings)) == erasing.ErasedGuidance()
    written.refresh_from_db()
    assert written.worked_on
    assert Measure.objects.exists()


def test_the_texts_go_and_the_facts_stay(written, cohort, settings):
    day = last_kept_day(cohort, settings) + timedelta(days=1)
    assert erasing.erase_old(today=day) == erasing.ErasedGuidance(sessions=1, measures=1, drafts=1)
    written.refresh_from_db()
    assert (written.worked_on, written.agreed) == ("", "")
    assert (written.minutes, written.themes) == (90, ["bullying", "Overganger"])
    assert not Correction.objects.exists()
    assert not LogDraft.objects.exists()
    assert not Measure.objects.exists()
    assert not Measure.history.exists()
    assert [handover.note for handover in Handover.objects.all()] == [""]
    assert [change.reason for change in written.changes.all()] == [""]


def test_a_second_run_finds_nothing(written, cohort, settings):
    day = last_kept_day(cohort, settings) + timedelta(days=1)
    erasing.erase_old(today=day)
    assert erasing.erase_old(today=day) == erasing.ErasedGuidance()


def test_a_head_who_opened_a_measure_can_be_erased_after(written, cohort, settings, head, staff):
    Handover.objects.update(handed_over_by=staff)
    day = last_kept_day(cohort, settings) + timedelta(days=1)
    participants_erasing.erase_old(today=day)
    assert User.objects.filter(pk=head.pk).exists()
    erasing.erase_old(today=day)
    assert participants_erasing.erase_person(User.objects.get(pk=head.pk))


def test_what_was_struck_withdrawn_and_moved_goes_and_stays_as_the_rest(
    written, cohort, settings, head, supervisor, staff, units
):
    """Who struck a text is kept no longer than the text would have been; that a log was withdrawn is kept."""
    now = timezone.now()
    Handover.objects.update(handed_over_by=staff)
    measure = Measure.objects.get()
    measure.correct_unit(to=units[1], by=head, now=now)
    for row in (written, measure, Handover.objects.get(), Correction.objects.get()):
        striking.remember(row, ["worked_on"], reason="other", by=head, now=now)
    written.withdraw(why="other", by=supervisor, now=now)
    day = last_kept_day(cohort, settings) + timedelta(days=1)
    assert erasing.erase_old(today=day) == erasing.ErasedGuidance(sessions=1, measures=1, drafts=1)
    assert not Strike.objects.exists()
    assert not MeasureMove.objects.exists()
    participants_erasing.erase_old(today=day)
    assert not User.objects.filter(pk=head.pk).exists()
    written.refresh_from_db()
    assert written.withdrawn_by == supervisor
