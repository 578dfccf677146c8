"""The log is kept for two years, or as long as the person is."""

from datetime import datetime

from lmp.seeing.models import KEPT, ViewedPage, Viewing


def erase_old(*, now: datetime) -> int:
    """Erase those that ended long ago. Return how many went."""
    old = Viewing.objects.filter(until__lt=now - KEPT)
    ViewedPage.objects.filter(viewing__in=old).delete()
    gone, _each = old.delete()
    return gone
