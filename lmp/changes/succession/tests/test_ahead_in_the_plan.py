"""Agreed for a day to come: the preview and the plan say whom the mails go to from then on."""

from datetime import datetime, time, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conftest import make_user, withdraw
from guidance.groups import replacing
from guidance.models import Capacity, Measure, Supervisor
from guidance.tests.conftest import planned_session
from lmp.changes.models import Succession
from lmp.changes.succession.tests.test_ahead import AHEAD, agreed, day, on
from lmp.changes.succession.tests.test_contact import NILS, a_measure, address, typed
from lmp.changes.tasks import carry_out_successions
from outbox import plan
from outbox.tests.conftest import staff_client
from participants.models import Unit
from parts.dates import day_in_words

__all__ = ["agreed", "day", "staff_client"]


@pytest.fixture
def measure(per, contact, day) -> Measure:
    """Due after the day, and reminded of then."""
    found = a_measure(per.unit, "Rektor", by=contact)
    Measure.objects.filter(pk=found.pk).update(ends_on=day + timedelta(days=30))
    return found


def words(day) -> str:
    return (
        f"Nils Nystyrer overtar etter Per Rektor fra og med {day_in_words(day)} (rektor ved Statsbygd skole). "
        "E-postene som følger funksjonen, går da til Nils Nystyrer."
    )


def reminders(now: datetime) -> list[str]:
    return [mail.to for mail in plan.everything(now, now + timedelta(days=60)) if mail.text.name == "guidance.measures"]


def test_the_preview_shows_which_mails_get_another_recipient(client, contact, per, seat, measure, day, now):
    assert reminders(now), "nothing to hand over"
    client.force_login(contact)
    preview = client.post(address(per), typed(per, starts_on=day.isoformat())).context["mails"]
    moved = [name for shift in preview.shifts if shift.is_handed_over for name in shift.names]
    assert "Nils Nystyrer (nils.nystyrer@example.no) i stedet for Per Rektor (per.rektor@example.no)" in moved
    first = timezone.make_aware(datetime.combine(day, time.min))
    assert all(shift.moment >= first for shift in preview.shifts)
    # what goes at once is what is agreed, and not what follows on the day
    assert preview.told == {per.user.email, NILS["email"]}
    assert not Succession.objects.exists()
    per.refresh_from_db()
    assert per.ended_at is None


def test_so_it_does_of_a_supervisor(client, participation, supervisor, units, leader, cohort, day, now):
    member = participation.guidance_group.members.get()
    Supervisor.objects.filter(pk=member.supervisor_id).update(knows_kindergarten=True, knows_school=True)
    facts = {"employer": "centre", "knows_kindergarten": True, "knows_school": True}
    successor = Supervisor.objects.create(user=make_user("else@example.no", "Else"), name="Else", **facts)
    Capacity.objects.create(supervisor=successor, cohort=cohort, most=2)
    session = planned_session(participation, supervisor, units, days=AHEAD + 14)
    chosen = [each.key for each in replacing.holdings(member)]
    sent = {"successor": successor.pk, "note": "", "chosen": chosen, "starts_on": day.isoformat(), "sure": "on"}
    client.force_login(leader)
    preview = client.post(reverse("changes:replace_member", args=[member.pk]), sent).context["mails"]
    moved = [name for shift in preview.shifts if shift.is_handed_over for name in shift.names]
    assert "Else (else@example.no) i stedet for Vera Veileder (vera.veileder@example.no)" in moved
    assert preview.told == {supervisor.email, "else@example.no"}
    member.refresh_from_db()
    assert member.ended_on is None
    assert list(session.supervisors.all()) == [member.supervisor]


def test_what_it_shows_is_what_comes(client, contact, per, measure, agreed, day, now):
    assert set(reminders(now)) == {per.user.email}
    with on(day):
        carry_out_successions()
        assert set(reminders(timezone.now())) == {NILS["email"]}


def test_the_plan_says_who_takes_over(staff_client, staff, measure, agreed, day, now):
    staff_client.force_login(staff)
    query = {"fra": timezone.localdate(now).isoformat(), "til": (day + timedelta(days=60)).isoformat()}
    page = staff_client.get(reverse("mailcalendar:calendar"), query)
    rows = [(timezone.localdate(row["at"]), row["title"], row["notes"]) for row in page.context["rows"]]
    said = [notes for at, title, notes in rows if at >= day and title == "Påminnelse: tiltak med frist"]
    assert said
    assert all(each == [words(day)] for each in said)
    assert not any(notes for at, _title, notes in rows if at < day)
    assert words(day) in page.content.decode()


def test_both_read_it_among_their_mails(staff_client, staff, agreed, per, contact, day):
    client = staff_client
    for user in (per.user, User.objects.get(email=NILS["email"])):
        client.force_login(user)
        assert words(day) in client.get(reverse("overview:own_mails")).content.decode()
        client.force_login(staff)
        page = client.get(reverse("changes:person_mails", args=[user.pk])).content.decode()
        assert words(day) in page
    client.force_login(contact)
    assert words(day) not in client.get(reverse("overview:own_mails")).content.decode()


def test_the_command_says_it_too(measure, agreed, cohort, day):
    out = StringIO()
    call_command("mailplan", cohort.number, stdout=out)
    assert words(day) in out.getvalue()


def test_what_will_not_be_carried_out_is_not_said(agreed, per, staff, day, now):
    assert len(plan.coming_successors()) == 1
    Unit.objects.filter(pk=per.unit_id).update(closed_on=day)
    assert plan.coming_successors() == []
    Unit.objects.filter(pk=per.unit_id).update(closed_on=day + timedelta(days=1))
    assert len(plan.coming_successors()) == 1
    withdraw(per.participation, by=staff, now=now)
    assert plan.coming_successors() == []
