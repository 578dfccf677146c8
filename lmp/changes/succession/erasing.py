"""What was agreed about a successor goes with the cohort's other personal data."""

from datetime import date

from django.db import transaction

from accounts.models import User
from lmp.changes.models import Succession
from participants import erasing


@transaction.atomic
def erase_old(*, today: date) -> int:
    """Erase the successions of the cohorts that ended CONTACTS_KEPT_DAYS ago, and whoever was only to take over.

    Runs before `participants.erasing.erase_old`. Return how many went.
    """
    old = Succession.objects.erasable(erasing.ended(today=today))
    people = list(User.objects.filter(pk__in=old.values("successor")))
    gone, _each = old.delete()
    for person in people:
        erasing.erase_person(person)
    return gone
