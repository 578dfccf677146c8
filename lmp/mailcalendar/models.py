"""Reminders that staff have switched off in a pulje, or in one of its municipalities."""

from datetime import datetime

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from outbox.pauses import Pause, rules
from participants.mails.scopes import of_cohort, of_participation
from participants.models import Cohort, Participation, Strike
from parts.facts import by, who_and_when
from parts.names import OneLineField


class MailPauseQuerySet(models.QuerySet["MailPause"]):
    def not_over(self, now: datetime) -> "MailPauseQuerySet":
        """In force, or to come."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=now), lifted_at=None)

    def in_force(self, now: datetime) -> "MailPauseQuerySet":
        return self.not_over(now).filter(begins_at__lte=now)

    def at(self, participation: Participation) -> "MailPauseQuerySet":
        """Those that this municipality is under: its own, and its pulje's."""
        return self.filter(Q(participation=participation) | Q(cohort=participation.cohort_id))

    def within(self, cohort: Cohort) -> "MailPauseQuerySet":
        return self.filter(Q(participation__cohort=cohort) | Q(cohort=cohort))

    def with_places(self) -> "MailPauseQuerySet":
        return self.select_related(
            "cohort", "participation__cohort", "participation__municipality__county", "paused_by", "lifted_by"
        )


class MailPause(models.Model):
    """One rule reminds nobody there for a while. The row is its own history: who, when, why, and until when."""

    cohort = models.ForeignKey(
        Cohort, models.PROTECT, null=True, blank=True, related_name="mail_pauses", verbose_name=gettext_lazy("pulje")
    )
    participation = models.ForeignKey(
        Participation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="mail_pauses",
        verbose_name=gettext_lazy("kommune i pulje"),
    )
    rule = models.CharField(gettext_lazy("påminnelse"), max_length=100)
    reason = OneLineField(gettext_lazy("grunn"), max_length=300)
    begins_at = models.DateTimeField(gettext_lazy("slått av fra"))
    ends_at = models.DateTimeField(
        gettext_lazy("slått av til"), null=True, blank=True
    )  # empty: until somebody lifts it
    paused_at = models.DateTimeField(gettext_lazy("registrert"))
    paused_by = by(gettext_lazy("slått av av"))
    lifted_at = models.DateTimeField(gettext_lazy("slått på igjen"), null=True, blank=True)
    lifted_by = by(gettext_lazy("slått på igjen av"), optional=True)

    strikes = GenericRelation(Strike, content_type_field="about_type", object_id_field="about_id")

    objects = MailPauseQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("påminnelse som er slått av")
        verbose_name_plural = gettext_lazy("påminnelser som er slått av")
        ordering = ["-begins_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cohort=None, participation__isnull=False) | Q(cohort__isnull=False, participation=None),
                name="mailpause_is_of_one_place",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=models.F("begins_at")), name="mailpause_ends_after_it_begins"
            ),
            who_and_when("lifted"),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.place}"

    @property
    def title(self) -> str:
        """What the rule is called; its name when no app has it any more."""
        rule = rules().get(self.rule)
        return str(rule.title) if rule else self.rule

    @property
    def place(self) -> str:
        return str(self.participation or self.cohort)

    @property
    def why(self) -> str:
        """The reason, or that it was taken away."""
        return self.reason or _("teksten er fjernet")

    @property
    def in_cohort(self) -> Cohort:
        cohort = self.participation.cohort if self.participation else self.cohort
        if cohort is None:
            raise ValueError(f"pause {self.pk} is of no place")
        return cohort

    @property
    def scope(self) -> str:
        return of_participation(self.participation_id) if self.participation_id else of_cohort(self.in_cohort)

    @property
    def over_at(self) -> datetime | None:
        """The moment it is over, whichever way."""
        return min((moment for moment in (self.ends_at, self.lifted_at) if moment), default=None)

    def is_over(self, now: datetime) -> bool:
        return self.over_at is not None and self.over_at <= now

    @property
    def pause(self) -> Pause:
        """As the plan of mails has it."""
        return Pause(self.rule, self.scope, self.begins_at, self.over_at, self.why)

    def lift(self, *, by: User, now: datetime) -> bool:
        """Whether this ended it: what is over is over, and the first one who lifts it stands."""
        return bool(MailPause.objects.not_over(now).filter(pk=self.pk).update(lifted_at=now, lifted_by=by))
