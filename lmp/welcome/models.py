"""The welcome letters: what each cohort's say, those that were made, and staff's sendings of them."""

import hashlib
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from lmp.welcome import content, grammar
from lmp.welcome.letter_facts import LetterFacts
from outbox import texts
from participants.models import Cohort, CountyGovernor, Participation
from parts.facts import ToldByField, by, who_and_when
from parts.history import HistoricalRecords
from parts.names import OneLineField
from parts.typesetting import MAX_NOTE_LENGTH, Pdf

LANGUAGES = [("nb", gettext_lazy("bokmål")), ("nn", gettext_lazy("nynorsk"))]
PLACEHOLDERS = {
    "kommune": gettext_lazy("kommunen, for eksempel «Indre Fosen kommune»"),
    "pulje": gettext_lazy("puljas nummer"),
    "skoleaar": gettext_lazy("de to skoleårene"),
    "oppstart": gettext_lazy("når pulja har formell oppstart"),
    "enheter": gettext_lazy("enhetene, ramset opp"),
    "statsforvalter": gettext_lazy("navnet på statsforvalteren"),
    "statsforvalteren": gettext_lazy("ordet «statsforvalteren», eller «fylkesmannen» før 2021"),
    "frist": gettext_lazy("fristen med ukedag"),
}


class LetterText(ToldByField):
    """Staff's own wording of what changes from cohort to cohort. A blank field means the shipped wording."""

    WORDED = ("intro", "kick_off_note", "reply", "closing")
    PEOPLE = ("case_worker", "project_leaders", "senders")

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="letter_texts", verbose_name=gettext_lazy("pulje"))
    language = models.CharField(gettext_lazy("målform"), max_length=2, choices=LANGUAGES)
    intro = models.TextField(gettext_lazy("innledning"), max_length=3000, blank=True)
    kick_off_note = models.TextField(gettext_lazy("merknad om oppstartssamlingen"), max_length=1000, blank=True)
    case_worker = OneLineField(
        gettext_lazy("saksbehandler"),
        max_length=100,
        blank=True,
        default="",
        db_default="",
        help_text=gettext_lazy("Navn, og gjerne telefon. Står øverst i brevet."),
    )
    project_leaders = models.TextField(
        gettext_lazy("prosjektledere"),
        max_length=1000,
        blank=True,
        help_text=gettext_lazy("En på hver linje: navn, komma, arbeidssted."),
    )
    reply = models.TextField(gettext_lazy("slik svarer dere"), max_length=2000, blank=True)
    closing = models.TextField(gettext_lazy("avslutning"), max_length=1000, blank=True)
    senders = models.TextField(
        gettext_lazy("avsendere"),
        max_length=500,
        blank=True,
        help_text=gettext_lazy("En på hver linje: navn, komma, tittel."),
    )

    told_by: ClassVar = {"letter_text_once_a_language": "language"}

    history = HistoricalRecords()

    class Meta:
        verbose_name = gettext_lazy("tekst i velkomstbrevet")
        verbose_name_plural = gettext_lazy("tekster i velkomstbrevet")
        ordering = ["-cohort__number", "language"]
        constraints = [models.UniqueConstraint(fields=["cohort", "language"], name="letter_text_once_a_language")]

    def __str__(self) -> str:
        return f"{self.cohort}, {self.get_language_display()}"

    def unique_error_message(self, model_class: type[models.Model], unique_check: Sequence[str]) -> ValidationError:
        """Of the one constraint there is."""
        return ValidationError(_("Pulja har allerede tekster på denne målformen. Endre dem i stedet."))

    def clean(self) -> None:
        super().clean()
        if wrong := self.wrong():
            raise ValidationError(wrong)

    def wrong(self) -> dict[str, list[str]]:
        """By field, what would be no word of the letter."""
        found = {name: _problems(getattr(self, name)) for name in self.WORDED}
        for name in self.PEOPLE:
            if "{" in getattr(self, name) or "}" in getattr(self, name):
                found[name] = [_("Flettefelt kan ikke brukes her. Skriv navnene som de skal stå.")]
        return {name: problems for name, problems in found.items() if problems}

    @property
    def is_blank(self) -> bool:
        """Nothing of its own is written, and the letter has the shipped wording throughout."""
        return not any(getattr(self, name).strip() for name in (*self.WORDED, *self.PEOPLE))

    def shipped(self) -> dict[str, str]:
        """What the letter says where a field is blank."""
        return content.shipped(self.language or "nb")["cohort"]


