"""The rows of the board as HTML, each cell with its link.

Of 900 cells few are different but for where they lead, so each kind is drawn once. A template would take as long as all
the rest of the page: see docs/performance.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from guidance.models import FollowUp
from lmp.board import wording
from lmp.board.milestones import BoardCell, CohortFacts, MunicipalityFacts
from lmp.board.wording import BoardColumn, BoardRow

# They stand for a municipality's own in what is drawn once: no name has a blank of this kind in it.
KEY, NAME, COUNTY = 987654321, "\x1fname\x1f", "\x1fcounty\x1f"
# By the words that lead elsewhere than the rest of their column.
Elsewhere = dict[str, str]


@dataclass(frozen=True)
class Total:
    """How many lack a milestone and how many of them are late, in words, and the addresses that show these."""

    label: str
    lacking: str
    late: str
    lacking_query: str
    late_query: str


class Drawing:
    """Draws the rows of a board, for a person."""

    def __init__(
        self,
        columns: Sequence[BoardColumn],
        addresses: "Sequence[tuple[str, Elsewhere]]",
        *,
        contacts: str,
        writes: bool,
    ) -> None:
        """`contacts`: where the addresses of a municipality's people can be mended."""
        self._places = [(column.label, *address) for column, address in zip(columns, addresses, strict=True)]
        self._language = get_language()
        label = _("Velg %(name)s") % {"name": NAME}
        box = '<input class="ds-input" type="checkbox" form="chosen" name="participation" value="{}" aria-label="{}">'
        head = format_html(
            '<th scope="row">{}<a class="ds-link" href="{}">{}</a> <span class="app-plain">{}</span>',
            format_html(box, KEY, label) if writes else "",
            _at("overview:participation"),
            NAME,
            COUNTY,
        )
        self._head = head.split(str(KEY))
        self._contacts = contacts

    def rows(self, rows: Iterable[BoardRow]) -> SafeString:
        """The `<tr>` of each. Whoever can write to people gets a box to choose the municipality by."""
        return mark_safe("".join(map(self._row, rows)))  # noqa: S308 – a key is a number, and the rest is escaped

    def _row(self, row: BoardRow) -> str:
        municipality, key = row.municipality, str(row.municipality.key)
        found = [self._draw_head(key, municipality)]
        for (label, usual, elsewhere), cell in zip(self._places, row.cells, strict=True):
            address = elsewhere.get(cell.word, usual) if elsewhere else usual
            found.append(key.join(_drawn(label, address, cell, self._language)))
        return f"<tr>{''.join(found)}</tr>"

    def _draw_head(self, key: str, municipality: MunicipalityFacts) -> str:
        head = key.join(self._head).replace(NAME, escaped(municipality.name))
        head = head.replace(COUNTY, escaped(municipality.county))
        if municipality.unreached:
            head += key.join(_unreached(self._contacts, municipality.unreached, self._language))
        return f"{head}</th>"


def totals(found: Iterable[Total]) -> SafeString:
    """A `<td>` for each milestone, with links to those that lack it and to those of them that are late."""
    language = get_language()
    return mark_safe("".join(_total(total, language) for total in found))  # noqa: S308 – each is escaped


@lru_cache(maxsize=1000)
def _total(total: Total, _language: str | None) -> SafeString:
    return format_html(
        '<td data-label="{}">{}{}</td>',
        total.label,
        _counted(total.lacking, total.lacking_query, total.label) if total.lacking else _("Ingen"),
        _counted(total.late, total.late_query, total.label) if total.late else "",
    )


def _counted(words: str, query: str, label: str) -> SafeString:
    link = '<a class="ds-link" href="{}">{}<span class="ds-sr-only">, {}</span></a> '
    return format_html(link, query, words, label)


escaped = lru_cache(maxsize=1000)(escape)


@lru_cache(maxsize=4000)
def _drawn(label: str, address: str, cell: BoardCell, _language: str | None) -> list[str]:
    """A cell in the language that is active: the parts that the key of the municipality stands between."""
    html = format_html(
        '<td data-label="{}" data-state="{}"><span class="app-sign" aria-hidden="true">{}</span>{}'
        '<a class="ds-link" href="{}">{}</a>{}</td>',
        label,
        cell.state,
        wording.SIGNS[cell.state],
        format_html('<span class="ds-sr-only">{} </span>', _("Forsinket:")) if cell.is_late else "",
        address,
        wording.word(cell),
        format_html(' <span class="app-board__day">{}</span>', said) if (said := wording.day(cell)) else "",
    )
    return html.split(str(KEY))


@lru_cache(maxsize=100)
def _unreached(address: str, count: int, _language: str | None) -> list[str]:
    mark = (
        '<span class="app-board__mail" data-state="late"><span class="app-sign" aria-hidden="true">{}</span>{}</span>'
    )
    link = format_html('<a class="ds-link" href="{}">{}</a>', address, wording.unreached(count))
    return format_html(mark, wording.SIGNS["late"], link).split(str(KEY))


def contacts(user: User, *, leads: bool) -> str:
    """Where the addresses of a municipality's people can be mended, by whoever may; project leaders see them only."""
    if leads and not user.is_staff:
        return f"{_at('overview:participation')}#kontaktpersoner"
    return _at("participants:contacts")


def addresses(cohort: CohortFacts, user: User, *, leads: bool) -> list[tuple[str, Elsewhere]]:
    """Where each column leads, with KEY for the municipality's: to where what it says can be mended, by this person.

    `leads`: whether the person follows the guidance of the whole cohort.
    """
    page = _at("overview:participation")
    form = _at("admin:participants_participation_change") if _may(user, "participants.change_participation") else ""
    letters = f"{page}#confirmation"
    if _may(user, "welcome.change_cohortletters"):
        letters = reverse("admin:welcome_cohortletters_change", args=[cohort.cohort.pk])
    answered = form or f"{page}#confirmation"
    sessions, follow_up = _at("guidance:sessions"), _at("guidance:follow_up")
    measures = _at("guidance:municipality_measures")
    kinds = (FollowUp.Kind.SILENT.value, FollowUp.Kind.MISSING.value)
    return [
        (form or page, {}),
        (letters, {"sent": _at("welcome:letter")}),
        (f"{page}#confirmation", {}),
        (answered, {}),
        (answered, {}),
        (f"{page}#enheter", {}),
        (_at("guidance:composition_municipality") if leads else f"{page}#supervisors", {}),
        *((f"{page}#gatherings", {}) for _gathering in cohort.gatherings),
        (sessions, dict.fromkeys(kinds, follow_up) if leads else {}),
        (measures, {"measures_over": f"{measures}?status=overdue"}),
    ]


@cache
def _at(name: str) -> str:
    return reverse(name, args=[KEY])


def _may(user: User, permission: str) -> bool:
    return user.is_staff and user.has_perm(permission)
