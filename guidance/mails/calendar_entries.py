"""The calendar entry of a guidance session, as it goes with a mail. One a session, the same for all who come."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Event

from guidance.mails import values
from guidance.models import GuidanceSession
from parts import ics
from parts.files import File

# How long a session is set down for while nobody has said: most calendars hide an entry without an end.
MINUTES = 60


def invitation(
    session: GuidanceSession, *, name: str, address: str, language: str, now: datetime, step: int = 0
) -> File:
    """The entry, or what it has become. `step` is added to its SEQUENCE, for one who was out of it meanwhile."""
    event = _event(session, language=language, now=now, step=step)
    return ics.file("veiledning.ics", event, method="REQUEST", name=name, address=address)


def cancellation(
    session: GuidanceSession, *, name: str, address: str, language: str, now: datetime, step: int = 0
) -> File:
    """What takes the entry out of the calendar."""
    event = _event(session, language=language, now=now, step=step)
    return ics.file("veiledning.ics", event, method="CANCEL", name=name, address=address)


def uid(session: GuidanceSession) -> str:
    return ics.uid(f"veiledning-{session.pk}")


def _event(session: GuidanceSession, *, language: str, now: datetime, step: int) -> Event:
    event = Event()
    event.add("uid", uid(session))
    event.add("sequence", session.calendar_version + step)
    event.add("dtstamp", now)
    if session.starts_at:
        start = ics.moment(session.held_on, session.starts_at)
        event.add("dtstart", start)
        # Counted in wall-clock time, which the change of clock leaves as it is: no session is held at that hour.
        event.add("dtend", start + timedelta(minutes=session.minutes or MINUTES))
    else:
        event.add("dtstart", session.held_on)
        event.add("dtend", session.held_on + timedelta(days=1))
    link = settings.SITE_URL + session.get_absolute_url()
    with translation.override(language):
        municipality = session.group.participation.municipality.name
        event.add("summary", _("Veiledningsmøte i Læringsmiljøprosjektet, %(name)s") % {"name": municipality})
        event.add("description", "\n".join([values.format_of(session), *values.units(session), link]))
    event.add("url", link)
    return event
