"""What the workers do with what is shared. When is in settings.CELERY_BEAT_SCHEDULE."""

import logging

from celery import shared_task
from django.utils import timezone

from lmp.sharing import erasing

logger = logging.getLogger(__name__)


@shared_task
def erase_old() -> None:
    logger.info("erased: %s readings", erasing.erase_old(now=timezone.now()))
