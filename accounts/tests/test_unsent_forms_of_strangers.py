"""Nobody fills the database with forms before anything is proved, and what is kept goes after its hour."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core import signing
from django.test import Client
from django.utils import timezone

from accounts import unsent_forms
from accounts.models import User
from accounts.tasks import forget_unsent_forms
from accounts.tests.conftest import make_known

pytestmark = pytest.mark.urls("accounts.tests.form_urls")

FORM = "/skjema/"
BIG = {"text": "a" * 500_000}
FROM_US = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}


def browser() -> Client:
    return Client(enforce_csrf_checks=True, headers=FROM_US)


def in_sessions() -> list[str]:
    return [row["body"] for session in Session.objects.all() for row in session.get_decoded().get("unsent_forms", [])]


def test_sixty_posts_of_half_a_megabyte_store_nothing(db):
    for _each in range(60):
        browser().post(FORM, BIG)
    assert not Session.objects.exists()


def test_a_token_that_anybody_is_given_proves_nothing(db):
    stranger = browser()
    page = stranger.get("/personvern/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page).group(1)
    for _each in range(3):
        stranger.post(FORM, BIG | {"csrfmiddlewaretoken": token})
    assert in_sessions() == []


@pytest.mark.parametrize("salt", ["known browser", "another"])
def test_a_cookie_that_is_not_ours_proves_nothing(kari, settings, salt):
    forged = browser()
    with_another_key = signing.dumps([kari.pk], key="another" if salt == "known browser" else None, salt=salt)
    forged.cookies[settings.KNOWN_BROWSER_COOKIE_NAME] = with_another_key
    forged.post(FORM, {"text": "hei"})
    assert in_sessions() == []


def test_an_old_cookie_proves_nothing(kari):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        old = make_known(browser(), kari)
        clock.shift(timedelta(days=366))
        old.post(FORM, {"text": "hei"})
    assert in_sessions() == []


def test_one_browser_keeps_twenty_an_hour_however_it_asks(kari):
    for number in range(25):
        make_known(browser(), kari).post(FORM, {"text": f"nummer {number}"})
    assert len(in_sessions()) == 20


def test_one_network_keeps_a_hundred_an_hour(db, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"keep_unsent": "5/h/ip"}
    for number in range(7):
        person = User.objects.create_user(f"person.{number}@example.no")
        make_known(browser(), person).post(FORM, {"text": f"nummer {number}"})
    assert len(in_sessions()) == 5


def test_what_is_kept_goes_from_a_session_that_is_not_used(kari):
    client = browser()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client.force_login(kari)
        client.post(FORM, {"text": "gammelt"})
        ends = Session.objects.get().expire_date
        clock.shift(timedelta(minutes=30))
        client.post(FORM, {"text": "nyere"})
        clock.shift(timedelta(minutes=29))
        forget_unsent_forms()
        assert in_sessions() == ["text=gammelt", "text=nyere"]
        clock.shift(timedelta(minutes=1))
        forget_unsent_forms()
        assert in_sessions() == ["text=nyere"]
        clock.shift(timedelta(minutes=30))
        forget_unsent_forms()
        assert in_sessions() == []
    session = Session.objects.get()
    assert session.get_decoded()["_auth_user_id"] == str(kari.pk)
    assert session.expire_date == ends + timedelta(minutes=30)


def test_what_was_typed_before_another_language_goes_too(kari):
    client = browser()
    client.force_login(kari)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        session = client.session
        session[unsent_forms._TYPED] = ["/skjema/", "text=hei", timezone.now().isoformat()]
        session.save()
        clock.shift(timedelta(minutes=59))
        forget_unsent_forms()
        assert unsent_forms._TYPED in client.session
        clock.shift(timedelta(minutes=1))
        forget_unsent_forms()
        assert unsent_forms._TYPED not in client.session


def test_it_is_in_the_schedule(settings):
    entries = {entry["task"]: entry for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert entries["accounts.tasks.forget_unsent_forms"]["schedule"] == timedelta(minutes=5)
