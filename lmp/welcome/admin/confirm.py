"""Are you sure: exactly who will get what, of the letters and of their copies."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from lmp.welcome import copies, sending
from lmp.welcome.copies import PromisedCopy
from lmp.welcome.models import LANGUAGES, LetterText, Sending
from lmp.welcome.sending import Prepared
from participants.models import Cohort


@dataclass
class Approval:
    """What staff chose to send, as it is now, beside what they saw and ticked."""

    letters: list[Prepared]  # of the cohort
    data: QueryDict

    @cached_property
    def chosen(self) -> list[Prepared]:
        """Those ticked, or all that can be sent. A value that is no participation of the cohort chooses nothing."""
        if "alle" in self.data:
            return [letter for letter in self.letters if letter.can_be_sent]
        ticked = set(self.data.getlist("kommune"))
        return [letter for letter in self.letters if str(letter.participation.pk) in ticked]

    @cached_property
    def sendable(self) -> list[Prepared]:
        return [letter for letter in self.chosen if letter.can_be_sent]

    @cached_property
    def copies(self) -> list[PromisedCopy]:
        return copies.promised(letter.participation for letter in self.sendable)

    @cached_property
    def changed(self) -> list[str]:
        """The municipalities and offices for which something else was seen."""
        letters = [
            letter.participation.municipality.name_and_county
            for letter in self.sendable
            if self.data.get(f"sett-{letter.participation.pk}") != letter.fingerprint
        ]
        offices = [
            copy.governor.name
            for copy in self.copies
            if self.data.get(f"sett-kopi-{copy.governor.pk}") != copy.fingerprint
        ]
        return letters + offices

    @cached_property
    def waived(self) -> set[int]:
        """The offices that staff do without a copy to."""
        ticked = set(self.data.getlist("uten-kopi"))
        return {copy.governor.pk for copy in self.copies if str(copy.governor.pk) in ticked}

    @property
    def unreachable(self) -> list[PromisedCopy]:
        """Those that staff must say so of."""
        return [copy for copy in self.copies if not copy.readers and copy.governor.pk not in self.waived]

    @property
    def may_be_sent(self) -> bool:
        return bool(self.sendable) and not self.changed and not self.unreachable


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: PersonRequest, pk: int, context: dict) -> HttpResponse:
    """What is posted is what was shown: whatever has changed since is shown again, and what lacks is said."""
    found = get_object_or_404(Cohort, pk=pk)
    is_posted = request.method == "POST"
    approval = Approval(sending.prepared(found, today=timezone.localdate()), request.POST if is_posted else request.GET)
    token = _token(request)
    if is_posted:
        earlier = Sending.objects.filter(token=token, cohort=found).first()
        if earlier:
            return redirect("admin:welcome_progress", pk=earlier.pk)
        if approval.may_be_sent:
            order = sending.order(
                found,
                approved={letter.participation.pk: letter.fingerprint for letter in approval.sendable},
                waived=approval.waived,
                token=token,
                by=request.user,
                now=timezone.now(),
            )
            return redirect("admin:welcome_progress", pk=order.pk)
    if not approval.sendable:
        messages.error(request, _("Ingen av de valgte brevene kan sendes nå."))
        return redirect("admin:welcome_cohortletters_change", object_id=found.pk)
    return TemplateResponse(
        request,
        "admin/welcome/confirm.html",
        context | _shown(found, approval, is_posted=is_posted) | {"token": token},
    )


def _shown(cohort: Cohort, approval: Approval, *, is_posted: bool) -> dict:
    letters = approval.sendable
    title = ngettext("Send %(count)s brev", "Send %(count)s brev", len(letters))
    return {
        "title": title % {"count": len(letters)},
        "cohort": cohort,
        "letters": letters,
        "left_out": [letter for letter in approval.chosen if not letter.can_be_sent],
        "copies": approval.copies,
        "copy_mails": sum(bool(copy.readers) for copy in approval.copies),
        "shared_copies": any(len(copy.readers) > 1 for copy in approval.copies),
        "waived": approval.waived,
        "changed": approval.changed if is_posted else [],
        "unreachable": approval.unreachable if is_posted else [],
        "recipients": sum(len(letter.recipients) for letter in letters),
        "without_senders": without_senders(letters, letters[0].participation.cohort.letter_texts.all()),
    }


def _token(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return uuid.uuid4()


def without_senders(letters: list[Prepared], texts: Iterable[LetterText]) -> list[str]:
    """The languages that these letters are written in, and that nobody signs in yet."""
    used = {letter.participation.language for letter in letters}
    signed = {text.language for text in texts if text.senders.strip()}
    return [str(name) for code, name in LANGUAGES if code in used - signed]
