from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants.models.participation import Participation
from parts.facts import by, who_and_when
from parts.names import OneLineField


class CorrectionRequestQuerySet(models.QuerySet["CorrectionRequest"]):
    def open(self) -> "CorrectionRequestQuerySet":
        return self.filter(settled_at__isnull=True)


class CorrectionRequest(models.Model):
    """After the deadline: a municipality asks to correct what it has confirmed. Staff open a new round, or say no."""

    participation = models.ForeignKey(
        Participation, models.PROTECT, related_name="correction_requests", verbose_name=_("kommune i pulje")
    )
    reason = OneLineField(_("det som skal rettes"), max_length=300)
    asked_at = models.DateTimeField(_("spurt"))
    asked_by = by(_("spurt av"))
    settled_at = models.DateTimeField(_("ferdig"), null=True, blank=True)
    settled_by = by(_("ferdig ved"), optional=True)

    objects = CorrectionRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("ønske om å få rette")
        verbose_name_plural = _("ønsker om å få rette")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            who_and_when("settled"),
            models.UniqueConstraint(
                fields=["participation"], condition=models.Q(settled_at__isnull=True), name="one_open_request_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation}: {self.reason}"

    def settle(self, *, by: User, now: datetime) -> None:
        self.settled_at, self.settled_by = now, by
        self.save(update_fields=["settled_at", "settled_by"])
