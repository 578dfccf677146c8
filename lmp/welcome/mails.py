"""The mails that the welcome letter goes with: to the municipality, the county governor, one person later, staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from gatherings.mails.values import when
from lmp.welcome.grammar import days, weekday_and_day
from lmp.welcome.models import Letter, LetterCopy, file_name
from outbox.models import Message
from outbox.posting import post
from outbox.texts import MailText, Values
from participants.models import Cohort, Confirmation, Contact, CountyGovernor, Participation
from parts.dates import day_in_words, through
from parts.files import File
from parts.names import one_line
from parts.typesetting import Pdf

# Many mail servers refuse a mail of 20 MB, and on the way a file grows by a third.
MAX_ATTACHED_BYTES = 15_000_000


def _samples(language: str) -> Sequence[tuple[str, Values]]:
    confirmations = Confirmation.objects.order_by("-asked_at").select_related(
        "participation__municipality__county", "participation__cohort"
    )
    newest = confirmations.prefetch_related("participation__cohort__gatherings", "participation__cohort__letter_texts")
    with translation.override(language):
        name, address = _("Navn Navnesen"), "navn.navnesen@example.no"
        return [
            (
                str(confirmation.participation),
                _values(confirmation, name=name, address=address, language=language, today=timezone.localdate()),
            )
            for confirmation in newest[:20]
        ]


WELCOME = MailText(
    name="welcome.welcome",
    title=gettext_lazy("Velkomstbrevet"),
    placeholders={
        "navn": gettext_lazy("navnet på mottakeren"),
        "kommune": gettext_lazy("navnet på kommunen"),
        "pulje": gettext_lazy("pulja, for eksempel «pulje 9»"),
        "frist": gettext_lazy("fristen med ukedag"),
        "oppgaver": gettext_lazy("liste over det kommunen skal gjøre først, med frister"),
        "om_prosjektledere": gettext_lazy("ordet «Prosjektledere», når noen står i brevet"),
        "prosjektledere": gettext_lazy("liste over prosjektlederne, slik de står i brevet"),
        "adresse": gettext_lazy("adressen personen logger inn med"),
        "lenke": gettext_lazy("lenken til siden der kommunen svarer"),
    },
    samples=_samples,
)

COPY = MailText(
    name="welcome.copy",
    title=gettext_lazy("Kopi av velkomstbrevene til statsforvalteren"),
    placeholders={
        "navn": gettext_lazy("navnet på mottakeren"),
        "statsforvalter": gettext_lazy("navnet på statsforvalteren"),
        "pulje": gettext_lazy("pulja, for eksempel «pulje 9»"),
        "kommuner": gettext_lazy("kommunene som brevene gikk til"),
    },
    samples=lambda _language: [],
)

COPY_BY_LINK = MailText(
    name="welcome.copy_by_link",
    title=gettext_lazy("Kopi av velkomstbrevene til statsforvalteren, når de er for store til å ligge ved"),
    placeholders={**COPY.placeholders, "lenke": gettext_lazy("lenken til siden der brevene ligger")},
    samples=lambda _language: [],
)

SENT_LATER = MailText(
    name="welcome.sent_later",
    title=gettext_lazy("Velkomstbrevet, sendt til én person i ettertid"),
    placeholders={
        "navn": gettext_lazy("navnet på mottakeren"),
        "kommune": gettext_lazy("navnet på kommunen"),
        "pulje": gettext_lazy("pulja, for eksempel «pulje 9»"),
        "sendt": gettext_lazy("dagen brevet ble sendt til kommunen"),
        "adresse": gettext_lazy("adressen personen logger inn med"),
        "lenke": gettext_lazy("lenken til siden der personen ser hva som venter"),
    },
    samples=lambda _language: [],
)

# Not staff's to word: whatever they write, it must be seen that this is no letter to anybody.
TRIAL = MailText(
    name="welcome.trial",
    title=gettext_lazy("Velkomstbrevet, sendt som prøve til den ansatte selv"),
    placeholders={
        "navn": gettext_lazy("navnet på mottakeren"),
        "kommune": gettext_lazy("navnet på kommunen"),
        "pulje": gettext_lazy("pulja, for eksempel «pulje 9»"),
    },
    samples=lambda _language: [],
    editable=False,
)

TEXTS = (WELCOME, COPY, COPY_BY_LINK, SENT_LATER, TRIAL)


def _values(confirmation: Confirmation, *, name: str, address: str, language: str, today: date) -> Values:
    participation = confirmation.participation
    leaders = _project_leaders(participation.cohort, language)
    return {
        "navn": name,
        "kommune": participation.municipality.name_told_apart,
        "pulje": str(participation.cohort).lower(),
        "frist": weekday_and_day(confirmation.due_on, language),
        "oppgaver": _tasks(confirmation, today=today),
        "om_prosjektledere": _("Prosjektledere:") if leaders else "",
        "prosjektledere": leaders,
        "adresse": address,
        "lenke": settings.SITE_URL + reverse("participants:confirm", args=[participation.pk]),
    }


def _tasks(confirmation: Confirmation, *, today: date) -> list[str]:
    """What is asked of a municipality first, as far as its day is known."""
    confirm = _("Se over kontaktopplysningene, og fyll inn antall barn i hver enhet, %(deadline)s.") % {
        "deadline": through(confirmation.due_on)
    }
    return [confirm, *_to_register(confirmation.participation.cohort, today=today)]


def _to_register(cohort: Cohort, *, today: date) -> list[str]:
    """For the first gathering that is settled, and may still be registered for."""
    coming = [
        gathering
        for gathering in cohort.gatherings.all()
        if gathering.is_settled
        and gathering.starts_on
        and gathering.starts_on > today
        and not (gathering.closes_on and gathering.closes_on < today)
    ]
    if not coming:
        return []
    gathering = min(coming, key=lambda gathering: gathering.starts_on or date.max)
    register = _("Meld på til %(gathering)s: %(when)s.") % {
        "gathering": gathering.in_a_sentence,
        "when": when(gathering),
    }
    if gathering.opens_on is None or gathering.closes_on is None:
        return [register]
    known = {"opens": day_in_words(gathering.opens_on), "deadline": through(gathering.closes_on)}
    if gathering.opens_on > today:
        return [f"{register} {_('Påmeldingen åpner %(opens)s, og er åpen %(deadline)s.') % known}"]
    return [f"{register} {_('Påmeldingen er åpen %(deadline)s.') % known}"]


def _project_leaders(cohort: Cohort, language: str) -> list[str]:
    """As the letter has them: in this language where they are written in it, else as they are in the other."""
    worded = sorted(cohort.letter_texts.all(), key=lambda text: text.language != language)
    rows = next((text.project_leaders for text in worded if text.project_leaders.strip()), "")
    return [one_line(row) for row in rows.splitlines() if row.strip()]


def recipients(participation: Participation) -> list[Contact]:
    """Everybody who answers for the whole municipality, each once. Load the participation as for the letter."""
    people: dict[int, Contact] = {}
    for contact in sorted(participation.contacts.all(), key=lambda contact: contact.pk):
        if contact.is_editor and contact.ended_at is None and contact.user.is_active:
            people.setdefault(contact.user_id, contact)
    return list(people.values())


def welcome(letter: Letter, *, to: Contact, confirmation: Confirmation, now: datetime) -> Message:
    """The letter to one person, once for each round however often it is asked for."""
    participation = confirmation.participation
    language = participation.language_for(to.user)
    with translation.override(language):
        values = _values(
            confirmation,
            name=to.name,
            address=to.user.email,
            language=language,
            today=timezone.localdate(now),
        )
    return post(
        WELCOME,
        key=f"welcome.welcome:{participation.pk}:{confirmation.round}:{to.user_id}",
        to=to.user,
        language=language,
        values=values,
        why=_("Velkomstbrev til %(municipality)s, %(title)s")
        % {"municipality": participation.municipality, "title": to.title},
        now=now,
        about=letter,
        attachments=[_attached(letter)],
    )


def _attached(letter: Letter) -> File:
    return File(letter.file_name, "application/pdf", bytes(letter.pdf))


@dataclass(frozen=True)
class CopyReader:
    """One who gets a county governor's copy: a person registered at the office, or the office at its own address."""

    name: str
    email: str
    language: str
    user: User | None = None

    @classmethod
    def person(cls, user: User, *, at: CountyGovernor) -> "CopyReader":
        return cls(str(user), user.email, user.language or at.language, user)

    @classmethod
    def office(cls, governor: CountyGovernor) -> "CopyReader":
        return cls(governor.name, governor.email, governor.language)


