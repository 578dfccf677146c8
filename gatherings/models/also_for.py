from django.db import models
from django.utils.translation import gettext_lazy as _

from participants.models import Participation, Unit
from parts.facts import by, who_and_when


class AlsoForQuerySet(models.QuerySet["AlsoFor"]):
    def current(self) -> "AlsoForQuerySet":
        return self.filter(removed_at__isnull=True)


class AlsoFor(models.Model):
    """Another municipality or unit that a registered person comes for: the seat, the bed and the badge stay one.

    It takes nothing of that one's share of the places: a seat counts once, where the person was registered first.
    """

    registration = models.ForeignKey(
        "gatherings.Registration", models.PROTECT, related_name="also_for", verbose_name=_("påmelding")
    )
    participation = models.ForeignKey(
        Participation, models.PROTECT, related_name="+", verbose_name=_("kommune i pulje")
    )
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("enhet"),
        help_text=_("La feltet stå tomt hvis personen kommer for kommunen."),
    )
    added_at = models.DateTimeField(_("lagt til"))
    added_by = by(_("lagt til av"))
    removed_at = models.DateTimeField(_("tatt bort"), null=True, blank=True)
    removed_by = by(_("tatt bort av"), optional=True)

    objects = AlsoForQuerySet.as_manager()

    class Meta:
        verbose_name = _("kommer også for")
        verbose_name_plural = _("kommer også for")
        ordering = ["registration", "pk"]
        constraints = [
            who_and_when("removed"),
            models.UniqueConstraint(
                fields=["registration", "unit"],
                condition=models.Q(removed_at__isnull=True, unit__isnull=False),
                name="comes_once_for_a_unit",
            ),
            models.UniqueConstraint(
                fields=["registration", "participation"],
                condition=models.Q(removed_at__isnull=True, unit__isnull=True),
                name="comes_once_for_a_municipality",
            ),
        ]

    def __str__(self) -> str:
        return self.represents

    @property
    def represents(self) -> str:
        """The unit, else the municipality."""
        return self.unit.name if self.unit else self.participation.municipality.name_told_apart
