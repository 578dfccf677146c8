import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import AddressChange, User
from gatherings.day import evaluation
from gatherings.models import Attendance, Gathering, Registration
from guidance.models import GuidanceGroup, GuidanceSession, PublishedChange, SessionChange
from lmp.changes.models import Succession
from lmp.demo import load, personas
from lmp.demo.data import cast
from lmp.welcome.load_facts import letter_facts, with_facts
from lmp.welcome.models import LetterText
from outbox.models import Message, MessageState
from outbox.queue import queue_delivery
from participants import organisation_number
from participants.models import Cohort, Confirmation, Contact, Participation, ProjectGroup, Unit
from participants.states import with_state

pytestmark = [pytest.mark.xdist_group("the demo"), pytest.mark.slow]  # or every process would load it


def stated():
    return with_state(Participation.objects.all(), today=timezone.localdate())


def current(number: str) -> Participation:
    return stated().get(cohort__number=8, municipality__number=number)


@pytest.mark.usefixtures("demo")
class TestPulje5:
    def test_is_as_the_letter_describes_it(self):
        cohort = Cohort.objects.get(number=5)
        participation = cohort.participations.get()

        assert participation.municipality.number == "5054"
        assert cohort.starts_on == date(2020, 9, 1)
        assert [unit.name for unit in participation.units.all()] == [
            "Fembøringen barnehage",
            "Leksvik barnehage",
            "Statsbygd skole",
            "Testmann minne skole",
        ]

    def test_has_the_letters_gatherings(self):
        kick_off, first, *others = Gathering.objects.filter(cohort__number=5)

        assert (kick_off.starts_on, kick_off.is_settled) == (date(2020, 4, 21), False)
        assert (first.starts_on, first.ends_on, first.is_settled) == (date(2020, 9, 8), date(2020, 9, 9), True)
        assert kick_off.venue == first.venue == "Clarion Hotel & Congress, Gardermoen"
        assert [(gathering.semester, gathering.starts_on) for gathering in others] == [(2, None), (3, None), (4, None)]

    def test_its_first_gathering_was_held_and_evaluated(self):
        first = Gathering.objects.get(cohort__number=5, semester=1)

        came = Attendance.objects.filter(registration__gathering=first)
        assert came.values("registration").distinct().count() == 7
        assert [came.filter(day=day).count() for day in first.days] == [7, 6]
        assert first.answers.count() == first.answered.count() == 6 >= evaluation.MIN_ANSWERS

    def test_is_confirmed_and_over(self, now):
        participation = stated().get(cohort__number=5)

        assert participation.answered_at.year == 2020
        assert set(participation.units.values_list("children", flat=True)) == {43, 61, 88, 132}
        contact = participation.editors().first().user
        assert not Participation.objects.editable_by(contact, today=timezone.localdate(now)).filter(cohort__number=5)

    def test_looks_as_old_as_it_is(self):
        participation = Participation.objects.get(cohort__number=5)
        assert {row.history_date.year for row in participation.history.all()} == {2020}


@pytest.mark.usefixtures("demo")
class TestTheCurrentPulje:
    def test_asks_indre_fosen_to_confirm_in_about_two_weeks(self, now):
        participation = current("5054")

        assert participation.welcomed_at < now
        assert participation.answered_at is None
        assert 14 <= (participation.due_on - timezone.localdate(now)).days <= 16

    def test_has_a_municipality_at_every_stage(self, now):
        today = timezone.localdate(now)
        states = {
            participation.municipality.number: participation
            for participation in (stated().filter(cohort__number=8).select_related("municipality"))
        }

        assert 13 <= len(states) <= 16
        assert states["1505"].nominated_at
        assert not states["1505"].accepted_at
        assert states["0301"].accepted_at
        assert not states["0301"].welcomed_at
        assert states["5006"].due_on < today
        assert not states["5006"].answered_at
        assert states["5059"].answered_at
        assert states["5035"].ppt == "no"
        assert states["1515"].confirmations.count() == 2
        assert states["1515"].open_confirmation
        assert states["4204"].withdrawn_at
        gone = states["4204"].withdrawals.get()
        assert gone.decided_on < timezone.localdate(gone.withdrawn_at)
        assert Message.objects.filter(text_name="changes.withdrawn").exists()
        assert states["4621"].confirmations.get().drafts.count() == 1

    def test_shows_what_a_municipality_changed(self):
        changed = [change["what"] for change in Confirmation.objects.get(participation=current("5059")).changes]
        assert "Ny kontaktperson" in changed
        assert any(what.startswith("Navn, ") for what in changed)

    def test_has_thirty_units_somewhere_and_both_written_languages(self):
        assert current("4601").units.count() == 30
        assert {current("4621").language, current("5054").language} == {"nb", "nn"}
        assert current("4621").units.filter(name__endswith="skule").exists()

    def test_has_register_figures_guidance_groups_and_some_project_groups(self):
        units = Unit.objects.filter(participation__cohort__number=8)
        assert not units.exclude(kind="sfo").filter(register_children=None).exists()
        sizes = {group.members.count() for group in GuidanceGroup.objects.all()}
        assert sizes == {2, 3, 4}
        with_group = ProjectGroup.objects.filter(unit__in=units).count()
        assert 0 < with_group < units.count()

    def test_every_group_was_published_so_that_its_history_can_be_read(self):
        joined = PublishedChange.objects.filter(what=PublishedChange.What.JOINED)
        with_group = GuidanceGroup.objects.values_list("participation", flat=True)
        assert set(joined.values_list("participation", flat=True)) == set(with_group)
        assert set(joined.values_list("participation__cohort__number", flat=True)) == {5, 7, 8}

    def test_staff_see_mails_that_were_sent_are_retried_and_were_given_up(self, now):
        by_state = {state: Message.objects.in_state(state, now).count() for state in MessageState}

        assert by_state[MessageState.SENT] > 50
        assert by_state[MessageState.GIVEN_UP] == 2
        assert by_state[MessageState.RETRYING] == 1
        assert by_state[MessageState.WAITING] == by_state[MessageState.SENDING] == 0

    def test_has_a_gathering_that_is_open_and_full(self, now):
        kick_off = Gathering.objects.get(cohort__number=8, kind="kick_off")

        assert kick_off.is_open(today=timezone.localdate(now))
        kick_off.full_clean()
        assert kick_off.registrations.placed().count() == kick_off.capacity
        assert kick_off.registrations.waiting().exists()
        assert kick_off.registrations.placed().filter(user__email=personas.HEAD.email).exists()


