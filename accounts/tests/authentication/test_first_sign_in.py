"""What README promises whoever sets the portal up: the first person gets in, and so they do after every pause."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from accounts.tests.conftest import app_code, leads_to

APP = "/konto/to-trinn/app/"
CONFIRM = "/konto/bekreft/"
CODE = "/konto/logg-inn/kode/"
FACTOR = "/konto/to-trinn/kode/"
EMAIL = "sjef@example.no"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def boss(db) -> User:
    call_command("create_staff", EMAIL, "--name", "Åse Øverst", "--superuser", verbosity=0)
    return User.objects.get()


def ask(client) -> None:
    assert client.get("/admin/").url == "/konto/logg-inn/?next=/admin/"
    assert client.post("/konto/logg-inn/?next=/admin/", {"email": EMAIL}).url == f"{CODE}?next=%2Fadmin%2F"


def enter_code(client, code):
    return client.post(f"{CODE}?next=/admin/", {"code": code})


def test_command_code_second_factor_administration(boss, clock, latest_code):
    client = Client()
    ask(client)
    assert enter_code(client, latest_code()).url == "/admin/"
    assert client.get("/admin/").url == APP
    secret = client.get(APP).context["form"].secret
    shown = client.post(APP, {"code": app_code(secret)}, follow=True)
    assert 'href="/admin/"' in shown.content.decode()
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    "pause", [settings.ACCOUNT_REAUTHENTICATION_TIMEOUT, settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT, 3 * 24 * 3600]
)
@pytest.mark.parametrize("scanned", [True, False])
def test_a_pause_before_the_app_costs_a_code_and_nothing_else(boss, clock, latest_code, pause, scanned):
    """Somebody who must first find and install an app."""
    client = Client()
    ask(client)
    enter_code(client, latest_code())
    client.get("/admin/")
    if scanned:
        client.get(APP)
        clock.shift(timedelta(seconds=pause + 1))
        secret = client.session["mfa.totp.secret"]
        assert leads_to(client.post(APP, {"code": app_code(secret)})) == f"{CONFIRM}?next={APP}"
    else:
        clock.shift(timedelta(seconds=pause + 1))
        assert client.get("/admin/").url == APP
        assert leads_to(client.get(APP)) == f"{CONFIRM}?next={APP}"
    client.post(f"{CONFIRM}?next={APP}")
    page = client.post(f"{CONFIRM}?next={APP}", {"code": latest_code()}, follow=True)
    if not scanned:
        page = client.post(APP, {"code": app_code(page.context["form"].secret)}, follow=True)
    assert page.redirect_chain == [("/konto/to-trinn/reservekoder/", 302)]
    assert 'href="/admin/"' in page.content.decode()
    assert client.get("/admin/").status_code == 200


def test_a_session_that_ended_asks_for_both_again(boss, clock, latest_code):
    TOTP.activate(boss, SECRET)
    client = Client()
    ask(client)
    enter_code(client, latest_code())
    assert client.post(FACTOR, {"code": app_code(SECRET)}).url == "/admin/"
    assert client.get("/admin/").status_code == 200
    clock.shift(timedelta(days=14, seconds=1))
    ask(client)
    assert enter_code(client, latest_code()).url == FACTOR
    assert client.post(FACTOR, {"code": app_code(SECRET)}).url == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_sign_in_that_took_too_long_says_so_and_begins_afresh(boss, clock, latest_code):
    TOTP.activate(boss, SECRET)
    client = Client()
    ask(client)
    enter_code(client, latest_code())
    clock.shift(timedelta(seconds=settings.ACCOUNT_LOGIN_TIMEOUT + 1))
    page = client.post(FACTOR, {"code": app_code(SECRET)}, follow=True)
    assert page.redirect_chain == [("/konto/logg-inn/", 302)]
    assert "Innloggingen gjelder ikke lenger" in page.content.decode()
    ask(client)
    enter_code(client, latest_code())
    assert client.post(FACTOR, {"code": app_code(SECRET)}).url == "/admin/"


def test_a_factor_that_was_reset_in_the_middle_is_no_dead_end(boss, clock, latest_code):
    TOTP.activate(boss, SECRET)
    client = Client()
    ask(client)
    enter_code(client, latest_code())
    call_command("reset_second_factor", EMAIL, "--reason", "Mistet telefonen")
    assert client.post(FACTOR, {"code": app_code(SECRET)}).url == "/konto/logg-inn/"
    ask(client)
    assert enter_code(client, latest_code()).url == "/admin/"
    assert client.get("/admin/").url == APP
    assert client.get(APP).status_code == 200


def test_too_many_wrong_app_codes_wait_five_minutes(boss, clock, latest_code):
    client = Client()
    ask(client)
    enter_code(client, latest_code())
    secret = client.get(APP).context["form"].secret
    for _each in range(5):
        assert "ikke riktig" in client.post(APP, {"code": "000000"}).content.decode()
    assert "for mange forsøk" in client.post(APP, {"code": app_code(secret)}).content.decode()
    clock.shift(timedelta(seconds=299))
    assert client.post(APP, {"code": app_code(secret)}).status_code in (200, 302)
    clock.shift(timedelta(seconds=2))
    assert leads_to(client.post(APP, {"code": app_code(secret)})) == f"{CONFIRM}?next={APP}"
    client.post(f"{CONFIRM}?next={APP}")
    assert client.post(f"{CONFIRM}?next={APP}", {"code": latest_code()}).url == "/konto/to-trinn/reservekoder/"
