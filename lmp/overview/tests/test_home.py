"""My page: what is left to do, for whoever signs in."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.authentication import second_factor
from conftest import make_contact, make_supervisor, make_user, withdraw
from guidance.models import GuidanceSession, Measure
from participants.confirmation import asking
from participants.models import Contact, ProjectGroup, Unit


@pytest.fixture
def asked(participation, contact, units, staff):
    now = timezone.now()
    participation.welcome(by=staff, now=now)
    return asking.ask(participation, due_on=timezone.localdate(now) + timedelta(days=14), by=staff, now=now)


def titles(client, user) -> list[str]:
    client.force_login(user)
    return [todo.title for todo in client.get("/").context["todos"]]


def test_a_contact_confirms_first(client, asked, contact):
    assert titles(client, contact) == ["Bekreft opplysningene for Indre Fosen"]


def test_a_confirmed_contact_is_asked_for_what_was_put_off(client, asked, contact):
    asked.answer(snapshot={}, changes=[], comment="", by=contact, now=timezone.now())
    assert titles(client, contact) == [
        "Avgjør om PP-tjenesten deltar",
        "Informer politisk nivå",
        "Legg til styrer eller rektor ved 4 enheter",
        "Sett sammen prosjektgruppa ved 4 enheter",
    ]


def test_a_contact_counts_what_is_new_since_the_municipality_confirmed(client, asked, contact, participation, staff):
    """One has its own page; of several each is named, and the button leads to where they stand."""
    now = timezone.now()
    asked.answer(snapshot={}, changes=[], comment="", by=contact, now=now)
    facts = {"participation": participation, "kind": Unit.Kind.KINDERGARTEN, "ownership": Unit.Ownership.PUBLIC}
    new = [Unit.objects.create(name="Åsly barnehage", organisation_number="958935420", **facts)]
    client.force_login(contact)

    def counting() -> list[tuple[str, str, str]]:
        todos = client.get("/").context["todos"]
        return [(todo.title, todo.text, todo.url) for todo in todos if todo.button == "Skriv inn"]

    assert counting() == [
        (
            "Skriv inn antall barn ved Åsly barnehage",
            "Resten av det dere har bekreftet, gjelder fortsatt.",
            reverse("participants:count", args=[new[0].pk]),
        )
    ]
    new.append(Unit.objects.create(name="Elvebakken barnehage", organisation_number="974778807", **facts))
    assert counting() == [
        (
            "Skriv inn antall barn ved 2 enheter",
            "Elvebakken barnehage og Åsly barnehage",
            reverse("overview:participation", args=[participation.pk]) + "#enheter",
        )
    ]


def test_a_contact_who_has_done_it_all_has_nothing_left(client, asked, contact, participation, units, staff):
    asked.answer(snapshot={}, changes=[], comment="", by=contact, now=timezone.now())
    today = timezone.localdate()
    participation.decide(ppt="no", political_on=today, political_body="Kommunestyret", by=contact)
    for unit in units:
        group = ProjectGroup.objects.create(unit=unit, updated_at=timezone.now())
        group.members.create(name="Le Der", part="leader")
        leads = make_user(f"leder.{unit.pk}@example.no", "Le Der")
        make_contact(participation, leads, Contact.Function.HEAD, unit=unit, by=staff)
    assert titles(client, contact) == []
    assert "Ingenting venter på deg nå" in client.get("/").content.decode()


def test_a_head_sees_to_their_own_unit(client, asked, head):
    assert titles(client, head) == ["Sett sammen prosjektgruppa ved Fembøringen barnehage"]


@pytest.mark.parametrize("who", ["other_contact", "former_contact", "officer", "supervisor", "stranger"])
def test_nothing_of_it_waits_for_others(client, request, asked, who):
    assert titles(client, request.getfixturevalue(who)) == []


def test_before_the_letter_nothing_waits(client, participation, contact, staff):
    now = timezone.now()
    asking.ask(participation, due_on=timezone.localdate(now), by=staff, now=now)
    assert titles(client, contact) == []


def test_the_most_urgent_comes_first(client, asked, contact, other_participation, staff):
    now = timezone.now()
    other_participation.welcome(by=staff, now=now)
    asking.ask(other_participation, due_on=timezone.localdate(now) + timedelta(days=2), by=staff, now=now)
    make_contact(other_participation, contact, Contact.Function.OWNER, by=staff)
    assert titles(client, contact) == [
        "Bekreft opplysningene for Bergen",
        "Bekreft opplysningene for Indre Fosen",
    ]


def test_staff_have_a_page_of_their_own(client, staff):
    client.force_login(staff)
    session = client.session
    second_factor.remember(session, staff, kind="totp")
    session.save()
    assert client.get("/").url == reverse("admin:index")


def a_missing_log(participation, supervisor, *, days: int) -> GuidanceSession:
    today = timezone.localdate()
    return GuidanceSession.plan(
        group=participation.guidance_group,
        held_on=today - timedelta(days=days),
        starts_at=None,
        format="visit",
        units=[],
        supervisors=[supervisor.supervisor],
        by=supervisor,
        now=timezone.now(),
    )


def test_a_supervisor_writes_the_missing_log(client, participation, supervisor):
    session = a_missing_log(participation, supervisor, days=2)
    assert titles(client, supervisor) == ["Skriv loggen fra møtet i Indre Fosen"]
    assert reverse("guidance:log_planned", args=[session.pk]) in client.get("/").content.decode()


def test_what_is_most_urgent_comes_first_whichever_app_it_is_of(client, asked, participation, contact):
    make_supervisor(participation, contact)
    a_missing_log(participation, contact, days=2)
    assert titles(client, contact) == [
        "Skriv loggen fra møtet i Indre Fosen",
        "Bekreft opplysningene for Indre Fosen",
    ]


def test_a_head_sees_the_measure_that_is_late(client, units, head):
    now, today = timezone.now(), timezone.localdate()
    opened = {"opened_at": now, "opened_by": head, "updated_at": now}
    dates = {"starts_on": today - timedelta(days=9), "ends_on": today - timedelta(days=1)}
    Measure.objects.create(unit=units[0], sub_goal=1, what="Tiltak", **dates, **opened)
    assert titles(client, head) == ["1 tiltak ved Fembøringen barnehage er over fristen"]


def leads_on(client, user) -> list[str]:
    titles(client, user)
    page = client.get("/").content.decode()
    return [words for words in ("Til veiledningen din", "Til veiledergruppene") if words in page]


def test_the_guidance_is_linked_to_for_who_has_it(client, supervisor):
    assert leads_on(client, supervisor) == ["Til veiledningen din"]
    assert "Du har ingen kommuner" not in client.get("/").content.decode()


def test_the_groups_are_linked_to_for_who_leads(client, leader):
    assert leads_on(client, leader) == ["Til veiledergruppene"]


@pytest.mark.parametrize("who", ["contact", "head", "officer", "former_supervisor", "stranger"])
def test_the_guidance_is_not_linked_to_for_others(client, request, participation, who):
    assert leads_on(client, request.getfixturevalue(who)) == []


def test_a_municipality_that_has_withdrawn_has_no_deadline(client, participation, contact, staff):
    now = timezone.now()
    asking.ask(participation, due_on=timezone.localdate(now) + timedelta(days=14), by=staff, now=now)
    client.force_login(contact)
    assert "Frist: " in client.get("/").content.decode()
    withdraw(participation, by=staff, now=now)
    page = client.get("/").content.decode()
    assert "Trukket seg" in page
    assert "Frist: " not in page


def test_a_confirmation_that_was_begun_goes_on_and_says_since_when(client, asked, contact, participation, staff):
    """A5: «Bekreft opplysningene» after a draft, and nothing of it on the municipality's page."""
    place, address = participation.get_absolute_url(), reverse("participants:confirm", args=[participation.pk])
    titles(client, contact)
    assert [todo.button for todo in client.get("/").context["todos"]] == ["Bekreft opplysningene"]
    assert "Til bekreftelsen" in client.get(place).content.decode()
    with time_machine.travel(timezone.localtime().replace(hour=12, minute=59), tick=False):
        client.post(address, {"base": "", "action": "draft", "comment": "Begynt"})
        [todo] = client.get("/").context["todos"]
        assert (todo.button, todo.url) == ("Fortsett", address)
        assert "Utkast lagret kl. 12.59." in todo.text
        page = client.get(place).content.decode()
        assert "Utkast lagret kl. 12.59." in page
        assert "Fortsett bekreftelsen" in page
        assert "Til bekreftelsen" not in page
    colleague = make_user("kollega@example.no", "Kolle Ga")
    make_contact(participation, colleague, Contact.Function.AUTHORITY, by=staff)
    titles(client, colleague)
    assert "Utkast lagret" not in client.get("/").content.decode() + client.get(place).content.decode()
