"""Staff's pages of the reminders that are switched off: which, switching one off, and on again."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PersonRequest
from lmp.mailcalendar import access, pausing
from lmp.mailcalendar.forms import PauseForm
from lmp.mailcalendar.models import MailPause
from outbox.effects import Section, effects_page
from outbox.plan import LeftOut
from parts.dates import last_day, moment_in_words, through
from parts.forms import BACK, is_asked, say

PER_PAGE = 50
LINES = 50  # of mails that a preview names


@require_safe
def pauses(request: PersonRequest) -> HttpResponse:
    """In force and to come, and below what is over."""
    access.for_readers(request.user)
    now = timezone.now()
    rows = MailPause.objects.with_places()
    over = rows.exclude(pk__in=MailPause.objects.not_over(now).values("pk"))
    page = Paginator(over, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "standing": rows.not_over(now).order_by("begins_at", "pk"),
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "may_pause": access.may_pause(request.user),
        "now": now,
        "calendar": reverse("mailcalendar:calendar"),
        "parents": _parents(),
    }
    return render(request, "mailcalendar/pauses.html", context)


def _parents() -> list[tuple[str, str]]:
    return [(_("E-postkalender"), reverse("mailcalendar:calendar"))]


def _to_pauses() -> list[tuple[str, str]]:
    return [*_parents(), (_("Slått av"), reverse("mailcalendar:pauses"))]


@require_http_methods(["GET", "HEAD", "POST"])
def pause(request: PersonRequest) -> HttpResponse:
    access.for_pausers(request.user)
    now = timezone.now()
    form = PauseForm(request.POST or None, now=now, initial={name: request.GET.get(name) for name in ("sted", "regel")})
    title = _("Slå av en påminnelse")
    if request.method == "POST" and BACK not in request.POST and form.is_valid() and (place := form.place):
        act = partial(pausing.pause, place, **form.facts, by=request.user, now=now)
        try:
            if is_asked(request):
                return _preview(request, title, act, _begun, now=now, button=_("Slå av påminnelsen"))
            made = act()
        except ValidationError as error:
            form.add_error(None, error)
        else:
            said = _("%(rule)s er slått av for %(place)s.") % {"rule": made.title, "place": made.place}
            say(request, said)
            return redirect("mailcalendar:pauses")
    context = {"form": form, "title": title, "parents": _to_pauses(), "cancel": reverse("mailcalendar:pauses")}
    return render(request, "mailcalendar/pause.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def lift(request: PersonRequest, pk: int) -> HttpResponse:
    """What goes again, and what has passed and never goes, is shown before it is switched on."""
    access.for_pausers(request.user)
    found, now = get_object_or_404(MailPause.objects.with_places(), pk=pk), timezone.now()
    said = {"rule": found.title, "place": found.place}
    if found.is_over(now):
        say(request, _("%(rule)s for %(place)s er slått på allerede.") % said, level=messages.WARNING)
        return redirect("mailcalendar:pauses")
    if request.method != "POST" or is_asked(request):
        title = _("Slå på igjen: %(rule)s, %(place)s") % said
        act = partial(_lifted, found, request, now=now)
        return _preview(request, title, act, _lifted_sections, now=now, button=_("Slå på påminnelsen"))
    if BACK not in request.POST:
        found.lift(by=request.user, now=now)
        say(request, _("%(rule)s er slått på igjen for %(place)s.") % said)
    return redirect("mailcalendar:pauses")


def _lifted(found: MailPause, request: PersonRequest, *, now: datetime) -> MailPause:
    found.lift(by=request.user, now=now)
    return MailPause.objects.with_places().get(pk=found.pk)


def _preview(
    request: PersonRequest,
    title: str,
    act: Callable[[], MailPause],
    sections: Callable[[MailPause, datetime], Sequence[Section]],
    *,
    now: datetime,
    button: str,
) -> HttpResponse:
    """By doing it and taking it back: the lines are read while it is done."""
    lines: list[Section] = []

    def done() -> MailPause:
        changed = act()
        lines.extend(sections(changed, now))
        return changed

    return effects_page(
        request,
        title=title,
        act=done,
        sections=lambda _changed: lines,
        now=now,
        button=button,
        breadcrumbs=_to_pauses(),
    )


def _begun(pause: MailPause, now: datetime) -> list[Section]:
    until = through(last_day(pause.ends_at)) if pause.ends_at else _("til noen slår den på igjen")
    what = [
        _("%(rule)s er slått av for %(place)s, %(until)s.")
        % {"rule": pause.title, "place": pause.place, "until": until},
        _("Grunn: %(reason)s") % {"reason": pause.why},
        _("E-poster som skulle ha gått i mellomtida, sendes ikke senere heller."),
        _("E-poster som allerede ligger klare, blir sendt. Ansatte kan fortsatt minne på for hånd."),
    ]
    if pause.begins_at > now:
        what.insert(1, _("Den går som vanlig fram til %(moment)s.") % {"moment": moment_in_words(pause.begins_at)})
    shortened = _in_lines(pausing.shortened(pause, now=now), _("%(moment)s til %(name)s, uten dette: %(why)s"))
    return [(_("Dette skjer"), what), (_("E-poster som går om resten"), shortened)]


def _lifted_sections(pause: MailPause, now: datetime) -> list[Section]:
    what = [
        _("%(rule)s går igjen til %(place)s.") % {"rule": pause.title, "place": pause.place},
        _("Bare det som skal sendes senere, blir sendt. Ingenting sendes i ettertid."),
    ]
    if pause.begins_at <= now:
        other = pausing.still_off(pause, now=now)
        what += [_("Den er fortsatt slått av, av en annen grunn: %(reason)s") % {"reason": other.why}] if other else []
    passed = _in_lines(pausing.passed(pause, now=now), _("%(moment)s til %(name)s: %(why)s"))
    return [(_("Dette skjer"), what), (_("E-poster som ikke ble sendt, og ikke blir det"), passed)]


def _in_lines(left_out: Sequence[LeftOut], said: str) -> list[str]:
    found = [
        said % {"moment": moment_in_words(each.mail.send_at), "name": each.mail.name, "why": each.mail.why}
        for each in left_out[:LINES]
    ]
    if len(left_out) > LINES:
        found.append(_("og %(count)s til") % {"count": len(left_out) - LINES})
    return found
