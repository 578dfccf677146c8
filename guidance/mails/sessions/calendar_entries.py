"""The calendar entry of a guidance session, as it goes with a mail. One a session, the same for all who come."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Event

from guidance.mails import values
from guidance.models import GroupMember, GuidanceSession
from guidance.sessions import plan_wording
from parts import ics
from parts.files import File


def invitation(
    session: GuidanceSession,
    *,
    name: str,
    address: str,
    language: str,
    contacts: Sequence[GroupMember],
    now: datetime,
    step: int = 0,
) -> File:
    """The entry, or what it has become. `step` is added to its SEQUENCE, for one who was out of it meanwhile."""
    return _file(session, contacts, "REQUEST", name=name, address=address, language=language, now=now, step=step)


def cancellation(
    session: GuidanceSession,
    *,
    name: str,
    address: str,
    language: str,
    contacts: Sequence[GroupMember],
    now: datetime,
    step: int = 0,
) -> File:
    """What takes the entry out of the calendar."""
    return _file(session, contacts, "CANCEL", name=name, address=address, language=language, now=now, step=step)


def uid(session: GuidanceSession) -> str:
    return ics.uid(f"veiledning-{session.pk}")


def _file(
    session: GuidanceSession,
    contacts: Sequence[GroupMember],
    method: str,
    *,
    name: str,
    address: str,
    language: str,
    now: datetime,
    step: int,
) -> File:
    with translation.override(language):
        municipality = values.name_of(session.group.participation)
        event = _event(session, contacts, municipality, now=now, step=step)
        organiser = _("Veiledergruppa i %(name)s") % {"name": municipality}
    return ics.file("veiledning.ics", event, method=method, name=name, address=address, organiser=organiser)


def _event(
    session: GuidanceSession, contacts: Sequence[GroupMember], municipality: str, *, now: datetime, step: int
) -> Event:
    event = Event()
    event.add("uid", uid(session))
    event.add("sequence", session.calendar_version + step)
    event.add("dtstamp", now)
    if session.starts_at:
        start = ics.moment(session.held_on, session.starts_at)
        event.add("dtstart", start)
        # Counted in wall-clock time, which the change of clock leaves as it is: no session is held at that hour.
        event.add("dtend", start + timedelta(minutes=session.length))
    else:
        event.add("dtstart", session.held_on)
        event.add("dtend", session.held_on + timedelta(days=1))
    link = settings.SITE_URL + session.get_absolute_url()
    event.add("summary", _("Veiledningsmøte i Læringsmiljøprosjektet, %(name)s") % {"name": municipality})
    if where := session.place or session.video_link:
        event.add("location", where)
    reached = values.contacts(contacts)
    about = [*plan_wording.in_lines(session.as_planned), _("Spørsmål om møtet?"), *reached, link]
    event.add("description", "\n".join(about))
    event.add("contact", reached[0])
    event.add("url", link)
    return event
