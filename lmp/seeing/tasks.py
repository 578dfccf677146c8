import logging

from celery import shared_task
from django.utils import timezone

from lmp.seeing import erasing

logger = logging.getLogger(__name__)


@shared_task
def erase_old() -> None:
    logger.info("erased: %s from the log of who was seen as whom", erasing.erase_old(now=timezone.now()))
