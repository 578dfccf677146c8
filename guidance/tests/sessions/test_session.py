"""A session and a municipality's sessions: each reader sees their part, and no more."""

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_contact
from guidance.models import GuidanceSession, Measure, SessionChange
from guidance.sessions.forms import SessionFilter
from guidance.tests.conftest import sign_in, text_of
from guidance.tests.held_sessions import going_on, held, in_days, planned
from participants.models import Contact

SECRETS = {
    "notes": "Kartla skolegården.",
    "agreed": "Flere vakter.",
    "unit": "Fembøringen barnehage",
    "count": "Styrer og rektor: 2",
    "before": "Det som sto før.",
    "next": "time 08.15",
    "involved": "Foreldre og foresatte: spurt",
    "measure": "Et nytt tiltak",
}
EVERYBODY = {"Telefon", "45 minutter", "Mobbing", "Delmål 4", "Rettet"}
FOR_THE_MUNICIPALITY = {"agreed", "unit", "count", "involved", "measure"}
SIGHT = {
    "supervisor": set(SECRETS) - {"next"},
    "leader": set(SECRETS) - {"next"},
    "contact": FOR_THE_MUNICIPALITY,
    "head": FOR_THE_MUNICIPALITY,
    "officer": set(),
    "staff": set(),
}


@pytest.fixture
def session(participation, supervisor, units) -> GuidanceSession:
    group = going_on(participation)
    facts = {
        "format": "phone",
        "minutes": 45,
        "sub_goals": [4],
        "took_part": {"head": 2},
        "involved": {"parents": ["asked"]},
    }
    made = held(group, supervisor, units=units[:1], worked_on=SECRETS["before"], **facts)
    made.correct(
        facts={"worked_on": SECRETS["notes"]},
        units=units[:1],
        supervisors=[supervisor.supervisor],
        by=supervisor,
        now=timezone.now(),
    )
    opened = {"opened_in": made, "opened_at": timezone.now(), "opened_by": supervisor, "updated_at": timezone.now()}
    days = {"starts_on": in_days(0), "ends_on": in_days(9)}
    Measure.objects.create(unit=units[0], sub_goal=4, what=SECRETS["measure"], why="-", who="-", **days, **opened)
    return made


@pytest.mark.parametrize("person", SIGHT)
def test_who_sees_what(request, client, session, person):
    sign_in(client, request.getfixturevalue(person))
    page = client.get(session.get_absolute_url()).content.decode()
    assert {word for word in EVERYBODY if word in page} == EVERYBODY
    assert {name for name, text in SECRETS.items() if text in page} == SIGHT[person]


@pytest.mark.parametrize("person", SIGHT)
def test_who_sees_what_in_the_list(request, client, session, person):
    sign_in(client, request.getfixturevalue(person))
    page = client.get(reverse("guidance:sessions", args=[session.group.participation_id])).content.decode()
    assert session.get_absolute_url() in page
    assert ("Flere vakter." in page) == bool(SIGHT[person])
    assert ("Fembøringen barnehage" in page) == bool(SIGHT[person])
    assert SECRETS["notes"] not in page
    assert "Vera Veileder" in page


@pytest.mark.parametrize(
    "person", ["other_contact", "former_contact", "other_officer", "other_supervisor", "former_supervisor", "stranger"]
)
def test_strangers(request, client, session, person):
    client.force_login(request.getfixturevalue(person))
    assert client.get(session.get_absolute_url()).status_code == 404
    assert client.get(reverse("guidance:sessions", args=[session.group.participation_id])).status_code == 404


def test_not_signed_in(client, session):
    assert client.get(session.get_absolute_url()).url.startswith(reverse("account_login"))


