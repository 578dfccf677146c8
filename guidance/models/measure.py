import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from guidance import access
from guidance.models.measure_move import MeasureMove
from guidance.models.session import GuidanceSession
from guidance.models.supervisor import ProjectLeader
from guidance.sub_goals import SUB_GOALS
from participants.models import Strike, Unit, Withdrawal
from participants.models.strike import struck_texts
from parts.facts import by, who_and_when
from parts.history import HistoricalRecords
from parts.names import OneLineField

# It stands, and has not ended.
GOING_ON = models.Q(withdrawn_at__isnull=True, finished_at__isnull=True, stopped_at__isnull=True)


class MeasureQuerySet(models.QuerySet["Measure"]):
    def visible_to(self, user: User, *, today: date) -> "MeasureQuerySet":
        """The measures of the units that this person reaches."""
        return self.filter(unit__in=access.units(user, today=today))

    def editable_by(self, user: User, *, today: date) -> "MeasureQuerySet":
        """The measures of the units that this person answers for: they say how far each has come."""
        return self.filter(unit__in=Unit.objects.editable_by(user, today=today))

    def correctable_by(self, user: User, *, today: date) -> "MeasureQuerySet":
        """Those, and what a supervisor has entered: the words can be put right, not how far the unit has come."""
        entered = models.Q(opened_by=user, unit__in=access.units_to_enter_measures_for(user, today=today))
        return self.filter(models.Q(unit__in=Unit.objects.editable_by(user, today=today)) | entered)

    def removable_by(self, user: User, *, today: date) -> "MeasureQuerySet":
        """Those that this person may take back, move or strike the texts of.

        Whoever answers for the unit, whoever entered it and still reaches the unit, project leaders, and Udir's staff.
        """
        if user.is_staff:
            return self
        return self.filter(
            models.Q(unit__in=Unit.objects.editable_by(user, today=today))
            | models.Q(opened_by=user, unit__in=access.units(user, today=today))
            | models.Q(ProjectLeader.objects.is_one(user, today=today))
        )

    def standing(self) -> "MeasureQuerySet":
        """All but those that should never have been entered."""
        return self.filter(withdrawn_at__isnull=True)

    def going_on(self) -> "MeasureQuerySet":
        return self.filter(GOING_ON)

    def overdue(self, *, today: date) -> "MeasureQuerySet":
        return self.going_on().filter(ends_on__lt=today)

    def in_state(self, state: str, *, today: date) -> "MeasureQuerySet":
        """`state` is one of the model's, "going_on" or "overdue"."""
        if state == "overdue":
            return self.overdue(today=today)
        if state == self.model.State.WITHDRAWN:
            return self.filter(withdrawn_at__isnull=False)
        if state in (self.model.State.FINISHED, self.model.State.STOPPED):
            return self.standing().filter(**{f"{state}_at__isnull": False})
        going_on = self.going_on()
        return going_on if state == "going_on" else going_on.filter(begun_at__isnull=state == self.model.State.PLANNED)

    def most_urgent_first(self) -> "MeasureQuerySet":
        """First those going on, by their last day: the overdue come first. Then the ended, the newest first."""
        ended = Coalesce("finished_at", "stopped_at")
        return self.order_by(ended.desc(nulls_first=True), "ends_on", "pk")


