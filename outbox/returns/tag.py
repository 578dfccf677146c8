"""The sender address of one mail, on its envelope: whoever knows it has had the mail, or has carried it.

`retur+1a-k3…@example.no` names the message, and is signed. Forwarders and mail servers write a sender anew; what they
make of it is undone here.
"""

import re
from base64 import b32encode
from collections.abc import Iterable
from email.utils import parseaddr

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36

# 80 bits. An address is the same in small letters and large ones, so the signature has one case.
LENGTH = 16
_TAG = re.compile(r"([0-9a-z]{1,13})-([a-z2-7]{16})")
# Sender Rewriting Scheme, as a forwarder writes it (SRS0), the next one (SRS1), and Microsoft 365.
_SRS0 = re.compile(r"srs0[=+-][^=]+=[^=]+=(?P<domain>[^=]+)=(?P<local>.+)", re.IGNORECASE)
_SRS1 = re.compile(r"srs1[=+-][^=]+=[^=]+=(?P<rest>[=+-].+)", re.IGNORECASE)
_SRS_365 = re.compile(r"[^=]*\+srs=[^=]+=[^=]+=(?P<domain>[^=]+)=(?P<local>.+)", re.IGNORECASE)
# Bounce Address Tag Validation: the sender's own server signs it.
_BATV = re.compile(r"(?:prvs|btv1)=+[^=]+=+(?P<local>.+)", re.IGNORECASE)


def sender(key: int) -> str:
    """The envelope's sender of this message; empty when mail that comes back is not read."""
    if not settings.RETURN_ADDRESS:
        return ""
    local, _at, domain = settings.RETURN_ADDRESS.rpartition("@")
    number = int_to_base36(key)
    return f"{local}+{number}-{_signature(number, settings.SECRET_KEY)}@{domain}"


def message_of(addresses: Iterable[str]) -> int | None:
    """The message that the first of these addresses names which we have signed."""
    return next((key for address in addresses if (key := _named(address)) is not None), None)


def _named(address: str) -> int | None:
    local, _at, domain = original(parseaddr(address)[1]).rpartition("@")
    own, _at, own_domain = settings.RETURN_ADDRESS.rpartition("@")
    prefix, found = f"{own}+".lower(), local.lower()
    if not own or domain.lower() != own_domain.lower() or not found.startswith(prefix):
        return None
    tag = _TAG.fullmatch(found[len(prefix) :])
    if tag is None:
        return None
    number, signature = tag.groups()
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if not any(constant_time_compare(_signature(number, str(key)), signature) for key in keys):
        return None
    return base36_to_int(number)


def original(address: str) -> str:
    """The address as it was before it was written anew, however often."""
    for _again in range(5):
        local, _at, domain = address.rpartition("@")
        if found := _SRS1.fullmatch(local):
            address = f"SRS0{found['rest']}@{domain}"
        elif found := _SRS0.fullmatch(local) or _SRS_365.fullmatch(local):
            address = f"{found['local']}@{found['domain']}"
        elif found := _BATV.fullmatch(local):
            address = f"{found['local']}@{domain}"
        else:
            break
    return address


def _signature(number: str, secret: str) -> str:
    digest = salted_hmac("outbox.returns", number, secret=secret, algorithm="sha256").digest()
    return b32encode(digest).decode().lower()[:LENGTH]
