import logging

from celery import shared_task
from django.utils import timezone

from gatherings import erasing

logger = logging.getLogger(__name__)


@shared_task
def erase_old() -> None:
    now = timezone.now()
    logger.info("needs erased at %s gatherings", len(erasing.erase_needs(now=now)))
    logger.info("erased: %s", erasing.erase_old(today=timezone.localdate(now)))
