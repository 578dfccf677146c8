"""What a composition would change in the groups as they are: who comes, who leaves, who leads."""

from collections.abc import Iterable
from dataclasses import dataclass

from guidance.groups.seating import Seating
from guidance.groups.steps import facts
from guidance.models import GroupMember, ProposedSeat, Supervisor
from participants.models import Cohort, Participation


@dataclass(frozen=True)
class GroupChange:
    """What publishing would do to a municipality's group."""

    participation: Participation
    is_new: bool
    group: list[ProposedSeat]
    before: list[str]  # the names of those in the group now
    joins: list[Supervisor]
    leaves: list[Supervisor]
    parted: list[Supervisor]  # of those who leave, the ones who have held sessions there
    lead_moves: bool
    leader: str  # who leads from then on, and did not before; empty when that is nobody

    @property
    def changes(self) -> bool:
        return self.is_new or bool(self.joins or self.leaves) or self.lead_moves


def members_of(cohort: Cohort) -> list[GroupMember]:
    """Those in the groups now."""
    current = GroupMember.objects.current().filter(group__participation__cohort=cohort)
    return list(current.select_related("supervisor", "group"))


def changes(seating: Seating, current: Iterable[GroupMember]) -> list[GroupChange]:
    """For each municipality that has seats; `current` are the members as they are."""
    members: dict[int, dict[int, GroupMember]] = {}
    for member in current:
        members.setdefault(member.group.participation_id, {})[member.supervisor_id] = member
    known = {municipality.key: municipality.known for municipality in seating.municipalities}
    return [
        _change(participation, seating.seats[key], members.get(key, {}), known[key])
        for key, participation in seating.participations.items()
        if seating.seats.get(key)
    ]


def _change(
    participation: Participation, group: list[ProposedSeat], before: dict[int, GroupMember], known: frozenset[int]
) -> GroupChange:
    wanted = {seat.supervisor_id: seat for seat in group}
    led = {key for key, member in before.items() if member.leads}
    leads = {key for key, seat in wanted.items() if seat.leads}
    return GroupChange(
        participation=participation,
        is_new=not before,
        group=group,
        before=[str(member) for member in before.values()],
        joins=[seat.supervisor for key, seat in wanted.items() if key not in before],
        leaves=[member.supervisor for key, member in before.items() if key not in wanted],
        parted=[member.supervisor for key, member in before.items() if key not in wanted and key in known],
        lead_moves=any(key in before and before[key].leads != seat.leads for key, seat in wanted.items()),
        leader=next((wanted[key].supervisor.name for key in leads - led), ""),
    )


def of_published(now: Seating, then: Seating, current: Iterable[GroupMember]) -> list[GroupChange]:
    """The groups that are published and would become others than they are, where `then` differs from `now`."""
    found = changes(then, current)
    return [
        change
        for change in found
        if not change.is_new
        and change.changes
        and _who(now.seats.get(change.participation.pk, [])) != _who(change.group)
    ]


def _who(seats: list[ProposedSeat]) -> list[tuple[int, bool]]:
    return [(supervisor, leads) for _participation, supervisor, leads, _locked in facts(seats)]
