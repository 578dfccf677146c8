"""The mails that the portal sends, each a row from the moment that the fact behind it is saved."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from parts.facts import by, who_and_when
from parts.history import HistoricalRecords
from parts.names import OneLineField

MAX_KEY_LENGTH = 300
# A mail without an end of its own that did not arrive is sent to a new address for so long.
STILL_NEWS = timedelta(days=60)


class MessageState(models.TextChoices):
    """Derived from the facts of a message at a moment, never stored."""

    WAITING = "waiting", _("Venter")
    SENDING = "sending", _("Sendes nå")
    RETRYING = "retrying", _("Prøves igjen")
    SENT = "sent", _("Sendt")
    RETURNED = "returned", _("Kom i retur")
    GIVEN_UP = "given_up", _("Gitt opp")
    STOPPED = "stopped", _("Stoppet: adressen virker ikke")
    EXPIRED = "expired", _("Falt bort")


OVER = {MessageState.SENT, MessageState.RETURNED, MessageState.GIVEN_UP, MessageState.EXPIRED}


class ReturnReason(models.TextChoices):
    """Why a mail came back, as far as the server's code and words tell."""

    UNKNOWN = "unknown", _("Adressen finnes ikke")
    NO_DOMAIN = "no_domain", _("Det som står etter @ i adressen, finnes ikke")
    FULL = "full", _("Postkassen er full")
    REFUSED = "refused", _("Mottakerens e-posttjener avviste e-posten")
    UNREACHED = "unreached", _("Mottakerens e-posttjener svarte ikke")

    @classmethod
    def in_words(cls, reason: str | None) -> str:
        """Empty where there is none."""
        return str(cls(reason).label) if reason else ""


