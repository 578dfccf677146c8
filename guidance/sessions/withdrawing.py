"""Taking back a log that was sent in, or moving it to the municipality that it was about, with what hangs on it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from guidance.models import GuidanceGroup, GuidanceSession, LogMove, Measure
from participants.models import Unit

# What becomes of a measure that was agreed in a log when the log is moved: it stays where it is, or is withdrawn.
STAYS, WITHDRAWN = "", "withdrawn"


@dataclass
class RemovedLog:
    """What was done with what hung on a log."""

    measures_withdrawn: list[Measure] = field(default_factory=list)
    measures_moved: list[Measure] = field(default_factory=list)
    measures_left: list[Measure] = field(default_factory=list)
    cancelled: list[GuidanceSession] = field(default_factory=list)
    planned: list[GuidanceSession] = field(default_factory=list)  # in their place
    coming_left: list[GuidanceSession] = field(default_factory=list)
    same_day: list[GuidanceSession] = field(default_factory=list)  # of the municipality that it is moved to


def measures_of(session: GuidanceSession) -> QuerySet[Measure]:
    """What was entered from this log, and still counts."""
    return session.measures.standing().select_related("unit").order_by("unit__name", "pk")


def coming_of(session: GuidanceSession, *, today: date) -> QuerySet[GuidanceSession]:
    """The sessions that were agreed in this log and are still to come."""
    return session.led_to.planned().filter(held_on__gte=today).order_by("held_on", "pk")


@transaction.atomic
def withdraw(
    session: GuidanceSession,
    *,
    why: str,
    measures: Collection[Measure],
    coming: Collection[GuidanceSession],
    by: User,
    now: datetime,
) -> RemovedLog:
    """Take back a locked log, with these of the measures and sessions that were agreed in it. The others stay.

    Raises ValidationError where no log stands.
    """
    done = RemovedLog()
    session.withdraw(why=why, by=by, now=now)
    for measure in measures_of(session):
        if measure in measures:
            measure.withdraw(why=Measure.WhyWithdrawn.MISTAKE, by=by, now=now)
            done.measures_withdrawn.append(measure)
        else:
            done.measures_left.append(measure)
    for each in session.led_to.planned().order_by("held_on", "pk"):
        if each in coming:
            each.cancel(by=by, now=now, reason=_why(each, _("Loggen der møtet ble avtalt, er trukket tilbake")))
            done.cancelled.append(each)
        else:
            done.coming_left.append(each)
    return done


@transaction.atomic
def move(
    session: GuidanceSession,
    *,
    to: GuidanceGroup,
    units: Collection[Unit],
    measures: Mapping[Measure, Unit | str],
    coming: Collection[GuidanceSession],
    by: User,
    now: datetime,
) -> RemovedLog:
    """Move a log, whose groups are both locked, to the group of another municipality, with units chosen there.

    `measures`: to which of the new units each goes, or STAYS or WITHDRAWN. These coming sessions are called off where
    they were planned by mistake, and planned for the new municipality. Raises ValidationError where no log stands.
    """
    done = RemovedLog(same_day=list(to.sessions.filter(held_on=session.held_on, cancelled_at__isnull=True)))
    LogMove.objects.move(session, to=to, units=units, by=by, now=now)
    for measure, place in measures.items():
        if isinstance(place, Unit):
            measure.correct_unit(to=place, by=by, now=now)
            done.measures_moved.append(measure)
        elif place == WITHDRAWN:
            measure.withdraw(why=Measure.WhyWithdrawn.MISTAKE, by=by, now=now)
            done.measures_withdrawn.append(measure)
        else:
            done.measures_left.append(measure)
    for each in session.led_to.planned().order_by("held_on", "pk"):
        if each in coming:
            done.cancelled.append(each)
            done.planned.append(_planned_again(each, session, to=to, units=units, by=by, now=now))
        else:
            done.coming_left.append(each)
    return done


def _planned_again(
    session: GuidanceSession,
    log: GuidanceSession,
    *,
    to: GuidanceGroup,
    units: Collection[Unit],
    by: User,
    now: datetime,
) -> GuidanceSession:
    """Called off where it was planned, so that those with it in their calendar are told; the same for the others."""
    supervisors = list(session.supervisors.filter(memberships__in=to.members.current()))
    again = GuidanceSession.plan(
        group=to,
        held_on=session.held_on,
        starts_at=session.starts_at,
        format=session.format,
        units=units,
        supervisors=supervisors or [member.supervisor for member in to.members.current().filter(leads=True)],
        by=by,
        now=now,
        minutes=session.minutes,
        video_link=session.video_link,
        planned_in=log,
    )
    session.cancel(by=by, now=now, reason=_why(session, _("Møtet gjelder en annen kommune")))
    return again


def _why(session: GuidanceSession, reason: object) -> str:
    """In the language of the municipality, which reads it."""
    with translation.override(session.group.participation.language):
        return str(reason)
