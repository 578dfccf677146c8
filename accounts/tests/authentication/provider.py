"""A small OpenID Connect provider on this machine: discovery, authorize, token with a signed id_token, userinfo."""

import base64
import hashlib
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "portalen", "hemmelig"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)  # once: making it takes longer than a test


@dataclass
class Provider:
    claims: dict = field(default_factory=dict)  # about whoever signs in there
    userinfo: dict | None = None  # what it says when asked, if that is not the same
    scopes: set[str] = field(default_factory=lambda: {"openid", "profile", "email"})  # that it knows
    broken: str = ""  # the path that answers 500
    asked: list[tuple[str, dict]] = field(default_factory=list)
    codes: dict[str, dict] = field(default_factory=dict)
    issuer: str = ""

    def __post_init__(self) -> None:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(parse_qs(urlsplit(self.path).query))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self._answer(parse_qs(body))

            def _answer(self, given: dict[str, list[str]]) -> None:
                path = urlsplit(self.path).path
                values = {name: value[0] for name, value in given.items()}
                provider.asked.append((path, values))
                status, body = (500, {}) if path == provider.broken else provider.answer(path, values)
                self.send_response(status)
                if location := body.get("location"):
                    self.send_header("Location", location)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def log_message(self, *args) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, path: str, values: dict[str, str]) -> tuple[int, dict]:
        match path:
            case "/.well-known/openid-configuration":
                ends = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
                found = {f"{name}_endpoint": f"{self.issuer}/{end}" for name, end in ends.items()}
                methods = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
                return 200, {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/jwks"} | found | methods
            case "/authorize" if not set(values["scope"].split()) <= self.scopes:
                query = urlencode({"error": "invalid_scope", "state": values["state"]})
                return 302, {"location": f"{values['redirect_uri']}?{query}"}
            case "/authorize":
                code = f"kode-{len(self.codes)}"
                self.codes[code] = values
                query = urlencode({"code": code, "state": values["state"]})
                return 302, {"location": f"{values['redirect_uri']}?{query}"}
            case "/token":
                return self.token(values)
            case "/userinfo":
                return 200, self.claims if self.userinfo is None else self.userinfo
        return 404, {}

    def token(self, values: dict[str, str]) -> tuple[int, dict]:
        asked = self.codes.pop(values.get("code", ""), None)
        proof = hashlib.sha256(values.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(proof).decode().rstrip("=")
        right = asked and asked["code_challenge"] == challenge and asked["code_challenge_method"] == "S256"
        if not right or (values["client_id"], values["client_secret"]) != (CLIENT, SECRET):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 60} | self.claims
        id_token = jwt.encode(claims, KEY, algorithm="RS256", headers={"kid": "1"})
        return 200, {"access_token": "tilgang", "token_type": "Bearer", "id_token": id_token, "expires_in": 60}
