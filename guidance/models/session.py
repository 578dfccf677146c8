import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import User
from guidance.models.group import GroupMember, GuidanceGroup
from guidance.models.supervisor import ProjectLeader, Supervisor
from participants.models import Contact, Participation, Strike, Unit, Withdrawal
from parts.dates import day_in_words
from parts.facts import by, who_and_when
from parts.history import HistoricalRecords
from parts.names import OneLineField
from parts.order import alphabetical

TEXTS = ("worked_on", "agreed")
HELD = models.Q(submitted_at__isnull=False, withdrawn_at__isnull=True)
# A log that counts nobody is no session that was held, unless its writer has said that it was.
COUNTED = HELD & (~models.Q(took_part={}) | models.Q(held_without_count=True))


class GuidanceSessionQuerySet(models.QuerySet["GuidanceSession"]):
    def planned(self) -> "GuidanceSessionQuerySet":
        """Neither logged nor cancelled, whether the day is still to come or has passed."""
        return self.filter(submitted_at__isnull=True, cancelled_at__isnull=True)

    def held(self) -> "GuidanceSessionQuerySet":
        """Logged, and the log stands. One that was withdrawn counts nowhere."""
        return self.filter(HELD)

    def counted(self) -> "GuidanceSessionQuerySet":
        """Held, by what the log says of who was there."""
        return self.filter(COUNTED)

    def visible_to(self, user: User, *, today: date) -> "GuidanceSessionQuerySet":
        """What this person may know of, each with how much: `sees_agreed` and `sees_notes`.

        The notes stay with the group and Læringsmiljøsenteret. What is agreed is also the municipality's, and the
        unit's that took part. Udir and the county governor see that a session was held, its format, length, themes and
        sub-goals. A log that was withdrawn is there for those who read the notes, and for nobody else. One of the staff
        who sees as the person sees no more than staff do.
        """
        if not user.is_active:
            return self.none()
        in_group = models.Q(group__participation__in=GroupMember.objects.participations_of(user))
        functions = Contact.objects.current().filter(user=user)
        of_municipality = models.Q(group__participation__in=functions.filter(unit__isnull=True).values("participation"))
        leads = models.Exists(
            GuidanceSession.units.through.objects.filter(
                guidancesession=models.OuterRef("pk"),
                unit__in=functions.filter(function=Contact.Function.HEAD).values("unit"),
            )
        )
        notes = in_group | models.Q(ProjectLeader.objects.is_one(user, today=today))
        agreed = notes | of_municipality | models.Q(leads)
        follows = models.Q(group__participation__in=Participation.objects.visible_to(user))
        if user.seen_by:
            follows, agreed, notes = agreed | follows, *[models.Q(pk__in=[])] * 2
        stands = models.Q(withdrawn_at__isnull=True) | notes
        return self.filter(agreed | follows, stands).annotate(
            sees_agreed=_as_boolean(agreed), sees_notes=_as_boolean(notes)
        )

    def editable_by(self, user: User) -> "GuidanceSessionQuerySet":
        """The sessions of the groups that the person is in now."""
        return self.filter(group__participation__in=GroupMember.objects.participations_of(user))


def _as_boolean(condition: models.Q) -> models.Case:
    return models.Case(
        models.When(condition, then=models.Value(True)),
        default=models.Value(False),
        output_field=models.BooleanField(),
    )


