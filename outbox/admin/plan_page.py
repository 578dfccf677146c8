"""Staff's calendar of the mails that will be sent, as today's facts have it."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.core.paginator import Paginator
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from outbox import plan
from outbox.admin.forms import MailPlanForm
from outbox.models import Message
from outbox.plan import Planned

PER_PAGE = 100


def plan_page(query: Mapping[str, str], now: datetime) -> dict:
    """What the page shows: the form, and a page of planned mails.

    Each with a link to what it is about, its message if it is posted, and who is to take over from its recipient.
    """
    today = timezone.localdate(now)
    default = {"start": today.isoformat(), "end": (today + timedelta(days=60)).isoformat()}
    form = MailPlanForm(default | {name: query[name] for name in ("start", "end", "q") if name in query})
    found = planned(**form.cleaned_data) if form.is_valid() else []
    page = Paginator(found, PER_PAGE).get_page(query.get("page"))
    posted = Message.objects.in_bulk([mail.key for mail in page], field_name="key")
    successors = plan.coming_successors()
    rows = [
        (mail, _link(mail), posted.get(mail.key), [each.words for each in successors if each.may_move(mail)])
        for mail in page
    ]
    return {"form": form, "page": page, "rows": rows}


def planned(*, start: date, end: date, q: str) -> list[Planned]:
    """The mails of these days, both included, whose recipient's name or address holds `q`."""
    first = timezone.make_aware(datetime.combine(start, time.min))
    after = timezone.make_aware(datetime.combine(end + timedelta(days=1), time.min))
    wanted = q.casefold()
    moment = timedelta(microseconds=1)
    return [
        mail
        for mail in plan.everything(first - moment, after - moment)
        if wanted in f"{mail.name} {mail.to}".casefold()
    ]


def _link(mail: Planned) -> str:
    if mail.about is None:
        return ""
    try:
        return reverse(f"admin:{mail.about._meta.app_label}_{mail.about._meta.model_name}_change", args=[mail.about.pk])
    except NoReverseMatch:
        return ""
