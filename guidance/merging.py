"""Two people in the guidance turn out to be one: the one who goes gives all they have here to the other."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from guidance.mails.sessions import readdressing
from guidance.models import (
    Capacity,
    GroupMember,
    GuidanceSession,
    LogDraft,
    ProjectLeader,
    ProposedSeat,
    PublishedChange,
    PulseAnswered,
    Supervisor,
)


def merged(
    kept: User, gone: User, *, entries: readdressing.Entries, by: User, now: datetime
) -> tuple[list[str], list[str]]:
    """Return, in words, what moved and what ended. The mail plan invites the one who is left to what is to come.

    `entries` are those that `gone` had in their calendar before any function of theirs moved.
    """
    for session, recipient in entries:
        readdressing.take_out(session, recipient, address=gone.email, now=now)
    moved, ended = _merge_supervisors(kept, gone, by=by, today=timezone.localdate(now))
    leads = ProjectLeader.objects.filter(user=gone).first()
    if leads:
        if ProjectLeader.objects.filter(user=kept).exists():
            ended.append(_("Prosjektleder ved Læringsmiljøsenteret"))
            leads.ended_on = min(leads.ended_on or date.max, timezone.localdate(now))
        else:
            moved.append(_("Prosjektleder ved Læringsmiljøsenteret"))
            leads.user = kept
        leads._history_user = by
        leads.save()
    had = list(PulseAnswered.objects.filter(user=kept).values_list("session", flat=True))
    PulseAnswered.objects.filter(user=gone).exclude(session__in=had).update(user=kept)
    drafts = LogDraft.objects.filter(user=gone)
    moved += [_("Utkast til logg, %(name)s") % {"name": draft.group} for draft in drafts.select_related("group")]
    drafts.update(user=kept)
    return moved, ended


def _merge_supervisors(kept: User, gone: User, *, by: User, today: date) -> tuple[list[str], list[str]]:
    theirs = Supervisor.objects.filter(user=gone).first()
    own = Supervisor.objects.filter(user=kept).first()
    if theirs is None:
        return [], []
    if own is None:
        theirs.user = kept
        theirs._history_user = by
        theirs.save(update_fields=["user"])
        return [_("Veileder: %(name)s") % {"name": theirs}], []
    moved, ended = [], []
    groups = {member.group_id: member for member in own.memberships.current()}
    members = theirs.memberships.select_related(
        "group__participation__municipality__county", "group__participation__cohort"
    )
    for member in members:
        said = _("Veiledergruppa i %(name)s") % {"name": member.group}
        if member.ended_on is None and member.group_id in groups:
            _end(member, groups[member.group_id], by=by, today=today)
            ended.append(said)
        elif member.ended_on is None:
            moved.append(said)
        member.supervisor = own
        member._history_user = by
        member.save()
    _move_what_was_planned(theirs, own)
    return moved, ended


def _end(member: GroupMember, other: GroupMember, *, by: User, today: date) -> None:
    """One of two memberships of the same person. Whoever of them led the group leads it."""
    leads = member.leads
    member.ended_on = today
    member._history_user = by
    member.save(update_fields=["ended_on"])
    if leads:
        other.leads = True
        other._history_user = by
        other.save(update_fields=["leads"])


def _move_what_was_planned(theirs: Supervisor, own: Supervisor) -> None:
    for session in GuidanceSession.objects.filter(supervisors=theirs):
        session.supervisors.remove(theirs)
        session.supervisors.add(own)
    own_seats = {
        (seat.composition_id, seat.participation_id): seat for seat in ProposedSeat.objects.filter(supervisor=own)
    }
    for seat in ProposedSeat.objects.filter(supervisor=theirs).select_related("composition"):
        double = own_seats.get((seat.composition_id, seat.participation_id))
        if double is None:
            seat.supervisor = own
            seat.save(update_fields=["supervisor"])
        elif seat.composition.published_at is None:
            seat.delete()
            double.leads = double.leads or seat.leads
            double.save(update_fields=["leads"])
    PublishedChange.objects.filter(supervisor=theirs).update(supervisor=own)
    carried = Capacity.objects.filter(supervisor=own).values("cohort")
    there = list(carried.values_list("cohort", flat=True))
    for capacity in Capacity.objects.filter(supervisor=theirs).exclude(cohort__in=there):
        capacity.supervisor = own
        capacity.save()
    own.not_with.add(*theirs.not_with.all())
    theirs.leaves.update(supervisor=own)
    theirs.changes.update(supervisor=own)
