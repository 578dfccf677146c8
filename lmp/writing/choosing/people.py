"""Whom one may write to: what they are, in which municipalities, and what they have answered to a gathering."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Min, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from gatherings.models import Gathering, Registration
from gatherings.registration import covering
from guidance.models import GroupMember
from lmp.writing.choosing.filter import ANSWERS, GOVERNORS, NOT_REGISTERED, SUPERVISORS, HandedOver, PeopleFilter
from lmp.writing.choosing.roles import CONTACTS, MEMBERS, OFFICERS, REGISTRATIONS, RoleSource, RoleThere
from lmp.writing.models import Writing
from participants import states
from participants.models import Cohort, Contact, GovernorContact, Participation


@dataclass(frozen=True)
class FoundPerson:
    """Somebody whom the filter finds, with what they are there, and where that is."""

    user: User
    roles: list[RoleThere]
    participations: list[Participation]

    @property
    def name(self) -> str:
        return self.roles[0].name if self.roles else str(self.user)

    @property
    def phone(self) -> str:
        return next((role.phone for role in self.roles if role.phone), "")

    @property
    def functions(self) -> list[str]:
        return list(dict.fromkeys(role.title for role in self.roles))


@dataclass(frozen=True)
class FoundPeople:
    """The people that a filter finds: `users` in its order, by these rows of one source."""

    users: QuerySet[User]
    rows: QuerySet[Any]
    source: RoleSource
    gathering: Gathering | None = None

    @property
    def participations(self) -> QuerySet[Any]:
        """The keys of the municipalities that somebody is found in."""
        return self.rows.order_by().values(self.source.participation)

    def load(self, users: Iterable[User]) -> list[FoundPerson]:
        """These of them, in the order given, with what they are, in a fixed number of queries."""
        users = list(users)
        roles: dict[int, list[RoleThere]] = defaultdict(list)
        for role in self.source.read(self.rows.filter(**{f"{self.source.user}__in": [user.pk for user in users]})):
            roles[role.person].append(role)
        keys = {role.participation for held in roles.values() for role in held}
        related = Participation.objects.select_related("municipality__county", "cohort")
        places = related.in_bulk(keys)
        return [
            FoundPerson(user, held, [places[key] for key in dict.fromkeys(role.participation for role in held)])
            for user in users
            for held in [roles[user.pk]]
        ]


def find(form: PeopleFilter, handed: HandedOver, *, today: date, draft: Writing | None = None) -> FoundPeople:
    chosen = form.chosen
    source, rows = _rows(chosen, handed, today=today)
    if text := chosen.get("q"):
        rows = rows.filter(reduce(or_, (Q(**{f"{path}__icontains": text}) for path in source.searched)))
    users = User.objects.filter(pk__in=rows.values(source.user), is_active=True)
    if chosen.get("valgte"):
        users = users.filter(pk__in=draft.recipients.values("person") if draft else [])
    mine = rows.filter(**{source.user: OuterRef("pk")}).order_by().values(source.user)
    place = mine.annotate(first=Min(f"{source.participation}__municipality__name")).values("first")
    users = users.annotate(place=Subquery(place)).order_by(*form.order)
    return FoundPeople(users, rows, source, chosen.get("samling") if source is REGISTRATIONS else None)


def _rows(chosen: dict[str, Any], handed: HandedOver, *, today: date) -> tuple[RoleSource, QuerySet[Any]]:
    gathering: Gathering | None = chosen.get("samling")
    function, answer = (chosen.get(name) or "" for name in ("funksjon", "svar"))
    current: dict[str, tuple[RoleSource, QuerySet[Any]]] = {
        SUPERVISORS: (MEMBERS, GroupMember.objects.current()),
        GOVERNORS: (OFFICERS, GovernorContact.objects.current()),
    }
    besides = current.get(function)
    participations = _participations(chosen, today=today, is_handed=bool(handed), are_contacts=besides is None)
    if gathering and answer != NOT_REGISTERED:
        rows: QuerySet[Any] = _registered(gathering, answer).filter(participation__in=participations)
        rows = rows.filter(_with_function(function, unit=False)) if function else rows
        return REGISTRATIONS, rows.filter(participation__in=handed.participations) if handed else rows
    if besides:
        source, held = besides
        participations = participations.filter(pk__in=handed.participations) if handed else participations
        return source, held.filter(**{f"{source.participation}__in": participations})
    contacts = Contact.objects.current().filter(participation__in=participations)
    if handed:
        contacts = contacts.filter(handed.condition)
    if function:
        contacts = contacts.filter(_with_function(function))
    return CONTACTS, contacts.filter(pk__in=_without_an_answer(gathering, contacts)) if gathering else contacts


def _participations(chosen: dict[str, Any], *, today: date, is_handed: bool, are_contacts: bool) -> QuerySet[Any]:
    """Who is written to only when that is what is asked for: who has withdrawn, is of a cohort that is over, or is not
    welcomed yet. The county governor was told that no contact there gets a mail before the letter."""
    found: QuerySet[Any] = Participation.objects.all()
    if state := chosen.get("status"):
        found = states.in_state(states.with_state(Participation.objects.all(), today=today), state)
    else:
        found = Participation.objects.taking_part()
        if are_contacts and not is_handed:
            found = found.filter(welcomed_at__isnull=False)
    if cohort := chosen.get("pulje"):
        found = found.filter(cohort=cohort)
    elif not (is_handed or chosen.get("samling")):
        found = found.filter(cohort__in=Cohort.objects.going_on(today=today))
    if county := chosen.get("fylke"):
        found = found.filter(municipality__county=county)
    return found.order_by().values("pk")


def _with_function(function: str, *, unit: bool = True) -> Q:
    if function != ANSWERS:
        return Q(function=function)
    return Q(function__in=Contact.EDITORS, unit__isnull=True) if unit else Q(function__in=Contact.EDITORS)


def _registered(gathering: Gathering, answer: str) -> QuerySet[Registration]:
    registrations = Registration.objects.filter(gathering=gathering)
    if answer in Registration.State.values:
        return registrations.in_state(answer)
    return registrations.active()


def _without_an_answer(gathering: Gathering, contacts: QuerySet[Contact]) -> list[int]:
    """Those who may register, and whose unit or municipality nobody has answered for."""
    asked = contacts.filter(
        Q(function__in=Contact.EDITORS, unit__isnull=True) | Q(function=Contact.Function.HEAD),
        participation__cohort=gathering.cohort_id,
        participation__welcomed_at__isnull=False,
    )
    answered = covering.covered([gathering.pk])[gathering.pk]
    facts = asked.order_by().values_list("pk", "participation", "unit")
    return [pk for pk, participation, unit in facts if (participation, unit) not in answered]
