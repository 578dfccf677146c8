"""The two years of a pulje walked through before it is launched: every mail that the plan holds, month by month."""

from collections.abc import Iterator, Sequence

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.requests import PersonRequest
from lmp.mailcalendar import access
from lmp.mailcalendar.views.calendar import address
from lmp.mailcalendar.whole import MonthOfMails, WholePlan
from outbox.plan import Planned
from participants.models import Cohort
from parts.sheets import workbook as workbooks
from parts.sheets.cells import About, Cell, Column, Verbatim

# On the whole page, for paper.
EVERYTHING = "alle"


@require_safe
def two_years(request: PersonRequest, pk: int) -> HttpResponse:
    """One month at a time, or all of them for paper."""
    access.for_readers(request.user)
    cohort = get_object_or_404(Cohort, pk=pk)
    found = WholePlan.load(cohort)
    asked = request.GET.get("maned", "")
    shown = found.months if asked == EVERYTHING else [_chosen(found.months, asked)] if found.months else []
    context = {
        "cohort": cohort,
        "plan": found,
        "shown": [(month, _days(month)) for month in shown],
        "chosen": EVERYTHING if asked == EVERYTHING else shown[0].key if shown else "",
        "everything": EVERYTHING,
        "undated": cohort.gatherings.filter(starts_on=None).count(),
        "parents": [
            (_("E-postkalender"), reverse("mailcalendar:calendar")),
            (str(cohort), reverse("desk:cohort", args=[pk])),
        ],
    }
    return render(request, "mailcalendar/two_years.html", context)


def _chosen(months: Sequence[MonthOfMails], asked: str) -> MonthOfMails:
    """What is asked for; else the first with mails to come, or the last of all."""
    this_month = f"{timezone.localdate():%Y-%m}"
    coming = [month for month in months if month.key >= this_month]
    return next((month for month in months if month.key == asked), coming[0] if coming else months[-1])


def _days(month: MonthOfMails) -> list[tuple]:
    return [
        (day, [(title, count, address(mail)) for title, count, mail in kinds], total)
        for day, kinds, total in month.days
    ]


@require_safe
def workbook(request: PersonRequest, pk: int) -> FileResponse:
    """A row for each mail."""
    access.for_readers(request.user)
    cohort = get_object_or_404(Cohort, pk=pk)
    found = WholePlan.load(cohort)
    title = _("E-poster i pulje %(number)s") % {"number": cohort.number}
    about = About(title, timezone.now(), cohort=str(cohort))
    columns = [
        Column(_("Dag"), 14),
        Column(_("Klokka"), 8),
        Column(_("E-post"), 40),
        Column(_("Mottaker"), 28),
        Column(_("Adresse"), 34),
        Column(_("Språk"), 8),
        Column(_("Hvorfor"), 60),
        Column(_("Pulje"), 8),
    ]
    return workbooks.answer(about, columns, _lines(found.mails, cohort))


def _lines(mails: Sequence[Planned], cohort: Cohort) -> Iterator[list[Cell]]:
    pulje = Verbatim(str(cohort.number))
    for mail in mails:
        at = timezone.localtime(mail.send_at)
        title, language = str(mail.text.title), str(User.Language(mail.language).label)
        yield [at.date(), f"{at:%H.%M}", title, mail.name, mail.to, language, mail.why, pulje]
