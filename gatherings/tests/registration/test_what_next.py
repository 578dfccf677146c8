"""What happens now: said on the registration's page and on the gathering's, in the plan's own days."""

from datetime import timedelta

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone

from gatherings import places, schedule
from gatherings.models import Gathering, Registration
from gatherings.registration import what_next
from gatherings.tests.conftest import entry
from outbox import plan
from parts.dates import day_in_words, last_day

pytestmark = pytest.mark.usefixtures("noon")


def steps(registration: Registration) -> list[str]:
    registration.gathering.refresh_from_db()
    return what_next.steps(registration.gathering, now=timezone.now(), registration=registration)


def through(day) -> str:
    return f"til og med {day_in_words(day)}"


def test_who_has_a_place_reads_what_comes_in_the_plans_own_days(gathering, registration):
    [practical] = [
        mail
        for mail in plan.everything(timezone.now(), timezone.now() + timedelta(days=60))
        if mail.text.name == "gatherings.practical" and mail.recipient == registration.user
    ]
    asked = day_in_words(timezone.localdate(schedule.evaluation(gathering.last_day)[0].send_at))
    assert steps(registration) == [
        f"Reisen må bestilles {through(gathering.travel_closes_on)}, og registreres som bestilt her.",
        f"Påmeldingen kan endres og meldes av her {through(gathering.closes_on)}.",
        f"Praktisk informasjon kommer på e-post {day_in_words(timezone.localdate(practical.send_at))}.",
        f"Etter samlingen, {asked}, kommer en e-post med fem spørsmål til dem som møtte.",
    ]


def test_what_is_done_is_not_said_again(registration, today):
    registration.order_travel(on=today, by=registration.user)
    assert not any("bestilles" in step for step in steps(registration))


def test_who_waits_is_told_to_wait_with_the_journey(gathering, registration, welcomed, contact):
    Gathering.objects.update(capacity=1)
    two = [entry(2, gathering=gathering)]
    [waiting] = places.register(gathering, two, participation=welcomed, by=contact, now=timezone.now())
    assert steps(waiting)[:2] == [
        "Blir det en ledig plass, kommer det en e-post med en frist for å svare.",
        "Vent med å bestille reise til du har plass.",
    ]
    assert not any("Praktisk" in step for step in steps(waiting))


def test_who_is_offered_a_place_reads_how_long_it_is_held(registration, today):
    now = timezone.now()
    until = {"offered_at": now, "offered_until": now + timedelta(days=3)}
    Registration.objects.update(placed_at=None, **until)
    registration.refresh_from_db()
    said = through(last_day(until["offered_until"]))
    assert steps(registration) == [f"Plassen holdes av {said}. Etterpå går den til den neste på ventelista."]


def test_nothing_comes_of_one_that_is_over_or_called_off(gathering, registration, today):
    Gathering.objects.update(settled="tentative")
    assert steps(registration) == [
        "Vent med å bestille reise: datoen er ikke avklart. Vi sender e-post når den er det."
    ]
    Gathering.objects.update(settled="cancelled")
    assert steps(registration) == []
    past = today - timedelta(days=3)
    Gathering.objects.update(settled="fixed", starts_on=past, ends_on=past, closes_on=None, opens_on=None)
    assert steps(registration) == []


def test_both_pages_say_it(client, gathering, registration, contact, officer):
    client.force_login(contact)
    for page in (registration, gathering):
        assert "Hva skjer nå" in client.get(page.get_absolute_url()).content.decode()
    client.force_login(officer)
    assert "Hva skjer nå" not in client.get(gathering.get_absolute_url()).content.decode()


def test_ones_own_entry_is_a_file(client, gathering, registration, contact, head, today):
    address = reverse("gatherings:calendar_entry", args=[registration.pk])
    client.force_login(contact)
    assert address in client.get(registration.get_absolute_url()).content.decode()
    answer = client.get(address)
    assert answer["Content-Disposition"] == 'attachment; filename="samling.ics"'
    [event] = icalendar.Calendar.from_ical(answer.content).events
    assert event.DTSTART.date() if hasattr(event.DTSTART, "date") else gathering.starts_on == event.DTSTART
    client.force_login(head)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("facts", [{"settled": "postponed"}, {"settled": "cancelled"}, {"days_ago": 3}])
