from celery import shared_task
from django.core.management import call_command


@shared_task
def forget_sessions() -> None:
    """Delete ended sessions: they may contain what somebody typed and did not come back for."""
    call_command("clearsessions")
