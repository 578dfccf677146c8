"""Who took part in a session, by counts. They are typed for each session: Udir's figures are read from them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guidance.models import GuidanceGroup, GuidanceSession
from guidance.sessions import wording

# Those whose work it is to be there. Children, parents and PPT are never taken for granted: it is the very question.
STAFF_LIKE = ("owner", "head", "staff")


@dataclass(frozen=True)
class LastTime:
    """How many of those whose work it is were there at the last session."""

    held_on: date
    counts: dict[str, int]

    @property
    def words(self) -> str:
        return ", ".join(wording.took_part(self.counts))

    @property
    def values(self) -> dict[str, int]:
        """By the names of the form's fields."""
        return {f"took_{function}": count for function, count in self.counts.items()}


def last_time(group: GuidanceGroup, *, today: date) -> LastTime | None:
    """None where there was no session before, or none of them was counted at it."""
    last = group.sessions.held().filter(held_on__lte=today).values_list("held_on", "took_part").first()
    if last is None:
        return None
    counts = {function: last[1][function] for function in STAFF_LIKE if last[1].get(function)}
    return LastTime(last[0], counts) if counts else None


@dataclass(frozen=True)
class FilledIn:
    """What a form says of who took part, as its fold is headed: valid or not, sent or drawn for the first time."""

    units: int | None  # None: the municipality has none to choose from
    people: int

    @classmethod
    def of(cls, form: forms.Form) -> "FilledIn":
        counts = [form[f"took_{function}"].value() for function, _label in GuidanceSession.FUNCTIONS]
        units = len(form["units"].value() or []) if "units" in form.fields else None
        return cls(units, sum(_whole(count) for count in counts))

    @property
    def heading(self) -> str:
        parts = [] if self.units is None else [_units(self.units)]
        return _("Hvem var med: %(who)s") % {"who": ", ".join([*parts, _people(self.people)])}

    @property
    def ways_to_say(self) -> dict[str, list[str]]:
        """The words for none, one and more, with # for the number: for the script that counts as it is typed."""
        return {
            "units": [] if self.units is None else [_units(0), _units(1), _units(2).replace("2", "#")],
            "people": [_people(0), _people(1), _people(2).replace("2", "#")],
            "heading": [_("Hvem var med: %(who)s") % {"who": "#"}],
        }


def _whole(value: Any) -> int:
    text = str(value or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def _units(count: int) -> str:
    return ngettext("%(count)s enhet", "%(count)s enheter", count) % {"count": count} if count else _("ingen enheter")


def _people(count: int) -> str:
    words = ngettext("%(count)s person", "%(count)s personer", count)
    return words % {"count": count} if count else _("ingen personer ført opp")
