from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from participants.models import Unit
from parts.facts import by


class MeasureMove(models.Model):
    """A measure that was entered for the wrong unit: whose it was."""

    measure = models.ForeignKey("guidance.Measure", models.CASCADE, related_name="moves")
    before = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    after = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    moved_at = models.DateTimeField(_("flyttet"))
    moved_by = by(_("flyttet av"))

    class Meta:
        verbose_name = _("flytting av tiltak")
        verbose_name_plural = _("flyttinger av tiltak")
        ordering = ["-moved_at", "-pk"]

    def __str__(self) -> str:
        return gettext("flyttet fra %(before)s til %(after)s") % {"before": self.before, "after": self.after}
