"""The mails that follow at once from what somebody does. A stand-in with the agreed names: it writes none."""

from datetime import datetime

from gatherings.models import Gathering, Plea
from gatherings.places import Passed


def moved(gathering: Gathering, *, now: datetime) -> None:
    """To everybody whose registration stands: the days, the times or the place are others."""


def called_off(gathering: Gathering, *, now: datetime) -> None:
    """To everybody whose registration stands: the gathering is not held as agreed."""


def reinstated(gathering: Gathering, *, now: datetime) -> None:
    """To everybody whose registration stands: the gathering is held after all."""


def passed(passed: Passed, *, now: datetime) -> None:
    """To those whose offer ran out, and those who are offered a place instead."""


def pleaded(plea: Plea, *, now: datetime) -> None:
    """To the one who asked, that it has arrived, and to the staff."""


def plea_answered(plea: Plea, *, now: datetime) -> None:
    """To the one who asked: the answer."""
