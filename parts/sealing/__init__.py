"""Secrets that the portal must read again, sealed so that a dump of the database alone tells none of them.

The key comes from SECRET_KEY; what SECRET_KEY_FALLBACKS sealed can be read too.
"""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


class UnreadableError(Exception):
    """It was sealed by a key that the portal does not have any more, or is not sealed."""


def seal(text: str, *, purpose: str) -> str:
    return _keys(purpose)[0].encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """Raise UnreadableError for what isn't sealed for this purpose."""
    try:
        return MultiFernet(_keys(purpose)).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise UnreadableError(purpose) from error


def is_current(sealed: str, *, purpose: str) -> bool:
    """Whether it is sealed by SECRET_KEY, so that no fallback is needed for it."""
    try:
        _keys(purpose)[0].decrypt(sealed.encode())
    except InvalidToken:
        return False
    return True


def _keys(purpose: str) -> list[Fernet]:
    return [_key(secret, purpose) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _key(secret: str, purpose: str) -> Fernet:
    return Fernet(urlsafe_b64encode(salted_hmac("parts.sealing", purpose, secret=secret, algorithm="sha256").digest()))
