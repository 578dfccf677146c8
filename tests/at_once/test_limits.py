"""Many who share a limit ask at the same moment."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import RequestFactory

from accounts.authentication import limits

PEOPLE = 24
pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="in SQLite all who write are in turn anyway"),
]


@pytest.fixture
def busy_machine(monkeypatch):
    """What is counted takes so long to read that whoever is last waits for more than a second."""
    read = cache.get

    def read_slowly(*args, **kwargs):
        time.sleep(0.05)
        return read(*args, **kwargs)

    monkeypatch.setattr(cache, "get", read_slowly)


def at_once(act):
    def and_close(number):
        try:
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(PEOPLE) as pool:
        return list(pool.map(and_close, range(PEOPLE)))


def ask(number):
    return limits.allow_code(RequestFactory().post("/"), f"person.{number}@example.no", None)


def test_a_hall_that_asks_at_once_is_refused_no_code(busy_machine):
    assert at_once(ask) == [True] * PEOPLE


def test_the_limit_is_reached_and_no_more(busy_machine, settings):
    settings.ACCOUNT_RATE_LIMITS = {"request_login_code": "10/m/ip"}
    assert sum(at_once(ask)) == 10
