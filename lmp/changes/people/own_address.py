"""A person changes their own address: nothing is another before a code to the new one has been typed."""

from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.authentication import second_factor
from accounts.authentication.in_turn import in_turn
from accounts.models import User
from accounts.requests import PersonRequest
from lmp.changes import address
from lmp.changes.address import AddressFollowed
from lmp.changes.people import proof, telling
from lmp.changes.people.forms import AddressCodeForm, NewAddressForm
from outbox.effects import effects_page
from parts.forms import BACK, is_confirmed, say


@in_turn
@never_cache
@require_http_methods(["GET", "POST"])
def own_address(request: PersonRequest) -> HttpResponse:
    now = timezone.now()
    new = proof.asked_for(request, now=now)
    # Before anything is typed, so that there are not two codes in a row. What is typed already is not thrown away:
    # then it is asked for at the end.
    if request.method == "GET" and not new and not second_factor.is_shown_recently(request, now=now):
        return _show_who_you_are()
    if not new:
        return _ask(request, now=now)
    if request.method == "POST" and BACK in request.POST:
        proof.forget(request)
        return redirect("changes:own_address")
    return _finish(request, new, now=now) if proof.is_proved(request, now=now) else _take_code(request, new, now=now)


def _show_who_you_are() -> HttpResponse:
    query = urlencode({"next": reverse("changes:own_address")})
    return redirect(f"{reverse('accounts:reauthenticate')}?{query}")


def _ask(request: PersonRequest, *, now: datetime) -> HttpResponse:
    form = NewAddressForm(request.POST if "email" in request.POST else None, person=request.user)
    if request.method == "POST" and not form.is_bound:
        messages.warning(request, _("Koden gjelder ikke lenger. Skriv adressen, så får du en ny."))
        return redirect("changes:own_address")
    if form.is_bound and form.is_valid():
        if proof.send_code(request, form.cleaned_data["email"], now=now):
            return redirect("changes:own_address")
        form.add_error("email", _("Du har bedt om mange koder på kort tid. Vent en stund før du ber om en ny."))
    return _address_page(request, form)


def _address_page(request: PersonRequest, form: NewAddressForm) -> HttpResponse:
    context = {"form": form, "parents": _parents()}
    return render(request, "changes/own_address.html", context, status=422 if form.errors else 200)


def _parents() -> list[tuple[str, str]]:
    return [(_("Mine opplysninger"), reverse("accounts:me"))]


def _take_code(request: PersonRequest, new: str, *, now: datetime) -> HttpResponse:
    form = AddressCodeForm(request, request.POST if "code" in request.POST else None, now=now)
    if "again" in request.POST:
        sent = proof.send_code(request, new, now=now)
        if sent:
            messages.success(request, _("Vi har sendt en ny kode. Bare den siste koden gjelder."))
        else:
            messages.error(request, _("Du har bedt om mange koder på kort tid. Vent en stund før du ber om en ny."))
        return redirect("changes:own_address")
    if form.is_bound and form.is_valid():
        return redirect("changes:own_address")
    if form.is_bound and not proof.asked_for(request, now=now):
        messages.error(request, _("Koden var feil for mange ganger, og gjelder ikke lenger. Be om en ny."))
        return redirect("changes:own_address")
    context = {"form": form, "new": new, "minutes": settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60, "parents": _parents()}
    return render(request, "changes/own_address_code.html", context, status=422 if form.errors else 200)


def _finish(request: PersonRequest, new: str, *, now: datetime) -> HttpResponse:
    def act() -> AddressFollowed | None:
        # Not the request's own person, who would keep the new address also when it is taken back.
        return address.change(User.objects.get(pk=request.user.pk), new, by=request.user, now=now)

    try:
        if not is_confirmed(request):
            title = _("Endre e-postadressen til %(address)s?") % {"address": new}
            button = _("Endre e-postadressen")
            return effects_page(
                request, title=title, act=act, sections=telling.of, now=now, button=button, breadcrumbs=_parents()
            )
        if not second_factor.is_shown_recently(request, now=now):
            return _show_who_you_are()
        act()
    except ValidationError as error:
        proof.forget(request)
        form = NewAddressForm({"email": new}, person=request.user)
        form.add_error("email", f"{error.messages[0]} {telling.write_to_us()}")
        return _address_page(request, form)
    proof.forget(request)
    person = User.objects.get(pk=request.user.pk)
    update_session_auth_hash(request, person)
    say(
        request,
        _("E-postadressen din er nå %(address)s. Begge adressene får beskjed.") % {"address": person.email},
    )
    return redirect("accounts:me")
