from datetime import date

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from participants import organisation_number
from participants.models.cohort import oldest_going_on
from participants.models.participation import Keys, Participation, contact_of
from participants.models.strike import Strike
from parts.dates import day_in_words
from parts.history import HistoricalRecords
from parts.names import OneLineField
from parts.order import NameField


class UnitQuerySet(models.QuerySet["Unit"]):
    def visible_to(self, user: User) -> "UnitQuerySet":
        return self.filter(
            models.Q(participation__in=Participation.objects.visible_to(user)) | models.Q(pk__in=_led_by(user))
        )

    def editable_by(self, user: User, *, today: date | None = None) -> "UnitQuerySet":
        """The units that this person is the head of, or whose municipality they answer for."""
        if not user.is_active:
            return self.none()
        participations = contact_of(user, editors=True)
        return self.answered_for(participations, _led_by(user), today=today or timezone.localdate())

    def answered_for(self, participations: Keys, units: Keys, *, today: date) -> "UnitQuerySet":
        """Those of these participations' units, and of these units, in which something may still be changed."""
        return self.filter(
            models.Q(participation__in=participations, participation__cohort__first_year__gte=oldest_going_on(today))
            | models.Q(pk__in=units),
            participation__withdrawn_at__isnull=True,
            participation__declined_at__isnull=True,
        )

    def led_by(self, user: User) -> "UnitQuerySet":
        """The units that this person is the head of; all of them are visible to the head."""
        return self.filter(pk__in=_led_by(user))

    def active(self, *, today: date | None = None) -> "UnitQuerySet":
        """Many rows' `is_active`."""
        return self.filter(in_operation(today=today or timezone.localdate()))

    def called(self, text: str) -> "UnitQuerySet":
        """Those with this in the name they have or had."""
        former = Unit.history.filter(name__icontains=text).values("id")
        return self.filter(models.Q(name__icontains=text) | models.Q(pk__in=former))

    def numbered(self, text: str) -> "UnitQuerySet":
        """Those with this organisation number, or that had it, however it is written."""
        number = organisation_number.normalise(text)
        if not organisation_number.is_valid(number):
            return self.none()
        former = Unit.history.filter(organisation_number=number).values("id")
        return self.filter(models.Q(organisation_number=number) | models.Q(pk__in=former))

    def in_the_way_of(self, *, number: str, kind: str, participation: Keys) -> "UnitQuerySet":
        """Those of a municipality whose organisation number no unit of this kind may have too."""
        if not number:
            return self.none()
        others = self.filter(participation__in=participation, organisation_number=number)
        shared = [other for other in Unit.Kind.values if Unit.may_share_number(kind, other)]
        return others.exclude(kind__in=shared)

    def lacking_count(self, *, today: date) -> "UnitQuerySet":
        """Active units whose number of children is asked for by itself, for no round is open.

        They are new since the municipality confirmed, or have been merged with another since they were counted.
        """
        municipality = Participation.objects.filter(pk=models.OuterRef("participation"))
        answered = municipality.filter(confirmations__answered_at__isnull=False).order_by("-confirmations__answered_at")
        is_open = municipality.filter(confirmations__isnull=False, confirmations__answered_at__isnull=True)
        new = Unit.history.filter(
            id=models.OuterRef("pk"), history_type="+", history_date__gt=models.OuterRef("answered")
        )
        merged = Unit.objects.filter(merged_into=models.OuterRef("pk"), closed_on__lte=today)
        since = merged.filter(
            models.Q(closed_on__gt=models.OuterRef("counted_on")) | models.Q(merged_into__counted_on__isnull=True)
        )
        return (
            self.active(today=today)
            .filter(participation__welcomed_at__isnull=False, participation__withdrawn_at__isnull=True)
            .annotate(answered=models.Subquery(answered.values("confirmations__answered_at")[:1]))
            .filter(models.Q(models.Exists(new), children__isnull=True) | models.Exists(since), answered__isnull=False)
            .exclude(models.Exists(is_open))
        )


def in_operation(*, today: date, unit: str = "") -> models.Q:
    """A unit that is active that day. `unit` is the path to it from the rows that are filtered."""
    path = f"{unit}__closed_on" if unit else "closed_on"
    there = models.Q(**{f"{unit}__isnull": False}) if unit else models.Q()
    return there & (models.Q(**{f"{path}__isnull": True}) | models.Q(**{f"{path}__gt": today}))


def _led_by(user: User) -> models.QuerySet:
    from participants.models.contact import Contact

    if not user.is_active:
        return Contact.objects.none().values("unit")
    return (
        Contact.objects.current().filter(user=user, function=Contact.Function.HEAD, unit__isnull=False).values("unit")
    )


