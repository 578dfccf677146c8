"""The wordings of the mails: what they may say, staff's own versions, and how they are filled in."""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import ModuleType

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override

from outbox import foot, markup
from outbox.models import Wording

logger = logging.getLogger(__name__)

WORDINGS = settings.BASE_DIR / "templates/mails"

Values = Mapping[str, str | Sequence[str]]


class WhenRead(Mapping[str, str | Sequence[str]]):
    """Values that are put together when they are first read: a plan holds many mails, few of them for today."""

    def __init__(self, language: str, fill: Callable[[], Values]) -> None:
        self._language, self._fill = language, fill

    @cached_property
    def _filled(self) -> Values:
        with override(self._language):
            return self._fill()

    def __getitem__(self, name: str) -> str | Sequence[str]:
        return self._filled[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._filled)

    def __len__(self) -> int:
        return len(self._filled)


class WordingError(ValueError):
    """A wording that cannot be filled in. The message is for staff."""


@dataclass(frozen=True)
class MailText:
    """A kind of mail. Its shipped wording is NAME.LANGUAGE.txt in `wordings`: subject, blank line, body.

    `samples` gives, in a language, at most 20 (label, values) from real data for staff's preview.
    A secret text's body is hidden from staff and wiped once sent; its subject holds no placeholder.
    `paragraphs` are the placeholders whose values may be several lines. All others are one: a name is no letter.
    """

    name: str
    title: str | Promise
    placeholders: Mapping[str, str | Promise]
    samples: Callable[[str], Sequence[tuple[str, Values]]]
    secret: bool = False
    editable: bool = True
    wordings: Path = WORDINGS
    paragraphs: frozenset[str] = frozenset()


@dataclass(frozen=True)
class RenderedMail:
    """`preheader` is what a list of mails shows beside the subject, `because` why its reader gets it."""

    subject: str
    text: str
    html: str
    note: str = ""
    preheader: str = ""
    because: str = ""


def mail_apps() -> list[ModuleType]:
    return [import_module(path) for path in settings.MAIL_APPS]


def all_texts() -> dict[str, MailText]:
    return {text.name: text for app in mail_apps() for text in app.TEXTS}


def supported(language: str) -> str:
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def shipped_wording(text: MailText, language: str) -> tuple[str, str]:
    """The subject and body that the project ships."""
    wording = (text.wordings / f"{text.name}.{supported(language)}.txt").read_text(encoding="utf-8")
    subject, _blank, body = wording.strip().partition("\n")
    return subject.strip(), body.strip()


def problems(text: MailText, wording: str, *, subject: bool) -> list[str]:
    """Why this subject or body cannot be used, naming the placeholder at fault. Empty when it can."""
    found = wrong_placeholders(wording, text.placeholders)
    if subject and text.secret and markup.placeholders(wording):
        found.append(_("Emnet i denne e-posten kan ikke ha flettefelt."))
    if not wording.strip():
        found.append(_("E-posten mangler emne.") if subject else _("E-posten mangler tekst."))
    return found


def wrong_placeholders(wording: str, known: Collection[str]) -> list[str]:
    """What is written in it as a placeholder, and is none of these."""
    found = [
        _("Ukjent flettefelt: {%(name)s}.") % {"name": name}
        for name in dict.fromkeys(markup.placeholders(wording))
        if name not in known
    ]
    return found + [
        _("«%(broken)s» er ikke et flettefelt. Et flettefelt skrives slik: {%(example)s}.")
        % {"broken": broken, "example": next(iter(known), "navn")}
        for broken in dict.fromkeys(markup.broken_placeholders(wording))
    ]


def samples(text: MailText, language: str) -> Sequence[tuple[str, Values]]:
    """What staff preview a wording with: real values where there are some, else the placeholders' meanings."""
    invented = {name: f"[{meaning}]" for name, meaning in text.placeholders.items()}
    return text.samples(language) or [(_("Oppdiktet eksempel"), invented)]


def fill(text: MailText, language: str, subject: str, body: str, values: Values) -> RenderedMail:
    """This wording with these values in it. Raises WordingError, or ValueError when a value is missing."""
    if wrong := problems(text, subject, subject=True) + problems(text, body, subject=False):
        raise WordingError(" ".join(wrong))
    if missing := set(text.placeholders) - set(values):
        raise ValueError(f"{text.name} lacks values for {', '.join(sorted(missing))}")
    filled = markup.fill(subject=subject, body=body, values=values, language=language, paragraphs=text.paragraphs)
    with override(language):
        end = foot.of(text.name, text.wordings, language, body=body)
        return RenderedMail(
            subject=filled.subject(),
            text=filled.text(end),
            html=filled.html(language, end),
            preheader=filled.preheader(),
            because=end.because if end else "",
        )


def wording_of(text: MailText, language: str) -> tuple[str, str]:
    """The subject and body that this mail has now: staff's own, or the shipped ones."""
    stored = _stored(text, supported(language))
    return (stored.subject, stored.body) if stored else shipped_wording(text, language)


def _stored(text: MailText, language: str) -> Wording | None:
    return Wording.objects.filter(name=text.name, language=language).first() if text.editable else None


def render(text: MailText, language: str, values: Values) -> RenderedMail:
    """Staff's wording if there is one that works, else the shipped one (and then `note` says why)."""
    language = supported(language)
    note = ""
    if stored := _stored(text, language):
        try:
            return fill(text, language, stored.subject, stored.body, values)
        except WordingError as error:
            logger.warning("the stored wording of %s.%s does not render: %s", text.name, language, error)
            note = _("Standardteksten ble brukt, fordi den egne teksten ikke kan flettes: %(error)s") % {"error": error}
    rendered = fill(text, language, *shipped_wording(text, language), values)
    return replace(rendered, note=note)
