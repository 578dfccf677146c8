"""Fill an empty database with the demo. Does nothing to one that holds a cohort, so what people did in it stays."""

from datetime import datetime

from django.db import transaction
from simple_history.models import registered_models

from lmp.demo import cast, current, finished, posted, running
from lmp.demo.days import Days
from participants.models import Cohort


@transaction.atomic
def load(*, now: datetime) -> bool:
    """Whether anything was loaded. The current cohort's dates follow `now`."""
    if Cohort.objects.exists():
        return False
    days = Days(now)
    players = cast.load(since=days.day(-400))
    finished.load(players)
    _date_history(finished.CONFIRMED_AT, since=now)
    running.load(days, players)
    current.load(days, players)
    _date_history(days.at(-30), since=now)
    posted.load(days)
    return True


def _date_history(to: datetime, *, since: datetime) -> None:
    """What was changed just now is to look as old as what it belongs to."""
    of_rows = [model for model in set(registered_models.values()) if hasattr(model, "history")]  # not of their choices
    for model in of_rows:
        model.history.filter(history_date__gte=since).update(history_date=to)  # type: ignore[attr-defined]
