from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from lmp.board import access, export, reading, wording
from lmp.board.drawing import Drawing, Total, addresses, contacts, totals
from lmp.board.filter import LATE, BoardFilter
from lmp.board.milestones import LACKING
from lmp.board.wording import BoardColumn, BoardRow
from lmp.mailcalendar.access import told
from lmp.writing.access import may_write

# The national load of a pulje: all of it on one page, and on paper.
PAGE_SIZE = 60


@require_safe
def board(request: PersonRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    cohort, governors = access.followed(request.user, pk, today=today)
    facts = reading.read(cohort, governors, today=today)
    columns, rows = wording.columns(facts.cohort), wording.rows(facts.rows, facts.cohort)
    form = BoardFilter(request.GET, rows=rows, columns=columns)
    narrowed = form.narrowed(rows)
    page = Paginator(form.lacking(narrowed), PAGE_SIZE).get_page(request.GET.get("page"))
    writes = may_write(request.user)
    led_to = addresses(facts.cohort, request.user, leads=governors is None)
    mended = contacts(request.user, leads=governors is None)
    drawing = Drawing(columns, led_to, contacts=mended, writes=writes)
    context = {
        "cohort": cohort,
        "columns": columns,
        "fields": form.drawn,
        "is_narrowed": len(page.paginator.object_list) < len(rows),
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "rows": drawing.rows(page.object_list),
        "writes": writes,
        "totals": totals(_totals(request, columns, narrowed)),
        "signs": wording.SIGNS,
        "late": sum(row.is_late for row in narrowed),
        "withdrawn": facts.withdrawn,
        "declined": facts.declined,
        "pauses": told(request.user, cohort, leads=governors is None, now=timezone.now()),
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
    before = f"{urlencode(kept)}&" if kept else ""
    lacking_words, late_words = _("%(count)s mangler"), _("%(count)s forsinket")
    found = []
    for place, column in enumerate(columns):
        states: list[str] = [row.cells[place].state for row in rows]
        lacking, late = sum(states.count(state) for state in LACKING), states.count("late")
        query = f"{before}mangler={column.key}"
        found.append(
            Total(
                column.label,
                lacking_words % {"count": lacking} if lacking else "",
                late_words % {"count": late} if late else "",
                f"?{query}",
                f"?{query}&vis={LATE}",
            )
        )
    return found
