"""What the composer proposes in small cohorts that can be seen through, and how it judges what was composed by hand."""

import os
import subprocess
import sys
from dataclasses import replace
from itertools import product
from pathlib import Path
from time import perf_counter

import pytest

from bench.composing import cohort
from guidance.groups import programme
from guidance.groups.composer import compose
from guidance.groups.rules import (
    FAR_WEIGHT,
    Breach,
    MunicipalityProfile,
    Reason,
    Rule,
    Seat,
    SupervisorProfile,
    Value,
    breaches,
    idle_cost,
    lead_step,
    load_step,
    reasons,
    value,
)

ROOT = Path(__file__).resolve().parents[3]
STAVANGER = MunicipalityProfile(1, "1103", "11", size=2, kindergartens=True, schools=True)
BERGEN = MunicipalityProfile(2, "4601", "46", size=2, kindergartens=True, schools=True)


def person(key, *, centre=False, kindergarten=True, school=True, counties=(), barred=(), most=2):
    return SupervisorProfile(key, centre, kindergarten, school, frozenset(counties), frozenset(barred), most)


LEADER, OTHER_LEADER = person(11, centre=True), person(12, centre=True)
HEAD, TEACHER = person(21), person(22)


def broken(proposal):
    return [
        (breach.rule, breach.municipality or breach.person, breach.have, breach.need) for breach in proposal.breaches
    ]


def test_one_from_the_centre_leads_one_from_practice():
    proposal = compose([STAVANGER], [HEAD, LEADER, TEACHER, OTHER_LEADER])
    [leader] = [seat.person for seat in proposal.seats if seat.leads]
    [other] = [seat.person for seat in proposal.seats if not seat.leads]
    assert leader in {11, 12}
    assert other in {21, 22}
    assert proposal.breaches == ()
    assert proposal.proven


def test_nothing_to_compose_and_nobody_to_compose_of():
    assert compose([], []).seats == ()
    assert compose([], [LEADER]).seats == ()
    nobody = compose([STAVANGER], [])
    assert nobody.seats == ()
    assert broken(nobody) == [
        (Rule.LEADER, 1, 0, 1),
        (Rule.PRACTICE, 1, 0, 1),
        (Rule.KINDERGARTEN, 1, 0, 1),
        (Rule.SCHOOL, 1, 0, 1),
        (Rule.SIZE, 1, 0, 2),
    ]
    assert nobody.proven


def test_nobody_is_seated_who_can_carry_none():
    people = [replace(LEADER, most=0), replace(HEAD, most=0)]
    proposal = compose([STAVANGER], people)
    assert proposal.seats == ()
    assert proposal.value == Value(overruns=0, leaders=1, practice=1, knowledge=2, empty=2, parted=0, cost=0)


def test_the_knowledge_that_is_needed_comes_with_somebody():
    people = [
        replace(LEADER, kindergarten=False),
        replace(HEAD, kindergarten=False, counties=frozenset({"11"})),
        replace(TEACHER, counties=frozenset({"46"})),
    ]
    assert compose([STAVANGER], people).seats == (Seat(1, 11, leads=True), Seat(1, 22))
    without = replace(STAVANGER, kindergartens=False)
    assert compose([without], people).seats == (Seat(1, 11, leads=True), Seat(1, 21))
    people = [replace(one, kindergarten=True, school=one.school and one.key == 22) for one in people[:2]] + [
        replace(TEACHER, counties=frozenset({"46"}))
    ]
    assert compose([STAVANGER], people).seats == (Seat(1, 11, leads=True), Seat(1, 22))


def test_nobody_is_in_the_own_municipality_even_if_a_seat_stays_empty():
    proposal = compose([STAVANGER], [LEADER, replace(HEAD, barred=frozenset({"1103"}))])
    assert proposal.seats == (Seat(1, 11, leads=True),)
    assert broken(proposal) == [(Rule.PRACTICE, 1, 0, 1), (Rule.SIZE, 1, 1, 2)]


def test_nobody_carries_more_than_they_can_even_if_a_seat_stays_empty():
    proposal = compose([STAVANGER, BERGEN], [LEADER, replace(HEAD, most=1)])
    assert [seat.person for seat in proposal.seats].count(21) == 1
    assert [rule for rule, *_counts in broken(proposal)] == [Rule.PRACTICE, Rule.SIZE]


def test_a_group_can_be_two_leaders_but_one_leads():
    """Where one from practice is not to be had, the seat is better taken than empty."""
    proposal = compose([STAVANGER], [LEADER, OTHER_LEADER])
    assert len(proposal.seats) == 2
    assert sum(seat.leads for seat in proposal.seats) == 1
    assert broken(proposal) == [(Rule.PRACTICE, 1, 0, 1)]


