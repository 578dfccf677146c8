"""A token endpoint of the tests' own (OAuth 2), which also tells a mail server what a token is worth."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl

EXPIRED = "AADSTS7000222: The provided client secret keys for app 'd3b0-hemmelig' are expired."


class TokenServer:
    """Gives a token for each of `secrets`. A token that it gave lives until it is taken away from `alive`."""

    def __init__(self) -> None:
        self.secrets = {"hemmelig"}
        self.alive: set[str] = set()
        self.asked: list[dict[str, str]] = []
        self.says: tuple[int, bytes] | None = None  # instead of what is right
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                status, body = server.says or server.answer(self.path, form)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: Any) -> None:
                """Nothing on the screen."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._http.server_port
        Thread(target=self._http.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/token"

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, bytes]:
        if path == "/introspect":
            active = form.get("token") in self.alive
            return 200, json.dumps({"active": active} | ({"username": "retur"} if active else {})).encode()
        self.asked.append(form)
        if form.get("client_secret") not in self.secrets:
            return 401, json.dumps({"error": "invalid_client", "error_description": EXPIRED}).encode()
        token = f"token-{len(self.asked)}"
        self.alive.add(token)
        return 200, json.dumps({"access_token": token, "token_type": "Bearer", "expires_in": 3599}).encode()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
