from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from accounts import unsent_forms
from accounts.authentication import limits


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
