"""Why a reminder was switched off goes with its pulje's other personal data."""

from datetime import date

from django.db import transaction
from django.db.models import Q

from lmp.mailcalendar.models import MailPause
from participants import erasing
from participants.models import Strike


@transaction.atomic
def erase_old(*, today: date) -> int:
    """Erase what was switched off in the cohorts that ended CONTACTS_KEPT_DAYS ago. Return how many went."""
    cohorts = erasing.ended(today=today)
    pauses = MailPause.objects.filter(Q(cohort__in=cohorts) | Q(participation__cohort__in=cohorts))
    Strike.objects.about_rows(pauses).delete()
    gone, _each = pauses.delete()
    return gone
