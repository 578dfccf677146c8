"""Broken and hostile HTTP, sent byte by byte to the server that production runs.

Each is answered or hung up on within seconds, never with a fault, and afterwards it serves as before.
"""

import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.urls import NoReverseMatch, reverse

from tests.test_access import ADDRESSES

pytestmark = [pytest.mark.services, pytest.mark.no_database]
SECONDS = 5
THREADS = 8
HOST = b"Host: localhost\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
PARTS = b"Content-Type: multipart/form-data; boundary=x\r\n"
PART = b'--x\r\nContent-Disposition: form-data; name="a"'
CHUNKED = b"Transfer-Encoding: chunked\r\n"
METHODS = ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "G" * 30]
SMUGGLED = b"GET /admin/ HTTP/1.1\r\nHost: localhost\r\n\r\n"


def post(headers: bytes, body: bytes = b"") -> bytes:
    return b"POST /konto/logg-inn/ HTTP/1.1\r\n" + HOST + headers + b"\r\n" + body


def get(line: bytes = b"GET / HTTP/1.1", headers: bytes = b"") -> bytes:
    return line + b"\r\n" + HOST + headers + b"\r\n"


HOSTILE = {
    "nothing": b"\r\n\r\n",
    "a null": b"\x00" * 100 + b"\r\n\r\n",
    "no version": b"GET /\r\n\r\n",
    "another version": get(b"GET / HTTP/9.9"),
    "the version of ten years ago": b"GET / HTTP/1.0\r\n\r\n",
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a TLS greeting": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200 + b"\r\n\r\n",
    "three words more": get(b"GET / HTTP/1.1 and more"),
    "no path": get(b"GET  HTTP/1.1"),
    "a star": get(b"OPTIONS * HTTP/1.1"),
    "a whole address": get(b"GET http://other.example/admin/ HTTP/1.1"),
    "a path up": get(b"GET /../../etc/passwd HTTP/1.1"),
    "a path of bytes": get(b"GET /\xff\xfe\x80 HTTP/1.1"),
    "a path that is no escape": get(b"GET /%zz%u0041% HTTP/1.1"),
    "a path with an end of text": get(b"GET /%00/ HTTP/1.1"),
    "a long path": get(b"GET /" + b"a" * 70_000 + b" HTTP/1.1"),
    "a long question": get(b"GET /hjelp/?" + b"a=1&" * 2000 + b" HTTP/1.1"),
    "two hosts": get(headers=b"Host: other.example\r\n"),
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "a host that is none": b"GET / HTTP/1.1\r\nHost: a b\x80\r\n\r\n",
    "a long header": get(headers=b"X: " + b"a" * 100_000 + b"\r\n"),
    "thousands of headers": get(headers=b"".join(b"X%d: 1\r\n" % number for number in range(5000))),
    "a header without a name": get(headers=b": x\r\n"),
    "a header without a colon": get(headers=b"nothing\r\n"),
    "a folded header": get(headers=b"X: a\r\n b\r\n"),
    "a blank before the colon": get(headers=b"Content-Length : 5\r\n"),
    "an underscore": get(headers=b"X_Forwarded_For: 1\r\n"),
    "an end of text in a header": get(headers=b"X: a\x00b\r\n"),
    "a line end of its own kind": b"GET / HTTP/1.1\nHost: localhost\n\n",
    "a cookie of bytes": get(headers=b"Cookie: sessionid=\xff\xfe; csrftoken=\x80; language=\xff\r\n"),
    "thousands of cookies": get(headers=b"Cookie: " + b"a=1; " * 1500 + b"\r\n"),
    "a range": get(headers=b"Range: bytes=" + b"0-1," * 500 + b"\r\n"),
    "a condition": get(headers=b'If-None-Match: "' + b"x" * 4000 + b"\r\nIf-Modified-Since: x\r\n"),
    "a language": get(headers=b"Accept-Language: " + b"nn," * 1000 + b"\r\n"),
    "asks to go on": post(FORM + b"Expect: 100-continue\r\nContent-Length: 3\r\n", b"a=1"),
    "asks for something else": post(FORM + b"Expect: 200-ok\r\nContent-Length: 3\r\n", b"a=1"),
    "an upgrade": get(headers=b"Connection: Upgrade\r\nUpgrade: websocket\r\n"),
    "two lengths": post(FORM + b"Content-Length: 3\r\nContent-Length: 30\r\n", b"a=1" + SMUGGLED),
    "a length and pieces": post(FORM + CHUNKED + b"Content-Length: 3\r\n", b"0\r\n\r\n" + SMUGGLED),
    "pieces twice": post(FORM + CHUNKED + b"Transfer-Encoding: identity\r\n", b"0\r\n\r\n" + SMUGGLED),
    "pieces of another kind": post(FORM + b"Transfer-Encoding: xchunked\r\n", b"0\r\n\r\n"),
    "a length below nothing": post(FORM + b"Content-Length: -1\r\n"),
    "a length of letters": post(FORM + b"Content-Length: abc\r\n"),
    "a length of many digits": post(FORM + b"Content-Length: " + b"9" * 5000 + b"\r\n"),
    "a plus": post(FORM + b"Content-Length: +3\r\n", b"a=1"),
    "more than was said": post(FORM + b"Content-Length: 3\r\n", b"a=1" + b"x" * 5000),
    "less than was said": post(FORM + b"Content-Length: 500\r\n", b"a=1"),
    "pieces that are none": post(FORM + CHUNKED, b"zz\r\nabc\r\n0\r\n\r\n"),
    "a piece without an end": post(FORM + CHUNKED, b"ffffffffffffffff\r\nabc"),
    "a piece below nothing": post(FORM + CHUNKED, b"-5\r\nabc\r\n0\r\n\r\n"),
    "pieces with more": post(FORM + CHUNKED, b"3;" + b"x" * 5000 + b"\r\na=1\r\n0\r\nX: y\r\n\r\n"),
    "a form of bytes": post(FORM + b"Content-Length: 6\r\n", b"\xff=\xfe&%"),
    "parts without a border": post(b"Content-Type: multipart/form-data\r\nContent-Length: 3\r\n", b"a=1"),
    "a border that never comes": post(PARTS + b"Content-Length: 9\r\n", b"--y\r\n\r\nab"),
    "a border too long": post(
        b"Content-Type: multipart/form-data; boundary=" + b"x" * 5000 + b"\r\nContent-Length: 1\r\n", b"a"
    ),
    "a part cut off": post(
        PARTS + b"Content-Length: 60\r\n", b'--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\n'
    ),
    "a part without a name": post(
        PARTS + b"Content-Length: 40\r\n", b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--"
    ),
    "a part in base64 that is none": post(
        PARTS + b"Content-Length: 120\r\n",
        (PART + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n\xff\xff\xff\r\n--x--").ljust(120),
    ),
    "another text's bytes": post(
        b"Content-Type: application/x-www-form-urlencoded; charset=utf-16\r\nContent-Length: 3\r\n", b"a=1"
    ),
    "bytes of no known kind": post(b"Content-Type: text/plain; charset=\xff\r\nContent-Length: 3\r\n", b"a=1"),
    "JSON": post(b"Content-Type: application/json\r\nContent-Length: 100000\r\n", b"[" * 100_000),
    "packed": post(FORM + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n", b"\x1f\x8b\x08"),
    "two requests in one": get() + SMUGGLED,
    "a proxy's own line": b"PROXY TCP4 1.2.3.4 1.2.3.4 1 1\r\n" + get(),
}
# Those that wait for more: the server may wait too, as long as others are served meanwhile.
WAITING = {"less than was said", "a piece without an end", "a part cut off", "a null", "nothing", "a TLS greeting"}


@pytest.fixture(scope="module")
def port(tmp_path_factory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("wire")
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    environment |= {"LMP_VAR_DIR": str(folder), "SECRET_KEY": "only for this test"}
    environment["DJANGO_SETTINGS_MODULE"] = "lmp.settings"
    here = {"env": environment, "cwd": settings.BASE_DIR}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], check=True, **here)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = f"-m gunicorn lmp.wsgi --bind 127.0.0.1:{port} --worker-class gthread --threads {THREADS}".split()
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([sys.executable, *command], stdout=log, stderr=log, **here)
    end = time.monotonic() + 120
    while status(port, get(b"GET /hjelp/ HTTP/1.1"), 30) != 200:
        assert time.monotonic() < end, (folder / "log").read_text()
        time.sleep(0.2)
    yield port
    server.terminate()
    server.wait()


def status(port: int, request: bytes, seconds: float) -> int | str:
    """Of the last answer; "closed" without one, "waits" when nothing came."""
    with socket.socket() as line:
        line.settimeout(seconds)
        try:
            line.connect(("127.0.0.1", port))
            line.sendall(request)
            line.shutdown(socket.SHUT_WR)
            answer = b""
            while piece := line.recv(65536):
                answer += piece
        except TimeoutError:
            return "waits"
        except OSError:
            return "closed"
    codes = [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:] if part[:3].isdigit()]
    return max(codes) if codes else "closed"


