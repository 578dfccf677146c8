"""Calendar entries that go with mails: what is the same in all of them."""

from datetime import date, datetime, time
from email.utils import parseaddr

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, Timezone, vCalAddress, vText

from parts.files import File
from parts.names import one_line

# The rule in force since 1996, in the few lines that every calendar reads.
_OSLO = """BEGIN:VTIMEZONE
TZID:Europe/Oslo
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19970330T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
END:DAYLIGHT
END:VTIMEZONE
"""


def file(filename: str, event: Event, *, method: str, name: str, address: str, organiser: str = "") -> File:
    """The entry for one person, from the portal: "REQUEST" puts it into their calendar, "CANCEL" takes it out.

    `organiser`: who it is from, by name. The address is the portal's always: an organiser whose address is another is
    another organiser, whose changes a calendar does not take.
    """
    whole = calendar()
    whole.add("method", method)
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    portal, from_address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    # A calendar answers its organiser. Where mail that comes back is read, the answer goes there.
    event.add("organizer", _person(organiser or portal, settings.RETURN_ADDRESS or from_address))
    attendee = _person(name, address)
    # It is agreed that they come: their calendar need not ask them, nor answer us.
    attendee.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"})
    event.add("attendee", attendee)
    whole.add_component(event)
    return File(filename, f"text/calendar; method={method}", whole.to_ical())


def readdressed(content: bytes, *, before: str, after: str) -> bytes:
    """The same entry, for the same person at another address."""
    whole = Calendar.from_ical(content)
    for event in whole.walk("VEVENT"):
        attendee = event.get("attendee")
        if attendee == f"mailto:{before}":
            moved = vCalAddress(f"mailto:{after}")
            moved.params.update(attendee.params)
            event["attendee"] = moved
    return whole.to_ical()


def calendar() -> Calendar:
    made = Calendar()
    made.add("version", "2.0")
    made.add("prodid", "-//Utdanningsdirektoratet//Læringsmiljøportalen//NO")
    made.add("calscale", "GREGORIAN")
    made.add_component(Timezone.from_ical(_OSLO))
    return made


def uid(what: str) -> str:
    """The same for as long as the entry lives: a calendar knows what it has by this alone."""
    return f"{what}@{settings.CALENDAR_DOMAIN}"


def moment(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=timezone.get_default_timezone())


def _person(name: str, address: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{address}")
    if name:
        # A parameter takes neither quotes nor line breaks.
        person.params["CN"] = vText(one_line(name).replace('"', "'"))
    return person
