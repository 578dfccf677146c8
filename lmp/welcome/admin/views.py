"""The admin's own pages about sending: who gets what, how far it has come, all in one file, a copy sent by hand."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PersonRequest
from lmp.welcome import copies, sending
from lmp.welcome.admin.confirm import without_senders
from lmp.welcome.admin.lacking import LackingList
from lmp.welcome.archive.download import whole
from lmp.welcome.copies import KeptCopy
from lmp.welcome.grammar import listing
from lmp.welcome.load_facts import with_people
from lmp.welcome.models import LANGUAGES, Letter, LetterCopy, Sending, SendingItem
from outbox.models import Message, MessageState
from participants.models import Cohort
from parts.forms import number_from, say

Mails = list[tuple[Message, MessageState]]


@require_safe
def cohort(request: HttpRequest, pk: Any, context: dict) -> HttpResponse:
    """Every participation: who its letter goes to, what is missing, what has become of what was sent."""
    found = get_object_or_404(Cohort, pk=number_from(str(pk)))
    letters = sending.prepared(found, today=timezone.localdate(), load=with_people)
    copied = _shown(LetterCopy.objects.filter(sending__cohort=found).order_by("-sending__pk", "governor__name"))
    mails, mails_of_copies = _mails((letter.participation.pk for letter in letters), copied)
    # What is left to do comes first: those that can go, those that lack something, those that have gone.
    letters.sort(key=lambda letter: (letter.already_sent, bool(letter.problems)))
    rows = [(letter, mails.get(letter.participation.pk, [])) for letter in letters]
    sendable = [letter for letter in letters if letter.can_be_sent]
    promised = copies.promised(letter.participation for letter in sendable)
    texts = list(found.letter_texts.all())
    return TemplateResponse(
        request,
        "admin/welcome/cohort.html",
        context
        | {
            "title": _("Velkomstbrev i %(cohort)s") % {"cohort": str(found).lower()},
            "cohort": found,
            "rows": rows,
            "sendable": sendable,
            "blocked": [letter for letter in letters if letter.problems and not letter.already_sent],
            "sent": [letter for letter in letters if letter.already_sent],
            "unreachable": [copy for copy in promised if not copy.readers],
            "without_senders": without_senders(letters, texts),
            "lacking": LackingList.of(found, letters, texts, request.GET.get("mangler", "")),
            "lacks_texts": len([text for text in texts if not text.is_blank]) < len(LANGUAGES),
            "sendings": Sending.objects.filter(cohort=found).select_related("ordered_by")[:10],
        }
        | _copies(copied, mails_of_copies),
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
    copied = _shown(LetterCopy.objects.filter(sending=found))
    mails, mails_of_copies = _mails((item.participation_id for item in items if item.letter_id), copied)
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
        }
        | _copies(copied, mails_of_copies),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def send_copy(request: PersonRequest, pk: int, context: dict) -> HttpResponse:
    """A copy that was done without, now that there is somebody to send it to: to whom it goes, then send it."""
    copy = get_object_or_404(LetterCopy.objects.select_related("governor", "sending__cohort"), pk=pk)
    [found] = copies.kept(LetterCopy.objects.filter(pk=copy.pk))
    to = copies.send(copy.pk, by=request.user, now=timezone.now()) if request.method == "POST" else []
    if to:
        names = listing([f"{reader.name} ({reader.email})" for reader in to], _("og"))
        say(request, _("Kopien sendes til %(names)s.") % {"names": names})
    if to or not found.can_be_sent:
        if not to:
            say(request, _("Denne kopien kan ikke sendes nå."), level=messages.WARNING)
        return redirect("admin:welcome_progress", pk=copy.sending_id)
    letters = SendingItem.objects.filter(copy=copy, letter__isnull=False).select_related(
        "participation__municipality__county"
    )
    return TemplateResponse(
        request,
        "admin/welcome/send_copy.html",
        context | {"title": str(copy), "row": found, "items": letters},
    )


@require_safe
def archive(request: HttpRequest, pk: int, context: dict) -> FileResponse:
    found = get_object_or_404(Cohort, pk=pk)
    return FileResponse(
        whole(found, now=timezone.now()),
        as_attachment=True,
        filename=f"velkomstbrev-pulje-{found.number}.zip",
        content_type="application/zip",
    )


def _shown(found: models.QuerySet[LetterCopy]) -> list[KeptCopy]:
    return [row for row in copies.kept(found) if row.letters or row.waiting]


def _copies(rows: Sequence[KeptCopy], mails: dict[int, Mails]) -> dict[str, Any]:
    """The copies as a page shows them: each with its mails, and how many have gone, wait and lack somebody."""
    return {
        "copies": [(row, mails.get(row.copy.pk, [])) for row in rows],
        "copies_sent": sum(bool(row.copy.sent_at) for row in rows),
        "copies_waiting": sum(_waits(row) for row in rows),
        "copies_missing": sum(row.is_promised and not _waits(row) for row in rows),
    }


def _waits(row: KeptCopy) -> bool:
    """It goes by itself."""
    return bool(row.waiting or (row.can_be_sent and not row.copy.waived_at))


def _mails(participations: Iterable[int], copied: Iterable[KeptCopy]) -> tuple[dict[int, Mails], dict[int, Mails]]:
    """Each participation's welcome mails, and each copy's, with the state of their delivery."""
    letters = dict(
        Letter.objects.sent().filter(participation__in=list(participations)).values_list("pk", "participation")
    )
    about = Message.objects.about_rows(Letter, letters)
    about |= Message.objects.about_rows(LetterCopy, [row.copy.pk for row in copied])
    a_copy = ContentType.objects.get_for_model(LetterCopy).pk
    of_letters: dict[int, Mails] = {}
    of_copies: dict[int, Mails] = {}
    for message, state in about.prefetch_related("further").with_states(timezone.now()):
        key = int(message.about_id or 0)
        if message.about_type_id == a_copy:
            of_copies.setdefault(key, []).append((message, state))
        else:
            of_letters.setdefault(letters[key], []).append((message, state))
    return of_letters, of_copies
