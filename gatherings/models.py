from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.models import HistoricalRecords

from accounts.models import User
from participants.models import Cohort, Contact, Participation, Unit


class GatheringQuerySet(models.QuerySet["Gathering"]):
    def visible_to(self, user: User) -> "GatheringQuerySet":
        """Everybody in the cohort sees its gatherings."""
        if user.is_active and user.is_staff:
            return self
        return self.filter(
            models.Q(cohort__participations__in=Participation.objects.visible_to(user))
            | models.Q(cohort__participations__in=Unit.objects.visible_to(user).values("participation"))
        ).distinct()


class Gathering(models.Model):
    """The kick-off of a cohort, or one of its four gatherings, one in each semester."""

    class Kind(models.TextChoices):
        KICK_OFF = "kick_off", gettext_lazy("oppstartssamling")
        GATHERING = "gathering", gettext_lazy("samling")

    class Settled(models.TextChoices):
        TENTATIVE = "tentative", gettext_lazy("ikke avklart")
        FIXED = "fixed", gettext_lazy("avklart")
        POSTPONED = "postponed", gettext_lazy("utsatt")
        CANCELLED = "cancelled", gettext_lazy("avlyst")

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="gatherings", verbose_name=gettext_lazy("pulje"))
    kind = models.CharField(gettext_lazy("type"), max_length=10, choices=Kind.choices, default=Kind.GATHERING)
    semester = models.PositiveSmallIntegerField(
        gettext_lazy("semester"),
        null=True,
        blank=True,
        choices=[(number, str(number)) for number in (1, 2, 3, 4)],
        help_text=gettext_lazy("1 til 4, i rekkefølge høst, vår, høst, vår. Tomt for oppstartssamlingen."),
    )
    starts_on = models.DateField(gettext_lazy("første dag"), null=True, blank=True)
    ends_on = models.DateField(gettext_lazy("siste dag"), null=True, blank=True)
    venue = models.CharField(gettext_lazy("sted"), max_length=200, blank=True)
    settled = models.CharField(
        gettext_lazy("avklart"), max_length=10, choices=Settled.choices, default=Settled.TENTATIVE
    )
    audience = models.JSONField(
        gettext_lazy("for hvem"),
        default=list,
        blank=True,
        help_text=gettext_lazy("Funksjonene som er invitert. Tom liste: alle."),
    )

    objects = GatheringQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = gettext_lazy("samling")
        verbose_name_plural = gettext_lazy("samlinger")
        ordering = ["cohort", models.F("semester").asc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "semester"],
                name="one_gathering_a_semester",
                violation_error_message=gettext_lazy("Pulja har allerede en samling i dette semesteret."),
            ),
            models.CheckConstraint(
                condition=models.Q(kind="kick_off", semester__isnull=True)
                | models.Q(kind="gathering", semester__isnull=False),
                name="a_gathering_has_a_semester",
                violation_error_message=gettext_lazy("En samling har et semester; oppstartssamlingen har ikke."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(starts_on__isnull=False, ends_on__gte=models.F("starts_on")),
                name="a_gathering_ends_after_it_starts",
                violation_error_message=gettext_lazy("Siste dag kan ikke være før første dag."),
            ),
            models.CheckConstraint(
                condition=~models.Q(settled="fixed") | models.Q(starts_on__isnull=False),
                name="a_settled_gathering_has_a_date",
                violation_error_message=gettext_lazy("En avklart samling må ha en dato."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.cohort})"

    def clean(self) -> None:
        super().clean()
        known = set(Contact.Function.values)
        if not isinstance(self.audience, list) or not known.issuperset(self.audience):
            raise ValidationError({"audience": _("Velg blant funksjonene i lista.")})

    @property
    def title(self) -> str:
        if self.kind == self.Kind.KICK_OFF:
            return str(self.Kind.KICK_OFF.label).capitalize()
        return f"{self.semester}. {self.cohort.get_gathering_label_display()}"

    @property
    def is_settled(self) -> bool:
        return self.settled == self.Settled.FIXED

    @property
    def last_day(self) -> date | None:
        return self.ends_on or self.starts_on

    def is_past(self, *, today: date | None = None) -> bool:
        return self.last_day is not None and self.last_day < (today or timezone.localdate())
