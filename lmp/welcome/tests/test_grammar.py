from datetime import date

import pytest

from lmp.welcome.grammar import days, fill, listing, weekday_and_day
from parts.names import one_line


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("items", "said"),
    [([], ""), (["A"], "A"), (["A", "B"], "A og B"), (["A", "B", "C"], "A, B og C")],
)
def test_a_list_is_a_sentence(items, said):
    assert listing(items) == said


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2020, 4, 21), None, "21. april 2020"),
        (date(2020, 4, 21), date(2020, 4, 21), "21. april 2020"),
        (date(2020, 9, 8), date(2020, 9, 9), "8.–9. september 2020"),
        (date(2020, 11, 30), date(2020, 12, 1), "30. november–1. desember 2020"),
        (date(2020, 12, 31), date(2021, 1, 2), "31. desember 2020–2. januar 2021"),
    ],
)
def test_days_are_said_as_briefly_as_they_can(first, last, said):
    assert plain(days(first, last)) == said


def test_the_weekday_is_in_the_language():
    assert plain(weekday_and_day(date(2020, 5, 12), "nb")) == "tirsdag 12. mai 2020"
    assert plain(weekday_and_day(date(2020, 5, 12), "nn")) == "tysdag 12. mai 2020"


def test_a_value_with_braces_is_not_filled_again():
    assert fill("{kommune} i {pulje}", {"kommune": "{pulje}", "pulje": "5"}) == "{pulje} i 5"


def test_an_unknown_word_in_braces_is_an_error():
    with pytest.raises(KeyError, match="uteglemt"):
        fill("{uteglemt}", {})


def test_line_breaks_and_control_characters_become_one_space():
    assert one_line(" Indre\r\n\tFosen\x00 \x1b[1m\ud800 ") == "Indre Fosen [1m"
