"""The database is lost at each write and at each commit of each form: whole facts, told right, and made once.

Lost before a write, or killed there, comes to the same: what was not committed is gone. Lost after a commit, nobody
knows that it was stored. Each time the page that is shown then is sent again.
"""

import re
from collections import Counter
from contextlib import contextmanager

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client

from accounts.authentication import second_factor
from bench.page_form import Page
from lmp.writing import tasks as writing_tasks
from lmp.writing.models import Recipient
from tests.faults.acts import ACTS, MOST, Act, World, make_world, mark

pytestmark = pytest.mark.django_db(transaction=True)
WRITES = re.compile(r"INSERT|UPDATE|DELETE")


class Fault:
    """Happens at the given write or commit, counted from 1."""

    def __init__(self, at: int) -> None:
        self.left, self.what = at, ""

    def is_now(self, what: str) -> bool:
        self.left -= 1
        self.what = what if self.left == 0 else self.what
        return self.left == 0

    def write(self, execute, sql, params, many, context):
        if WRITES.match(sql) and self.is_now("write"):
            raise OperationalError("server closed the connection unexpectedly")
        return execute(sql, params, many, context)


@contextmanager
def lost(fault: Fault, monkeypatch: pytest.MonkeyPatch):
    commit = connection._commit

    def commit_and_lose() -> None:
        commit()
        if fault.is_now("commit"):
            raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as patch, connection.execute_wrapper(fault.write):
        patch.setattr(connection, "_commit", commit_and_lose)
        yield


@pytest.fixture
def world(participation, units, contact, head, supervisor, staff) -> World:
    return make_world(participation, contact, units[0], by=staff)


@pytest.fixture
def clients(world, contact, head, supervisor, staff) -> dict[str, Client]:
    found = {}
    for name, user in {"contact": contact, "head": head, "supervisor": supervisor, "staff": staff}.items():
        found[name] = Client(raise_request_exception=False, headers={"origin": "http://testserver"})
        found[name].force_login(user)
        session = found[name].session
        if user.is_staff:
            second_factor.remember(session, user, kind="totp")
            session.save()
    return found


def errors(page) -> list[str]:
    return re.findall(r'(?s)class="ds-(?:validation-message|error-summary).*?</', page.content.decode())


def typed(client: Client, world: World, act: Act, number: int, word: str) -> dict:
    page = act.page(world, number)
    form = Page(client.get(page).content.decode()).form(page) or Page(client.get(page).content.decode()).form("")
    assert form, page
    return act.fill(world, dict(form.fields), number, word)


def post(client: Client, act: Act, page: str, form: dict, word: str) -> HttpResponse:
    files = {name: SimpleUploadedFile(file, content) for name, (file, content) in act.files(word).items()}
    return client.post(page, form | files)


@pytest.mark.parametrize("kind", ACTS)
def test_what_is_lost_in_the_middle_is_whole_and_made_once(kind, world, clients, monkeypatch):
    act, met = ACTS[kind], Counter()
    client = clients[act.who]
    for number in range(1, MOST):
        word, fault, page = mark(kind, number), Fault(number), act.page(world, number)
        form = typed(client, world, act, number, word)
        with lost(fault, monkeypatch):
            answer = post(client, act, page, form, word)
        if not fault.what:
            assert answer.status_code == 302, answer.content.decode()[-3000:]
            break
        assert answer.status_code == 503, (number, fault.what, answer.status_code)
        text, stored = answer.content.decode(), act.made(word).count()
        said = "received" if "er tatt imot" in text else "again"
        met[fault.what, stored, said] += 1
        assert stored == 1 or said == "again", "nothing that is not stored is called received"
        if act.mails:
            assert act.mails(word) == stored, "the fact and its mail are stored together"
        if said == "again":
            again = post(client, act, page, Page(text).form(page).fields, word)
            assert again.status_code in (act.received if stored else {302}), (number, again.status_code, errors(again))
        assert act.made(word).count() == 1, (number, fault.what, said)
        if act.mails:
            assert act.mails(word) == 1
    writing_tasks.sweep()
    assert not Recipient.objects.filter(writing__ordered_at__isnull=False, message=None).exists()
    print(kind, dict(met))
    assert met
