"""What the workers do with the letters. When is in settings.CELERY_BEAT_SCHEDULE."""

from celery import shared_task
from django.utils import timezone

from lmp.welcome import copies, sending
from lmp.welcome.models import SendingItem


@shared_task
def send_letter(item_pk: int) -> None:
    sending.process(item_pk, now=timezone.now())


@shared_task
def sweep() -> None:
    """Send what waits because the queue lost it, or a worker died with it: letters, and the copies of letters."""
    for item_pk in SendingItem.objects.waiting().values_list("pk", flat=True):
        sending.process(item_pk, now=timezone.now())
    copies.send_due(now=timezone.now())
