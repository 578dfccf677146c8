"""Who has stopped is forgotten after the same time as a cohort's contacts."""

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from lmp.colleagues.models import Resignation
from participants import erasing


@transaction.atomic
def erase_old(*, today: date) -> int:
    """Erase what is over since CONTACTS_KEPT_DAYS, and whoever is nothing else here. Return how many went."""
    before = today - timedelta(days=settings.CONTACTS_KEPT_DAYS)
    over = Q(carried_out_at__isnull=False) | Q(called_off_at__isnull=False)
    old = Resignation.objects.filter(over, ends_on__lt=before)
    people = list(User.objects.filter(pk__in=old.values("person")))
    gone, _each = old.delete()
    for person in people:
        erasing.erase_person(person)
    return gone
