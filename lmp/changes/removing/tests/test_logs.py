"""A log that was sent in can be taken back, or moved to the municipality that it was about."""

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_contact, make_supervisor, make_user
from guidance.follow_up.continuity import content_of, continuity_of, workloads_of
from guidance.follow_up.involvement import involvement_of
from guidance.models import GuidanceSession, GuidanceSettings, LogMove, Measure
from guidance.tests.conftest import held_session, planned_session
from lmp.changes.removing.tests.conftest import AGREED, NAME, post_due, send, signed_in, text_of
from outbox.models import Message
from participants.models import Contact, Unit

pytestmark = pytest.mark.usefixtures("noon", "db")
WHY = {"why": "elsewhere"}


def held_in(cohort) -> dict[str, int]:
    found = continuity_of(cohort, GuidanceSettings(cohort=cohort), today=timezone.localdate())
    return {one.participation.municipality.name: one.total for one in found}


@pytest.fixture
def other_units(other_participation) -> list[Unit]:
    return [
        Unit.objects.create(participation=other_participation, name=name, kind="school")
        for name in ("Bergen skole", "Fana skole")
    ]


@pytest.fixture
def in_both(supervisor, other_participation) -> None:
    """The supervisor is in the group of the other municipality too."""
    make_supervisor(other_participation, supervisor, leads=True)


def withdraw(session: GuidanceSession) -> str:
    return reverse("removing:withdraw_log", args=[session.pk])


def move(session: GuidanceSession, to=None) -> str:
    return reverse("removing:move_log", args=[session.pk]) + (f"?til={to.pk}" if to else "")


def test_it_counts_nowhere(log, supervisor, cohort, participation):
    assert held_in(cohort)["Indre Fosen"] == 1
    page = send(supervisor, withdraw(log), WHY)
    assert "Loggen er trukket tilbake." in page.text
    assert "trukket tilbake av Vera Veileder" in page.text
    assert held_in(cohort)["Indre Fosen"] == 0
    assert sum(one.sessions for one in content_of(cohort)) == 0
    found = involvement_of([participation])[participation.pk]
    assert found.stakeholders["parents"].sessions == 0
    assert [one.held for one in workloads_of(cohort, today=timezone.localdate())] == [0]
    log.refresh_from_db()
    assert (log.withdrawn_by, log.withdrawn_why) == (supervisor, "elsewhere")


def test_its_text_goes_from_those_who_read_it_and_the_group_sees_it(log, supervisor, leader, contact, head, staff):
    for person in (contact, head):
        assert AGREED in signed_in(person).get(log.get_absolute_url()).text
    send(supervisor, withdraw(log), WHY)
    sessions = reverse("guidance:sessions", args=[log.group.participation_id])
    for person in (contact, head, staff):
        assert signed_in(person).get(log.get_absolute_url()).status_code == 404
        assert AGREED not in signed_in(person).get(sessions).text
    for person in (supervisor, leader):
        page = text_of(signed_in(person).get(log.get_absolute_url()))
        assert "Trukket tilbake" in page
        assert "Grunn: gjaldt en annen kommune" in page
    assert "Trukket tilbake" in signed_in(supervisor).get(sessions).text


def test_those_who_had_read_it_are_told_without_its_text(log, supervisor, contact, head, leader, cohort):
    send(leader, withdraw(log), WHY)
    told = post_due()
    expected = sorted((person.email, "guidance.log_removed") for person in (contact, head, supervisor))
    assert [each for each in told if each[1] == "guidance.log_removed"] == expected
    mail = Message.objects.get(to=contact.email, text_name="guidance.log_removed")
    assert "Indre Fosen" in mail.body
    assert "gjaldt en annen kommune" in mail.body
    assert NAME not in mail.body
    assert AGREED not in mail.body
    assert post_due() == []


def test_what_it_does_is_shown_first(log, measure, coming, supervisor, contact):
    page = text_of(send(supervisor, withdraw(log), WHY, confirmed=False))
    for words in (
        "Loggen fra møtet i Indre Fosen",
        "Tiltak som blir stående",
        "Fembøringen barnehage: Felles rutine for uteområdet",
        "Møter som blir stående",
        "En logg er trukket tilbake eller flyttet",
        "Kari Kontakt",
    ):
        assert words in page
    log.refresh_from_db()
    assert log.withdrawn_at is None