@pytest.mark.usefixtures("demo")
def test_a_unit_closes_next_summer_and_those_concerned_know(now):
    closing = Unit.objects.get(closed_on__gt=timezone.localdate(now))
    assert (closing.closed_on.month, closing.closed_on.day) == (8, 1)
    assert closing.is_active(today=timezone.localdate(now))
    assert closing.closures.get().carried_out_at is None
    assert Message.objects.filter(text_name="participants.unit_changed", about_id=closing.pk).exists()


@pytest.mark.usefixtures("demo")
class TestInvented:
    def test_everybody_is_at_example_no(self):
        assert not User.objects.exclude(email__endswith="@example.no").exists()

    def test_those_who_lead_and_sign_are_of_the_invented_cast(self):
        invented = {cast.FORMER_COLLEAGUE.name, *User.objects.values_list("name", flat=True)}
        signed = [
            line
            for texts in LetterText.objects.all()
            for line in (texts.project_leaders + "\n" + texts.senders).split("\n")
        ]
        assert len(signed) == 2 * (6 + 4 + 4)
        assert {line.partition(", ")[0] for line in signed} <= invented

    def test_everybody_named_in_a_letter_is_of_the_invented_cast(self):
        invented = set(User.objects.values_list("name", flat=True))
        for participation in with_facts(Participation.objects.filter(letters__isnull=False)):
            facts = letter_facts(participation, today=date(2020, 3, 24))
            assert {contact.name for contact in facts.contacts} | set(facts.supervisors) <= invented
            assert {unit.head for unit in facts.units} <= invented | {""}

    def test_organisation_numbers_are_valid_and_of_no_real_unit(self):
        numbers = list(Unit.objects.exclude(organisation_number="").values_list("organisation_number", flat=True))

        assert all(organisation_number.is_valid(number) and number.startswith("3") for number in numbers)
        assert len(set(numbers)) == len(numbers)

    def test_everybody_on_the_sign_in_page_is_there(self):
        emails = [persona.person.email for persona in personas.PERSONAS]
        assert User.objects.filter(email__in=emails, is_active=True).count() == len(emails) == 7


@pytest.mark.usefixtures("demo")
class TestLoading:
    def test_says_what_it_is_at_and_how_much_is_left(self, loaded):
        assert [re.search(r"pulje \d|mails", line)[0] for line in loaded.said] == [
            "pulje 5",
            "pulje 7",
            "pulje 8",
            "mails",
        ]
        assert [re.search(r"\d(?= parts? left)", line)[0] for line in loaded.said] == ["4", "3", "2", "1"]

    def test_a_second_time_changes_nothing(self, loaded, now):
        assert loaded.anything
        contact = Contact.objects.filter(participation__cohort__number=8).first()
        contact.correct(name="Endret Avprøver", phone="", by=contact.user)
        before = (User.objects.count(), Message.objects.count())
        said: list[str] = []

        assert not load.load(now=now + timedelta(days=1), say=said.append)

        assert (User.objects.count(), Message.objects.count()) == before
        assert Contact.objects.filter(name="Endret Avprøver").exists()
        assert said == []

    def test_takes_seconds_and_no_minutes(self, loaded):
        assert loaded.seconds < 25

    def test_leaves_the_worker_nothing_to_deliver(self):
        assert queue_delivery not in [hook[1] for hook in connection.run_on_commit]


def test_somebody_has_changed_their_address(demo):
    changed = AddressChange.objects.get()
    assert changed.changed_by == changed.user
    assert changed.user.email == f"orkland.{changed.before}"
    assert changed.user.registrations.placed().exists()
    assert set(Message.objects.filter(text_name="gatherings.readdressed").values_list("to", flat=True)) == {
        changed.before,
        changed.after,
    }


@pytest.mark.usefixtures("demo")
def test_a_successor_has_the_seat_and_another_comes_in_a_month():
    done = Succession.objects.get(carried_out_at__isnull=False)
    assert Registration.objects.placed().filter(user=done.successor, gathering__kind="kick_off").exists()
    assert not Registration.objects.active().filter(user=done.contact.user, gathering__kind="kick_off").exists()
    ahead = Succession.objects.coming().get()
    assert ahead.starts_on > timezone.localdate()
    assert ahead.contact.ended_at is None


@pytest.mark.usefixtures("demo")
def test_sessions_have_a_place_a_link_and_one_was_moved_and_told():
    planned = GuidanceSession.objects.planned()
    assert planned.filter(format="visit").exclude(place="").exists()
    assert planned.filter(format="video").exclude(video_link="").exists()
    change = SessionChange.objects.get()
    told = Message.objects.filter(text_name="guidance.session", about_id=str(change.session_id))
    assert told.filter(subject__startswith="Ny dato", body__contains="(før: ", created_at=change.changed_at).exists()
