from django.db import models
from django.utils.translation import gettext_lazy as _

from participants.models.participation import Participation
from parts.dates import day_in_words
from parts.facts import by, who_and_when
from parts.names import OneLineField

REASON_LENGTH = 300


class Withdrawal(models.Model):
    """A time in which a municipality did not take part: from when and why, and perhaps until when and why.

    Each time keeps a row of its own. The one that is not over is also in `Participation.withdrawn_at` and
    `withdrawn_by`, so that any list of municipalities can ask the row alone; `Participation.withdraw` and `come_back`
    write both.
    """

    participation = models.ForeignKey(
        Participation, models.PROTECT, related_name="withdrawals", verbose_name=_("kommune i pulje")
    )
    decided_on = models.DateField(_("kommunen trakk seg"))
    reason = OneLineField(_("begrunnelse"), max_length=REASON_LENGTH)
    withdrawn_at = models.DateTimeField(_("registrert"))
    withdrawn_by = by(_("registrert av"))
    returned_on = models.DateField(_("med igjen fra"), null=True, blank=True)
    return_reason = OneLineField(_("hvorfor kommunen er med igjen"), max_length=REASON_LENGTH, blank=True)
    returned_at = models.DateTimeField(_("med igjen, registrert"), null=True, blank=True)
    returned_by = by(_("med igjen, registrert av"), optional=True)

    class Meta:
        verbose_name = _("tid utenfor prosjektet")
        verbose_name_plural = _("tider utenfor prosjektet")
        ordering = ["participation", "-withdrawn_at", "-pk"]
        constraints = [
            who_and_when("returned"),
            models.UniqueConstraint(
                fields=["participation"],
                condition=models.Q(returned_at__isnull=True),
                name="withdrawn_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(returned_at__isnull=True, returned_on__isnull=True, return_reason="")
                | models.Q(
                    ~models.Q(return_reason=""), returned_at__isnull=False, returned_on__gte=models.F("decided_on")
                ),
                name="a_return_has_a_day_and_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation}, {day_in_words(self.decided_on)}"

    @property
    def is_over(self) -> bool:
        return self.returned_at is not None
