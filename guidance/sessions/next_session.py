"""The next session, as a log agrees on it: a new one, one that is planned already, or that one on another day."""

from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from typing import Any

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from guidance.models import GuidanceGroup, GuidanceSession
from guidance.sessions import plan_wording
from parts.dates import day_in_words, is_working_day

MOVE, NEW = "move", "new"  # the answers
# A session as near as this to the day that is agreed may well be the same one.
NEAR = timedelta(days=14)


def coming(group: GuidanceGroup, *, today: date, besides: GuidanceSession | None) -> list[GuidanceSession]:
    """What is planned for the group from today on, `besides` the session that the log is of."""
    sessions = group.sessions.planned().filter(held_on__gte=today).order_by("held_on", "starts_at", "pk")
    return list(sessions.exclude(pk=besides.pk) if besides else sessions)


def nearest(sessions: Iterable[GuidanceSession], day: date) -> GuidanceSession | None:
    near = [session for session in sessions if abs(session.held_on - day) <= NEAR]
    return min(near, key=lambda session: (abs(session.held_on - day), session.pk), default=None)


def is_another(session: GuidanceSession, day: date, hour: time | None) -> bool:
    """Whether what is agreed is not what is planned. An hour that is left open is the planned one's."""
    return session.held_on != day or (hour is not None and hour != session.starts_at)


def question(session: GuidanceSession) -> str:
    return _("Det er planlagt et møte %(day)s. Skal det flyttes, eller er dette et møte til?") % {
        "day": day_in_words(session.held_on)
    }


def is_doubtful(day: date, sessions: Iterable[GuidanceSession]) -> bool:
    """Whether it is a day off that no session is planned for already."""
    return not is_working_day(day) and all(session.held_on != day for session in sessions)


def question_of_day(day: date) -> str:
    return _("%(day)s er ikke en arbeidsdag. Stemmer dette?") % {"day": capfirst(day_in_words(day))}


def moved(session: GuidanceSession, cleaned: dict[str, Any]) -> dict[str, Any]:
    """What its plan becomes, by a valid form: another day, and hour if one is given. The rest was not asked about."""
    return {"held_on": cleaned["next_on"], "starts_at": cleaned["next_at"] or session.starts_at}


def why_moved(session: GuidanceSession) -> str:
    """The reason of a session that is about to be moved, in the language of the municipality, which reads it."""
    with translation.override(session.group.participation.language):
        return _("Flyttet i loggen fra %(when)s") % {"when": plan_wording.when(session.as_planned)}


def receipt(session: GuidanceSession, *, next_on: date | None) -> Sequence[str]:
    """What became of a log that was sent in: no more than the database holds, and the same however often it is sent."""
    if not session.agreed:
        seen = _("Ingenting er ført opp som avtalt.")
    elif session.units.exists():
        seen = _("Kommunen og enhetene som var med, kan nå lese hva dere ble enige om.")
    else:
        seen = _("Kommunen kan nå lese hva dere ble enige om. Ingen enheter er valgt.")
    said = [_("Loggen er sendt inn."), seen]
    if next_on and session.group.sessions.planned().filter(held_on=next_on).exists():
        said.append(_("Neste møte er %(day)s.") % {"day": day_in_words(next_on)})
    return said
