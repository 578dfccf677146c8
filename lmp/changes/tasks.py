"""What was agreed for a day to come, and is done when it has come."""

import logging

from celery import shared_task
from django.utils import timezone

from lmp.changes import mails
from lmp.changes.models import Succession
from lmp.changes.succession import due, erasing
from lmp.changes.unit import closing

logger = logging.getLogger(__name__)


@shared_task
def carry_out_closures() -> None:
    closing.carry_out_due(now=timezone.now())


@shared_task
def erase_old() -> None:
    logger.info("erased: %s successions", erasing.erase_old(today=timezone.localdate()))
    logger.info("forgot %s addresses of people who were erased", mails.forget_erased(now=timezone.now()))


@shared_task
def carry_out_successions() -> int:
    """Do what is due, each in its own transaction; one that fails keeps back no other. Run twice, it is done once."""
    now = timezone.now()
    done = 0
    for succession in Succession.objects.due(today=timezone.localdate(now)):
        try:
            due.carry_out(succession, now=now)
            done += 1
        except Exception:
            logger.exception("the succession %s could not be carried out", succession.pk)
    return done
