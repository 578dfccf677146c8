from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.contrib.contenttypes.fields import GenericRelation
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants.models import Participation, Strike
from parts.facts import by


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def newest(self, participations: Iterable[int] | models.QuerySet) -> dict[tuple[int, str], "FollowUp"]:
        """By municipality and kind."""
        found: dict[tuple[int, str], FollowUp] = {}
        for note in self.filter(participation__in=participations).select_related("noted_by"):
            found.setdefault((note.participation_id, note.kind), note)
        return found


class FollowUp(models.Model):
    """That a project leader has seen to what a municipality lacks: who, when, and what was done about it.

    What it was about rests until the day chosen, or until there is more of it than what was seen.
    """

    class Kind(models.TextChoices):
        SILENT = "silent", _("lenge siden siste møte")
        MISSING = "missing", _("mangler logg")
        WITHOUT = "without", _("uten veiledergruppe")
        SMALL = "small", _("for få veiledere")
        LEAVE = "leave", _("permisjon i gruppa")

    participation = models.ForeignKey(
        Participation, models.PROTECT, related_name="follow_ups", verbose_name=_("kommune i pulje")
    )
    kind = models.CharField(_("gjelder"), max_length=7, choices=Kind.choices)
    # What was there when it was seen to: the sessions that lacked a log, the last session, how many supervisors,
    # whose leave.
    seen = models.JSONField(encoder=DjangoJSONEncoder)
    note = models.TextField(_("notat"), max_length=1000, blank=True)
    rests_until = models.DateField(_("minn meg på det igjen"))
    noted_at = models.DateTimeField(_("fulgt opp"))
    noted_by = by(_("fulgt opp av"))
    strikes = GenericRelation(Strike, content_type_field="about_type", object_id_field="about_id")

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("oppfølging")
        verbose_name_plural = _("oppfølginger")
        ordering = ["-noted_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.participation}, {self.get_kind_display()}"

    @classmethod
    def note_down(
        cls, *, participation: Participation, kind: str, seen: list, note: str, weeks: int, by: User, now: datetime
    ) -> "FollowUp":
        """`seen`: what the municipality lacks now, as `guidance.follow_up.lacks` says it."""
        return cls.objects.create(
            participation=participation,
            kind=kind,
            seen=seen,
            note=note,
            rests_until=timezone.localdate(now) + timedelta(weeks=weeks),
            noted_at=now,
            noted_by=by,
        )

    def rests(self, lacking: list, *, today: date) -> bool:
        """Whether this is still all that is to be said of it: the time is not over, and nothing new has come."""
        return today < self.rests_until and all(each in self.seen for each in lacking)
