from datetime import UTC, date, datetime

import pytest
from django.template import engines
from django.utils import translation


def shown(value, name: str) -> str:
    return engines["django"].from_string("{% load lmp %}{{ value|" + name + " }}").render({"value": value})


@pytest.mark.parametrize(("language", "expected"), [("nb", "mandag 3. mai 2027"), ("nn", "måndag 3. mai 2027")])
def test_date_with_its_weekday(language, expected):
    with translation.override(language):
        assert shown(date(2027, 5, 3), "weekday_date") == expected


WEEK = {
    "nb": ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"],
    "nn": ["måndag", "tysdag", "onsdag", "torsdag", "fredag", "laurdag", "søndag"],
}


@pytest.mark.parametrize("language", WEEK)
def test_every_weekday_is_in_the_language(language):
    with translation.override(language):
        assert [shown(date(2027, 5, day), "weekday_date").split()[0] for day in range(3, 10)] == WEEK[language]


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_months_are_in_small_letters(language):
    with translation.override(language):
        months = [shown(date(2027, month, 1), "weekday_date").split()[2] for month in (1, 5, 10, 12)]
    assert months == ["januar", "mai", "oktober", "desember"]


@pytest.mark.parametrize(("language", "weekday"), [("nb", "tirsdag"), ("nn", "tysdag")])
def test_moment_is_told_in_oslo_time(language, weekday):
    with translation.override(language):
        late = datetime(2027, 5, 3, 22, 30, tzinfo=UTC)
        assert shown(late, "weekday_datetime") == f"{weekday} 4. mai 2027 kl. 00.30"
        assert shown(late, "weekday_date") == f"{weekday} 4. mai 2027"


def test_no_date_shows_nothing():
    assert shown(None, "weekday_date") == shown(None, "weekday_datetime") == ""
