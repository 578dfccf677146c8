"""What follows in this app when something else changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import models

from accounts.models import User
from participants.models import Contact, ProjectGroup, ProjectGroupMember, Unit, UnitClosure

Keeps = UnitClosure.Keeps


@dataclass(frozen=True)
class MovedPeople:
    """What a merging does to the people: heads whose function ends, heads that begin, and members who come and go."""

    ended: list[Contact]
    begun: list[Contact]
    joined: list[ProjectGroupMember]
    left: list[ProjectGroupMember]


def unit_closed(unit: Unit, *, by: User, now: datetime) -> list[Contact]:
    """End the function of its heads. Its project group stays as it was."""
    heads = list(_heads(unit))
    for contact in heads:
        contact.end(by=by, now=now)
    return heads


def unit_reopened(unit: Unit, *, closed_at: datetime, by: User) -> list[Contact]:
    """Give its heads back the function that ended when it was closed."""
    heads = list(unit.contacts.filter(function=Contact.Function.HEAD, ended_at=closed_at).select_related("user"))
    for contact in heads:
        contact.ended_at = contact.ended_by = None
        contact._history_user = by
        contact.save(update_fields=["ended_at", "ended_by"])
    return heads


def unit_merged(unit: Unit, into: Unit, *, head: str, group: str, by: User, now: datetime) -> MovedPeople:
    """Move head and project group as chosen: those of `unit`, those of `into`, or both groups."""
    ended, begun = _move_heads(unit, into, own=head == Keeps.OWN, by=by, now=now)
    joined, left = _move_members(unit, into, group=group, by=by, now=now)
    return MovedPeople(ended, begun, joined, left)


def _heads(unit: Unit) -> models.QuerySet[Contact]:
    return (
        Contact.objects.current()
        .filter(unit=unit, function=Contact.Function.HEAD)
        .select_related("user", "unit", "participation")
        .order_by("pk")
    )


def _move_heads(unit: Unit, into: Unit, *, own: bool, by: User, now: datetime) -> tuple[list[Contact], list[Contact]]:
    theirs, others = list(_heads(unit)), list(_heads(into))
    begun: list[Contact] = []
    if own and theirs:
        staying = {contact.user_id for contact in theirs}
        for contact in others:
            if contact.user_id not in staying:
                contact.end(by=by, now=now)
        already = {contact.user_id for contact in others}
        begun = [_as_head_of(into, contact, by=by, now=now) for contact in theirs if contact.user_id not in already]
    for contact in theirs:
        contact.end(by=by, now=now)
    lead = set(_heads(into).values_list("user", flat=True))
    return [each for each in (*theirs, *others) if each.ended_at and each.user_id not in lead], begun


def _as_head_of(unit: Unit, contact: Contact, *, by: User, now: datetime) -> Contact:
    return Contact.objects.create(
        participation=unit.participation,
        unit=unit,
        user=contact.user,
        function=contact.function,
        name=contact.name,
        phone=contact.phone,
        started_at=now,
        started_by=by,
    )


def _move_members(
    unit: Unit, into: Unit, *, group: str, by: User, now: datetime
) -> tuple[list[ProjectGroupMember], list[ProjectGroupMember]]:
    """The members are written down once more in the other's group: the unit that closes keeps its own as it was."""
    theirs = list(ProjectGroupMember.objects.filter(group__unit=unit))
    if group == Keeps.OTHER or not theirs:
        return [], []
    kept, _made = ProjectGroup.objects.get_or_create(unit=into, defaults={"updated_at": now})
    there = list(kept.members.all())
    left = [member for member in there if group == Keeps.OWN and not _is_among(member, theirs)]
    for member in left:
        member._history_user = by
        member.delete()  # who was in the group stays in its history
    joined = [member for member in theirs if not _is_among(member, there)]
    for member in joined:
        again = ProjectGroupMember(group=kept, name=member.name, part=member.part)
        again._history_user = by
        again.save()
    kept.updated_at = now
    kept._history_user = by
    kept.save(update_fields=["updated_at"])
    return joined, left


def _is_among(member: ProjectGroupMember, others: Iterable[ProjectGroupMember]) -> bool:
    return any((member.name.casefold(), member.part) == (other.name.casefold(), other.part) for other in others)
