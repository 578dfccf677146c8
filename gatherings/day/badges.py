"""Papers for the hall: a badge for each person with a place, and the list of who comes on a day."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import formats, timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gatherings.day import attendance
from gatherings.models import Gathering, Registration
from parts.dates import day_in_words
from parts.names import one_line
from parts.order import alphabetical
from parts.typesetting import typeset

TEMPLATES = Path(__file__).parent.parent / "print"


def badges(gathering: Gathering, *, now: datetime) -> bytes:
    """Eight on a page, by name."""
    placed = gathering.registrations.placed().with_places()
    said = {
        "title": _("Navneskilt, %(gathering)s") % {"gathering": gathering.title},
        "project": _("Læringsmiljøprosjektet"),
        "gathering": gathering.title,
        "empty": _("Ingen har plass på samlingen ennå."),
        "people": [
            {"name": each.name, "represents": each.represents, "about": _about(each)}
            for each in sorted(placed, key=lambda each: alphabetical(each.name))
        ],
    }
    return _pdf("badges.typ", said, now=now)


def _about(registration: Registration) -> str:
    """The function, and the municipalities whose units the person comes for."""
    function = capfirst(registration.function_title)
    return f"{function}, {registration.municipalities}" if registration.unit else function


def attendance_list(gathering: Gathering, *, day: date, now: datetime) -> bytes:
    """Everybody who comes that day, each with a box to tick, or with when they were marked."""
    found = attendance.at_the_door(attendance.attendance_rows(gathering, day=day), search="")
    count = ngettext("%(count)s person", "%(count)s personer", len(found)) % {"count": len(found)}
    said = {
        "title": _("Oppmøteliste, %(gathering)s") % {"gathering": gathering.title},
        "day": day_in_words(day),
        "about": ", ".join(part for part in (str(gathering.cohort), gathering.place, count) if part),
        "columns": [_("Navn"), _("Kommer for"), _("Funksjon"), _("Møtt")],
        "page": _("Side {side} av {sider}"),
        "empty": _("Ingen er påmeldt denne dagen."),
        "rows": [
            {
                "name": row.registration.name,
                "represents": _place(row.registration),
                "function": row.registration.function_title,
                "arrived": formats.date_format(timezone.localtime(row.arrival.marked_at), "H.i") if row.arrival else "",
            }
            for row in found
        ],
    }
    return _pdf("attendance_list.typ", said, now=now)


def _place(registration: Registration) -> str:
    if registration.unit is None and not registration.also:
        return registration.municipalities
    return f"{registration.represents}, {registration.municipalities}"


def _pdf(template: str, said: dict[str, Any], *, now: datetime) -> bytes:
    """A tagged PDF in the language in use."""
    language = (translation.get_language() or settings.LANGUAGE_CODE)[:2]
    return typeset(TEMPLATES / template, _clean(said | {"language": language}), standards=["ua-1"], at=now).content


def _clean(said: Any) -> Any:
    if isinstance(said, str):
        return one_line(said)
    if isinstance(said, list):
        return [_clean(part) for part in said]
    if isinstance(said, dict):
        return {key: _clean(part) for key, part in said.items()}
    return said
