"""A page whose connection is cut is read once more; a form is given back. PostgreSQL ends the connections itself."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg2
import pytest
from django.db import close_old_connections, connection
from django.test import Client

from lmp import outage
from outbox.tests.faults.house import wait_for
from participants.models import Contact

pytestmark = pytest.mark.services
PAGES = ["/", "/kommune/{}/", "/kommune/{}/kontakter/", "/konto/"]
MOST = 80  # queries of a page


class Cut:
    """Ends the connection just before the given question, counted from 1, and so often from there on."""

    def __init__(self, at: int, times: int = 1) -> None:
        self.at, self.times, self.asked = at, times, 0

    def __call__(self, execute, sql, params, many, context):
        self.asked += 1
        if self.at <= self.asked < self.at + self.times:
            end(connection.connection.info.backend_pid)
        return execute(sql, params, many, context)

    @property
    def was_met(self) -> bool:
        return self.asked >= self.at


def end(pid: int) -> None:
    facts = connection.get_connection_params()
    with closing(psycopg2.connect(**{name: facts[name] for name in ("host", "port", "user", "dbname")})) as other:
        other.autocommit = True
        with other.cursor() as cursor:
            cursor.execute("select pg_terminate_backend(%s)", [pid])

            def is_gone() -> bool:
                cursor.execute("select count(*) from pg_stat_activity where pid = %s", [pid])
                return cursor.fetchone()[0] == 0

            wait_for(is_gone)


@contextmanager
def cutting(cut: Cut) -> Iterator[Cut]:
    """On the connection that comes after, too."""
    with connection.execute_wrapper(cut):
        yield cut
    close_old_connections()  # as after each request


@pytest.fixture
def kari(transactional_db, participation, contact) -> Client:
    client = Client(raise_request_exception=False, headers={"origin": "http://testserver"})
    client.force_login(contact)
    return client


def test_a_page_that_is_cut_at_any_question_is_read_once_more(kari, participation):
    met = 0
    for page in PAGES:
        for number in range(1, MOST):
            with cutting(Cut(number)) as cut:
                answer = kari.get(page.format(participation.pk))
            assert answer.status_code == 200, (page, number)
            if not cut.was_met:
                break
            met += 1
    print(f"{met} cuts in {len(PAGES)} pages")
    assert met > 20


def test_a_page_that_is_cut_twice_says_so(kari):
    with cutting(Cut(2, times=MOST)):
        assert kari.get("/").status_code == 503
    assert kari.get("/").status_code == 200


def test_a_form_that_is_cut_is_given_back_and_not_stored_twice(kari, participation):
    typed = {"function": "owner", "name": "Ny Kontakt", "email": "ny.kontakt@example.no"}
    for number in range(1, MOST):
        with cutting(Cut(number)) as cut:
            answer = kari.post(f"/kommune/{participation.pk}/kontakter/ny/", typed)
        if not cut.was_met:
            break
        assert answer.status_code == 503, number
        assert Contact.objects.filter(user__email=typed["email"]).count() <= 1
        Contact.objects.filter(user__email=typed["email"]).delete()
    assert number > 5


def test_what_fails_slowly_is_not_tried_again(kari, monkeypatch):
    monkeypatch.setattr(outage, "QUICK", 0)
    with cutting(Cut(2)):
        assert kari.get("/").status_code == 503