def test_without_a_day_to_come_there_is_no_entry(client, gathering, registration, contact, today, facts):
    if days := facts.pop("days_ago", 0):
        day = today - timedelta(days=days)
        facts = {"starts_on": day, "ends_on": day, "closes_on": None, "opens_on": None}
    Gathering.objects.update(**facts)
    address = reverse("gatherings:calendar_entry", args=[registration.pk])
    client.force_login(contact)
    assert client.get(address).status_code == 404
    assert address not in client.get(registration.get_absolute_url()).content.decode()


def test_the_journey_is_registered_by_a_button_that_says_so(client, registration, contact, today):
    client.force_login(contact)
    page = client.get(registration.get_absolute_url()).content.decode()
    assert "Registrer at reisen er bestilt" in page
    assert "gjør det vanligvis selv" not in page
    registration.order_travel(on=today, by=contact)
    page = client.get(registration.get_absolute_url()).content.decode()
    assert "Registrer at reisen" not in page
    assert "Angre" in page


def test_for_somebody_else_it_is_asked_first(client, gathering, welcomed, contact):
    other = [entry(3, gathering=gathering)]
    [made] = places.register(gathering, other, participation=welcomed, by=contact, now=timezone.now())
    client.force_login(contact)
    page = client.get(made.get_absolute_url()).content.decode()
    assert "Person 3 gjør det vanligvis selv." in page
    assert "Registrer at reisen til Person 3 er bestilt" in page


def test_an_offer_to_somebody_else_is_not_said_to_be_ones_own(client, gathering, registration, welcomed, contact):
    other = [entry(3, gathering=gathering)]
    Gathering.objects.update(capacity=1)
    [made] = places.register(gathering, other, participation=welcomed, by=contact, now=timezone.now())
    places.cancel(registration, by=contact, now=timezone.now())
    for user, heading, button in (
        (contact, "Det er en ledig plass til Person 3", "Ta imot plassen for Person 3"),
        (made.user, "Det er en ledig plass til deg", "Ja, jeg tar plassen"),
    ):
        client.force_login(user)
        page = client.get(made.get_absolute_url()).content.decode()
        assert heading in page
        assert button in page
    assert "Ta imot plassen" not in page


def test_who_waits_reads_of_expenses_in_a_plain_sentence(client, gathering, registration, welcomed, contact):
    other = [entry(3, gathering=gathering)]
    Gathering.objects.update(capacity=1)
    [made] = places.register(gathering, other, participation=welcomed, by=contact, now=timezone.now())
    client.force_login(made.user)
    page = client.get(made.get_absolute_url()).content.decode()
    said = "Blir det en plass, dekkes reise og opphold når framgangsmåten er fulgt."
    assert f'<p class="ds-paragraph">{said}</p>' in page


def test_the_gatherings_page_gives_its_travel_deadline_to_those_who_have_a_place(client, gathering, welcomed, contact):
    deadline = f"Frist for å bestille: {through(gathering.travel_closes_on)}"
    client.force_login(contact)
    page = client.get(gathering.get_absolute_url()).content.decode()
    assert deadline in page  # nobody is registered yet: it is known beforehand
    Gathering.objects.update(capacity=1)
    gathering.refresh_from_db()
    two = [entry(number, gathering=gathering) for number in (1, 2)]
    first, waiting = places.register(gathering, two, participation=welcomed, by=contact, now=timezone.now())
    page = client.get(gathering.get_absolute_url()).content.decode()
    assert deadline in page
    assert "De som skal reise, bestiller" in page
    client.force_login(waiting.user)
    page = client.get(gathering.get_absolute_url()).content.decode()
    assert deadline not in page
    assert "Vent med å bestille til plassen er klar." in page
    client.force_login(first.user)
    assert deadline in client.get(gathering.get_absolute_url()).content.decode()


def test_who_registered_only_people_who_wait_reads_what_they_are_to_do(client, gathering, welcomed, contact, today):
    Gathering.objects.update(capacity=0)
    gathering.refresh_from_db()
    places.register(gathering, [entry(1, gathering=gathering)], participation=welcomed, by=contact, now=timezone.now())
    client.force_login(contact)
    page = client.get(gathering.get_absolute_url()).content.decode()
    assert "Vent med å bestille reise til du har plass." in page
    assert "De som skal reise, bestiller" not in page
