from celery import shared_task
from django.utils import timezone

from lmp.changes.unit import closing


@shared_task
def carry_out_closures() -> None:
    closing.carry_out_due(now=timezone.now())
