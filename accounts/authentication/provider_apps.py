"""The other ways in, as OIDC_PROVIDERS names them, in the shape that allauth asks for."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

NEEDED = ("id", "name", "client_id", "secret", "issuer")


def apps(named: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [_app(provider) for provider in named]


def _app(provider: dict[str, Any]) -> dict[str, Any]:
    if lacking := [name for name in NEEDED if not provider.get(name)]:
        raise ImproperlyConfigured(f"OIDC_PROVIDERS, {provider.get('id', '?')}: lacks {', '.join(lacking)}.")
    settings = {"server_url": provider["issuer"].rstrip("/")} | provider.get("settings", {})
    if not isinstance(settings.get("verified_email", []), list):
        raise ImproperlyConfigured(
            f"OIDC_PROVIDERS, {provider['id']}: verified_email must be a list of domains, or anybody who can make an "
            "account there could give it somebody's address."
        )
    return {
        "provider_id": provider["id"],
        "name": provider["name"],
        "client_id": provider["client_id"],
        "secret": provider["secret"],
        "settings": settings,
    }
