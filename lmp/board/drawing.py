"""The cells of the board as HTML, each with its link.

Of 900 cells few are different but for where they lead, so each kind is drawn once. A template would take as long as all
the rest of the page: see docs/performance.md.
"""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accounts.models import User
from guidance.models import FollowUp
from lmp.board import wording
from lmp.board.milestones import BoardCell, CohortFacts
from lmp.board.wording import BoardColumn, BoardRow

KEY = 987654321
# By the words that lead elsewhere than the rest of their column.
Elsewhere = dict[str, str]


class Drawing:
    """Draws the rows of a board, for a person."""

    def __init__(self, columns: Sequence[BoardColumn], addresses: "Sequence[tuple[str, Elsewhere]]") -> None:
        self._columns, self._addresses = columns, addresses
        self._drawn: dict[tuple[int, BoardCell], list[str]] = {}

    def cells(self, row: BoardRow) -> SafeString:
        """The `<td>` of each milestone."""
        found, key = [], str(row.municipality.key)
        for place, cell in enumerate(row.cells):
            drawn = self._drawn.get((place, cell))
            if drawn is None:
                drawn = self._drawn[place, cell] = self._draw(place, cell)
            found.append(key.join(drawn))
        return mark_safe("".join(found))  # noqa: S308 – every part is escaped in _draw, and a key is a number

    def _draw(self, place: int, cell: BoardCell) -> list[str]:
        """The parts that the key of the municipality stands between."""
        usual, elsewhere = self._addresses[place]
        html = format_html(
            '<td data-label="{}" data-state="{}"><span class="app-sign" aria-hidden="true">{}</span>{}'
            '<a class="ds-link" href="{}">{}</a>{}</td>',
            self._columns[place].label,
            cell.state,
            wording.SIGNS[cell.state],
            format_html('<span class="ds-sr-only">{} </span>', _("Forsinket:")) if cell.is_late else "",
            elsewhere.get(cell.word, usual),
            wording.word(cell),
            format_html('<span class="app-board__day">{}</span>', said) if (said := wording.day(cell)) else "",
        )
        return html.split(str(KEY))


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


def _at(name: str) -> str:
    return reverse(name, args=[KEY])


def _may(user: User, permission: str) -> bool:
    return user.is_staff and user.has_perm(permission)
