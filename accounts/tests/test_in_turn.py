"""A form's view sees what the one before it has written in the session."""

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import RequestFactory

from accounts.authentication.in_turn import in_turn


@in_turn
def guessed(request) -> HttpResponse:
    return HttpResponse(str(request.session.get("guesses")))


@pytest.fixture
def stored(db) -> str:
    session = SessionStore()
    session["guesses"] = 1
    session.save()
    return session.session_key


@pytest.mark.parametrize(("method", "seen"), [("post", b"2"), ("get", b"1")])
def test_a_form_reads_the_session_when_it_is_its_turn(stored, method, seen):
    request = getattr(RequestFactory(), method)("/")
    request.session = SessionStore(stored)
    assert request.session["guesses"] == 1  # read, and then another's guess is counted
    other = SessionStore(stored)
    other["guesses"] = 2
    other.save()
    assert guessed(request).content == seen


def test_who_has_no_session_yet_waits_for_nobody(db):
    request = RequestFactory().post("/")
    request.session = SessionStore()
    assert guessed(request).content == b"None"
