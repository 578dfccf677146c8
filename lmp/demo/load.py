"""Fill an empty database with the demo. Does nothing to one that holds a cohort, so what people did in it stays."""

from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction
from simple_history.models import registered_models

from lmp.demo.data import cast, current, finished, helped, posted, running, shared
from lmp.demo.days import Days
from outbox.queue import queue_delivery
from participants.models import Cohort


def _in_silence(_line: str) -> None:
    pass


@transaction.atomic
def load(*, now: datetime, say: Callable[[str], None] = _in_silence) -> bool:
    """Whether anything was loaded. The current cohort's dates follow `now`. `say` gets a line before each part."""
    if Cohort.objects.exists():
        return False
    days = Days(now)
    say(f"Filling it: pulje {finished.NUMBER}, which is over (4 parts left) ...")
    players = cast.load(since=days.day(-400))
    finished.load(players)
    _date_history(finished.CONFIRMED_AT, since=now)
    say(f"Filling it: pulje {running.NUMBER}, in the midst of its guidance (3 parts left) ...")
    running.load(days, players)
    say(f"Filling it: pulje {current.NUMBER}, which begins next (2 parts left) ...")
    current.load(days, players)
    helped.load(days, players)
    shared.load(days, players)
    _date_history(days.at(-30), since=now)
    say("Filling it: the mails that have been sent (1 part left) ...")
    posted.post_until(days.at(-running.MOVED_DAYS_AGO, 9))
    running.move_a_session(days)
    posted.load(days)
    _leave_the_queue_alone()
    return True


def _date_history(to: datetime, *, since: datetime) -> None:
    """What was changed just now is to look as old as what it belongs to."""
    of_rows = [model for model in set(registered_models.values()) if hasattr(model, "history")]  # not of their choices
    for model in of_rows:
        model.history.filter(history_date__gte=since).update(history_date=to)  # type: ignore[attr-defined]


def _leave_the_queue_alone() -> None:
    """Each mail asks for a worker once it is committed; these are sent, and would keep the worker busy with nothing."""
    connection.run_on_commit = [hook for hook in connection.run_on_commit if hook[1] is not queue_delivery]
