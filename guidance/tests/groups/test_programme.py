"""What the solver answers is looked at before it is believed."""

import pytest

from guidance.groups.programme import TOLERANCE, Programme

NEARLY = TOLERANCE / 2


@pytest.fixture
def programme() -> Programme:
    """Two whole ones, of which one is taken, and one that may be any number."""
    made = Programme()
    whole = [made.column(start=1), made.column()]
    made.column(whole=False)
    made.row(whole, lower=1, upper=1)
    return made


@pytest.mark.parametrize(
    "answer",
    [[1, 0, 0], [0, 1, 1], [1, 0, 0.5], [1 + NEARLY, 0, 0], [1 - NEARLY, 0, 0], [0, 1 - NEARLY, 0.25]],
)
def test_what_fits_is_taken(programme, answer):
    assert programme._fits(answer)


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        ([], "no answer"),
        ([1, 0], "a column short"),
        ([1, 0, 0, 0], "a column too many"),
        ([0.5, 0.5, 0], "half a seat"),
        ([0, 0, 0], "below the row"),
        ([1, 1, 0], "above the row"),
    ],
)
def test_what_does_not_fit_is_dropped(programme, answer, wrong):
    assert not programme._fits(answer), wrong
