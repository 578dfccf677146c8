"""What follows in this app when something else changes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.todos import Holding, keys_of
from participants.models import Contact, Draft, ProjectGroup, ProjectGroupMember, Unit, UnitClosure
from parts.names import same_person

Keeps = UnitClosure.Keeps
DRAFT, MEMBER = "participants.draft", "participants.member"


@dataclass(frozen=True)
class MovedPeople:
    """What a merging does to the people: heads whose function ends, heads that begin, and members who come and go.

    And who leads the two afterwards, and whose project group they have: nobody, "" when it has no members.
    """

    ended: list[Contact]
    begun: list[Contact]
    joined: list[ProjectGroupMember]
    left: list[ProjectGroupMember]
    leaders: list[Contact]
    group: str


def unit_closed(unit: Unit, *, by: User, now: datetime) -> list[Contact]:
    """End the function of its heads. Its project group stays as it was."""
    heads = list(heads_of(unit))
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
    has_own, has_any = (ProjectGroupMember.objects.filter(group__unit=each).exists() for each in (unit, into))
    whose = (group if has_own else Keeps.OTHER) if has_any else ""
    return MovedPeople(ended, begun, joined, left, list(heads_of(into)), whose)


def heads_of(unit: Unit) -> models.QuerySet[Contact]:
    """Of this unit now."""
    return (
        Contact.objects.current()
        .filter(unit=unit, function=Contact.Function.HEAD)
        .select_related("user", "unit", "participation")
        .order_by("pk")
    )


def _move_heads(unit: Unit, into: Unit, *, own: bool, by: User, now: datetime) -> tuple[list[Contact], list[Contact]]:
    theirs, others = list(heads_of(unit)), list(heads_of(into))
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
    lead = set(heads_of(into).values_list("user", flat=True))
    return [each for each in (*theirs, *others) if each.ended_at and each.user_id not in lead], begun


def _as_head_of(unit: Unit, contact: Contact, *, by: User, now: datetime) -> Contact:
    return unit.participation.add_contact(
        function=contact.function,
        unit=unit,
        email=contact.user.email,
        name=contact.name,
        phone=contact.phone,
        by=by,
        now=now,
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


def holdings(contact: Contact) -> list[Holding]:
    """The answers the person has begun, and the project groups where they are a member by this name."""
    found = [
        Holding(f"{DRAFT}:{draft.pk}", _("Utkastet til bekreftelsen"))
        for draft in _drafts(contact)
        if contact.is_editor
    ]
    for member in _members(contact):
        text = _("Medlem av prosjektgruppa ved %(unit)s (%(part)s)")
        values = {"unit": member.group.unit, "part": member.get_part_display()}
        found.append(Holding(f"{MEMBER}:{member.pk}", text % values))
    return found


def succeeded(contact: Contact, successor: Contact, *, chosen: Collection[str], by: User, now: datetime) -> list[str]:
    """Hand over what was chosen. Return the keys of what was not there to hand over any more."""
    keys = frozenset(chosen)
    drafts = {str(draft.pk): draft for draft in _drafts(contact)}
    members = {str(member.pk): member for member in _members(contact)}
    lost = []
    for key in keys_of(DRAFT, keys):
        if key not in drafts or not drafts[key].hand_over(to=successor.user):
            lost.append(f"{DRAFT}:{key}")
    for key in keys_of(MEMBER, keys):
        if key in members:
            members[key].pass_to(successor.name, by=by, now=now)
        else:
            lost.append(f"{MEMBER}:{key}")
    return lost


def kept(user: User) -> list[str]:
    """The functions that a person has now, each in words."""
    functions = Contact.objects.current().filter(user=user, participation__withdrawn_at__isnull=True)
    rows = functions.select_related("unit", "participation__municipality__county").order_by("pk")
    return [f"{each.title}, {each.place}" for each in rows]


def _drafts(contact: Contact) -> list[Draft]:
    drafts = contact.user.confirmation_drafts.filter(
        confirmation__participation=contact.participation_id, confirmation__answered_at__isnull=True
    )
    return list(drafts.select_related("confirmation"))


def _members(contact: Contact) -> list[ProjectGroupMember]:
    """Of the head's unit, or of the municipality's units. A member is a name, so a name is what is compared."""
    members = ProjectGroupMember.objects.filter(group__unit__participation=contact.participation_id)
    if contact.unit_id:
        members = members.filter(group__unit=contact.unit_id)
    return [member for member in members.select_related("group__unit") if same_person(member.name, contact.name)]
