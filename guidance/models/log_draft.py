import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from guidance.models.group import GuidanceGroup
from guidance.models.session import GuidanceSession


class LogDraftQuerySet(models.QuerySet["LogDraft"]):
    def of(self, user: User) -> "LogDraftQuerySet":
        """This person's own, of the groups they are in now."""
        return self.filter(
            user=user,
            group__members__supervisor__user=user,
            group__members__ended_on__isnull=True,
            user__is_active=True,
        )


class LogDraft(models.Model):
    """A log that is not sent in yet, as it was typed. Only the writer reads it, and a successor who takes over.

    The token is the log's: a form that is sent twice, or again after the network came back, makes one log.
    """

    token = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="log_drafts")
    group = models.ForeignKey(GuidanceGroup, models.PROTECT, related_name="log_drafts")
    session = models.ForeignKey(GuidanceSession, models.PROTECT, null=True, blank=True, related_name="log_drafts")
    data = models.JSONField()
    saved_at = models.DateTimeField()

    objects = LogDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("utkast til logg")
        verbose_name_plural = _("utkast til logg")
        ordering = ["-saved_at", "pk"]

    def __str__(self) -> str:
        return f"{self.user}, {self.group}"

    def keep(self, *, data: dict, now: datetime) -> None:
        self.data, self.saved_at = data, now
        self.save()

    def hand_over(self, *, to: User) -> None:
        self.user = to
        self.save(update_fields=["user"])
