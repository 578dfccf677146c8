import secrets
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from parts import sealing

PURPOSE = "calendar address"


class FeedQuerySet(models.QuerySet["Feed"]):
    def open_for(self, user: User, *, now: datetime) -> "Feed":
        """The person's address for a calendar, a new one each time; the one before stops working."""
        token = secrets.token_urlsafe(32)
        facts = {"digest": digest_of(token), "sealed": sealing.seal(token, purpose=PURPOSE)}
        feed, _created = self.update_or_create(user=user, defaults=facts | {"made_at": now, "read_at": None})
        return feed

    def with_token(self, token: str) -> "FeedQuerySet":
        return self.filter(digest=digest_of(token))


def digest_of(token: str) -> str:
    """A token is 256 random bits, so that nothing is guessed from this, and no key is needed that might be changed."""
    return sha256(token.encode()).hexdigest()


class Feed(models.Model):
    """A secret address that a calendar reads a person's gatherings from, until they close it.

    It is found by a digest, and sealed beside it: a person adds it to a telephone long after the computer.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed", verbose_name=_("person")
    )
    digest = models.CharField(max_length=64, unique=True)
    sealed = models.TextField()
    made_at = models.DateTimeField(_("opprettet"))
    read_at = models.DateTimeField(_("sist lest"), null=True, blank=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("kalenderadresse")
        verbose_name_plural = _("kalenderadresser")

    def __str__(self) -> str:
        return str(self.user)

    @property
    def token(self) -> str:
        """Empty when it was sealed by a key that is gone. The address still works; it can't be shown."""
        try:
            return sealing.unseal(self.sealed, purpose=PURPOSE)
        except sealing.UnreadableError:
            return ""


def reseal() -> int:
    """Seal by the current key what another has sealed. Return how many there were."""
    feeds = [feed for feed in Feed.objects.all() if not sealing.is_current(feed.sealed, purpose=PURPOSE) and feed.token]
    for feed in feeds:
        Feed.objects.filter(pk=feed.pk, sealed=feed.sealed).update(sealed=sealing.seal(feed.token, purpose=PURPOSE))
    return len(feeds)