def copy(copied: LetterCopy, letters: Sequence[Letter], *, to: Sequence[CopyReader], now: datetime) -> Message:
    """The letters of an office, as they were sent, in one mail to all who read there, greeted as the office."""
    cohort, governor, first = copied.sending.cohort, copied.governor, to[0]
    languages = {reader.language for reader in to}
    attached = [_attached(letter) for letter in letters]
    fits = sum(len(file.content) for file in attached) <= MAX_ATTACHED_BYTES
    values: Values = {
        "navn": first.name if len(to) == 1 else governor.name,
        "statsforvalter": governor.name,
        "pulje": str(cohort).lower(),
        "kommuner": [letter.participation.municipality.name_told_apart for letter in letters],
        "lenke": f"{settings.SITE_URL}{reverse('overview:participations')}?pulje={cohort.pk}",
    }
    return post(
        COPY if fits else COPY_BY_LINK,
        key=f"welcome.copy:{copied.pk}",
        to=first.user or first.email,
        also=[reader.user for reader in to[1:] if reader.user],
        language=languages.pop() if len(languages) == 1 else governor.language,
        values=values,
        why=_("Kopi av velkomstbrev til %(governor)s") % {"governor": governor},
        now=now,
        about=copied,
        attachments=attached if fits else (),
    )


