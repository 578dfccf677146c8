import logging
from datetime import datetime

from celery import shared_task
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from gatherings import erasing, places
from gatherings.mails import notices
from gatherings.models import Gathering, Registration

logger = logging.getLogger(__name__)


@shared_task
def pass_on() -> None:
    """End the offers that ran out and offer free places to those who wait. One that fails keeps back no other."""
    now = timezone.now()
    for gathering in _with_places_to_pass_on(now):
        try:
            with transaction.atomic():
                passed = places.pass_on(gathering, now=now)
                if passed.expired or passed.offered:
                    notices.passed(passed, now=now)
        except Exception:
            logger.exception("the places of gathering %s could not be passed on", gathering.pk)


def _with_places_to_pass_on(now: datetime) -> QuerySet[Gathering]:
    """Where an offer has run out, or somebody waits for a gathering to come: whether a place is free, the lock says."""
    registrations = Registration.objects.filter(gathering=OuterRef("pk"))
    ran_out = Exists(registrations.offered().filter(offered_until__lte=now))
    waits = Q(starts_on__gt=timezone.localdate(now), settled=Gathering.Settled.FIXED) & Exists(registrations.waiting())
    return Gathering.objects.filter(Q(ran_out) | waits).order_by("pk")


@shared_task
def erase_old() -> None:
    now = timezone.now()
    logger.info("needs erased at %s gatherings", len(erasing.erase_needs(now=now)))
    logger.info("erased: %s", erasing.erase_old(today=timezone.localdate(now)))
