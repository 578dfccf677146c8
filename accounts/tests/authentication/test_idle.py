"""A session of one of the staff ends when it is not used; what they were writing waits for them."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.conftest import ADDRESS, app_code, code_in, make_known, signed_in_by_code
from outbox.models import Message

KEY = "JBSWY3DPEHPK3PXP"
PAGE = "/konto/last-ned/"
FROM_US = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}


@pytest.fixture(autouse=True)
def two_hours(settings):
    settings.STAFF_IDLE = timedelta(hours=2)


@pytest.fixture
def staff(kari) -> User:
    TOTP.activate(kari, KEY)
    kari.make_staff()
    return kari


def sign_in(client, next: str = PAGE):
    client.post(f"/konto/logg-inn/?next={next}", {"email": ADDRESS})
    code = code_in(Message.objects.latest("pk"))
    assert "/konto/to-trinn/kode/" in client.post(f"/konto/logg-inn/kode/?next={next}", {"code": code}).url
    return client.post(f"/konto/to-trinn/kode/?next={next}", {"code": app_code(KEY)})


def test_it_ends_two_hours_after_it_was_last_used(client, staff, clock):
    sign_in(client)
    for _each in range(3):
        clock.shift(timedelta(minutes=115))
        assert client.get(PAGE).status_code == 200
    clock.shift(timedelta(minutes=120))
    answer = client.get(PAGE)
    assert answer.url == f"/konto/logg-inn/?next={PAGE}"
    assert answer["Clear-Site-Data"] == '"cache"'
    assert "det var lenge siden du gjorde noe her" in client.get(answer.url).content.decode()


def test_the_second_factor_is_asked_for_again(client, staff, clock):
    sign_in(client)
    clock.shift(timedelta(hours=3))
    client.get(PAGE)
    assert sign_in(client).url == PAGE
    assert client.get(PAGE).status_code == 200


def test_what_was_typed_waits_for_the_next_sign_in(staff, clock):
    client = make_known(Client(headers=FROM_US), staff)
    sign_in(client)
    clock.shift(timedelta(hours=3))
    answer = client.post("/kommuner/", {"text": "Et langt notat"})
    assert answer.url == "/konto/logg-inn/?next=/konto/tatt-vare-pa/"
    assert sign_in(client, next="/konto/tatt-vare-pa/").url == "/konto/tatt-vare-pa/"
    assert "Et langt notat" in client.get("/konto/tatt-vare-pa/").content.decode()


def test_others_stay_signed_in(kari, clock):
    client = signed_in_by_code(kari)
    clock.shift(timedelta(days=3))
    assert client.get(PAGE).status_code == 200


def test_not_every_page_writes(client, staff, clock):
    sign_in(client)

    def writes() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(PAGE)
        return sum('UPDATE "django_session"' in query["sql"] for query in asked)

    assert writes() == 0
    clock.shift(timedelta(minutes=5))
    assert (writes(), writes()) == (1, 0)
