"""What staff write to many at once, or remind them of: a draft until it is sent, and to whom it went."""

import hashlib
import json
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from gatherings.models import Gathering
from lmp.writing.left_out import WhyLeftOut, in_words
from lmp.writing.mails import WRITTEN
from lmp.writing.occasion import Occasion
from outbox import markup
from outbox.models import Message
from outbox.texts import MailText
from participants.models import Participation
from parts.facts import by
from parts.names import OneLineField

# In one writing: more than all the people of the largest cohort.
MAX_RECIPIENTS = 3000
SUBJECT_LENGTH, BODY_LENGTH, REASON_LENGTH, LABEL_LENGTH = 200, 10_000, 300, 200
# A draft that nobody has touched for so long goes.
DRAFT_KEPT = timedelta(days=90)


class WritingQuerySet(models.QuerySet["Writing"]):
    def drafts(self) -> "WritingQuerySet":
        return self.filter(ordered_at__isnull=True)

    def drafts_of(self, user: User) -> "WritingQuerySet":
        return self.drafts().filter(written_by=user)

    def sent(self) -> "WritingQuerySet":
        return self.filter(ordered_at__isnull=False)

    def waiting(self) -> "WritingQuerySet":
        """Those of which a worker has something left to post."""
        left = Recipient.objects.waiting().filter(writing=models.OuterRef("pk"))
        return self.sent().filter(models.Exists(left))


class Writing(models.Model):
    """One text, or one reminder, to those who are chosen. Its writer's alone until it is sent, and then all staff's."""

    class Kind(models.TextChoices):
        MESSAGE = "message", gettext_lazy("Egen tekst")
        CONFIRMATION = "confirmation", gettext_lazy("Bekrefte opplysningene")
        REGISTRATION = "registration", gettext_lazy("Melde på til en samling som er åpen")
        TRAVEL = "travel", gettext_lazy("Bestille reise til en samling")
        EVALUATION = "evaluation", gettext_lazy("Evaluere en samling")
        MEASURES = "measures", gettext_lazy("Følge opp tiltak som er nær eller over fristen")
        LOGS = "logs", gettext_lazy("Sende inn logger som mangler, for veiledere")

    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.MESSAGE)
    subject_nb = OneLineField(max_length=SUBJECT_LENGTH, blank=True)
    body_nb = models.TextField(blank=True)
    subject_nn = OneLineField(max_length=SUBJECT_LENGTH, blank=True)
    body_nn = models.TextField(blank=True)
    reason = OneLineField(max_length=REASON_LENGTH, blank=True)
    reply_to = models.CharField(max_length=254, blank=True)
    # An Occasion of another room, which its recipients and the text that it began with come from.
    about_type = models.ForeignKey(ContentType, models.PROTECT, null=True, blank=True, related_name="+")
    about_id = models.PositiveBigIntegerField(null=True, blank=True)
    about = GenericForeignKey("about_type", "about_id")
    about_label = OneLineField(max_length=LABEL_LENGTH, blank=True)
    # Its form was in order when it was last kept: nothing goes out that was not.
    is_checked = models.BooleanField(default=False)
    written_by = by(gettext_lazy("skrevet av"))
    changed_at = models.DateTimeField()
    ordered_at = models.DateTimeField(gettext_lazy("sendt"), null=True, blank=True)

    objects = WritingQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("skrevet e-post")
        verbose_name_plural = gettext_lazy("skrevne e-poster")
        ordering = ["-ordered_at", "-pk"]

    def __str__(self) -> str:
        if self.is_reminder:
            return _("Påminnelse: %(what)s") % {"what": self.get_kind_display().lower()}
        if self.about_label:
            return self.about_label
        # Each gets it with their own municipality and name: the title has none of them.
        return markup.without_placeholders(self.subject_nb or self.subject_nn) or _("Uten emne")

    def get_absolute_url(self) -> str:
        return reverse("writing:sent", args=[self.pk])

    @property
    def is_reminder(self) -> bool:
        return self.kind != self.Kind.MESSAGE

    @property
    def occasion(self) -> Occasion | None:
        return self.about if self.about_id else None

    @property
    def mail_thread(self) -> models.Model:
        """With the other mails of its occasion, where that names a thread."""
        return getattr(self.occasion, "mail_thread", self)

    @property
    def text(self) -> MailText:
        """What it begins with, when it is no reminder, and which placeholders it may use."""
        return self.occasion.text if self.occasion else WRITTEN

    def wording(self, language: str) -> tuple[str, str]:
        if language == User.Language.NN:
            return self.subject_nn, self.body_nn
        return self.subject_nb, self.body_nb

    @property
    def fingerprint(self) -> str:
        """Stands for all that its writer sees before it is sent: whom it goes to, what it says, where answers go."""
        facts = ["kind", "subject_nb", "body_nb", "subject_nn", "body_nn", "reason", "reply_to"]
        people = sorted(self.recipients.values_list("person", flat=True))
        seen = [*(getattr(self, name) for name in facts), people]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()

    def order(self, *, seen: str, by: User, now: datetime) -> bool:
        """Let it be sent as it was seen. False when it is being sent already. Call it with the row locked.

        Raise ValidationError when it has changed since, when nobody is chosen, and when too many are.
        """
        if self.ordered_at:
            return False
        count = self.recipients.count()
        if seen != self.fingerprint or by.pk != self.written_by_id:
            raise ValidationError(
                _("Teksten eller mottakerne er endret siden du så dem. Ingenting er sendt. Se over en gang til."),
                code="changed",
            )
        if not count:
            raise ValidationError(_("Velg minst én mottaker."), code="nobody")
        if count > MAX_RECIPIENTS:
            said = _("Du kan skrive til høyst %(most)s om gangen. Velg færre.")
            raise ValidationError(said % {"most": MAX_RECIPIENTS}, code="many")
        self.ordered_at = now
        self.save(update_fields=["ordered_at"])
        return True


