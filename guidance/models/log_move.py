from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from guidance.models.group import GuidanceGroup
from guidance.models.session import GuidanceSession
from participants.models import Unit
from parts.facts import by


class LogMoveQuerySet(models.QuerySet["LogMove"]):
    def move(
        self, session: GuidanceSession, *, to: GuidanceGroup, units: Iterable[Unit], by: User, now: datetime
    ) -> "LogMove":
        """Make it the log of another group's session, with units of that municipality. What is written stays.

        The corrections follow. Raises ValidationError where no log stands, or when it is that group's already.
        """
        session.refuse_without_log()
        if to == session.group:
            raise ValidationError(gettext("Loggen hører allerede til denne kommunen."), code="same_group")
        move = self.create(session=session, before=session.group, after=to, moved_at=now, moved_by=by)
        move.units.set(session.units.all())
        session.group = to
        session._history_user = by
        session.save()
        session.units.set(units)
        return move


class LogMove(models.Model):
    """A log that was sent in for the wrong municipality: where it stood, and with which units."""

    session = models.ForeignKey(GuidanceSession, models.PROTECT, related_name="log_moves")
    before = models.ForeignKey(GuidanceGroup, models.PROTECT, related_name="logs_moved_away")
    after = models.ForeignKey(GuidanceGroup, models.PROTECT, related_name="logs_moved_here")
    units = models.ManyToManyField(Unit, related_name="+")
    moved_at = models.DateTimeField(_("flyttet"))
    moved_by = by(_("flyttet av"))

    objects = LogMoveQuerySet.as_manager()

    class Meta:
        verbose_name = _("flytting av logg")
        verbose_name_plural = _("flyttinger av logger")
        ordering = ["-moved_at", "-pk"]

    def __str__(self) -> str:
        return gettext("flyttet fra %(before)s til %(after)s") % {"before": self.before, "after": self.after}

    @property
    def mail_thread(self) -> GuidanceSession:
        return self.session
