"""How often one may try."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.authentication import known_browser, limits
from accounts.models import User
from accounts.tasks import forget_limits
from accounts.tests.conftest import ADDRESS, make_known
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


def from_elsewhere(number: int) -> dict:
    return {"REMOTE_ADDR": f"10.0.{number // 250}.{number % 250}"}


@pytest.mark.parametrize("address", [ADDRESS, "ukjent@example.no"])
def test_a_stranger_fills_no_limit_but_their_networks_own(kari, address):
    stranger = [ask_again(Client(), address, **from_elsewhere(1)).status_code for _each in range(30)]
    assert stranger == [302] * 3 + [200] * 27
    assert ask_again(Client(), address, **from_elsewhere(2)).status_code == 302


def test_who_has_signed_in_here_before_gets_a_code_whatever_strangers_do(kari, settings):
    for number in range(60):
        ask_again(Client(), **from_elsewhere(number))
    assert Message.objects.count() == 40
    assert ask_again(Client(), **from_elsewhere(99)).status_code == 200
    own = make_known(Client(), kari)
    answers = [ask_again(own, **from_elsewhere(1)).status_code for _each in range(4)]
    assert answers == [302] * 3 + [200]
    assert Message.objects.count() == 43


def test_the_browser_of_one_opens_nothing_to_another(kari):
    ola = User.objects.create_user("ola@example.no")
    for _each in range(3):
        ask_again(Client())
    assert ask_again(make_known(Client(), ola)).status_code == 200


def test_a_browser_knows_the_five_who_signed_in_last(client, kari, ask, latest_code, settings):
    others = [User.objects.create_user(f"person.{number}@example.no") for number in range(6)]
    make_known(client, *others)
    ask()
    client.post("/konto/logg-inn/kode/", {"code": latest_code()})
    assert known_browser.people(client.get("/konto/").wsgi_request) == [person.pk for person in [*others[2:], kari]]
    cookie = client.cookies[settings.KNOWN_BROWSER_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 365 * 24 * 3600)


def test_a_subscriber_is_one_network_however_many_addresses_they_have(kari):
    six = [ask_again(Client(), REMOTE_ADDR=f"2001:db8:1:{number:x}::1").status_code for number in range(4)]
    assert six == [302] * 3 + [200]


@pytest.mark.slow
def test_a_hall_of_600_behind_one_address_gets_its_codes_within_ten_minutes(db, rf):
    """All at once at nine, one in ten twice. Who is refused tries again after a minute."""
    waiting = [f"person.{number}@example.no" for number in range(600)] + [
        f"person.{number}@example.no" for number in range(0, 600, 10)
    ]
    minutes = 0
    with time_machine.travel(timezone.now(), tick=False) as clock:
        while waiting:
            minutes += 1
            waiting = [address for address in waiting if not limits.allow_code(rf.post("/"), address, None)]
            clock.shift(timedelta(minutes=1))
    assert minutes == 3


@pytest.mark.slow
def test_one_network_asks_for_300_codes_a_minute_and_1500_an_hour(db, rf):
    """3 guesses each: 108,000 a day of 100 million, over all addresses."""
    given = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for minute in range(60):
            asked = range(301 if minute < 6 else 1)
            given.append(sum(limits.allow_code(rf.post("/"), f"a{minute}.{n}@example.no", None) for n in asked))
            clock.shift(timedelta(minutes=1))
    assert given == [300] * 5 + [0] * 55


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
def test_migrate_makes_the_cache_table():
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE cache")
    call_command("migrate", verbosity=0)
    cache.set("grense", 1)
    assert cache.get("grense") == 1


def test_limits_that_have_run_out_are_forgotten(db):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        cache.set("en-time", 1, 3600)
        cache.set("to-timer", 1, 7200)
        clock.shift(timedelta(minutes=61))
        forget_limits()
        with connection.cursor() as cursor:
            cursor.execute("SELECT cache_key FROM cache")
            kept = [key.split(":")[-1] for (key,) in cursor.fetchall()]
            assert ("en-time" in kept, "to-timer" in kept) == (False, True)
        assert cache.get("to-timer") == 1