class Measure(models.Model):
    """Tiltak: a knowledge-based step of a unit towards a sub-goal."""

    class State(models.TextChoices):
        PLANNED = "planned", _("ikke begynt")
        UNDERWAY = "underway", _("i gang")
        FINISHED = "finished", _("gjennomført")
        STOPPED = "stopped", _("stoppet")
        WITHDRAWN = "withdrawn", _("trukket tilbake")

    class WhyWithdrawn(models.TextChoices):
        """Why a measure was withdrawn. Chosen, not written: it is told to those who lead the unit."""

        MISTAKE = "mistake", _("skulle ikke ha vært lagt til")
        TWICE = "twice", _("er lagt til to ganger")
        OTHER = "other", _("annet")

    class Source(models.TextChoices):
        """What a measure builds on. "Because" is no knowledge."""

        SURVEY = "survey", _("kartlegging eller undersøkelse")
        CHILDREN = "children", _("det barna sier")
        PARENTS = "parents", _("det foreldrene sier")
        OBSERVATION = "observation", _("observasjoner")
        RESEARCH = "research", _("forskning")
        EXPERIENCE = "experience", _("egen erfaring")

    # What it is, as against how far it has come.
    FACTS = ("sub_goal", "what", "sources", "why", "who", "starts_on", "ends_on")
    # What is said when it is over: it holds as long as the state it is said of.
    SAID_OF = {State.FINISHED: ("effect", "known_by"), State.STOPPED: ("stop_reason",)}
    # What somebody has written, and can strike.
    TEXTS = ("what", "why", "who", "progress", "effect", "known_by", "stop_reason")
    # What is reported of it.
    STATES = (State.PLANNED, State.UNDERWAY, State.FINISHED, State.STOPPED)

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="measures", verbose_name=_("enhet"))
    sub_goal = models.PositiveSmallIntegerField(
        _("delmål"), choices=SUB_GOALS, validators=[MinValueValidator(1), MaxValueValidator(6)]
    )
    what = OneLineField(_("tiltaket"), max_length=300)
    sources = models.JSONField(_("hva det bygger på"), default=list)
    why = models.TextField(_("hvorfor dette tiltaket"), max_length=2000)
    who = OneLineField(_("hvem som har ansvaret"), max_length=200)
    starts_on = models.DateField(_("fra"))
    ends_on = models.DateField(_("til"))
    progress = models.TextField(_("hvordan det går"), blank=True, max_length=2000)
    effect = models.TextField(_("hva tiltaket førte til"), blank=True, max_length=2000)
    known_by = models.TextField(_("hvordan dere vet det"), blank=True, max_length=2000)
    stop_reason = models.TextField(_("hvorfor tiltaket ble stoppet"), blank=True, max_length=2000)
    opened_in = models.ForeignKey(
        GuidanceSession,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="measures",
        verbose_name=_("avtalt i veiledningsmøtet"),
    )
    opened_at = models.DateTimeField(_("lagt til"))
    opened_by = by(_("lagt til av"))
    begun_at = models.DateTimeField(_("begynt"), null=True, blank=True)
    begun_by = by(optional=True)
    finished_at = models.DateTimeField(_("gjennomført"), null=True, blank=True)
    finished_by = by(optional=True)
    stopped_at = models.DateTimeField(_("stoppet"), null=True, blank=True)
    stopped_by = by(optional=True)
    withdrawn_at = models.DateTimeField(_("trukket tilbake"), null=True, blank=True)
    withdrawn_by = by(optional=True)
    withdrawn_why = models.CharField(
        _("hvorfor tiltaket er trukket tilbake"), max_length=7, choices=WhyWithdrawn.choices, blank=True
    )
    withdrawal = models.ForeignKey(
        Withdrawal,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="stopped_measures",
        verbose_name=_("stoppet da kommunen trakk seg"),
    )
    # When what it is was last put right. How far it has come is not among that.
    corrected_at = models.DateTimeField(_("rettet"), null=True, blank=True)
    corrected_by = by(optional=True)
    updated_at = models.DateTimeField(_("sist endret"))
    # The form's own: the same form sent again is the same measure.
    token = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    strikes = GenericRelation(Strike, content_type_field="about_type", object_id_field="about_id")
    days_over = 0  # since its last day, while it goes on: see `count_days_over`

    objects = MeasureQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("tiltak")
        verbose_name_plural = _("tiltak")
        ordering = ["ends_on", "pk"]
        constraints = [
            who_and_when("begun"),
            who_and_when("finished"),
            who_and_when("stopped"),
            who_and_when("withdrawn"),
            who_and_when("corrected"),
            models.CheckConstraint(
                condition=models.Q(finished_at__isnull=True) | models.Q(stopped_at__isnull=True),
                name="measure_ends_in_one_way",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawal__isnull=True) | models.Q(stopped_at__isnull=False),
                name="a_withdrawal_stops_a_measure",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="measure_ends_after_it_starts",
                violation_error_message=_("Tiltaket kan ikke slutte før det begynner."),
            ),
        ]

    def __str__(self) -> str:
        return self.what or gettext("Teksten er fjernet")

    def get_absolute_url(self) -> str:
        return reverse("guidance:measure", args=[self.pk])

    @property
    def state(self) -> State:
        return state_of(self)

    @property
    def facts(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.FACTS}

    @property
    def said(self) -> dict[str, str]:
        return said_of(self)

    @property
    def source_labels(self) -> list[str]:
        return [str(self.Source(source).label) for source in self.sources]

    @property
    def struck(self) -> dict[str, str]:
        """What stands where a text was struck, by its name. Reads the strikes."""
        return struck_texts(self)

    @property
    def holds_text(self) -> bool:
        return any(getattr(self, name) for name in self.TEXTS)

    @property
    def words(self) -> dict[str, str]:
        """Its texts, by name, or what stands where one was struck."""
        struck = self.struck
        return {name: getattr(self, name) or struck.get(name, "") for name in self.TEXTS}

    @property
    def has_ended(self) -> bool:
        return bool(self.finished_at or self.stopped_at or self.withdrawn_at)

    def count_days_over(self, *, today: date) -> None:
        """Set `days_over` for a template, which cannot give the day."""
        self.days_over = 0 if self.has_ended else max(0, (today - self.ends_on).days)

    @classmethod
    def open(
        cls,
        *,
        unit: Unit,
        facts: Mapping[str, Any],
        token: uuid.UUID,
        opened_in: GuidanceSession | None,
        by: User,
        now: datetime,
    ) -> "Measure":
        """Enter a new one. `facts` are this model's own fields."""
        measure = cls(unit=unit, token=token, opened_in=opened_in, opened_at=now, opened_by=by, updated_at=now, **facts)
        measure._history_user = by
        measure.save()
        return measure

    def change(
        self,
        *,
        facts: Mapping[str, Any],
        state: str,
        progress: str,
        by: User,
        now: datetime,
        said: Mapping[str, str] | None = None,
    ) -> bool:
        """Put right what it is, and report how far it has come. Return False when nothing is new.

        `said` is what SAID_OF has for the state; what is left out stays as it was.
        """
        before = self.facts, self.state, self.progress, self.said
        for name, value in facts.items():
            setattr(self, name, value)
        after = self.facts, state, progress, self.said | dict(said or {})
        if before == after:
            return False
        if before[0] != after[0]:
            self.corrected_at, self.corrected_by = now, by
        self.report(state=state, progress=progress, said=said, by=by, now=now)
        return True

    def hand_over(self, *, who: str, by: User, now: datetime) -> None:
        """Another has the responsibility, because the one who had it leaves. Nobody has put anything right."""
        self.who, self.updated_at = who, now
        self._history_user = by
        self.save()

    def withdraw(self, *, why: str, by: User, now: datetime) -> None:
        """Take back what should never have been entered: it counts nowhere. Raises ValidationError the second time."""
        self._refuse_withdrawn()
        self.withdrawn_at, self.withdrawn_by, self.withdrawn_why, self.updated_at = now, by, why, now
        self._history_user = by
        self.save()

    def correct_unit(self, *, to: Unit, by: User, now: datetime) -> "MeasureMove":
        """Make it the unit's that it was meant for. Raises ValidationError when it is withdrawn, or theirs already."""
        self._refuse_withdrawn()
        if to == self.unit:
            raise ValidationError(gettext("Tiltaket hører allerede til denne enheten."), code="same_unit")
        move = self.moves.create(before=self.unit, after=to, moved_at=now, moved_by=by)
        self.unit, self.updated_at = to, now
        self._history_user = by
        self.save()
        return move

    def _refuse_withdrawn(self) -> None:
        if self.withdrawn_at:
            raise ValidationError(gettext("Tiltaket er allerede trukket tilbake."), code="withdrawn")

    def move(self, *, to: Unit, by: User) -> None:
        """Let it be another unit's: its own has become a part of that."""
        self.unit = to
        self._history_user = by
        self.save(update_fields=["unit"])

    def report(
        self, *, state: str, progress: str, by: User, now: datetime, said: Mapping[str, str] | None = None
    ) -> None:
        """Say how far it has come. What was said before is kept in the history; the same state again moves no time."""
        if state != self.state:
            begun = (self.begun_at, self.begun_by) if self.begun_at else (now, by)
            # One that is stopped before it has begun has not begun.
            never = state == self.State.PLANNED or (state == self.State.STOPPED and self.state == self.State.PLANNED)
            self.begun_at, self.begun_by = (None, None) if never else begun
            self.finished_at, self.finished_by = (now, by) if state == self.State.FINISHED else (None, None)
            self.stopped_at, self.stopped_by = (now, by) if state == self.State.STOPPED else (None, None)
            self.withdrawal = None
        for of, names in self.SAID_OF.items():
            for name in names:
                setattr(self, name, (said or {}).get(name, getattr(self, name)) if state == of else "")
        self.progress, self.updated_at = progress, now
        self._history_user = by
        self.save()

    def end_with(self, withdrawal: Withdrawal, *, by: User, now: datetime) -> None:
        """Stop it because the municipality has withdrawn. How far it had come stays as it was reported."""
        self.stopped_at, self.stopped_by, self.withdrawal, self.updated_at = now, by, withdrawal, now
        self._history_user = by
        self.save(update_fields=["stopped_at", "stopped_by", "withdrawal", "updated_at"])

    def go_on(self, *, by: User, now: datetime) -> None:
        """The municipality that withdrew takes part again: it is where it was."""
        self.stopped_at, self.stopped_by, self.withdrawal, self.updated_at = None, None, None, now
        self._history_user = by
        self.save(update_fields=["stopped_at", "stopped_by", "withdrawal", "updated_at"])


def state_of(row: Any) -> Measure.State:
    """Of a measure, or of what the history has kept of one."""
    if row.withdrawn_at:
        return Measure.State.WITHDRAWN
    if row.finished_at:
        return Measure.State.FINISHED
    if row.stopped_at:
        return Measure.State.STOPPED
    return Measure.State.UNDERWAY if row.begun_at else Measure.State.PLANNED


def said_of(row: Any) -> dict[str, str]:
    """What is said of its end, by name."""
    return {name: getattr(row, name) for names in Measure.SAID_OF.values() for name in names}
