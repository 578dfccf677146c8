"""The mails when the groups of a cohort are published, and when one supervisor takes over after another."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from guidance.mails.groups import texts
from guidance.mails.people import GuidanceRecipient, People, as_recipients
from guidance.mails.sessions.told import PassedOn
from guidance.mails.span import news
from guidance.models import (
    Composition,
    Departure,
    GroupMember,
    GuidanceSession,
    Handover,
    ProposedSeat,
    PublishedChange,
    Supervisor,
)
from outbox.plan import Planned
from outbox.texts import MailText, Values, WhenRead
from participants.models import Participation
from parts.rows import annotated


@dataclass
class Regrouping:
    """What publishing changed in the group of a municipality."""

    participation: Participation
    has_held: bool  # whether it had had sessions by then
    seated: set[int] = field(default_factory=set)
    joined: dict[int, Supervisor] = field(default_factory=dict)
    left: list[Supervisor] = field(default_factory=list)
    leader: Supervisor | None = None  # who leads it from now on, and did not before

    @property
    def is_new(self) -> bool:
        """Whether it was the municipality's first group: nobody of it was there before, and nothing had been held."""
        return not self.has_held and not self.left and self.seated == {*self.joined}

    def who_stays(self, members: Iterable[GroupMember]) -> list[GroupMember]:
        """Those who were in it before, and are still."""
        return [member for member in members if member.supervisor_id in self.seated - {*self.joined}]

    @property
    def lines(self) -> list[str]:
        found = [_("%(name)s slutter") % {"name": one} for one in self.left]
        found += [_("%(name)s begynner") % {"name": one} for one in self.joined.values()]
        return found + ([_("%(name)s leder gruppa") % {"name": self.leader}] if self.leader else [])


Regroupings = dict[Composition, dict[int, Regrouping]]


def regroupings(start: datetime, end: datetime) -> Regroupings:
    """By composition and municipality: who came and who left when the groups were published."""
    held = GuidanceSession.objects.held().filter(
        group__participation=OuterRef("participation"), submitted_at__lt=OuterRef("composition__published_at")
    )
    changes = (
        PublishedChange.objects.filter(
            composition__published_at__gt=start,
            composition__published_at__lte=end,
            participation__withdrawn_at__isnull=True,
        )
        .annotate(has_held=Exists(held))
        .select_related("composition__cohort", "supervisor", "participation__municipality__county")
        .select_related("participation__cohort")
        .order_by("composition", "participation__municipality__name", "pk")
    )
    found: Regroupings = defaultdict(dict)
    for change in changes:
        regrouping = found[change.composition].setdefault(
            change.participation_id, Regrouping(change.participation, annotated(change, "has_held", bool))
        )
        match change.what:
            case PublishedChange.What.JOINED:
                regrouping.joined[change.supervisor_id] = change.supervisor
            case PublishedChange.What.LEFT:
                regrouping.left.append(change.supervisor)
            case PublishedChange.What.LEADS:
                regrouping.leader = change.supervisor
    if found:
        seats = ProposedSeat.objects.filter(composition__in=list(found))
        for composition, changed in found.items():
            for seat in seats:
                if seat.composition_id == composition.pk and seat.participation_id in changed:
                    changed[seat.participation_id].seated.add(seat.supervisor_id)
    return found


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
            "started__group__participation__municipality__county",
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
            "member__group__participation__municipality__county",
            "member__group__participation__cohort",
        )
        .order_by("pk")
    )


def departed(departures: list[Departure], people: People, passed_on: PassedOn) -> Iterator[Planned]:
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
        for recipient, text in _each_once(everybody):
            fill = partial(texts.departure, departure, members=members, sessions=passed_on(participation, recipient))
            yield _departed(departure, recipient, text, participation, fill)


def _each_once(everybody: list[tuple[GuidanceRecipient, MailText]]) -> list[tuple[GuidanceRecipient, MailText]]:
    """The first that a person is told."""
    return list({recipient.user.pk: (recipient, text) for recipient, text in reversed(everybody)}.values())


def _departed(
    departure: Departure,
    recipient: GuidanceRecipient,
    text: MailText,
    participation: Participation,
    fill: Callable[..., Values],
) -> Planned:
    return news(
        recipient,
        departure.left_at,
        participation,
        key=f"guidance.departure:{departure.pk}",
        text=text,
        why=_("%(old)s er ikke lenger veileder i %(municipality)s")
        % {"old": departure.member.supervisor, "municipality": participation.municipality.name_told_apart},
        values=WhenRead(recipient.language, lambda: fill(name=recipient.name)),
        about=departure,
    )


