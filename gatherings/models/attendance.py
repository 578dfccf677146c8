from django.db import models
from django.utils.translation import gettext_lazy as _

from gatherings.models.registration import Registration
from parts.dates import day_in_words
from parts.facts import by


class Attendance(models.Model):
    """A participant was there on this day. The row is the fact; undoing removes it."""

    registration = models.ForeignKey(
        Registration, models.PROTECT, related_name="attendances", verbose_name=_("påmelding")
    )
    day = models.DateField(_("dag"))
    marked_at = models.DateTimeField(_("registrert"))
    marked_by = by(_("registrert av"))

    class Meta:
        verbose_name = _("oppmøte")
        verbose_name_plural = _("oppmøter")
        ordering = ["day", "registration__name", "pk"]
        constraints = [models.UniqueConstraint(fields=["registration", "day"], name="attended_once_a_day")]

    def __str__(self) -> str:
        return f"{self.registration}, {day_in_words(self.day)}"