def sent_later(letter: Letter, *, to: Contact, reason: str, token: str, by: User, now: datetime) -> Message:
    """The letter as it was sent, to one person later, and why. A token makes one mail, however often it is used."""
    participation = letter.participation
    language = participation.language_for(to.user)
    values = {
        "navn": to.name,
        "kommune": participation.municipality.name_told_apart,
        "pulje": str(participation.cohort).lower(),
        "sendt": days(timezone.localdate(letter.sent_at)),
        "adresse": to.user.email,
        "lenke": settings.SITE_URL + reverse("home"),
    }
    return post(
        SENT_LATER,
        key=f"welcome.sent_later:{letter.pk}:{to.user_id}:{token}",
        to=to.user,
        language=language,
        values=values,
        why=_("Sendt til %(title)s av %(by)s: %(reason)s") % {"title": to.title, "by": by, "reason": reason},
        now=now,
        about=letter,
        attachments=[_attached(letter)],
    )


def trial(participation: Participation, pdf: Pdf, *, written_in: str, to: User, token: str, now: datetime) -> Message:
    """A letter that is not sent, to the member of staff who tries it. A token makes one mail, however often it is used.

    It is about the cohort: the mails about a letter, or a participation, are those that its people got.
    """
    return post(
        TRIAL,
        key=f"welcome.trial:{to.pk}:{token}",
        to=to,
        language=to.language,
        values={
            "navn": to.name,
            "kommune": participation.municipality.name_told_apart,
            "pulje": str(participation.cohort).lower(),
        },
        why=_("Prøve av velkomstbrevet til %(municipality)s, til den som ba om den")
        % {"municipality": participation.municipality},
        now=now,
        about=participation.cohort,
        attachments=[File(f"prove-{file_name(participation, written_in)}", "application/pdf", pdf.content)],
    )
