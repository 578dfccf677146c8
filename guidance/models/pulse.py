import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from guidance.models.group import GuidanceGroup
from guidance.models.session import GuidanceSession
from guidance.models.supervisor import Supervisor
from parts.names import OneLineField


class PulseAnswer(models.Model):
    """Whether a session was of use to a head. It names neither the head nor the session, and has no time.

    Written as `guidance.follow_up.pulse` says, so that no row of PulseAnswered leads to one of these.
    """

    class Use(models.IntegerChoices):
        LITTLE = 1, _("lite nyttig")
        SOME = 2, _("ganske nyttig")
        GREAT = 3, _("svært nyttig")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(GuidanceGroup, models.PROTECT, related_name="pulse", verbose_name=_("veiledergruppe"))
    supervisors = models.ManyToManyField(Supervisor, related_name="+", verbose_name=_("veiledere"))
    use = models.PositiveSmallIntegerField(_("nytte"), choices=Use.choices)
    line = OneLineField(_("kommentar"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("svar på om et møte var nyttig")
        verbose_name_plural = _("svar på om møtene var nyttige")

    def __str__(self) -> str:
        return str(self.group)


class PulseAnswered(models.Model):
    """That a head has answered about a session, so that nobody does twice, and nobody is asked again."""

    session = models.ForeignKey(
        GuidanceSession, models.PROTECT, related_name="pulse_answered", verbose_name=_("veiledningsmøte")
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))

    class Meta:
        verbose_name = _("har svart på om et møte var nyttig")
        verbose_name_plural = _("har svart på om møter var nyttige")
        constraints = [models.UniqueConstraint(fields=["session", "user"], name="pulse_answered_once")]

    def __str__(self) -> str:
        return f"{self.user}, {self.session}"
