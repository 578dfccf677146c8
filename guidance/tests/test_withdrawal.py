"""A municipality withdraws: what was planned is cancelled, measures stop, and go on when it is with us again."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from conftest import make_supervisor, make_user, withdraw
from guidance import withdrawal
from guidance.mails import planner
from guidance.models import Capacity, GroupMember, GuidanceSession, Measure
from guidance.tests.conftest import a_measure, held_session, planned_session, text_of
from outbox import plan
from outbox.models import Message

pytestmark = pytest.mark.usefixtures("noon")


def leave(participation, *, by) -> withdrawal.EndedGuidance:
    withdraw(participation, by=by, now=timezone.now())
    return withdrawal.withdrawn(participation, by=by, now=timezone.now())


def come_back(participation, *, stay, by) -> withdrawal.ResumedGuidance:
    now, episode = timezone.now(), participation.withdrawal
    participation.come_back(returned_on=timezone.localdate(now), reason="Nytt vedtak", by=by, now=now)
    return withdrawal.returned(participation, withdrawal=episode, stay=stay, by=by, now=now)


def members(participation) -> list[GroupMember]:
    return withdrawal.members_of(participation)


def test_what_is_to_come_is_cancelled_and_what_may_have_been_held_is_left(participation, supervisor, units, staff):
    over = planned_session(participation, supervisor, units[:1], days=-3)
    this_morning = planned_session(participation, supervisor, units[:1])
    held = held_session(participation, supervisor, units[:1], days=-9)
    coming = planned_session(participation, supervisor, units[:1], days=7)

    ended = leave(participation, by=staff)
    assert ended.sessions == [coming]
    assert ended.unlogged == [over, this_morning]
    assert [member.supervisor.name for member in ended.members] == ["Vera Veileder"]
    coming.refresh_from_db()
    assert (coming.cancelled_by, coming.withdrawal) == (staff, participation.withdrawal)
    for session in (over, this_morning, held):
        session.refresh_from_db()
        assert session.cancelled_at is None


def test_a_session_later_today_is_cancelled(participation, supervisor, units, staff):
    session = planned_session(participation, supervisor, units[:1])
    GuidanceSession.objects.filter(pk=session.pk).update(starts_at=time(15))
    assert leave(participation, by=staff).sessions == [session]


def test_who_had_a_mail_about_it_is_mailed_that_it_is_called_off(participation, contact, planned, head, staff):
    with time_machine.travel(timezone.make_aware(datetime.combine(planned.held_on - timedelta(days=1), time(9)))):
        plan.send_due(timezone.now())
        invited = set(Message.objects.filter(text_name="guidance.session").values_list("to", flat=True))
        leave(participation, by=staff)
        plan.send_due(timezone.now())
    off = Message.objects.filter(text_name="guidance.called_off")
    assert invited
    assert set(off.values_list("to", flat=True)) == invited
    assert b"METHOD:CANCEL" in bytes(off[0].attachments.get().content)


def test_measures_that_go_on_are_stopped_and_told_from_those_that_the_unit_stopped(units, head, participation, staff):
    going_on = a_measure(units[0], head, state="underway", progress="Halvveis")
    stopped = a_measure(units[0], head, what="Et annet", state="stopped", progress="Virket ikke")
    finished = a_measure(units[0], head, what="Et tredje", state="finished")

    assert leave(participation, by=staff).measures == [going_on]
    for measure in (going_on, stopped, finished):
        measure.refresh_from_db()
    assert (going_on.state, going_on.stopped_by, going_on.withdrawal) == ("stopped", staff, participation.withdrawal)
    assert (going_on.progress, going_on.begun_by) == ("Halvveis", head)
    assert (stopped.withdrawal, stopped.stopped_by) == (None, head)
    assert finished.state == "finished"


def test_the_measures_page_says_why(client, units, head, participation, staff):
    measure = a_measure(units[0], head, state="underway")
    leave(participation, by=staff)
    client.force_login(head)
    assert "Stoppet</span> da kommunen trakk seg fra prosjektet" in text_of(client.get(measure.get_absolute_url()))


def test_nothing_more_is_planned_to_be_sent(participation, planned, measure, head, supervisor, units, staff):
    planned_session(participation, supervisor, units[:1], days=-10)
    now = timezone.now()
    assert list(planner(now - timedelta(days=100), now + timedelta(days=365)))
    leave(participation, by=staff)
    assert not list(planner(now - timedelta(days=100), now + timedelta(days=365)))


def test_it_goes_on_as_before(participation, planned, measure, supervisor, units, staff):
    leave(participation, by=staff)
    resumed = come_back(participation, stay=members(participation), by=staff)

    measure.refresh_from_db()
    assert resumed.measures == [measure]
    assert (measure.state, measure.withdrawal) == ("planned", None)
    [again] = resumed.sessions
    planned.refresh_from_db()
    assert planned.cancelled_at  # calendars have dropped it
    assert (again.pk != planned.pk, again.held_on, again.starts_at) == (True, planned.held_on, planned.starts_at)
    assert list(again.units.all()) == list(planned.units.all())
    assert list(again.supervisors.all()) == [supervisor.supervisor]
    assert (again.planned_by, again.cancelled_at) == (staff, None)
    assert members(participation) == resumed.stay


def test_a_measure_of_a_unit_that_closed_and_a_session_whose_day_is_over_stay_as_they_are(
    participation, planned, measure, units, staff, today
):
    leave(participation, by=staff)
    units[0].closed_on = today
    units[0].save()
    with time_machine.travel(timezone.make_aware(datetime.combine(planned.held_on + timedelta(days=1), time(9)))):
        resumed = come_back(participation, stay=members(participation), by=staff)
    assert (resumed.sessions, resumed.measures) == ([], [])
    assert Measure.objects.get().state == "stopped"


def test_only_what_this_withdrawal_ended_goes_on(participation, measure, head, units, staff):
    """Withdrawn, with us again, stopped by the unit, withdrawn and back once more."""
    leave(participation, by=staff)
    come_back(participation, stay=members(participation), by=staff)
    measure.refresh_from_db()
    measure.report(state="stopped", progress="Vi ga det opp", by=head, now=timezone.now())
    leave(participation, by=staff)
    assert come_back(participation, stay=members(participation), by=staff).measures == []
    measure.refresh_from_db()
    assert (measure.state, measure.stopped_by) == ("stopped", head)
    assert participation.withdrawals.count() == 2


def test_one_that_stayed_stopped_can_be_taken_up_by_its_unit(participation, measure, head, units, staff, today):
    leave(participation, by=staff)
    units[0].closed_on = today
    units[0].save()
    come_back(participation, stay=[], by=staff)
    measure.refresh_from_db()
    assert measure.withdrawal
    measure.report(state="underway", progress="Vi fortsetter", by=head, now=timezone.now())
    measure.refresh_from_db()
    assert (measure.state, measure.withdrawal) == ("underway", None)


@pytest.fixture
def second(participation, supervisor):
    user = make_user("siv.senter@example.no", "Siv Senter")
    return make_supervisor(participation, user)


@pytest.fixture
def full(cohort, supervisor, other_participation):
    """Vera can carry one, and has taken on another municipality meanwhile."""
    Capacity.objects.create(supervisor=supervisor.supervisor, cohort=cohort, most=1)
    return make_supervisor(other_participation, supervisor)


def test_who_has_room(participation, cohort, second, full, staff):
    Capacity.objects.create(supervisor=second.supervisor, cohort=cohort, most=1)
    leave(participation, by=staff)
    found = withdrawal.rooms(participation)
    assert [(room.member.supervisor.name, room.load, room.most, room.is_there) for room in found] == [
        ("Vera Veileder", 1, 1, False),
        ("Siv Senter", 0, 1, True),
    ]


def test_who_is_not_set_up_in_the_cohort_any_more_has_no_room(participation, supervisor, staff):
    leave(participation, by=staff)
    assert [(room.most, room.is_there) for room in withdrawal.rooms(participation)] == [(None, False)]


def test_who_does_not_stay_leaves_the_group_and_another_leads(participation, planned, supervisor, second, units, staff):
    leave(participation, by=staff)
    resumed = come_back(participation, stay=[second], by=staff)

    second.refresh_from_db()
    old = GroupMember.objects.get(supervisor=supervisor.supervisor)
    assert (old.ended_on, old.history.first().history_user) == (timezone.localdate(), staff)
    assert second.leads
    assert [member.supervisor.name for member in resumed.leave] == ["Vera Veileder"]
    assert list(resumed.sessions[0].supervisors.all()) == [second.supervisor]


def test_without_anybody_left_no_session_is_planned(participation, planned, measure, staff):
    leave(participation, by=staff)
    resumed = come_back(participation, stay=[], by=staff)
    assert (resumed.sessions, resumed.stay) == ([], [])
    assert resumed.measures == [measure]
