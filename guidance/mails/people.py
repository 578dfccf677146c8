"""The people who get mails about the guidance in a municipality: supervisors, contacts who answer for it, and heads."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from accounts.models import User
from guidance.models import GroupMember, GuidanceSession
from participants.models import Contact, Participation, Unit, in_operation
from parts.dates import end_of

SUPERVISOR, HEAD, PRINCIPAL, PPT, CONTACT = "supervisor", "head", "principal", "ppt", "contact"


@dataclass(frozen=True)
class GuidanceRecipient:
    user: User
    name: str
    language: str
    # Reminders that fell due before this were for somebody else.
    since: datetime
    # From this day on the unit they lead is closed.
    closes_on: date | None = None
    # What they are in a session: a member of the group, or a contact by function.
    role: str = ""

    def leads_still(self, *, on: date) -> bool:
        """Whether the unit is active on the day a mail is sent. Whoever leads none, is asked about no unit."""
        return self.closes_on is None or self.closes_on > on


class People:
    """Everybody who may get a mail about these participations, in two queries.

    People who cannot sign in are left out. Whether a participation still gets any mails is for the caller to decide.
    """

    def __init__(self, participations: Iterable[int], *, today: date) -> None:
        participations = set(participations)
        self.members: dict[int, list[GroupMember]] = defaultdict(list)
        members = (
            GroupMember.objects.current()
            .filter(group__participation__in=participations)
            .select_related(
                "supervisor__user", "group__participation__municipality__county", "group__participation__cohort"
            )
        )
        for member in members:
            self.members[member.group.participation_id].append(member)
        self._editors: dict[int, dict[int, GuidanceRecipient]] = defaultdict(dict)
        self._ppt: dict[int, dict[int, GuidanceRecipient]] = defaultdict(dict)
        self._heads: dict[int, dict[int, dict[int, GuidanceRecipient]]] = defaultdict(lambda: defaultdict(dict))
        for contact in _contacts(participations, today=today):
            recipient = GuidanceRecipient(
                contact.user,
                contact.name,
                contact.participation.language_for(contact.user),
                contact.started_at,
                contact.unit.closed_on if contact.unit else None,
                _role(contact),
            )
            of_municipality = self._ppt if contact.function == Contact.Function.PPT else self._editors
            place = of_municipality if contact.unit_id is None else self._heads[contact.participation_id]
            place[contact.unit_id or contact.participation_id].setdefault(contact.user_id, recipient)

    def editors(self, participation: int) -> list[GuidanceRecipient]:
        return list(self._editors[participation].values())

    def heads(self, participation: int, units: Iterable[int] | None = None) -> list[GuidanceRecipient]:
        """Of these units; of all of the municipality's when none are given. First those who lead theirs longest."""
        of_units = self._heads[participation]
        found = [
            recipient
            for unit in (list(of_units) if units is None else units)
            for recipient in (of_units[unit].values() if unit in of_units else ())
        ]
        return sorted(found, key=lambda recipient: recipient.closes_on or date.max, reverse=True)

    def supervisors(self, session: GuidanceSession) -> list[GroupMember]:
        """The session's supervisors who are still in the group; if none is, the ones who lead the group."""
        members = self.members[session.group.participation_id]
        chosen = {supervisor.pk for supervisor in session.supervisors.all()}
        return [each for each in members if each.supervisor_id in chosen] or [each for each in members if each.leads]

    def of_log(self, session: GuidanceSession, participation: int, units: Iterable[Unit]) -> list[GuidanceRecipient]:
        """Who read a log while it stood in this municipality, with these units."""
        held_by = {supervisor.pk for supervisor in session.supervisors.all()}
        members = [each for each in self.members[participation] if each.supervisor_id in held_by or each.leads]
        heads = self.heads(participation, [unit.pk for unit in units])
        return [*as_recipients(members), *self.editors(participation), *heads]

    def of_session(self, session: GuidanceSession) -> dict[int, GuidanceRecipient]:
        """Each person once, by key."""
        participation = session.group.participation_id
        found = [
            *as_recipients(self.supervisors(session)),
            *self.editors(participation),
            *self.heads(participation, [unit.pk for unit in session.units.all()]),
            *self._ppt[participation].values(),
        ]
        return {recipient.user.pk: recipient for recipient in reversed(found)}


def language_of(supervisor: User) -> str:
    """Their own choice, else one and the same wherever they guide: a municipality's language is not theirs."""
    return supervisor.language or User.Language.NB


def as_recipients(members: Iterable[GroupMember]) -> list[GuidanceRecipient]:
    """Supervisors are reminded from the day after they came: what fell due before was somebody else's."""
    return [
        GuidanceRecipient(
            user=member.supervisor.user,
            name=member.supervisor.name,
            language=language_of(member.supervisor.user),
            since=end_of(member.started_on),
            role=SUPERVISOR,
        )
        for member in members
        if member.supervisor.user.is_active
    ]


def _role(contact: Contact) -> str:
    if contact.unit:
        return HEAD if contact.unit.kind == Unit.Kind.KINDERGARTEN else PRINCIPAL
    return PPT if contact.function == Contact.Function.PPT else CONTACT


def _contacts(participations: set[int], *, today: date) -> Iterable[Contact]:
    return (
        Contact.objects.current()
        .filter(
            Q(function__in=Contact.EDITORS, unit__isnull=True)
            | Q(function=Contact.Function.PPT, unit__isnull=True, participation__ppt=Participation.PPT.YES)
            | Q(in_operation(today=today, unit="unit"), function=Contact.Function.HEAD),
            participation__in=participations,
            user__is_active=True,
        )
        .select_related("user", "unit", "participation__municipality__county", "participation__cohort")
        .order_by("pk")
    )