class Unit(models.Model):
    """A kindergarten, school or after-school programme in a participation. Closed and merged units stay."""

    class Kind(models.TextChoices):
        KINDERGARTEN = "kindergarten", gettext_lazy("barnehage")
        SCHOOL = "school", gettext_lazy("skole")
        SFO = "sfo", gettext_lazy("SFO")

    class Ownership(models.TextChoices):
        PUBLIC = "public", gettext_lazy("kommunal")
        PRIVATE = "private", gettext_lazy("privat")

    participation = models.ForeignKey(
        Participation, models.PROTECT, related_name="units", verbose_name=gettext_lazy("kommune i pulje")
    )
    name = NameField(gettext_lazy("navn"), max_length=200)
    organisation_number = OneLineField(
        gettext_lazy("organisasjonsnummer"),
        max_length=9,
        blank=True,
        validators=[organisation_number.validate],
        help_text=gettext_lazy("Ni siffer. En SFO kan mangle eget nummer."),
    )
    kind = models.CharField(gettext_lazy("type"), max_length=12, choices=Kind.choices)
    ownership = models.CharField(
        gettext_lazy("eierform"), max_length=7, choices=Ownership.choices, default=Ownership.PUBLIC
    )
    children = models.PositiveIntegerField(
        gettext_lazy("antall barn"), null=True, blank=True, validators=[MaxValueValidator(5000)]
    )
    counted_on = models.DateField(gettext_lazy("telt"), null=True, blank=True)
    is_registers_figure = models.BooleanField(gettext_lazy("tallet er registerets"), default=False)
    register_children = models.PositiveIntegerField(gettext_lazy("antall barn i registeret"), null=True, blank=True)
    register_on = models.DateField(gettext_lazy("registeret er lest"), null=True, blank=True)
    closed_on = models.DateField(gettext_lazy("nedlagt fra"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_from",
        verbose_name=gettext_lazy("slått sammen med"),
    )

    strikes = GenericRelation(Strike, content_type_field="about_type", object_id_field="about_id")

    objects = UnitQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = gettext_lazy("enhet")
        verbose_name_plural = gettext_lazy("enheter")
        ordering = ["kind", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participation", "organisation_number"],
                condition=~models.Q(organisation_number="") & ~models.Q(kind="sfo"),
                name="unit_once_in_a_participation",
                violation_error_message=gettext_lazy("En annen enhet i kommunen har dette organisasjonsnummeret."),
            ),
            # A municipal SFO is often a part of its school, and then has no number but the school's.
            models.UniqueConstraint(
                fields=["participation", "organisation_number"],
                condition=~models.Q(organisation_number="") & models.Q(kind="sfo"),
                name="sfo_once_in_a_participation",
                violation_error_message=gettext_lazy("En annen enhet i kommunen har dette organisasjonsnummeret."),
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | models.Q(closed_on__isnull=False),
                name="merged_unit_is_closed",
                violation_error_message=gettext_lazy(
                    "En enhet som er slått sammen med en annen, må ha en dato for nedlegging."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("participants:unit", args=[self.pk])

    def clean(self) -> None:
        super().clean()
        self.organisation_number = organisation_number.normalise(self.organisation_number or "")
        if self.merged_into_id and self.merged_into_id == self.pk:
            raise ValidationError({"merged_into": _("En enhet kan ikke slås sammen med seg selv.")})

    @classmethod
    def may_share_number(cls, kind: str | None, other: str | None) -> bool:
        """Whether units of these kinds may have one organisation number: a school and its SFO, and no others."""
        return {kind, other} == {cls.Kind.SCHOOL, cls.Kind.SFO}

    def is_active(self, *, today: date | None = None) -> bool:
        """Until the day from which it is closed."""
        return self.closed_on is None or self.closed_on > (today or timezone.localdate())

    def closing_in_words(self, *, today: date | None = None) -> str:
        """A sentence: it will be or has been closed or merged, and when; empty for a unit that goes on."""
        if self.closed_on is None:
            return ""
        if self.is_active(today=today):
            merged = _("%(name)s blir slått sammen med %(unit)s fra %(day)s")
            closed = _("%(name)s blir lagt ned fra %(day)s")
        else:
            merged = _("%(name)s ble slått sammen med %(unit)s %(day)s")
            closed = _("%(name)s ble lagt ned %(day)s")
        said = merged if self.merged_into else closed
        return said % {"name": self.name, "unit": self.merged_into, "day": day_in_words(self.closed_on)}

    @property
    def head_title(self) -> str:
        """What the head of such a unit is called."""
        return str(_("styrer")) if self.kind == self.Kind.KINDERGARTEN else str(_("rektor"))

    @property
    def children_label(self) -> str:
        return str(_("Antall elever")) if self.kind == self.Kind.SCHOOL else str(_("Antall barn"))

    def save_new(self, *, by: User) -> None:
        self._history_user = by
        self.save()

    def rename(self, *, name: str, by: User) -> None:
        """What was sent and confirmed keeps the name it had then; the history keeps it too."""
        self._keep(by=by, name=name)

    def change_owner(self, *, ownership: str, by: User) -> None:
        self._keep(by=by, ownership=ownership)

    def count(self, *, children: int, on: date, by: User) -> None:
        """Store how many children the municipality says there were that day."""
        self._keep(by=by, children=children, counted_on=on, is_registers_figure=False)

    def close(self, *, on: date, into: "Unit | None" = None, by: User) -> None:
        """Store from which day it is closed. `into`: the unit that it becomes a part of."""
        self._keep(by=by, closed_on=on, merged_into=into)

    def reopen(self, *, by: User) -> None:
        self._keep(by=by, closed_on=None, merged_into=None)

    def _keep(self, *, by: User, **facts: object) -> None:
        for name, value in facts.items():
            setattr(self, name, value)
        self._history_user = by
        self.save(update_fields=[*facts])

    def suggest(self, *, children: int | None, on: date) -> None:
        """Store what a register says, beside what the municipality says: a suggestion, never the truth."""
        self.register_children, self.register_on = children, on
        self.save(update_fields=["register_children", "register_on"])
