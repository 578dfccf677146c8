"""What a person can see and say about themselves, and what happens when a form could not be received."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import personal_data, unsent_forms
from accounts.forms import AboutMeForm
from accounts.middleware import is_own_page, remember_language
from accounts.requests import PersonRequest


@never_cache
def me(request: PersonRequest) -> HttpResponse:
    form = AboutMeForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Endringene er lagret."))
        return redirect("accounts:me")
    if form.errors:
        # The form writes into the person even when it is refused, and the page shows the person.
        request.user.refresh_from_db()
    sections = personal_data.explained(request.user)
    empty = [title for title, rows, _why in sections if not rows]
    return render(request, "accounts/me.html", {"form": form, "sections": sections, "empty": empty})


@never_cache
def export(request: PersonRequest) -> HttpResponse:
    sections = personal_data.explained(request.user)
    found = {
        str(title): [{"hva": str(what), "verdi": str(value)} for what, value in rows] for title, rows, _why in sections
    }
    why = {
        str(title): {"hvorfor": str(each.why), "lagres": each.kept, "ses_av": str(each.seen_by)}
        for title, _rows, each in sections
        if each
    }
    moment = timezone.localtime().isoformat(timespec="seconds")
    body = {"hentet": moment, "opplysninger": found, "forklaring": why}
    response = JsonResponse(body, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="{_("mine-opplysninger.json")}"'
    return response


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The same page in the other language. What was typed in its form comes along, and is typed there still."""
    chosen, page = request.POST.get(f"{unsent_forms.OWN}language", ""), _safe_next(request)
    response = redirect(page)
    unsent_forms.keep_typed(request, page=page)
    if chosen not in dict(settings.LANGUAGES):
        return response
    if request.user.is_authenticated:
        request.user.choose_language(chosen)
    remember_language(response, chosen, seconds=settings.LANGUAGE_COOKIE_AGE)
    return response


def _safe_next(request: HttpRequest) -> str:
    name = f"{unsent_forms.OWN}next"
    for url in (request.GET.get(name, ""), request.POST.get(name, ""), request.headers.get("Referer", "")):
        if url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure()):
            return url
    return resolve_url(settings.LOGIN_REDIRECT_URL)


@never_cache
def unsent(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        unsent_forms.forget(request, request.POST.get("id", ""))
        messages.success(request, _("Det du hadde skrevet, er slettet."))
    forms = unsent_forms.unsent_of(request, now=timezone.now())
    if request.method == "POST" or not forms:
        return redirect("accounts:unsent_forms" if forms else settings.LOGIN_REDIRECT_URL)
    return render(request, "accounts/unsent_forms.html", {"forms": forms})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a fresh token: most often a page older than the last sign-in, rarely another site's doing."""
    view = request.resolver_match.func if request.resolver_match else None
    why, now = unsent_forms.Why.OUTDATED, timezone.now()
    if getattr(view, "login_required", True) and unsent_forms.keep(request, why=why, now=now):
        page = reverse("accounts:unsent_forms")
        return redirect(page) if request.user.is_authenticated else redirect_to_login(page, settings.LOGIN_URL)
    context = {"no_cookie": reason == REASON_NO_CSRF_COOKIE, "signing_in": is_own_page(request)}
    return render(request, "accounts/csrf_failure.html", context, status=403)


@login_not_required
def admin_login(request: HttpRequest) -> HttpResponse:
    """The admin has no sign-in page of its own, and people who are not staff get 404."""
    if not request.user.is_authenticated:
        go_on = request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(go_on, {request.get_host()}, require_https=request.is_secure()):
            go_on = reverse("admin:index")
        return redirect_to_login(go_on, settings.LOGIN_URL)
    if not request.user.is_staff:
        raise Http404
    return redirect("admin:index")


def not_here(request: HttpRequest) -> HttpResponse:
    raise Http404
