from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from gatherings.models import Registration
from gatherings.places import Passed


def registered(registrations: Iterable[Registration], *, by: User, now: datetime) -> None:
    pass


def cancelled(registration: Registration, *, by: User, now: datetime) -> None:
    pass


def passed(passed: Passed, *, now: datetime) -> None:
    pass
