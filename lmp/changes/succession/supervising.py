"""A supervisor hands over to another in a municipality's group: now, or from a day to come."""

from collections.abc import Collection
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from guidance.groups import replacing
from guidance.models import GroupMember, GuidanceGroup, Supervisor
from lmp.changes.models import Succession
from lmp.changes.succession import mails
from lmp.changes.succession.succeeding import Succeeded


@transaction.atomic
def agree(
    member: GroupMember,
    *,
    successor: Supervisor,
    note: str,
    starts_on: date,
    chosen: Collection[str],
    by: User,
    now: datetime,
) -> Succeeded:
    """Let another supervisor take over from a day on. When that is today, it happens at once.

    Raises ValidationError as `replacing.replace` does, also for a day to come: what could not be done now is not
    agreed.
    """
    GuidanceGroup.objects.select_for_update().get(pk=member.group_id)
    if other := member.successions.coming().first():
        raise ValidationError(
            _("Det er allerede avtalt at %(name)s overtar. Avlys det først.") % {"name": other.name}, code="agreed"
        )
    held = replacing.holdings(member)
    succession = Succession.objects.create(
        member=member,
        successor=successor.user,
        name=successor.name,
        starts_on=starts_on,
        kept=sorted({each.key for each in held} - set(chosen)),
        note=note,
        agreed_at=now,
        agreed_by=by,
    )
    if starts_on <= timezone.localdate(now):
        return carry_out(succession, now=now)
    with transaction.atomic():
        _replace(succession, member, chosen=chosen, now=now)
        transaction.set_rollback(True)
    member.refresh_from_db()
    mails.agreed(succession, now=now)
    return Succeeded(
        succession,
        handed_over=[each.text for each in held if each.key in chosen],
        stays=[each.text for each in held if each.key not in chosen],
    )


@transaction.atomic
def carry_out(succession: Succession, *, now: datetime) -> Succeeded:
    """Replace the one in the group. The mails follow from that; the second time nothing happens."""
    succession = Succession.objects.select_for_update(of=("self",)).in_words().get(pk=succession.pk)
    member = succession.member
    if member is None or not succession.is_coming:
        return Succeeded(succession)
    held = replacing.holdings(member)
    chosen = [each.key for each in held if each.key not in succession.kept]
    _replace(succession, member, chosen=chosen, now=now)
    succession.is_done(now=now)
    return Succeeded(
        succession,
        handed_over=[each.text for each in held if each.key in chosen],
        stays=[each.text for each in held if each.key not in chosen],
    )


def _replace(succession: Succession, member: GroupMember, *, chosen: Collection[str], now: datetime) -> None:
    supervisor = Supervisor.objects.select_related("user").get(user=succession.new_person)
    by, note = succession.agreed_by, succession.note
    replacing.replace(member, successor=supervisor, note=note, by=by, now=now, chosen=chosen)
