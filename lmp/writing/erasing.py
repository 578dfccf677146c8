"""Whom staff wrote to goes with the cohort's other personal data, and what they wrote when nobody of it is left."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import User
from lmp.writing.models import DRAFT_KEPT, Recipient, Writing
from participants import erasing


@transaction.atomic
def erase_old(*, now: datetime) -> int:
    """Erase the recipients of cohorts that ended CONTACTS_KEPT_DAYS ago, and drafts that nobody has touched for long.

    Runs before `participants.erasing.erase_old`, so that their people can go. Return how many writings went.
    """
    ended = erasing.ended(today=timezone.localdate(now))
    links = Recipient.participations.through.objects
    newer = links.filter(recipient=OuterRef("pk")).exclude(participation__cohort__in=ended)
    old = Recipient.objects.filter(~Exists(newer), participations__cohort__in=ended)
    people = list(User.objects.filter(pk__in=old.values("person")))
    keys = set(old.values_list("pk", flat=True))
    Recipient.objects.filter(pk__in=keys).delete()
    forgotten = Writing.objects.drafts().filter(changed_at__lt=now - DRAFT_KEPT)
    Recipient.objects.filter(writing__in=forgotten).delete()
    gone = list(forgotten.values_list("pk", flat=True))
    gone += Writing.objects.sent().filter(recipients__isnull=True).values_list("pk", flat=True)
    Writing.objects.filter(pk__in=gone).delete()
    for person in people:
        erasing.erase_person(person)
    return len(gone)
