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
