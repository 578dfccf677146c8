"""What a monitor is told, and that nobody else is."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.db import connection
from django.utils import timezone

from lmp.watching import health, tasks
from outbox.models import Message

TOKEN = "a-token-that-is-long-enough"
pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(client, settings):
    settings.MONITORING_TOKEN = TOKEN

    def ask(path: str = "/healthz", token: str = TOKEN):
        return client.get(path, headers={"authorization": f"Bearer {token}", "host": "10.0.0.3"})

    return ask


@pytest.fixture
def ticked() -> None:
    tasks.tick()


def waiting(**changes) -> Message:
    now = timezone.now()
    facts = {"to": "kari@example.no", "subject": "Hemmelig", "body": "Hemmelig", "key": "watched", "language": "nb"}
    return Message.objects.create(
        **facts | {"created_at": now, "next_attempt_at": now, "expires_at": now + timedelta(days=1)} | changes
    )


def test_a_process_that_answers_says_so_by_any_host_and_asks_no_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/livez", headers={"host": "10.0.0.3"})
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert not answer.cookies


@pytest.mark.parametrize("path", ["/healthz", "/metrics"])
def test_nobody_else_is_told(client, settings, path, ask, ticked):
    assert ask(path).status_code == 200
    assert ask(path, token="another").status_code == 404
    assert client.get(path).status_code == 404
    settings.MONITORING_TOKEN = ""
    assert ask(path, token="").status_code == 404
    assert client.get(path, headers={"authorization": "Bearer "}).status_code == 404


def test_addresses_are_let_in_and_a_proxy_is_not_taken_for_one(client, settings):
    settings.MONITORING_ADDRESSES = ["10.0.0.0/24", "2001:db8::1"]

    def status(address: str, forwarded: str = "") -> int:
        headers = {"x-forwarded-for": forwarded} if forwarded else {}
        return client.get("/metrics", REMOTE_ADDR=address, headers=headers).status_code

    assert status("10.0.0.7") == status("2001:db8::1") == 200
    assert status("10.0.1.7") == 404
    assert status("10.0.0.7", "198.51.100.9") == 404  # through a proxy that the settings do not know
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert status("10.0.0.7", "198.51.100.9") == 404
    assert status("10.0.0.7", "10.0.0.9, 198.51.100.9") == 404  # what the client says of itself
    assert status("172.16.0.1", "10.0.0.9") == 200
    assert status("10.0.0.7", "nonsense") == 404


def test_all_is_well(ask, ticked):
    told = ask().json()
    assert told["ok"] is True
    assert list(told["checks"]) == [
        "database",
        "cache_and_limits",
        "broker",
        "mail",
        "return_mailbox",
        "beat_and_workers",
    ]


def test_without_a_tick_beat_or_the_workers_are_gone(ask, caplog):
    answer = ask()
    assert answer.status_code == 503
    assert not caplog.records  # a monitor asks often
    assert not answer.json()["checks"]["beat_and_workers"]["ok"]
    cache.set(health.TICK, timezone.now() - timedelta(minutes=11), timeout=None)
    assert ask().status_code == 503
    tasks.tick()
    assert ask().status_code == 200


def test_mail_that_nobody_tries_and_a_server_that_is_silent_are_told_without_whose(ask, ticked):
    message = waiting(next_attempt_at=timezone.now() - timedelta(minutes=5))
    assert ask().status_code == 200
    Message.objects.update(next_attempt_at=timezone.now() - timedelta(minutes=11))
    answer = ask()
    assert answer.status_code == 503
    assert "nobody has tried a mail since" in answer.json()["checks"]["mail"]["told"]
    Message.objects.filter(pk=message.pk).update(failure=Message.Failure.CONNECTION, failed_at=timezone.now())
    answer = ask()
    assert "silent since" in answer.json()["checks"]["mail"]["told"]
    assert b"kari" not in answer.content
    assert b"Hemmelig" not in answer.content


def test_a_database_that_is_gone_is_a_finding(ask, ticked, monkeypatch):
    monkeypatch.setattr(connection, "cursor", lambda: 1 / 0)
    monkeypatch.setattr(LocMemCache, "get", lambda *_arguments: None)
    answer = ask()
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == {"ok": False, "told": "ZeroDivisionError"}
    assert ask("/metrics").status_code == 200


def test_figures_count_pages_by_name_and_tell_of_the_mail(ask, client, ticked):
    waiting(created_at=timezone.now() - timedelta(minutes=5))
    client.get("/kalender/a-secret-token.ics")
    client.get("/nowhere-at-all/")
    text = ask("/metrics").content.decode()
    assert 'lmp_requests_total{page="gatherings:feed_file",status="404"}' in text
    assert 'lmp_requests_total{page="none",status="404"}' in text
    assert "lmp_request_seconds_bucket" in text
    assert "lmp_mails_waiting 1.0" in text
    assert 'lmp_well{part="beat_and_workers"} 1.0' in text
    assert float(text.split("\nlmp_oldest_mail_seconds ")[1].split()[0]) >= 300
    assert "secret" not in text
    assert "nowhere" not in text
