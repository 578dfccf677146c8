"""A registration's own page: to read, change, cancel, and answer an offer."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_user
from gatherings import places
from gatherings.models import Gathering, Registration
from gatherings.tests.conftest import entry

State = Registration.State


def address(name: str, registration) -> str:
    return reverse(f"gatherings:{name}", args=[registration.pk])


@pytest.fixture
def participant(gathering, welcomed, units, contact) -> Registration:
    """A teacher whom the contact has registered for a unit."""
    made = make_user("lise.laerer@example.no", "Lise Lærer")
    person = entry(name=made.name, email=made.email, function="staff", unit=units[2], gathering=gathering)
    [registration] = places.register(gathering, [person], participation=welcomed, by=contact, now=timezone.now())
    return registration


@pytest.fixture
def offered(gathering, welcomed, contact, participant) -> Registration:
    """Next in line, and the place of the one before has just become free."""
    Gathering.objects.update(capacity=1)
    [waiting] = places.register(
        gathering, [entry(7, gathering=gathering)], participation=welcomed, by=contact, now=timezone.now()
    )
    places.cancel(participant, by=contact, now=timezone.now())
    waiting.refresh_from_db()
    assert waiting.state == State.OFFERED
    return waiting


def change(registration, **typed) -> dict:
    kept = {name: getattr(registration, name) for name in ("name", "function", "days", "nights", "travel")}
    return kept | typed


def test_the_participant_sees_it_and_so_do_those_who_answer_for_them(client, participant, contact, head):
    for user, status in [(participant.user, 200), (contact, 200), (head, 404)]:
        client.force_login(user)
        assert client.get(participant.get_absolute_url()).status_code == status
    client.force_login(participant.user)
    page = client.get(participant.get_absolute_url()).content.decode()
    assert "Statsbygd skole" in page
    assert "Endre påmeldingen" in page


def test_others_see_nothing(client, participant, other_contact, stranger):
    for user in (other_contact, stranger):
        client.force_login(user)
        for name in ("registration", "change", "cancel", "offer"):
            assert client.get(address(name, participant)).status_code == 404, name
        for name in ("change", "cancel", "offer", "travel"):
            assert client.post(address(name, participant), {}).status_code == 404, name
    participant.refresh_from_db()
    assert participant.state == State.PLACED


def test_changed_days_and_journey_are_stored(client, participant, gathering):
    client.force_login(participant.user)
    assert client.get(address("change", participant)).status_code == 200
    days = [gathering.days[0].isoformat()]
    response = client.post(address("change", participant), change(participant, days=days, travel="own_car"))
    assert response.url == participant.get_absolute_url()
    assert "Endringene er lagret, og Lise Lærer har fått en e-post." in client.get(response.url).content.decode()
    participant.refresh_from_db()
    assert (participant.days, participant.travel, participant.calendar_version) == (days, "own_car", 1)
    assert participant.history.first().history_user == participant.user


def test_bad_changes_keep_what_was_typed(client, participant):
    client.force_login(participant.user)
    for typed in ({"days": []}, {"function": "head" * 10}, {"travel": "x"}, {"name": ""}):
        response = client.post(address("change", participant), change(participant, **{"name": "Ny Åse"} | typed))
        assert response.status_code == 422
        assert "name" in typed or "Ny Åse" in response.content.decode()
    participant.refresh_from_db()
    assert participant.name == "Lise Lærer"


def test_cancelling_is_asked_about_and_done_once(client, participant):
    client.force_login(participant.user)
    assert client.get(address("cancel", participant)).status_code == 200
    participant.refresh_from_db()
    assert participant.is_active
    for _turn in range(2):
        assert client.post(address("cancel", participant)).status_code == 302
    page = client.get(participant.get_absolute_url()).content.decode()
    assert page.count("Lise Lærer er meldt av.") == 1
    participant.refresh_from_db()
    assert participant.state == State.CANCELLED
    assert participant.cancelled_by == participant.user


def test_who_was_cancelled_finds_the_way_back_while_registration_is_open(client, contact, participant, today):
    places.cancel(participant, by=contact, now=timezone.now())
    client.force_login(contact)
    assert "Meld på igjen" in client.get(participant.get_absolute_url()).content.decode()
    Gathering.objects.update(closes_on=today - timedelta(days=1))
    assert "Meld på igjen" not in client.get(participant.get_absolute_url()).content.decode()


def test_after_the_deadline_nothing_is_changed(client, participant, today):
    Gathering.objects.update(closes_on=today - timedelta(days=1))
    client.force_login(participant.user)
    assert client.get(address("change", participant)).url == participant.get_absolute_url()
    for name in ("change", "cancel"):
        response = client.post(address(name, participant), change(participant, name="Ny"))
        assert response.status_code == 409
        assert "ikke lagret" in response.content.decode()
    participant.refresh_from_db()
    assert participant.is_active
    assert participant.name == "Lise Lærer"
    assert "Endre påmeldingen" not in client.get(participant.get_absolute_url()).content.decode()


def test_an_offer_is_shown_and_taken_once(client, offered):
    client.force_login(offered.user)
    assert "Det er en ledig plass til" in client.get(offered.get_absolute_url()).content.decode()
    for _turn in range(2):
        assert "Plassen er din" in client.post(address("offer", offered), follow=True).content.decode()
    offered.refresh_from_db()
    assert offered.state == State.PLACED


def test_an_offer_may_be_declined_after_the_deadline(client, offered, today):
    Gathering.objects.update(closes_on=today - timedelta(days=1))
    client.force_login(offered.user)
    client.post(address("cancel", offered))
    offered.refresh_from_db()
    assert offered.state == State.CANCELLED


def test_an_offer_that_ran_out_gives_no_place(client, offered):
    Registration.objects.filter(pk=offered.pk).update(offered_until=timezone.now() - timedelta(minutes=1))
    client.force_login(offered.user)
    page = client.get(offered.get_absolute_url()).content.decode()
    assert "Det er en ledig plass til" not in page
    response = client.post(address("offer", offered))
    assert response.url == offered.get_absolute_url()
    assert "gjelder ikke lenger" in client.get(response.url).content.decode()
    offered.refresh_from_db()
    assert offered.state == State.OFFERED


def test_who_waits_sees_their_number_and_orders_no_journey(client, gathering, welcomed, contact, participant):
    Gathering.objects.update(capacity=1)
    people = [entry(number, gathering=gathering) for number in (7, 8)]
    waiting = places.register(gathering, people, participation=welcomed, by=contact, now=timezone.now())[1]
    client.force_login(waiting.user)
    page = client.get(waiting.get_absolute_url()).content.decode()
    assert "Nummer 2 på ventelista" in page
    assert "reisen er bestilt" not in page.lower()
    client.post(address("travel", waiting), {"ordered": "yes"})
    waiting.refresh_from_db()
    assert waiting.travel_ordered_on is None


def test_the_journey_is_ordered_and_taken_back(client, participant, today):
    client.force_login(participant.user)
    for ordered, expected in [("yes", today), ("yes", today), ("no", None), ("no", None)]:
        client.post(address("travel", participant), {"ordered": ordered})
        participant.refresh_from_db()
        assert participant.travel_ordered_on == expected
    assert participant.history.count() == 3
