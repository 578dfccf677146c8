"""The accounts that sign a person in: linked for the first time, seen, and removed."""

from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.authentication import linking, providers, second_factor
from accounts.requests import PersonRequest
from parts.forms import number_from


@login_not_required
@never_cache
def link(request: HttpRequest) -> HttpResponse:
    """Ask who has come from a provider, and whether the account is to sign that person in from now on."""
    now = timezone.now()
    account = linking.waiting(request, now=now)
    if account is None:
        messages.warning(request, _("Innloggingen gjelder ikke lenger. Begynn på nytt."))
        return redirect("home" if request.user.is_authenticated else "account_login")
    here = reverse("accounts:link")
    if not request.user.is_authenticated:
        return redirect_to_login(here)
    if not second_factor.is_shown_recently(request, now=now):
        return redirect_to_login(here, reverse("accounts:reauthenticate"))
    if request.method == "POST":
        linking.forget(request)
        if "link" not in request.POST:
            messages.info(request, _("Ingenting er koblet til."))
        elif linking.link(request.user, account):
            messages.success(request, _("Heretter kan du logge inn med %(name)s.") % {"name": account.name})
        else:
            messages.error(request, _("Kontoen hos %(name)s hører til en annen hos oss.") % {"name": account.name})
        return redirect(account.go_on or "home")
    return render(request, "accounts/link.html", {"account": account})


@never_cache
def links(request: PersonRequest) -> HttpResponse:
    mine = SocialAccount.objects.filter(user=request.user).order_by("date_joined", "pk")
    if request.method == "POST":
        # Pressed twice, it is gone already, and the list says so.
        for gone in mine.filter(pk=number_from(request.POST.get("account", "")) or 0):
            gone.delete()
            name = providers.name_of(gone.provider)
            messages.success(request, _("Du kan ikke lenger logge inn med %(name)s.") % {"name": name})
        return redirect("accounts:links")
    accounts = [(account, providers.name_of(account.provider)) for account in mine]
    linked = {account.provider for account in mine}
    others = [app for app in providers.configured() if app["provider_id"] not in linked]
    return render(request, "accounts/links.html", {"accounts": accounts, "others": others})
