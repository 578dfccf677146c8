import logging

from celery import shared_task
from django.utils import timezone

from participants import erasing, registers
from participants.models import Cohort, CohortUpload

logger = logging.getLogger(__name__)


@shared_task
def erase_old() -> None:
    logger.info("erased: %s", erasing.erase_old(today=timezone.localdate()))


@shared_task
def refresh_registers(cohort_id: int) -> None:
    cohort = Cohort.objects.get(pk=cohort_id)
    summary = registers.Summary()
    for _participation, comparison, counted in registers.refresh(cohort, on=timezone.localdate()):
        summary.add(comparison, counted=counted)
    logger.info("Registers, cohort %s: %s", cohort.number, summary)


@shared_task
def forget_uploads() -> None:
    CohortUpload.objects.forget_old(now=timezone.now())
