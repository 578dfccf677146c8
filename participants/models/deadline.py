from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.models.confirmation import Confirmation
from parts.dates import day_in_words
from parts.facts import by
from parts.names import OneLineField

SENTENCE_LENGTH = 500


class DeadlineChange(models.Model):
    """A round's deadline was moved: from which day to which, by whom, when, and what staff wrote about it."""

    confirmation = models.ForeignKey(
        Confirmation, models.PROTECT, related_name="deadline_changes", verbose_name=gettext_lazy("bekreftelse")
    )
    before = models.DateField(gettext_lazy("fristen før"))
    after = models.DateField(gettext_lazy("ny frist"))
    sentence = OneLineField(gettext_lazy("melding til kommunen"), max_length=SENTENCE_LENGTH, blank=True)
    changed_at = models.DateTimeField(gettext_lazy("endret"))
    changed_by = by(gettext_lazy("endret av"))

    class Meta:
        verbose_name = gettext_lazy("fristendring")
        verbose_name_plural = gettext_lazy("fristendringer")
        ordering = ["-changed_at", "-pk"]

    def __str__(self) -> str:
        return _("%(municipality)s: til og med %(after)s (før: %(before)s)") % {
            "municipality": self.confirmation,
            "after": day_in_words(self.after),
            "before": day_in_words(self.before),
        }
