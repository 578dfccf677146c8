"""A supervisor's facts, and what was changed of them, in words."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from guidance.models import Capacity, Leave, ProfileChange, Supervisor
from participants.models import County, Municipality
from parts.dates import date_in_words, day_in_words


def lines(change: ProfileChange) -> list[str]:
    """One for each fact: what it is now, and what it was."""
    return [_line(what, before, after) for what, before, after in change.facts]


def _line(what: str, before: Any, after: Any) -> str:
    if what == "leave":
        said = _("Permisjonen %(span)s er fjernet") if before else _("Permisjon %(span)s")
        return said % {"span": _span(before or after)}
    if what == "ended_on":
        return _("Er ikke lenger veileder fra %(day)s") % {"day": day_in_words(parse_date(after))}
    names = {"what": _label(what), "after": _value(what, after), "before": _value(what, before)}
    return _("%(what)s: %(after)s (før: %(before)s)") % names


def _label(what: str) -> str:
    kind, _colon, cohort = what.partition(":")
    if kind == "capacity":
        return _("Flest kommuner i pulje %(number)s") % {"number": cohort}
    if what in (own := {"preferred_counties": _("Fylker"), "not_with": _("Ikke habil i"), "wished": _("Ønsker høyst")}):
        return own[what]  # read by the person too: the forms' own words are about somebody else
    return capfirst(str(Supervisor._meta.get_field(kind).verbose_name))  # type: ignore[union-attr]


def _value(what: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("ja") if value else _("nei")
    if value in (None, "", []):
        return _("ikke oppgitt")
    if what == "employer":
        return str(Supervisor.Employer(value).label)
    return ", ".join(value) if isinstance(value, list) else str(value)


def _span(span: Sequence[str | None]) -> str:
    first, last = (parse_date(day) if day else None for day in span)
    return span_in_words(first, last) if first else ""


def span_in_words(first: date, last: date | None) -> str:
    if last is None:
        return _("fra %(first)s") % {"first": date_in_words(first)}
    return _("fra %(first)s til og med %(last)s") % {"first": date_in_words(first), "last": date_in_words(last)}


def leave_in_words(leave: Leave) -> str:
    return span_in_words(leave.first_on, leave.last_on)


def facts_of(supervisor: Supervisor) -> list[tuple[str, str]]:
    """What is held about a supervisor, but for capacity and leave: pairs of what and value."""
    names = ("phone", "employer", "workplace", "knows_kindergarten", "knows_school", "wished")
    facts: dict[str, Any] = {name: getattr(supervisor, name) for name in names}
    facts["preferred_counties"] = supervisor.preferred_counties.all()
    facts["not_with"] = supervisor.not_with.all()
    return in_words(facts)


def in_words(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The same of facts that are not stored yet."""
    wished = facts.get("wished")
    knows = {name: facts[name] for name in ("knows_kindergarten", "knows_school")}
    return [
        *(
            (_label(name), _value(name, facts[name]) if facts[name] else "")
            for name in ("phone", "employer", "workplace")
        ),
        (_("Kjenner"), Supervisor(**knows).knowledge.removeprefix(_("kjenner") + " ")),
        (_("Fylker"), ", ".join(map(place, facts["preferred_counties"]))),
        (_("Ikke habil i"), ", ".join(map(place, facts["not_with"]))),
        (_("Ønsker høyst"), "" if wished is None else str(wished)),
    ]


def capacities_of(capacities: Iterable[Capacity]) -> list[tuple[str, str]]:
    label = _("Flest kommuner i pulje %(number)s")
    return [(label % {"number": each.cohort.number}, str(each.most)) for each in capacities]


def place(of: County | Municipality) -> str:
    return of.name_told_apart if isinstance(of, Municipality) else of.name
