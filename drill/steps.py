"""python -m drill.steps NAME MOMENT FILE ARGUMENTS: one step of the drill, and what it found."""

import hashlib
import json
import re
import sys
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin

import django
import time_machine

django.setup()

from celery import current_app
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from accounts.authentication import second_factor
from accounts.models import User
from lmp.demo import load
from lmp.demo.personas import PERSONAS
from outbox import delivery, plan

PAGES_EACH = 14
BYTES = 17  # PostgreSQL's number of the type bytea
# What is made anew at each request, and says nothing.
MADE_ANEW = re.compile(
    rb'(name="csrfmiddlewaretoken" value="|name="base" value="|name="token" value="|data-token="|nonce=")[^"]*'
)
NO_PAGE = re.compile(r"/(?:konto|static|demo|sprak)/|logg-ut|\.(?:pdf|xlsx|zip|ics)$|/admin/logout|/jsi18n")


def fill() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    load.load(now=timezone.now())


def destroy() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")


def facts() -> dict[str, Any]:
    """Each table's rows, counted and summed up; and each row with bytes in it, by itself."""
    tables: dict[str, tuple[int, str]] = {}
    files: dict[str, str] = {}
    sizes: list[int] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT md5(t::text) FROM "{table}" t ORDER BY 1')  # noqa: S608 – the database's own name
            rows = [row[0] for row in cursor.fetchall()]
            tables[table] = (len(rows), hashlib.sha256("".join(rows).encode()).hexdigest())
            described = connection.introspection.get_table_description(cursor, table)
            key = connection.introspection.get_primary_key_column(cursor, table)
            for column in (column.name for column in described if column.type_code == BYTES):
                asked = f'SELECT "{key}", sha256("{column}"), length("{column}") FROM "{table}"'  # noqa: S608 – the same
                cursor.execute(f'{asked} WHERE "{column}" IS NOT NULL')
                for row, digest, size in cursor.fetchall():
                    files[f"{table}.{column} {row}"] = bytes(digest).hex()
                    sizes.append(size)
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1")
        numbers = cursor.fetchall()
        tables["(sequences)"] = (len(numbers), json.dumps(numbers))
    return {"tables": tables, "files": files, "bytes": sizes}


def whole_plan() -> dict[str, str]:
    now = timezone.now()
    coming = plan.everything(now, now + timedelta(days=365))
    return {mail.key: f"{mail.send_at.isoformat()} {mail.to} {mail.text.name} {mail.why}" for mail in coming}


def due() -> list[str]:
    return [planned.key for planned in plan.due(timezone.now())]


def send() -> list[str]:
    """The Message-IDs of what went: of what is due now, and of what waited."""
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        mail.outbox = []
        plan.send_due(timezone.now())
        delivery.drain(now=timezone.now())
        return [each.extra_headers["Message-ID"] for each in mail.outbox]


def after_restore(dumped: str, stopped: str) -> None:
    moments = {"dumped": datetime.fromisoformat(dumped), "stopped": datetime.fromisoformat(stopped)}
    call_command("after_restore", **moments, commit=True)


def pages() -> dict[str, str]:
    """What each kind of person is shown on the pages that they reach from their own, by its sum."""
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        return {f"{each.key} {page}": told for each in PERSONAS for page, told in walk(each.person.email).items()}


def walk(email: str) -> dict[str, str]:
    client = Client(raise_request_exception=False)
    user = User.objects.get(email=email)
    client.force_login(user)
    if user.is_staff:
        session = client.session
        second_factor.remember(session, user, kind="totp")
        session.save()
    found: dict[str, str] = {}
    waiting = deque(["/"])
    while waiting and len(found) < PAGES_EACH:
        page = waiting.popleft()
        if page in found:
            continue
        answer = client.get(page)
        body = answer.getvalue()  # type: ignore[attr-defined]  # of one that is streamed, too
        found[page] = f"{answer.status_code} {hashlib.sha256(MADE_ANEW.sub(b'', body)).hexdigest()}"
        for link in re.findall(r'href="([^"]+)"', body.decode(errors="replace")):
            target = urldefrag(urljoin(page, link.replace("&amp;", "&")))[0]
            if target.startswith("/") and not NO_PAGE.search(target):
                waiting.append(target)
    return found


STEPS: dict[str, Callable[..., Any]] = {
    "fill": fill,
    "destroy": destroy,
    "facts": facts,
    "plan": whole_plan,
    "due": due,
    "send": send,
    "after_restore": after_restore,
    "pages": pages,
}

if __name__ == "__main__":
    name, at, file, arguments = sys.argv[1:]
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with time_machine.travel(datetime.fromisoformat(at), tick=False), override_settings(STORAGES=plain):
        current_app.conf.broker_url = "memory://"
        Path(file).write_text(json.dumps(STEPS[name](**json.loads(arguments))))
