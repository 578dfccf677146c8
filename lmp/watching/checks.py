"""What is wrong with the settings, each in a sentence. `manage.py check` tells it, and no server starts with it."""

import difflib
import ipaddress
import os
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host

from lmp.outward import drawings

KNOWN = {
    "ACCESSIBILITY_STATEMENT_URL",
    "ADMINS",
    "ALLOWED_HOSTS",
    "CALENDAR_DOMAIN",
    "CONN_MAX_AGE",
    "CONTACTS_KEPT_DAYS",
    "CSRF_TRUSTED_ORIGINS",
    "DATABASE_URL",
    "DEBUG",
    "DEFAULT_FROM_EMAIL",
    "EMAIL_URL",
    "LMP_DEMO",
    "LMP_VAR_DIR",
    "LOGO_FILE",
    "LOGO_SYMBOL_FILE",
    "LOG_FORMAT",
    "LOG_LEVEL",
    "MONITORING_ADDRESSES",
    "MONITORING_TOKEN",
    "NBR_URL",
    "MAIL_TEXTS_KEPT_DAYS",
    "NEEDS_KEPT_DAYS",
    "NSR_URL",
    "OIDC_PROVIDERS",
    "PROXY_COUNT",
    "REDIS_URL",
    "RETURN_ADDRESS",
    "RETURN_MAILBOX_CLIENT_ID",
    "RETURN_MAILBOX_CLIENT_SECRET",
    "RETURN_MAILBOX_SCOPE",
    "RETURN_MAILBOX_TOKEN_URL",
    "RETURN_MAILBOX_URL",
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "SECURE_SSL_REDIRECT",
    "SECURITY_CONTACT",
    "SENTRY_DSN",
    "SITE_URL",
    "STAFF_IDLE_HOURS",
    "SUPPORT_EMAIL",
}
LOCAL = {"localhost", "127.0.0.1", "::1", "[::1]", "testserver"}
SHORTEST_KEY, SHORTEST_TOKEN = 50, 24  # characters


def stop_if_wrong() -> None:
    """Called by each server when it starts: better none than one that mails nobody, or lets anybody in."""
    if found := list(wrong(settings, os.environ)):
        raise ImproperlyConfigured("The settings are wrong:\n" + "\n".join(f"- {sentence}" for sentence in found))


@checks.register()
def settings_are_right(app_configs: Any, **_options: Any) -> list[checks.CheckMessage]:
    errors = [checks.Error(sentence, id="lmp.E001") for sentence in wrong(settings, os.environ)]
    return [*errors, *(checks.Warning(sentence, id="lmp.W001") for sentence in doubtful(settings, os.environ))]


@checks.register(deploy=True)
def statement_is_published(app_configs: Any, **_options: Any) -> list[checks.CheckMessage]:
    """The law asks for it before others use the portal. A portal that runs is not stopped for want of it."""
    return [checks.Error(sentence, id="lmp.E002") for sentence in lacking(settings)]


def lacking(told: Any) -> Iterator[str]:
    if not is_for_others(told):
        return
    statement = urlsplit(told.ACCESSIBILITY_STATEMENT_URL)
    if not told.ACCESSIBILITY_STATEMENT_URL:
        yield "ACCESSIBILITY_STATEMENT_URL is not set: publish the statement at uustatus.no, and name its address."
    elif (statement.scheme, statement.hostname) != ("https", "uustatus.no") or len(statement.path) < 2:
        yield f"ACCESSIBILITY_STATEMENT_URL is {told.ACCESSIBILITY_STATEMENT_URL}: it is a page of https://uustatus.no/."


def wrong(told: Any, environ: Mapping[str, str]) -> Iterator[str]:
    yield from _everywhere(told)
    if not is_for_others(told):
        return
    site = urlsplit(told.SITE_URL)
    host = site.hostname or ""
    if told.EMBEDDED:
        yield "DATABASE_URL is not set: the portal's facts would be in a file of this machine. Name a PostgreSQL."
    if not told.REDIS_URL:
        yield "REDIS_URL is not set: web servers and workers need one queue and one cache. Name a Redis."
    if told.DEBUG:
        yield "DEBUG is on: its pages show settings and data to whoever meets an error. Unset it."
    if len(told.SECRET_KEY) < SHORTEST_KEY or len(set(told.SECRET_KEY)) < 10:
        yield f"SECRET_KEY is shorter than {SHORTEST_KEY} characters, or too even: make a long random one."
    if site.scheme != "https":
        yield f"SITE_URL is {told.SITE_URL}: it has to begin with https://, or sessions go unencrypted."
    if "*" in told.ALLOWED_HOSTS:
        yield "ALLOWED_HOSTS has a *: name the hosts, or anybody can make the portal's links lead to their own."
    elif not validate_host(host, told.ALLOWED_HOSTS):
        yield f"ALLOWED_HOSTS lacks {host}, the host of SITE_URL: every page would be refused."
    if not {"EMAIL_URL", "EMAIL_URL_FILE"} & environ.keys():
        yield "EMAIL_URL is not set: mails, sign-in codes too, would be written to files. Name a mail server."
    for name in ("DEFAULT_FROM_EMAIL", "SUPPORT_EMAIL"):
        if "example.no" in getattr(told, name) and not host.endswith("example.no"):
            yield f"{name} is the example's: set it to an address that is yours and is read."


