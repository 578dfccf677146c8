"""What happens by itself."""

from datetime import timedelta

import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.tasks import forget_sessions
from accounts.tests.conftest import make_known


def test_what_nobody_came_back_for_is_deleted(kari):
    client = make_known(Client(headers={"origin": "http://testserver"}), kari)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        Client().force_login(kari)
        client.post("/hjelp-finnes-ikke/", {})
        client.post("/", {"text": "Det jeg skrev"})
        assert [session for session in Session.objects.all() if "unsent_forms" in session.get_decoded()]
        clock.shift(timedelta(minutes=61))
        forget_sessions()
        assert [session.get_decoded()["_auth_user_id"] for session in Session.objects.all()] == [str(kari.pk)]


def test_is_in_the_schedule(settings):
    assert "accounts.tasks.forget_sessions" in [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]
