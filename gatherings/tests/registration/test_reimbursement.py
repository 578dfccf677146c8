"""Whether expenses are covered: a table of cases, and the same answer from the database as from the rule."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.models import User
from gatherings.models import Gathering, Registration
from gatherings.registration.reimbursement import Reimbursement, ReimbursementState, assess, with_reimbursement

pytestmark = pytest.mark.django_db

State = ReimbursementState
OSLO = ZoneInfo("Europe/Oslo")
DEADLINE, TRAVEL_DEADLINE, TODAY = date(2027, 4, 19), date(2027, 5, 3), date(2027, 4, 26)
ORDERS, OWN_CAR, NO_TRAVEL = Registration.Travel.ORDERS, Registration.Travel.OWN_CAR, Registration.Travel.NONE


def moment(day: date, clock: str = "12:00") -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), OSLO)


@pytest.fixture
def assessed(gathering, welcomed, contact, staff) -> Callable[..., Reimbursement]:
    """What the rule says of somebody who was registered in time and has ordered nothing, with the facts of a case."""

    def assessed(*, today: date = TODAY, **facts) -> Reimbursement:
        of_gathering = {
            "starts_on": date(2027, 5, 20),
            "ends_on": None,
            "settled": Gathering.Settled.FIXED,
            "opens_on": None,
            "closes_on": DEADLINE,
            "travel_closes_on": TRAVEL_DEADLINE,
        }
        Gathering.objects.update(**of_gathering | facts.pop("gathering", {}))
        registered = moment(DEADLINE - timedelta(days=5))
        given = {"name": "Kari", "travel": ORDERS, "registered_at": registered, "placed_at": registered} | facts
        if given.get("offered_at"):
            given["offered_until"] = given["offered_at"]
        if given.get("cancelled_at"):
            given["cancelled_by"] = contact
        if given.get("reimbursement"):
            given |= {"reimbursement_decided_at": registered, "reimbursement_decided_by": staff}
        people = {"user": contact, "registered_by": contact, "participation": welcomed, "function": "owner"}
        made = Registration.objects.create(gathering=gathering, **people, **given)
        rows = Registration.objects.select_related("gathering")
        return assess(with_reimbursement(rows, today=today).get(pk=made.pk))

    return assessed


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
        (
            {"registered_at": moment(DEADLINE + timedelta(days=1), "00:00"), "travel": OWN_CAR},
            TODAY,
            State.NOT_COVERED,
        ),
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
        # no place, nothing to cover
        ({"placed_at": None}, TODAY, State.NONE),
        ({"placed_at": None, "offered_at": moment(TODAY)}, TODAY, State.NONE),
        ({"cancelled_at": moment(TODAY)}, TODAY, State.NONE),
        (
            {"cancelled_at": moment(TODAY), "reimbursement": "covered", "reimbursement_reason": "Syk"},
            TODAY,
            State.NONE,
        ),
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
        ({"gathering": {"settled": "postponed", "travel_closes_on": None}}, TODAY, State.CONDITIONAL),
        (
            {"gathering": {"settled": "postponed", "travel_closes_on": None}, "travel_ordered_on": TODAY},
            TODAY,
            State.COVERED,
        ),
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
        (
            {"reimbursement": "not_covered", "reimbursement_reason": "Ny", "travel": OWN_CAR},
            TODAY,
            State.NOT_COVERED,
        ),
    ],
)
def test_the_rule(assessed, facts, today, state):
    assert assessed(**facts, today=today).state == state


def test_a_moment_in_another_zone_counts_by_the_day_in_norway(assessed):
    evening = datetime(2027, 4, 19, 22, 30, tzinfo=ZoneInfo("UTC"))  # half past midnight in Oslo
    assert assessed(registered_at=evening, travel=OWN_CAR).state == State.NOT_COVERED


def test_it_says_what_to_do_and_by_when(assessed):
    found = assessed()
    assert found.todo == (
        "Bestill reisen etter framgangsmåten til og med mandag 3. mai 2027, og registrer at den er bestilt. "
        "Da dekkes utgiftene."
    )
    assert found.why == ["Reisen er ikke registrert som bestilt."]
    assert not found.decided_by_staff


def test_it_gives_every_reason_and_whom_to_ask(assessed, settings):
    settings.SUPPORT_EMAIL = "hjelp@example.no"
    found = assessed(registered_at=moment(date(2027, 4, 21)), today=TRAVEL_DEADLINE + timedelta(days=1))
    assert found.why == [
        "Påmeldingen kom onsdag 21. april 2027. Fristen var mandag 19. april 2027.",
        "Reisen er ikke registrert som bestilt. Fristen var mandag 3. mai 2027.",
    ]
    assert "hjelp@example.no" in found.todo


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ({"reimbursement": "covered", "reimbursement_reason": "-"}, "Utgiftene til reise og opphold dekkes."),
        ({}, "Utgiftene til reise og opphold dekkes når reisen er bestilt i tide."),
        ({"reimbursement": "not_covered", "reimbursement_reason": "-"}, "Utgiftene til reise og opphold dekkes ikke."),
    ],
)
def test_it_says_whether_it_is_covered(assessed, facts, text):
    assert assessed(**facts).text == text


def test_late_but_the_journey_can_still_be_ordered(assessed, settings):
    found = assessed(registered_at=moment(date(2027, 4, 21)))
    assert found.why == ["Påmeldingen kom onsdag 21. april 2027. Fristen var mandag 19. april 2027."]


def test_what_staff_decided_gives_their_reason(assessed):
    found = assessed(reimbursement="covered", reimbursement_reason="Brukte ferge fordi flyet ble innstilt")
    assert (found.why, found.decided_by_staff) == (["Brukte ferge fordi flyet ble innstilt"], True)
    assert found.todo == ""


def test_nobody_is_asked_to_order_a_journey_to_a_date_that_is_not_set(assessed):
    todo = assessed(gathering={"settled": "postponed"}).todo
    assert todo == "Vent med å bestille reisen til den nye datoen er klar."


@pytest.mark.parametrize(("language", "day"), [("nb", "mandag 3. mai 2027"), ("nn", "måndag 3. mai 2027")])
def test_the_day_is_in_the_language(assessed, language, day):
    with translation.override(language):
        assert day in assessed().todo


def test_the_box_shows_it_all_and_nothing_as_markup(assessed):
    box = render_to_string(
        "gatherings/parts/reimbursement.html",
        {"reimbursement": assessed(reimbursement="covered", reimbursement_reason="<b>Syk</b>")},
    )
    assert "Utgiftene til reise og opphold dekkes." in box
    assert "&lt;b&gt;Syk&lt;/b&gt;" in box
    assert 'data-color="success"' in box


def test_the_address_to_ask_looks_like_a_link_and_nothing_is_markup(assessed, settings):
    settings.SUPPORT_EMAIL = "hjelp@example.no"
    found = assessed(registered_at=moment(date(2027, 4, 21)))
    box = render_to_string("gatherings/parts/reimbursement.html", {"reimbursement": found})
    assert '<a class="ds-link" href="mailto:hjelp@example.no">hjelp@example.no</a>' in box
    box = render_to_string("gatherings/parts/reimbursement.html", {"reimbursement": replace(found, todo="<b>x</b>")})
    assert "&lt;b&gt;x" in box


def by_the_letter(row: Registration, today: date) -> State:
    """The same rule told once more, step by step, from the row alone."""
    gathering = row.gathering
    if row.cancelled_at or not row.placed_at:
        return State.NONE
    if row.reimbursement:
        return State(row.reimbursement)
    if gathering.settled == "cancelled" and not row.travel_ordered_on:
        return State.NONE
    if gathering.closes_on and timezone.localdate(row.registered_at) > gathering.closes_on:
        return State.NOT_COVERED
    return of_the_journey(row, today)


def of_the_journey(row: Registration, today: date) -> State:
    deadline = row.gathering.travel_closes_on
    if row.travel != ORDERS:
        return State.COVERED
    if not deadline:
        # Nobody has set a date, so nobody can know yet that no procedure has to be followed.
        unsettled = row.gathering.settled != "fixed" and not row.travel_ordered_on
        return State.CONDITIONAL if unsettled else State.COVERED
    if row.travel_ordered_on:
        return State.COVERED if row.travel_ordered_on <= deadline else State.NOT_COVERED
    late = row.gathering.settled == "fixed" and today > deadline
    return State.NOT_COVERED if late else State.CONDITIONAL


def test_every_mix_of_facts_is_answered_by_the_letter(gathering, welcomed, staff):
    """Also where two reasons meet, and the list finds the row by the same answer."""
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
        rows = with_reimbursement(Registration.objects.select_related("gathering"), today=today)
        listed = {state: set(rows.filter(reimbursement_state=state).values_list("pk", flat=True)) for state in State}
        for found in rows:
            state = by_the_letter(found, today)
            assert assess(found).state == state, vars(found)
            assert [each for each in State if found.pk in listed[each]] == [state]
            seen.add(state)
    assert seen == set(State)
