"""What this app holds about a person, for the page where they see it and download it. Never what they answered.

A query for each section: the page has one budget for all apps.
"""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.personal_data import Section
from gatherings.models import Answered, NobodyComes, Registration, Swap
from parts.dates import date_in_words


def registrations(user: User) -> Section:
    """The person's own registrations, each with the days they were there, what they need, and that they evaluated."""
    mine = (
        Registration.objects.filter(user=user)
        .with_places()
        .select_related("gathering__cohort", "needs")
        .annotate(
            day_there=F("attendances__day"),  # a row for each day
            evaluated=Exists(Answered.objects.filter(gathering=OuterRef("gathering"), user=user)),
        )
        .order_by("pk", "day_there")
    )
    rows: list[tuple[str, str]] = []
    for _key, days in groupby(mine, key=lambda each: each.pk):
        found: list[Any] = list(days)
        rows += _rows(found[0], [row.day_there for row in found if row.day_there], evaluated=found[0].evaluated)
    return _("Samlinger du er påmeldt"), rows


def _rows(registration: Registration, there: list[date], *, evaluated: bool) -> list[tuple[str, str]]:
    about = f"{registration.gathering.title}, {registration.gathering.cohort}"
    facts = [registration.name, registration.represents, registration.function_title]
    facts += [str(registration.State(registration.state).label), str(registration.get_travel_display())]
    if registration.days:
        facts.append(_("dager: %(days)s") % {"days": _days(registration.dates)})
    if registration.nights:
        facts.append(_("netter: %(nights)s") % {"nights": _days(registration.night_dates)})
    rows = [(about, ", ".join(facts))]
    if there:
        rows.append((_("Du møtte, %(gathering)s") % {"gathering": about}, _days(there)))
    if needs := getattr(registration, "needs", None):
        said = "; ".join(part for part in (needs.food, needs.access) if part)
        rows.append((_("Du trenger, %(gathering)s") % {"gathering": about}, said))
    if evaluated:
        said = _("Du har svart. Hva du svarte, er ikke knyttet til deg.")
        rows.append((_("Evaluering, %(gathering)s") % {"gathering": about}, said))
    return rows


def traces(user: User) -> Section:
    """What else the person has left: questions after a deadline, and the address for their calendar."""
    kept = User.objects.filter(pk=user.pk).order_by("late_requests__pk")
    facts = ("late_requests__asked_at", "late_requests__text", "late_requests__answer", "calendar_feed__made_at")
    found = list(kept.values_list(*facts))  # at least one row, whether there is anything in it or not
    rows = []
    for asked_at, text, answer, _made_at in found:
        if asked_at:
            about = _("Spørsmål etter fristen, %(moment)s") % {"moment": _moment(asked_at)}
            rows.append((about, _("%(text)s Svar: %(answer)s") % {"text": text, "answer": answer} if answer else text))
    for answer in NobodyComes.objects.filter(answered_by=user).select_related(
        "gathering__cohort", "unit", "participation__municipality__county"
    ):
        about = _("Svar om at ingen kommer, %(moment)s") % {"moment": _moment(answer.answered_at)}
        rows.append((about, ". ".join(part for part in (str(answer), answer.note) if part)))
    for swap in Swap.objects.filter(Q(before=user) | Q(after=user)).select_related("registration__gathering__cohort"):
        about = _("Bytte av person, %(moment)s") % {"moment": _moment(swap.swapped_at)}
        rows.append((about, _swapped(swap, user)))
    if found and found[0][-1]:
        rows.append((_("Kalenderadresse"), _("Laget %(moment)s") % {"moment": _moment(found[0][-1])}))
    return _("Spørsmål og kalender"), rows


def _swapped(swap: Swap, user: User) -> str:
    """The other person's name stays with those whose registration it is."""
    gathering = f"{swap.registration.gathering.in_a_sentence}, {swap.registration.gathering.cohort}"
    if swap.before_id == user.pk:
        return _("%(name)s ga fra seg påmeldingen til %(gathering)s") % {
            "name": swap.before_name,
            "gathering": gathering,
        }
    return _("Du overtok påmeldingen til %(gathering)s") % {"gathering": gathering}


def _days(days: Sequence[date]) -> str:
    return ", ".join(date_in_words(day) for day in days)


def _moment(moment: datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")
