"""python -m bench: figures with the national load of one pulje, on PostgreSQL. Slowness fails nothing."""

import argparse
import logging
import os
import sys
import time
from pathlib import Path

from bench import database

ROOT = Path(__file__).resolve().parent.parent
LOCAL = "postgres://postgres@127.0.0.1:5432/postgres"
# What a machine is set up with must not leak in: no mail and no task of the bench leaves this process.
FOREIGN = ("REDIS_URL", "EMAIL_URL", "LMP_DEMO", "DEBUG", "OIDC_PROVIDERS", "ALLOWED_HOSTS", "PROXY_COUNT")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="each thing once: shows that it works, not how fast")
    parser.add_argument("--database", default="lmp_bench", help="its name; made and dropped again")
    options = parser.parse_args()
    url = os.environ.get("DATABASE_URL") or LOCAL
    try:
        with database.own_database(url, options.database):
            run(database.own_url(url, options.database), quick=options.quick)
    except database.Refused as refusal:
        sys.exit(str(refusal))


def run(url: str, *, quick: bool) -> None:
    for name in FOREIGN:
        os.environ.pop(name, None)
    os.environ |= {
        "DATABASE_URL": url,
        "SECRET_KEY": "for-the-bench-only",
        "SITE_URL": "http://localhost:8000",
        "LMP_VAR_DIR": str(ROOT / "var" / "bench"),
        "DJANGO_SETTINGS_MODULE": "lmp.settings",
        "LOG_LEVEL": "ERROR",
    }
    import django
    from django.db import connections
    from django.test import override_settings

    from lmp.celery import app

    app.conf.broker_url = "memory://"
    django.setup()
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(ROOT_URLCONF="bench.urls", ALLOWED_HOSTS=["testserver"], STORAGES={"staticfiles": plain}):
        try:
            measure(quick=quick)
        finally:
            connections.close_all()


def measure(*, quick: bool) -> None:
    from django.core.management import call_command
    from django.utils import timezone

    from bench import board, composing, gatherings, guidance, letters, mails, national, pages
    from outbox.models import Message
    from participants.models import Contact, Unit

    started = time.monotonic()
    call_command("migrate", verbosity=0)
    load = national.load(now=timezone.now())
    print(
        f"Load: {load.cohort.participations.count()} municipalities, {Unit.objects.count()} units, "
        f"{Contact.objects.count()} contacts, {Message.objects.count()} mails, "
        f"made in {time.monotonic() - started:.0f} s."
    )
    logging.disable(logging.WARNING)
    for section in (pages, letters, mails, gatherings, composing, guidance, board):
        print(f"\n{section.report(load, quick=quick)}", flush=True)
    print(f"\nTook {time.monotonic() - started:.0f} s.")


if __name__ == "__main__":
    main()
