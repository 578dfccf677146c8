"""The mails when the groups of a cohort are published, and when one supervisor takes over after another."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from guidance import schedule
from guidance.mails.groups import texts
from guidance.mails.people import GuidanceRecipient, People, as_recipients
from guidance.mails.span import scope, until
from guidance.models import Composition, Departure, GroupMember, Handover, ProposedSeat
from outbox.plan import Planned
from outbox.texts import MailText, Values, WhenRead
from participants.models import Participation


def seats(start: datetime, end: datetime) -> list[ProposedSeat]:
    """The seats in the groups that a composition changed."""
    return list(
        ProposedSeat.objects.filter(
            changed=True,
            composition__published_at__gt=start,
            composition__published_at__lte=end,
            participation__withdrawn_at__isnull=True,
        )
        .select_related("composition__cohort", "participation__municipality", "participation__cohort")
        .order_by("composition", "participation__municipality__name", "pk")
    )


def handovers(start: datetime, end: datetime) -> list[Handover]:
    """The handovers that are still in force: the new supervisor has not left since."""
    return list(
        Handover.objects.filter(
            handed_over_at__gt=start,
            handed_over_at__lte=end,
            started__ended_on__isnull=True,
            started__group__participation__withdrawn_at__isnull=True,
        )
        .select_related(
            "ended__supervisor__user",
            "started__supervisor__user",
            "started__group__participation__municipality",
            "started__group__participation__cohort",
        )
        .order_by("pk")
    )


def departures(start: datetime, end: datetime) -> list[Departure]:
    """The supervisors who left without a successor."""
    return list(
        Departure.objects.filter(
            left_at__gt=start, left_at__lte=end, member__group__participation__withdrawn_at__isnull=True
        )
        .select_related(
            "member__supervisor__user",
            "member__group__participation__municipality",
            "member__group__participation__cohort",
        )
        .order_by("pk")
    )


def departed(departures: list[Departure], people: People) -> Iterator[Planned]:
    """To who left, and to everybody who worked with them, unless publishing tells those. None once they are back."""
    for departure in departures:
        participation = departure.member.group.participation
        members = people.members[participation.pk]
        if departure.member.supervisor_id in {member.supervisor_id for member in members}:
            continue
        everybody = [(recipient, texts.DROPPED) for recipient in as_recipients([departure.member])]
        if not departure.is_published:
            told = [*people.editors(participation.pk), *people.heads(participation.pk), *as_recipients(members)]
            everybody += [(recipient, texts.DEPARTED) for recipient in told]
        for recipient, text in {
            recipient.user.pk: (recipient, text) for recipient, text in reversed(everybody)
        }.values():
            yield _departed(departure, recipient, text, participation)


def _departed(
    departure: Departure, recipient: GuidanceRecipient, text: MailText, participation: Participation
) -> Planned:
    slot = schedule.news(departure.left_at)
    return Planned(
        key=f"guidance.departure:{departure.pk}:{recipient.user.pk}",
        recipient=recipient.user,
        name=recipient.name,
        language=recipient.language,
        text=text,
        send_at=slot.send_at,
        until=until(slot, participation.cohort),
        why=_("%(old)s er ikke lenger veileder i %(municipality)s")
        % {"old": departure.member.supervisor, "municipality": participation.municipality},
        values=WhenRead(recipient.language, lambda: texts.departure(departure, name=recipient.name)),
        about=departure,
        scope=scope(participation.cohort),
    )


def published(seats: list[ProposedSeat], people: People) -> Iterator[Planned]:
    """One per person and composition: about all their municipalities to supervisors, about supervisors to others."""
    changed: dict[Composition, dict[Participation, set[int]]] = defaultdict(lambda: defaultdict(set))
    for seat in seats:
        changed[seat.composition][seat.participation].add(seat.supervisor_id)
    for composition, participations in changed.items():
        mailed: set[int] = set()
        for recipient, members in _supervisors(composition, participations, people):
            mailed.add(recipient.user.pk)
            yield _published(
                composition, recipient, texts.GROUP_OF_SUPERVISOR, _their_municipalities(recipient, members)
            )
        for recipient, theirs in _answering(participations, people):
            if recipient.user.pk not in mailed:
                yield _published(composition, recipient, texts.GROUP, _their_supervisors(recipient, theirs, people))


def _supervisors(
    composition: Composition, participations: dict[Participation, set[int]], people: People
) -> Iterator[tuple[GuidanceRecipient, list[GroupMember]]]:
    """The supervisors in a changed group, each with all their seats in the cohort."""
    seated = {
        member.supervisor_id
        for participation, supervisors in participations.items()
        for member in people.members[participation.pk]
        if member.supervisor_id in supervisors
    }
    seats: dict[int, list[GroupMember]] = defaultdict(list)
    for members in people.members.values():
        for member in members:
            participation = member.group.participation
            is_in_cohort = participation.cohort_id == composition.cohort_id and participation.withdrawn_at is None
            if is_in_cohort and member.supervisor_id in seated:
                seats[member.supervisor_id].append(member)
    for members in seats.values():
        members.sort(key=lambda member: member.group.participation.municipality.name)
        for recipient in as_recipients(members[:1]):
            yield recipient, members


def _answering(
    participations: dict[Participation, set[int]], people: People
) -> Iterator[tuple[GuidanceRecipient, list[Participation]]]:
    """People who answer for a municipality whose group was changed, and heads of its units, each with their own."""
    found: dict[int, tuple[GuidanceRecipient, dict[Participation, None]]] = {}
    for participation in participations:
        for recipient in [*people.editors(participation.pk), *people.heads(participation.pk)]:
            _first, theirs = found.setdefault(recipient.user.pk, (recipient, {}))
            theirs[participation] = None
    for recipient, theirs in found.values():
        yield recipient, list(theirs)


def _their_municipalities(recipient: GuidanceRecipient, members: list[GroupMember]) -> Values:
    return WhenRead(recipient.language, lambda: texts.group_of_supervisor(members, name=recipient.name))


def _their_supervisors(recipient: GuidanceRecipient, participations: list[Participation], people: People) -> Values:
    groups = [(each, people.members[each.pk]) for each in participations]
    return WhenRead(recipient.language, lambda: texts.group(groups, name=recipient.name))


def _published(composition: Composition, recipient: GuidanceRecipient, text: MailText, values: Values) -> Planned:
    slot = schedule.news(composition.published_at or composition.made_at)
    return Planned(
        key=f"guidance.published:{composition.pk}:{recipient.user.pk}",
        recipient=recipient.user,
        name=recipient.name,
        language=recipient.language,
        text=text,
        send_at=slot.send_at,
        until=until(slot, composition.cohort),
        why=_("veiledergruppene i %(cohort)s er publisert") % {"cohort": str(composition.cohort).lower()},
        values=values,
        about=composition,
        scope=scope(composition.cohort),
    )


def handed_over(handovers: list[Handover], people: People) -> Iterator[Planned]:
    """One per person and handover: to the old and the new supervisor, and to everybody who works with the new one.

    They are the people who answer for the municipality, the heads of its units, and the others in the group. There is
    none once the old supervisor has come back.
    """
    for handover in handovers:
        participation = handover.started.group.participation
        members = people.members[participation.pk]
        if handover.ended.supervisor_id in {member.supervisor_id for member in members}:
            continue
        everybody = [
            *((recipient, texts.TAKEN_OVER) for recipient in as_recipients([handover.started])),
            *((recipient, texts.LEFT) for recipient in as_recipients([_left(handover)])),
            *((recipient, texts.HANDED_OVER) for recipient in people.editors(participation.pk)),
            *((recipient, texts.HANDED_OVER) for recipient in people.heads(participation.pk)),
            *((recipient, texts.HANDED_OVER) for recipient in as_recipients(_others(handover, members))),
        ]
        for recipient, text in {
            recipient.user.pk: (recipient, text) for recipient, text in reversed(everybody)
        }.values():
            yield _handed_over(handover, recipient, text, participation)


def _others(handover: Handover, members: list[GroupMember]) -> list[GroupMember]:
    """The members who stay in the group, and now work with somebody new."""
    return [member for member in members if member.supervisor_id != handover.started.supervisor_id]


def _left(handover: Handover) -> GroupMember:
    """Both are of the same group, which is loaded with the one who started."""
    handover.ended.group = handover.started.group
    return handover.ended


def _handed_over(
    handover: Handover, recipient: GuidanceRecipient, text: MailText, participation: Participation
) -> Planned:
    slot = schedule.news(handover.handed_over_at)
    fill = texts.taken_over if text is texts.TAKEN_OVER else texts.handover
    return Planned(
        key=f"guidance.handover:{handover.pk}:{recipient.user.pk}",
        recipient=recipient.user,
        name=recipient.name,
        language=recipient.language,
        text=text,
        send_at=slot.send_at,
        until=until(slot, participation.cohort),
        why=_("%(new)s har overtatt etter %(old)s i %(municipality)s")
        % {
            "new": handover.started.supervisor,
            "old": handover.ended.supervisor,
            "municipality": participation.municipality,
        },
        values=WhenRead(recipient.language, lambda: fill(handover, name=recipient.name)),
        about=handover,
        scope=scope(participation.cohort),
    )
