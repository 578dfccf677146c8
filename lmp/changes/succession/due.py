"""A succession whose day has come, of whatever function."""

from datetime import datetime

from lmp.changes.models import Succession
from lmp.changes.succession import appointing, succeeding, supervising
from lmp.changes.succession.succeeding import Succeeded


def carry_out(succession: Succession, *, now: datetime) -> Succeeded:
    if succession.contact_id:
        return succeeding.carry_out(succession, now=now)
    if succession.member_id:
        return supervising.carry_out(succession, now=now)
    return appointing.carry_out(succession, now=now)


def foresee(done: Succeeded) -> datetime | None:
    """Carry out what was agreed for a day to come, for a page that takes it back. None when it is done already."""
    if not done.is_ahead:
        return None
    begins = done.succession.begins
    carry_out(done.succession, now=begins)
    return begins
