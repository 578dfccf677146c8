"""What deploy/ promises of itself, read from its files."""

import re
from pathlib import Path

from tests.house.repository import files, text

DOCKERFILE, COMPOSE = text(Path("deploy/Dockerfile")), text(Path("deploy/compose.yaml"))
UNITS = {path.stem: text(path) for path in files(".service")}
NGINX = text(Path("deploy/nginx.conf")) + text(Path("deploy/proxy_params.conf"))
README = text(Path("README.md"))


def test_the_image_runs_as_a_user_without_rights_and_has_no_secret():
    assert re.search(r"^USER (?!root)\w+$", DOCKERFILE, re.MULTILINE)
    assert "HEALTHCHECK" in DOCKERFILE
    # The key of the one step that collects files is none.
    assert re.findall(r"SECRET_KEY=(\S+)", DOCKERFILE) == ["for-this-step-only"]
    assert {"deploy/secrets", ".env", "var"} <= set(text(Path(".dockerignore")).splitlines())
    assert "deploy/secrets/" in text(Path(".gitignore")).splitlines()


def test_the_containers_write_nowhere_and_get_secrets_as_files():
    assert "read_only: true" in COMPOSE
    assert "cap_drop: [ALL]" in COMPOSE
    for secret in ("SECRET_KEY", "DATABASE_URL", "MONITORING_TOKEN"):
        assert f"{secret}_FILE: /run/secrets/" in COMPOSE
        assert f"{secret}:" not in COMPOSE


def test_units_and_image_start_what_the_readme_starts():
    web, worker, beat = re.findall(r"^\.venv/bin/python (-m (?:gunicorn|celery) .+)$", README, re.MULTILINE)
    assert set(UNITS) == {"lmp-web", "lmp-worker", "lmp-beat"}
    assert web in UNITS["lmp-web"]
    assert worker in UNITS["lmp-worker"]
    assert beat in UNITS["lmp-beat"]
    in_image = " ".join(re.findall(r'"([^"]+)"', re.search(r"^CMD (.+)$", DOCKERFILE, re.MULTILINE)[1]))
    assert in_image.removeprefix(".venv/bin/python ") == web.replace("127.0.0.1", "0.0.0.0")
    for unit in UNITS.values():
        assert {"NoNewPrivileges=true", "ProtectSystem=strict", "PrivateTmp=true"} <= set(unit.splitlines())


def test_the_proxy_limits_and_buffers_and_sets_what_the_portal_believes():
    for line in (
        "client_max_body_size 25m;",
        "proxy_request_buffering on;",
        "proxy_buffering on;",
        "proxy_set_header X-Forwarded-For $remote_addr;",
        "proxy_set_header X-Forwarded-Proto $scheme;",
        "proxy_set_header X-Request-ID $request_id;",
        "deny all;",
    ):
        assert line in NGINX
    logged = re.search(r"log_format lmp .+?;", NGINX, re.DOTALL)[0]
    assert not re.search(r"\$(request\b|request_uri|args|query_string|remote_addr|http_)", logged)
