"""Erase what was written in the guidance of a cohort, with its other personal data; what happened is kept."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction

from accounts.models import User
from guidance.models import (
    Capacity,
    Correction,
    FollowUp,
    GuidanceSession,
    Handover,
    Leave,
    LogDraft,
    Measure,
    ProfileChange,
    ProjectLeader,
    PulseAnswer,
    PulseAnswered,
    SessionChange,
    Supervisor,
)
from participants import erasing
from participants.models import Strike
from parts.dates import midnight


@dataclass(frozen=True)
class ErasedGuidance:
    """How much was erased, for the log: numbers only."""

    sessions: int = 0
    measures: int = 0
    drafts: int = 0


@transaction.atomic
def erase_old(*, today: date) -> ErasedGuidance:
    """Erase the texts of the cohorts that ended CONTACTS_KEPT_DAYS ago: free text is where people may be named.

    Sessions stay with date, format, length, counts, themes and sub-goals: they say where guidance was given, and name
    nobody but the supervisors. Measures go whole, with the heads who led them. Runs before
    `participants.erasing.erase_old`, which could not erase a head who has opened a measure.
    """
    cohorts = erasing.ended(today=today)
    sessions = GuidanceSession.objects.filter(group__participation__cohort__in=cohorts)
    Strike.objects.about_rows(sessions).delete()
    Correction.objects.filter(session__in=sessions).delete()
    changes = SessionChange.objects.filter(session__in=sessions)
    Strike.objects.about_rows(changes).delete()
    changes.exclude(reason="").update(reason="")
    for change in changes.exclude(before={}).only("before"):  # where they were to meet
        if change.before.get("place") or change.before.get("video_link"):
            SessionChange.objects.filter(pk=change.pk).update(before=change.before | {"place": "", "video_link": ""})
    with_text = sessions.exclude(worked_on="", agreed="", place="", video_link="")
    sessions_gone = with_text.update(worked_on="", agreed="", place="", video_link="")
    GuidanceSession.history.filter(group__participation__cohort__in=cohorts).update(place="", video_link="")
    drafts_gone, _each = LogDraft.objects.filter(group__participation__cohort__in=cohorts).delete()
    handovers = Handover.objects.filter(ended__group__participation__cohort__in=cohorts)
    Strike.objects.about_rows(handovers).delete()
    handovers.exclude(note="").update(note="")
    PulseAnswer.objects.filter(group__participation__cohort__in=cohorts).delete()
    PulseAnswered.objects.filter(session__in=sessions).delete()
    follow_ups = FollowUp.objects.filter(participation__cohort__in=cohorts)
    Strike.objects.about_rows(follow_ups).delete()
    follow_ups.exclude(note="").update(note="")
    old = midnight(today) - timedelta(days=settings.CONTACTS_KEPT_DAYS)
    ProfileChange.objects.filter(changed_at__lt=old).delete()
    _erase_supervisors(old=(midnight(today) - timedelta(days=settings.CONTACTS_KEPT_DAYS)).date())
    measures = Measure.objects.filter(unit__participation__cohort__in=cohorts)
    _all_gone, each_gone = measures.delete()
    # Deleting a row writes history too, so history goes last.
    Measure.history.filter(unit__participation__cohort__in=cohorts).delete()
    return ErasedGuidance(sessions_gone, each_gone.get(Measure._meta.label, 0), drafts_gone)


def _erase_supervisors(*, old: date) -> None:
    """Who stopped as a supervisor or project leader long ago: that their sessions were held stays, and nothing else."""
    leaders = ProjectLeader.objects.filter(ended_on__lt=old)
    people = list(User.objects.filter(pk__in=leaders.values("user")))
    keys = list(leaders.values_list("pk", flat=True))
    leaders.delete()
    ProjectLeader.history.filter(id__in=keys).delete()
    over = Supervisor.objects.filter(ended_on__lt=old).exclude(name=erasing.ERASED_NAME)
    for supervisor in over.select_related("user"):
        erase_supervisor(supervisor)
        people.append(supervisor.user)
    for person in people:
        erasing.erase_person(person)


def erase_supervisor(supervisor: Supervisor) -> None:
    """Leave the row that the sessions lead to, without a word about who it was."""
    supervisor.preferred_counties.clear()
    supervisor.not_with.clear()
    for kind in (Capacity, Leave):
        kind.objects.filter(supervisor=supervisor).delete()
        kind.history.filter(supervisor_id=supervisor.pk).delete()
    ProfileChange.objects.filter(supervisor=supervisor).delete()
    known = {"name": erasing.ERASED_NAME, "phone": "", "workplace": "", "wished": None}
    Supervisor.objects.filter(pk=supervisor.pk).update(**known)
    Supervisor.history.filter(id=supervisor.pk).update(**known)
