"""The admin's own pages about sending: who gets what, are you sure, how far it has come, all in one file."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PersonRequest
from lmp.welcome import sending
from lmp.welcome.archive import stream
from lmp.welcome.load_facts import with_people
from lmp.welcome.models import LANGUAGES, Letter, LetterText, Sending, SendingItem
from lmp.welcome.sending import Prepared
from outbox.models import Message, MessageState
from participants.models import Cohort
from parts.forms import number_from


@require_safe
def cohort(request: HttpRequest, pk: Any, context: dict) -> HttpResponse:
    """Every participation: who its letter goes to, what is missing, what has become of what was sent."""
    found = _cohort(pk)
    letters = sending.prepared(found, today=timezone.localdate(), load=with_people)
    mails = _mails(letter.participation.pk for letter in letters)
    # What is left to do comes first: those that can go, those that lack something, those that have gone.
    letters.sort(key=lambda letter: (letter.already_sent, bool(letter.problems)))
    rows = [(letter, mails.get(letter.participation.pk, [])) for letter in letters]
    return TemplateResponse(
        request,
        "admin/welcome/cohort.html",
        context
        | {
            "title": _("Velkomstbrev i %(cohort)s") % {"cohort": str(found).lower()},
            "cohort": found,
            "rows": rows,
            "sendable": [letter for letter in letters if letter.can_be_sent],
            "blocked": [letter for letter in letters if letter.problems and not letter.already_sent],
            "sent": [letter for letter in letters if letter.already_sent],
            "without_senders": _without_senders(letters, found.letter_texts.all()),
            "sendings": Sending.objects.filter(cohort=found).select_related("ordered_by")[:10],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: PersonRequest, pk: int, context: dict) -> HttpResponse:
    """Exactly who will get what. What is posted is what was shown: whatever has changed since is shown again."""
    found = _cohort(pk)
    chosen = _chosen(request, sending.prepared(found, today=timezone.localdate()))
    sendable = [letter for letter in chosen if letter.can_be_sent]
    seen = {letter.participation.pk: request.POST.get(f"sett-{letter.participation.pk}") for letter in sendable}
    changed = [letter for letter in sendable if seen[letter.participation.pk] != letter.fingerprint]
    token = _token(request)
    if request.method == "POST":
        earlier = Sending.objects.filter(token=token, cohort=found).first()
        if earlier:
            return redirect("admin:welcome_progress", pk=earlier.pk)
        if sendable and not changed:
            order = sending.order(
                found,
                approved={letter.participation.pk: letter.fingerprint for letter in sendable},
                token=token,
                by=request.user,
                now=timezone.now(),
            )
            return redirect("admin:welcome_progress", pk=order.pk)
    if not sendable:
        messages.error(request, _("Ingen av de valgte brevene kan sendes nå."))
        return redirect("admin:welcome_cohortletters_change", object_id=found.pk)
    return TemplateResponse(
        request,
        "admin/welcome/confirm.html",
        context
        | {
            "title": ngettext("Send %(count)s brev", "Send %(count)s brev", len(sendable)) % {"count": len(sendable)},
            "cohort": found,
            "letters": sendable,
            "left_out": [letter for letter in chosen if not letter.can_be_sent],
            "changed": changed if request.method == "POST" else [],
            "recipients": sum(len(letter.recipients) for letter in sendable),
            "without_senders": _without_senders(sendable, sendable[0].participation.cohort.letter_texts.all()),
            "token": token,
        },
    )


@require_safe
def progress(request: HttpRequest, pk: int, context: dict) -> HttpResponse:
    """How far a sending has come. A script, or the reader, loads it again until every letter is done."""
    found = get_object_or_404(Sending.objects.select_related("cohort", "ordered_by"), pk=pk)
    items = list(
        SendingItem.objects.filter(sending=found)
        .select_related("participation__municipality__county", "letter")
        .defer("letter__pdf")
        .order_by("participation__municipality__name", "pk")
    )
    mails = _mails(item.participation_id for item in items if item.letter_id)
    waiting = [item for item in items if item.done_at is None]
    return TemplateResponse(
        request,
        "admin/welcome/progress.html",
        context
        | {
            "title": str(found),
            "sending": found,
            "rows": [(item, mails.get(item.participation_id, [])) for item in items],
            "waiting": waiting,
            "sent": [item for item in items if item.letter_id],
            "failed": [item for item in items if item.error],
            "total": len(items),
        },
    )


@require_safe
def archive(request: HttpRequest, pk: int, context: dict) -> StreamingHttpResponse:
    found = _cohort(pk)
    language = translation.get_language()

    def parts() -> Iterable[bytes]:
        with translation.override(language):
            yield from stream(found, now=timezone.now())

    name = f"velkomstbrev-pulje-{found.number}.zip"
    return StreamingHttpResponse(
        parts(),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
    )


def _cohort(pk: Any) -> Cohort:
    return get_object_or_404(Cohort, pk=number_from(str(pk)))


def _chosen(request: HttpRequest, letters: list[Prepared]) -> list[Prepared]:
    """Those ticked, or all that can be sent. A value that is no participation of the cohort chooses nothing."""
    data = request.POST if request.method == "POST" else request.GET
    if "alle" in data:
        return [letter for letter in letters if letter.can_be_sent]
    ticked = set(data.getlist("kommune"))
    return [letter for letter in letters if str(letter.participation.pk) in ticked]


def _token(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return uuid.uuid4()


def _without_senders(letters: list[Prepared], texts: Iterable[LetterText]) -> list[str]:
    """The languages that these letters are written in, and that nobody signs in yet."""
    used = {letter.participation.language for letter in letters}
    signed = {text.language for text in texts if text.senders.strip()}
    return [str(name) for code, name in LANGUAGES if code in used - signed]


def _mails(participations: Iterable[int]) -> dict[int, list[tuple[Message, MessageState]]]:
    """Each participation's welcome mails with the state of their delivery."""
    letters = dict(
        Letter.objects.sent().filter(participation__in=list(participations)).values_list("pk", "participation")
    )
    kind, now = ContentType.objects.get_for_model(Letter), timezone.now()
    messages_of = Message.objects.filter(about_type=kind, about_id__in=[str(pk) for pk in letters]).order_by("pk")
    found: dict[int, list[tuple[Message, MessageState]]] = {}
    for message in messages_of.defer("body", "html"):
        found.setdefault(letters[int(message.about_id or 0)], []).append((message, message.state_at(now)))
    return found
