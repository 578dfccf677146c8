"""A telephone number in one form, however it is typed."""

import pytest
from django.core.exceptions import ValidationError

from parts.phone import PhoneField, in_one_form, is_somebodys

MOBILE = "+47 912 34 567"
pytestmark = pytest.mark.no_database


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        *[
            (typed, "+47 912 34 567")
            for typed in ("91234567", "912 34 567", "91 23 45 67", "+4791234567", "0047 91234567")
        ],
        *[
            (typed, "+47 22 00 00 00")
            for typed in ("22000000", "(22) 00-00/00", "22.00.00.00", "+47 (22) 00 00 00", "22–00–00–00")
        ],
        ("80001234", "+47 800 01 234"),
        ("02800", "02800"),
        ("+47 02800", "02800"),
        ("+46 8 123 456 78", "+46 8 123 456 78"),
        ("0046812345678", "+46 8 123 456 78"),
        ("+1 (650) 253-0000", "+1 650-253-0000"),
        ("00 00 10 01", "+47 00 00 10 01"),
        (" 912\N{NO-BREAK SPACE}34 567 ", "+47 912 34 567"),
    ],
)
def test_it_is_kept_in_one_form(typed, kept):
    assert in_one_form(typed) == kept
    assert in_one_form(kept) == kept
    assert PhoneField().clean(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "ring sentralbordet",
            "12",
            "1",
            "91a23456",
            "９１ ２３ ４５ ６７",
            "9" * 30,
            "22 00 00 00 / 91 23 45 67",
            "+",
            "-",
            "()",
        ),
        *("+99 123", "912 34 567 ext 3", "1-800-TAXI", "123456", "kari@example.no", "22 00 00 00, 91 23 45 67"),
    ],
)
def test_what_is_none_is_told_as_it_was_typed(typed):
    assert in_one_form(typed) is None
    with pytest.raises(ValidationError) as told:
        PhoneField().clean(typed)
    assert f"«{typed}» er ikke et telefonnummer." in told.value.messages[0]


def test_none_is_none():
    assert PhoneField().clean("") == ""


@pytest.mark.parametrize(
    ("typed", "certain"), [("91234567", True), ("00 00 10 01", False), ("12 34 56 78", False), ("x", False)]
)
def test_what_is_stored_is_rewritten_only_where_it_is_certain(typed, certain):
    assert is_somebodys(typed) is certain
