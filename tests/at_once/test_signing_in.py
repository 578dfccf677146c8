"""Signing in over HTTP, at a server of several processes: guesses at once, and a queue that is gone or frozen."""

import os
import re
import signal
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial

import httpx
import pytest

from accounts.models import User
from accounts.tests.conftest import code_in
from outbox.models import Message
from tests.at_once.portal import TOKEN, WORKERS, Portal, at_once

pytestmark = [
    pytest.mark.services,
    pytest.mark.alone,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("portal", ["postgresql"], indirect=True),
]
ROUNDS, GUESSES, ADDRESS = 5, 16, "person.{}@example.no"


def browser(portal: Portal, **cookies: str) -> httpx.Client:
    return httpx.Client(base_url=f"http://127.0.0.1:{portal.port}", cookies={"csrftoken": TOKEN} | cookies, timeout=60)


def send(client: httpx.Client, page: str, **data: str) -> httpx.Response:
    return client.post(page, data={"csrfmiddlewaretoken": client.cookies["csrftoken"]} | data)


def ask(portal: Portal, address: str) -> httpx.Client:
    User.objects.get_or_create(email=address)
    client = browser(portal)
    assert send(client, "/konto/logg-inn/", email=address).status_code == 302
    return client


def code_to(address: str) -> str:
    return code_in(Message.objects.filter(to=address).latest("pk"))


def guess(portal: Portal, session: str, code: str) -> tuple[int, bool]:
    with browser(portal, sessionid=session) as client:
        answer = send(client, "/konto/logg-inn/kode/", code=code)
        return answer.status_code, "Koden er ikke riktig" in answer.text


def test_three_guesses_are_three_with_sixteen_at_once(portal):
    portal.start("lmp.wsgi")
    for number in range(ROUNDS):
        client = ask(portal, ADDRESS.format(number))
        session = client.cookies["sessionid"]
        answers = at_once([partial(guess, portal, session, "0000-0001")] * GUESSES)
        # The third wrong one leads away, as every one after it does: two are told that they may try again.
        assert Counter(answers) == {(200, True): 2, (302, False): GUESSES - 2}
        code = code_to(ADDRESS.format(number))
        assert guess(portal, session, code)[0] == 302
        assert client.get("/konto/").headers["Location"].startswith("/konto/logg-inn/")


def test_the_right_code_at_once_lets_one_in(portal):
    portal.start("lmp.wsgi")
    session = ask(portal, ADDRESS.format(0)).cookies["sessionid"]
    code = code_to(ADDRESS.format(0))

    def enter() -> bool:
        with browser(portal, sessionid=session) as client:
            answer = send(client, "/konto/logg-inn/kode/", code=code)
            assert answer.status_code == 302
            return client.get("/konto/").status_code == 200

    assert sum(at_once([enter] * 8)) == 1


@pytest.fixture
def queue(portal) -> Iterator[subprocess.Popen]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(portal.folder)],
        stdout=subprocess.DEVNULL,
    )
    end = time.monotonic() + 20
    with socket.socket() as probe:
        while probe.connect_ex(("127.0.0.1", port)):
            assert time.monotonic() < end
            time.sleep(0.05)
    portal.environment["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
    yield server
    if server.poll() is None:
        os.kill(server.pid, signal.SIGCONT)
        server.terminate()
        server.wait()


def sign_in(portal: Portal, number: int) -> float:
    """Gives the seconds that the slower of the two pages took."""
    began = time.monotonic()
    client = ask(portal, ADDRESS.format(number))
    asked = time.monotonic()
    code = code_to(ADDRESS.format(number))
    entered = time.monotonic()
    assert send(client, "/konto/logg-inn/kode/", code=code).headers["Location"] == "/"
    let_in = time.monotonic()
    assert client.get("/konto/").status_code == 200
    return max(asked - began, let_in - entered)


@pytest.mark.parametrize("what", ["frozen", "gone"])
def test_signing_in_does_not_need_the_queue(portal, queue, what):
    """And the limits hold meanwhile: an address gets three codes a minute, whichever process is asked."""
    portal.start("lmp.wsgi")
    usual = max(sign_in(portal, WORKERS * 2 + number) for number in range(WORKERS))
    queue.send_signal(signal.SIGSTOP if what == "frozen" else signal.SIGKILL)
    without = max(sign_in(portal, number) for number in range(1, 2 * WORKERS))
    assert without - usual < 2, (without, usual)
    page = [send(browser(portal), "/konto/logg-inn/", email=f"ukjent-{what}@example.no") for _each in range(5)]
    assert [answer.status_code for answer in page] == [302] * 3 + [200] * 2
    assert re.search("for mange forsøk", page[-1].text)
