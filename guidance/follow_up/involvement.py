"""Whether and how children, parents and PPT have been involved: they were left out in earlier cohorts (Fafo 2020:25).

From the logs that are sent in, the project groups, the contacts and the measures. Only facts, never the notes.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from guidance.models import GuidanceSession, Measure
from participants.models import Contact, Participation, ProjectGroupMember, Unit, in_operation

# Where each is found besides the logs: the part in a project group, and the sub-goal that is about them.
IN_PROJECT_GROUP = {"parent": "parents", "ppt": "ppt"}
SUB_GOAL = {"children": 5, "parents": 5, "ppt": 6}


@dataclass
class Stakeholder:
    """How children, parents or PPT have been involved, in a unit or a whole municipality."""

    who: str
    decision: str = ""  # PPT's: what the municipality has answered
    sessions: int = 0  # in which they took part, or were involved in some other way
    last: date | None = None
    present: int = 0  # the sessions they were at
    people: int = 0  # all of them together, at these sessions
    ways: Counter[str] = field(default_factory=Counter)
    members: int = 0
    contacts: int = 0
    measures: int = 0

    @property
    def involved(self) -> bool:
        """Whether they came, were asked or have a seat. A decision and a measure are only intentions."""
        return bool(self.sessions or self.members or self.contacts)

    @property
    def label(self) -> str:
        return capfirst(str(dict(GuidanceSession.FUNCTIONS)[self.who]))

    @property
    def sub_goal(self) -> int:
        return SUB_GOAL[self.who]

    @property
    def ways_found(self) -> list[tuple[str, int]]:
        """What was done, as it is called, and in how many sessions."""
        return [(str(label), self.ways[way]) for way, label in GuidanceSession.WAYS if self.ways[way]]

    @property
    def next_step(self) -> str:
        """A line on what to do about it; empty when they are involved."""
        if self.involved:
            return ""
        if self.who == "children":
            return _("Spør barna og elevene hva de mener, før dere velger neste tiltak.")
        if self.who == "parents":
            return _("Ta med en forelder eller foresatt i prosjektgruppa.")
        if self.decision == Participation.PPT.YES:
            return _("Inviter PP-tjenesten til neste veiledningsmøte.")
        if self.decision == Participation.PPT.NO:
            return _("Kommunen har svart at PP-tjenesten ikke deltar. Ta det opp i neste veiledningsmøte.")
        return _("Avgjør om PP-tjenesten deltar, og inviter den til neste veiledningsmøte.")

    def add_session(self, *, people: int, ways: Iterable[str], on: date) -> None:
        """Count one session that was held."""
        ways = set(ways)
        if not people and not ways:
            return
        self.sessions += 1
        self.last = max(self.last or on, on)
        self.present += people > 0
        self.people += people
        self.ways.update(ways)


@dataclass
class Involvement:
    place: Participation | Unit
    stakeholders: dict[str, Stakeholder]
    units: list["Involvement"] = field(default_factory=list)

    @property
    def missing(self) -> list[Stakeholder]:
        return [stakeholder for stakeholder in self.stakeholders.values() if not stakeholder.involved]


def involvement_of(
    participations: Iterable[Participation], *, with_units: bool = False, today: date | None = None
) -> dict[int, Involvement]:
    """By the participation's key, in four queries however many; in six with that of each active unit."""
    today = today or timezone.localdate()
    found = {each.pk: _nothing_yet(each, decision=each.ppt) for each in participations}
    in_units: dict[int, Involvement] = {}
    if with_units:
        for unit in Unit.objects.active(today=today).filter(participation__in=found):
            decision = found[unit.participation_id].stakeholders["ppt"].decision
            in_units[unit.pk] = _nothing_yet(unit, decision=decision)
            found[unit.participation_id].units.append(in_units[unit.pk])
    _add_sessions(found, in_units)
    _add_members(found, in_units, today=today)
    _add_measures(found, in_units)
    contacts = Contact.objects.current().filter(participation__in=found, function=Contact.Function.PPT)
    for participation in contacts.values_list("participation", flat=True):
        found[participation].stakeholders["ppt"].contacts += 1
    return found


def _nothing_yet(place: Participation | Unit, *, decision: str) -> Involvement:
    decisions = {"ppt": decision}
    return Involvement(place, {who: Stakeholder(who, decisions.get(who, "")) for who in GuidanceSession.STAKEHOLDERS})


def _add_sessions(found: dict[int, Involvement], in_units: dict[int, Involvement]) -> None:
    """A session counts for the municipality, and for each unit that it was for."""
    units_of: dict[int, list[int]] = {}
    if in_units:
        through = GuidanceSession.units.through.objects.filter(unit__in=in_units)
        for session, unit in through.values_list("guidancesession", "unit"):
            units_of.setdefault(session, []).append(unit)
    held = GuidanceSession.objects.held().filter(group__participation__in=found)
    for pk, participation, day, took_part, ways in held.order_by().values_list(
        "pk", "group__participation", "held_on", "took_part", "involved"
    ):
        for place in [found[participation], *(in_units[unit] for unit in units_of.get(pk, ()))]:
            for who, stakeholder in place.stakeholders.items():
                stakeholder.add_session(people=took_part.get(who) or 0, ways=ways.get(who) or (), on=day)


def _add_members(found: dict[int, Involvement], in_units: dict[int, Involvement], *, today: date) -> None:
    members = ProjectGroupMember.objects.filter(
        in_operation(today=today, unit="group__unit"), group__unit__participation__in=found, part__in=IN_PROJECT_GROUP
    )
    for participation, unit, part, count in (
        members.order_by().values_list("group__unit__participation", "group__unit", "part").annotate(count=Count("pk"))
    ):
        for place in _places(found, in_units, participation, unit):
            place.stakeholders[IN_PROJECT_GROUP[part]].members += count


def _add_measures(found: dict[int, Involvement], in_units: dict[int, Involvement]) -> None:
    measures = Measure.objects.standing().filter(
        unit__participation__in=found, sub_goal__in=SUB_GOAL.values(), stopped_at__isnull=True
    )
    for participation, unit, sub_goal, count in (
        measures.order_by().values_list("unit__participation", "unit", "sub_goal").annotate(count=Count("pk"))
    ):
        for place in _places(found, in_units, participation, unit):
            for stakeholder in place.stakeholders.values():
                stakeholder.measures += count if stakeholder.sub_goal == sub_goal else 0


def _places(
    found: dict[int, Involvement], in_units: dict[int, Involvement], participation: int, unit: int
) -> list[Involvement]:
    return [found[participation], *([in_units[unit]] if unit in in_units else [])]
