"""A participant's calendar entry for a gathering, as it goes with a mail and as their own calendar reads it.

One entry per person and gathering, whatever happens: a person who registers again continues the entry they had. Every
change that a calendar must learn of makes SEQUENCE greater; other changes leave it as it is.
"""

from collections import defaultdict
from collections.abc import Iterable
from copy import copy
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Event

from gatherings.mails import values
from gatherings.models import Gathering, Registration, Swap
from parts import ics
from parts.files import File


def invitation(registration: Registration, *, language: str, now: datetime, sequence: int | None = None) -> File:
    """The entry, or what it has become. `sequence` is from `sequences`, else looked up."""
    return _file(registration, "REQUEST", language=language, now=now, sequence=sequence)


def cancellation(
    registration: Registration, *, language: str, now: datetime, sequence: int | None = None, address: str = ""
) -> File:
    """What takes the entry out of the calendar: of the person's own address, or of one that they had before."""
    return _file(registration, "CANCEL", language=language, now=now, sequence=sequence, address=address)


def feed(
    registrations: Iterable[Registration], *, more: Iterable[ics.Event] = (), language: str, now: datetime
) -> bytes:
    """All that a person takes part in, for a calendar that reads it again by itself. `more`: the entries of others."""
    registrations = list(registrations)
    known = sequences(registrations)
    with translation.override(language):
        calendar = ics.calendar()
        name = _("Samlinger i Læringsmiljøprosjektet")
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", timedelta(hours=6))
        for registration in registrations:
            event = _event(registration, sequence=known[registration.pk], now=now)
            event.add("status", "CONFIRMED" if registration.gathering.is_settled else "TENTATIVE")
            calendar.add_component(event)
        for event in more:
            calendar.add_component(event)
        return calendar.to_ical()


def sequences(registrations: Iterable[Registration]) -> dict[int, int]:
    """Each registration's SEQUENCE, in one query.

    It counts all registrations at the gathering that are the person's, or were until somebody else got the place: each
    new one is a step, and so is each version of a registration and of the gathering. All of these only grow, so a
    later entry always has a greater number.
    """
    registrations = list(registrations)
    # By gathering and person, then by registration: the last version that was the person's.
    versions: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    gatherings = {registration.gathering_id for registration in registrations}
    people = {registration.user_id for registration in registrations}
    swaps = Swap.objects.filter(registration__gathering__in=gatherings, before__in=people).order_by()
    rows = Registration.objects.filter(gathering__in=gatherings, user__in=people).order_by()
    had = swaps.values_list("registration__gathering", "before", "registration", "calendar_version")
    has = rows.values_list("gathering", "user", "pk", "calendar_version")
    for gathering, user, key, version in has.union(had):
        known = versions[gathering, user]
        known[key] = max(version, known.get(key, 0))
    return {
        registration.pk: registration.gathering.calendar_version
        + sum(1 + version for version in versions[registration.gathering_id, registration.user_id].values())
        - 1
        for registration in registrations
    }


def uid(registration: Registration) -> str:
    person = registration.user
    return ics.uid(f"samling-{registration.gathering_id}-{person.pk}-{person.calendar_tag}")


def _file(
    registration: Registration,
    method: str,
    *,
    language: str,
    now: datetime,
    sequence: int | None,
    address: str = "",
) -> File:
    if sequence is None:
        sequence = sequences([registration])[registration.pk]
    if not registration.gathering.days:
        registration = _as_last_dated(registration)
    with translation.override(language):
        event = _event(registration, sequence=sequence, now=now)
    address = address or registration.user.email
    return ics.file("samling.ics", event, method=method, name=registration.name, address=address)


def _event(registration: Registration, *, sequence: int, now: datetime) -> Event:
    gathering, dates = registration.gathering, registration.dates
    event = Event()
    event.add("uid", uid(registration))
    event.add("sequence", sequence)
    event.add("dtstamp", now)
    event.add("summary", _("%(gathering)s, Læringsmiljøprosjektet") % {"gathering": gathering.title})
    if dates:
        start, end = _span(gathering, dates)
        event.add("dtstart", start)
        event.add("dtend", end)
        event.add("transp", "OPAQUE")  # who is there is there all day, also where no hour is known
    if gathering.place:
        event.add("location", gathering.place)
    link = settings.SITE_URL + registration.get_absolute_url()
    lines = [values.when(gathering)]
    if dates:
        lines.append(_("Dagene dine: %(days)s") % {"days": values.days(dates)})
    event.add("description", "\n".join([*lines, link]))
    event.add("url", link)
    return event


def _span(gathering: Gathering, dates: list[date]) -> tuple[date, date]:
    """From the first of these days to the last; whole days where the hours of the person's own days are not known.

    Only the hour at which the gathering begins on its first day and ends on its last is known. Days between that the
    person does not come to are left in: few calendars read an entry in several pieces, and the text names the days.
    """
    first, last = dates[0], dates[-1]
    starts_at, ends_at = gathering.starts_at, gathering.ends_at
    if starts_at and ends_at and (first, last) == (gathering.days[0], gathering.days[-1]):
        start, end = ics.moment(first, starts_at), ics.moment(last, ends_at)
        if start < end:
            return start, end
    return first, last + timedelta(days=1)


def _as_last_dated(registration: Registration) -> Registration:
    """The registration as it was while its gathering, which has lost its date, still had one in the calendars."""
    dated = registration.gathering.history.filter(starts_on__isnull=False).first()
    if dated is None:
        return registration
    before = copy(registration)
    before.gathering = dated.instance
    before.gathering.cohort = registration.gathering.cohort
    return before