def _problems(wording: str) -> list[str]:
    """What in it would be no word of the letter, and what may stand there."""
    found = texts.wrong_placeholders(wording, PLACEHOLDERS)
    if found:
        found.append(_("Du kan bruke %(names)s.") % {"names": ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)})
    return found


class LetterQuerySet(models.QuerySet["Letter"]):
    def sent(self) -> "LetterQuerySet":
        return self.filter(sent_at__isnull=False)


class Letter(models.Model):
    """A letter as it was sent, for the archive. Its language is counted each year (språklova § 13)."""

    participation = models.ForeignKey(
        Participation, models.PROTECT, related_name="letters", verbose_name=gettext_lazy("kommune i pulje")
    )
    language = models.CharField(gettext_lazy("målform"), max_length=2, choices=LANGUAGES)
    pdf = models.BinaryField(gettext_lazy("PDF"))
    sha256 = models.CharField(gettext_lazy("sjekksum (SHA-256)"), max_length=64)
    archival = models.BooleanField(gettext_lazy("arkivformat (PDF/A-2a)"))
    note = OneLineField(gettext_lazy("merknad om formatet"), max_length=MAX_NOTE_LENGTH, blank=True)
    created_at = models.DateTimeField(gettext_lazy("laget"))
    created_by = by(gettext_lazy("laget av"))
    sent_at = models.DateTimeField(gettext_lazy("sendt"), null=True, blank=True)
    sent_by = by(gettext_lazy("sendt av"), optional=True)
    case_number = OneLineField(gettext_lazy("saksnummer"), max_length=30, blank=True)
    journal_post = OneLineField(gettext_lazy("journalpost"), max_length=30, blank=True)
    # As the letter has them, for the archive: the rows they come from may be changed after it is sent.
    postal_address = models.TextField(max_length=200, blank=True, default="", db_default="")
    case_worker = OneLineField(max_length=100, blank=True, default="", db_default="")

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("sendt velkomstbrev")
        verbose_name_plural = gettext_lazy("sendte velkomstbrev")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            who_and_when("sent"),
            models.UniqueConstraint(
                fields=["participation"],
                condition=models.Q(sent_at__isnull=False),
                name="welcome_letter_is_sent_once",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Velkomstbrev til %(participation)s") % {"participation": self.participation})

    @property
    def mail_thread(self) -> models.Model:
        """With the reminders of what the letter asks for."""
        return self.participation.confirmations.order_by("round").first() or self

    @classmethod
    def of(cls, pdf: Pdf, facts: LetterFacts, *, participation: Participation, by: User, now: datetime) -> "Letter":
        """A letter with this PDF, set from these facts, sent by this person now. Not saved."""
        return cls(
            participation=participation,
            language=facts.language,
            pdf=pdf.content,
            sha256=hashlib.sha256(pdf.content).hexdigest(),
            archival=not pdf.flaw,
            note=pdf.note,
            created_at=now,
            created_by=by,
            sent_at=now,
            sent_by=by,
            case_number=facts.case_number,
            postal_address=facts.postal_address,
            case_worker=facts.wording.case_worker,
        )

    @property
    def file_name(self) -> str:
        return file_name(self.participation, self.language)


def file_name(participation: Participation, language: str) -> str:
    """ "velkomstbrev-5054-indre-fosen-pulje-5-nb.pdf": two municipalities can share a name, never a number."""
    municipality = participation.municipality
    name = grammar.plain_letters(municipality.name)
    return f"velkomstbrev-{municipality.number}-{name}-pulje-{participation.cohort.number}-{language}.pdf"


class CohortLetters(Cohort):
    """A cohort, as the place in the admin from which its welcome letters are sent."""

    class Meta:
        proxy = True
        verbose_name = gettext_lazy("velkomstbrev i en pulje")
        verbose_name_plural = gettext_lazy("velkomstbrev i hver pulje")


class Sending(models.Model):
    """Utsending: the letters a member of staff chose to send, after having seen who would get what."""

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(
        Cohort, models.PROTECT, related_name="letter_sendings", verbose_name=gettext_lazy("pulje")
    )
    ordered_at = models.DateTimeField(gettext_lazy("bestilt"))
    ordered_by = by(gettext_lazy("bestilt av"))

    class Meta:
        verbose_name = gettext_lazy("utsending av velkomstbrev")
        verbose_name_plural = gettext_lazy("utsendinger av velkomstbrev")
        ordering = ["-ordered_at", "-pk"]

    def __str__(self) -> str:
        return str(_("Utsending til %(cohort)s") % {"cohort": str(self.cohort).lower()})


class LetterCopyQuerySet(models.QuerySet["LetterCopy"]):
    def unsent(self) -> "LetterCopyQuerySet":
        """Those that the letter promises: not sent yet, while every letter of the office is done, and one was sent."""
        items = SendingItem.objects.filter(copy=models.OuterRef("pk"))
        return self.filter(
            models.Exists(items.filter(letter__isnull=False)), ~models.Exists(items.waiting()), sent_at__isnull=True
        )

    def due(self) -> "LetterCopyQuerySet":
        """What a worker sends. One that staff chose to do without is sent by a person, or not at all."""
        return self.unsent().filter(waived_at__isnull=True)


class LetterCopy(models.Model):
    """Kopi: the letters of a sending that a county governor's office gets copies of, in one mail.

    Sent when the last of its letters is done. Staff may send the letters to an office that no mail reaches: then who
    did without the copy is stored, and the copy can be sent when there is somebody to send it to.
    """

    sending = models.ForeignKey(Sending, models.PROTECT, related_name="copies")
    governor = models.ForeignKey(CountyGovernor, models.PROTECT, related_name="+")
    waived_at = models.DateTimeField(null=True, blank=True)
    waived_by = by(optional=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = by(optional=True)

    objects = LetterCopyQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("kopi av velkomstbrev")
        verbose_name_plural = gettext_lazy("kopier av velkomstbrev")
        ordering = ["governor__name", "pk"]
        constraints = [
            who_and_when("waived"),
            who_and_when("sent"),
            models.UniqueConstraint(fields=["sending", "governor"], name="one_copy_of_a_sending_an_office"),
        ]

    def __str__(self) -> str:
        return str(_("Kopi til %(governor)s") % {"governor": self.governor})


class SendingItemQuerySet(models.QuerySet["SendingItem"]):
    def waiting(self) -> "SendingItemQuerySet":
        return self.filter(done_at__isnull=True)


class SendingItem(models.Model):
    """One letter of a sending. Done with a letter, or with the reason why none was sent."""

    sending = models.ForeignKey(Sending, models.PROTECT, related_name="items")
    participation = models.ForeignKey(Participation, models.PROTECT, related_name="letter_sendings")
    copy = models.ForeignKey(LetterCopy, models.PROTECT, related_name="items")
    approved = models.CharField(max_length=64)
    done_at = models.DateTimeField(null=True, blank=True)
    letter = models.ForeignKey(Letter, models.PROTECT, null=True, blank=True, related_name="items")
    error = models.TextField(blank=True)

    objects = SendingItemQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("brev i en utsending")
        verbose_name_plural = gettext_lazy("brev i en utsending")
        ordering = ["sending", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["sending", "participation"], name="participation_once_in_a_sending"),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True, letter__isnull=True, error="")
                | models.Q(done_at__isnull=False, letter__isnull=False, error="")
                | (models.Q(done_at__isnull=False, letter__isnull=True) & ~models.Q(error="")),
                name="sending_item_has_a_letter_or_an_error",
            ),
        ]

    def __str__(self) -> str:
        return str(self.participation)
