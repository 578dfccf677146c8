"""What is planned of a session in words: as it is now, and beside that as it was before a change."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from guidance.models import GuidanceSession, SessionChange
from parts.dates import day_in_words

Plan = Mapping[str, Any]  # `as_planned` of a session, now or before a change


def when(plan: Plan) -> str:
    """torsdag 26. november 2026 kl. 09.00–11.00; the day alone while no hour is set."""
    day = date.fromisoformat(plan["held_on"])
    if not plan["starts_at"]:
        return day_in_words(day)
    # Counted in wall-clock time, which the change of clock leaves as it is: no session is held at that hour.
    begins = datetime.combine(day, datetime.strptime(plan["starts_at"], "%H:%M").time())  # noqa: DTZ007 – an hour alone
    ends = begins + timedelta(minutes=plan["minutes"])
    said = {"day": day_in_words(day), "from": f"{begins:%H.%M}", "to": f"{ends:%H.%M}"}
    return _("%(day)s kl. %(from)s–%(to)s") % said


def how_long(minutes: int) -> str:
    """2 timer, 45 minutter, 1 time og 30 minutter."""
    hours, rest = divmod(minutes, 60)
    parts = [_("1 time") if hours == 1 else _("%(n)s timer") % {"n": hours}] if hours else []
    parts += [_("%(n)s minutter") % {"n": rest}] if rest else []
    return _(" og ").join(parts)


def facts(plan: Plan, *, before: Plan | None = None) -> list[tuple[str, str, str]]:
    """(what, how it is, how it was before): the last is empty where it is as it was."""
    found = []
    for what, say in _SAID.items():
        now = say(plan)
        was = say(before) if before else now
        if now or was:
            found.append(
                (str(_names()[what]), now or _("Ikke oppgitt"), "" if now == was else was or _("Ikke oppgitt"))
            )
    return found


def in_lines(plan: Plan, *, before: Plan | None = None) -> list[str]:
    """A line for each fact: what it was before stands behind what it is."""
    lines = []
    for what, now, was in facts(plan, before=before):
        said = {"what": what, "now": now, "before": was}
        lines.append(_("%(what)s: %(now)s (før: %(before)s)") % said if was else _("%(what)s: %(now)s") % said)
    return lines


def new_lines(plan: Plan, *, before: Plan) -> list[str]:
    """Of those lines the ones that tell something new."""
    as_it_was = in_lines(plan)
    return [line for line in in_lines(plan, before=before) if line not in as_it_was]


def what_is_new(plan: Plan, before: Plan) -> str:
    """The most that a change comes to, as a heading; empty when both plans say the same."""
    for name, words in _headings().items():
        if plan[name] != before[name]:
            return words
    return ""


def known_at(session: GuidanceSession, version: int) -> Plan:
    """What was planned in that version. Its changes are loaded with the session."""
    for change in session.changes.all():
        if change.version == version:
            before: Plan = change.before
            return before
    return session.as_planned


def changes_since(session: GuidanceSession, version: int) -> list[SessionChange]:
    return [change for change in session.changes.all() if change.version >= version]


def why(session: GuidanceSession, changes: Sequence[SessionChange]) -> str:
    """Grunn: …, of these changes, each reason once; empty when none is given."""
    reasons = [change.reason for change in changes if change.reason]
    if session.withdrawal_id:
        reasons.append(_("Kommunen har trukket seg fra prosjektet."))
    given = " ".join(as_a_sentence(reason) for reason in dict.fromkeys(reasons))
    return _("Grunn: %(reason)s") % {"reason": given} if given else ""


def as_a_sentence(reason: str) -> str:
    """As mails and pages say it after "Grunn:"."""
    return reason if reason[-1] in ".!?" else f"{reason}."


def _place(plan: Plan) -> str:
    if plan["place"] or plan["format"] != GuidanceSession.Format.VISIT:
        return str(plan["place"])
    return _("Ikke oppgitt ennå")


def _video_link(plan: Plan) -> str:
    if plan["video_link"] or plan["format"] != GuidanceSession.Format.VIDEO:
        return str(plan["video_link"])
    return _("Ikke oppgitt ennå")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


_SAID = {
    "when": when,
    "minutes": lambda plan: how_long(plan["minutes"]),
    "format": lambda plan: str(capfirst(GuidanceSession.Format(plan["format"]).label)),
    "place": _place,
    "video_link": _video_link,
    "units": lambda plan: _listed(plan["units"]),
    "supervisors": lambda plan: _listed(plan["supervisors"]),
}


def _names() -> dict[str, str]:
    return {
        "when": _("Tid"),
        "minutes": _("Varighet"),
        "format": _("Møteform"),
        "place": _("Sted"),
        "video_link": _("Lenke til videomøtet"),
        "units": _("Enheter"),
        "supervisors": _("Veiledere"),
    }


def _headings() -> dict[str, str]:
    return {
        "held_on": _("Ny dato for veiledningsmøtet"),
        "starts_at": _("Nytt klokkeslett for veiledningsmøtet"),
        "format": _("Ny møteform for veiledningsmøtet"),
        "place": _("Nytt sted for veiledningsmøtet"),
        "video_link": _("Ny lenke til veiledningsmøtet"),
        "minutes": _("Ny varighet for veiledningsmøtet"),
        "units": _("Andre enheter i veiledningsmøtet"),
        "supervisors": _("Andre veiledere i veiledningsmøtet"),
    }
