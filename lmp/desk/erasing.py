"""What staff wrote of a municipality goes with its cohort's other personal data."""

from datetime import date

from django.db import transaction

from lmp.desk.models import MessageRead, Note
from lmp.welcome.models import SendingItem
from participants import erasing
from participants.models import Strike


@transaction.atomic
def erase_old(*, today: date) -> int:
    """Erase the notes of the cohorts that ended CONTACTS_KEPT_DAYS ago. Return how many went."""
    cohorts = erasing.ended(today=today)
    notes = Note.objects.filter(participation__cohort__in=cohorts)
    Strike.objects.about_rows(notes).delete()
    gone, _each = notes.delete()
    SendingItem.objects.filter(participation__cohort__in=cohorts).exclude(error="").update(error="")
    read, _each = MessageRead.objects.filter(confirmation__participation__cohort__in=cohorts).delete()
    return gone + read
