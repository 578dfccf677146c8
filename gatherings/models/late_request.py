from datetime import datetime

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gatherings.models.gathering import Gathering
from gatherings.models.registration import Registration
from participants.models import Participation, Strike
from parts.facts import by, who_and_when
from parts.history import HistoricalRecords


class LateRequestQuerySet(models.QuerySet["LateRequest"]):
    def open(self) -> "LateRequestQuerySet":
        return self.filter(answered_at__isnull=True)

    def of(self, user: User) -> "LateRequestQuerySet":
        """Those whose answer is for this person: asked by them, or taken over, and not handed over since."""
        return self.filter(models.Q(answered_to=user) | models.Q(asked_by=user, answered_to__isnull=True))


class LateRequest(models.Model):
    """What somebody asks the staff for after the deadline: to register, change or cancel. The staff answer it."""

    gathering = models.ForeignKey(Gathering, models.PROTECT, related_name="late_requests", verbose_name=_("samling"))
    participation = models.ForeignKey(
        Participation, models.PROTECT, related_name="late_requests", verbose_name=_("kommune i pulje")
    )
    registration = models.ForeignKey(
        Registration,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="late_requests",
        verbose_name=_("påmelding"),
        help_text=_("La feltet stå tomt hvis det gjelder en ny påmelding."),
    )
    text = models.TextField(_("det de ber om"), max_length=2000)
    asked_at = models.DateTimeField(_("spurt"))
    asked_by = by(_("spurt av"), related_name="late_requests")
    answered_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("svaret går til"),
        help_text=_("Den som overtok etter den som spurte."),
    )
    answer = models.TextField(_("svar"), blank=True, max_length=2000)
    answered_at = models.DateTimeField(_("besvart"), null=True, blank=True)
    answered_by = by(_("besvart av"), optional=True)
    strikes = GenericRelation(Strike, content_type_field="about_type", object_id_field="about_id")

    objects = LateRequestQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("spørsmål etter fristen")
        verbose_name_plural = _("spørsmål etter fristen")
        ordering = ["-asked_at", "-pk"]
        constraints = [who_and_when("answered")]

    def __str__(self) -> str:
        return f"{self.asked_by}, {self.gathering}"

    @property
    def asker(self) -> User:
        """Who the answer is for: the person who asked, or who has taken over after them."""
        return self.answered_to or self.asked_by

    def hand_over(self, *, to: User, by: User) -> None:
        """The answer is for a successor. Who asked stays."""
        self.answered_to = to
        self._history_user = by
        self.save(update_fields=["answered_to"])

    def reply(self, *, answer: str, by: User, now: datetime) -> bool:
        """Store the answer once, and return whether this was the one that was stored."""
        if self.answered_at:
            return False
        self.answer, self.answered_at, self.answered_by = answer, now, by
        self._history_user = by
        self.save(update_fields=["answer", "answered_at", "answered_by"])
        return True