def test_what_was_agreed_in_it_stays_unless_chosen(log, measure, coming, supervisor):
    send(supervisor, withdraw(log), WHY)
    measure.refresh_from_db()
    coming.refresh_from_db()
    assert (measure.withdrawn_at, coming.cancelled_at) == (None, None)


def test_what_is_chosen_goes_with_it(log, measure, coming, supervisor):
    send(supervisor, withdraw(log), WHY | {"measures": [measure.pk], "coming": [coming.pk]})
    measure.refresh_from_db()
    coming.refresh_from_db()
    assert (measure.withdrawn_by, measure.withdrawn_why) == (supervisor, "mistake")
    assert coming.cancelled_by == supervisor


def test_only_once(log, supervisor, leader):
    send(supervisor, withdraw(log), WHY)
    for person in (supervisor, leader):
        assert signed_in(person).post(withdraw(log), WHY | {"_confirmed": "1"}).status_code == 404
        assert signed_in(person).get(move(log)).status_code == 404
    log.refresh_from_db()
    assert log.withdrawn_by == supervisor


@pytest.mark.parametrize("person", ["contact", "head", "officer", "staff", "other_supervisor", "former_supervisor"])
def test_only_the_writer_and_a_project_leader(request, log, person):
    who = request.getfixturevalue(person)
    for url in (withdraw(log), move(log)):
        assert signed_in(who).get(url).status_code == 404
        assert signed_in(who).post(url, WHY | {"_confirmed": "1"}).status_code == 404


def test_it_is_neither_corrected_nor_logged_again_by_a_late_copy(log, supervisor, participation):
    send(supervisor, withdraw(log), WHY)
    client = signed_in(supervisor)
    assert client.get(reverse("guidance:correct_log", args=[log.pk])).status_code == 404
    posted = {
        "token": log.token,
        "action": "send",
        "held_on": log.held_on.isoformat(),
        "format": "visit",
        "minutes": "90",
        "themes": ["bullying"],
        "worked_on": NAME,
        "supervisors": [supervisor.supervisor.pk],
        "no_children": "on",
        "looked_over": ["Jonas"],
    }
    answer = client.post(reverse("guidance:log", args=[participation.pk]), posted, follow=True)
    assert GuidanceSession.objects.held().count() == 0
    assert GuidanceSession.objects.count() == 1
    assert answer.status_code in (200, 409)


def test_the_same_day_can_be_logged_anew(log, supervisor, participation, units, cohort):
    send(supervisor, withdraw(log), WHY)
    held_session(participation, supervisor, units[:1], days=-7)
    assert held_in(cohort)["Indre Fosen"] == 1


def test_a_log_moves_with_everything_of_it(
    corrected, supervisor, in_both, other_participation, other_units, cohort, contact, head
):
    correction = corrected.corrections.get()
    page = send(supervisor, move(corrected, other_participation), {"units": [other_units[1].pk]})
    assert "Loggen er flyttet til Bergen." in page.text
    assert "Loggen er flyttet hit fra Indre Fosen av Vera Veileder" in text_of(page)
    assert held_in(cohort) == {"Bergen": 1, "Indre Fosen": 0}
    session = GuidanceSession.objects.get(pk=corrected.pk)
    assert session.group.participation == other_participation
    assert list(session.units.all()) == [other_units[1]]
    assert session.corrections.get() == correction
    assert session.worked_on == corrected.worked_on
    for person in (contact, head):
        assert signed_in(person).get(session.get_absolute_url()).status_code == 404


def test_the_new_municipality_reads_what_was_agreed(
    log, supervisor, in_both, other_participation, other_units, other_contact, staff
):
    other_head = make_user("fana@example.no", "Fana Rektor")
    make_contact(other_participation, other_head, Contact.Function.HEAD, unit=other_units[1], by=staff)
    send(supervisor, move(log, other_participation), {"units": [other_units[1].pk]})
    for person in (other_contact, other_head):
        assert AGREED in signed_in(person).get(log.get_absolute_url()).text


