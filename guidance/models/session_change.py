from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from guidance.models.session import GuidanceSession
from guidance.models.supervisor import Supervisor
from participants.models import Strike, Unit
from parts.dates import moment_in_words
from parts.facts import by
from parts.names import OneLineField


class SessionChangeQuerySet(models.QuerySet["SessionChange"]):
    @transaction.atomic
    def replan(
        self,
        session: GuidanceSession,
        *,
        facts: Mapping[str, Any],
        by: User,
        now: datetime,
        reason: str = "",
        units: Iterable[Unit] | None = None,
        supervisors: Iterable[Supervisor] | None = None,
    ) -> bool:
        """Change the plan of a session, where `facts` are some of PLANNED. Return False when nothing is new.

        Raise ValidationError when it is logged or cancelled.
        """
        session.refuse_if_settled()
        before = session.as_planned
        for name, value in facts.items():
            setattr(session, name, value)
        if units is not None:
            session.units.set(units)
        if supervisors is not None:
            session.supervisors.set(supervisors)
        if before == session.as_planned:
            return False
        session.new_version(SessionChange.Kind.CHANGED, before, reason, by=by, now=now)
        return True

    def restore(self, session: GuidanceSession, *, by: User, now: datetime) -> None:
        """The cancellation was a mistake. Raise ValidationError where none can be taken back."""
        if not session.can_be_restored:
            raise ValidationError(gettext("Avlysningen kan ikke tas tilbake."), code="not_cancelled")
        session.cancelled_at = session.cancelled_by = None
        session.new_version(SessionChange.Kind.RESTORED, session.as_planned, "", by=by, now=now)


class SessionChange(models.Model):
    """A session to come was planned otherwise, cancelled or restored: what was planned before, and why.

    A person who was told of that version is told what is new since.
    """

    class Kind(models.TextChoices):
        CHANGED = "changed", _("endret")
        CANCELLED = "cancelled", _("avlyst")
        RESTORED = "restored", _("avlysningen tatt tilbake")

    session = models.ForeignKey(GuidanceSession, models.PROTECT, related_name="changes")
    kind = models.CharField(_("hva"), max_length=9, choices=Kind.choices)
    version = models.PositiveSmallIntegerField()  # the session's calendar_version until then
    before = models.JSONField()  # `as_planned` of that version
    reason = OneLineField(_("grunn"), max_length=200, blank=True)
    changed_at = models.DateTimeField(_("endret"))
    changed_by = by(_("endret av"))
    strikes = GenericRelation(Strike, content_type_field="about_type", object_id_field="about_id")

    objects = SessionChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("endring av et møte")
        verbose_name_plural = _("endringer av møter")
        ordering = ["version", "pk"]
        constraints = [models.UniqueConstraint(fields=["session", "version"], name="one_change_of_a_version")]

    def __str__(self) -> str:
        return f"{self.session}, {moment_in_words(self.changed_at)}"
