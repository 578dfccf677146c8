"""What the workers do with what staff have written. When is in settings.CELERY_BEAT_SCHEDULE."""

import logging

from celery import shared_task
from django.utils import timezone

from lmp.writing import erasing, sending
from lmp.writing.models import Writing

logger = logging.getLogger(__name__)


@shared_task
def send(writing_pk: int) -> None:
    sending.process(writing_pk, now=timezone.now())


@shared_task
def sweep() -> None:
    """Post what waits because the queue lost it, or a worker died with it. One that fails keeps back no other."""
    for writing_pk in Writing.objects.waiting().order_by("pk").values_list("pk", flat=True):
        try:
            sending.process(writing_pk, now=timezone.now())
        except Exception:
            logger.exception("the writing %s could not be sent", writing_pk)


@shared_task
def erase_old() -> None:
    logger.info("erased: %s writings", erasing.erase_old(now=timezone.now()))
