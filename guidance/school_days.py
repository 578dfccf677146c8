"""Days on which schools and kindergartens are at work everywhere in the country.

The autumn and winter breaks are left out: each county sets its own.
"""

from datetime import date, timedelta


def on_or_after(day: date) -> date:
    """The first such day from this one."""
    while not is_one(day):
        day += timedelta(days=1)
    return day


def is_one(day: date) -> bool:
    year, easter = day.year, easter_sunday(day.year)
    # Palm Sunday to Easter Monday, Ascension Day with the Friday that schools mostly add, and Whit Monday
    movable = {easter + timedelta(days=days) for days in (*range(-7, 2), 39, 40, 50)}
    return not (
        day.weekday() >= 5
        or day in movable
        or day in {date(year, 5, 1), date(year, 5, 17)}
        or date(year, 6, 20) <= day <= date(year, 8, 16)
        or (day.month, day.day) >= (12, 21)
        or (day.month, day.day) <= (1, 2)
    )


def easter_sunday(year: int) -> date:
    """By the rule of 1876 for the Gregorian calendar, valid for every year of it (Meeus, Astronomical Algorithms)."""
    century, rest = divmod(year, 100)
    a, (b, c) = year % 19, divmod(century, 4)
    d = (19 * a + century - b - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * c + 2 * (rest // 4) - d - rest % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)
