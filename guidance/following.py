"""What follows in this app when something else changes."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.todos import Holding, keys_of
from guidance.mails.sessions import readdressing
from guidance.models import GroupMember, GuidanceGroup, GuidanceSession, Measure, ProjectLeader, Supervisor
from participants.models import Contact, Unit

MEASURE = "guidance.measure"


@dataclass(frozen=True)
class MovedWork:
    """What becomes of a unit's measures and of the sessions planned with it."""

    measures: list[Measure]
    sessions: list[GuidanceSession]
    called_off: list[GuidanceSession]


def unit_closed(unit: Unit, *, since: date, by: User, now: datetime) -> MovedWork:
    """Stop its measures, and leave it out of the sessions from that day on. One that was for it alone is called off."""
    measures = stop_measures(unit, by=by, now=now)
    kept, called_off = [], []
    for session in _coming(unit, since=since):
        if session.units.count() == 1:
            with translation.override(unit.participation.language):
                why = _("%(unit)s legges ned") % {"unit": unit}
            session.cancel(by=by, now=now, reason=why)
            called_off.append(session)
        else:
            session.units.remove(unit)
            kept.append(session)
    return MovedWork(measures, kept, called_off)


def unit_merged(unit: Unit, into: Unit, *, since: date, measures_move: bool, by: User, now: datetime) -> MovedWork:
    """Let the sessions be with the other unit, and its measures be the other's, or stop."""
    measures = stop_measures(unit, by=by, now=now) if not measures_move else _going_on(unit)
    if measures_move:
        for measure in measures:
            measure.move(to=into, by=by)
    sessions = list(_coming(unit, since=since))
    for session in sessions:
        session.units.remove(unit)
        session.units.add(into)
    return MovedWork(measures, sessions, [])


def unit_reopened(unit: Unit, *, closed_at: datetime, by: User, now: datetime) -> list[Measure]:
    """Let the measures go on that stopped when it was closed."""
    stopped = list(unit.measures.filter(stopped_at=closed_at))
    for measure in stopped:
        state = Measure.State.UNDERWAY if measure.begun_at else Measure.State.PLANNED
        measure.report(state=state, progress=measure.progress, by=by, now=now)
    return stopped


def stop_measures(unit: Unit, *, by: User, now: datetime) -> list[Measure]:
    measures = _going_on(unit)
    for measure in measures:
        measure.report(state=Measure.State.STOPPED, progress=measure.progress, by=by, now=now)
    return measures


def _going_on(unit: Unit) -> list[Measure]:
    return list(Measure.objects.going_on().filter(unit=unit).order_by("ends_on", "pk"))


def _coming(unit: Unit, *, since: date) -> list[GuidanceSession]:
    """The group is locked: nobody moves or logs one of them meanwhile."""
    list(GuidanceGroup.objects.select_for_update(of=("self",)).filter(participation=unit.participation_id))
    found = GuidanceSession.objects.planned().filter(units=unit, held_on__gte=since)
    return list(found.order_by("held_on", "pk"))


def moved(person: User, *, before: str, now: datetime) -> list[GuidanceSession]:
    """Their address is another. Take the sessions to come out of the old one's calendar, and put them in the new.

    Return the sessions that have followed.
    """
    return readdressing.readdressed(person, before=before, now=now)


def places_elsewhere(person: User, *, today: date) -> list[str]:
    """What the person is in the guidance, beside any municipality."""
    if Supervisor.objects.filter(user=person).exists():
        return [_("veiledningen i prosjektet")]
    leads = ProjectLeader.objects.current(today=today).filter(user=person).exists()
    return [_("Læringsmiljøsenteret")] if leads else []


def holdings(contact: Contact) -> list[Holding]:
    """The measures under way that name the person as the one who sees to them."""
    return [
        Holding(f"{MEASURE}:{measure.pk}", _("Ansvaret for tiltaket «%(what)s»") % {"what": measure.what})
        for measure in _measures(contact)
    ]


def succeeded(contact: Contact, successor: Contact, *, chosen: Collection[str], by: User, now: datetime) -> list[str]:
    """Hand over what was chosen. Return the keys of what was not there to hand over any more."""
    measures = {str(measure.pk): measure for measure in _measures(contact)}
    lost = []
    for key in keys_of(MEASURE, frozenset(chosen)):
        if measure := measures.get(key):
            who = _name(contact).sub(lambda _found: successor.name, measure.who)
            measure.hand_over(who=who[:200], by=by, now=now)
        else:
            lost.append(f"{MEASURE}:{key}")
    return lost


def kept(user: User) -> list[str]:
    """The municipalities that a person supervises, each in words."""
    members = GroupMember.objects.of(user).filter(group__participation__withdrawn_at__isnull=True)
    return [
        _("veileder, %(place)s") % {"place": member.group.participation.municipality}
        for member in members.select_related("group__participation__municipality__county").order_by("pk")
    ]


def _measures(contact: Contact) -> list[Measure]:
    measures = Measure.objects.going_on().filter(unit__participation=contact.participation_id)
    if contact.unit_id:
        measures = measures.filter(unit=contact.unit_id)
    return [measure for measure in measures if _name(contact).search(measure.who)]


def _name(contact: Contact) -> re.Pattern[str]:
    """The person's name within what was written of who sees to a measure: "Hanne Styrersen, styrer"."""
    words = r"\s+".join(re.escape(word) for word in contact.name.split())
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
