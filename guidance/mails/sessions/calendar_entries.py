"""The calendar entry of a guidance session, as it goes with a mail. One a session, the same for all who come."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from icalendar import Event

from accounts.models import User
from guidance.mails import values
from guidance.models import GroupMember, GuidanceSession
from guidance.sessions import plan_wording
from participants.models import Contact, Unit
from parts import ics
from parts.files import File

# How long a session stays in the calendar that a person reads.
IN_THE_FEED = timedelta(days=365)


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


def own_sessions(user: User, *, language: str, now: datetime) -> Iterator[Event]:
    """The sessions that a person is to come to, or was at within a year, for their own calendar. In four queries."""
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
        held_on__gte=timezone.localdate(now) - IN_THE_FEED,
    )
    related = ("group__participation__municipality__county", "group__participation__cohort")
    found = list(sessions.select_related(*related).prefetch_related("units", "supervisors").order_by("held_on", "pk"))
    contacts: dict[int, list[GroupMember]] = defaultdict(list)
    members = GroupMember.objects.current().filter(group__in={each.group_id for each in found})
    for member in members.select_related("supervisor__user"):
        contacts[member.group_id].append(member)
    with translation.override(language):
        for session in found:
            municipality = values.name_of(session.group.participation)
            event = _event(session, contacts[session.group_id], municipality, now=now, step=0)
            event.add("status", "CONFIRMED")
            yield event


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
    # Where no hour is agreed, the entry is of the whole day, which the person does not spend there.
    event.add("transp", "OPAQUE" if session.starts_at else "TRANSPARENT")
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
