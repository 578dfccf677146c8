"""What is known of mail that comes back, and of the addresses that it could not reach."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from outbox.models.message import Message, ReturnReason
from parts.facts import by, who_and_when
from parts.names import OneLineField


class ReturnedMailQuerySet(models.QuerySet["ReturnedMail"]):
    def unread(self) -> "ReturnedMailQuerySet":
        """What the portal did not understand, and people are to read."""
        return self.filter(kind=ReturnedMail.Kind.UNREAD)

    def to_be_read(self) -> "ReturnedMailQuerySet":
        """Those of them that nobody has seen to."""
        return self.unread().filter(handled_at=None)


class ReturnedMail(models.Model):
    """One mail that was read from the return mailbox. What it did was stored in the same transaction as this row."""

    class Kind(models.TextChoices):
        FAILED = "failed", _("Kom i retur")
        DELAYED = "delayed", _("Forsinket")
        AUTOMATIC = "automatic", _("Automatisk svar")
        CALENDAR = "calendar", _("Svar fra en kalender")
        UNREAD = "unread", _("Ikke forstått")

    class Why(models.TextChoices):
        """Why it was not understood."""

        NO_TAG = "no_tag", _("En retur som ikke sier hvilken e-post den gjelder")
        NOBODY = "nobody", _("En retur av en e-post til flere, som ikke sier hvem av dem den gjelder")
        PERSON = "person", _("Trolig skrevet av en person")
        BROKEN = "broken", _("Lot seg ikke lese")

    # Of its Message-ID and its body: the same mail that is met again does nothing.
    digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField(_("slag"), max_length=10, choices=Kind.choices)
    received_at = models.DateTimeField(_("mottatt"))
    message = models.ForeignKey(
        Message, models.CASCADE, null=True, blank=True, related_name="came_back", verbose_name=_("e-post")
    )
    reason = models.CharField(_("grunn"), max_length=10, choices=ReturnReason.choices, blank=True)
    said = models.TextField(_("tjenerens ord"), blank=True)
    # Of one that was not understood, what staff find it by.
    why = models.CharField(_("hvorfor"), max_length=10, choices=Why.choices, blank=True)
    sender = OneLineField(_("fra"), max_length=320, blank=True)
    subject = OneLineField(_("emne"), max_length=200, blank=True)
    # The whole mail, when it came through a pipe and was not understood: a mailbox keeps such a mail itself.
    source = models.BinaryField(null=True, blank=True)
    handled_at = models.DateTimeField(_("ferdig"), null=True, blank=True)
    handled_by = by(_("ferdig, registrert av"), optional=True)

    objects = ReturnedMailQuerySet.as_manager()

    class Meta:
        # What people see of the table: the others are shown with the mail that came back.
        verbose_name = _("e-post i retur som ikke ble forstått")
        verbose_name_plural = _("e-poster i retur som ikke ble forstått")
        ordering = ["-received_at", "-pk"]
        constraints = [who_and_when("handled")]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def handle(self, *, by: AbstractBaseUser, now: datetime) -> bool:
        """Store that staff have seen to it, and erase the mail itself. False when that was done before."""
        open_still = ReturnedMail.objects.to_be_read().filter(pk=self.pk)
        return bool(open_still.update(handled_at=now, handled_by=by, source=None))


class DeadAddressQuerySet(models.QuerySet["DeadAddress"]):
    def active(self) -> "DeadAddressQuerySet":
        return self.filter(lifted_at=None)

    def why(self, address: str) -> models.Subquery:
        """The reason of the one at the address that this field of the outer query has; null where there is none."""
        return models.Subquery(self.active().filter(address=models.OuterRef(address)).values("reason")[:1])

    def lift(self, address: str, *, now: datetime) -> bool:
        """Write to it again. Whether it was dead."""
        return bool(self.active().filter(address=address).update(lifted_at=now))


class DeadAddress(models.Model):
    """An address that mail has come back from. Only codes are sent to it until it is lifted."""

    address = models.CharField(_("adresse"), max_length=320, unique=True)
    dead_at = models.DateTimeField(_("virker ikke siden"))
    reason = models.CharField(_("grunn"), max_length=10, choices=ReturnReason.choices)
    lifted_at = models.DateTimeField(_("prøves igjen"), null=True, blank=True)

    objects = DeadAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("adresse som ikke virker")
        verbose_name_plural = _("adresser som ikke virker")
        ordering = ["address"]

    def __str__(self) -> str:
        return self.address


class MailboxReading(models.Model):
    """How the last look into the return mailbox went: one row."""

    read_at = models.DateTimeField(_("lest"), null=True, blank=True)
    failing_since = models.DateTimeField(_("svarer ikke siden"), null=True, blank=True)
    error = models.TextField(_("feilmelding"), blank=True)
    left = models.PositiveIntegerField(_("ikke forstått"), default=0)

    class Meta:
        verbose_name = _("lesing av returpostkassen")
        verbose_name_plural = _("lesing av returpostkassen")

    def __str__(self) -> str:
        return str(self.read_at or "")

    @classmethod
    def went_well(cls, *, left: int, now: datetime) -> None:
        cls.objects.update_or_create(pk=1, defaults={"read_at": now, "failing_since": None, "error": "", "left": left})

    @classmethod
    def failed(cls, *, error: str, now: datetime) -> None:
        cls.objects.get_or_create(pk=1)
        cls.objects.filter(pk=1).update(error=error[:500], failing_since=Coalesce("failing_since", models.Value(now)))
