"""The address of somebody else is put right: by who answers for their municipality, or by staff."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import PersonRequest
from gatherings import following as gatherings_following
from gatherings.access import readdressed_by
from gatherings.models import Registration
from lmp.changes import address, merging
from lmp.changes.address import AddressFollowed
from lmp.changes.merging import MergedPeople
from lmp.changes.people import telling
from lmp.changes.people.forms import CorrectForm, MergeForm, ParticipantAddressForm, StaffAddressForm
from outbox.effects import effects_page
from participants.models import Contact, Participation
from parts.forms import BACK, is_confirmed, say

Outcome = AddressFollowed | MergedPeople | None


@require_http_methods(["GET", "POST"])
@transaction.atomic
def correct_contact(request: PersonRequest, pk: int) -> HttpResponse:
    contact = _contact(request, pk)
    now = timezone.now()
    form = CorrectForm(request.POST or None, contact=contact, by=request.user, today=timezone.localdate(now))
    if request.method != "POST" or BACK in request.POST or not form.is_valid():
        return _correct_page(request, form, contact)
    name, phone = form.cleaned_data["name"], form.cleaned_data["phone"]
    if not form.changes_address:
        changed = contact.correct(name=name, phone=phone, by=request.user)
        say(request, telling.corrected(name) if changed else _("Ingenting er endret."))
        return redirect(_back(request, contact))

    def act() -> Outcome:
        outcome = _move(contact.user_id, form, by=request.user, now=now)
        for stored in Contact.objects.current().filter(pk=pk):
            stored.correct(name=name, phone=phone, by=request.user)
        return outcome

    try:
        if not is_confirmed(request):
            title = _("Rette e-postadressen til %(name)s?") % {"name": name}
            scope = f"cohort:{contact.participation.cohort.number}"
            return effects_page(request, title=title, act=act, sections=telling.of, now=now, scope=scope)
        outcome = act()
    except ValidationError as error:
        form.add_error("email", error)
        return _correct_page(request, form, contact)
    say(request, telling.done(outcome))
    return redirect("participants:contacts", contact.participation_id)


def _move(person: int, form: CorrectForm | ParticipantAddressForm, *, by: User, now: datetime) -> Outcome:
    """To the new address; when the person has a row of their own with that one, the two become one."""
    found = User.objects.get(pk=person)
    if form.owner:
        return merging.merge(form.owner, found, by=by, now=now)
    return address.change(found, form.cleaned_data["email"], by=by, now=now)


def _contact(request: PersonRequest, pk: int) -> Contact:
    correctable = Contact.objects.correctable_by(request.user).select_related("user", "unit")
    contact = get_object_or_404(correctable, pk=pk)
    of = Participation.objects.select_related("municipality__county", "cohort")
    if request.method == "POST":
        # The gatherings first: who registers somebody locks them before the participation is looked at.
        gatherings_following.lock([contact.user])
        of = of.select_for_update(of=("self",), no_key=True)
    contact.participation = of.get(pk=contact.participation_id)
    return contact


def _back(request: PersonRequest, contact: Contact) -> str:
    """Where the person came from: the municipality's contacts for who answers for it, else my page."""
    answers = Participation.objects.editable_by(request.user).filter(pk=contact.participation_id).exists()
    return reverse("participants:contacts", args=[contact.participation_id]) if answers else reverse("home")


def _correct_page(request: PersonRequest, form: CorrectForm, contact: Contact) -> HttpResponse:
    context = {
        "form": form,
        "contact": contact,
        "participation": contact.participation,
        "back": _back(request, contact),
        "own": contact.user_id == request.user.pk,
        "sees_participation": Participation.objects.visible_to(request.user)
        .filter(pk=contact.participation_id)
        .exists(),
    }
    return render(request, "changes/correct_contact.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@transaction.atomic
def registration_address(request: PersonRequest, pk: int) -> HttpResponse:
    """The address of somebody who is registered: the seat stays theirs."""
    registration, now = _registration(request, pk), timezone.now()
    today = timezone.localdate(now)
    form = ParticipantAddressForm(request.POST or None, registration=registration, by=request.user, today=today)
    return _ask_and_act(
        request,
        form,
        back=registration.get_absolute_url(),
        title=_("Rette e-postadressen til %(name)s?") % {"name": registration.name},
        template="changes/registration_address.html",
        context={"registration": registration, "parents": [(registration.name, registration.get_absolute_url())]},
        act=lambda: _move(registration.user_id, form, by=request.user, now=now),
        now=now,
    )


def _registration(request: PersonRequest, pk: int) -> Registration:
    today = timezone.localdate()
    found = get_object_or_404(readdressed_by(request.user, today=today), pk=pk)
    if found.gathering.is_past(today=today):
        raise Http404
    if request.method == "POST":
        gatherings_following.lock([found.user])
    return found


@require_http_methods(["GET", "POST"])
def change_address(request: PersonRequest, pk: int) -> HttpResponse:
    """By staff, for anybody."""
    person, now = for_staff(request, pk), timezone.now()
    form = StaffAddressForm(request.POST or None, person=person, by=request.user)
    return _ask_and_act(
        request,
        form,
        back=reverse("changes:person", args=[person.pk]),
        title=_("Endre e-postadressen til %(name)s?") % {"name": person},
        template="changes/person_address.html",
        context=_of_person(person),
        act=lambda: address.change(
            User.objects.get(pk=person.pk), form.cleaned_data["email"], by=request.user, now=now
        ),
        now=now,
    )


@require_http_methods(["GET", "POST"])
def merge(request: PersonRequest, pk: int) -> HttpResponse:
    person, now = for_staff(request, pk), timezone.now()
    form = MergeForm(request.POST or None, person=person, by=request.user)
    return _ask_and_act(
        request,
        form,
        back=reverse("changes:person", args=[person.pk]),
        title=_("Slå sammen to innlogginger?"),
        template="changes/merge.html",
        context=_of_person(person),
        act=lambda: merging.merge(form.kept, form.gone, by=request.user, now=now),
        now=now,
    )


def for_staff(request: PersonRequest, pk: int) -> User:
    if not request.user.is_staff:
        raise Http404
    return get_object_or_404(User.objects.select_related("merged_into", "merged_by"), pk=pk)


def _of_person(person: User) -> dict[str, Any]:
    return {"person": person, "parents": [(str(person), reverse("changes:person", args=[person.pk]))]}


def _ask_and_act(
    request: PersonRequest,
    form: StaffAddressForm | MergeForm | ParticipantAddressForm,
    *,
    back: str,
    title: str,
    template: str,
    context: dict[str, Any],
    act: Callable[[], Outcome],
    now: datetime,
) -> HttpResponse:
    """The form, then what it does, then it is done."""
    if request.method == "POST" and BACK not in request.POST and form.is_valid():
        try:
            if not is_confirmed(request):
                parents = context["parents"]
                return effects_page(request, title=title, act=act, sections=telling.of, now=now, breadcrumbs=parents)
            outcome = act()
        except ValidationError as error:
            form.add_error("email", error)
        else:
            say(request, telling.done(outcome))
            return redirect(back)
    return render(request, template, context | {"form": form}, status=422 if form.errors else 200)
