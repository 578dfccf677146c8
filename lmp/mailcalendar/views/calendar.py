"""Staff's calendar of mails: a day, a span of days, one mail that is planned."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from lmp.mailcalendar import access, places
from lmp.mailcalendar.days import NEAR, MailDays, Rows, span
from lmp.mailcalendar.narrowing import CalendarForm, Narrowing
from outbox import plan, texts
from outbox.models import Message
from outbox.pauses import rule_of
from outbox.plan import LeftOut, Planned
from parts.dates import day_in_words
from parts.forms import say

PER_PAGE = 100
SHOWN = 100  # of what is left out


@require_safe
def calendar(request: PersonRequest) -> HttpResponse:
    access.for_readers(request.user)
    now = timezone.now()
    form = CalendarForm(request.GET, today=timezone.localdate(now))
    context: dict[str, Any] = {"form": form, "pauses": access.may_pause(request.user)}
    if form.is_valid():
        context |= _shown(request, form, now=now)
    return render(request, "mailcalendar/calendar.html", context)


def _shown(request: PersonRequest, form: CalendarForm, *, now: datetime) -> dict[str, Any]:
    narrowing, day = form.narrowing, form.day
    first, last = form.span
    near = MailDays.load(first - NEAR, last + NEAR, narrowing, now=now) if day else None
    days = near.only(first) if near else MailDays.load(first, last, narrowing, now=now)
    counted = list(days.counts.values()) if not day else [each for each in [days.counts.get(day)] if each]
    rows: Any = Rows(days, written=sum(each.written for each in counted))
    page: Page[Any] = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    before, after = near.beside(first) if near else (None, None)
    return {
        "first": first,
        "last": last,
        "day": day,
        "narrowing": narrowing,
        "before": _of_day(form, before),
        "after": _of_day(form, after),
        "days": [(each, urlencode({"dag": each.day.isoformat()} | form.kept)) for each in counted],
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "rows": list(_rows(page.object_list, now=now)),
        "left_out": days.left_out[:SHOWN],
        "count_left_out": len(days.left_out),
        "total": sum(each.goes for each in counted),
        "why": _why(narrowing),
        "is_past": last < timezone.localdate(now),
    }


def _of_day(form: CalendarForm, day: date | None) -> tuple[date, str] | None:
    return (day, urlencode({"dag": day.isoformat()} | form.kept)) if day else None


def _rows(mails: Iterable[Message | Planned], *, now: datetime) -> Iterable[dict[str, Any]]:
    titles = {name: text.title for name, text in texts.all_texts().items()}
    successors = plan.coming_successors()
    for mail in mails:
        if isinstance(mail, Planned):
            yield {
                "at": mail.send_at,
                "person": mail.recipient.pk,
                "name": mail.name,
                "to": mail.to,
                "title": mail.text.title,
                "language": mail.language,
                "why": mail.why,
                "url": address(mail),
                "state": _("Om få minutter") if mail.send_at <= now else _("Planlagt"),
                "notes": [each.words for each in successors if each.may_move(mail)],
            }
        else:
            yield {
                "at": mail.created_at,
                "person": mail.recipient_id,
                "name": str(mail.recipient or mail.to),
                "to": ", ".join(mail.addresses),
                "title": titles.get(mail.text_name, mail.text_name),
                "language": mail.language,
                "why": mail.why,
                "url": reverse("admin:outbox_message_change", args=[mail.pk]),
                "state": mail.state_at(now).label,
                "notes": [mail.last_error] if mail.last_error and not mail.sent_at else [],
            }


def address(mail: Planned) -> str:
    """Where a planned mail is opened."""
    return reverse("mailcalendar:planned", args=[timezone.localdate(mail.send_at).isoformat(), mail.key])


def _why(narrowing: Narrowing) -> str:
    """The page that tells who gets none, of what is chosen."""
    if narrowing.participation:
        return reverse("mailcalendar:why", args=[narrowing.participation.pk])
    if narrowing.person:
        return reverse("changes:person_mails", args=[narrowing.person.pk])
    return ""


@require_safe
def planned(request: PersonRequest, day: str, key: str) -> HttpResponse:
    """One mail as it would be today. One that has been written is its own page in the administration."""
    access.for_readers(request.user)
    that_day, now = _day(day), timezone.now()
    if written := Message.objects.filter(key=key).first() if "\0" not in key else None:
        return redirect("admin:outbox_message_change", written.pk)
    going, left_out_then = plan.with_left_out(*span(that_day, that_day))
    left_out = next((each for each in left_out_then if each.mail.key == key), None)
    mail = left_out.mail if left_out else next((mail for mail in going if mail.key == key), None)
    if mail is None:
        return _not_planned(request, that_day)
    return render(request, "mailcalendar/planned.html", _mail(request, mail, left_out, day=that_day, now=now))


def _day(text: str) -> date:
    """404 for what is no day that the calendar has."""
    try:
        return CalendarForm.base_fields["dag"].clean(text)
    except ValidationError as error:
        raise Http404 from error


def _not_planned(request: PersonRequest, day: date) -> HttpResponse:
    said = _("E-posten er ikke planlagt lenger. Dette er det som er planlagt %(day)s.")
    say(request, said % {"day": day_in_words(day)}, level=messages.WARNING)
    return redirect(reverse("mailcalendar:calendar", query={"dag": day.isoformat()}))


def _mail(
    request: PersonRequest, mail: Planned, left_out: LeftOut | None, *, day: date, now: datetime
) -> dict[str, Any]:
    rule = rule_of(mail.text.name)
    back = reverse("mailcalendar:calendar", query={"dag": day.isoformat()})
    return {
        "mail": mail,
        "rendered": None if mail.text.secret else texts.render(mail.text, mail.language, mail.values),
        "left_out": left_out,
        "rest": address(left_out.rest) if left_out and left_out.rest else "",
        "rule": rule,
        "about": _link(mail),
        "places": places.of_scope(mail.scope),
        "pauses": bool(rule) and access.may_pause(request.user),
        "successors": [each.words for each in plan.coming_successors() if each.may_move(mail)],
        "is_over": mail.until <= now,
        "is_due": mail.send_at <= now,
        "parents": [(_("E-postkalender"), reverse("mailcalendar:calendar")), (day_in_words(day), back)],
    }


def _link(mail: Planned) -> str:
    if mail.about is None:
        return ""
    try:
        return reverse(f"admin:{mail.about._meta.app_label}_{mail.about._meta.model_name}_change", args=[mail.about.pk])
    except NoReverseMatch:
        return ""