class RecipientQuerySet(models.QuerySet["Recipient"]):
    def waiting(self) -> "RecipientQuerySet":
        return self.filter(done_at__isnull=True)

    def left_out(self) -> "RecipientQuerySet":
        return self.filter(done_at__isnull=False).exclude(left_out="")

    def posted(self) -> "RecipientQuerySet":
        return self.filter(done_at__isnull=False, left_out="")

    def counted(self) -> dict[str, int]:
        """How many there are, wait, are posted, are sent, got nothing, and whose mail did not arrive: one query."""
        count, done = models.Count, models.Q(done_at__isnull=False)
        return self.aggregate(
            total=count("pk"),
            waiting=count("pk", filter=~done),
            posted=count("pk", filter=done & models.Q(left_out="")),
            sent=count("pk", filter=models.Q(message__sent_at__isnull=False)),
            left_out=count("pk", filter=done & ~models.Q(left_out="")),
            failed=count("pk", filter=models.Q(message__in=Message.objects.undelivered())),
        )


class Recipient(models.Model):
    """A person whom it goes to, once, for the municipalities that they were chosen in.

    Done with a mail, or with why none was sent.
    """

    writing = models.ForeignKey(Writing, models.PROTECT, related_name="recipients")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="written_to")
    participations = models.ManyToManyField(Participation, related_name="+")
    # Chosen as one who is registered there, and not by a function.
    gathering = models.ForeignKey(Gathering, models.PROTECT, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    message = models.ForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="+")
    # A code and what it is about: `why_left_out` words them.
    left_out = models.CharField(max_length=20, blank=True)
    left_out_values = models.JSONField(default=dict, blank=True)

    objects = RecipientQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("mottaker")
        verbose_name_plural = gettext_lazy("mottakere")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["writing", "person"], name="written_to_once"),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=False) | models.Q(message__isnull=True, left_out=""),
                name="a_recipient_that_waits_has_neither_mail_nor_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(message__isnull=True) | models.Q(left_out=""), name="who_is_left_out_has_no_mail"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def why_left_out(self) -> str:
        return in_words(self.left_out, self.left_out_values)

    def leave_out(self, why: WhyLeftOut | None) -> None:
        """Not saved here: it is stored with the moment that it was done."""
        self.left_out, self.left_out_values = (why.code, why.values) if why else ("", {})

    @property
    def key(self) -> str:
        """Of their mail: the one who they turned out to be, if they are another, gets one all the same."""
        return f"writing:{self.writing_id}:{self.addressee.pk}"

    @property
    def addressee(self) -> User:
        return self.person.merged_into or self.person
