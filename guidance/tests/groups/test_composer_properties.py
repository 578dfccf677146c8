"""Random cohorts, too small, barred and locked in every way: worth the same as the best that a slow search finds.

The search knows the rules by itself. It goes through every group each municipality could have and joins them, and keeps
the best for every way the work can be shared.
"""

from collections import Counter
from dataclasses import replace
from functools import reduce
from itertools import combinations

import pytest
from hypothesis import event, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from guidance.groups.composer import compose
from guidance.groups.rules import (
    MunicipalityProfile,
    Rule,
    Seat,
    SupervisorProfile,
    breaches,
    reasons,
    value,
)

pytestmark = pytest.mark.slow
COUNTIES, NUMBERS = ["11", "46", "55"], ["1101", "1103", "4601", "5501"]
Cohort = tuple[list[MunicipalityProfile], list[SupervisorProfile], list[Seat]]


@st.composite
def cohorts(draw, municipalities: int, people: int, *, locks: bool = True, roomy: bool = False) -> Cohort:
    """At most as many as said; roomy: exactly, and so that the rules can mostly hold and the wishes decide."""
    groups = [
        MunicipalityProfile(
            key,
            draw(st.sampled_from(NUMBERS)),
            draw(st.sampled_from(COUNTIES)),
            size=draw(st.just(2) if roomy else st.integers(1, 4)),
            kindergartens=draw(st.booleans()),
            schools=draw(st.booleans()),
        )
        for key in draw(keys(municipalities, at_least=municipalities * roomy))
    ]
    team = [
        SupervisorProfile(
            key,
            centre=draw(st.booleans()),
            kindergarten=draw(st.booleans()),
            school=draw(st.booleans()),
            counties=draw(st.frozensets(st.sampled_from(COUNTIES), max_size=2)),
            barred=draw(st.frozensets(st.sampled_from(NUMBERS), max_size=1)),
            most=draw(st.integers(roomy, 4)),
            elsewhere=draw(st.sampled_from([0, 0, 2])),
        )
        for key in draw(keys(people, at_least=people * roomy))
    ]
    groups = [_known(draw, group, team) for group in groups] if team else groups
    if not (locks and groups and team):
        return groups, team, []
    places, persons = [group.key for group in groups], [person.key for person in team]
    seat = st.builds(Seat, st.sampled_from(places), st.sampled_from(persons), st.booleans())
    return groups, team, draw(st.lists(seat, max_size=6))


def _known(draw, group: MunicipalityProfile, team: list[SupervisorProfile]) -> MunicipalityProfile:
    """With some who have held sessions there, the first of whom leads perhaps."""
    known = draw(st.lists(st.sampled_from([person.key for person in team]), unique=True, max_size=2))
    centre = [person.key for person in team if person.centre and person.key in known]
    members = frozenset(known) | draw(st.frozensets(st.sampled_from([person.key for person in team]), max_size=2))
    led_by = centre[0] if centre and draw(st.booleans()) else None
    return replace(group, members=members, known=frozenset(known), led_by=led_by)


def keys(most: int, *, at_least: int = 0):
    return st.lists(st.integers(1, 900), unique=True, min_size=at_least, max_size=most)


def groups_of(municipality: MunicipalityProfile, people: list[SupervisorProfile], locked: list[Seat]):
    """Each group that keeps the locks, with what it breaks and costs by itself.

    As a seat too many can be left out, nobody is added who is barred or above the size; nobody leads beside a lead that
    is locked.
    """
    kept = {seat.person for seat in locked if seat.municipality == municipality.key}
    lead = {seat.person for seat in locked if seat.municipality == municipality.key and seat.leads}
    by_key = {person.key: person for person in people}
    free = [p.key for p in people if p.key not in kept and municipality.number not in p.barred]
    for added in range(max(0, municipality.size - len(kept)) + 1):
        for more in combinations(free, added):
            group = kept | set(more)
            for leaders in {frozenset(lead), *(frozenset({key}) for key in group if not lead)}:
                itself = alone(municipality, [by_key[key] for key in group], [by_key[k] for k in leaders])
                lost = len((municipality.known & set(by_key)) - group)
                changed = 60 * len((municipality.members & set(by_key)) - group)
                yield group, leaders, (*itself[:5], lost + _leads_no_more(municipality, leaders), itself[5] + changed)


def _leads_no_more(municipality: MunicipalityProfile, leaders: frozenset[int]) -> bool:
    return municipality.led_by is not None and municipality.led_by not in leaders


def alone(
    municipality: MunicipalityProfile, group: list[SupervisorProfile], leaders: list[SupervisorProfile]
) -> tuple[int, ...]:
    kindergarten = municipality.kindergartens and sum(person.kindergarten for person in group) == 0
    school = municipality.schools and sum(person.school for person in group) == 0
    return (
        max(0, len(group) - municipality.size) + sum(municipality.number in person.barred for person in group),
        0 if [person.centre for person in leaders] == [True] else 1,
        1 if all(person.centre for person in group) else 0,
        kindergarten + school,
        max(0, municipality.size - len(group)),
        sum(210 for p in group if p.counties and municipality.county not in p.counties),
    )


