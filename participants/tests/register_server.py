"""A server on this machine that answers as NSR and NBR do, and can be told to misbehave."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

KINDERGARTEN = json.loads((Path(__file__).parent / "data" / "nbr_unit.json").read_text(encoding="utf-8"))

# What stands in the lists: fewer fields, and no count
LISTED = ("Organisasjonsnummer", "Navn", "FulltNavn", "ErAktiv", "ErBarnehage", "ErBarnehageEier")
LISTED += ("ErOffentligBarnehage", "ErPrivatBarnehage", "ErInaktivIBasil")
LISTED += ("ErSkole", "ErGrunnskole", "ErPrivatskole", "ErOffentligSkole")


def kindergarten(number: str, name: str, **other) -> dict:
    return KINDERGARTEN | {"Organisasjonsnummer": number, "Navn": name, "FulltNavn": name} | other


def school(number: str, name: str, pupils: int | None, **other) -> dict:
    kept = {key: value for key, value in KINDERGARTEN.items() if "Barn" not in key and "Basil" not in key}
    flags = {"ErSkole": True, "ErGrunnskole": True, "ErPrivatskole": False, "ErOffentligSkole": True}
    return kept | {"Organisasjonsnummer": number, "Navn": name, "FulltNavn": name, "Elevtall": pupils} | flags | other


class RegisterServer(ThreadingHTTPServer):
    """`units` by register and municipality number; `misbehave` by register takes over what it answers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.units: dict[tuple[str, str], list[dict]] = {}
        self.per_page = 1000
        self.misbehave: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.asked: list[str] = []
        self.agents: set[str] = set()
        self.stopping = threading.Event()

    def url(self, register: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/{register}/v4"

    def __enter__(self) -> "RegisterServer":
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_exception) -> None:
        self.stopping.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address) -> None:
        """A client that hangs up is part of the tests."""


class Handler(BaseHTTPRequestHandler):
    server: RegisterServer

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.server.agents.add(self.headers["User-Agent"])
        parts = urlsplit(self.path)
        _empty, register, _version, what, *rest = parts.path.split("/")
        if misbehave := self.server.misbehave.get(register):
            misbehave(self)
        elif what == "enheter":
            self.list_units(register, rest[1], int(parse_qs(parts.query)["sidenummer"][0]))
        else:
            known = [unit for units in self.server.units.values() for unit in units]
            found = [unit for unit in known if unit["Organisasjonsnummer"] == rest[0]]
            self.answer(found[0] if found else {}, status=200 if found else 404)

    def list_units(self, register: str, municipality: str, page: int) -> None:
        units = self.server.units.get((register, municipality), [])
        size = self.server.per_page
        self.answer(
            {
                "Sidenummer": page,
                "AntallPerSide": size,
                "AntallSider": -(-len(units) // size),
                "EnhetListe": [
                    {key: unit[key] for key in LISTED if key in unit} for unit in units[(page - 1) * size : page * size]
                ],
            }
        )

    def answer(self, body: object, status: int = 200) -> None:
        self.answer_bytes(json.dumps(body).encode(), status)

    def answer_bytes(self, content: bytes, status: int = 200, length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content) if length is None else length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args) -> None:
        """Quiet."""