def published(regroupings: Regroupings, people: People) -> Iterator[Planned]:
    """To each person what is new for them: the municipalities they come to, and the groups that are not as before."""
    for composition, changed in regroupings.items():
        for recipient, members in _who_joined(changed, people):
            fill = partial(texts.group_of_supervisor, members)
            yield _published(composition, recipient, texts.GROUP_OF_SUPERVISOR, fill)
        supervisors = {recipient.user.pk for recipient, _members in _who_joined(changed, people)}
        firsts, others = _who_else(changed, people)
        for recipient, participations in firsts:
            if recipient.user.pk not in supervisors:
                groups = [(each, people.members[each.pk]) for each in participations]
                yield _published(composition, recipient, texts.GROUP, partial(texts.group, groups))
        for recipient, participations in others:
            anew = [(each, people.members[each.pk], changed[each.pk].lines) for each in participations]
            yield _published(composition, recipient, texts.GROUP_CHANGED, partial(texts.group_changed, anew))


def _who_joined(changed: dict[int, Regrouping], people: People) -> list[tuple[GuidanceRecipient, list[GroupMember]]]:
    """The supervisors who came to a group and are still there, each with the seats that are new."""
    seats: dict[int, list[GroupMember]] = defaultdict(list)
    for key, regrouping in changed.items():
        for member in people.members[key]:
            if member.supervisor_id in regrouping.joined:
                seats[member.supervisor_id].append(member)
    return [(recipient, members) for members in seats.values() for recipient in as_recipients(members[:1])]


Answering = list[tuple[GuidanceRecipient, list[Participation]]]


def _who_else(changed: dict[int, Regrouping], people: People) -> tuple[Answering, Answering]:
    """Who is told of a first group, and who that a group is another than before, each with their municipalities.

    They are the people who answer for the municipality, the heads of its units, and the supervisors who stay.
    """
    found: tuple[dict, dict] = {}, {}
    for key, regrouping in changed.items():
        stay = regrouping.who_stays(people.members[key])
        told = [*people.editors(key), *people.heads(key), *as_recipients(stay)]
        of_kind = found[0] if regrouping.is_new else found[1]
        for recipient in told:
            _first, theirs = of_kind.setdefault(recipient.user.pk, (recipient, {}))
            theirs[regrouping.participation] = None
    firsts, others = ([(one, list(theirs)) for one, theirs in of_kind.values()] for of_kind in found)
    return firsts, others


def _published(
    composition: Composition, recipient: GuidanceRecipient, text: MailText, fill: Callable[..., Values]
) -> Planned:
    kind = "regrouped" if text is texts.GROUP_CHANGED else "published"
    return news(
        recipient,
        composition.published_at or composition.made_at,
        composition.cohort,
        key=f"guidance.{kind}:{composition.pk}",
        text=text,
        why=_("veiledergruppene i %(cohort)s er publisert") % {"cohort": str(composition.cohort).lower()},
        values=WhenRead(recipient.language, lambda: fill(name=recipient.name)),
        about=composition,
    )


def handed_over(handovers: list[Handover], people: People, passed_on: PassedOn) -> Iterator[Planned]:
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
        for recipient, text in _each_once(everybody):
            fill = texts.taken_over if text is texts.TAKEN_OVER else texts.handover
            fill = partial(fill, handover, sessions=passed_on(participation, recipient))
            yield _handed_over(handover, recipient, text, participation, fill)


def _others(handover: Handover, members: list[GroupMember]) -> list[GroupMember]:
    """The members who stay in the group, and now work with somebody new."""
    return [member for member in members if member.supervisor_id != handover.started.supervisor_id]


def _left(handover: Handover) -> GroupMember:
    """Both are of the same group, which is loaded with the one who started."""
    handover.ended.group = handover.started.group
    return handover.ended


def _handed_over(
    handover: Handover,
    recipient: GuidanceRecipient,
    text: MailText,
    participation: Participation,
    fill: Callable[..., Values],
) -> Planned:
    return news(
        recipient,
        handover.handed_over_at,
        participation,
        key=f"guidance.handover:{handover.pk}",
        text=text,
        why=_("%(new)s har overtatt etter %(old)s i %(municipality)s")
        % {
            "new": handover.started.supervisor,
            "old": handover.ended.supervisor,
            "municipality": participation.municipality.name_told_apart,
        },
        values=WhenRead(recipient.language, lambda: fill(name=recipient.name)),
        about=handover,
    )
