"""However often a log is sent, and by how many, there is one of each session, and nothing typed is lost."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from conftest import make_supervisor, make_user
from guidance.models import Correction, GuidanceSession
from guidance.sessions.submission import Conflict
from guidance.tests.held_sessions import going_on, held, iso, log, planned

HANDS = 4
SENT = "Loggen er sendt inn."


@pytest.fixture
def group(participation, supervisor, units):
    return going_on(participation)


@pytest.fixture
def colleague(group):
    user = make_user("kollega@example.no", "Kolle Ga")
    make_supervisor(group.participation, user)
    return user


@pytest.fixture
def new(group) -> str:
    return reverse("guidance:log", args=[group.participation_id])


def of(session) -> str:
    return reverse("guidance:log_planned", args=[session.pk])


@pytest.mark.parametrize("is_planned", [True, False])
def test_sent_twice(client, supervisor, group, new, is_planned):
    url = of(planned(group, supervisor)) if is_planned else new
    client.force_login(supervisor)
    data = log(supervisor, next_on=iso(9))
    first, second = client.post(url, data), client.post(url, data)
    session = GuidanceSession.objects.held().get()
    assert first.url == second.url == session.get_absolute_url()
    assert client.get(first.url).content.decode().count(SENT) == 1
    assert GuidanceSession.objects.planned().count() == 1
    assert not Correction.objects.exists()


@pytest.mark.parametrize("is_planned", [True, False])
def test_sent_again_with_another_text_becomes_a_correction_to_look_over(client, supervisor, group, new, is_planned):
    url = of(planned(group, supervisor)) if is_planned else new
    client.force_login(supervisor)
    data = log(supervisor)
    client.post(url, data)
    session = GuidanceSession.objects.held().get()
    response = client.post(url, data | {"agreed": "Noe helt annet."})
    assert response.status_code == 409
    assert response.context["form"]["agreed"].value() == "Noe helt annet."
    session.refresh_from_db()
    assert session.agreed == data["agreed"]
    client.post(
        reverse("guidance:correct_log", args=[session.pk]),
        data | {"agreed": "Noe helt annet.", "seen": response.context["seen"]},
    )
    session.refresh_from_db()
    assert session.agreed == "Noe helt annet."
    assert GuidanceSession.objects.count() == 1


def test_same_log_from_two_tabs(client, supervisor, group, new):
    """Each tab drew a form of its own, and the same was typed in both."""
    client.force_login(supervisor)
    client.post(new, log(supervisor))
    response = client.post(new, log(supervisor))
    assert response.url == GuidanceSession.objects.get().get_absolute_url()
    assert SENT in client.get(response.url).content.decode()


def test_another_log_on_the_same_day_is_asked_about(client, supervisor, group, new):
    held(group, supervisor, day=-1)
    client.force_login(supervisor)
    data = log(supervisor, held_on=iso(-1), agreed="Noe annet.")
    response = client.post(new, data)
    assert list(response.context["form"].errors) == ["another"]
    assert response.context["form"]["agreed"].value() == "Noe annet."
    assert GuidanceSession.objects.count() == 1
    client.post(new, data | {"another": "on"})
    assert GuidanceSession.objects.count() == 2


def test_the_second_supervisors_text_of_the_day_becomes_a_correction(client, supervisor, colleague, group, new):
    """Nobody planned the session, and both wrote a log of it."""
    session = held(group, supervisor, day=-1, agreed="Veras tekst.")
    client.force_login(colleague)
    data = log(colleague, held_on=iso(-1), agreed="Min tekst.")
    page = client.post(new, data).content.decode()
    assert "Vera Veileder har allerede sendt inn en logg for et møte denne dagen." in page
    assert "Nei, legg det inn som en rettelse" in page
    response = client.post(new, data | {"action": "correct"})
    assert (response.status_code, response.context["form"]["agreed"].value()) == (409, "Min tekst.")
    assert "Veras tekst." in response.content.decode()
    assert not Correction.objects.exists()
    correct = reverse("guidance:correct_log", args=[session.pk])
    assert f'action="{correct}"' in response.content.decode()
    client.post(correct, data | {"seen": response.context["seen"]})
    session.refresh_from_db()
    assert (session.agreed, GuidanceSession.objects.count()) == ("Min tekst.", 1)
    assert Correction.objects.get().before["agreed"] == "Veras tekst."


class TestSeveralLogsOfTheDay:
    @pytest.fixture
    def logs(self, group, supervisor, colleague) -> list[GuidanceSession]:
        first = held(group, supervisor, day=-1, worked_on="Formiddagen i barnehagen.", agreed="Veras tekst.")
        return [first, held(group, colleague, day=-1, worked_on="Kvelden på skolen.\nMer.", agreed="-")]

    @pytest.fixture
    def data(self, client, supervisor, logs) -> dict:
        client.force_login(supervisor)
        return log(supervisor, held_on=iso(-1), agreed="Min tekst.")

    def test_each_is_offered_with_who_wrote_it_and_how_it_begins(self, client, new, data, logs):
        response = client.post(new, data)
        page = response.content.decode()
        assert list(response.context["form"].errors) == ["another"]
        assert "Det er allerede sendt inn 2 logger for møter denne dagen." in page
        for session, words in zip(logs, ("Formiddagen i barnehagen.", "Kvelden på skolen. Mer."), strict=True):
            assert f"{session.submitted_by}: «{words}»" in page
            assert session.get_absolute_url() in page
        assert response.context["form"]["agreed"].value() == "Min tekst."

    @pytest.mark.parametrize("number", [0, 1])
    def test_the_chosen_one_is_corrected(self, client, new, data, logs, number):
        response = client.post(new, data | {"action": "correct", "corrects": str(logs[number].pk)})
        assert (response.status_code, response.context["session"]) == (409, logs[number])
        assert response.context["form"]["agreed"].value() == "Min tekst."
        assert not Correction.objects.exists()

    @pytest.mark.parametrize("chosen", ["", "x", "0"])
    def test_none_chosen_is_asked_about_and_nothing_is_lost(self, client, new, data, chosen):
        response = client.post(new, data | {"action": "correct", "corrects": chosen})
        assert list(response.context["form"].errors) == ["corrects"]
        assert "Velg loggen som skal rettes." in response.content.decode()
        assert response.context["form"]["agreed"].value() == "Min tekst."
        assert not Correction.objects.exists()

    def test_a_log_of_another_municipality_is_not_one_of_them(
        self, client, new, data, other_participation, other_supervisor
    ):
        other = held(other_participation.guidance_group, other_supervisor, day=-1)
        response = client.post(new, data | {"action": "correct", "corrects": str(other.pk)})
        assert list(response.context["form"].errors) == ["corrects"]


@pytest.mark.parametrize(("action", "number"), [("for_planned", 1), ("separate", 2)])
def test_a_new_log_on_the_day_of_a_planned_session_is_asked_about(client, supervisor, group, new, action, number):
    session = planned(group, supervisor, day=-1)
    client.force_login(supervisor)
    data = log(supervisor, held_on=iso(-1))
    response = client.post(new, data)
    assert (response.status_code, response.context["conflict"]) == (409, Conflict(Conflict.Kind.PLANNED, session))
    assert not GuidanceSession.objects.held().exists()
    client.post(new, data | {"action": action})
    assert GuidanceSession.objects.held().count() == 1
    assert GuidanceSession.objects.count() == number


def test_the_second_supervisor_is_told_and_keeps_the_text(client, supervisor, colleague, group):
    session = planned(group, supervisor)
    client.force_login(supervisor)
    client.post(of(session), log(supervisor, agreed="Veras tekst."))
    client.force_login(colleague)
    data = log(colleague, agreed="Min tekst.")
    response = client.post(of(session), data)
    assert (response.status_code, response.context["conflict"].kind) == (409, "taken")
    assert "Vera Veileder" in response.content.decode()
    assert response.context["form"]["agreed"].value() == "Min tekst."
    assert GuidanceSession.objects.count() == 1
    # as a correction
    response = client.post(of(session), data | {"action": "correct"})
    assert response.context["form"]["agreed"].value() == "Min tekst."
    assert "Veras tekst." in response.content.decode()
    # or as a session of its own
    client.post(of(session), data | {"action": "separate"})
    session.refresh_from_db()
    assert session.agreed == "Veras tekst."
    assert GuidanceSession.objects.held().exclude(pk=session.pk).get().agreed == "Min tekst."


def test_the_same_text_of_two_people_is_not_one_log(client, supervisor, colleague, group):
    session = planned(group, supervisor)
    client.force_login(supervisor)
    client.post(of(session), log(supervisor))
    client.force_login(colleague)
    assert client.post(of(session), log(supervisor)).status_code == 409


def test_a_token_of_another_municipalitys_log_is_not_taken_over(
    client, supervisor, other_supervisor, other_participation, group, new
):
    foreign = held(going_on(other_participation), other_supervisor)
    client.force_login(supervisor)
    client.post(new, log(supervisor, token=str(foreign.token)))
    own = GuidanceSession.objects.get(group=group)
    assert own.token != foreign.token
    foreign.refresh_from_db()
    assert foreign.submitted_by == other_supervisor


@pytest.mark.parametrize("token", ["", "nei", "\x00", "9" * 500])
def test_a_form_without_a_token(client, supervisor, group, new, token):
    client.force_login(supervisor)
    assert client.post(new, log(supervisor, token=token)).status_code == 302
    assert GuidanceSession.objects.get().token


def test_page_of_a_logged_session(client, supervisor, group):
    session = held(group, supervisor)
    client.force_login(supervisor)
    response = client.get(of(session))
    assert response.status_code == 200
    assert session.get_absolute_url() in response.content.decode()


def test_a_script_is_told_where_to_go_on(client, supervisor, group, new):
    client.force_login(supervisor)
    response = client.post(new, log(supervisor), headers={"X-Requested-With": "fetch"})
    assert response.json() == {"to": GuidanceSession.objects.get().get_absolute_url()}
    assert SENT in client.get(response.json()["to"]).content.decode()


def at_once(act, people) -> list:
    """The same act of as many people, each with a connection of their own, let go together."""
    barrier = Barrier(len(people))

    def send(person):
        try:
            client = Client()
            client.force_login(person)
            barrier.wait()
            return act(client, person).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        return sorted(pool.map(send, people))


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_many_presses_at_once(supervisor, group, new):
    for _round in range(5):
        GuidanceSession.objects.filter(planned_in__isnull=False).delete()
        GuidanceSession.objects.all().delete()
        data = log(supervisor, next_on=iso(9))
        assert at_once(lambda client, _person, data=data: client.post(new, data), [supervisor] * HANDS) == [302] * HANDS
        assert GuidanceSession.objects.held().count() == 1
        assert GuidanceSession.objects.planned().count() == 1


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_two_supervisors_at_once(supervisor, colleague, group):
    for _round in range(5):
        GuidanceSession.objects.filter(planned_in__isnull=False).delete()
        GuidanceSession.objects.all().delete()
        url = of(planned(group, supervisor))
        sent = at_once(
            lambda client, person, url=url: client.post(url, log(person, token=str(uuid.uuid4()), agreed=person.name)),
            [supervisor, colleague],
        )
        assert sent == [302, 409]
        assert GuidanceSession.objects.held().count() == 1