def test_a_head_sees_the_sessions_of_their_own_unit_alone(client, session, head, supervisor, units):
    other = held(session.group, supervisor, day=-2, units=units[1:2], agreed="Ikke for denne lederen.")
    client.force_login(head)
    response = client.get(reverse("guidance:sessions", args=[session.group.participation_id]))
    assert list(response.context["page"].object_list) == [session]
    assert [str(unit) for unit in response.context["units"]] == ["Fembøringen barnehage"]
    assert client.get(other.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(("person", "buttons"), [("supervisor", 3), ("contact", 0), ("leader", 0)])
def test_buttons_of_a_planned_session(request, client, session, supervisor, person, buttons):
    today = planned(session.group, supervisor)
    client.force_login(request.getfixturevalue(person))
    page = client.get(today.get_absolute_url()).content.decode()
    names = ("log_planned", "move_session", "cancel_session")
    assert sum(reverse(f"guidance:{name}", args=[today.pk]) in page for name in names) == buttons


def test_a_session_to_come_has_no_log_yet(client, session, supervisor):
    later = planned(session.group, supervisor, day=2)
    client.force_login(supervisor)
    page = client.get(later.get_absolute_url()).content.decode()
    assert reverse("guidance:log_planned", args=[later.pk]) not in page


def test_next_session_is_shown_with_what_is_agreed(client, session, supervisor, contact, officer):
    later = planned(session.group, supervisor, day=20, planned_in=session)
    client.force_login(contact)
    assert client.get(session.get_absolute_url()).context["next"] == later
    client.force_login(officer)
    assert later.get_absolute_url() not in client.get(session.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("person", "sees"), [("contact", True), ("head", True), ("officer", False), ("staff", False)])
def test_where_it_is_and_how_the_supervisors_are_reached(request, client, session, supervisor, units, person, sees):
    """A29: no place, no link, no contact details. Who only follows the municipality sees none of the first two."""
    supervisor.supervisor.phone = "00 00 12 34"
    supervisor.supervisor.save()
    where = {"place": "Rådhuset, rom 2", "video_link": "https://example.no/mote/1"}
    coming = planned(session.group, supervisor, day=5, units=units[:1], **where)
    sign_in(client, request.getfixturevalue(person))
    sessions = client.get(reverse("guidance:sessions", args=[session.group.participation_id])).content.decode()
    own = client.get(coming.get_absolute_url()).content.decode()
    for text in where.values():
        assert (text in own, text in sessions) == (sees, sees)
    assert 'href="mailto:vera.veileder@example.no"' in sessions
    assert (
        'href="tel:+4700001234">+47\N{NO-BREAK SPACE}00\N{NO-BREAK SPACE}00\N{NO-BREAK SPACE}12\N{NO-BREAK SPACE}34</a>'
        in sessions
    )
    assert (
        'href="tel:+4700001234">+47\N{NO-BREAK SPACE}00\N{NO-BREAK SPACE}00\N{NO-BREAK SPACE}12\N{NO-BREAK SPACE}34</a>'
        in own
    ) == sees


@pytest.mark.parametrize(("person", "text"), [("contact", "Flere vakter."), ("head", "Flere vakter."), ("officer", "")])
def test_what_was_agreed_the_last_time_stands_where_the_mail_leads(
    request, client, session, supervisor, units, person, text
):
    coming = planned(session.group, supervisor, day=5, units=units[:1])
    client.force_login(request.getfixturevalue(person))
    page = client.get(coming.get_absolute_url()).content.decode()
    assert ('id="sist"' in page) == bool(text)
    assert ("Flere vakter." in page) == bool(text)


@pytest.mark.parametrize("person", ["head", "officer"])
def test_a_head_reads_nothing_of_a_session_without_their_unit(
    request, client, session, staff, supervisor, units, person
):
    """Nor one who sees as a county governor's person that the other session was held."""
    reader = request.getfixturevalue(person)
    if person == "officer":
        make_contact(session.group.participation, reader, Contact.Function.HEAD, by=staff, unit=units[0])
    held(session.group, supervisor, day=-1, units=units[1:2], agreed="Ikke for denne lederen.")
    coming = planned(session.group, supervisor, day=5, units=units[:1])
    client.force_login(reader)
    page = client.get(coming.get_absolute_url()).content.decode()
    assert "Ikke for denne lederen." not in page
    assert "Flere vakter." in page


def test_each_change_stands_with_what_it_was_and_why(client, session, supervisor, contact, officer):
    coming = planned(session.group, supervisor, day=5)
    facts = {"place": "Biblioteket"}
    SessionChange.objects.replan(coming, facts=facts, reason="Rådhuset er stengt", by=supervisor, now=timezone.now())
    client.force_login(contact)
    page = text_of(client.get(coming.get_absolute_url()))
    assert "endret av Vera Veileder." in page
    assert "Sted: Biblioteket (før: Ikke oppgitt ennå)" in page
    assert "Rådhuset er stengt" in page
    client.force_login(officer)
    assert "Rådhuset er stengt" not in text_of(client.get(coming.get_absolute_url()))


def test_coming_first_then_held(client, session, supervisor):
    far, near = planned(session.group, supervisor, day=30), planned(session.group, supervisor, day=3)
    missing = planned(session.group, supervisor, day=-1)
    client.force_login(supervisor)
    response = client.get(reverse("guidance:sessions", args=[session.group.participation_id]))
    assert [each for each, _state in response.context["coming"]] == [near, far]
    assert list(response.context["page"].object_list) == [missing, session]


def test_filters(client, session, supervisor, units):
    held(session.group, supervisor, day=-2, units=units[1:2])
    client.force_login(supervisor)
    url = reverse("guidance:sessions", args=[session.group.participation_id])

    def found(query: str) -> list:
        return list(client.get(f"{url}?{query}").context["page"].object_list)

    assert found(f"enhet={units[0].pk}") == found("format=phone") == [session]
    assert found(f"aar={session.held_on.year + 1}") == []
    for nonsense in ("enhet=x", "enhet=" + "9" * 40, "format=%00", "aar=1", "page=x", "page=999999"):
        assert len(found(nonsense)) == 2


@pytest.mark.parametrize(("number", "query", "is_open"), [(6, "", False), (7, "", True), (6, "?format=phone", True)])
def test_the_choices_are_folded_above_a_few(client, session, supervisor, number, query, is_open):
    """A30: three of them above four cards."""
    for _each in range(number - 1):
        held(session.group, supervisor)
    client.force_login(supervisor)
    page = client.get(reverse("guidance:sessions", args=[session.group.participation_id]) + query).content.decode()
    [tag] = [part.partition(">")[0] for part in page.split("<details")[1:] if "app-few" in part.partition(">")[0]]
    assert (" open" in tag) == is_open


def test_the_unit_is_no_choice_where_there_are_none():
    assert list(SessionFilter(units=[], years=[]).fields) == ["format", "aar"]


def test_an_officer_can_not_ask_which_unit_took_part(client, session, units, officer):
    client.force_login(officer)
    url = reverse("guidance:sessions", args=[session.group.participation_id])
    assert len(client.get(f"{url}?enhet={units[1].pk}").context["page"].object_list) == 1


def test_municipality_without_a_group(client, participation, contact):
    client.force_login(contact)
    response = client.get(reverse("guidance:sessions", args=[participation.pk]))
    assert "ikke satt sammen ennå" in response.content.decode()


def test_fifty_on_a_page(client, session, supervisor):
    for _number in range(51):
        held(session.group, supervisor)
    client.force_login(supervisor)
    url = reverse("guidance:sessions", args=[session.group.participation_id])
    assert len(client.get(url).context["page"].object_list) == 50
    assert len(client.get(f"{url}?page=2").context["page"].object_list) == 2
