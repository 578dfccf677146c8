from datetime import datetime, timedelta

from django.contrib.auth import get_user_model

from outbox.models import DeadAddress, ReturnedMail

KEPT = timedelta(days=90)


def erase_old(*, now: datetime) -> None:
    """Erase what was read of mails that came back, and dead addresses that nobody has any more.

    That a message came back is the message's own, and goes with it.
    """
    ReturnedMail.objects.filter(received_at__lt=now - KEPT).delete()
    theirs = get_user_model().objects.values("email")
    DeadAddress.objects.filter(dead_at__lt=now - KEPT).exclude(address__in=theirs).delete()
