from datetime import date, datetime

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gatherings.models.gathering import Gathering
from participants.models import Participation, Strike, Unit
from parts.facts import by, who_and_when
from parts.names import OneLineField


class NobodyComesQuerySet(models.QuerySet["NobodyComes"]):
    def standing(self) -> "NobodyComesQuerySet":
        """Not taken back."""
        return self.filter(taken_back_at__isnull=True)

    def visible_to(self, user: User) -> "NobodyComesQuerySet":
        """Staff see all; others those of the municipalities and units that they see."""
        if user.is_active and user.is_staff:
            return self
        return self.filter(
            models.Q(participation__in=Participation.objects.visible_to(user), unit__isnull=True)
            | models.Q(unit__in=Unit.objects.visible_to(user))
        )

    def editable_by(self, user: User, *, today: date | None = None) -> "NobodyComesQuerySet":
        """Those of the municipalities and units that the person answers for today."""
        return self.filter(
            models.Q(participation__in=Participation.objects.editable_by(user, today=today))
            | models.Q(unit__in=Unit.objects.editable_by(user, today=today))
        )


class NobodyComes(models.Model):
    """The answer of a municipality or a unit that nobody comes for it to a gathering, until it is taken back.

    Nobody is reminded of what has been answered. Whoever is registered for the place takes the answer back.
    """

    gathering = models.ForeignKey(Gathering, models.PROTECT, related_name="nobody_comes", verbose_name=_("samling"))
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
        help_text=_("La feltet stå tomt hvis svaret gjelder kommunen."),
    )
    note = OneLineField(_("merknad"), max_length=500, blank=True)
    answered_at = models.DateTimeField(_("svart"))
    answered_by = by(_("svart av"))
    taken_back_at = models.DateTimeField(_("trukket tilbake"), null=True, blank=True)
    taken_back_by = by(_("trukket tilbake av"), optional=True)

    strikes = GenericRelation(Strike, content_type_field="about_type", object_id_field="about_id")

    objects = NobodyComesQuerySet.as_manager()

    class Meta:
        verbose_name = _("svar om at ingen kommer")
        verbose_name_plural = _("svar om at ingen kommer")
        ordering = ["gathering", "pk"]
        constraints = [
            who_and_when("taken_back"),
            models.UniqueConstraint(
                fields=["gathering", "unit"],
                condition=models.Q(taken_back_at__isnull=True, unit__isnull=False),
                name="answered_once_for_a_unit",
            ),
            models.UniqueConstraint(
                fields=["gathering", "participation"],
                condition=models.Q(taken_back_at__isnull=True, unit__isnull=True),
                name="answered_once_for_a_municipality",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about}, {self.gathering}"

    @property
    def about(self) -> str:
        """The unit, else the municipality."""
        return self.unit.name if self.unit else self.participation.municipality.name_told_apart

    def take_back(self, *, by: User, now: datetime) -> None:
        self.taken_back_at, self.taken_back_by = now, by
        self.save(update_fields=["taken_back_at", "taken_back_by"])
