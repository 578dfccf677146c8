"""What the workers do with the outbox. settings.CELERY_BEAT_SCHEDULE says when."""

import logging

from celery import shared_task
from django.utils import timezone

from outbox import delivery, plan, striking
from outbox.returns import erasing, mailbox

logger = logging.getLogger(__name__)


@shared_task
def deliver() -> None:
    delivery.drain(now=timezone.now())


@shared_task
def sweep() -> None:
    delivery.wipe_expired_secrets(now=timezone.now())
    delivery.drain(now=timezone.now())


@shared_task
def send_due() -> None:
    plan.send_due(timezone.now())


@shared_task
def read_returns() -> None:
    mailbox.read_all(now=timezone.now())


@shared_task
def erase_old() -> None:
    erasing.erase_old(now=timezone.now())


@shared_task
def forget_old() -> None:
    logger.info("forgot what %s mails said", striking.forget_old(now=timezone.now()))