def test_who_leads_matters_more_than_practice_and_knowledge():
    one = replace(STAVANGER, size=1)
    proposal = compose([one], [replace(LEADER, school=False, kindergarten=False), HEAD])
    assert proposal.seats == (Seat(1, 11, leads=True),)
    three = replace(BERGEN, size=3)
    proposal = compose([one, three], [replace(LEADER, most=1, school=False), HEAD, TEACHER])
    assert Seat(1, 11, leads=True) not in proposal.seats  # there, PRACTICE would break as well
    assert Seat(2, 11, leads=True) in proposal.seats


def test_the_near_come_before_the_far():
    near, far = person(31, counties={"11"}), person(30, counties={"46"})
    proposal = compose([STAVANGER, BERGEN], [person(11, centre=True), far, near])
    assert {(seat.municipality, seat.person) for seat in proposal.seats} == {(1, 11), (2, 11), (1, 31), (2, 30)}


def test_a_far_seat_is_better_than_an_empty_one():
    proposal = compose([STAVANGER], [LEADER, replace(HEAD, counties=frozenset({"55"}))])
    assert len(proposal.seats) == 2
    assert value([STAVANGER], [LEADER, HEAD], proposal.seats).cost == proposal.value.cost - FAR_WEIGHT


def test_to_spare_one_person_is_never_worth_a_far_seat():
    """From a full load to none, for all that anybody would write; see the weights."""
    for full, empty, others in product(range(1, 20), range(1, 20), range(6)):
        giver, taker = replace(person(1, most=full), elsewhere=others), person(2, most=empty)
        spared = load_step(giver, full) + lead_step(giver, full)
        assert spared - load_step(taker, 1) - lead_step(taker, 1) + idle_cost(taker) < FAR_WEIGHT


def test_nobody_gets_a_second_before_all_have_one():
    for one in range(2, 12):
        for other in range(1, 12):
            assert load_step(person(1, most=other), 1) - idle_cost(person(1, most=other)) < load_step(
                person(2, most=one), 2
            )
    proposal = compose([STAVANGER, BERGEN], [person(11, centre=True), person(21, most=4), person(22, most=1)])
    assert {seat.person for seat in proposal.seats} == {11, 21, 22}


def test_each_carries_by_what_they_can():
    """Who can carry half as much as others gets about half as many of the six."""
    cohort = [replace(STAVANGER, key=key) for key in range(1, 7)]
    proposal = compose(
        cohort, [person(11, centre=True, most=6), person(21, most=4), person(22, most=4), person(23, most=2)]
    )
    carried = [[seat.person for seat in proposal.seats].count(key) for key in (21, 22, 23)]
    assert sorted(carried[:2]) == [2, 3]
    assert carried[2] == 1


def test_leading_is_spread_among_the_centres():
    cohort = [replace(STAVANGER, key=key, size=3) for key in (1, 2)]
    proposal = compose(cohort, [LEADER, OTHER_LEADER, person(21, most=2)])
    assert sorted(seat.person for seat in proposal.seats if seat.leads) == [11, 12]
    assert len(proposal.seats) == 6


def test_who_has_held_sessions_stays_also_where_it_is_far_and_unfair():
    """Two clicks turned eleven groups upside down: Vigdis lost Indre Fosen with two sessions held (S4)."""
    far = replace(HEAD, counties=frozenset({"55"}), most=2)
    known = replace(STAVANGER, known=frozenset({21, 11}), led_by=11)
    nearer = [LEADER, OTHER_LEADER, far, replace(TEACHER, counties=frozenset({"11"}))]
    assert {seat.person for seat in compose([STAVANGER], nearer).seats} == {11, 22}
    assert compose([known], nearer).seats == (Seat(1, 11, leads=True), Seat(1, 21))
    loaded = compose([replace(BERGEN, known=frozenset({21}), led_by=None), known], nearer)
    assert {seat.municipality for seat in loaded.seats if seat.person == 21} == {1, 2}
    assert loaded.value.parted == 0


def test_a_published_group_is_not_changed_for_nothing():
    """Where all else is as good, and where it evens out less than a whole load; but a far seat is worth a change."""
    with_members = replace(STAVANGER, members=frozenset({12, 22}))
    people = [LEADER, OTHER_LEADER, HEAD, TEACHER]
    assert {seat.person for seat in compose([STAVANGER], people).seats} != {12, 22}
    assert {seat.person for seat in compose([with_members], people).seats} == {12, 22}
    far = replace(TEACHER, counties=frozenset({"55"}))
    assert {seat.person for seat in compose([with_members], [*people[:3], far]).seats} == {12, 21}


