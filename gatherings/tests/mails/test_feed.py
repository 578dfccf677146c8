"""The calendar that a person subscribes to: made, renewed, closed, and read with nobody signed in."""

from datetime import timedelta

import icalendar
import pytest
import vobject
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conftest import make_user
from gatherings import places
from gatherings.models import Feed, Gathering, Registration
from gatherings.models.feed import reseal
from gatherings.tests.conftest import entry

PAGE = "/kalender/"


@pytest.fixture
def feed(contact) -> Feed:
    return Feed.objects.open_for(contact, now=timezone.now())


def read(client, feed):
    return client.get(reverse("gatherings:feed_file", args=[feed.token]))


def events(client, feed) -> list[icalendar.Event]:
    return icalendar.Calendar.from_ical(read(client, feed).content).events


def join(cohort, participation, user, *, semester: int, **facts) -> Registration:
    """The person's place at another gathering."""
    day = timezone.localdate() + timedelta(days=60 + semester)
    gathering = Gathering.objects.create(
        **{"cohort": cohort, "semester": semester, "starts_on": day, "settled": "fixed"} | facts
    )
    return Registration.objects.create(
        gathering=gathering,
        participation=participation,
        user=user,
        name=user.name,
        function="owner",
        registered_at=timezone.now(),
        registered_by=user,
        placed_at=timezone.now(),
    )


def test_the_page_asks_for_sign_in(client, db):
    assert client.get(PAGE).url == f"/konto/logg-inn/?next={PAGE}"
    assert client.post(PAGE, {"make": "1"}).url.startswith("/konto/logg-inn/")
    assert not Feed.objects.exists()


def test_made_renewed_and_closed(client, contact, settings):
    settings.SITE_URL = "https://portal.example.no"
    client.force_login(contact)
    assert "Lag en adresse" in client.get(PAGE).content.decode()
    assert client.post(PAGE, {"make": "1"}).url == PAGE
    first = Feed.objects.get(user=contact)
    page = client.get(PAGE)
    assert f"https://portal.example.no/kalender/{first.token}.ics" in page.content.decode()
    assert f'href="webcal://portal.example.no/kalender/{first.token}.ics"' in page.content.decode()
    assert '<button class="ds-button" type="button" data-copy="feed-address"' in page.content.decode()
    assert "js/copy" in page.content.decode()
    assert "no-store" in page["Cache-Control"], "the page holds a secret"

    asked = client.post(PAGE, {"make": "1"})
    assert "Lage en ny adresse?" in asked.content.decode()
    assert read(client, first).status_code == 200, "nothing has happened yet"
    client.post(PAGE, {"make": "1", "sikker": "ja"})
    second = Feed.objects.get(user=contact)
    assert second.token != first.token
    assert read(client, first).status_code == 404
    assert read(client, second).status_code == 200

    assert "Stenge adressen?" in client.post(PAGE, {"close": "1"}).content.decode()
    assert read(client, second).status_code == 200
    for _twice in range(2):
        assert client.post(PAGE, {"close": "1", "sikker": "ja"}).status_code == 302
    assert read(client, second).status_code == 404
    assert "Lag en adresse" in client.get(PAGE).content.decode()


def test_a_look_and_a_form_with_nothing_in_it_change_nothing(client, contact, feed):
    client.force_login(contact)
    client.get(PAGE)
    client.post(PAGE, {})
    assert Feed.objects.get(user=contact).token == feed.token


def test_nobody_sees_or_closes_anybody_elses(client, feed, other_contact):
    client.force_login(other_contact)
    assert feed.token not in client.get(PAGE).content.decode()
    client.post(PAGE, {"close": "1"})
    assert Feed.objects.filter(pk=feed.pk).exists()


def test_the_token_is_long_and_not_to_be_guessed(feed, staff):
    other = Feed.objects.open_for(staff, now=timezone.now())
    assert len(feed.token) >= 43
    assert feed.token != other.token


def test_read_with_nobody_signed_in_by_both_parsers(client, feed, registration):
    response = read(client, feed)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in response["Cache-Control"]
    [one] = icalendar.Calendar.from_ical(response.content).events
    other = vobject.readOne(response.content.decode()).vevent
    assert one["summary"] == other.summary.value == "1. samling, Læringsmiljøprosjektet"
    assert one["dtstart"].dt == other.dtstart.value == registration.gathering.starts_on
    assert "method" not in icalendar.Calendar.from_ical(response.content)
    assert "attendee" not in one
    assert not client.cookies, "no session for a calendar"


