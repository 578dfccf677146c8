from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy

from participants.models.unit import Unit
from parts.facts import by, who_and_when


class UnitClosureQuerySet(models.QuerySet["UnitClosure"]):
    def in_force(self) -> "UnitClosureQuerySet":
        return self.filter(undone_at__isnull=True)

    def to_come(self) -> "UnitClosureQuerySet":
        """Decided, and not carried out yet: they can still be changed and undone as if nothing had been decided."""
        return self.in_force().filter(carried_out_at__isnull=True)

    def due(self, *, today: date) -> "UnitClosureQuerySet":
        """Those whose day has come."""
        return self.to_come().filter(unit__closed_on__lte=today)


class UnitClosure(models.Model):
    """The closing of a unit, or its merging into another: decided once, and carried out from its day on.

    The day and the other unit are the unit's own (`closed_on`, `merged_into`). This is who decided it, what moves to
    the other unit, and when what hangs on the unit was made to follow.
    """

    class Keeps(models.TextChoices):
        """Of the unit that closes, and of the one that it becomes a part of."""

        OWN = "own", gettext_lazy("den som legges ned")
        OTHER = "other", gettext_lazy("den andre")
        BOTH = "both", gettext_lazy("begge")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="closures", verbose_name=gettext_lazy("enhet"))
    # Empty when the unit is closed, and merged with none.
    head = models.CharField(max_length=5, choices=Keeps.choices, blank=True)
    group = models.CharField(max_length=5, choices=Keeps.choices, blank=True)
    measures_move = models.BooleanField(default=False)
    decided_at = models.DateTimeField()
    decided_by = by()
    carried_out_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = by(optional=True)

    objects = UnitClosureQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("nedlegging")
        verbose_name_plural = gettext_lazy("nedlegginger")
        ordering = ["-decided_at", "-pk"]
        constraints = [
            who_and_when("undone"),
            models.UniqueConstraint(
                fields=["unit"], condition=models.Q(undone_at__isnull=True), name="a_unit_is_closed_once"
            ),
        ]

    def __str__(self) -> str:
        return self.unit.closing_in_words() or str(self.unit)
