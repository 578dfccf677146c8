import logging

from celery import shared_task
from django.utils import timezone

from lmp.desk import erasing

logger = logging.getLogger(__name__)


@shared_task
def erase_old() -> None:
    logger.info("erased: %s notes of staff", erasing.erase_old(today=timezone.localdate()))