def test_who_leads_a_group_with_held_sessions_leads_on():
    three = replace(STAVANGER, size=3, known=frozenset({12}), led_by=12)
    [leader] = [seat.person for seat in compose([three], [LEADER, OTHER_LEADER, HEAD]).seats if seat.leads]
    assert leader == 12


def test_a_rule_comes_before_who_has_held_sessions():
    """Without somebody from practice the group is not whole, whoever has met there."""
    known = replace(STAVANGER, known=frozenset({11, 12}), led_by=11)
    proposal = compose([known], [LEADER, OTHER_LEADER, HEAD])
    assert proposal.seats == (Seat(1, 11, leads=True), Seat(1, 21))
    assert (proposal.breaches, proposal.value.parted) == ((), 1)


def test_who_is_barred_since_is_not_kept():
    known = replace(STAVANGER, known=frozenset({21}))
    proposal = compose([known], [LEADER, replace(HEAD, barred=frozenset({"1103"})), TEACHER])
    assert {seat.person for seat in proposal.seats} == {11, 22}
    assert proposal.value.parted == 1


def test_municipalities_in_other_cohorts_are_a_load_too():
    """Vigdis's 3 + 2 in two cohorts was not seen by the composer (S13)."""
    busy, free = person(21, most=2), person(22, most=2)
    assert {seat.person for seat in compose([STAVANGER], [LEADER, busy, free]).seats} == {11, 21}
    assert {seat.person for seat in compose([STAVANGER], [LEADER, replace(busy, elsewhere=3), free]).seats} == {11, 22}
    roomy = replace(free, most=4)  # a second one is less for them than a fourth for who has three
    proposal = compose([STAVANGER, BERGEN], [LEADER, replace(busy, elsewhere=3), roomy])
    assert {seat.person for seat in proposal.seats} == {11, 22}
    assert replace(busy, elsewhere=3).fitness(STAVANGER, load=0) > free.fitness(STAVANGER, load=1)
    assert (
        len(compose([STAVANGER, BERGEN], [LEADER, replace(busy, elsewhere=3)]).seats) == 4
    )  # it weighs, it bars nobody


def test_what_is_locked_is_kept_and_the_rest_goes_around_it():
    locked = [Seat(1, 12, leads=True), Seat(2, 21)]
    proposal = compose([STAVANGER, BERGEN], [LEADER, OTHER_LEADER, HEAD, TEACHER], locked=locked)
    assert set(locked) <= set(proposal.seats)
    assert proposal.breaches == ()


def test_a_locked_person_may_be_given_the_lead():
    proposal = compose([STAVANGER], [LEADER, HEAD, TEACHER], locked=[Seat(1, 11)])
    assert Seat(1, 11, leads=True) in proposal.seats


@pytest.mark.parametrize(
    ("locked", "people", "expected"),
    [
        ([Seat(1, 21, True)], [LEADER, HEAD], [Breach(Rule.LEADER, 1, 21, 0, 1)]),
        ([Seat(1, 11, True), Seat(1, 12, True)], [LEADER, OTHER_LEADER, HEAD], [Breach(Rule.LEADER, 1, None, 2, 1)]),
        ([Seat(1, 11), Seat(1, 21), Seat(1, 22)], [LEADER, HEAD, TEACHER], [Breach(Rule.SIZE, 1, None, 3, 2)]),
        ([Seat(1, 21)], [LEADER, replace(HEAD, barred=frozenset({"1103"}))], [Breach(Rule.BARRED, 1, 21, 1, 0)]),
        ([Seat(1, 21)], [LEADER, replace(HEAD, most=0), TEACHER], [Breach(Rule.LOAD, None, 21, 1, 0)]),
    ],
)
def test_a_lock_that_breaks_a_rule_is_kept_and_named(locked, people, expected):
    proposal = compose([STAVANGER], people, locked=locked)
    kept = {(seat.municipality, seat.person) for seat in proposal.seats}
    assert {(seat.municipality, seat.person) for seat in locked} <= kept
    assert [breach for breach in proposal.breaches if breach.rule != Rule.PRACTICE] == expected


def test_a_full_group_without_a_leader_gets_none_above_its_size():
    proposal = compose([STAVANGER], [LEADER, HEAD, TEACHER], locked=[Seat(1, 21), Seat(1, 22)])
    assert proposal.seats == (Seat(1, 21), Seat(1, 22))
    assert broken(proposal) == [(Rule.LEADER, 1, 0, 1)]


@pytest.mark.parametrize("seat", [Seat(9, 11), Seat(1, 99)])
def test_a_seat_of_somebody_or_some_place_unknown_is_refused(seat):
    with pytest.raises(ValueError, match="does not know"):
        compose([STAVANGER], [LEADER], locked=[seat])
    for judge in (breaches, value, reasons):
        with pytest.raises(ValueError, match="does not know"):
            judge([STAVANGER], [LEADER], [seat])


