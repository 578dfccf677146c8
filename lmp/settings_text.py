"""What a setting must look like to be read at all. What is wrong is said without the value: it may be a secret."""

import json
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


def address(name: str, value: str) -> str:
    """Return it as it is. A letter of a password that ends the address too early would else be told as its port."""
    try:
        parts = urlsplit(value)
        is_read = parts.port is None or parts.port > 0
    except ValueError:
        is_read = False
    if not is_read or "@" in parts.path + parts.query + parts.fragment or (value and not parts.scheme):
        raise ImproperlyConfigured(
            f"{name} can't be read as an address. It is to be kind://user:password@host:port/name, and the letters "
            "@ / : # ? % of a password are written %40 %2F %3A %23 %3F %25."
        ) from None
    return value


def sentry_dsn(value: str) -> str:
    parts = urlsplit(address("SENTRY_DSN", value))
    if value and not (
        parts.scheme in ("http", "https") and parts.username and parts.hostname and parts.path.strip("/")
    ):
        raise ImproperlyConfigured("SENTRY_DSN is not as Sentry gives it: https://key@host/number.")
    return value


def rows(name: str, value: str) -> list[dict[str, Any]]:
    try:
        found = json.loads(value or "[]")
    except ValueError:
        found = None
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise ImproperlyConfigured(f"{name} is to be JSON, a list of objects: docs/operations.md has an example.")
    return found
