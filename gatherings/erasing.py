"""Needs go soon after their gathering; the registrations of a cohort go with the rest of its personal data."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from gatherings.models import (
    AlsoFor,
    Answered,
    Attendance,
    ExportedList,
    Gathering,
    LateRequest,
    Needs,
    NeedsErased,
    NobodyComes,
    Registration,
    Swap,
)
from participants import erasing
from participants.models import Strike


@dataclass(frozen=True)
class ErasedWithCohorts:
    """How much went, for the log: numbers only."""

    registrations: int = 0
    late_requests: int = 0
    people: int = 0


@transaction.atomic
def erase_needs(*, now: datetime) -> list[NeedsErased]:
    """Delete the needs that nobody needs any more, and keep how many they were, one row a gathering.

    Those of a gathering whose last day is more than NEEDS_KEPT_DAYS ago; at once those of a cancelled gathering, and
    of a person who has cancelled or whose offer ran out.
    """
    limit = timezone.localdate(now) - timedelta(days=settings.NEEDS_KEPT_DAYS)
    last_day = Coalesce("registration__gathering__ends_on", "registration__gathering__starts_on")
    over = (
        Needs.objects.select_for_update(of=("self",))
        .annotate(last_day=last_day)
        .filter(
            Q(last_day__lt=limit)
            | Q(registration__gathering__settled=Gathering.Settled.CANCELLED)
            | Q(registration__cancelled_at__isnull=False)
            | Q(registration__expired_at__isnull=False)
        )
        .select_related("registration")
    )
    by_gathering: dict[int, list[Needs]] = defaultdict(list)
    for needs in over:
        by_gathering[needs.registration.gathering_id].append(needs)
    Needs.objects.filter(pk__in=[needs.pk for group in by_gathering.values() for needs in group]).delete()
    return [
        NeedsErased.objects.create(
            gathering_id=gathering,
            erased_at=now,
            food=sum(bool(needs.food) for needs in group),
            access=sum(bool(needs.access) for needs in group),
            people=len(group),
        )
        for gathering, group in by_gathering.items()
    ]


@transaction.atomic
def erase_old(*, today: date) -> ErasedWithCohorts:
    """Erase who was registered, asked and attended at the gatherings of cohorts that ended CONTACTS_KEPT_DAYS ago.

    Runs before `participants.erasing.erase_old`, which could not erase a person who still has a registration. The
    gatherings stay, and so do the evaluations, which name nobody, and the counts of deleted needs.
    """
    gatherings = Gathering.objects.filter(cohort__in=erasing.ended(today=today))
    registrations = Registration.objects.filter(gathering__in=gatherings)
    late_requests = LateRequest.objects.filter(gathering__in=gatherings)
    nobody_comes = NobodyComes.objects.filter(gathering__in=gatherings)
    also_for = AlsoFor.objects.filter(registration__in=registrations)
    touched = [
        *registrations.values_list("user", "registered_by", "cancelled_by"),
        *also_for.values_list("added_by", "removed_by"),
        *nobody_comes.values_list("answered_by", "taken_back_by"),
        *late_requests.values_list("asked_by", "answered_to"),
        *Swap.objects.filter(registration__in=registrations).values_list("before", "after", "swapped_by"),
    ]
    people = list(User.objects.filter(pk__in={key for keys in touched for key in keys if key}))
    Attendance.objects.filter(registration__in=registrations).delete()
    ExportedList.objects.filter(gathering__in=gatherings).delete()
    Answered.objects.filter(gathering__in=gatherings).delete()
    nobody_comes.delete()
    also_for.delete()
    Strike.objects.about_rows(gatherings).delete()
    late_requests_gone = late_requests.count()
    late_requests.delete()
    _all_gone, each_gone = registrations.delete()
    # Deleting a row writes history too, so history goes last.
    LateRequest.history.filter(gathering__in=gatherings).delete()
    Registration.history.filter(gathering__in=gatherings).delete()
    people_gone = sum(erasing.erase_person(person) for person in people)
    return ErasedWithCohorts(each_gone.get(Registration._meta.label, 0), late_requests_gone, people_gone)
