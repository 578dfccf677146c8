import logging

from celery import shared_task
from django.utils import timezone

from lmp.mailcalendar import erasing

logger = logging.getLogger(__name__)


@shared_task
def erase_old() -> None:
    logger.info("erased: %s reminders that were switched off", erasing.erase_old(today=timezone.localdate()))