def _everywhere(told: Any) -> Iterator[str]:
    if told.LOG_FORMAT not in ("line", "json"):
        yield f"LOG_FORMAT is {told.LOG_FORMAT}: it is line or json."
    for name in ("LOGO_FILE", "LOGO_SYMBOL_FILE"):
        if (file := getattr(told, name)) and not drawings.can_be_shown(file):
            yield f"{name} is {file}: there is no SVG or PNG that can be shown."
    if told.SECURITY_CONTACT and not told.SECURITY_CONTACT.startswith(("mailto:", "https://")):
        yield f"SECURITY_CONTACT is {told.SECURITY_CONTACT}: it begins with mailto: or https://."
    if told.MONITORING_TOKEN and len(told.MONITORING_TOKEN) < SHORTEST_TOKEN:
        yield f"MONITORING_TOKEN is shorter than {SHORTEST_TOKEN} characters: it can be guessed."
    for network in told.MONITORING_ADDRESSES:
        try:
            ipaddress.ip_network(network)
        except ValueError:
            yield f"MONITORING_ADDRESSES has {network}, which is no address or network: 10.0.0.7 or 10.0.0.0/24 are."
    if told.RETURN_ADDRESS and not all(told.RETURN_ADDRESS.partition("@")):
        yield "RETURN_ADDRESS is no e-mail address: retur@example.no is one."
    if told.RETURN_MAILBOX_URL:
        # Never the setting itself, which has a password.
        if urlsplit(told.RETURN_MAILBOX_URL).scheme not in ("imaps", "imap+tls", "imap"):
            yield "RETURN_MAILBOX_URL is not of a mailbox: imaps://user:password@host/INBOX is."
        if not told.RETURN_ADDRESS:
            yield "RETURN_MAILBOX_URL is set and RETURN_ADDRESS is not: nothing would come back there."
    yield from _of_the_mailbox(told)


def _of_the_mailbox(told: Any) -> Iterator[str]:
    """How its server is signed in to: a password, or a token."""
    mailbox = urlsplit(told.RETURN_MAILBOX_URL)
    if not told.RETURN_MAILBOX_CLIENT_ID:
        if told.RETURN_MAILBOX_CLIENT_SECRET or told.RETURN_MAILBOX_TOKEN_URL:
            yield "RETURN_MAILBOX_CLIENT_ID is not set, and other settings of its token are: set all of them or none."
        elif mailbox.hostname and not mailbox.password:
            yield "RETURN_MAILBOX_URL has no password: write it there, or set RETURN_MAILBOX_CLIENT_ID for a token."
        return
    if not told.RETURN_MAILBOX_CLIENT_SECRET:
        yield "RETURN_MAILBOX_CLIENT_ID is set and RETURN_MAILBOX_CLIENT_SECRET is not: no token would be given."
    address = urlsplit(told.RETURN_MAILBOX_TOKEN_URL)
    if not address.hostname:
        yield "RETURN_MAILBOX_CLIENT_ID is set and RETURN_MAILBOX_TOKEN_URL is not: nobody would give a token."
    elif address.scheme != "https" and address.hostname not in LOCAL:
        yield "RETURN_MAILBOX_TOKEN_URL does not begin with https://: the secret would go unencrypted."
    if mailbox.password or not mailbox.username:
        yield "RETURN_MAILBOX_URL is to have the mailbox's address and no password: RETURN_MAILBOX_CLIENT_ID is set."
    if mailbox.scheme == "imap" and mailbox.hostname not in LOCAL:
        yield "RETURN_MAILBOX_URL is imap://: the token would go unencrypted. imaps:// and imap+tls:// do not."


def doubtful(told: Any, environ: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(set(environ) - KNOWN - {f"{name}_FILE" for name in KNOWN}):
        near = difflib.get_close_matches(name, KNOWN, n=1, cutoff=0.88)
        if near:
            yield f"{name} is no setting of the portal: is {near[0]} meant?"
        elif name.startswith("LMP_"):
            yield f"{name} is no setting of the portal, and changes nothing."
    if is_for_others(told) and not told.ALLAUTH_TRUSTED_PROXY_COUNT:
        yield "PROXY_COUNT is 0: behind a proxy that ends TLS, set how many there are, or each page leads to itself."


def is_for_others(told: Any) -> bool:
    """Whether people on other machines are to use it, by what it answers to."""
    hosts = {urlsplit(told.SITE_URL).hostname, *told.ALLOWED_HOSTS}
    return not told.DEMO and not hosts <= LOCAL
