"""A pulje from its nomination to its end, with a clock that moves and people who do whatever they do."""

from collections.abc import Callable
from datetime import datetime, time

import pytest
import time_machine

from lmp.changes.tests.small_pulje import OSLO
from lmp.tests.two_years.cast import BEGINS
from lmp.tests.two_years.days import TwoYears
from lmp.tests.two_years.relations import AT_ONCE

Run = Callable[..., TwoYears]

# Only where a gathering was full, which it is not in every pulje.
WITH_A_LINE = {"pass on places", "accept a place"}


@pytest.fixture
def run(db, settings, caplog) -> Run:
    settings.EMAIL_BACKEND = "outbox.tests.fake.Backend"

    def run(*, seed: int, dense: bool) -> TwoYears:
        beginning = datetime.combine(BEGINS, time(7), tzinfo=OSLO)
        with time_machine.travel(beginning, tick=False) as clock:
            years = TwoYears(clock, seed=seed, dense=dense)
            years.live()
            years.each_arrived_once()
        # What failed on its own is logged, and keeps back nothing else.
        assert not [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
        return years

    return run


@pytest.mark.slow
def test_the_calendar_of_the_day_before_is_what_goes(run):
    """On the days on which something goes or happens: some two hundred of them."""
    years = run(seed=1, dense=False)
    print(years.happened, sum(years.happened.values()), years.lived, len(years.entries.versions))
    assert years.entries.versions


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(6))
def test_every_day_of_two_years(run, seed):
    years = run(seed=seed, dense=True)
    assert set(AT_ONCE) - set(years.happened) <= WITH_A_LINE
