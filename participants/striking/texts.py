"""Taking away what somebody wrote in a confirmation or a project group, and in what was begun on and not sent."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from participants.models import Confirmation, Draft, ProjectGroup, ProjectGroupMember, Strike, Unit
from participants.striking.row import Struck, locked, remember, strike
from parts.names import without


def strike_comment(confirmation: Confirmation, *, reason: str, by: User, now: datetime) -> Struck:
    """The message that went with a confirmation; what has been begun on for the next round is emptied of it too."""
    found = strike(locked(confirmation), ["comment"], reason=reason, by=by, now=now)
    for draft in Draft.objects.filter(confirmation__participation=confirmation.participation_id):
        typed = {name: getattr(draft, name) for name in ("data", "base", "sent")}
        kept = without(typed, found.texts)
        if kept != typed:
            Draft.objects.filter(pk=draft.pk).update(**kept)
            found.drafts += 1
    return found


def strike_member(member: ProjectGroupMember, *, reason: str, by: User, now: datetime) -> Struck:
    """The name of a member of a project group, who stays as a member without one.

    It goes from all that the municipality's groups were before: two groups that became one entered their members anew.
    """
    found = strike(locked(member), ["name"], reason=reason, by=by, now=now)
    groups = ProjectGroup.objects.filter(unit__participation=member.group.unit.participation_id)
    earlier = ProjectGroupMember.history.filter(group__in=groups.values("pk"), name__in=found.texts)
    found.versions += earlier.update(name="")
    return found


def strike_former_member(removal: Any, *, reason: str, by: User, now: datetime) -> Struck:
    """The name of somebody who is in a project group no more, from all that the municipality's groups were before.

    `removal` is the last version of the member. Raises ValidationError with the code "struck" when it has no name.
    """
    unit = Unit.objects.select_for_update(of=("self",)).get(pk=removal.group.unit_id)
    name = ProjectGroupMember.history.values_list("name", flat=True).get(pk=removal.pk)
    if not name:
        raise ValidationError(_("Teksten er allerede fjernet."), code="struck")
    groups = ProjectGroup.objects.filter(unit__participation=unit.participation_id)
    members = ProjectGroupMember.objects.filter(group__in=groups)
    versions = ProjectGroupMember.history.filter(group__in=groups.values("pk"), name=name)
    found = Struck([name], versions=versions.exclude(id__in=members.values("pk")).update(name=""))
    remember(unit, [Strike.FORMER_MEMBER], reason=reason, by=by, now=now)
    return found


def strike_group(group: ProjectGroup, *, reason: str, by: User, now: datetime) -> Struck:
    """A whole project group that should never have been entered. The unit has none then, and remembers that it had."""
    group = locked(group)
    found = Struck([member.name for member in group.members.all() if member.name])
    for member in group.members.all():
        member._history_user = by  # type: ignore[attr-defined]
        member.delete()
    versions = ProjectGroupMember.history.filter(group=group.pk)
    found.texts += [name for name in versions.values_list("name", flat=True) if name and name not in found.texts]
    versions.update(name="")
    unit = group.unit
    group._history_user = by
    group.delete()
    remember(unit, [Strike.PROJECT_GROUP], reason=reason, by=by, now=now)
    return found
