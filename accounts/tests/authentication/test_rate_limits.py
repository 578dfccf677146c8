"""How often one may try."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.tests.conftest import ADDRESS
from outbox.models import Message


def ask_again(client, email=ADDRESS, **headers):
    return client.post("/konto/logg-inn/", {"email": email}, **headers)


def test_an_address_gets_three_codes_a_minute(kari):
    for _each in range(3):
        assert ask_again(Client()).status_code == 302
    refused = ask_again(Client())
    assert refused.status_code == 200
    assert "for mange forsøk" in refused.content.decode()
    assert Message.objects.count() == 3


def test_an_unknown_address_is_held_back_likewise(db):
    for _each in range(3):
        ask_again(Client(), "ukjent@example.no")
    assert "for mange forsøk" in ask_again(Client(), "ukjent@example.no").content.decode()


def test_an_address_gets_twenty_codes_an_hour(kari):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _each in range(20):
            assert ask_again(Client()).status_code == 302
            clock.shift(timedelta(minutes=1))
        assert ask_again(Client()).status_code == 200
        clock.shift(timedelta(hours=1))
        assert ask_again(Client()).status_code == 302


def test_guesses_at_an_address_are_few_enough(kari, latest_code):
    """Three guesses a code, twenty codes an hour, of a hundred million codes."""
    guesses = 0
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _each in range(30):
            client = Client()
            if ask_again(client).status_code == 302:
                while client.post("/konto/logg-inn/kode/", {"code": "00000001"}).status_code == 200:
                    guesses += 1
                guesses += 1
            clock.shift(timedelta(minutes=1))
    assert guesses == 60


def test_one_network_may_ask_for_sixty_addresses_a_minute(db):
    with time_machine.travel(timezone.now(), tick=False):
        answers = [ask_again(Client(), f"a{n}@example.no").status_code for n in range(61)]
    assert answers == [302] * 60 + [200]


def test_the_client_is_told_from_the_proxy(db, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.ACCOUNT_RATE_LIMITS = {"request_login_code": "2/m/ip"}
    behind = [ask_again(Client(), f"a{n}@example.no", HTTP_X_FORWARDED_FOR=f"10.0.0.{n}") for n in range(4)]
    assert [answer.status_code for answer in behind] == [302] * 4
    forged = [ask_again(Client(), f"b{n}@example.no", HTTP_X_FORWARDED_FOR=f"10.9.9.{n}, 10.0.1.1") for n in range(3)]
    assert [answer.status_code for answer in forged] == [302, 302, 200]


def test_too_many_tries_at_the_second_factor_say_so(client, kari):
    TOTP.activate(kari, generate_totp_secret())
    client.force_login(kari)
    for _each in range(10):
        assert client.post("/konto/to-trinn/bekreft/", {"code": "1"}).status_code == 200
    page = client.post("/konto/to-trinn/bekreft/", {"code": "1"})
    assert page.status_code == 429
    assert "For mange forsøk" in page.content.decode()


@pytest.mark.django_db(transaction=True)
def test_migrate_makes_the_cache_table(settings):
    if "DatabaseCache" not in settings.CACHES["default"]["BACKEND"]:
        pytest.skip("the cache is elsewhere")
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE cache")
    call_command("migrate", verbosity=0)
    cache.set("grense", 1)
    assert cache.get("grense") == 1
