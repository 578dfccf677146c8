"""Norway's working days as the tests know them: written down from the almanac, not computed as the portal does it."""

from datetime import date, timedelta

_ALMANAC = """
    2026-01-01 2026-04-02 2026-04-03 2026-04-06 2026-05-01 2026-05-14 2026-05-25 2026-12-24 2026-12-25 2026-12-31
    2027-01-01 2027-03-25 2027-03-26 2027-03-29 2027-05-06 2027-05-17 2027-12-24 2027-12-31
    2028-04-13 2028-04-14 2028-04-17 2028-05-01 2028-05-17 2028-05-25 2028-06-05 2028-12-25 2028-12-26
"""
HOLIDAYS = {date.fromisoformat(day) for day in _ALMANAC.split()}  # those on weekends are left out


def works(day: date) -> bool:
    return day.isoweekday() <= 5 and day not in HOLIDAYS


def nearest(day: date, step: int) -> date:
    """The day itself when people are at work, else the first such day before it (-1) or after it (1)."""
    return next(other for days in range(20) if works(other := day + timedelta(days=days * step)))
