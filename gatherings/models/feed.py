import secrets
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class FeedQuerySet(models.QuerySet["Feed"]):
    def open_for(self, user: User, *, now: datetime) -> "Feed":
        """The person's address for a calendar, a new one each time; the one before stops working."""
        feed, _created = self.update_or_create(
            user=user, defaults={"token": secrets.token_urlsafe(32), "made_at": now, "read_at": None}
        )
        return feed


class Feed(models.Model):
    """A secret address that a calendar reads a person's gatherings from, until they close it."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed", verbose_name=_("person")
    )
    token = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("opprettet"))
    read_at = models.DateTimeField(_("sist lest"), null=True, blank=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("kalenderadresse")
        verbose_name_plural = _("kalenderadresser")

    def __str__(self) -> str:
        return str(self.user)
