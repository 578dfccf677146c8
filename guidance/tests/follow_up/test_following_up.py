"""Silence and missing logs become to-dos of the leader, with a note "fulgt opp" that lets them rest (S13)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_supervisor
from guidance import todos
from guidance.erasing import erase_old
from guidance.models import Composition, FollowUp, GroupMember, Leave
from guidance.tests.conftest import held_session, planned_session, text_of
from participants.functions import functions
from participants.models import Cohort

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def silent(participation, supervisor, units):
    """The last session is 61 days ago, and none is planned."""
    Cohort.objects.filter(pk=participation.cohort_id).update(starts_on=timezone.localdate() - timedelta(days=90))
    participation.cohort.refresh_from_db()
    held_session(participation, supervisor, units, days=-61)
    return participation


def waiting(user) -> list:
    return todos.todos(user, timezone.now(), mine=functions(user))[0]


def titles(leader) -> list[str]:
    return [todo.title for todo in waiting(leader) if "pulje 9" in todo.title]


SILENT = "Lenge siden siste møte i 1 kommune i pulje 9"
MISSING = "Logger mangler i 1 kommune i pulje 9"


def note(client, participation, **fields):
    data = {"kinds": ["silent"], "note": "Ringte Vera. Møte i uke 3.", "weeks": "2"} | fields
    return client.post(reverse("guidance:follow_up", args=[participation.pk]), data)


class TestTodos:
    def test_silence_is_one(self, leader, silent):
        assert titles(leader) == [SILENT]

    def test_a_session_that_is_planned_is_none(self, leader, silent, supervisor, units):
        planned_session(silent, supervisor, units, days=5)
        assert titles(leader) == []

    def test_a_missing_log_is_one_when_its_days_have_passed(self, leader, silent, supervisor, units):
        planned_session(silent, supervisor, units, days=-3)
        assert MISSING not in titles(leader)
        planned_session(silent, supervisor, units, days=-4)
        assert MISSING in titles(leader)

    def test_only_leaders_have_it(self, supervisor, silent):
        assert SILENT not in [todo.title for todo in waiting(supervisor)]

    def test_a_cohort_that_has_not_begun_is_not_asked_about(self, leader, silent):
        Cohort.objects.filter(pk=silent.cohort_id).update(starts_on=timezone.localdate() + timedelta(days=1))
        assert titles(leader) == []

    def test_it_leads_to_the_municipalities(self, client, leader, silent):
        client.force_login(leader)
        [todo] = [one for one in waiting(leader) if one.title == SILENT]
        page = client.get(todo.url)
        assert [row.participation for row, _lacks in page.context["rows"]] == [silent]
        assert reverse("guidance:sessions", args=[silent.pk]) in page.content.decode()


class TestNote:
    @pytest.fixture(autouse=True)
    def _signed_in(self, client, leader):
        client.force_login(leader)

    def test_it_lets_it_rest_and_stands_in_the_table(self, client, leader, silent):
        note(client, silent)
        assert titles(leader) == []
        made = FollowUp.objects.get()
        assert (made.noted_by, made.rests_until) == (leader, timezone.localdate() + timedelta(weeks=2))
        page = text_of(client.get(reverse("guidance:continuity", args=[silent.cohort_id])))
        assert "fulgt opp av Pia Prosjektleder, vises igjen" in page

    def test_it_comes_back_when_the_weeks_are_over(self, client, leader, silent):
        note(client, silent)
        FollowUp.objects.update(rests_until=timezone.localdate())
        assert titles(leader) == [SILENT]

    def test_it_comes_back_when_there_is_something_new(self, client, leader, silent, supervisor, units):
        first = planned_session(silent, supervisor, units, days=-10)
        note(client, silent, kinds=["missing", "silent"])
        assert titles(leader) == []
        planned_session(silent, supervisor, units, days=-6)
        assert titles(leader) == [MISSING]
        assert str(first.pk) in FollowUp.objects.get(kind="missing").seen

    def test_what_is_seen_to_of_one_kind_says_nothing_of_another(self, client, leader, silent, supervisor, units):
        planned_session(silent, supervisor, units, days=-10)
        note(client, silent, kinds=["silent"])
        assert titles(leader) == [MISSING]

    def test_a_name_of_a_child_is_asked_about(self, client, silent):
        response = note(client, silent, note="Eleven Jonas har sluttet på skolen.")
        assert response.status_code == 422
        assert "Det kan se ut som om teksten navngir et barn." in text_of(response)
        assert not FollowUp.objects.exists()

    @pytest.mark.parametrize("fields", [{"kinds": []}, {"weeks": "0"}, {"weeks": "27"}, {"kinds": ["small"]}])
    def test_what_can_not_be(self, client, silent, fields):
        response = note(client, silent, **fields)
        assert response.status_code == 422
        assert "Ringte Vera. Møte i uke 3." in text_of(response)
        assert not FollowUp.objects.exists()

    def test_a_group_that_is_missing_or_small_can_be_noted_too(self, client, leader, silent, staff):
        Composition.objects.create(
            cohort=silent.cohort, made_at=timezone.now(), made_by=staff, published_at=timezone.now(), published_by=staff
        )
        page = text_of(client.get(reverse("guidance:follow_up", args=[silent.pk])))
        assert "For få veiledere i gruppa" in page
        GroupMember.objects.update(ended_on=timezone.localdate())
        assert "Ingen veiledergruppe" in text_of(client.get(reverse("guidance:follow_up", args=[silent.pk])))

    def test_with_nothing_to_see_to_the_page_says_so(self, client, participation):
        page = text_of(client.get(reverse("guidance:follow_up", args=[participation.pk])))
        assert "Ingenting venter i denne kommunen nå." in page

    def test_the_note_is_struck_as_others_are(self, client, silent):
        note(client, silent)
        address = reverse("removing:strike_follow_up", args=[FollowUp.objects.get().pk])
        client.post(address, {"reason": "child", "_confirmed": "1"})
        assert FollowUp.objects.get().note == ""
        page = text_of(client.get(reverse("guidance:follow_up", args=[silent.pk])))
        assert "Teksten er fjernet av Pia Prosjektleder" in page

    def test_it_is_erased_with_the_texts_of_the_guidance(self, client, silent, settings):
        note(client, silent)
        erase_old(today=silent.cohort.ends_on + timedelta(days=settings.CONTACTS_KEPT_DAYS + 1))
        assert FollowUp.objects.get().note == ""


def test_cancellations_are_counted(client, leader, participation, supervisor, units):
    planned_session(participation, supervisor, units, days=5).cancel(by=supervisor, now=timezone.now())
    client.force_login(leader)
    assert "1 møte er avlyst" in text_of(client.get(reverse("guidance:continuity", args=[participation.cohort_id])))


def test_before_anything_is_expected_no_session_is_of_nought(client, leader, participation, supervisor, units):
    """«4 av 0 Møter holdt i 1. semester» (annoying 17)."""
    cohort = participation.cohort
    Cohort.objects.filter(pk=cohort.pk).update(first_year=cohort.first_year + 1)
    held_session(participation, supervisor, units, days=-1)
    client.force_login(leader)
    page = text_of(client.get(reverse("guidance:continuity", args=[cohort.pk])))
    assert "av 0" not in page
    assert "Møter holdt. Ingen er ventet ennå." in page


def test_a_leader_s_to_dos_take_as_many_queries_at_two_as_at_one(leader, silent, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        list(todos.follow_up_todos(today=timezone.localdate()))


class TestLeave:
    @pytest.fixture
    def leave(self, participation, supervisor, units) -> Leave:
        today = timezone.localdate()
        return Leave.objects.create(supervisor=supervisor.supervisor, first_on=today + timedelta(days=5))

    def told(self, leader) -> list[str]:
        return [todo.title for todo in waiting(leader) if "permisjon" in todo.title]

    def test_it_rests_with_a_note_and_comes_back_when_its_time_is_over(self, client, leader, participation, leave):
        assert len(self.told(leader)) == 1
        client.force_login(leader)
        form = client.get(reverse("guidance:follow_up", args=[participation.pk]))
        assert "Permisjon i gruppa: Vera Veileder" in text_of(form)
        assert note(client, participation, kinds=["leave"]).status_code == 302
        assert self.told(leader) == []
        shown = client.get(reverse("guidance:continuity", args=[participation.cohort_id]))
        assert "Permisjon i gruppa: Vera Veileder: fulgt opp av Pia Prosjektleder" in text_of(shown)
        FollowUp.objects.update(rests_until=timezone.localdate())
        assert len(self.told(leader)) == 1

    def test_another_leave_is_something_new(self, client, leader, participation, leave):
        client.force_login(leader)
        note(client, participation, kinds=["leave"])
        Leave.objects.filter(pk=leave.pk).update(last_on=timezone.localdate() + timedelta(days=50))
        assert len(self.told(leader)) == 1

    def test_it_rests_in_that_municipality_only(self, client, leader, participation, other_participation, leave):
        make_supervisor(other_participation, leave.supervisor.user)
        client.force_login(leader)
        note(client, participation, kinds=["leave"])
        [todo] = [todo for todo in waiting(leader) if "permisjon" in todo.title]
        assert "Bergen" in todo.text
        assert "Indre Fosen" not in todo.text

    def test_also_before_the_pulje_has_begun(self, client, leader, participation, leave):
        Cohort.objects.filter(pk=participation.cohort_id).update(starts_on=timezone.localdate() + timedelta(days=40))
        client.force_login(leader)
        assert note(client, participation, kinds=["leave"]).status_code == 302
        assert self.told(leader) == []

    def test_the_supervisors_page_leads_there(self, client, leader, participation, leave, supervisor):
        client.force_login(leader)
        page = reverse("guidance:staffing_supervisor", args=[supervisor.supervisor.pk])
        there = reverse("guidance:follow_up", args=[participation.pk])
        assert there in client.get(page).text
        leave.delete()
        assert there not in client.get(page).text
