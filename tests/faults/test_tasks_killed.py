"""Each task that beat asks for is killed at each of its writes, and begun again: the end is the same as without."""

import re
from collections import Counter
from datetime import timedelta
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from outbox.models import Message
from tests.crowd.everybody import gather

TASKS = sorted({entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()})
WRITES = re.compile(r"INSERT|UPDATE|DELETE")
AT_MOST = 6  # kills of one task, spread over what it writes
LATER = [timedelta(days=1), timedelta(days=3 * 365)]  # when something is due, and when all of it is to be erased


class Killed(BaseException):
    """The process is gone. What it had committed stays."""


class Writes:
    def __init__(self, kill_at: int = 0) -> None:
        self.kill_at, self.count = kill_at, 0

    def __call__(self, execute, sql, params, many, context):
        if WRITES.match(sql):
            self.count += 1
            if self.count == self.kill_at:
                raise Killed
        return execute(sql, params, many, context)


def run(task: str, writes: Writes) -> bool:
    """Whether it was killed."""
    module, _dot, name = task.rpartition(".")
    try:
        with connection.execute_wrapper(writes):
            getattr(import_module(module), name)()
    except Killed:
        return True
    return False


def ended(task: str, kill_at: int = 0) -> tuple[dict, int]:
    """How everything stands when the task was killed there and has run again, and how much it writes; then undone."""
    outside = transaction.atomic()
    outside._from_testcase = True  # what wants to be outermost may be inside this
    with outside:
        writes = Writes(kill_at)
        if run(task, writes):
            run(task, Writes())
        rows = {model._meta.label: model._base_manager.count() for model in apps.get_models()}
        mails = Counter((mail.to, mail.text_name, mail.sent_at is None) for mail in Message.objects.all())
        transaction.set_rollback(True)
    return {"rows": rows, "mails": mails}, writes.count


@pytest.fixture(autouse=True)
def _each_is_its_own(monkeypatch) -> None:
    """What is a transaction in a worker is a part of one here, and is to be undone alone."""
    begin = transaction.Atomic.__init__
    monkeypatch.setattr(
        transaction.Atomic, "__init__", lambda self, using, _savepoint, durable: begin(self, using, True, durable)
    )


@pytest.mark.django_db
@pytest.mark.slow
def test_a_task_that_is_killed_anywhere_ends_as_one_that_is_not(mailoutbox):
    gather(2)
    killed: Counter[str] = Counter()
    for later in LATER:
        with time_machine.travel(timezone.now() + later, tick=False):
            for task in TASKS:
                whole, writes = ended(task)
                for kill_at in {1 + number * writes // AT_MOST for number in range(min(AT_MOST, writes))}:
                    assert ended(task, kill_at)[0] == whole, (task, kill_at)
                    killed[task] += 1
    print(f"{killed.total()} kills of {len(killed)} tasks: {dict(killed)}")
    assert len(killed) > len(TASKS) / 2