class MessageQuerySet(models.QuerySet["Message"]):
    def unsent(self) -> "MessageQuerySet":
        return self.filter(sent_at=None, given_up_at=None)

    def expired(self, now: datetime) -> "MessageQuerySet":
        return self.unsent().filter(expires_at__lte=now)

    def alive(self, now: datetime) -> "MessageQuerySet":
        """Not sent yet, and still to be."""
        return self.unsent().filter(Q(expires_at=None) | Q(expires_at__gt=now))

    def claimed(self, now: datetime) -> "MessageQuerySet":
        return self.alive(now).filter(claimed_until__gt=now)

    def unclaimed(self, now: datetime) -> "MessageQuerySet":
        return self.alive(now).filter(Q(claimed_until=None) | Q(claimed_until__lte=now))

    def waiting(self, now: datetime) -> "MessageQuerySet":
        """What a worker will take, sooner or later, by itself."""
        return self.alive(now).filter(stopped_at=None)

    def stopped(self, now: datetime) -> "MessageQuerySet":
        """What goes when its address works, or is another."""
        return self.unclaimed(now).filter(stopped_at__isnull=False)

    def undelivered(self) -> "MessageQuerySet":
        """What staff have to see to: it was given up or came back, and was neither sent again nor ticked off.

        It is over, too, once each recipient has another address: that is where their mails go now.
        """
        there = FurtherRecipient.objects.filter(message=models.OuterRef("pk"), person__email=F("to"))
        same_address = Q(recipient=None) | Q(recipient__email=F("to")) | models.Exists(there)
        lost = Q(given_up_at__isnull=False) | Q(returned_at__isnull=False)
        return self.filter(lost, same_address, handled_at=None, resends=None)

    def worth_resending(self, now: datetime) -> "MessageQuerySet":
        """What did not arrive, and still says something to its reader: they have got another address."""
        current = Q(expires_at=None) | Q(expires_at__gt=now)
        fresh = self.undelivered().filter(current, created_at__gt=now - STILL_NEWS)
        return fresh.filter(secret=False, forgotten_at=None)

    def forgettable(self, now: datetime) -> "MessageQuerySet":
        """What is over, and was written so long ago that nobody needs its words any more."""
        old = self.filter(forgotten_at=None, created_at__lt=now - timedelta(days=settings.MAIL_TEXTS_KEPT_DAYS))
        return old.exclude(pk__in=Message.objects.alive(now).values("pk"))

    def with_states(self, now: datetime, *, limit: int | None = None) -> "list[tuple[Message, MessageState]]":
        """Each with its state, without its text."""
        return [(message, message.state_at(now)) for message in self.defer("body", "html")[:limit]]

    def about_rows(self, kind: type[models.Model], keys: Iterable[int]) -> "MessageQuerySet":
        """The mails about these rows of a model, the oldest first."""
        about = ContentType.objects.get_for_model(kind)
        return self.filter(about_type=about, about_id__in=[str(key) for key in keys]).order_by("pk")

    def to_person(self, person: AbstractBaseUser) -> "MessageQuerySet":
        """What was written to this person, alone or with others, at whatever address they had."""
        first = Message.objects.filter(recipient=person.pk).order_by().values("pk")
        further = FurtherRecipient.objects.filter(person=person.pk).order_by().values("message")
        # A union, so that the database asks two indexes.
        return self.filter(pk__in=first.union(further))

    def due(self, now: datetime) -> "MessageQuerySet":
        """What a worker may claim now. First what has not yet broken a connection, so that one message
        that does so keeps back no other; then what expires soonest, so that a code overtakes the letters."""
        return self.unclaimed(now).filter(stopped_at=None, next_attempt_at__lte=now).in_turn()

    def in_turn(self) -> "MessageQuerySet":
        return self.order_by("disconnects", F("expires_at").asc(nulls_last=True), "next_attempt_at", "pk")

    def in_state(self, state: str, now: datetime) -> "MessageQuerySet":
        waiting = self.unclaimed(now).filter(stopped_at=None)
        sent = self.exclude(sent_at=None)
        found = {
            MessageState.WAITING: waiting.filter(attempts=0),
            MessageState.RETRYING: waiting.filter(attempts__gt=0),
            MessageState.STOPPED: self.stopped(now),
            MessageState.SENDING: self.claimed(now),
            MessageState.SENT: sent.filter(returned_at=None),
            MessageState.RETURNED: sent.exclude(returned_at=None),
            MessageState.GIVEN_UP: self.exclude(given_up_at=None),
            MessageState.EXPIRED: self.expired(now),
        }
        return found[MessageState(state)]


