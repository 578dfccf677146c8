"""My page: what is left to do, for whoever signs in."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import second_factor
from conftest import make_contact
from outbox.models import Message
from participants.models import Contact, ProjectGroup


@pytest.fixture
def asked(participation, contact, units, staff):
    now = timezone.now()
    participation.welcome(by=staff, now=now)
    return participation.ask(due_on=now.date() + timedelta(days=14), by=staff, now=now)


def titles(client, user) -> list[str]:
    client.force_login(user)
    if user.is_staff:
        session = client.session
        second_factor.remember(session, user, kind="totp")
        session.save()
    return [todo.title for todo in client.get("/").context["todos"]]


def test_a_contact_confirms_first(client, asked, contact):
    assert titles(client, contact) == ["Bekreft opplysningene for Indre Fosen"]


def test_then_what_was_put_off(client, asked, contact):
    asked.answer(snapshot={}, changes=[], comment="", by=contact, now=timezone.now())
    assert titles(client, contact) == [
        "Avgjør om PP-tjenesten deltar",
        "Informer politisk nivå",
        "Sett sammen prosjektgruppa ved 4 enheter",
    ]


def test_then_nothing(client, asked, contact, participation, units, staff):
    asked.answer(snapshot={}, changes=[], comment="", by=contact, now=timezone.now())
    today = timezone.localdate()
    participation.decide(ppt="no", political_on=today, political_body="Kommunestyret", by=contact)
    for unit in units:
        ProjectGroup.objects.create(unit=unit, updated_at=timezone.now())
    assert titles(client, contact) == []
    assert "Ingenting venter på deg nå" in client.get("/").content.decode()


def test_a_head_sees_to_their_own_unit(client, asked, head):
    assert titles(client, head) == ["Sett sammen prosjektgruppa ved Fembøringen barnehage"]


@pytest.mark.parametrize("who", ["other_contact", "former_contact", "officer", "supervisor", "stranger"])
def test_nothing_of_it_waits_for_others(client, request, asked, who):
    assert titles(client, request.getfixturevalue(who)) == []


def test_before_the_letter_nothing_waits(client, participation, contact, staff):
    now = timezone.now()
    participation.ask(due_on=now.date(), by=staff, now=now)
    assert titles(client, contact) == []


def test_the_most_urgent_comes_first(client, asked, contact, other_participation, staff):
    now = timezone.now()
    other_participation.welcome(by=staff, now=now)
    other_participation.ask(due_on=now.date() + timedelta(days=2), by=staff, now=now)
    make_contact(other_participation, contact, Contact.Function.OWNER, by=staff)
    assert titles(client, contact) == [
        "Bekreft opplysningene for Bergen",
        "Bekreft opplysningene for Indre Fosen",
    ]


def test_staff_see_where_the_cohort_stands(client, asked, other_participation, staff):
    assert titles(client, staff) == []
    page = client.get("/")
    counts = {state: count for state, _label, count in page.context["counts"]}
    assert (counts["waiting"], counts["accepted"], counts["confirmed"]) == (1, 1, 0)
    listed = client.get(
        reverse("overview:participations"), {"status": "waiting", "pulje": asked.participation.cohort_id}
    )
    assert [row.municipality.name for row in listed.context["page"].object_list] == ["Indre Fosen"]


def test_staff_are_told_of_mails_that_did_not_arrive(client, staff):
    now = timezone.now()
    facts = {"to": "feil@example.no", "subject": "x", "created_at": now, "next_attempt_at": now}
    message = Message.objects.create(key="a", message_id="a", given_up_at=now, **facts)
    assert titles(client, staff) == ["1 e-post kom ikke fram"]
    Message.objects.create(key="b", message_id="b", resend_of=message, resend_reason="rettet", **facts)
    assert titles(client, staff) == []


def test_staff_with_no_cohort_are_told_what_to_do(client, staff):
    titles(client, staff)
    assert "Ingen pulje er opprettet ennå" in client.get("/").content.decode()