def test_it_is_the_same_entry_as_the_one_in_the_mail(client, feed, registration):
    from gatherings.mails import calendar_entries

    mailed = calendar_entries.invitation(registration, language="nb", now=timezone.now())
    [sent] = icalendar.Calendar.from_ical(mailed.content).events
    [read_] = events(client, feed)
    assert (read_["uid"], read_["sequence"]) == (sent["uid"], sent["sequence"])


def test_the_persons_own_places_and_nothing_else(client, feed, contact, cohort, registration, welcomed, staff):
    somebody = make_user("noen@example.no", "Noen Annen")
    join(cohort, welcomed, contact, semester=2)
    join(cohort, welcomed, somebody, semester=3)
    gone = join(cohort, welcomed, contact, semester=4)
    places.cancel(gone, by=contact, now=timezone.now())
    assert [event["summary"] for event in events(client, feed)] == [
        "1. samling, Læringsmiljøprosjektet",
        "2. samling, Læringsmiljøprosjektet",
    ]
    assert "Noen Annen" not in read(client, feed).content.decode()


def test_who_waits_has_nothing_in_it(client, gathering, welcomed, contact, feed):
    Gathering.objects.filter(pk=gathering.pk).update(capacity=1)
    places.register(
        gathering,
        [entry(1, gathering=gathering), entry(2, gathering=gathering, email=contact.email)],
        participation=welcomed,
        by=contact,
        now=timezone.now(),
    )
    assert events(client, feed) == []


@pytest.mark.parametrize(
    "facts",
    [{"settled": "cancelled"}, {"settled": "postponed"}, {"settled": "postponed", "starts_on": None, "ends_on": None}],
)
def test_what_is_not_held_is_gone(client, feed, registration, facts):
    if facts.get("starts_on", 1) is None:
        facts |= {"opens_on": None, "closes_on": None}
    Gathering.objects.filter(pk=registration.gathering_id).update(**facts)
    assert events(client, feed) == []


def test_a_date_that_is_not_settled_any_more_is_tentative(client, feed, registration):
    assert [event["status"] for event in events(client, feed)] == ["CONFIRMED"]
    Gathering.objects.filter(pk=registration.gathering_id).update(settled="tentative")
    assert [event["status"] for event in events(client, feed)] == ["TENTATIVE"]


def test_an_unknown_address_and_an_inactive_person_are_not_found(client, feed, contact):
    assert client.get("/kalender/ukjent.ics").status_code == 404
    type(contact).objects.filter(pk=contact.pk).update(is_active=False)
    assert read(client, feed).status_code == 404


def test_it_is_only_read(client, feed):
    assert client.post(reverse("gatherings:feed_file", args=[feed.token])).status_code == 405


def test_reading_is_noted_once_an_hour(client, feed, time_machine):
    time_machine.move_to(timezone.now(), tick=False)

    def reads(**later) -> int:
        time_machine.shift(timedelta(**later))
        with CaptureQueriesContext(connection) as queries:
            read(client, feed)
        return sum("UPDATE" in query["sql"] for query in queries)

    assert [reads(), reads(minutes=5), reads(minutes=50), reads(minutes=6)] == [1, 0, 0, 1]


def test_in_the_persons_language(client, feed, contact, registration):
    contact.choose_language("nn")
    [event] = events(client, feed)
    weekday = {0: "måndag", 1: "tysdag", 2: "onsdag", 3: "torsdag", 4: "fredag", 5: "laurdag", 6: "søndag"}
    assert weekday[registration.gathering.starts_on.weekday()] in event["description"]


def test_the_address_is_not_in_the_database(contact, feed):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM gatherings_feed")
        assert feed.token not in str(cursor.fetchall())


def test_a_new_secret_key_keeps_the_address_and_the_old_one_can_go(client, feed, settings):
    token = feed.token
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    assert Feed.objects.get().token == token
    assert (reseal(), reseal()) == (1, 0)
    settings.SECRET_KEY_FALLBACKS = []
    assert Feed.objects.get().token == token


def test_a_key_that_is_lost_hides_the_address_and_does_not_stop_it(client, contact, feed, settings):
    address = reverse("gatherings:feed_file", args=[feed.token])
    settings.SECRET_KEY = "another"
    assert client.get(address).status_code == 200
    client.force_login(contact)
    assert "vi kan ikke vise den lenger" in client.get(PAGE).content.decode()
    assert reseal() == 0
