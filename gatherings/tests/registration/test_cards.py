"""The gatherings on my page: which, and what is said of each."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gatherings import places, todos
from gatherings.models import Answered, Attendance, Gathering, Registration
from gatherings.registration import cards
from gatherings.tests.conftest import entry
from participants import todos as participants_todos
from participants.functions import functions
from participants.models import Cohort

pytestmark = pytest.mark.usefixtures("noon")


def shown(user, *, days: int = 0) -> list[cards.GatheringCard]:
    """So many days from today."""
    now = timezone.now() + timedelta(days=days)
    today, mine = timezone.localdate(now), functions(user)
    coming = cards.coming(mine.participations, mine.governs, today=today)
    units = participants_todos.units(mine, now)
    _waiting, own = todos.todos(user, now, units=units, coming=coming)
    return cards.cards(coming, own, today=today)


def said(user, *, days: int = 0) -> list[tuple[str, str, str]]:
    return [(card.gathering.title, card.tag, card.expenses) for card in shown(user, days=days)]


@pytest.fixture
def participant(gathering, welcomed, contact) -> Registration:
    """Somebody with no function, with a place and no journey to order."""
    made = places.register(
        gathering, [entry(gathering=gathering, travel="none")], participation=welcomed, by=contact, now=timezone.now()
    )
    return made[0]


def came(registration: Registration, by) -> None:
    day = registration.gathering.starts_on
    Attendance.objects.create(registration=registration, day=day, marked_at=timezone.now(), marked_by=by)


COVERED = "Utgiftene til reise og opphold dekkes."


def test_a_gathering_to_come_is_shown_to_who_is_not_registered(gathering, contact):
    assert said(contact) == [("1. samling", "", "")]
    assert said(contact, days=22) == [("1. samling", "", "")], "its last day"
    assert said(contact, days=23) == []


def test_one_without_a_date_comes_last_and_a_cancelled_one_not_at_all(gathering, contact, cohort):
    Gathering.objects.create(cohort=cohort, semester=2)
    Gathering.objects.create(cohort=cohort, semester=3, settled="cancelled")
    assert [title for title, *_rest in said(contact)] == ["1. samling", "2. samling"]


def test_it_stays_until_its_evaluation_and_expenses_are_over(gathering, participant, contact):
    user = participant.user
    assert said(user) == [("1. samling", "Påmeldt", COVERED)]
    came(participant, contact)
    assert said(user, days=21) == [("1. samling", "Du møtte", COVERED)]
    assert said(user, days=23) == [("1. samling", "Du møtte", COVERED)]
    assert said(user, days=22 + cards.SETTLED_WITHIN.days) == [("1. samling", "Du møtte", COVERED)]
    assert said(user, days=23 + cards.SETTLED_WITHIN.days) == []


def test_who_did_not_come_is_not_said_to_have_come(participant):
    assert [tag for _title, tag, _expenses in said(participant.user, days=21)] == ["Påmeldt"], "the day is not over"
    assert [tag for _title, tag, _expenses in said(participant.user, days=23)] == ["Ikke registrert som møtt"]


def test_who_waited_has_nothing_left_of_it(gathering, participant, welcomed, contact):
    Gathering.objects.update(capacity=1)
    last = [entry(2, gathering=gathering)]
    [waiting] = places.register(gathering, last, participation=welcomed, by=contact, now=timezone.now())
    assert said(waiting.user) == [("1. samling", "På venteliste", "")]
    assert said(waiting.user, days=23) == []


def test_it_is_evaluated_once_and_in_time(gathering, participant, contact):
    last = gathering.ends_on
    assert [card.evaluated_until for card in shown(participant.user, days=22)] == [None], "was not there"
    came(participant, contact)
    until = last + todos.EVALUATED_FOR
    days = [21, 22, 22 + todos.EVALUATED_FOR.days, 23 + todos.EVALUATED_FOR.days]
    answers = [[card.evaluated_until for card in shown(participant.user, days=each)] for each in days]
    assert answers == [[None], [until], [until], [None]]
    Answered.objects.create(gathering=gathering, user=participant.user)
    assert [card.evaluated_until for card in shown(participant.user, days=22)] == [None]


def test_a_full_one_says_so(gathering, participant, contact):
    assert [card.full for card in shown(contact)] == [False]
    Gathering.objects.update(capacity=1)
    assert [card.full for card in shown(contact)] == [True]


@pytest.mark.parametrize("who", ["stranger", "other_contact", "supervisor"])
def test_nothing_of_another_cohort(request, gathering, who, other_participation, participation):
    today = timezone.localdate()
    other_participation.cohort = Cohort.objects.create(
        number=10, first_year=participation.cohort.first_year, starts_on=today, confirm_by=today
    )
    other_participation.save()
    assert said(request.getfixturevalue(who)) == []
