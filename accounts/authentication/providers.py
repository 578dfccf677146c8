"""The organisations beside us that people may sign in through: settings.OIDC_PROVIDERS."""

from typing import Any

from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.conf import settings


class OtherOrganisation(OpenIDConnectProvider):
    """Nothing of what it tells about a person is stored: some tell a national identity number."""

    token: dict[str, Any]

    def extract_uid(self, data: dict[str, Any]) -> str:
        subjects = {data[part].get("sub") for part in ("userinfo", "id_token") if part in data}
        if len(subjects) > 1:  # OpenID Connect Core 5.3.2: the answers are about two people
            raise ValueError("the provider's answers name two subjects")
        return super().extract_uid(data)

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        self.token = data.get("id_token", {})
        return {}


def configured() -> list[dict[str, Any]]:
    found: Any = settings.SOCIALACCOUNT_PROVIDERS
    return found["openid_connect"]["APPS"]


def name_of(provider_id: str) -> str:
    """As people know it; the id for one that is no longer used."""
    return next((app["name"] for app in configured() if app["provider_id"] == provider_id), provider_id)


def proves_second_factor(login: SocialLogin) -> bool:
    """Whether the token of this sign-in says so, by one of the values that the provider's setting names.

    That a provider can ask for a second factor doesn't mean that it did.
    """
    accepted = login.provider.app.settings.get("second_factor", {})
    return any(_values(login.provider.token.get(claim)) & set(values) for claim, values in accepted.items())


def _values(claim: Any) -> set[str]:
    """A claim such as `amr` is a list with some providers and a text with others."""
    return {value for value in (claim if isinstance(claim, list) else [claim]) if isinstance(value, str)}
