from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants.models import Confirmation
from parts.facts import by


class MessageRead(models.Model):
    """A municipality's message in its confirmation has been seen to. What it was about stands with the confirmation."""

    confirmation = models.OneToOneField(
        Confirmation, models.PROTECT, related_name="message_read", verbose_name=_("bekreftelse")
    )
    note = models.CharField(_("hva som er gjort"), max_length=300, blank=True)
    read_at = models.DateTimeField(_("fulgt opp"))
    read_by = by(_("fulgt opp av"))

    class Meta:
        verbose_name = _("melding som er fulgt opp")
        verbose_name_plural = _("meldinger som er fulgt opp")

    def __str__(self) -> str:
        return str(self.confirmation)

    @classmethod
    def mark(cls, confirmation: Confirmation, *, note: str, by: User, now: datetime) -> "MessageRead":
        """The first one who marks it stands: a second press changes nothing."""
        found, _is_new = cls.objects.get_or_create(
            confirmation=confirmation, defaults={"note": note, "read_at": now, "read_by": by}
        )
        return found
