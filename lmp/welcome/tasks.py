"""What the workers do with the letters. When, stands in settings.CELERY_BEAT_SCHEDULE."""

import logging

from celery import shared_task
from django.utils import timezone

from lmp.welcome import sending
from lmp.welcome.models import SendingItem

logger = logging.getLogger(__name__)


@shared_task
def send_letter(item_pk: int) -> None:
    sending.process(item_pk, now=timezone.now())


@shared_task
def sweep() -> None:
    """Send what waits because the queue lost it, or a worker died with it."""
    for item_pk in SendingItem.objects.waiting().values_list("pk", flat=True):
        sending.process(item_pk, now=timezone.now())


def queue_items(sending_pk: int) -> None:
    """Hand each letter to a worker. When the queue is down this gives up; the sweep sends what waits."""
    try:
        for item_pk in SendingItem.objects.filter(sending=sending_pk).values_list("pk", flat=True):
            send_letter.apply_async([item_pk], expires=600)
    except Exception:
        logger.exception("the queue cannot be reached; the sweep will send the letters")
