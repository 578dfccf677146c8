"""Who in a municipality gets each reminder, and why the others don't."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from lmp.mailcalendar import access, places, reasons
from lmp.mailcalendar.reasons import Person, RuleInPlace
from lmp.mailcalendar.views.calendar import address

# People who get it, or don't, for the same reason, above which the names are folded.
FEW = 5


@require_safe
def why(request: PersonRequest, pk: int) -> HttpResponse:
    access.for_readers(request.user)
    participation, now = get_object_or_404(places.PARTICIPATIONS, pk=pk), timezone.now()
    rows = [
        {
            "rule": row.rule,
            "pauses": row.pauses,
            "gets": _by_moment(row),
            "lacks": sorted(row.lacks.items(), key=lambda each: len(each[1])),
        }
        for row in reasons.of(participation, now=now)
    ]
    context = {
        "participation": participation,
        "rows": rows,
        "may_pause": access.may_pause(request.user),
        "few": FEW,
        "sted": places.name_of(participation),
        "parents": [
            (_("E-postkalender"), reverse("mailcalendar:calendar")),
            (str(participation), participation.get_absolute_url()),
        ],
    }
    return render(request, "mailcalendar/why.html", context)


def _by_moment(row: RuleInPlace) -> list[tuple[datetime, list[tuple[str, Person]]]]:
    """Who gets it together, each with where their mail is opened."""
    found: dict[datetime, list[tuple[str, Person]]] = {}
    for mail, person in row.gets:
        found.setdefault(mail.send_at, []).append((address(mail), person))
    return list(found.items())
