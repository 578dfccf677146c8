"""How Norwegian puts lists, days and blanks into a sentence: the same in bokmål and nynorsk but for the words."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from django.utils import dateformat, translation
from django.utils.text import slugify

BLANK = re.compile(r"\{([a-z_]+)\}")
# A month or a weekday has a small letter: Mai is a name.
MONTH = "januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember"
WEEKDAY = "m[aå]ndag|tirsdag|tysdag|onsdag|torsdag|fredag|lørdag|laurdag|søndag|sundag"
TIME = re.compile(
    rf"(?:\b(?:{WEEKDAY})\s+)?\b[0-9]{{1,2}}\.\s*(?:{MONTH}|[0-9]{{1,2}}\.)(?:\s*[0-9]{{4}}\b)?"
    rf"|\b(?:{MONTH})(?:\s+[0-9]{{4}})?\b"
    rf"|\b(?:{WEEKDAY})\b|\b(?:[Uu]ke|[Vv]eke|[Pp]ulje|kl\.)\s*[0-9]+(?:[.:][0-9]{{2}})?"
    r"|\b(?:19|20)[0-9]{2}(?:/(?:20)?[0-9]{2})?\b"
)
NBSP = "\N{NO-BREAK SPACE}"


_PLAIN = str.maketrans({"æ": "ae", "ø": "o", "đ": "d", "ŋ": "n", "ŧ": "t"})


def plain_letters(text: str) -> str:
    """The text in letters that every file system takes: "Kárášjohka" is "karasjohka", "Hå" is "ha"."""
    return slugify(text.lower().translate(_PLAIN))


def listing(items: Sequence[str], word: str = "og") -> str:
    """ "A", "A og B", "A, B og C"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {word} {items[-1]}"


def month(day: date) -> str:
    return _in_norwegian(day, "F Y")


def days(first: date, last: date | None = None) -> str:
    """ "8. september 2020", "8.–9. september 2020", "30. november–1. desember 2020"; across a new year both years."""
    last = last or first
    start = f"{first.day}."
    if first == last:
        return f"{start}{NBSP}{month(first)}"
    end = f"{last.day}.{NBSP}{month(last)}"
    if first.year != last.year:
        return f"{start}{NBSP}{month(first)}–{end}"
    if first.month != last.month:
        return f"{start}{NBSP}{_in_norwegian(first, 'F')}–{end}"
    return f"{start}–{end}"


def weekday_and_day(day: date, language: str) -> str:
    return f"{_in_norwegian(day, 'l', language)} {days(day)}"


def _in_norwegian(day: date, form: str, language: str = "nb") -> str:
    """Whatever language is active: the months have the same names in bokmål and nynorsk, most weekdays have not."""
    with translation.override(language):
        return dateformat.format(day, form)


def times(text: str) -> list[str]:
    """The days, years, hours and puljer that a text names by number or name, in either language, each once."""
    return list(dict.fromkeys(" ".join(found[0].split()) for found in TIME.finditer(text)))


def blanks(text: str) -> set[str]:
    return set(BLANK.findall(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put the values in for the words in braces. What is put in is never looked at again.

    Raises KeyError for a word in braces that has no value.
    """
    return BLANK.sub(lambda match: values[match[1]], text)
