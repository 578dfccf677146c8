import logging

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from accounts import unsent_forms
from accounts.authentication import limits
from accounts.models import PrivateReading

logger = logging.getLogger(__name__)


@shared_task
def forget_sessions() -> None:
    """Delete ended sessions: they may contain what somebody typed and did not come back for."""
    call_command("clearsessions")


@shared_task
def forget_limits() -> None:
    """Keep the table small: the cache counts its rows each time it writes, and deletes none until it is full."""
    limits.forget_run_out(now=timezone.now())


@shared_task
def forget_unsent_forms() -> None:
    unsent_forms.forget_old(now=timezone.now())


@shared_task
def erase_old() -> None:
    old = PrivateReading.objects.filter(read_at__lt=timezone.now() - PrivateReading.KEPT)
    _all_gone, each_gone = old.delete()
    logger.info("erased: %s lines of who read what", each_gone.get(PrivateReading._meta.label, 0))
