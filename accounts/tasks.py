from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from accounts import unsent_forms


@shared_task
def forget_sessions() -> None:
    """Delete ended sessions: they may contain what somebody typed and did not come back for."""
    call_command("clearsessions")


@shared_task
def forget_unsent_forms() -> None:
    unsent_forms.forget_old(now=timezone.now())
