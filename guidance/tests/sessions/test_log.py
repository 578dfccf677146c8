"""The log: what it asks, what it is filled with beforehand, what it stores, and who may write it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_contact, make_supervisor, make_user, withdraw
from guidance.models import GuidanceSession, GuidanceSettings, LogDraft
from guidance.tests.held_sessions import (
    as_sent,
    going_on,
    held,
    in_days,
    iso,
    log,
    planned,
)
from parts.dates import day_in_words


@pytest.fixture
def group(participation, supervisor, units):
    return going_on(participation)


@pytest.fixture
def new(group) -> str:
    return reverse("guidance:log", args=[group.participation_id])


def of(session) -> str:
    return reverse("guidance:log_planned", args=[session.pk])


def initial(client, url) -> dict:
    return client.get(url).context["form"].initial


def test_a_log_is_stored_as_it_was_sent(client, supervisor, group, units, new):
    client.force_login(supervisor)
    data = log(
        supervisor,
        units=[units[0].pk, units[2].pk],
        took_head="2",
        took_parents="3",
        took_children="",
        involved_children=["asked", "chose"],
        themes=["bullying", "change"],
        sub_goals=["4", "5"],
        worked_on="Første linje.\r\nAndre linje. ",
    )
    response = client.post(new, data)
    session = GuidanceSession.objects.get()
    assert response.url == session.get_absolute_url()
    assert "Loggen er sendt inn." in client.get(response.url).content.decode()
    assert session.group == group
    assert (session.held_on, session.format, session.minutes) == (timezone.localdate(), "visit", 60)
    assert session.took_part == {"head": 2, "parents": 3}
    assert session.involved == {"children": ["asked", "chose"]}
    assert (session.themes, session.sub_goals) == (["bullying", "change"], [4, 5])
    assert session.worked_on == "Første linje.\nAndre linje."
    assert set(session.units.all()) == {units[0], units[2]}
    assert [str(each) for each in session.supervisors.all()] == ["Vera Veileder"]
    assert (session.submitted_by, str(session.token)) == (supervisor, data["token"])


def test_of_a_planned_session(client, supervisor, group):
    session = planned(group, supervisor, day=-2)
    client.force_login(supervisor)
    client.post(of(session), log(supervisor, held_on=iso(-2)))
    session.refresh_from_db()
    assert session.submitted_by == supervisor
    assert GuidanceSession.objects.count() == 1


def test_next_session_is_planned_once(client, supervisor, group, units, new):
    client.force_login(supervisor)
    data = log(supervisor, units=[units[0].pk], next_on=iso(14), next_at="09:30", next_format="video")
    client.post(new, data)
    made = GuidanceSession.objects.planned().get()
    assert (made.held_on, made.starts_at.isoformat(), made.format) == (in_days(14), "09:30:00", "video")
    assert (made.planned_in, list(made.units.all())) == (GuidanceSession.objects.held().get(), [units[0]])
    client.post(new, log(supervisor, held_on=iso(-1), next_on=iso(14)))
    assert GuidanceSession.objects.held().count() == 2
    assert GuidanceSession.objects.planned().get() == made


def test_cohorts_own_themes_can_be_chosen(client, supervisor, group, new):
    GuidanceSettings.objects.create(cohort=group.participation.cohort, own_themes="Lek ute\nDigital mobbing")
    client.force_login(supervisor)
    client.post(new, log(supervisor, themes=["Digital mobbing"]))
    assert GuidanceSession.objects.get().themes == ["Digital mobbing"]


def test_filled_from_the_last_session_of_the_municipality(client, supervisor, group, units, new):
    held(group, supervisor, day=-9, format="video", minutes=45, took_part={"owner": 1})
    held(group, supervisor, day=-2, units=units[:2], format="phone", minutes=75, took_part={"head": 2})
    client.force_login(supervisor)
    found = initial(client, new)
    assert (found["held_on"], found["format"]) == (timezone.localdate(), "phone")
    assert (found["minutes"], found["other_minutes"]) == ("other", 75)
    assert not [name for name in found if name.startswith("took_")]
    assert set(found["units"]) == {units[0].pk, units[1].pk}
    assert found["supervisors"] == [supervisor.supervisor.pk]
    # What Udir counts is never filled in for anybody
    assert not {"themes", "sub_goals", "worked_on", "agreed"} & set(found)


def test_planned_session_goes_before_the_last_one(client, supervisor, group, units):
    held(group, supervisor, day=-9, units=units[:2], format="phone", minutes=45)
    session = planned(group, supervisor, day=-1, units=[units[3]], format="video")
    client.force_login(supervisor)
    found = initial(client, of(session))
    assert (found["held_on"], found["format"], found["minutes"]) == (in_days(-1), "video", "45")
    assert found["units"] == [units[3].pk]


def test_first_log_of_all_has_the_usual_length(client, supervisor, group, new):
    client.force_login(supervisor)
    assert (initial(client, new)["minutes"], initial(client, new)["format"]) == ("60", "visit")


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("held_on", 1),
        ("held_on", "2013-01-01"),
        ("held_on", "i går"),
        ("format", "fax"),
        ("minutes", ""),
        ("minutes", "59"),
        ("themes", []),
        ("themes", ["finnes ikke"]),
        ("worked_on", " "),
        ("worked_on", "x" * 8001),
        ("worked_on", "a\x00b"),
        ("agreed", "x" * 4001),
        ("took_head", "501"),
        ("took_head", "-1"),
        ("took_head", "to"),
        ("units", ["9" * 30]),
        ("units", ["æ"]),
        ("supervisors", []),
        ("sub_goals", ["7"]),
        ("involved_children", ["x"]),
        ("next_on", 0),
        ("next_on", 4000),
        ("next_at", "25:99"),
    ],
)
def test_bad_input_keeps_what_was_typed(client, supervisor, group, units, new, field, value):
    client.force_login(supervisor)
    data = log(supervisor, agreed="Ny plan æøå.") | {field: as_sent(value)}
    response = client.post(new, data)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert response.context["form"]["agreed"].value() == data["agreed"]
    assert str(response.context["token"]) == data["token"]
    assert not GuidanceSession.objects.exists()


def test_no_number_is_in_a_field_that_a_wheel_changes(client, supervisor, group, new):
    """Twelve became eight at four notches: the counts of who took part, and the minutes."""
    client.force_login(supervisor)
    session = held(group, supervisor, day=-2)
    for address in (new, reverse("guidance:correct_log", args=[session.pk])):
        page = client.get(address).content.decode()
        assert 'type="number"' not in page
        names = ["other_minutes", *(f"took_{function}" for function, _label in GuidanceSession.FUNCTIONS)]
        for name in names:
            tag = next(part for part in page.split("<input")[1:] if f'name="{name}"' in part.split(">")[0])
            assert ('type="text"' in tag.split(">")[0], 'inputmode="numeric"' in tag.split(">")[0]) == (True, True)


def test_another_length_is_asked_for_in_minutes(client, supervisor, group, new):
    client.force_login(supervisor)
    assert list(client.post(new, log(supervisor, minutes="other")).context["form"].errors) == ["other_minutes"]
    client.post(new, log(supervisor, minutes="other", other_minutes="25"))
    assert GuidanceSession.objects.get().minutes == 25


def test_time_without_a_day(client, supervisor, group, new):
    client.force_login(supervisor)
    assert list(client.post(new, log(supervisor, next_at="09:00")).context["form"].errors) == ["next_on"]


def test_date_within_sixty_days_before_the_cohort_began(client, supervisor, group, new):
    """Annoying 15: the message did not say from which day."""
    client.force_login(supervisor)
    refused = client.post(new, log(supervisor, held_on=iso(-261)))
    assert refused.status_code == 422
    said = f"Datoen er før gruppa begynte arbeidet. Den kan tidligst være {day_in_words(in_days(-260))}."
    assert list(refused.context["form"].errors["held_on"]) == [said]
    assert client.post(new, log(supervisor, held_on=iso(-260))).status_code == 302


def test_another_municipalitys_unit_and_supervisor_are_no_choice(
    client, supervisor, other_supervisor, other_participation, group, new
):
    foreign = other_participation.units.create(name="Bergen skole", kind="school")
    client.force_login(supervisor)
    response = client.post(new, log(supervisor, units=[foreign.pk]))
    assert list(response.context["form"].errors) == ["units"]
    response = client.post(new, log(supervisor, supervisors=[other_supervisor.supervisor.pk]))
    assert list(response.context["form"].errors) == ["supervisors"]


def test_held_by_a_colleague_of_the_group(client, supervisor, group, new):
    colleague = make_user("kollega@example.no", "Kolle Ga")
    make_supervisor(group.participation, colleague)
    client.force_login(supervisor)
    client.post(new, log(supervisor, supervisors=[colleague.supervisor.pk]))
    assert [str(each) for each in GuidanceSession.objects.get().supervisors.all()] == ["Kolle Ga"]


def test_a_text_that_names_a_child_is_asked_about(client, supervisor, group, new):
    client.force_login(supervisor)
    data = log(supervisor, worked_on="Vi snakket om eleven Leander i 2. klasse.")
    response = client.post(new, data)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["no_children"]
    assert "Leander" in response.content.decode()
    assert not GuidanceSession.objects.exists()
    # ticked before the words were shown
    assert client.post(new, data | {"no_children": "on"}).status_code == 422
    assert client.post(new, data | {"no_children": "on", "looked_over": ["Leander"]}).status_code == 302
    assert GuidanceSession.objects.get().worked_on == data["worked_on"]


def test_a_word_that_was_not_looked_over_is_asked_about_again(client, supervisor, group, new):
    client.force_login(supervisor)
    over = {"no_children": "on", "looked_over": ["Leander"]}
    data = log(supervisor, worked_on="Eleven Leander.", agreed="Eleven Synnøve.") | over
    assert client.post(new, data).context["form"].suspected == ["Leander", "Synnøve"]


def test_contacts_and_units_are_known_by_name(client, supervisor, staff, group, new):
    person = make_user("torstein@example.no", "Torstein Tveit")
    make_contact(group.participation, person, "owner", by=staff)
    client.force_login(supervisor)
    text = "Torstein og eleven. Eleven snakket med Torstein om Fembøringen og Leksvik."
    assert client.post(new, log(supervisor, worked_on=text)).status_code == 302


def test_a_withdrawn_municipality_plans_nothing_and_its_old_logs_are_received(client, supervisor, staff, group, new):
    withdraw(group.participation, by=staff, now=timezone.now())
    client.force_login(supervisor)
    assert "next_on" not in client.get(new).context["form"].fields
    client.post(new, log(supervisor, held_on=iso(-3), next_on=iso(3)))
    assert GuidanceSession.objects.held().count() == 1
    assert not GuidanceSession.objects.planned().exists()


def test_of_a_cancelled_session(client, supervisor, group):
    session = planned(group, supervisor)
    session.cancel(by=supervisor, now=timezone.now())
    client.force_login(supervisor)
    data = log(supervisor)
    response = client.post(of(session), data)
    assert (response.status_code, response.context["conflict"].kind) == (409, "cancelled")
    assert response.context["form"]["agreed"].value() == data["agreed"]
    client.post(of(session), data | {"action": "separate"})
    assert GuidanceSession.objects.held().get() != session


@pytest.mark.parametrize("person", ["other_supervisor", "former_supervisor", "contact", "leader", "stranger"])
def test_others_write_no_log(request, client, supervisor, group, new, person):
    session = planned(group, supervisor)
    client.force_login(request.getfixturevalue(person))
    for url in (new, of(session)):
        assert client.get(url).status_code == 404
        assert client.post(url, log(supervisor)).status_code == 404
        assert client.post(url, log(supervisor, action="draft")).status_code == 404
    assert not GuidanceSession.objects.held().exists()
    assert not LogDraft.objects.exists()


def test_not_signed_in(client, supervisor, group, new):
    assert client.post(new, log(supervisor)).url.startswith(reverse("account_login"))
    assert not GuidanceSession.objects.exists()


@pytest.mark.parametrize("pk", [0, 10**30])
def test_no_such_municipality(client, supervisor, group, pk):
    client.force_login(supervisor)
    for name in ("log", "log_planned", "session", "sessions", "correct_log", "plan_session", "move_session"):
        assert client.get(reverse(f"guidance:{name}", args=[pk])).status_code == 404
