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

from guidance.models import GuidanceSession, Measure
from participants.models import Contact, Participation, ProjectGroupMember, Unit, in_operation

# Where each is found besides the logs: the part in a project group, and the sub-goal that is about them.
IN_PROJECT_GROUP = {"parent": "parents", "ppt": "ppt"}
SUB_GOAL = {"children": 5, "parents": 5, "ppt": 6}


@dataclass
class Stakeholder:
    """How children, parents or PPT have been involved, in a unit or a whole municipality.

    Only what is known: a tick in a session for four units does not say which of them asked the children, so it is
    `shared`, and makes none of them involved. PPT is one for all, so where it was present it met each of the units.
    """

    who: str
    decision: str = ""  # PPT's: what the municipality has answered
    is_unit: bool = False
    sessions: int = 0  # in which they took part, or were involved in some other way
    last: date | None = None
    present: int = 0  # the sessions they were at
    ways: Counter[str] = field(default_factory=Counter)
    met_all: bool = False  # PPT was at a session for the whole municipality
    shared: int = 0  # a unit's: the sessions for several units, of which it is not said where it was
    shared_last: date | None = None
    shared_by: int = 0  # how many units the last of them was for
    members: int = 0
    contacts: int = 0
    measures: int = 0
    units: int = 0  # a municipality's active units, and in how many of them they are known to be involved
    units_known: int = 0

    @property
    def involved(self) -> bool:
        """Whether anything is known of it. A decision, a contact and a measure are only intentions."""
        return bool(self.sessions or self.members)

    @property
    def covered(self) -> bool:
        """Whether nothing is left to do: they are involved in each of the units."""
        if self.is_unit or not self.units:
            return self.involved
        return self.units_known == self.units or self.met_all

    @property
    def label(self) -> str:
        return capfirst(str(dict(GuidanceSession.FUNCTIONS)[self.who]))

    @property
    def sub_goal(self) -> int:
        return SUB_GOAL[self.who]

    @property
    def declined(self) -> bool:
        return self.decision == Participation.PPT.NO

    def add_session(self, *, people: int, ways: Iterable[str], on: date, units: int) -> None:
        """Count one session that was held, for so many units."""
        ways = set(ways)
        if not people and not ways:
            return
        is_ppt = self.who == "ppt"
        if self.is_unit and units > 1 and not (is_ppt and people):
            self.shared += 1
            if self.shared_last is None or on >= self.shared_last:
                self.shared_last, self.shared_by = on, units
            return
        self.sessions += 1
        self.last = max(self.last or on, on)
        self.present += people > 0
        self.met_all |= is_ppt and people > 0 and not units
        if not self.is_unit or units == 1:
            self.ways.update(ways)


@dataclass
class Involvement:
    place: Participation | Unit
    stakeholders: dict[str, Stakeholder]
    units: list["Involvement"] = field(default_factory=list)

    @property
    def missing(self) -> list[Stakeholder]:
        """Those with whom something is left to do."""
        return [stakeholder for stakeholder in self.stakeholders.values() if not stakeholder.covered]


def involvement_of(participations: Iterable[Participation], *, today: date | None = None) -> dict[int, Involvement]:
    """By the participation's key, with that of each active unit, in six queries however many."""
    today = today or timezone.localdate()
    found = {each.pk: _nothing_yet(each, decision=each.ppt) for each in participations}
    in_units: dict[int, Involvement] = {}
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
    for whole in found.values():
        for who, stakeholder in whole.stakeholders.items():
            stakeholder.units = len(whole.units)
            stakeholder.units_known = sum(unit.stakeholders[who].involved for unit in whole.units)
    return found


def _nothing_yet(place: Participation | Unit, *, decision: str) -> Involvement:
    decisions = {"ppt": decision}
    is_unit = isinstance(place, Unit)
    return Involvement(
        place, {who: Stakeholder(who, decisions.get(who, ""), is_unit) for who in GuidanceSession.STAKEHOLDERS}
    )


def _add_sessions(found: dict[int, Involvement], in_units: dict[int, Involvement]) -> None:
    """A session counts for the municipality, and for each unit that it was for."""
    units_of: dict[int, list[int]] = {}
    through = GuidanceSession.units.through.objects.filter(guidancesession__group__participation__in=found)
    for session, unit in through.values_list("guidancesession", "unit"):
        units_of.setdefault(session, []).append(unit)
    held = GuidanceSession.objects.held().filter(group__participation__in=found)
    for pk, participation, day, took_part, ways in held.order_by().values_list(
        "pk", "group__participation", "held_on", "took_part", "involved"
    ):
        units = units_of.get(pk, [])  # one that has closed since was there too
        for place in [found[participation], *(in_units[unit] for unit in units if unit in in_units)]:
            for who, stakeholder in place.stakeholders.items():
                people = took_part.get(who) or 0
                stakeholder.add_session(people=people, ways=ways.get(who) or (), on=day, units=len(units))


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
