"""Whether expenses are covered: a table of cases, and the same answer from the database as from the rule."""

from datetime import date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.models import User
from gatherings.models import Gathering, Registration
from gatherings.reimbursement import State, assess, reimbursement_state

OSLO = ZoneInfo("Europe/Oslo")
DEADLINE, TRAVEL_DEADLINE, TODAY = date(2027, 4, 19), date(2027, 5, 3), date(2027, 4, 26)
ORDERS, OWN_CAR, NO_TRAVEL = Registration.Travel.ORDERS, Registration.Travel.OWN_CAR, Registration.Travel.NONE


def moment(day: date, clock: str = "12:00") -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), OSLO)


def row(**facts) -> Registration:
    """Registered and given a place in time, and nothing ordered yet."""
    given = {
        "starts_on": date(2027, 5, 20),
        "settled": Gathering.Settled.FIXED,
        "closes_on": DEADLINE,
        "travel_closes_on": TRAVEL_DEADLINE,
    }
    gathering = Gathering(**given | facts.pop("gathering", {}))
    registered = moment(DEADLINE - timedelta(days=5))
    given = {"name": "Kari", "travel": ORDERS, "registered_at": registered, "placed_at": registered}
    return Registration(gathering=gathering, **given | facts)


@pytest.mark.parametrize(
    ("facts", "today", "state"),
    [
        # the journey
        ({"travel_ordered_on": TRAVEL_DEADLINE - timedelta(days=1)}, TODAY, State.COVERED),
        ({"travel_ordered_on": TRAVEL_DEADLINE}, TODAY, State.COVERED),
        ({"travel_ordered_on": TRAVEL_DEADLINE + timedelta(days=1)}, TODAY, State.NOT_COVERED),
        ({}, TODAY, State.CONDITIONAL),
        ({}, TRAVEL_DEADLINE, State.CONDITIONAL),
        ({}, TRAVEL_DEADLINE + timedelta(days=1), State.NOT_COVERED),
        ({"travel_ordered_on": TRAVEL_DEADLINE}, TRAVEL_DEADLINE + timedelta(days=90), State.COVERED),
        ({"travel": OWN_CAR}, TRAVEL_DEADLINE + timedelta(days=1), State.COVERED),
        ({"travel": NO_TRAVEL}, TRAVEL_DEADLINE + timedelta(days=1), State.COVERED),
        # the registration, by the day in Norway
        ({"registered_at": moment(DEADLINE, "23:59"), "travel": OWN_CAR}, TODAY, State.COVERED),
        ({"registered_at": moment(DEADLINE + timedelta(days=1), "00:00"), "travel": OWN_CAR}, TODAY, State.NOT_COVERED),
        ({"registered_at": moment(DEADLINE, "00:00"), "travel": OWN_CAR}, TODAY, State.COVERED),
        (
            {"registered_at": moment(DEADLINE + timedelta(days=2)), "travel_ordered_on": TRAVEL_DEADLINE},
            TODAY,
            State.NOT_COVERED,
        ),
        ({"registered_at": moment(DEADLINE + timedelta(days=2))}, TODAY, State.NOT_COVERED),
        # no deadline to have missed
        ({"gathering": {"travel_closes_on": None}}, TODAY, State.COVERED),
        ({"gathering": {"closes_on": None}, "travel": OWN_CAR}, TODAY, State.COVERED),
        ({"gathering": {"closes_on": None, "travel_closes_on": None}}, TODAY, State.COVERED),
        # no place, nothing to reimbursement
        ({"placed_at": None}, TODAY, State.NONE),
        ({"placed_at": None, "offered_at": moment(TODAY)}, TODAY, State.NONE),
        ({"cancelled_at": moment(TODAY)}, TODAY, State.NONE),
        ({"cancelled_at": moment(TODAY), "reimbursement": "covered", "reimbursement_reason": "Syk"}, TODAY, State.NONE),
        # moved after the journey was ordered: what was ordered by the stated procedure is still ordered by it
        (
            {
                "travel_ordered_on": date(2027, 4, 20),
                "gathering": {"starts_on": date(2027, 9, 20), "travel_closes_on": date(2027, 9, 1)},
            },
            date(2027, 8, 1),
            State.COVERED,
        ),
        # put off: the old deadline has nothing to say about a journey that nobody can order
        ({"gathering": {"settled": "postponed"}}, TRAVEL_DEADLINE + timedelta(days=1), State.CONDITIONAL),
        ({"gathering": {"settled": "postponed"}, "travel_ordered_on": TODAY}, TODAY, State.COVERED),
        # called off: only what was ordered can cost anything
        ({"gathering": {"settled": "cancelled"}}, TODAY, State.NONE),
        ({"gathering": {"settled": "cancelled"}, "travel": OWN_CAR}, TODAY, State.NONE),
        ({"gathering": {"settled": "cancelled"}, "travel_ordered_on": TODAY}, TODAY, State.COVERED),
        (
            {"gathering": {"settled": "cancelled"}, "travel_ordered_on": TRAVEL_DEADLINE + timedelta(days=1)},
            TODAY,
            State.NOT_COVERED,
        ),
        # decided by staff, both ways
        (
            {
                "reimbursement": "covered",
                "reimbursement_reason": "Syk",
                "registered_at": moment(DEADLINE + timedelta(days=2)),
            },
            TRAVEL_DEADLINE + timedelta(days=9),
            State.COVERED,
        ),
        ({"reimbursement": "not_covered", "reimbursement_reason": "Ny", "travel": OWN_CAR}, TODAY, State.NOT_COVERED),
    ],
)
def test_the_rule(facts, today, state):
    assert assess(row(**facts), today=today).state == state