class GuidanceSession(models.Model):
    """Veiledningsmøte: planned, then held once its log is sent in, or cancelled."""

    class Format(models.TextChoices):
        VISIT = "visit", gettext_lazy("besøk")
        VIDEO = "video", gettext_lazy("video")
        PHONE = "phone", gettext_lazy("telefon")

    class State(models.TextChoices):
        PLANNED = "planned", gettext_lazy("planlagt")
        MISSING = "missing", gettext_lazy("mangler logg")
        HELD = "held", pgettext_lazy("veiledningsmøte", "holdt")
        CANCELLED = "cancelled", gettext_lazy("avlyst")
        WITHDRAWN = "withdrawn", gettext_lazy("trukket tilbake")

    class WhyWithdrawn(models.TextChoices):
        """Why a log was withdrawn. Chosen, not written: it is told to those who had read the log."""

        ELSEWHERE = "elsewhere", gettext_lazy("gjaldt en annen kommune")
        NOT_HELD = "not_held", gettext_lazy("møtet ble ikke holdt")
        TWICE = "twice", gettext_lazy("var sendt inn to ganger")
        OTHER = "other", gettext_lazy("annet")

    class Theme(models.TextChoices):
        ENVIRONMENT = "environment", gettext_lazy("læringsmiljø")
        BULLYING = "bullying", gettext_lazy("mobbing")
        CHANGE = "change", gettext_lazy("endringsledelse")
        ORGANISATION = "organisation", gettext_lazy("organisasjonsutvikling")

    # Who can take part, by function. Counted, never named.
    FUNCTIONS = [
        ("owner", gettext_lazy("eier og myndighet")),
        ("head", gettext_lazy("styrer og rektor")),
        ("staff", gettext_lazy("ansatte")),
        ("ppt", gettext_lazy("PP-tjenesten")),
        ("parents", gettext_lazy("foreldre og foresatte")),
        ("children", gettext_lazy("barn og elever")),
        ("other", gettext_lazy("andre")),
    ]
    # How long a session is planned for where nobody has said.
    USUAL_MINUTES = {Format.VISIT: 120, Format.VIDEO: 60, Format.PHONE: 30}
    # What can be changed of a session that is still to come, beside its units and supervisors.
    PLANNED = ("held_on", "starts_at", "format", "minutes", "place", "video_link")
    # They were left out of earlier cohorts (Fafo 2020:25). How else than by being there they can be involved.
    STAKEHOLDERS = ("children", "parents", "ppt")
    WAYS = [
        ("asked", gettext_lazy("spurt om hva de mener")),
        ("chose", gettext_lazy("med på å velge tiltak")),
    ]

    group = models.ForeignKey(
        GuidanceGroup, models.PROTECT, related_name="sessions", verbose_name=gettext_lazy("veiledergruppe")
    )
    held_on = models.DateField(gettext_lazy("dato"))
    starts_at = models.TimeField(gettext_lazy("klokkeslett"), null=True, blank=True)
    format = models.CharField(gettext_lazy("møteform"), max_length=5, choices=Format.choices, default=Format.VISIT)
    minutes = models.PositiveSmallIntegerField(
        gettext_lazy("varighet i minutter"),
        null=True,
        blank=True,
        validators=[MinValueValidator(5), MaxValueValidator(720)],
    )
    place = OneLineField(gettext_lazy("sted"), max_length=200, blank=True)
    video_link = models.URLField(gettext_lazy("lenke til videomøtet"), max_length=500, blank=True)
    units = models.ManyToManyField(
        Unit, blank=True, related_name="guidance_sessions", verbose_name=gettext_lazy("enheter")
    )
    supervisors = models.ManyToManyField(
        Supervisor, blank=True, related_name="sessions", verbose_name=gettext_lazy("veiledere")
    )
    took_part = models.JSONField(gettext_lazy("hvem var med"), default=dict, blank=True)
    held_without_count = models.BooleanField(gettext_lazy("holdt, uten at noen er telt"), default=False)
    involved = models.JSONField(gettext_lazy("medvirkning"), default=dict, blank=True)
    themes = models.JSONField(gettext_lazy("temaer"), default=list, blank=True)
    sub_goals = models.JSONField(gettext_lazy("delmål"), default=list, blank=True)
    worked_on = models.TextField(gettext_lazy("hva dere arbeidet med"), blank=True, max_length=8000)
    agreed = models.TextField(gettext_lazy("hva dere ble enige om"), blank=True, max_length=4000)
    planned_at = models.DateTimeField(gettext_lazy("planlagt"))
    planned_by = by(gettext_lazy("planlagt av"))
    planned_in = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="led_to",
        verbose_name=gettext_lazy("avtalt i møtet"),
    )
    changed_at = models.DateTimeField(gettext_lazy("planen sist endret"), null=True, blank=True)
    # How often the plan was changed, cancelled or restored: calendars that have it need to know (SEQUENCE, RFC 5546).
    calendar_version = models.PositiveSmallIntegerField(default=0, editable=False)
    submitted_at = models.DateTimeField(gettext_lazy("logg sendt inn"), null=True, blank=True)
    submitted_by = by(gettext_lazy("logg sendt inn av"), optional=True)
    # The log's own, from the form: the same log sent again is the same log.
    token = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    cancelled_at = models.DateTimeField(gettext_lazy("avlyst"), null=True, blank=True)
    cancelled_by = by(gettext_lazy("avlyst av"), optional=True)
    withdrawn_at = models.DateTimeField(gettext_lazy("logg trukket tilbake"), null=True, blank=True)
    withdrawn_by = by(gettext_lazy("logg trukket tilbake av"), optional=True)
    withdrawn_why = models.CharField(
        gettext_lazy("hvorfor loggen er trukket tilbake"), max_length=9, choices=WhyWithdrawn.choices, blank=True
    )
    withdrawal = models.ForeignKey(
        Withdrawal,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cancelled_sessions",
        verbose_name=gettext_lazy("avlyst da kommunen trakk seg"),
    )
    strikes = GenericRelation(Strike, content_type_field="about_type", object_id_field="about_id")

    objects = GuidanceSessionQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=[*TEXTS])

    class Meta:
        verbose_name = gettext_lazy("veiledningsmøte")
        verbose_name_plural = gettext_lazy("veiledningsmøter")
        ordering = ["-held_on", "-pk"]
        indexes = [models.Index(fields=["group", "held_on"])]
        constraints = [
            who_and_when("submitted"),
            who_and_when("cancelled"),
            who_and_when("withdrawn"),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True) | models.Q(submitted_at__isnull=False),
                name="only_a_log_sent_in_is_withdrawn",
            ),
            models.CheckConstraint(
                condition=models.Q(submitted_at__isnull=True) | models.Q(cancelled_at__isnull=True),
                name="a_cancelled_session_has_no_log",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawal__isnull=True) | models.Q(cancelled_at__isnull=False),
                name="a_withdrawal_cancels_a_session",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}, {day_in_words(self.held_on)}"

    def get_absolute_url(self) -> str:
        return reverse("guidance:session", args=[self.pk])

    def state(self, *, today: date) -> State:
        if self.cancelled_at:
            return self.State.CANCELLED
        if self.withdrawn_at:
            return self.State.WITHDRAWN
        if self.submitted_at:
            return self.State.HELD
        return self.State.PLANNED if self.held_on >= today else self.State.MISSING

    @property
    def is_settled(self) -> bool:
        """Whether it is logged or cancelled: then it is neither moved, cancelled nor logged."""
        return bool(self.submitted_at or self.cancelled_at)

    @property
    def can_be_restored(self) -> bool:
        """Whether its cancellation can be taken back. One of a municipality that withdrew comes back with that."""
        return self.cancelled_at is not None and self.withdrawal_id is None

    @property
    def theme_labels(self) -> list[str]:
        """The fixed ones in the reader's language, the cohort's own as they were written."""
        fixed = dict(self.Theme.choices)
        return [str(fixed.get(theme, theme)) for theme in self.themes]

    @property
    def length(self) -> int:
        """In minutes: as it was planned or held, else what is usual for its format."""
        return self.minutes or self.USUAL_MINUTES[self.Format(self.format)]

    @property
    def as_planned(self) -> dict[str, Any]:
        """What those who come need to know, as a change of it keeps it."""
        return {
            "held_on": self.held_on.isoformat(),
            "starts_at": f"{self.starts_at:%H:%M}" if self.starts_at else "",
            "format": self.format,
            "minutes": self.length,
            "place": self.place,
            "video_link": self.video_link,
            "units": sorted((unit.name for unit in self.units.all()), key=alphabetical),
            "supervisors": sorted((supervisor.name for supervisor in self.supervisors.all()), key=alphabetical),
        }

    @classmethod
    def plan(
        cls,
        *,
        group: GuidanceGroup,
        held_on: date,
        starts_at: time | None,
        format: str,
        units: Iterable[Unit],
        supervisors: Iterable[Supervisor],
        by: User,
        now: datetime,
        planned_in: "GuidanceSession | None" = None,
        **where: Any,
    ) -> "GuidanceSession":
        """`where`: its minutes, place and video_link, as far as they are known."""
        when = {"held_on": held_on, "starts_at": starts_at, "format": format}
        with transaction.atomic():
            session = cls.objects.create(
                group=group, **when, **where, planned_at=now, planned_by=by, planned_in=planned_in
            )
            session.units.set(units)
            session.supervisors.set(supervisors)
        return session

    def cancel(self, *, by: User, now: datetime, reason: str = "", withdrawal: Withdrawal | None = None) -> None:
        """Cancel it; cancelling it again changes nothing. Raise ValidationError when it is logged.

        `withdrawal`: the municipality has withdrawn, and that is why.
        """
        if self.cancelled_at:
            return
        self.refuse_if_settled()
        self.cancelled_at, self.cancelled_by, self.withdrawal = now, by, withdrawal
        self.new_version("cancelled", self.as_planned, reason, by=by, now=now)

    def new_version(self, kind: str, before: dict[str, Any], reason: str, *, by: User, now: datetime) -> None:
        """Store a change that calendars need to know of, and what was planned before it: a SessionChange."""
        self.changes.create(
            kind=kind, version=self.calendar_version, before=before, reason=reason, changed_at=now, changed_by=by
        )
        self.calendar_version += 1
        self.changed_at = now
        self._history_user = by
        self.save()

    def refuse_if_settled(self) -> None:
        if self.is_settled:
            raise ValidationError(_("Møtet har allerede en logg, eller er avlyst."), code="settled")

    @transaction.atomic
    def submit(
        self,
        *,
        token: uuid.UUID,
        facts: Mapping[str, Any],
        units: Iterable[Unit],
        supervisors: Iterable[Supervisor],
        by: User,
        now: datetime,
    ) -> None:
        """Send in the log. `facts` are this model's own fields.

        Raise ValidationError when the session is logged or cancelled already. The caller has locked the group, so that
        nobody else sends one meanwhile.
        """
        self.refuse_if_settled()
        for name, value in facts.items():
            setattr(self, name, value)
        if self.pk is None:
            self.planned_at, self.planned_by = now, by
        self.token, self.submitted_at, self.submitted_by = token, now, by
        self._history_user = by
        self.save()
        self.units.set(units)
        self.supervisors.set(supervisors)

    @transaction.atomic
    def correct(
        self,
        *,
        facts: Mapping[str, Any],
        units: Iterable[Unit],
        supervisors: Iterable[Supervisor],
        by: User,
        now: datetime,
    ) -> models.Model | None:
        """Change a log that is sent in, and keep what it said before: a Correction. None when nothing is new."""
        self.refuse_without_log()
        before = {name: getattr(self, name) for name in facts if getattr(self, name) != facts[name]}
        for name, chosen in (("units", units), ("supervisors", supervisors)):
            old, new = list(getattr(self, name).all()), list(chosen)
            if {each.pk for each in old} != {each.pk for each in new}:
                before[name] = [str(each) for each in old]
                getattr(self, name).set(new)
        if not before:
            return None
        for name in facts:
            setattr(self, name, facts[name])
        self._history_user = by
        self.save()
        return self.corrections.create(before=before, corrected_at=now, corrected_by=by)

    @property
    def has_log(self) -> bool:
        """Whether a log is sent in and stands."""
        return self.submitted_at is not None and self.withdrawn_at is None

    @property
    def lacks_answer(self) -> bool:
        """Whether its log counts nobody, and doesn't say that it was held all the same: then it counts nowhere."""
        return self.has_log and not self.took_part and not self.held_without_count

    def refuse_without_log(self) -> None:
        if not self.has_log:
            raise ValidationError(_("Loggen er ikke sendt inn, eller den er trukket tilbake."), code="no_log")

    def withdraw(self, *, why: str, by: User, now: datetime) -> None:
        """Take back a log that was sent in: it counts nowhere, and only the group and the project leaders see it.

        Raises ValidationError where no log stands: it is withdrawn already, or was never sent in.
        """
        self.refuse_without_log()
        self.withdrawn_at, self.withdrawn_by, self.withdrawn_why = now, by, why
        self._history_user = by
        self.save()
