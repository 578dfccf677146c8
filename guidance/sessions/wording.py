"""The facts of a session in words: as they are now, and as they were before a correction."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from guidance.models import Correction, GuidanceSession
from participants.models.strike import struck_texts
from parts.dates import day_in_words
from parts.names import one_line

BEGINS = 12  # words of a log


def took_part(counts: dict[str, int]) -> list[str]:
    functions = dict(GuidanceSession.FUNCTIONS)
    return [f"{functions.get(function, function)}: {counts[function]}" for function in functions if function in counts]


def involved(ways: dict[str, list[str]]) -> list[str]:
    functions, words = dict(GuidanceSession.FUNCTIONS), dict(GuidanceSession.WAYS)
    return [
        f"{functions.get(who, who)}: {', '.join(str(words.get(way, way)) for way in ways[who])}"
        for who in GuidanceSession.STAKEHOLDERS
        if who in ways
    ]


def in_words(name: str, value: Any) -> str:
    """One fact in words. `name` is the session's field, `value` as a correction stores it."""
    if name == "held_without_count":
        return _("ja") if value else _("nei")
    if value in (None, "", [], {}):
        return _("ingenting")
    ways_to_say: dict[str, Callable[[Any], str]] = {
        "held_on": lambda day: day_in_words(date.fromisoformat(day)),
        "format": lambda format: str(dict(GuidanceSession.Format.choices).get(format, format)),
        "themes": lambda themes: ", ".join(GuidanceSession(themes=themes).theme_labels),
        "took_part": lambda counts: ", ".join(took_part(counts)),
        "involved": lambda ways: ", ".join(involved(ways)),
    }
    if name in ways_to_say:
        return ways_to_say[name](value)
    return ", ".join(str(each) for each in value) if isinstance(value, list) else str(value)


def before(correction: Correction) -> list[tuple[str, str]]:
    """What a log said before it was corrected: each fact as it is called, and in words; or that it was struck."""
    struck = struck_texts(correction)
    values = (struck.get(name) or in_words(name, value) for name, value in correction.before.items())
    return list(zip(correction.changed, values, strict=True))


def changes(correction: Correction, session: GuidanceSession) -> list[tuple[str, str, str]]:
    """What a log said before a correction, and what it says now: (what, before, now)."""
    return [
        (what, was, in_words(name, _now(session, name)))
        for (what, was), name in zip(before(correction), correction.before, strict=True)
    ]


def _now(session: GuidanceSession, name: str) -> Any:
    value = getattr(session, name)
    if name in ("units", "supervisors"):
        return [str(each) for each in value.all()]
    return value.isoformat() if isinstance(value, date) else value


def who_and_how_it_begins(session: GuidanceSession) -> str:
    """Which of several logs it is, for those who may read them."""
    begins = Truncator(one_line(session.worked_on or session.agreed)).words(BEGINS, truncate=" …")
    return f"{session.submitted_by}: «{begins}»" if begins else str(session.submitted_by)
