from datetime import date, datetime, timedelta

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants.models import Confirmation, Participation, Strike
from parts.facts import by, who_and_when


class MessageRead(models.Model):
    """A municipality's message in its confirmation has been seen to. What was done about it is a note."""

    confirmation = models.OneToOneField(
        Confirmation, models.PROTECT, related_name="message_read", verbose_name=_("bekreftelse")
    )
    read_at = models.DateTimeField(_("fulgt opp"))
    read_by = by(_("fulgt opp av"))

    class Meta:
        verbose_name = _("melding som er fulgt opp")
        verbose_name_plural = _("meldinger som er fulgt opp")

    def __str__(self) -> str:
        return str(self.confirmation)

    @classmethod
    def mark(cls, confirmation: Confirmation, *, by: User, now: datetime) -> "MessageRead":
        """The first one who marks it stands: a second press changes nothing."""
        found, _is_new = cls.objects.get_or_create(confirmation=confirmation, defaults={"read_at": now, "read_by": by})
        return found


class NoteQuerySet(models.QuerySet["Note"]):
    def open(self) -> "NoteQuerySet":
        """Those that somebody means to come back to."""
        return self.filter(follow_up_on__isnull=False, done_at__isnull=True)

    def due(self, *, today: date) -> "NoteQuerySet":
        return self.open().filter(follow_up_on__lte=today)


class Note(models.Model):
    """What staff know of a municipality that stands nowhere else: what was said on the telephone, and when to ask."""

    participation = models.ForeignKey(
        Participation, models.PROTECT, related_name="notes", verbose_name=_("kommune i pulje")
    )
    text = models.TextField(_("notat"), max_length=1000)
    follow_up_on = models.DateField(_("følg opp"), null=True, blank=True)
    noted_at = models.DateTimeField(_("skrevet"))
    noted_by = by(_("skrevet av"))
    done_at = models.DateTimeField(_("fulgt opp"), null=True, blank=True)
    done_by = by(_("fulgt opp av"), optional=True)
    strikes = GenericRelation(Strike, content_type_field="about_type", object_id_field="about_id")

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("notat")
        verbose_name_plural = _("notater")
        ordering = ["-noted_at", "-pk"]
        constraints = [who_and_when("done")]

    def __str__(self) -> str:
        return str(self.participation)

    @classmethod
    @transaction.atomic
    def write(
        cls, participation: Participation, *, text: str, follow_up_on: date | None, by: User, now: datetime
    ) -> "Note":
        """Pressed twice within a minute, also at once, it is one note."""
        Participation.objects.select_for_update(of=("self",)).get(pk=participation.pk)
        facts = {"participation": participation, "text": text, "follow_up_on": follow_up_on, "noted_by": by}
        again = cls.objects.filter(**facts, noted_at__gt=now - timedelta(minutes=1)).first()
        return again or cls.objects.create(**facts, noted_at=now)

    def finish(self, *, by: User, now: datetime) -> bool:
        """Whether this ended it: the first one who did stands."""
        return bool(Note.objects.open().filter(pk=self.pk).update(done_at=now, done_by=by))
