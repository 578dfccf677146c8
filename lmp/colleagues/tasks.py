import logging

from celery import shared_task
from django.utils import timezone

from lmp.colleagues import erasing, leaving

logger = logging.getLogger(__name__)


@shared_task
def carry_out_resignations() -> int:
    """Do what is due; run twice, it is done once."""
    return leaving.carry_out_due(now=timezone.now())


@shared_task
def erase_old() -> None:
    logger.info("erased: %s colleagues who have stopped", erasing.erase_old(today=timezone.localdate()))
