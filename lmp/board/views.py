from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from lmp.board import access, export, reading, wording
from lmp.board.drawing import Drawing, addresses
from lmp.board.filter import LATE, BoardFilter
from lmp.board.wording import BoardColumn, BoardRow

# The national load of a pulje: all of it on one page, and on paper.
PAGE_SIZE = 60


@dataclass(frozen=True)
class Total:
    """How many lack a milestone, how many of them are late, and the addresses that show these."""

    label: str
    lacking: int
    late: int
    lacking_query: str
    late_query: str


@require_safe
def board(request: PersonRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    cohort, governors = access.followed(request.user, pk, today=today)
    facts = reading.read(cohort, governors, today=today)
    columns, rows = wording.columns(facts.cohort), wording.rows(facts.rows, facts.cohort)
    form = BoardFilter(request.GET, rows=rows, columns=columns)
    narrowed = form.narrowed(rows)
    page = Paginator(form.lacking(narrowed), PAGE_SIZE).get_page(request.GET.get("page"))
    drawing = Drawing(columns, addresses(facts.cohort, request.user, leads=governors is None))
    context = {
        "cohort": cohort,
        "columns": columns,
        "form": form,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "rows": [(row.municipality, drawing.cells(row)) for row in page.object_list],
        "totals": _totals(request, columns, narrowed),
        "signs": wording.SIGNS,
        "late": sum(bool(row.late) for row in narrowed),
        "withdrawn": facts.withdrawn,
    }
    return render(request, "board/board.html", context)


@require_safe
def board_workbook(request: PersonRequest, pk: int) -> FileResponse:
    today = timezone.localdate()
    cohort, governors = access.followed(request.user, pk, today=today)
    facts = reading.read(cohort, governors, today=today)
    columns, rows = wording.columns(facts.cohort), wording.rows(facts.rows, facts.cohort)
    form = BoardFilter(request.GET, rows=rows, columns=columns)
    return export.answer(cohort, columns, form.lacking(form.narrowed(rows)))


def _totals(request: PersonRequest, columns: list[BoardColumn], rows: list[BoardRow]) -> list[Total]:
    kept = [(name, value) for name, value in request.GET.items() if name not in ("mangler", "vis", "page")]
    found = []
    for place, column in enumerate(columns):
        states = [row.cells[place] for row in rows]
        lacking = urlencode([*kept, ("mangler", column.key)])
        found.append(
            Total(
                column.label,
                sum(cell.is_lacking for cell in states),
                sum(cell.is_late for cell in states),
                f"?{lacking}",
                f"?{lacking}&vis={LATE}",
            )
        )
    return found
