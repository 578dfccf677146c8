from django import forms
from django.utils.translation import gettext_lazy as _

from guidance.follow_up.continuity import Continuity, Workload
from parts.names import LineField


def _name(one: Continuity) -> tuple[str, int]:
    return one.participation.municipality.name.casefold(), one.participation.pk


class ContinuityFilter(forms.Form):
    """What the municipalities can be narrowed by and sorted on; nonsense in the address counts as no filter."""

    SORTS = {
        "": lambda one: (not one.is_silent, -one.quiet_days if one.is_silent else 0, _name(one)),
        "navn": _name,
        "holdt": lambda one: (one.total, _name(one)),
        "siste": lambda one: (one.last_on is not None, one.last_on.toordinal() if one.last_on else 0, _name(one)),
        "neste": lambda one: (one.next_on is None, one.next_on.toordinal() if one.next_on else 0, _name(one)),
    }
    ONLY = {
        "tause": lambda one: one.is_silent,
        "bak": lambda one: one.is_behind,
        "mangler": lambda one: one.missing > 0,
        "uten": lambda one: one.since is None,
    }

    q = LineField(label=_("Søk"), required=False, max_length=100, help_text=_("Kommune eller fylke"))
    vis = forms.ChoiceField(
        label=_("Vis"),
        required=False,
        choices=[
            ("", _("Alle")),
            ("tause", _("Lenge siden siste møte")),
            ("bak", _("Færre møter enn ventet")),
            ("mangler", _("Mangler logg")),
            ("uten", _("Uten veiledergruppe")),
        ],
    )

    def filter(self, rows: list[Continuity], *, sort: str) -> list[Continuity]:
        self.is_valid()
        chosen = self.cleaned_data
        if text := chosen.get("q", "").casefold():
            rows = [row for row in rows if text in row.participation.municipality.name_and_county.casefold()]
        if only := self.ONLY.get(chosen.get("vis", "")):
            rows = [row for row in rows if only(row)]
        descending = sort.startswith("-")
        key = self.SORTS.get(sort.removeprefix("-"), self.SORTS[""])
        return sorted(rows, key=key, reverse=descending)


class WorkloadFilter(forms.Form):
    SORTS = {
        "": lambda one: (not one.is_over, one.supervisor.name),
        "navn": lambda one: one.supervisor.name,
        "kommuner": lambda one: (len(one.members), one.supervisor.name),
        "moter": lambda one: (one.held, one.supervisor.name),
    }
    ONLY = {
        "over": lambda one: one.is_over,
        "ledig": lambda one: len(one.members) < (one.most or 0),
        "mangler": lambda one: one.missing > 0,
    }

    q = LineField(label=_("Søk"), required=False, max_length=100, help_text=_("Veileder eller kommune"))
    vis = forms.ChoiceField(
        label=_("Vis"),
        required=False,
        choices=[
            ("", _("Alle")),
            ("over", _("Har for mange kommuner")),
            ("ledig", _("Kan ta flere kommuner")),
            ("mangler", _("Mangler logg")),
        ],
    )

    def filter(self, rows: list[Workload], *, sort: str) -> list[Workload]:
        self.is_valid()
        chosen = self.cleaned_data
        if text := chosen.get("q", "").casefold():
            rows = [row for row in rows if text in _words(row)]
        if only := self.ONLY.get(chosen.get("vis", "")):
            rows = [row for row in rows if only(row)]
        key = self.SORTS.get(sort.removeprefix("-"), self.SORTS[""])
        return sorted(rows, key=key, reverse=sort.startswith("-"))


def _words(one: Workload) -> str:
    municipalities = [member.group.participation.municipality.name for member in one.members]
    return " ".join([one.supervisor.name, *municipalities]).casefold()
