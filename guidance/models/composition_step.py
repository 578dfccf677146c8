"""What was done with a composition, one step after the other, so that the last ones can be undone."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guidance.models.composition import Composition
from participants.models import Participation
from parts.facts import by, who_and_when


class CompositionStep(models.Model):
    """`before` holds the seats as they were: municipality, supervisor, whether they led, whether it was locked.

    When it is undone, `undone_from` holds what it had made of them, so that it can be done again.

    A step can be undone while the seats still are what it made them, which `after` tells. So a supervisor who has been
    replaced since never comes back by it.
    """

    class Kind(models.TextChoices):
        PROPOSED = "proposed", _("lagde et forslag")
        LOCKED = "locked", _("låste")
        UNLOCKED = "unlocked", _("låste opp")
        CHOSEN = "chosen", _("endret en gruppe")

    composition = models.ForeignKey(Composition, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # The one municipality it was about; none is all of them.
    participation = models.ForeignKey(Participation, models.PROTECT, null=True, related_name="+")
    before = models.JSONField(default=list)
    after = models.CharField(max_length=16)
    taken_at = models.DateTimeField(_("gjort"))
    taken_by = by(_("gjort av"))
    undone_at = models.DateTimeField(_("angret"), null=True)
    undone_by = by(_("angret av"), optional=True)
    undone_from = models.JSONField(null=True)

    class Meta:
        verbose_name = _("steg i en sammensetting")
        verbose_name_plural = _("steg i sammensettinger")
        ordering = ["-pk"]
        constraints = [who_and_when("undone")]

    def __str__(self) -> str:
        return f"{self.composition}: {self.get_kind_display()}"
