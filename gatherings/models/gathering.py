from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from participants.models import Cohort, Contact, Participation, Unit
from parts.dates import awake_between, date_in_words, day_in_words, end_of
from parts.facts import ToldByField, by
from parts.history import HistoricalRecords
from parts.names import OneLineField
from parts.sheets.cells import About

# Of the day, from eight to ten in the evening: no offer of a place leaves less to answer it in.
TIME_TO_ANSWER = timedelta(hours=6)


class GatheringQuerySet(models.QuerySet["Gathering"]):
    def visible_to(self, user: User) -> "GatheringQuerySet":
        """Everybody in the cohort sees its gatherings, and so does whoever is registered at one."""
        if not user.is_active:
            return self.none()
        if user.is_staff:
            return self
        return self.filter(
            models.Q(cohort__participations__in=Participation.objects.visible_to(user))
            | models.Q(cohort__participations__in=Unit.objects.visible_to(user).values("participation"))
            | models.Q(registrations__user=user)
        ).distinct()

    def open(self, *, today: date) -> "GatheringQuerySet":
        """Filter by `Gathering.is_open`."""
        return self.upcoming(today=today).filter(
            settled=Gathering.Settled.FIXED, opens_on__lte=today, closes_on__gte=today
        )

    def upcoming(self, *, today: date) -> "GatheringQuerySet":
        """Those whose first day is this one or later, and that are not cancelled."""
        return self.filter(starts_on__gte=today).exclude(settled=Gathering.Settled.CANCELLED)

    def make_the_four(self, cohort: Cohort) -> "list[Gathering]":
        """Make a tentative gathering in each semester that has none. Return the new ones."""
        taken = set(self.filter(cohort=cohort, semester__isnull=False).values_list("semester", flat=True))
        return [
            self.create(cohort=cohort, kind=Gathering.Kind.GATHERING, semester=semester)
            for semester in (1, 2, 3, 4)
            if semester not in taken
        ]


