"""Many people register at once, over HTTP, at a server of several processes: nobody gets a place too many."""

from collections import Counter
from functools import partial

import pytest

from tests.at_once.portal import at_once

pytestmark = [pytest.mark.services, pytest.mark.alone, pytest.mark.django_db(transaction=True)]
PEOPLE, PLACES, ROUNDS = 40, 5, 10


def test_forty_people_and_five_places(portal):
    portal.prepare(people=PEOPLE, gatherings=ROUNDS, capacity=PLACES)
    portal.start("lmp.wsgi")
    for gathering in portal.made["gatherings"]:
        answers = at_once([partial(portal.register, number, gathering) for number in range(PEOPLE)])
        assert Counter(answers) == {302: PEOPLE}
    # In the order of the list: first those with a place, then those who wait, everybody once.
    assert portal.rows("states") == [["placed"] * PLACES + ["waiting"] * (PEOPLE - PLACES)] * ROUNDS


def test_two_cancel_while_three_ask(portal):
    portal.prepare(people=5, gatherings=ROUNDS, capacity=2, placed=2)
    portal.start("lmp.wsgi")
    for gathering, placed in zip(portal.made["gatherings"], portal.made["placed"], strict=True):
        cancels = [partial(portal.cancel, number, registration) for number, registration in enumerate(placed)]
        asks = [partial(portal.register, number, gathering) for number in (2, 3, 4)]
        assert Counter(at_once(cancels + asks)) == {302: 5}
    for states in portal.rows("states"):
        # Both places are somebody's, given or on offer, and one of the three waits.
        found = Counter(states)
        assert (found["cancelled"], found["placed"] + found["offered"], found["waiting"]) == (2, 2, 1)


@pytest.mark.parametrize("portal", ["postgresql"], indirect=True)
def test_without_the_lock_the_race_is_real(portal):
    """The control: the same forty people, and too many places in one of as many rounds at the least.

    One round alone proves nothing: while the other processes still start, the first answers one at a time.
    """
    portal.prepare(people=PEOPLE, gatherings=ROUNDS, capacity=PLACES)
    portal.start("tests.at_once.unlocked")
    for gathering in portal.made["gatherings"]:
        at_once([partial(portal.register, number, gathering) for number in range(PEOPLE)])
        most = max(states.count("placed") for states in portal.rows("states"))
        if most > PLACES:
            break
    assert most > PLACES
