from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from accounts.models import User
from parts.facts import by, who_and_when


class ResignationQuerySet(models.QuerySet["Resignation"]):
    def coming(self) -> "ResignationQuerySet":
        """Agreed, and neither carried out nor called off."""
        return self.filter(carried_out_at__isnull=True, called_off_at__isnull=True)

    def due(self, *, today: date) -> "ResignationQuerySet":
        return self.coming().filter(ends_on__lte=today)


class Resignation(models.Model):
    """A colleague stops, and no new one comes: another takes over what is open, or nobody does."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="resignations",
        verbose_name=gettext_lazy("den som slutter"),
    )
    heir = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="inherits",
        verbose_name=gettext_lazy("den som overtar"),
    )
    ends_on = models.DateField(gettext_lazy("første dag uten tilgang"))
    agreed_at = models.DateTimeField(gettext_lazy("avtalt"))
    agreed_by = by(gettext_lazy("avtalt av"))
    carried_out_at = models.DateTimeField(gettext_lazy("gjennomført"), null=True, blank=True)
    called_off_at = models.DateTimeField(gettext_lazy("avlyst"), null=True, blank=True)
    called_off_by = by(gettext_lazy("avlyst av"), optional=True)

    objects = ResignationQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("kollega som slutter")
        verbose_name_plural = gettext_lazy("kolleger som slutter")
        ordering = ["ends_on", "pk"]
        constraints = [
            who_and_when("called_off"),
            models.CheckConstraint(
                condition=models.Q(carried_out_at__isnull=True) | models.Q(called_off_at__isnull=True),
                name="a_resignation_is_carried_out_or_called_off",
            ),
            models.CheckConstraint(
                condition=models.Q(heir__isnull=True) | ~models.Q(heir=models.F("person")),
                name="nobody_takes_over_from_themselves",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(carried_out_at__isnull=True, called_off_at__isnull=True),
                name="one_coming_resignation_of_a_person",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)

    def call_off(self, *, by: User, now: datetime) -> bool:
        """Whether this did it: one that is carried out, or called off already, stays as it is."""
        coming = Resignation.objects.coming().filter(pk=self.pk)
        return bool(coming.update(called_off_at=now, called_off_by=by))
