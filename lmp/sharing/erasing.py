"""Who read what, and who was told, goes with the cohort's other personal data. What was shared stays, for staff."""

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from lmp.sharing.models import Announcement, Reading
from lmp.writing.models import Recipient
from participants import erasing


@transaction.atomic
def erase_old(*, now: datetime) -> int:
    """Of the cohorts that ended CONTACTS_KEPT_DAYS ago. Return how many readings went.

    Runs before `lmp.writing.erasing.erase_old`, which finds no cohort for recipients with no municipality, and lets go
    of the mails that nobody is left of.
    """
    ended = erasing.ended(today=timezone.localdate(now))
    readings = Reading.objects.filter(publication__cohort__in=ended)
    announcements = Announcement.objects.filter(publication__cohort__in=ended)
    told = Recipient.objects.filter(
        writing__about_type=ContentType.objects.get_for_model(Announcement), writing__about_id__in=announcements
    )
    people = set(readings.values_list("person", flat=True)) | set(told.values_list("person", flat=True))
    gone, _each = readings.delete()
    keys = list(told.values_list("pk", flat=True))
    Recipient.objects.filter(pk__in=keys).delete()
    for person in User.objects.filter(pk__in=people):
        erasing.erase_person(person)
    return gone
