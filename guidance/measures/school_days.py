"""Days on which schools and kindergartens are at work everywhere in the country.

The autumn and winter breaks are left out: each county sets its own.
"""

from datetime import date, timedelta

from dateutil.easter import easter


def on_or_after(day: date) -> date:
    """The first such day from this one."""
    while not is_one(day):
        day += timedelta(days=1)
    return day


def is_one(day: date) -> bool:
    year, sunday = day.year, easter(day.year)
    # Palm Sunday to Easter Monday, Ascension Day with the Friday that schools mostly add, and Whit Monday
    movable = {sunday + timedelta(days=days) for days in (*range(-7, 2), 39, 40, 50)}
    return not (
        day.weekday() >= 5
        or day in movable
        or day in {date(year, 5, 1), date(year, 5, 17)}
        or date(year, 6, 20) <= day <= date(year, 8, 16)
        or (day.month, day.day) >= (12, 21)
        or (day.month, day.day) <= (1, 2)
    )
