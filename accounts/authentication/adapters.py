"""What allauth asks of us: nobody signs up, mails go through the outbox, and the messages are in our words."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.authentication import known_browser, linking, place_language, providers, second_factor
from accounts.authentication.providers import OtherOrganisation
from accounts.models import User
from outbox.returns import addresses
from parts import sealing

logger = logging.getLogger(__name__)

_WRONG_CODE = _("Koden er ikke riktig. Sjekk at du bruker koden vi sendte sist.")
_USED_UP = _("Koden er skrevet feil for mange ganger, og gjelder ikke lenger. Be om en ny.")
_TOO_MANY = _("Det har vært for mange forsøk. Vent noen minutter og prøv igjen.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": _WRONG_CODE,
        "too_many_login_attempts": _USED_UP,
        "rate_limited": _TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        try:
            return super().is_safe_url(url)
        except ValueError:  # what no browser takes for an address
            return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Codes are sent by the views, which do the same for an address that we do not know. There is nothing else."""
        if template_prefix != "account/email/login_code":
            raise NotImplementedError(f"the portal has no wording for {template_prefix}")

    def get_login_stages(self) -> list[str]:
        mine = f"{SecondFactorStage.__module__}.{SecondFactorStage.__qualname__}"
        theirs = f"{AuthenticateStage.__module__}.{AuthenticateStage.__qualname__}"
        return [mine if stage == theirs else stage for stage in super().get_login_stages()]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask at once where it is required.

        If this returned True, allauth would go on to a rule of its own, which differs from version to version.
        """
        request = context.request
        if second_factor.is_shown_recently(request, now=timezone.now()):
            return False
        # What was posted another time, and never followed up, must not be carried out when this one is.
        request.session.pop(STATE_SESSION_KEY, None)
        raise ReauthenticationRequired

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return where a person can show again who they are, the usual way first."""
        if not user.is_authenticated or second_factor.is_set_up(user):
            return super().get_reauthentication_methods(user)
        return [
            {
                "id": "accounts_reauthenticate",
                "description": gettext("Kode på e-post"),
                "url": reverse("accounts:reauthenticate"),
            }
        ]

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        place_language.remember(request, user)
        if any(record["method"] == "code" for record in get_authentication_records(request, user)):
            addresses.lift(user.email, now=timezone.now())  # the code arrived
        response = super().post_login(request, user, **kwargs)
        known_browser.remember(request, response, user)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        return refuse(request)


class SecondFactorStage(AuthenticateStage):
    """Asks for the second factor while signing in, unless the provider's token says that it has done so."""

    def _should_handle(self, request: HttpRequest) -> bool:
        through = (self.login.signal_kwargs or {}).get("sociallogin")
        if through is not None and providers.proves_second_factor(through):
            second_factor.remember(request.session, self.login.user, kind=second_factor.BY_PROVIDER)
            return False
        return super()._should_handle(request)


class SecondFactorAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return sealing.seal(text, purpose=second_factor.SEALED_AS)

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return sealing.unseal(encrypted_text, purpose=second_factor.SEALED_AS)
        except sealing.UnreadableError:
            logger.error("a second factor was sealed by a key that is gone: reset it, or add the key to the fallbacks")
            return generate_totp_secret()  # of nobody's app: no code is right

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("Koden er ikke riktig. Skriv koden som appen viser akkurat nå."),
        "cannot_delete_authenticator": _("Du kan ikke fjerne denne."),
        "cannot_generate_recovery_codes": _("Sett opp en app eller en passnøkkel først."),
    }

    def get_totp_issuer(self) -> str:
        return gettext("Læringsmiljøportalen")

    def _get_site_name(self) -> str:
        return gettext("Læringsmiljøportalen")

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passnøkkel %(number)s") % {"number": number}


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Sign-in through another organisation.

    For an account that is linked to a person, or with an address that the provider vouches for or is trusted for; for
    all else, linking.py says who it is the first time.
    """

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> OtherOrganisation:
        return OtherOrganisation(request, app=self.get_app(request, provider=provider, client_id=client_id))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        for address in sociallogin.email_addresses:
            # Some providers write the claim as text, and the text "false" is true to Python.
            if str(address.verified).lower() != "true":
                continue
            if user := User.objects.with_email(address.email):
                return user, user.email
        return None

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        signing_in = sociallogin.state.get("process") == "login"
        # An id that the provider left out has become text on the way here, the same for everybody.
        named = sociallogin.account.uid not in ("", "None")
        if not signing_in or not named or (sociallogin.is_existing and not sociallogin.user.is_active):
            raise ImmediateHttpResponse(refuse(request))
        if not sociallogin.is_existing:
            linking.wait(request, sociallogin, now=timezone.now())
            raise ImmediateHttpResponse(redirect("accounts:link"))


def refuse(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/refused.html", status=403)
