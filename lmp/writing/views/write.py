"""What is written, then who gets what, and then it goes."""

import secrets
from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from lmp.writing import access, composing, reminders, sending
from lmp.writing.choosing import earlier, ticks
from lmp.writing.forms import NAMES, MessageForm, ReminderForm
from lmp.writing.models import BODY_LENGTH, REASON_LENGTH, SUBJECT_LENGTH, Writing
from parts.forms import number_from, say
from parts.order import alphabetical

PAGE_SIZE = 25
# From so many on, sending asks for a tick beside the button.
SURE_FROM = 50
CHOSEN = ("kind", "reply_to")
LIMITS = {
    "subject_nb": SUBJECT_LENGTH,
    "body_nb": BODY_LENGTH,
    "subject_nn": SUBJECT_LENGTH,
    "body_nn": BODY_LENGTH,
    "reason": REASON_LENGTH,
}
TYPED = tuple(LIMITS)


def _own(request: PersonRequest, pk: int) -> Writing:
    """One's own, sent or not: who comes back to a page of what is sent is shown that."""
    return get_object_or_404(access.readable(request.user).filter(written_by=request.user), pk=pk)


def _parents(writing: Writing) -> list[tuple[str, str]]:
    if writing.occasion:
        return [(writing.about_label, writing.occasion.get_absolute_url())]
    return [
        (_("Skriv til"), reverse("writing:list")),
        (_("Velg hvem"), reverse("writing:choose", query={"utkast": writing.pk})),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: PersonRequest, pk: int) -> HttpResponse:
    writing = _own(request, pk)
    if writing.ordered_at:
        return redirect(writing)
    form = _form(request, writing)
    if form.is_bound:
        _keep(writing, form)
        if form.is_valid() and "draft" not in request.POST:
            return redirect("writing:preview", writing.pk)
        if "draft" in request.POST:
            say(request, _("Utkastet er lagret. Det ligger under «Skriv til»."))
            return redirect("writing:write", writing.pk)
    context = {
        "form": form,
        "writing": writing,
        "count": writing.recipients.count(),
        "choose": "" if writing.occasion else reverse("writing:choose", query={"utkast": writing.pk, "valgte": "on"}),
        "placeholders": [] if writing.is_reminder else writing.text.placeholders.items(),
        "parents": _parents(writing),
    }
    return render(request, "writing/write.html", context, status=422 if form.errors else 200)


def _form(request: PersonRequest, writing: Writing) -> MessageForm | ReminderForm:
    data = request.POST or None
    if writing.is_reminder:
        return ReminderForm(data, draft=writing, writer=request.user)
    return MessageForm(data, draft=writing, writer=request.user, counts=_languages(writing))


def _languages(writing: Writing) -> dict[str, int]:
    """How many get it in each language."""
    return Counter(composing.language_of(recipient) for recipient in composing.with_facts(writing.recipients.all()))


def _keep(writing: Writing, form: MessageForm | ReminderForm) -> None:
    """What was typed, right or wrong: it is there when one comes back. A choice is kept when it is one."""
    writing.is_checked = form.is_valid()
    for name in CHOSEN:
        if name in form.cleaned_data:
            setattr(writing, name, form.cleaned_data[name])
    for name in TYPED:
        if name in form.fields and name in form.data:
            typed = str(form.cleaned_data.get(name, form.data[name])).replace("\0", "")
            setattr(writing, name, typed[: LIMITS[name]])
    with transaction.atomic():
        if ticks.locked(writing).ordered_at is None:
            writing.changed_at = timezone.now()
            writing.save(update_fields=[*CHOSEN, *TYPED, "is_checked", "changed_at"])


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: PersonRequest, pk: int) -> HttpResponse:
    writing, now = _own(request, pk), timezone.now()
    if writing.ordered_at:
        return redirect(writing)
    if lacks := _lacks(writing):
        say(request, lacks, level=messages.WARNING)
        return redirect("writing:write", writing.pk)
    error = ""
    if request.method == "POST":
        if "fjern" in request.POST or "prove" in request.POST:
            return _step(request, writing, now=now)
        error = _send(request, writing, now=now)
        if not error:
            return redirect(writing)
        writing.refresh_from_db()
    context = _shown(request, writing, now=now) | {"error": error}
    return render(request, "writing/preview.html", context, status=422 if error else 200)


