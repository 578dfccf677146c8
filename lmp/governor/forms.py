from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lmp.governor.followed import Followed
from participants.states import STATES
from parts.forms import field
from parts.names import LineField
from parts.order import alphabetical


def _name(row: Followed) -> tuple[str, int]:
    return alphabetical(row.participation.municipality.name), row.participation.pk


class FollowedFilter(forms.Form):
    """What the municipalities can be narrowed by and sorted on; nonsense in the address counts as no filter."""

    SORTS = {
        "": lambda row: (-row.participation.cohort.number, _name(row)),
        "navn": _name,
        "pulje": lambda row: (row.participation.cohort.number, _name(row)),
        "status": lambda row: (row.participation.state_place, _name(row)),
        "moter": lambda row: (row.continuity.total if row.continuity else -1, _name(row)),
        "tiltak": lambda row: (row.overdue, _name(row)),
    }
    ONLY = {
        "tause": lambda row: row.continuity and row.continuity.is_silent,
        "bak": lambda row: row.continuity and row.continuity.is_behind,
        "medvirkning": lambda row: row.missing,
        "tiltak": lambda row: row.overdue,
    }

    q = LineField(label=_("Søk"), required=False, max_length=100, help_text=_("Kommune eller fylke"))
    pulje = forms.ChoiceField(label=_("Pulje"), required=False)
    fylke = forms.ChoiceField(label=_("Fylke"), required=False)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("Alle")), *STATES])
    vis = forms.ChoiceField(
        label=_("Vis"),
        required=False,
        choices=[
            ("", _("Alle")),
            ("tause", _("Lenge siden siste møte")),
            ("bak", _("Færre møter enn ventet")),
            ("medvirkning", _("Ikke kjent om barn, foreldre eller PP-tjenesten er med")),
            ("tiltak", _("Tiltak over fristen")),
        ],
    )

    def __init__(self, *args: Any, rows: Iterable[Followed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        cohorts = dict.fromkeys(row.participation.cohort for row in self.rows)
        counties = dict.fromkeys(row.participation.municipality.county for row in self.rows)
        every = ("", _("Alle"))
        field(self, "pulje", forms.ChoiceField).choices = [every, *((str(c.number), str(c)) for c in cohorts)]
        field(self, "fylke", forms.ChoiceField).choices = [every, *((c.number, c.name) for c in counties)]
        if len(counties) < 2:
            del self.fields["fylke"]
        self.is_valid()

    def chosen(self, *, sort: str) -> list[Followed]:
        wanted, rows = self.cleaned_data, self.rows
        if text := wanted.get("q", "").casefold():
            rows = [row for row in rows if text in row.participation.municipality.name_and_county.casefold()]
        if number := wanted.get("pulje"):
            rows = [row for row in rows if str(row.participation.cohort.number) == number]
        if number := wanted.get("fylke"):
            rows = [row for row in rows if row.participation.municipality.county.number == number]
        if state := wanted.get("status"):
            rows = [row for row in rows if row.state == state]
        if only := self.ONLY.get(wanted.get("vis", "")):
            rows = [row for row in rows if only(row)]
        key = self.SORTS.get(sort.removeprefix("-"), self.SORTS[""])
        return sorted(rows, key=key, reverse=sort.startswith("-"))
