"""The pages of signing in, where they differ from allauth's own."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.internal.stagekit import get_pending_stage
from allauth.account.utils import get_next_redirect_url, passthrough_next_redirect_url
from allauth.account.views import ConfirmLoginCodeView, RequestLoginCodeView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, ReauthenticateWebAuthnView, RemoveWebAuthnView
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from requests import RequestException

from accounts import mails, unsent_forms
from accounts.authentication import linking, providers, reauthentication, second_factor
from accounts.authentication.adapters import AccountAdapter, refuse
from accounts.authentication.in_turn import in_turn
from accounts.forms import ReauthenticationForm, is_typed
from accounts.models import User
from accounts.requests import PersonRequest

logger = logging.getLogger(__name__)


def _send_code(process: LoginCodeVerificationProcess, *, now: datetime) -> None:
    """Send to known and unknown addresses from one place: even the depth of a call shows in the time it takes."""
    code = process.code if process.user else AccountAdapter().generate_login_code()
    mails.send_code(process.state["email"], code, now=now)


class SignIn(RequestLoginCodeView):
    template_name = "accounts/sign_in.html"

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: Any) -> None:
        """Start over when a person goes back, or signs in with another address; the page links to what is pending."""

    def get_initial(self) -> dict[str, Any]:
        account = self._account_to_link()
        return super().get_initial() | ({"email": account.email} if account else {})

    def _account_to_link(self) -> linking.AccountToLink | None:
        """The one that the person has come with, if they are here because of it."""
        is_for_it = get_next_redirect_url(self.request) == reverse("accounts:link")
        return linking.waiting(self.request, now=timezone.now()) if is_for_it else None

    def form_valid(self, form: Any) -> HttpResponse:
        email = form.cleaned_data["email"]
        process = LoginCodeVerificationProcess.initiate(request=self.request, user=form._user, email=email)
        _send_code(process, now=timezone.now())
        return HttpResponseRedirect(self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict:
        pending = get_pending_stage(self.request)
        url = reverse(pending.urlname) if pending and pending.urlname else ""
        return super().get_context_data(**kwargs) | {
            "providers": providers.configured(),
            "to_link": self._account_to_link(),
            "has_unsent_forms": bool(unsent_forms.unsent_of(self.request, now=timezone.now())),
            "pending_email": pending.login.email if pending else "",
            "pending_url": self.passthrough_next_url(url) if url else "",
        }


class EnterCode(ConfirmLoginCodeView):
    template_name = "accounts/enter_code.html"
    _process: Any = None

    @method_decorator([login_not_required, in_turn])
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        sign_in = reverse("account_login")
        if getattr(response, "url", "") != sign_in or request.user.is_authenticated:
            return response
        if self._process is None:
            messages.warning(request, _("Koden gjelder ikke lenger. Skriv e-postadressen din, så får du en ny."))
        return HttpResponseRedirect(passthrough_next_redirect_url(request, sign_in, "next"))

    def _verify_form_valid(self, form: Any) -> HttpResponse:
        if User.objects.with_email(self._process.state["email"]) != self._process.user:
            # The address has become another's, or nobody's, since the code went there.
            self._process.abort()
            messages.warning(self.request, _("Koden gjelder ikke lenger. Skriv e-postadressen din, så får du en ny."))
            return redirect("account_login")
        return super()._verify_form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        """Nothing typed is no attempt."""
        if not is_typed(self.request.POST.get("code", "")):
            return self.render_to_response(self.get_context_data(form=form))
        return super().form_invalid(form)

    def _resend_form_valid(self, form: Any) -> HttpResponse:
        process, now = self._process, timezone.now()
        process.state["at"] = now.timestamp()
        if process.user:
            process.resend()
        else:
            # There is no code in its state: a guessed code would let nobody in, and fail.
            process.record_resend()
            process.persist()
        _send_code(process, now=now)
        messages.success(self.request, _("Vi har sendt en ny kode. Bare den siste koden gjelder."))
        return HttpResponseRedirect(self.passthrough_next_url(reverse("account_confirm_login_code")))

    def get_context_data(self, **kwargs: Any) -> dict:
        minutes = settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60
        other = self.passthrough_next_url(reverse("account_login"))
        return super().get_context_data(**kwargs) | {"minutes": minutes, "other_address_url": other}


class UseSecondFactor(AuthenticateView):
    @method_decorator(login_not_required)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        if getattr(response, "url", "") == reverse("account_login") and not request.user.is_authenticated:
            messages.warning(
                request, _("Innloggingen gjelder ikke lenger. Skriv e-postadressen din, så får du en ny kode.")
            )
        return response


class ReauthenticateByPasskey(ReauthenticateWebAuthnView):
    def form_invalid(self, form: Any) -> HttpResponse:
        """Stay on the page, where there is another try; allauth leads away to the page of signing in."""
        for error in form.errors.get("credential", []):
            messages.error(self.request, error)
        return HttpResponseRedirect(self.request.get_full_path())


@in_turn
@never_cache
def reauthenticate(request: PersonRequest) -> HttpResponse:
    """Ask a person to show again who they are: by their second factor, or else by a code sent to their address."""
    now = timezone.now()
    go_on = get_next_redirect_url(request) or resolve_url(settings.LOGIN_REDIRECT_URL)
    if second_factor.is_shown_recently(request, now=now):
        return redirect(go_on)
    if second_factor.is_set_up(request.user):
        return redirect_to_login(go_on, reverse("mfa_reauthenticate"))
    if request.method == "POST":
        return _take_code(request, go_on, now=now) if "code" in request.POST else _send_another_code(request, now=now)
    form = ReauthenticationForm(request) if reauthentication.is_waiting(request, now=now) else None
    return _reauthentication_page(request, form)


def _take_code(request: PersonRequest, go_on: str, *, now: datetime) -> HttpResponse:
    if not reauthentication.is_waiting(request, now=now):
        messages.warning(request, _("Koden gjelder ikke lenger. Be om en ny."))
        return redirect(request.get_full_path())
    form = ReauthenticationForm(request, request.POST)
    if form.is_valid():
        return resume_request(request) or redirect(go_on)
    if not reauthentication.is_waiting(request, now=now):
        messages.error(request, _("Koden var feil for mange ganger, og gjelder ikke lenger. Be om en ny."))
        return redirect(request.get_full_path())
    return _reauthentication_page(request, form)


def _send_another_code(request: PersonRequest, *, now: datetime) -> HttpResponse:
    had_one = reauthentication.is_waiting(request, now=now)
    if not reauthentication.send_code(request, now=now):
        messages.error(request, _("Du har bedt om mange koder på kort tid. Vent en stund før du ber om en ny."))
    elif had_one:
        messages.success(request, _("Vi har sendt en ny kode. Bare den siste koden gjelder."))
    return redirect(request.get_full_path())


def _reauthentication_page(request: PersonRequest, form: ReauthenticationForm | None) -> HttpResponse:
    minutes = settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60
    return render(request, "accounts/reauthenticate.html", {"form": form, "minutes": minutes})


@method_decorator(never_cache, name="dispatch")
class ActivateApp(ActivateTOTPView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """When sent twice, or opened again, go on to what was made; allauth would go to the page that removes it."""
        kinds = dict(Authenticator.objects.filter(user_id=request.user.pk).values_list("type", "data"))
        if Authenticator.Type.TOTP not in kinds:
            return super().dispatch(request, *args, **kwargs)
        has_unseen_codes = "viewed_at" not in kinds.get(Authenticator.Type.RECOVERY_CODES, {"viewed_at": 0})
        return redirect("mfa_view_recovery_codes" if has_unseen_codes else "mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        second_factor.use_up(self.request.user, code=form.cleaned_data["code"])
        second_factor.remember(self.request.session, self.request.user, kind="totp")
        return response


class DeactivateApp(DeactivateTOTPView):
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        _forget_if_none(self.request)
        return response


@method_decorator(never_cache, name="dispatch")
class RecoveryCodes(ViewRecoveryCodesView):
    def get_context_data(self, **kwargs: Any) -> dict:
        # Where a member of staff was going when they were asked to set up a second factor
        go_on = self.request.session.pop("after_second_factor", "")
        return super().get_context_data(**kwargs) | {"go_on": go_on}


class AddPasskey(AddWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        second_factor.remember(self.request.session, self.request.user, kind="webauthn")
        return response


class RemovePasskey(RemoveWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        _forget_if_none(self.request)
        return response


def _forget_if_none(request: HttpRequest) -> None:
    if not second_factor.is_set_up(request.user):
        second_factor.forget(request.session)


@login_not_required
def provider_login(request: HttpRequest, provider_id: str) -> HttpResponse:
    # allauth passes scope and parameters on from the address, with which a person could ask the provider for less.
    go_on = get_next_redirect_url(request)
    request.GET = QueryDict(urlencode({"next": go_on}) if go_on else "")
    return _through_provider(openid_connect.login, request, provider_id)


@login_not_required
def provider_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _through_provider(openid_connect.callback, request, provider_id)


def _through_provider(view: Callable, request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        return view(request, provider_id)
    except SocialApp.DoesNotExist as unknown:
        raise Http404 from unknown
    except (RequestException, KeyError, ValueError):
        # The provider is down, or answers what no provider should.
        logger.exception("signing in through %s failed", provider_id)
        return render(request, "socialaccount/authentication_error.html", status=502)


@login_not_required
def provider_cancelled(request: HttpRequest) -> HttpResponse:
    messages.info(request, _("Du avbrøt innloggingen."))
    return redirect("account_login")


@login_not_required
def inactive(request: HttpRequest) -> HttpResponse:
    return refuse(request)
