"""A contact, head or PPT hands over to somebody else, or stops."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import todos
from accounts.models import User
from accounts.requests import PersonRequest
from lmp.changes.models import Succession
from lmp.changes.succession import ending, succeeding
from lmp.changes.succession.due import foresee
from lmp.changes.succession.forms import SuccessorForm
from lmp.changes.succession.succeeding import Succeeded
from outbox.effects import Section, effects_page
from participants.models import Contact, Participation
from parts.dates import day_in_words
from parts.forms import BACK, is_asked, say


def _load(request: PersonRequest, pk: int, *, own: bool) -> Contact:
    """One that the person may replace or end; also one that they have just ended, so that two presses meet no 404."""
    able = Contact.objects.replaceable_by(request.user) if own else Contact.objects.editable_by(request.user)
    mine = Q(ended_by=request.user) & (Q(user=request.user) | Q(participation__in=_followed(request)))
    contacts = Contact.objects.filter(Q(pk__in=able) | mine)
    related = ("user", "unit", "participation__municipality__county", "participation__cohort")
    return get_object_or_404(contacts.select_related(*related), pk=pk)


def _followed(request: PersonRequest):
    return Participation.objects.visible_to(request.user)


def _on(request: PersonRequest, contact: Contact) -> HttpResponse:
    """To the municipality's contacts, or to my page for one who sees them no more."""
    if _followed(request).filter(pk=contact.participation_id).exists():
        return redirect("participants:contacts", contact.participation_id)
    return redirect("home")


def _gone(request: PersonRequest, contact: Contact) -> HttpResponse:
    successor = contact.replaced_by.order_by("pk").first()
    values = {"name": contact.name, "successor": successor.name if successor else ""}
    if contact.user_id == request.user.pk:
        values["name"] = _("deg")
    if successor:
        say(request, _("%(successor)s har overtatt etter %(name)s.") % values)
    elif contact.user_id == request.user.pk:
        say(request, _("Tilgangen din er avsluttet."))
    else:
        say(request, _("Tilgangen til %(name)s er avsluttet.") % values)
    return _on(request, contact)


@require_http_methods(["GET", "POST"])
@transaction.atomic
def replace(request: PersonRequest, pk: int) -> HttpResponse:
    contact, now = _load(request, pk, own=True), timezone.now()
    if contact.ended_at:
        return _gone(request, contact)
    today = timezone.localdate(now)
    held = succeeding.holdings(contact, now=now)
    own = contact.user_id == request.user.pk
    form = SuccessorForm(request.POST or None, contact=contact, user=request.user, held=held, today=today)
    if form.is_bound and form.is_valid() and BACK not in request.POST:
        act = partial(succeeding.agree, contact, **form.facts, by=request.user, now=now)
        try:
            if is_asked(request):
                scope = f"cohort:{contact.participation.cohort.number}"
                return succession_page(request, contact.name, own=own, act=act, now=now, scope=scope)
            done = act()
        except ValidationError as error:
            form.add_error(None, error)
        else:
            say(request, said(done, reader=request.user))
            return _on(request, contact)
    context = {
        "contact": contact,
        "participation": contact.participation,
        "sees_participation": _followed(request).filter(pk=contact.participation_id).exists(),
        "form": form,
        "own": own,
        "waiting": todos.of(contact.user, now),
        "coming": contact.successions.coming().select_related("successor").first(),
    }
    status = 422 if form.is_bound and BACK not in request.POST else 200
    return render(request, "changes/contact_replace.html", context, status=status)


def succession_page(
    request: PersonRequest, name: str, *, own: bool, act: Callable[[], Succeeded], now: datetime, scope: str = ""
) -> HttpResponse:
    """What it does when somebody takes over after this person, who may be the reader."""
    title = _("Dette skjer når en annen overtar etter deg") if own else _("Dette skjer når %(name)s blir erstattet")
    told = partial(sections, reader=request.user)
    return effects_page(
        request, title=title % {"name": name}, act=act, sections=told, now=now, scope=scope, ahead=foresee
    )


def sections(done: Succeeded, *, reader: User) -> Sequence[Section]:
    """What a succession does, beside its mails."""
    succession = done.succession
    own = succession.holder == reader
    names = _names(succession, reader)
    if done.is_ahead:
        return [
            (_("Fra og med %(day)s") % names, [_("%(new)s overtar etter %(old)s. Til da er alt som før.") % names]),
            (_("Dette overtar %(new)s da") % names, done.handed_over),
            (_("Dette blir igjen hos %(old)s") % names, done.stays),
        ]
    return [
        (_("Slutter nå"), [f"{_('Du') if own else succession.hands_over}: {succession.function}"]),
        (_("Dette overtar %(new)s") % names, done.handed_over),
        (_("Dette blir igjen hos %(old)s") % names, done.stays),
        ((_("Dette har du fortsatt") if own else _("Dette har %(old)s fortsatt")) % names, done.keeps),
        (_("Dette venter på %(new)s") % names, done.waiting),
    ]


def _names(succession: Succession, reader: User) -> dict[str, str]:
    return {
        "new": succession.name,
        "old": succession.hands_over_to_reader(reader),
        "day": day_in_words(succession.starts_on),
    }


def said(done: Succeeded, *, reader: User) -> str:
    """What has happened, and no more."""
    succession = done.succession
    names = _names(succession, reader)
    if done.is_ahead:
        text = _("%(new)s overtar etter %(old)s fra og med %(day)s.") % names
    else:
        text = _("%(new)s har overtatt etter %(old)s.") % names
    contact = succession.contact
    if contact and contact.participation.welcomed_at is None:
        return text
    told = _("Dere har begge fått en e-post om det.") if succession.holder == reader else ""
    return text + " " + (told or _("Begge har fått vite det på e-post."))


@require_http_methods(["GET", "POST"])
@transaction.atomic
def end(request: PersonRequest, pk: int) -> HttpResponse:
    contact, now = _load(request, pk, own=False), timezone.now()
    if contact.ended_at:
        return _gone(request, contact)
    own, problem = contact.user_id == request.user.pk, ""
    ended = _("Tilgangen din er avsluttet.") if own else _("Tilgangen til %(name)s er avsluttet.")
    if request.method == "POST" and BACK not in request.POST:
        act = partial(ending.end, contact, by=request.user, now=now)
        try:
            if is_asked(request):
                title = _("Dette skjer når tilgangen til %(name)s avsluttes") % {"name": contact.name}
                title = _("Dette skjer når tilgangen din avsluttes") if own else title
                scope = f"cohort:{contact.participation.cohort.number}"
                told = partial(ending.sections, own=own)
                return effects_page(request, title=title, act=act, sections=told, now=now, scope=scope)
            act()
        except ValidationError as error:
            problem = error.messages[0]
        else:
            say(request, ended % {"name": contact.name})
            return _on(request, contact)
    context = {
        "contact": contact,
        "participation": contact.participation,
        "own": own,
        "problem": problem,
        "last": contact.is_last_editor,
        "held": succeeding.holdings(contact, now=now),
        "back": reverse("participants:contacts", args=[contact.participation_id]),
    }
    return render(request, "changes/contact_end.html", context, status=422 if problem else 200)
