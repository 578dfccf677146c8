"""A setting that can't be read stops every process in a sentence, and no part of a password is told by it."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from accounts.authentication import provider_apps
from lmp import settings_text


@pytest.mark.parametrize(
    "value",
    [
        "postgres://lmp:hem/melig@db.example.no:5432/lmp",
        "postgres://lmp:hem#melig@db.example.no/lmp",
        "redis://:hem?melig@redis.example.no:6379/0",
        "smtp+tls://user:hem/melig@mail.example.no:587",
        "db.example.no/hemmelig",
    ],
)
def test_a_letter_that_ends_an_address_too_early_is_told_of_by_the_settings_name(value):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL can't be read") as told:
        settings_text.address("DATABASE_URL", value)
    assert "hem" not in str(told.value)
    assert told.value.__suppress_context__


@pytest.mark.parametrize(
    "value",
    [
        "",
        "postgres://lmp:hem%2Fmelig@db.example.no:5432/lmp",
        "postgres:///lmp?host=/run/postgresql",
        "redis://:hem%40melig@redis.example.no:6379/0",
        "smtp+tls://user@example.no:hemmelig@mail.example.no:587",
        "imaps://retur%40example.no@mail.example.no/INBOX",
    ],
)
def test_an_address_that_is_written_right_stays(value):
    assert settings_text.address("DATABASE_URL", value) == value


@pytest.mark.parametrize("value", ["key", "https://sentry.example.no/1", "https://key@sentry.example.no"])
def test_a_sentry_that_would_get_nothing(value):
    with pytest.raises(ImproperlyConfigured, match="SENTRY_DSN"):
        settings_text.sentry_dsn(value)
    assert settings_text.sentry_dsn("https://key@sentry.example.no/1")


@pytest.mark.parametrize("value", ['[{"id": "entra"', '{"id": "entra"}', '["entra"]'])
def test_ways_to_sign_in_that_are_no_list(value):
    with pytest.raises(ImproperlyConfigured, match="OIDC_PROVIDERS is to be JSON"):
        settings_text.rows("OIDC_PROVIDERS", value)


def test_a_way_to_sign_in_says_what_it_lacks():
    with pytest.raises(ImproperlyConfigured, match="OIDC_PROVIDERS, entra: lacks name, secret"):
        provider_apps.apps([{"id": "entra", "client_id": "x", "issuer": "https://login.example.no"}])