def test_who_had_read_it_is_told_and_not_where_it_went(
    log, leader, supervisor, contact, head, other_supervisor, other_contact, other_participation, other_units
):
    send(leader, move(log, other_participation), {"units": [other_units[0].pk]})
    told = {to for to, text in post_due() if text == "guidance.log_removed"}
    assert told == {contact.email, head.email, supervisor.email}
    for mail in Message.objects.filter(text_name="guidance.log_removed"):
        assert "Den gjaldt en annen kommune" in mail.body
        assert "Bergen" not in mail.body
        assert AGREED not in mail.body
    assert post_due() == []


def test_a_supervisor_moves_only_to_a_group_of_their_own(log, supervisor, other_supervisor, other_participation):
    page = signed_in(supervisor).get(move(log))
    assert "Du kan bare flytte loggen til en kommune der du selv er i veiledergruppa" in page.text
    url = move(log, other_participation)
    assert signed_in(supervisor).post(url, {"_confirmed": "1"}).status_code == 200
    assert not LogMove.objects.exists()


def test_a_project_leader_moves_to_any_and_sees_it_first(
    log, leader, other_supervisor, other_participation, other_units
):
    assert "Bergen" in signed_in(leader).get(move(log)).text
    page = text_of(send(leader, move(log, other_participation), {"units": [other_units[0].pk]}, confirmed=False))
    assert "Møtet teller i Bergen, og ikke lenger i Indre Fosen." in page
    assert not LogMove.objects.exists()


def test_what_was_agreed_in_it_goes_where_it_is_told(
    log, measure, coming, supervisor, in_both, other_participation, other_units
):
    facts = {"units": [other_units[0].pk], f"measure-{measure.pk}": other_units[0].pk, "coming": [coming.pk]}
    send(supervisor, move(log, other_participation), facts)
    measure.refresh_from_db()
    assert (measure.unit, measure.moves.get().moved_by) == (other_units[0], supervisor)
    coming.refresh_from_db()
    assert coming.cancelled_by == supervisor
    again = other_participation.guidance_group.sessions.planned().get()
    assert (again.held_on, list(again.units.all()), again.planned_in) == (coming.held_on, [other_units[0]], log)


def test_a_measure_can_be_withdrawn_as_the_log_moves(log, measure, supervisor, in_both, other_participation):
    send(supervisor, move(log, other_participation), {f"measure-{measure.pk}": "withdrawn"})
    assert not Measure.objects.standing().exists()


def test_another_session_of_the_day_is_pointed_out(log, supervisor, in_both, other_participation, other_units):
    planned_session(other_participation, supervisor, other_units[:1], days=-7)
    page = text_of(send(supervisor, move(log, other_participation), {}, confirmed=False))
    assert "Bergen har allerede et møte denne dagen." in page


def test_a_second_press_moves_nothing(log, supervisor, in_both, other_participation, other_units):
    url, facts = move(log, other_participation), {"units": [other_units[0].pk], "_confirmed": "1"}
    client = signed_in(supervisor)
    assert client.post(url, facts).status_code == 302
    assert client.post(url, facts).status_code == 200  # the municipality is not to be chosen any more
    assert LogMove.objects.count() == 1


def test_a_log_that_was_moved_can_be_moved_back(
    log, supervisor, in_both, participation, other_participation, other_units, units, cohort
):
    send(supervisor, move(log, other_participation), {"units": [other_units[0].pk]})
    send(supervisor, move(log, participation), {"units": [units[0].pk]})
    assert held_in(cohort) == {"Bergen": 0, "Indre Fosen": 1}
    assert LogMove.objects.count() == 2


def test_the_forms_keep_what_was_chosen(log, measure, supervisor):
    answer = signed_in(supervisor).post(withdraw(log), {"measures": [measure.pk]})
    assert answer.status_code == 422
    assert answer.context["form"]["measures"].value() == [str(measure.pk)]


def test_a_log_of_another_cohort_that_is_long_over_is_no_place(log, leader, other_participation, other_supervisor):
    cohort = other_participation.cohort
    type(cohort).objects.filter(pk=cohort.pk).update(first_year=cohort.first_year - 4)
    assert "Bergen" not in signed_in(leader).get(move(log)).text
