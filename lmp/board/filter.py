"""What the board is narrowed by and sorted on. All of it lives in the address."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lmp.board.drawing import escaped
from lmp.board.wording import BoardColumn, BoardRow
from parts.forms import field
from parts.names import LineField, plain
from parts.order import alphabetical

LATE = "forsinket"


def _name(row: BoardRow) -> Any:
    return alphabetical(row.municipality.name), alphabetical(row.municipality.county), row.municipality.key


SORTS: dict[str, Callable[[BoardRow], Any]] = {
    "": _name,
    "fylke": lambda row: (alphabetical(row.municipality.county), _name(row)),
    LATE: lambda row: (-row.late, _name(row)),
}


class QuickSelect(forms.Select):
    """Draws its options itself: Django draws each with a template, and there may be ninety supervisors."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = str(value or "")
        options = "".join(
            f'<option value="{escaped(str(key))}"{" selected" * (str(key) == chosen)}>{escaped(str(label))}</option>'
            for key, label in self.choices
        )
        around = format_html("<select{}>", flatatt({"name": name} | self.attrs | (attrs or {})))
        return mark_safe(f"{around}{options}</select>")  # noqa: S308 – each key and label is escaped


class QuickInput(forms.TextInput):
    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        facts = {"type": self.input_type, "name": name} | ({"value": value} if value else {})
        return format_html("<input{}>", flatatt(facts | self.attrs | (attrs or {})))


class BoardFilter(forms.Form):
    """Nonsense in the address counts as no filter. Drawn by `board/parts/filter.html`."""

    q = LineField(label=gettext_lazy("Kommune eller nummer"), required=False, max_length=100, widget=QuickInput)
    fylke = forms.TypedChoiceField(
        label=gettext_lazy("Fylke"), required=False, coerce=int, empty_value=None, widget=QuickSelect
    )
    veileder = forms.TypedChoiceField(
        label=gettext_lazy("Veileder"), required=False, coerce=int, empty_value=None, widget=QuickSelect
    )
    mangler = forms.ChoiceField(label=gettext_lazy("Mangler"), required=False, widget=QuickSelect)
    vis = forms.ChoiceField(
        label=gettext_lazy("Vis"),
        required=False,
        widget=QuickSelect,
        choices=[("", gettext_lazy("Alle")), (LATE, gettext_lazy("Bare det som er forsinket"))],
    )
    sorter = forms.ChoiceField(
        label=gettext_lazy("Sorter etter"),
        required=False,
        widget=QuickSelect,
        choices=[("", gettext_lazy("Navn")), ("fylke", gettext_lazy("Fylke")), (LATE, gettext_lazy("Mest forsinket"))],
    )

    def __init__(self, *args: Any, rows: Sequence[BoardRow], columns: Sequence[BoardColumn], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counties = {row.municipality.county_key: row.municipality.county for row in rows}
        supervisors = {key: name for row in rows for key, name in row.municipality.supervisors}
        self._places = {column.key: place for place, column in enumerate(columns)}
        for name, choices in (
            ("fylke", sorted(counties.items(), key=_label)),
            ("veileder", sorted(supervisors.items(), key=_label)),
            ("mangler", [(column.key, column.label) for column in columns]),
        ):
            field(self, name, forms.ChoiceField).choices = [("", _("Alle")), *choices]
        self.is_valid()

    @property
    def drawn(self) -> list[tuple[BoundField, SafeString]]:
        """Each field with its widget. Not the form itself: a page with errors in a form says so in its title."""
        return [(bound, bound.as_widget()) for bound in self]

    def narrowed(self, rows: Iterable[BoardRow]) -> list[BoardRow]:
        """By who they are, so not by what they lack: the totals are of these."""
        chosen = self.cleaned_data
        if text := plain(chosen.get("q", "").strip()):
            rows = [row for row in rows if text in plain(row.municipality.name) or text == row.municipality.number]
        if county := chosen.get("fylke"):
            rows = [row for row in rows if row.municipality.county_key == county]
        if supervisor := chosen.get("veileder"):
            rows = [row for row in rows if any(supervisor == key for key, _name in row.municipality.supervisors)]
        return list(rows)

    def lacking(self, rows: Iterable[BoardRow]) -> list[BoardRow]:
        """Those of them that lack what is asked for, or are late with it, in order."""
        chosen = self.cleaned_data
        place, only_late = self._places.get(chosen.get("mangler", "")), chosen.get("vis") == LATE
        if place is not None:
            rows = [row for row in rows if row.cells[place].is_late or (row.cells[place].is_lacking and not only_late)]
        elif only_late:
            rows = [row for row in rows if row.late]
        return sorted(rows, key=SORTS[chosen.get("sorter", "")])


def _label(choice: tuple[int, str]) -> tuple[str, int]:
    return alphabetical(choice[1]), choice[0]
