"""The calendar entry of a guidance session, as it goes with a mail. One a session, the same for all who come."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from icalendar import Event

from accounts.models import User
from guidance.mails import values
from guidance.models import GroupMember, GuidanceSession
from participants.models import Contact, Unit
from parts import ics
from parts.files import File

# How long a session is set down for while nobody has said: most calendars hide an entry without an end.
MINUTES = 60
IN_THE_FEED = timedelta(days=365)


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


def own_sessions(user: User, *, language: str, now: datetime) -> Iterator[Event]:
    """The sessions that a person is to come to, or was at within a year, for their own calendar. In two queries."""
    today = timezone.localdate(now)
    supervises = Q(supervisors__user=user, group__participation__in=GroupMember.objects.participations_of(user))
    answers = Contact.objects.current().filter(user=user, unit__isnull=True, function__in=Contact.EDITORS)
    leads = Q(units__in=Unit.objects.led_by(user))
    mine = GuidanceSession.objects.filter(
        supervises | leads | Q(group__participation__in=answers.values("participation"))
    )
    sessions = GuidanceSession.objects.filter(
        pk__in=mine.values("pk"),
        cancelled_at__isnull=True,
        withdrawn_at__isnull=True,
        group__participation__withdrawn_at__isnull=True,
        held_on__gte=today - IN_THE_FEED,
    )
    related = ("group__participation__municipality__county", "group__participation__cohort")
    for session in sessions.select_related(*related).prefetch_related("units", "supervisors").order_by("held_on", "pk"):
        event = _event(session, language=language, now=now, step=0)
        event.add("status", "CONFIRMED")
        yield event


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
