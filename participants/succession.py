"""What hangs on a contact here, and goes to their successor."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.holdings import Holding, keys_of
from accounts.models import User
from participants.functions import same_name
from participants.models import Contact, Draft, ProjectGroupMember

DRAFT, MEMBER = "participants.draft", "participants.member"


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
    rows = functions.select_related("unit", "participation__municipality").order_by("pk")
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
    return [member for member in members.select_related("group__unit") if same_name(member.name, contact.name)]
