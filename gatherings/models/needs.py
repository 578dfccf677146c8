from django.db import models
from django.utils.translation import gettext_lazy as _

from gatherings.models.gathering import Gathering
from gatherings.models.registration import Registration
from parts.names import OneLineField


class Needs(models.Model):
    """What a participant needs in order to take part. Food may tell of health, so the rows are apart and short-lived.

    The participant alone writes and reads them. Staff see totals; by name only the group in settings.NEEDS_GROUP.
    No history is kept, and nothing of it goes into a log, a mail or an export.
    """

    registration = models.OneToOneField(Registration, models.CASCADE, related_name="needs", verbose_name=_("påmelding"))
    food = OneLineField(_("mat"), max_length=300, blank=True)
    access = OneLineField(_("tilgjengelighet"), max_length=300, blank=True)
    saved_at = models.DateTimeField(_("lagret"))

    class Meta:
        verbose_name = _("behov")
        verbose_name_plural = _("behov")

    def __str__(self) -> str:
        return str(_("behov"))  # never whose: this text reaches logs and messages


class NeedsErased(models.Model):
    """That the needs at a gathering have been deleted, and how many there were. Counts only."""

    gathering = models.ForeignKey(Gathering, models.PROTECT, related_name="needs_erased", verbose_name=_("samling"))
    erased_at = models.DateTimeField(_("slettet"))
    food = models.PositiveIntegerField(_("om mat"))
    access = models.PositiveIntegerField(_("om tilgjengelighet"))
    people = models.PositiveIntegerField(_("personer"))

    class Meta:
        verbose_name = _("sletting av behov")
        verbose_name_plural = _("slettinger av behov")
        ordering = ["-erased_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.gathering}: {self.people}"
