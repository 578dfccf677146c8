"""The calendar entry, read by two parsers: what it says, at which hour, and which version it is."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from django.utils import timezone

from gatherings import places
from gatherings.mails import calendar_entries
from gatherings.models import Gathering, Registration
from gatherings.tests.conftest import entry

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OSLO = ZoneInfo("Europe/Oslo")
# The clock goes forward on 29 March 2026 and back on 25 October.
SEASONS = [
    (date(2026, 1, 20), date(2026, 1, 21)),
    (date(2026, 6, 9), date(2026, 6, 10)),
    (date(2026, 3, 28), date(2026, 3, 29)),
    (date(2026, 3, 29), date(2026, 3, 29)),
    (date(2026, 10, 24), date(2026, 10, 25)),
    (date(2026, 10, 25), date(2026, 10, 26)),
]


def change(row, **facts):
    """Change it as it is stored, with its history, and read it anew."""
    for name, value in facts.items():
        setattr(row, name, value)
    row.save()
    return row


def read(file) -> tuple[icalendar.Event, object]:
    """The one entry, as each of the parsers has it."""
    [event] = icalendar.Calendar.from_ical(file.content).events
    return event, vobject.readOne(file.content.decode()).vevent


def invite(registration, **arguments):
    return calendar_entries.invitation(registration, **{"language": "nb", "now": NOW} | arguments)


@pytest.mark.parametrize(("first", "last"), SEASONS)
def test_the_hours_are_the_hours_in_norway_whatever_the_season(registration, first, last):
    gathering = registration.gathering
    gathering.starts_on, gathering.ends_on = first, last
    gathering.starts_at, gathering.ends_at = time(10), time(15, 30)
    expected = [datetime.combine(first, time(10), tzinfo=OSLO), datetime.combine(last, time(15, 30), tzinfo=OSLO)]
    one, other = read(invite(registration))
    for found in ([one.start, one.end], [other.dtstart.value, other.dtend.value]):
        assert [moment.astimezone(UTC) for moment in found] == [moment.astimezone(UTC) for moment in expected]
        assert [moment.replace(tzinfo=None) for moment in found] == [moment.replace(tzinfo=None) for moment in expected]


def test_the_rule_for_the_clock_is_the_short_one_and_names_oslo(registration):
    registration.gathering.starts_at, registration.gathering.ends_at = time(10), time(15)
    text = invite(registration).content.decode()
    assert text.count("BEGIN:VTIMEZONE") == 1
    assert text.count("RRULE") == 2
    assert "DTSTART;TZID=Europe/Oslo:" in text


@pytest.mark.parametrize("hours", [(None, None), (time(10), None), (None, time(15))])
def test_without_hours_it_is_whole_days(registration, hours):
    gathering = registration.gathering
    gathering.starts_at, gathering.ends_at = hours
    one, other = read(invite(registration))
    assert (one["dtstart"].dt, one["dtend"].dt) == (gathering.starts_on, gathering.ends_on + timedelta(days=1))
    assert (other.dtstart.value, other.dtend.value) == (gathering.starts_on, gathering.ends_on + timedelta(days=1))


def test_an_end_before_the_beginning_is_no_hour(registration):
    gathering = registration.gathering
    gathering.ends_on, gathering.starts_at, gathering.ends_at = gathering.starts_on, time(15), time(10)
    one, _other = read(invite(registration))
    assert (one["dtstart"].dt, one["dtend"].dt) == (gathering.starts_on, gathering.starts_on + timedelta(days=1))


def test_who_comes_on_the_second_day_only_gets_that_day_and_no_hour_that_may_be_wrong(registration):
    gathering = registration.gathering
    gathering.starts_at, gathering.ends_at = time(10), time(15)
    registration.days = [gathering.ends_on.isoformat()]
    for event in read(invite(registration)):
        start = event["dtstart"].dt if isinstance(event, icalendar.Event) else event.dtstart.value
        assert start == gathering.ends_on


def test_days_apart_are_one_entry_that_names_them(registration):
    gathering = registration.gathering
    gathering.starts_on, gathering.ends_on = date(2026, 6, 9), date(2026, 6, 11)
    registration.days = ["2026-06-09", "2026-06-11"]
    one, other = read(invite(registration))
    assert (one["dtstart"].dt, one["dtend"].dt) == (date(2026, 6, 9), date(2026, 6, 12))
    assert "tirsdag 9. juni 2026 og torsdag 11. juni 2026" in one["description"]
    assert other.description.value == str(one["description"])
    assert "10. juni" not in str(one["description"]).split("Dagene dine:")[1]


def test_names_survive_both_parsers(registration):
    registration.gathering.venue = "Åsane; kultur, hus\nandre høgda \\ nord"
    registration.gathering.address = "Ærfuglvegen 3"
    registration.name = 'Bjørn "Ås"; Ærlig, Øy\nHansen'
    one, other = read(invite(registration))
    place = "Åsane; kultur, hus\nandre høgda \\ nord, Ærfuglvegen 3"
    assert one["location"] == other.location.value == place
    name = "Bjørn 'Ås'; Ærlig, Øy Hansen"
    assert one["attendee"].params["CN"] == name
    assert other.attendee.params["CN"] == [name]


def test_it_says_who_invites_whom_where_and_with_which_link(registration, settings):
    settings.DEFAULT_FROM_EMAIL = "Læringsmiljøprosjektet <avsender@example.no>"
    settings.SITE_URL = "https://portal.example.no"
    file = invite(registration)
    one, other = read(file)
    link = f"https://portal.example.no/paameldinger/{registration.pk}/"
    assert (file.name, file.content_type) == ("samling.ics", "text/calendar; method=REQUEST")
    assert icalendar.Calendar.from_ical(file.content)["method"] == "REQUEST"
    assert one["organizer"] == other.organizer.value == "mailto:avsender@example.no"
    assert one["organizer"].params["CN"] == "Læringsmiljøprosjektet"
    assert one["attendee"] == other.attendee.value == "mailto:kari.kontakt@example.no"
    assert one["url"] == link
    assert link in one["description"]
    assert one["summary"] == "1. samling, Læringsmiljøprosjektet"
    assert one["status"] == "CONFIRMED"


def test_in_nynorsk(registration):
    registration.gathering.starts_on = registration.gathering.ends_on = date(2026, 6, 9)
    one, _other = read(invite(registration, language="nn"))
    assert "tysdag 9. juni 2026" in one["description"]


def test_food_and_access_are_never_in_it(registration):
    from gatherings.models import Needs

    Needs.objects.create(registration=registration, food="nøtter", access="rullestol", saved_at=timezone.now())
    text = invite(registration).content.decode()
    assert "nøtter" not in text
    assert "rullestol" not in text


def test_every_change_has_the_same_uid_and_a_greater_sequence(registration, gathering, welcomed, contact, staff):
    """Register, change days, moved, cancel, register anew, called off, reinstated."""
    told = []

    def tell(row, method="REQUEST"):
        row = Registration.objects.select_related("gathering").get(pk=row.pk)
        file = {"REQUEST": calendar_entries.invitation, "CANCEL": calendar_entries.cancellation}[method](
            row, language="nb", now=NOW
        )
        one, other = read(file)
        assert f"method={method}" in file.content_type
        assert one["status"] == ("CANCELLED" if method == "CANCEL" else "CONFIRMED")
        assert int(other.sequence.value) == one["sequence"]
        told.append((str(one["uid"]), int(one["sequence"])))

    def move(**facts):
        stored = Gathering.objects.get(pk=gathering.pk)
        change(stored, calendar_version=stored.calendar_version + 1, **facts)

    tell(registration)
    kept = {"name": registration.name, "function": registration.function, "nights": [], "travel": "orders"}
    registration.change(days=[gathering.days[0].isoformat()], by=contact, now=NOW, **kept)
    tell(registration)
    move(starts_at=time(9), ends_at=time(14))
    tell(registration)
    places.cancel(registration, by=contact, now=timezone.now())
    tell(registration, "CANCEL")
    [again] = places.register(
        gathering,
        [entry(name=contact.name, email=contact.email, gathering=gathering)],
        participation=welcomed,
        by=contact,
        now=timezone.now(),
    )
    assert again.pk != registration.pk
    tell(again)
    move(settled="cancelled")
    tell(again, "CANCEL")
    move(settled="fixed")
    tell(again)
    assert len({uid for uid, _sequence in told}) == 1
    numbers = [sequence for _uid, sequence in told]
    assert numbers == sorted(set(numbers)), "strictly growing"


def test_an_entry_is_the_persons_own_at_one_gathering(gathering, welcomed, contact):
    entries = [entry(number, gathering=gathering) for number in (1, 2)]
    rows = places.register(gathering, entries, participation=welcomed, by=contact, now=timezone.now())
    other = Gathering.objects.create(cohort=gathering.cohort, semester=2)
    elsewhere = Registration(gathering=other, user=rows[0].user)
    assert len({calendar_entries.uid(row) for row in [*rows, elsewhere]}) == 3


def test_a_gathering_that_lost_its_date_is_taken_out_where_it_was(registration):
    gathering = registration.gathering
    was = (gathering.starts_on, gathering.ends_on + timedelta(days=1))
    change(gathering, settled="postponed", starts_on=None, ends_on=None, closes_on=None, opens_on=None)
    file = calendar_entries.cancellation(registration, language="nb", now=NOW)
    one, other = read(file)
    assert (one["dtstart"].dt, one["dtend"].dt) == was
    assert (other.dtstart.value, other.dtend.value) == was


def test_many_sequences_are_one_query(gathering, welcomed, contact, django_assert_num_queries):
    entries = [entry(number, gathering=gathering) for number in range(9)]
    rows = places.register(gathering, entries, participation=welcomed, by=contact, now=timezone.now())
    with django_assert_num_queries(1):
        assert set(calendar_entries.sequences(rows).values()) == {0}


def test_the_entry_keeps_its_name_when_the_portal_gets_another_address(registration, settings):
    settings.CALENDAR_DOMAIN = "portal.example.no"
    settings.SITE_URL = "https://another.example.no"
    for event in read(invite(registration)):
        uid = event["uid"] if isinstance(event, icalendar.Event) else event.uid.value
        assert uid.endswith("@portal.example.no")


def test_who_is_at_a_gathering_is_busy_all_day(registration):
    registration.gathering.starts_at = registration.gathering.ends_at = None
    one, other = read(invite(registration))
    assert (one["transp"], other.transp.value) == ("OPAQUE", "OPAQUE")