class Message(models.Model):
    """One mail. Written with the fact that caused it, delivered after commit.

    It goes to one address, or to several people in one transaction with the mail server: then they see each other's
    addresses, `to` is the first's, and each of the rest is a FurtherRecipient. What became of the mail is true of each
    of them: whom the server did not take while it took others, has a row of their own, `parted_from` this one.
    """

    class Failure(models.TextChoices):
        NONE = "", _("Ingen")
        REFUSED = "refused", _("Avvist")
        DEFERRED = "deferred", _("Avvist inntil videre")
        CONNECTION = "connection", _("Fikk ikke kontakt med e-posttjeneren")
        UNANSWERED = "unanswered", _("Kanskje sendt: tjeneren fikk hele e-posten, men svarte ikke")

    key = models.CharField(_("nøkkel"), max_length=MAX_KEY_LENGTH, unique=True)
    message_id = models.CharField(_("Message-ID"), max_length=300, unique=True)
    to = models.CharField(_("mottaker"), max_length=320)
    reply_to = models.CharField(_("svar går til"), max_length=254, blank=True, default="")  # empty: the project's own
    # The person it goes to. Their address may be another later; `to` says where this mail went.
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name=_("person"),
    )
    language = models.CharField(_("språk"), max_length=2)
    text_name = models.CharField(_("e-post"), max_length=100)
    subject = models.TextField(_("emne"))
    body = models.TextField(_("tekst"), blank=True)
    html = models.TextField(_("HTML"), blank=True)
    why = models.TextField(_("hvorfor"), blank=True)
    note = models.TextField(_("merknad"), blank=True)
    about_type = models.ForeignKey(ContentType, models.SET_NULL, null=True, blank=True, related_name="+")
    about_id = models.CharField(max_length=50, null=True, blank=True)
    about = GenericForeignKey("about_type", "about_id")
    about_label = models.TextField(_("gjelder"), blank=True)  # as it was called then; a list asks no further
    created_at = models.DateTimeField(_("opprettet"), db_index=True)
    # Of what it said, only its kind is left. See `striking.forget_old`.
    forgotten_at = models.DateTimeField(_("teksten slettet"), null=True, blank=True)
    expires_at = models.DateTimeField(_("sendes ikke etter"), null=True, blank=True)
    secret = models.BooleanField(_("hemmelig"), default=False)

    attempts = models.PositiveIntegerField(_("forsøk"), default=0)
    disconnects = models.PositiveIntegerField(_("forsøk uten kontakt"), default=0)
    doubts = models.PositiveIntegerField(_("forsøk som kanskje kom fram"), default=0)  # of the disconnects
    failure = models.CharField(_("feil"), max_length=10, choices=Failure.choices, blank=True, default="")
    failed_at = models.DateTimeField(_("feilet"), null=True, blank=True)
    last_error = models.TextField(_("feilmelding"), blank=True)
    next_attempt_at = models.DateTimeField(_("neste forsøk"))
    claim = models.UUIDField(_("hentet av"), null=True, blank=True)
    claimed_until = models.DateTimeField(_("hentet til"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sendt"), null=True, blank=True)
    given_up_at = models.DateTimeField(_("gitt opp"), null=True, blank=True)
    # A server took it, and said later that it could not deliver it.
    returned_at = models.DateTimeField(_("kom i retur"), null=True, blank=True)
    returned_why = models.CharField(
        _("hvorfor i retur"), max_length=10, choices=ReturnReason.choices, blank=True, default="", db_default=""
    )
    # A worker has found that its address does not work.
    stopped_at = models.DateTimeField(_("stoppet"), null=True, blank=True)

    resend_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="resends",
        verbose_name=_("ny utsending av"),
    )
    resend_reason = models.TextField(_("hvorfor på nytt"), blank=True)
    parted_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parted",
        verbose_name=_("skilt ut fra"),
    )
    resent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sendt på nytt av"),
    )
    # Staff have seen to it that it did not arrive.
    handled_at = models.DateTimeField(_("ferdig"), null=True, blank=True)
    handled_by = by(_("ferdig, registrert av"), optional=True)
    handled_note = models.TextField(_("hva som ble gjort"), blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("e-post")
        verbose_name_plural = _("e-poster")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="outbox_unsent",
                condition=Q(sent_at=None, given_up_at=None),
            ),
            models.Index(fields=["given_up_at"], name="outbox_given_up", condition=Q(given_up_at__isnull=False)),
            models.Index(fields=["returned_at"], name="outbox_returned", condition=Q(returned_at__isnull=False)),
            models.Index(fields=["to"], name="outbox_stopped", condition=Q(stopped_at__isnull=False)),
            models.Index(fields=["about_type", "about_id"], name="outbox_about"),
            models.Index(fields=["claim"], name="outbox_claim", condition=Q(claim__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(sent_at=None) | Q(given_up_at=None), name="message_sent_or_given_up"),
            models.CheckConstraint(
                condition=Q(returned_at=None, returned_why="") | (Q(sent_at__isnull=False) & ~Q(returned_why="")),
                name="message_returned_was_sent",
            ),
            models.CheckConstraint(
                condition=Q(claim=None, claimed_until=None) | Q(claim__isnull=False, claimed_until__isnull=False),
                name="message_claim_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(resend_of=None) | ~Q(resend_reason=""), name="message_resend_has_a_reason"
            ),
            who_and_when("handled"),
            models.CheckConstraint(
                condition=Q(handled_at=None) | ~Q(handled_note=""), name="message_handled_has_a_note"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} – {self.to}"

    def state_at(self, now: datetime) -> MessageState:
        if self.sent_at:
            return MessageState.RETURNED if self.returned_at else MessageState.SENT
        if self.given_up_at:
            return MessageState.GIVEN_UP
        if self.expires_at and self.expires_at <= now:
            return MessageState.EXPIRED
        if self.claimed_until and self.claimed_until > now:
            return MessageState.SENDING
        if self.stopped_at:
            return MessageState.STOPPED
        return MessageState.RETRYING if self.attempts else MessageState.WAITING

    @property
    def address_now(self) -> str:
        """Where it would go today: to the address its first recipient has, or to the one it was written to."""
        return self.recipient.get_username() if self.recipient else self.to

    @property
    def addresses(self) -> list[str]:
        """Everybody it goes to, as its To says."""
        return [self.to, *(further.to for further in self.further.all())]

    @property
    def addresses_now(self) -> list[str]:
        """Where it would go today, to each once."""
        people = (further.person.get_username() for further in self.further.all())
        return list(dict.fromkeys([self.address_now, *people]))

    @property
    def names(self) -> list[str]:
        """Whom it goes to, an address where it is nobody's."""
        return [str(self.recipient or self.to), *(str(further.person) for further in self.further.all())]

    @property
    def why_not_there(self) -> str:
        """Why it did not arrive, in words; empty for one that did, or may yet."""
        if self.returned_at:
            why = str(self.get_returned_why_display())
            return gettext("Kom i retur: %(why)s.") % {"why": why[0].lower() + why[1:]}
        return f"{self.get_failure_display()}." if self.given_up_at else ""

    @property
    def is_undelivered(self) -> bool:
        return Message.objects.undelivered().filter(pk=self.pk).exists()

    def handle(self, *, note: str, by: AbstractBaseUser, now: datetime) -> bool:
        """Store that staff have seen to it, and how. False when nothing was left to see to."""
        open_still = Message.objects.undelivered().filter(pk=self.pk)
        return bool(
            Message.objects.filter(pk__in=open_still.values("pk")).update(
                handled_at=now, handled_by=by, handled_note=note
            )
        )

    def may_be_resent(self, now: datetime) -> bool:
        """A code is never sent twice, nor what has no text left; and what still waits will be sent anyway."""
        return self.state_at(now) in OVER and not self.secret and not self.forgotten_at


class FurtherRecipient(models.Model):
    """One more whom a mail goes to, beside its first recipient, at the address that they had."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="further", verbose_name=_("e-post"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="messages_with_others", verbose_name=_("person")
    )
    to = models.CharField(_("mottaker"), max_length=320)

    class Meta:
        verbose_name = _("mottaker")
        verbose_name_plural = _("mottakere")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["message", "to"], name="recipient_once_a_message")]

    def __str__(self) -> str:
        return self.to


class Attachment(models.Model):
    """A file that goes with a message, as it was when the message was written."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="attachments", verbose_name=_("e-post"))
    name = OneLineField(_("navn"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    content = models.BinaryField(_("innhold"))

    class Meta:
        verbose_name = _("vedlegg")
        verbose_name_plural = _("vedlegg")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class Wording(models.Model):
    """Staff's own wording of a mail in one language. Without one, the shipped wording is used."""

    name = models.CharField(_("e-post"), max_length=100)
    language = models.CharField(_("språk"), max_length=2)
    subject = OneLineField(_("emne"), max_length=300)
    body = models.TextField(_("tekst"))

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("e-posttekst")
        verbose_name_plural = _("e-posttekster")
        ordering = ["name", "language"]
        constraints = [models.UniqueConstraint(fields=["name", "language"], name="wording_once_a_language")]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"