def test_all_that_is_wrong_by_hand_is_found_the_weightiest_rule_first():
    people = [LEADER, OTHER_LEADER, replace(HEAD, most=1), replace(TEACHER, barred=frozenset({"4601"}), school=False)]
    seats = [Seat(2, 22, True), Seat(1, 21), Seat(1, 11, True), Seat(1, 12, True), Seat(2, 21)]
    assert breaches([BERGEN, STAVANGER], people, seats) == [
        Breach(Rule.LEADER, 1, None, 2, 1),
        Breach(Rule.SIZE, 1, None, 3, 2),
        Breach(Rule.LEADER, 2, 22, 0, 1),
        Breach(Rule.BARRED, 2, 22, 1, 0),
        Breach(Rule.LOAD, None, 21, 2, 1),
    ]
    # 21 carries 2 of 1: 240; 11, 12 and 22 half of 2: 30 each, and lead one of 2: 6 each.
    assert value([BERGEN, STAVANGER], people, seats) == Value(3, 2, 0, 0, 0, 0, 240 + 3 * 30 + 3 * 6)
    assert value([BERGEN, STAVANGER], people, []) == Value(0, 2, 2, 4, 4, 0, 4 * 60)


def test_the_same_seat_twice_is_one():
    assert breaches([STAVANGER], [LEADER, HEAD], [Seat(1, 11), Seat(1, 11, True), Seat(1, 21)]) == []
    assert compose([STAVANGER], [LEADER, HEAD], locked=[Seat(1, 11), Seat(1, 11, True)]).breaches == ()


def test_why_these():
    people = [
        replace(LEADER, kindergarten=False, counties=frozenset({"46"})),
        replace(HEAD, school=False, counties=frozenset({"11"})),
        TEACHER,
    ]
    seats = [Seat(1, 22), Seat(1, 21), Seat(1, 11, True), Seat(2, 21)]
    assert reasons([STAVANGER, replace(BERGEN, schools=False)], people, seats, [Seat(1, 22)]) == {
        1: [
            Reason(11, True, True, False, brings=(Rule.SCHOOL,), alone=(), near=False, load=1, most=2),
            Reason(21, False, False, False, brings=(Rule.KINDERGARTEN,), alone=(), near=True, load=2, most=2),
            Reason(22, False, False, True, (Rule.KINDERGARTEN, Rule.SCHOOL), alone=(), near=None, load=1, most=2),
        ],
        2: [Reason(21, False, False, False, (Rule.KINDERGARTEN,), (Rule.PRACTICE, Rule.KINDERGARTEN), False, 2, 2)],
    }


def test_a_search_that_is_stopped_says_so_and_still_keeps_locks_and_loads(monkeypatch):
    municipalities, people = cohort()
    monkeypatch.setattr(programme, "MAX_BRANCHES", 0)
    locked = [Seat(municipalities[0].key, people[0].key)]
    proposal = compose(municipalities, people, locked=locked)
    assert not proposal.proven
    assert proposal == compose(municipalities, people, locked=locked)
    assert (1, people[0].key) in {(seat.municipality, seat.person) for seat in proposal.seats}
    assert proposal.value.overruns == 0
    assert list(proposal.breaches) == breaches(municipalities, people, proposal.seats)


@pytest.mark.services
@pytest.mark.alone
def test_a_national_cohort_is_composed_in_seconds_and_the_same_in_another_process():
    municipalities, people = cohort()
    assert (len(municipalities), len(people)) == (60, 90)
    started = perf_counter()
    proposal = compose(municipalities, people)
    assert perf_counter() - started < 10
    assert proposal.proven
    assert proposal.breaches == ()
    modules = "from bench.composing import cohort; from guidance.groups.composer import compose"
    ask = f"{modules}; print(compose(*cohort()).seats)"
    assert in_another_process(ask) == f"{proposal.seats}\n"


@pytest.mark.slow
def test_composing_prints_nothing():
    one = "MunicipalityProfile(1, '1103', '11', size=2, kindergartens=True, schools=True)"
    modules = "from guidance.groups.composer import compose; from guidance.groups.rules import MunicipalityProfile"
    ask = f"{modules}; compose([{one}], [])"
    assert in_another_process(ask) == ""


def in_another_process(python: str) -> str:
    """What it prints there: the solver writes past Python, to the file descriptor itself."""
    environment = os.environ | {"PYTHONHASHSEED": "7", "DJANGO_SETTINGS_MODULE": "lmp.settings"}
    command = [sys.executable, "-c", f"import django; django.setup(); {python}"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
