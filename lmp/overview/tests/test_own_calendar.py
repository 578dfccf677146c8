"""Own sessions in the personal calendar feed, at the address that the gatherings have."""

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_contact, make_user, withdraw
from gatherings.models import Feed
from guidance.models import GroupMember
from guidance.tests.conftest import FACTS, held_session, planned_session


def entries(client, user) -> list[icalendar.Event]:
    feed = Feed.objects.open_for(user, now=timezone.now())
    response = client.get(reverse("gatherings:feed_file", args=[feed.token]))
    return icalendar.Calendar.from_ical(response.content).walk("VEVENT")


@pytest.fixture
def session(participation, supervisor, units):
    return planned_session(participation, supervisor, units[:1], days=7)


def test_who_is_to_come_has_it(client, session, supervisor, head, contact):
    for person in (supervisor, head, contact):
        [event] = entries(client, person)
        assert str(event["uid"]).startswith(f"veiledning-{session.pk}@")
        assert event["dtstart"].dt.date() == session.held_on


def test_who_is_not_to_come_has_it_not(
    client, session, other_supervisor, former_supervisor, other_contact, stranger, participation, units, staff
):
    other_head = make_user("rektor@example.no", "Rektor Annen")
    make_contact(participation, other_head, "head", unit=units[2], by=staff)
    for person in (other_supervisor, former_supervisor, other_contact, stranger, other_head):
        assert entries(client, person) == []


def test_who_has_left_the_group_has_it_no_more(client, session, supervisor):
    GroupMember.objects.filter(supervisor__user=supervisor).update(ended_on=timezone.localdate())
    assert entries(client, supervisor) == []


def test_a_cancelled_session_and_a_withdrawn_municipality_are_out(client, session, supervisor, participation, staff):
    second = planned_session(participation, supervisor, [], days=8)
    session.cancel(by=supervisor, now=timezone.now())
    assert [str(event["uid"]).split("@")[0] for event in entries(client, supervisor)] == [f"veiledning-{second.pk}"]
    withdraw(participation, by=staff, now=timezone.now())
    assert entries(client, supervisor) == []


def test_nothing_of_the_log_is_in_it(client, participation, supervisor, units):
    held_session(participation, supervisor, units, days=-1)
    [event] = entries(client, supervisor)
    assert FACTS["worked_on"] not in event.to_ical().decode()
    assert FACTS["agreed"] not in event.to_ical().decode()
