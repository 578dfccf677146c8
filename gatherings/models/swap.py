from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gatherings.models.registration import Registration
from parts.facts import by
from parts.names import OneLineField


class Swap(models.Model):
    """A place, an offer or a turn in line went from one person to another. The registration is the same."""

    registration = models.ForeignKey(
        Registration, models.CASCADE, related_name="swaps", verbose_name=gettext_lazy("påmelding")
    )
    before = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=gettext_lazy("før")
    )
    before_name = OneLineField(gettext_lazy("navnet før"), max_length=200)
    after = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=gettext_lazy("etter")
    )
    # The registration's version from then on: the one before needs it to take the entry out of their calendar.
    calendar_version = models.PositiveIntegerField(editable=False)
    swapped_at = models.DateTimeField(gettext_lazy("byttet"))
    swapped_by = by(gettext_lazy("byttet av"))

    class Meta:
        verbose_name = gettext_lazy("bytte av person")
        verbose_name_plural = gettext_lazy("bytter av person")
        ordering = ["-swapped_at", "-pk"]

    def __str__(self) -> str:
        said = _("%(new)s kommer i stedet for %(old)s") % {"new": self.registration.name, "old": self.before_name}
        return f"{said}, {self.registration.gathering}"