def is_fault(said: int | str) -> bool:
    """501 and 505 are the server's own words for a request that it takes no part in."""
    return isinstance(said, int) and said >= 500 and said not in {501, 505}


def test_whatever_is_sent_is_answered_or_closed(port):
    found = {what: status(port, request, SECONDS * 4) for what, request in HOSTILE.items()}
    print(f"{len(found)} hostile requests: {dict(Counter(map(str, found.values())))}")
    assert {what: said for what, said in found.items() if is_fault(said)} == {}
    assert {what for what, said in found.items() if said == "waits"} - WAITING == set()
    assert status(port, get(b"GET /hjelp/ HTTP/1.1"), SECONDS * 4) == 200


def test_two_requests_in_one_are_two_and_the_second_signs_nobody_in(port):
    for what in ("two lengths", "a length and pieces", "pieces twice"):
        assert status(port, HOSTILE[what], SECONDS * 4) in {400, 403, 501, "closed"}, what


def test_odd_methods_at_every_address(port):
    asked: Counter = Counter()
    faults = []
    for name, pattern in ADDRESSES:
        try:
            path = reverse(name, kwargs=dict.fromkeys(pattern.pattern.converters, 1))
        except NoReverseMatch:
            continue
        method = METHODS[sum(asked.values()) % len(METHODS)]
        said = status(port, get(f"{method} {path} HTTP/1.1".encode(), b"Connection: close\r\n"), SECONDS * 4)
        asked[said] += 1
        if said == "waits" or is_fault(said):
            faults.append(f"{method} {path}: {said}")
    print(f"{sum(asked.values())} requests: {dict(asked)}")
    assert faults == []
    assert sum(asked.values()) > 200


def test_those_who_never_finish_keep_nobody_waiting(port):
    """Fewer than there are threads: more is the proxy's to stop, as docs/operations.md says."""
    lines = [socket.create_connection(("127.0.0.1", port)) for _number in range(THREADS - 2)]
    for line in lines:
        line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
    began = time.monotonic()
    assert status(port, get(b"GET /hjelp/ HTTP/1.1"), SECONDS * 4) == 200
    print(f"answered in {time.monotonic() - began:.1f} s beside {len(lines)} that never finish")
    for line in lines:
        line.close()
