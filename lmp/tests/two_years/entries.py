"""The calendar entries of all mails, read as a calendar would, by two libraries that know nothing of each other."""

import re

import icalendar
import vobject
from django.conf import settings

from outbox.models import Message


class Entries:
    """What each person's calendar has been told so far: `versions` by the entry's name and the address."""

    def __init__(self) -> None:
        self.versions: dict[tuple[str, str], tuple[int, bytes]] = {}

    def wrong_with(self, message: Message) -> str:
        """What is wrong with an entry of a mail that was written now (RFC 5546); empty when nothing is."""
        for file in message.attachments.all():
            if file.content_type.startswith("text/calendar") and (wrong := self._wrong(message, file)):
                return f"{file.name}: {wrong}"
        return ""

    def _wrong(self, message: Message, file) -> str:
        content = bytes(file.content)
        whole, other = icalendar.Calendar.from_ical(content), vobject.readOne(content.decode())
        [event] = whole.events
        read_twice = {
            "METHOD": (whole["METHOD"], other.method.value),
            "UID": (event["UID"], other.vevent.uid.value),
            "SEQUENCE": (str(event["SEQUENCE"]), other.vevent.sequence.value),
            "DTSTART": (event["DTSTART"].dt, other.vevent.dtstart.value),
            "ATTENDEE": (event["ATTENDEE"], other.vevent.attendee.value),
            "ORGANIZER": (event["ORGANIZER"], other.vevent.organizer.value),
            "SUMMARY": (event["SUMMARY"], other.vevent.summary.value),
        }
        if differing := [name for name, (one, two) in read_twice.items() if one != two]:
            return f"{differing} read differently: {[read_twice[name] for name in differing]}"
        method, name, sequence = whole["METHOD"], str(event["UID"]), int(event["SEQUENCE"])
        if file.content_type != f"text/calendar; method={method}":
            return f"is {method} and sent as {file.content_type}"
        if event["STATUS"] != {"REQUEST": "CONFIRMED", "CANCEL": "CANCELLED"}[method]:
            return f"{method} with {event['STATUS']}"
        if event["ATTENDEE"] != f"mailto:{message.to}":
            return f"is {event['ATTENDEE']}'s"
        if not name.endswith(f"@{settings.CALENDAR_DOMAIN}"):
            return f"named {name}"
        return self._out_of_turn(message, name, sequence, re.sub(rb"DTSTAMP\S*\r\n", b"", content))

    def _out_of_turn(self, message: Message, name: str, sequence: int, content: bytes) -> str:
        before, content_before = self.versions.get((name, message.to), (-1, b""))
        self.versions[name, message.to] = sequence, content
        if sequence < before or (sequence == before and content != content_before):
            return f"version {sequence} after {before}: no calendar takes it"
        return ""