def _lacks(writing: Writing) -> str:
    """What keeps it from being looked over: who is chosen may have another language since it was written."""
    if not writing.is_checked:
        return _("Skriv teksten ferdig først.")
    if not writing.is_reminder:
        for language, count in _languages(writing).items():
            if not all(text.strip() for text in writing.wording(language)):
                said = ngettext(
                    "%(count)s mottaker får e-posten på %(language)s. Skriv den på %(language)s også.",
                    "%(count)s mottakere får e-posten på %(language)s. Skriv den på %(language)s også.",
                    count,
                )
                return said % {"count": count, "language": NAMES[language]}
    return ""


def _step(request: PersonRequest, writing: Writing, *, now: datetime) -> HttpResponse:
    """What does not send it: one recipient less, or a copy to oneself."""
    if "fjern" in request.POST:
        with transaction.atomic():
            if ticks.locked(writing).ordered_at is None:
                ticks.drop(writing, [number_from(request.POST["fjern"]) or 0])
    else:
        composed = composing.compose(writing, list(composing.with_facts(writing.recipients.all())), now=now)
        token = number_from(request.POST.get("token", "")) or 0
        made = sending.try_out(writing, composed, token=str(token), by=request.user, now=now)
        if made:
            say(request, _("Prøven sendes til %(address)s.") % {"address": request.user.email})
        else:
            say(request, _("Ingen av mottakerne får e-posten, så det er ingenting å prøve."), level=messages.WARNING)
    return redirect(request.get_full_path())


def _send(request: PersonRequest, writing: Writing, *, now: datetime) -> str:
    """Send it, or say why not."""
    count = writing.recipients.count()
    if count >= SURE_FROM and request.POST.get("sikker") != str(count):
        return _("Kryss av for at du vil sende til så mange.")
    try:
        sending.order(writing.pk, seen=request.POST.get("seen", ""), by=request.user, now=now)
    except ValidationError as refused:
        return refused.messages[0]
    return ""


def _unwelcomed(composed: Collection[composing.ComposedMail]) -> list[str]:
    """The municipalities that get this before their welcome letter."""
    going = [mail.recipient for mail in composed if not mail.left_out]
    return sorted(
        {
            each.municipality.name_told_apart
            for recipient in going
            for each in recipient.participations.all()
            if each.welcomed_at is None
        },
        key=alphabetical,
    )


def _shown(request: PersonRequest, writing: Writing, *, now: datetime) -> dict[str, Any]:
    recipients = list(composing.with_facts(writing.recipients.all()))
    composed = composing.compose(writing, recipients, now=now)
    # Who gets nothing comes first, for that is what there may be something to do about.
    composed.sort(key=lambda mail: (not mail.left_out, alphabetical(mail.name), mail.recipient.pk))
    page = Paginator(composed, PAGE_SIZE).get_page(request.GET.get("page"))
    people = [mail.recipient.addressee.pk for mail in page.object_list]
    lately, soon = earlier.lately(people, now=now), earlier.soon(people, now=now)
    wordings: composing.Wordings = {}
    rows = [
        {
            "mail": mail,
            "rendered": None if mail.left_out else mail.rendered(wordings),
            "lately": lately.get(mail.recipient.addressee.pk, []),
            "soon": soon.get(mail.recipient.addressee.pk, []),
        }
        for mail in page.object_list
    ]
    return {
        "writing": writing,
        "rows": rows,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "total": len(composed),
        "count": sum(not mail.left_out for mail in composed),
        "languages": Counter(mail.language for mail in composed if not mail.left_out),
        "asks": len(composed) >= SURE_FROM,
        "seen": writing.fingerprint,
        "token": secrets.randbelow(10**15),
        "days": earlier.LATELY.days,
        "ahead": earlier.SOON.days,
        "choose": "" if writing.occasion else reverse("writing:choose", query={"utkast": writing.pk}),
        "unwelcomed": _unwelcomed(composed),
        "switched_off": reminders.switched_off(writing, recipients, now=now),
        "parents": [*_parents(writing), (_("Tekst"), reverse("writing:write", args=[writing.pk]))],
    }