def test_a_moment_in_another_zone_counts_by_the_day_in_norway():
    evening = datetime(2027, 4, 19, 22, 30, tzinfo=ZoneInfo("UTC"))  # half past midnight in Oslo
    assert assess(row(registered_at=evening, travel=OWN_CAR), today=TODAY).state == State.NOT_COVERED


def test_it_says_what_to_do_and_by_when():
    found = assess(row(), today=TODAY)
    assert found.todo == (
        "Bestill reisen innen mandag 3. mai 2027 etter framgangsmåten, og registrer at den er bestilt. "
        "Da dekkes utgiftene."
    )
    assert found.why == ["Reisen er ikke registrert som bestilt."]
    assert not found.decided_by_staff


def test_it_gives_every_reason_and_whom_to_ask(settings):
    settings.SUPPORT_EMAIL = "hjelp@example.no"
    found = assess(row(registered_at=moment(date(2027, 4, 21))), today=TRAVEL_DEADLINE + timedelta(days=1))
    assert found.why == [
        "Påmeldingen kom onsdag 21. april 2027. Fristen var mandag 19. april 2027.",
        "Reisen er ikke registrert som bestilt. Fristen var mandag 3. mai 2027.",
    ]
    assert "hjelp@example.no" in found.todo


def test_late_but_the_journey_can_still_be_ordered(settings):
    found = assess(row(registered_at=moment(date(2027, 4, 21))), today=TODAY)
    assert found.why == ["Påmeldingen kom onsdag 21. april 2027. Fristen var mandag 19. april 2027."]


def test_what_staff_decided_gives_their_reason():
    found = assess(
        row(reimbursement="covered", reimbursement_reason="Brukte ferge fordi flyet ble innstilt"), today=TODAY
    )
    assert (found.why, found.decided_by_staff) == (["Brukte ferge fordi flyet ble innstilt"], True)
    assert found.todo == ""


def test_nobody_is_asked_to_order_a_journey_to_a_date_that_is_not_set():
    todo = assess(row(gathering={"settled": "postponed"}), today=TODAY).todo
    assert todo == "Vent med å bestille reisen til den nye datoen er klar."


@pytest.mark.parametrize(("language", "day"), [("nb", "mandag 3. mai 2027"), ("nn", "måndag 3. mai 2027")])
def test_the_day_is_in_the_language(language, day):
    with translation.override(language):
        assert day in assess(row(), today=TODAY).todo


def test_the_box_shows_it_all_and_nothing_as_markup():
    box = render_to_string(
        "gatherings/parts/reimbursement.html",
        {"reimbursement": assess(row(reimbursement="covered", reimbursement_reason="<b>Syk</b>"), today=TODAY)},
    )
    assert "Utgiftene til reise og opphold dekkes." in box
    assert "&lt;b&gt;Syk&lt;/b&gt;" in box
    assert 'data-color="success"' in box


@pytest.mark.django_db
def test_the_database_says_the_same(gathering, welcomed, staff):
    """The list filters and sorts in the database; every mix of facts gets the answer that the rule gives."""
    today = timezone.localdate()
    around = [today - timedelta(days=1), today, today + timedelta(days=1)]
    travels = [(ORDERS, None), *((ORDERS, day) for day in around), (OWN_CAR, None), (NO_TRAVEL, around[0])]
    moments = [moment(day, clock) for day in around[:2] for clock in ("00:00", "23:59")]
    decisions: list[tuple[str, bool, bool]] = [
        ("", True, False),
        ("", False, False),
        ("", True, True),
        ("covered", True, False),
        ("not_covered", True, False),
        ("covered", False, False),
    ]
    for number, facts in enumerate(product(travels, moments, decisions)):
        (travel, ordered), registered, (decided, placed, cancelled) = facts
        Registration.objects.create(
            gathering=gathering,
            participation=welcomed,
            user=User.objects.create_user(f"person.{number}@example.no", name="Person"),
            name="Person",
            function="owner",
            travel=travel,
            travel_ordered_on=ordered,
            registered_at=registered,
            registered_by=staff,
            placed_at=registered if placed else None,
            cancelled_at=registered if cancelled else None,
            cancelled_by=staff if cancelled else None,
            reimbursement=decided,
            reimbursement_reason="Syk" if decided else "",
            reimbursement_decided_at=registered if decided else None,
            reimbursement_decided_by=staff if decided else None,
        )
    seen = set()
    for closes, travel_closes, settled in product([None, today], [None, *around], Gathering.Settled.values):
        Gathering.objects.update(
            opens_on=None, closes_on=closes, travel_closes_on=travel_closes, settled=settled, starts_on=around[2]
        )
        rows = Registration.objects.select_related("gathering").annotate(answer=reimbursement_state(today=today))
        for found in rows:
            assert found.answer == assess(found, today=today).state, vars(found)
            seen.add(found.answer)
    assert seen == set(State)
