"""Staff's calendar of the mails that will be sent, as today's facts have it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from outbox import plan
from outbox.admin.forms import MailPlanForm
from outbox.models import Message
from outbox.plan import Planned

PER_PAGE = 100
FEWEST_DAYS, MOST_DAYS = 2, 40  # that are listed with how many mails each has


@dataclass(frozen=True)
class PlannedDay:
    """How many of the mails that are shown go that day, and where they alone are seen."""

    day: date
    mails: int
    query: str


def plan_page(query: Mapping[str, str], now: datetime) -> dict:
    """What the page shows: the form, how many go each day, and a page of planned mails.

    Each with a link to what it is about, its message if it is posted, and who is to take over from its recipient.
    """
    today = timezone.localdate(now)
    default = {"start": today.isoformat(), "end": (today + timedelta(days=60)).isoformat()}
    form = MailPlanForm(default | {name: query[name] for name in MailPlanForm.base_fields if name in query})
    found = _found(form) if form.is_valid() else []
    page = Paginator(found, PER_PAGE).get_page(query.get("page"))
    posted = Message.objects.in_bulk([mail.key for mail in page], field_name="key")
    successors = plan.coming_successors()
    rows = [
        (mail, _link(mail), posted.get(mail.key), [each.words for each in successors if each.may_move(mail)])
        for mail in page
    ]
    return {"form": form, "page": page, "rows": rows, "days": _days(found, form)}


def _found(form: MailPlanForm) -> list[Planned]:
    """What the form asks for; the form is told what can be chosen."""
    chosen = form.cleaned_data
    found = planned(start=chosen["start"], end=chosen["end"], q=chosen["q"])
    kinds = {(mail.text.name, str(mail.text.title)) for mail in found}
    form.offer(kinds=kinds, scopes={scope for mail in found for scope in mail.scope})
    if kind := chosen["kind"]:
        found = [mail for mail in found if mail.text.name == kind]
    if scope := chosen["scope"]:
        found = [mail for mail in found if scope in mail.scope]
    return found


def _days(found: list[Planned], form: MailPlanForm) -> list[PlannedDay]:
    """The first days on which something goes, where there are several."""
    counted = Counter(timezone.localdate(mail.send_at) for mail in found)
    if len(counted) < FEWEST_DAYS:
        return []
    kept = {name: form.cleaned_data[name] for name in ("q", "kind", "scope") if form.cleaned_data.get(name)}
    return [
        PlannedDay(day, mails, urlencode({"start": day.isoformat(), "end": day.isoformat()} | kept))
        for day, mails in sorted(counted.items())[:MOST_DAYS]
    ]


def planned(*, start: date, end: date, q: str) -> list[Planned]:
    """The mails of these days, both included, that hold each word of `q` in their recipient or their reason."""
    first = timezone.make_aware(datetime.combine(start, time.min))
    after = timezone.make_aware(datetime.combine(end + timedelta(days=1), time.min))
    words = q.casefold().split()
    moment = timedelta(microseconds=1)
    return [
        mail
        for mail in plan.everything(first - moment, after - moment)
        if all(word in f"{mail.name} {mail.to} {mail.why}".casefold() for word in words)
    ]


def _link(mail: Planned) -> str:
    if mail.about is None:
        return ""
    try:
        return reverse(f"admin:{mail.about._meta.app_label}_{mail.about._meta.model_name}_change", args=[mail.about.pk])
    except NoReverseMatch:
        return ""
