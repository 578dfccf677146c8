from django.db import models
from django.utils.translation import gettext_lazy as _

from gatherings.models.gathering import Gathering
from parts.facts import by


class ExportedList(models.Model):
    """A rooming or travel list as it was sent on, so that the next one marks what is new, changed and gone.

    `rows` holds the list's cells by the person's key. Food and access are never among them.
    """

    class Kind(models.TextChoices):
        HOTEL = "hotel", _("hotelliste")
        TRAVEL = "travel", _("reiseliste")

    gathering = models.ForeignKey(Gathering, models.PROTECT, related_name="exported_lists", verbose_name=_("samling"))
    kind = models.CharField(_("liste"), max_length=6, choices=Kind.choices)
    exported_at = models.DateTimeField(_("lastet ned"))
    exported_by = by(_("lastet ned av"))
    rows = models.JSONField()

    class Meta:
        verbose_name = _("liste som er lastet ned")
        verbose_name_plural = _("lister som er lastet ned")
        ordering = ["-exported_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.gathering}"