class Gathering(ToldByField):
    """The kick-off of a cohort, or one of its four gatherings, one in each semester."""

    class Kind(models.TextChoices):
        KICK_OFF = "kick_off", gettext_lazy("oppstartssamling")
        GATHERING = "gathering", gettext_lazy("samling")

    class Settled(models.TextChoices):
        TENTATIVE = "tentative", gettext_lazy("ikke avklart")
        FIXED = "fixed", gettext_lazy("avklart")
        POSTPONED = "postponed", gettext_lazy("utsatt")
        CANCELLED = "cancelled", gettext_lazy("avlyst")

    # The contacts' functions, and those who have none: the people who work in a unit.
    STAFF = "staff"
    AUDIENCE = [*Contact.Function.choices, (STAFF, gettext_lazy("ansatt"))]

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="gatherings", verbose_name=gettext_lazy("pulje"))
    kind = models.CharField(gettext_lazy("type"), max_length=10, choices=Kind.choices, default=Kind.GATHERING)
    semester = models.PositiveSmallIntegerField(
        gettext_lazy("semester"),
        null=True,
        blank=True,
        choices=[(number, str(number)) for number in (1, 2, 3, 4)],
        help_text=gettext_lazy(
            "1 til 4, i rekkefølgen høst, vår, høst, vår. La feltet stå tomt for oppstartssamlingen."
        ),
    )
    starts_on = models.DateField(gettext_lazy("første dag"), null=True, blank=True)
    ends_on = models.DateField(gettext_lazy("siste dag"), null=True, blank=True)
    starts_at = models.TimeField(gettext_lazy("begynner kl."), null=True, blank=True)
    ends_at = models.TimeField(gettext_lazy("slutter kl."), null=True, blank=True)
    venue = OneLineField(gettext_lazy("sted"), max_length=200, blank=True)
    address = OneLineField(gettext_lazy("adresse"), max_length=200, blank=True)
    settled = models.CharField(
        gettext_lazy("avklart"), max_length=10, choices=Settled.choices, default=Settled.TENTATIVE
    )
    audience = models.JSONField(
        gettext_lazy("for hvem"),
        default=list,
        blank=True,
        help_text=gettext_lazy("Funksjonene som er invitert. Er lista tom, er alle invitert."),
    )
    opens_on = models.DateField(gettext_lazy("påmeldingen åpner"), null=True, blank=True)
    closes_on = models.DateField(gettext_lazy("påmeldingsfrist"), null=True, blank=True)
    travel_closes_on = models.DateField(
        gettext_lazy("frist for å bestille reise"),
        null=True,
        blank=True,
        help_text=gettext_lazy("La feltet stå tomt hvis deltakerne bestiller selv."),
    )
    procedure = models.TextField(
        gettext_lazy("slik bestiller deltakerne reise og hotell"),
        blank=True,
        max_length=4000,
        help_text=gettext_lazy("Utgiftene dekkes når deltakeren følger dette."),
    )
    programme = models.TextField(gettext_lazy("program"), blank=True, max_length=8000)
    capacity = models.PositiveSmallIntegerField(
        gettext_lazy("plasser i alt"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=gettext_lazy(
            "La feltet stå tomt hvis det ikke er noen grense. Når det er fullt, kommer de neste på venteliste."
        ),
    )
    capacity_a_unit = models.PositiveSmallIntegerField(
        gettext_lazy("plasser til hver enhet"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    capacity_a_municipality = models.PositiveSmallIntegerField(
        gettext_lazy("plasser til hver kommune"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=gettext_lazy("Enhetenes plasser er regnet med."),
    )
    offer_days = models.PositiveSmallIntegerField(
        gettext_lazy("dager på å svare på et tilbud om plass"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
    )
    calendar_version = models.PositiveIntegerField(default=0, editable=False)

    told_by: ClassVar = {
        "one_gathering_a_semester": "semester",
        "a_gathering_has_a_semester": "semester",
        "a_gathering_ends_after_it_starts": "ends_on",
        "a_settled_gathering_has_a_date": "starts_on",
        "registration_closes_after_it_opens": "closes_on",
        "registration_closes_before_it_starts": "closes_on",
    }

    objects = GatheringQuerySet.as_manager()
    # What staff wrote to those concerned by a change.
    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

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
            models.CheckConstraint(
                condition=models.Q(opens_on__isnull=True)
                | models.Q(closes_on__isnull=False, closes_on__gte=models.F("opens_on")),
                name="registration_closes_after_it_opens",
                violation_error_message=gettext_lazy("Påmeldingsfristen kan ikke være før påmeldingen åpner."),
            ),
            models.CheckConstraint(
                condition=models.Q(closes_on__isnull=True)
                | models.Q(starts_on__isnull=True)
                | models.Q(closes_on__lte=models.F("starts_on")),
                name="registration_closes_before_it_starts",
                violation_error_message=gettext_lazy("Påmeldingsfristen kan ikke være etter første dag."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.cohort})"

    def get_absolute_url(self) -> str:
        return reverse("gatherings:gathering", args=[self.pk])

    def clean(self) -> None:
        super().clean()
        known = {value for value, _label in self.AUDIENCE}
        if not isinstance(self.audience, list) or not known.issuperset(self.audience):
            raise ValidationError({"audience": _("Velg blant funksjonene i lista.")})

    def save_by(self, by: User, *, sentence: str = "") -> None:
        """Save it, with the person and what they wrote in its history."""
        self._history_user, self._change_reason = by, sentence or None
        self.save()

    @property
    def title(self) -> str:
        if self.kind == self.Kind.KICK_OFF:
            return str(self.Kind.KICK_OFF.label).capitalize()
        return f"{self.semester}. {self.cohort.get_gathering_label_display()}"

    @property
    def in_a_sentence(self) -> str:
        """As it is called within a sentence, after a preposition or first: the start-up gathering is the only one."""
        return str(_("oppstartssamlingen")) if self.kind == self.Kind.KICK_OFF else self.title

    @property
    def in_its_cohort(self) -> str:
        """The same, told from those of other cohorts."""
        return _("%(gathering)s i %(cohort)s") % {"gathering": self.in_a_sentence, "cohort": str(self.cohort).lower()}

    def about_list(self, title: str, *, at: datetime) -> About:
        """What a workbook of this gathering is of."""
        days = "–".join(dict.fromkeys(date_in_words(day) for day in (self.starts_on, self.last_day) if day))
        named = ", ".join(part for part in (self.title, days) if part)
        return About(title, at, cohort=str(self.cohort), gathering=named, place=self.venue)

    @property
    def is_settled(self) -> bool:
        return self.settled == self.Settled.FIXED

    @property
    def last_day(self) -> date | None:
        return self.ends_on or self.starts_on

    @property
    def place(self) -> str:
        """Where it is, on one line; empty while that is not known."""
        return ", ".join(part for part in (self.venue, self.address) if part)

    @property
    def days(self) -> list[date]:
        """Its days in order; none while the date is not known."""
        if self.starts_on is None or self.last_day is None:
            return []
        return [self.starts_on + timedelta(days=number) for number in range((self.last_day - self.starts_on).days + 1)]

    @property
    def nights(self) -> list[date]:
        """The nights a participant may need a bed: before the first day, and between the days. Each by its evening."""
        return [self.days[0] - timedelta(days=1), *self.days[:-1]] if self.days else []

    def invites(self, functions: Collection[str]) -> bool:
        """Whether it is for any of these functions; without an audience it is for all."""
        return not self.audience or not set(self.audience).isdisjoint(functions)

    def is_open(self, *, today: date) -> bool:
        """Whether it takes registrations and changes on this day."""
        return (
            self.is_settled
            and self.opens_on is not None
            and self.closes_on is not None
            and self.starts_on is not None
            and self.opens_on <= today <= self.closes_on
            and today <= self.starts_on
        )

    def offer_lasts_until(self, now: datetime) -> datetime | None:
        """Midnight after `offer_days` whole days, though never into the gathering itself.

        None when that is too soon for anybody to answer while they are awake: then no offer is made.
        """
        last = timezone.localdate(now) + timedelta(days=self.offer_days)
        if self.starts_on is not None:
            last = min(last, self.starts_on - timedelta(days=1))
        until = end_of(last)
        return until if awake_between(now, until) >= TIME_TO_ANSWER else None

    def is_past(self, *, today: date | None = None) -> bool:
        return self.last_day is not None and self.last_day < (today or timezone.localdate())


class EarlierDeadline(models.Model):
    """A deadline of a gathering that held until this moment. What was done in time by it stays done in time."""

    class Kind(models.TextChoices):
        REGISTRATION = "registration", gettext_lazy("påmeldingsfrist")
        TRAVEL = "travel", gettext_lazy("frist for å bestille reise")

    gathering = models.ForeignKey(
        Gathering, models.PROTECT, related_name="earlier_deadlines", verbose_name=gettext_lazy("samling")
    )
    kind = models.CharField(gettext_lazy("frist"), max_length=12, choices=Kind.choices)
    day = models.DateField(
        gettext_lazy("siste dag"),
        null=True,
        blank=True,
        help_text=gettext_lazy("La feltet stå tomt hvis det ikke er noen frist."),
    )
    held_until = models.DateTimeField(gettext_lazy("gjaldt til"))
    changed_by = by(gettext_lazy("endret av"))

    class Meta:
        verbose_name = gettext_lazy("tidligere frist")
        verbose_name_plural = gettext_lazy("tidligere frister")
        ordering = ["gathering", "-held_until", "-pk"]

    def __str__(self) -> str:
        return f"{self.gathering}: {self.get_kind_display()} {day_in_words(self.day) or '–'}"
