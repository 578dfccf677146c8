"""What deploy/ promises of itself, read from its files."""

import re
from pathlib import Path

from tests.house.repository import files, text

DOCKERFILE, COMPOSE = text(Path("deploy/Dockerfile")), text(Path("deploy/compose.yaml"))
UNITS = {path.stem: text(path) for path in files(".service")}
NGINX = text(Path("deploy/nginx.conf")) + text(Path("deploy/proxy_params.conf"))
README = text(Path("README.md"))
OPERATIONS = text(Path("docs/operations.md"))


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
    for secret in ("SECRET_KEY", "SECRET_KEY_FALLBACKS", "DATABASE_URL", "EMAIL_URL", "MONITORING_TOKEN"):
        assert f"{secret}_FILE: /run/secrets/{secret.lower()}\n" in COMPOSE
        assert f"  {secret.lower()}: {{file: secrets/{secret.lower()}}}\n" in COMPOSE
        assert f"{secret}:" not in COMPOSE
        assert f"deploy/secrets/{secret.lower()}\n" in OPERATIONS, "it is made before the first start"


SECRETS = {  # every setting that has one in it
    *("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "OIDC_PROVIDERS", "RETURN_MAILBOX_URL"),
    *("RETURN_MAILBOX_CLIENT_SECRET", "MONITORING_TOKEN", "SENTRY_DSN"),
}


def test_how_each_secret_is_changed_is_told():
    [told] = re.findall(r"^## Change a secret\n(.+?)^## ", OPERATIONS, re.MULTILINE | re.DOTALL)
    assert not [name for name in SECRETS if f"`{name}`" not in told]
    # A name that sounds like a secret's has its row too, or is named here as none.
    sounding = set(re.findall(r"^\| `(\w*(?:KEY|TOKEN|SECRET|PASSWORD|DSN)\w*)` \|", README, re.MULTILINE))
    assert sounding - SECRETS == {"SECRET_KEY_FALLBACKS", "RETURN_MAILBOX_TOKEN_URL"}
    # And none of them stands where everybody on the machine can read it.
    [open_to_all] = re.findall(r"^In `/etc/lmp/settings.env` (.+?)\.\n", OPERATIONS, re.MULTILINE)
    assert not [name for name in SECRETS if f"`{name}`" in open_to_all]


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


def test_every_paper_prepares_a_release_in_the_same_steps():
    """One that lacks a step gives a portal that starts, and that nobody can sign in to."""
    steps = {"migrate", "createcachetable", "collectstatic", "check"}
    for paper in (README, OPERATIONS):
        assert steps <= set(re.findall(r"^\.venv/bin/python manage\.py (\w+)", paper, re.MULTILINE))
    for step in steps:
        assert f"manage.py {step} " in COMPOSE + DOCKERFILE


def test_a_restart_refuses_nobody_since_the_socket_stays():
    """Whoever asks meanwhile waits in it, so nothing may reload the process in place: that reads no new settings."""
    socket, web = text(Path("deploy/systemd/lmp-web.socket")), UNITS["lmp-web"]
    [address] = re.findall(r"^ListenStream=(.+)$", socket, re.MULTILINE)
    assert f"--bind {address} " in web
    assert f"server {address};" in NGINX
    assert {"Requires=lmp-web.socket"} <= set(web.splitlines())
    assert re.search(r"^After=.*\blmp-web\.socket$", web, re.MULTILINE)
    assert "ExecReload" not in web
    # A stop that leaves the socket is none: the next request starts the web again, into a database half restored.
    stops = re.findall(r"^systemctl stop .+$", OPERATIONS, re.MULTILINE)
    assert stops
    assert all("lmp-web.socket" in stop for stop in stops)


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


def test_what_the_proxy_says_itself_is_in_both_languages_and_names_whom_to_ask():
    named = set(re.findall(r"error_page [\d ]+ /(\w+\.html);", NGINX))
    pages = {path.name: text(path) for path in files(".html") if path.parts[:2] == ("deploy", "pages")}
    assert named == set(pages) == {"nede.html", "stor.html", "mange.html"}
    for page in pages.values():
        assert '<html lang="nb">' in page
        assert '<section lang="nn">' in page
        assert page.count('href="mailto:laringsmiljo@example.no"') == 2
        # Nothing that the portal would have to serve.
        assert re.findall(r'(?:src|href)="(?!mailto:)([^"]+)"', page) == ["/nede.css"]
    assert "location = /nede.css" in NGINX
    assert "laringsmiljo@example.no" in OPERATIONS, "it is told to put one's own there"