def together(people: list[SupervisorProfile], load: tuple[int, ...], led: tuple[int, ...]) -> tuple[int, ...]:
    """Loads of one to four, and of two more in other cohorts: their squares over what each can carry, less the squares
    of what they have anyway, come out as whole numbers."""
    above = sum(max(0, carries - person.most) for person, carries in zip(people, load, strict=True))
    unfair = sum(
        60 * ((carries + person.elsewhere) ** 2 - person.elsewhere**2) // max(1, person.most + person.elsewhere)
        + 12 * leads**2 // max(1, person.most)
        + (60 if person.most and not carries and not person.elsewhere else 0)
        for person, carries, leads in zip(people, load, led, strict=True)
    )
    return (above, 0, 0, 0, 0, 0, unfair)


# Millions of sums: numbers packed into one are added in one step, and compare as they did side by side.
SEATS, WORTH = 2**4, 2**32


def packed(numbers: tuple[int, ...], base: int) -> int:
    assert all(number < base for number in numbers)
    return reduce(lambda so_far, number: so_far * base + number, numbers, 0)


def unpacked(number: int, base: int, count: int) -> tuple[int, ...]:
    return tuple(number // base**place % base for place in reversed(range(count)))


def best_of_all(
    municipalities: list[MunicipalityProfile], people: list[SupervisorProfile], locked: list[Seat]
) -> tuple[int, ...]:
    best = {0: 0}
    for municipality in municipalities:
        joined: dict[int, int] = {}
        options = [
            (packed(tuple(p.key in sits for sits in (group, leaders) for p in people), SEATS), packed(itself, WORTH))
            for group, leaders, itself in groups_of(municipality, people, locked)
        ]
        for shared_before, before in best.items():
            for seats, itself in options:
                shared, worth = shared_before + seats, before + itself
                if worth < joined.get(shared, worth + 1):
                    joined[shared] = worth
        best = joined
    return unpacked(min(worth + of_together(people, shared) for shared, worth in best.items()), WORTH, 7)


def of_together(people: list[SupervisorProfile], shared: int) -> int:
    counts = unpacked(shared, SEATS, 2 * len(people))
    return packed(together(people, counts[: len(people)], counts[len(people) :]), WORTH)


@given(cohorts(3, 4))
@hypothesis_settings(max_examples=100, deadline=None)
def test_it_is_worth_what_the_best_of_all_compositions_is(cohort):
    municipalities, people, locked = cohort
    proposal = compose(municipalities, people, locked=locked)
    event(f"breaks: {', '.join(sorted({breach.rule for breach in proposal.breaches})) or 'nothing'}")
    assert proposal.value == best_of_all(municipalities, people, locked)
    assert proposal.value == value(municipalities, people, proposal.seats)
    assert proposal.proven


@given(cohorts(3, 5, locks=False, roomy=True))
@hypothesis_settings(max_examples=40, deadline=None)
def test_with_people_enough_it_is_as_near_and_fair_as_can_be(cohort):
    municipalities, people, _none = cohort
    proposal = compose(municipalities, people)
    event(f"rules broken: {min(2, len(proposal.breaches))}")
    assert proposal.value == best_of_all(municipalities, people, [])


@given(cohorts(9, 12))
@hypothesis_settings(max_examples=100, deadline=None)
def test_every_rule_holds_or_is_named(cohort):
    """Counted here anew: what a proposal breaks and does not name would be hidden."""
    municipalities, people, locked = cohort
    proposal = compose(municipalities, people, locked=locked)
    by_key = {person.key: person for person in people}
    found = set()
    for municipality in municipalities:
        seats = [seat for seat in proposal.seats if seat.municipality == municipality.key]
        group = [by_key[seat.person] for seat in seats]
        holds = {
            Rule.SIZE: len(group) == municipality.size,
            Rule.LEADER: [by_key[seat.person].centre for seat in seats if seat.leads] == [True],
            Rule.PRACTICE: any(not person.centre for person in group),
            Rule.KINDERGARTEN: not municipality.kindergartens or any(person.kindergarten for person in group),
            Rule.SCHOOL: not municipality.schools or any(person.school for person in group),
        }
        found |= {(rule, municipality.key) for rule, held in holds.items() if not held}
        found |= {(Rule.BARRED, municipality.key, p.key) for p in group if municipality.number in p.barred}
    carries = Counter(seat.person for seat in proposal.seats)
    found |= {(Rule.LOAD, key) for key, load in carries.items() if load > by_key[key].most}
    assert {named(breach) for breach in proposal.breaches} == found
    assert list(proposal.breaches) == breaches(municipalities, people, proposal.seats)
    assert len(proposal.breaches) == len(found)


def named(breach):
    if breach.rule == Rule.LOAD:
        return breach.rule, breach.person
    if breach.rule == Rule.BARRED:
        return breach.rule, breach.municipality, breach.person
    return breach.rule, breach.municipality


@given(cohorts(9, 12))
@hypothesis_settings(max_examples=100, deadline=None)
def test_locks_are_kept_and_only_they_go_too_far(cohort):
    municipalities, people, locked = cohort
    proposal = compose(municipalities, people, locked=locked)
    seated = {(seat.municipality, seat.person): seat.leads for seat in proposal.seats}
    kept = {(seat.municipality, seat.person) for seat in locked}
    by_key = {person.key: person for person in people}
    assert len(seated) == len(proposal.seats)
    assert kept <= set(seated)
    assert all(seated[seat.municipality, seat.person] for seat in locked if seat.leads)
    locked_leads = {(seat.municipality, seat.person) for seat in locked if seat.leads}
    for municipality in municipalities:
        group = {person for key, person in seated if key == municipality.key}
        own = {person for key, person in kept if key == municipality.key}
        assert len(group) <= max(municipality.size, len(own))
        assert not any(municipality.number in by_key[person].barred for person in group - own)
        leading = {(municipality.key, person) for person in group if seated[municipality.key, person]}
        assert len(leading - locked_leads) <= 1
        assert all(by_key[person].centre for _key, person in leading - locked_leads)
    load, own_load = Counter(person for _, person in seated), Counter(person for _, person in kept)
    assert all(load[person.key] <= max(person.most, own_load[person.key]) for person in people)


@given(cohorts(9, 12), st.randoms(use_true_random=False))
@hypothesis_settings(max_examples=60, deadline=None)
def test_the_same_facts_in_any_order_give_the_same_seats(cohort, chance):
    municipalities, people, locked = cohort
    proposal = compose(municipalities, people, locked=locked)
    shuffled = [chance.sample(facts, len(facts)) for facts in (municipalities, people, locked)]
    assert compose(*shuffled[:2], locked=shuffled[2] + locked) == proposal
    assert list(proposal.seats) == sorted(proposal.seats)
    assert breaches(*shuffled[:2], shuffled[2]) == breaches(municipalities, people, locked)


@given(cohorts(9, 12, locks=False), st.data())
@hypothesis_settings(max_examples=60, deadline=None)
def test_a_proposal_that_is_locked_stays_as_good(cohort, data):
    municipalities, people, _none = cohort
    proposal = compose(municipalities, people)
    some = [seat for seat in proposal.seats if data.draw(st.booleans())]
    assert compose(municipalities, people, locked=some).value == proposal.value
    assert compose(municipalities, people, locked=proposal.seats) == proposal


@given(cohorts(9, 12))
@hypothesis_settings(max_examples=60, deadline=None)
def test_who_is_the_only_one_to_give_something_is_missed(cohort):
    municipalities, people, locked = cohort
    found = reasons(municipalities, people, locked, locked)
    assert sorted(found) == sorted(municipality.key for municipality in municipalities)
    for key, why in found.items():
        assert {reason.person for reason in why} == {seat.person for seat in locked if seat.municipality == key}
        assert all(reason.locked for reason in why)
        for reason in why:
            without = [seat for seat in locked if (seat.municipality, seat.person) != (key, reason.person)]
            broken = broken_in(key, breaches(municipalities, people, without))
            assert set(reason.alone) == broken - broken_in(key, breaches(municipalities, people, locked))


def broken_in(municipality: int, found: list) -> set[Rule]:
    given_by_one = {Rule.PRACTICE, Rule.KINDERGARTEN, Rule.SCHOOL}
    return {breach.rule for breach in found if breach.municipality == municipality} & given_by_one


@given(cohorts(6, 9, locks=False))
@hypothesis_settings(max_examples=60, deadline=None)
def test_who_has_met_a_municipality_loses_it_for_no_wish(cohort):
    """Groups that break nothing stay when all in them have held sessions, however far or unfair they are."""
    municipalities, people, _none = cohort
    first = compose(municipalities, people)
    whole = {one.key for one in municipalities} - {breach.municipality for breach in first.breaches}
    sits = {key: {seat.person: seat.leads for seat in first.seats if seat.municipality == key} for key in whole}
    met = [
        replace(one, known=frozenset(sits[one.key]), led_by=next(key for key, leads in sits[one.key].items() if leads))
        if one.key in whole
        else replace(one, known=frozenset(), led_by=None)
        for one in municipalities
    ]
    elsewhere = [replace(person, counties=frozenset({"03"}), elsewhere=3) for person in people]
    proposal = compose(met, elsewhere)
    assert proposal.value.parted == 0
    assert {seat for seat in first.seats if seat.municipality in whole} <= set(proposal.seats)
