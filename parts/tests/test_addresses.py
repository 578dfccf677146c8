"""One form of an address, whatever way it came in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parts.addresses import canonical
from parts.forms import EmailField


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Kari@Example.NO ", "kari@example.no"),
        ("\u00a0kari@example.no\u2028", "kari@example.no"),
        ("kari\u200b@exam\u00adple.no\ufeff", "kari@example.no"),
        ("ka\u3164ri@example.no\ufe0f", "kari@example.no"),
        ("kari @ example.no", "kari@example.no"),
        ("styrer@xn--blbrskogen-25an.example.no", "styrer@blåbærskogen.example.no"),
        ("styrer@BLÅBÆRSKOGEN.example.no", "styrer@blåbærskogen.example.no"),
        ("styrer@bla\u030abærskogen.example.no", "styrer@blåbærskogen.example.no"),
        ("Sty\u0301rer@example.no", "st\u00fdrer@example.no"),
        ("rektor@sørlia。example.no", "rektor@sørlia.example.no"),
        ("rektor@ｓørlia.example.no", "rektor@sørlia.example.no"),
        # What nobody can know the meaning of stays, for the form to refuse.
        ("kari n@example.no", "kari n@example.no"),
        ("kari@xn--ø.no", "kari@xn--ø.no"),
        ("kari", "kari"),
        ("", ""),
    ],
)
def test_one_form(typed, stored):
    assert canonical(typed) == stored


@given(st.text(max_size=40).map(lambda text: f"a{text}@example.no") | st.text(max_size=60))
def test_it_is_its_own_form(text):
    assert canonical(canonical(text)) == canonical(text)


def test_a_form_takes_what_a_browser_sends():
    assert EmailField().clean("styrer@xn--blbrskogen-25an.example.no") == "styrer@blåbærskogen.example.no"
