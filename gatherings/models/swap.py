from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gatherings.models.registration import Registration
from parts.facts import by
from parts.names import OneLineField


class Swap(models.Model):
    """A place, an offer or a turn in line went from one person to another. The registration is the same."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="swaps", verbose_name=_("påmelding"))
    before = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("før"))
    before_name = OneLineField(_("navnet før"), max_length=200)
    after = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("etter"))
    # The registration's version from then on: the one before needs it to take the entry out of their calendar.
    calendar_version = models.PositiveIntegerField(editable=False)
    swapped_at = models.DateTimeField(_("byttet"))
    swapped_by = by(_("byttet av"))

    class Meta:
        verbose_name = _("bytte av person")
        verbose_name_plural = _("bytter av person")
        ordering = ["-swapped_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.before_name} → {self.registration}"
