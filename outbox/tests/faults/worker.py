"""A Celery worker with beat, for the fault tests: quicker than in production, and broken where a control asks for it.

OUTBOX_TEST holds JSON: {"queue": name, "schedule": file, "pool": arguments, "seconds": {name: value}, "breaks": [..]}
"""

import json
import os
import sys
from datetime import timedelta

import django
from celery import current_app as app
from django.conf import settings

django.setup()

from outbox import delivery, lease, tasks  # noqa: E402, F401
from outbox.models import MessageQuerySet  # noqa: E402


def mark_late() -> None:
    """Control: without a commit of its own for each mark, a killed worker sends a whole batch twice."""
    marks: list = []
    settle, release = delivery.settle, lease.Lease.release
    delivery.settle = lambda *args, **options: marks.append((args, options))

    def flush(self) -> None:
        while marks:
            args, options = marks.pop(0)
            settle(*args, **options)
        release(self)

    lease.Lease.release = flush  # type: ignore[method-assign]


def claim_for_all() -> None:
    """Control: without claims, two workers send the same mails."""
    MessageQuerySet.unclaimed = MessageQuerySet.alive  # type: ignore[method-assign]


def never_renew() -> None:
    """Control: with a lease that is neither renewed nor minded, a slow worker's mails are sent by the next too."""
    lease.Lease.covers = lambda self, message, now: True  # type: ignore[method-assign]


def main() -> None:
    orders = json.loads(os.environ["OUTBOX_TEST"])
    for name, seconds in orders["seconds"].items():
        if name.startswith("EMAIL_"):
            setattr(settings, name, seconds)
        elif name != "sweep":
            module, _dot, constant = name.rpartition(".")
            several = isinstance(seconds, list)
            value = [timedelta(seconds=one) for one in seconds] if several else timedelta(seconds=seconds)
            setattr(sys.modules[module], constant, value)
    for name in orders["breaks"]:
        globals()[name]()
    app.conf.task_default_queue = orders["queue"]
    app.conf.beat_schedule = {
        "sweep": {"task": "outbox.tasks.sweep", "schedule": orders["seconds"]["sweep"], "options": {"expires": 3}},
    }
    app.worker_main(
        ["worker", "-B", "-s", orders["schedule"], "-l", "INFO", "--without-gossip", "--without-mingle"]
        + orders["pool"]
    )


if __name__ == "__main__":
    main()
