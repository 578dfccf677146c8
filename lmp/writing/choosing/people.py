"""Whom one may write to: contacts by function and municipality, and those who are registered at a gathering."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Min, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from gatherings.models import Gathering, Registration
from gatherings.registration import covering
from lmp.writing.choosing.filter import ANSWERS, NOT_REGISTERED, HandedOver, PeopleFilter
from lmp.writing.models import Writing
from participants import states
from participants.models import Cohort, Contact, Participation


@dataclass(frozen=True)
class FoundPerson:
    """Somebody whom the filter finds, with what they are there: each with its municipality."""

    user: User
    rows: list[Any]  # contacts, or registrations

    @property
    def name(self) -> str:
        return self.rows[0].name if self.rows else str(self.user)

    @property
    def phone(self) -> str:
        return next((row.phone for row in self.rows if getattr(row, "phone", "")), "")

    @property
    def functions(self) -> list[str]:
        return list(dict.fromkeys(title_of(row) for row in self.rows))

    @property
    def participations(self) -> list[Participation]:
        return list({row.participation_id: row.participation for row in self.rows}.values())


def title_of(row: Contact | Registration) -> str:
    """What somebody is, and in which unit."""
    title = row.title if isinstance(row, Contact) else row.function_title
    return f"{title}, {row.unit.name}" if row.unit else title


@dataclass(frozen=True)
class FoundPeople:
    """The people that a filter finds: `users` in its order, by these rows of contacts, or of those at a gathering."""

    users: QuerySet[User]
    rows: QuerySet[Any]
    gathering: Gathering | None = None

    def load(self, users: Iterable[User]) -> list[FoundPerson]:
        """These of them, in the order given, with what they are, in a fixed number of queries."""
        related = ("user", "unit", "participation__municipality__county", "participation__cohort")
        users = list(users)
        rows = self.rows.filter(user__in=[user.pk for user in users]).select_related(*related)
        by_user: dict[int, list[Any]] = defaultdict(list)
        for row in rows.order_by("pk"):
            by_user[row.user_id].append(row)
        return [FoundPerson(user, by_user[user.pk]) for user in users]


def find(form: PeopleFilter, handed: HandedOver, *, today: date, draft: Writing | None = None) -> FoundPeople:
    chosen = form.chosen
    participations = _participations(chosen, today=today, is_handed=bool(handed))
    gathering, answer = chosen.get("samling"), chosen.get("svar") or ""
    contacts = Contact.objects.current().filter(participation__in=participations)
    if handed:
        contacts = contacts.filter(handed.condition)
    if function := chosen.get("funksjon"):
        contacts = contacts.filter(_with_function(function))
    rows: QuerySet[Any] = contacts
    if gathering and answer == NOT_REGISTERED:
        rows = contacts.filter(pk__in=_without_an_answer(gathering, contacts))
    elif gathering:
        rows = _registered(gathering, answer).filter(participation__in=participations)
        rows = rows.filter(_with_function(function, unit=False)) if function else rows
        rows = rows.filter(participation__in=handed.participations) if handed else rows
    rows = _searched(rows, chosen.get("q") or "")
    users = User.objects.filter(pk__in=rows.values("user"), is_active=True)
    if chosen.get("valgte"):
        users = users.filter(pk__in=draft.recipients.values("person") if draft else [])
    mine = rows.filter(user=OuterRef("pk")).order_by().values("user")
    place = mine.annotate(first=Min("participation__municipality__name")).values("first")
    users = users.annotate(place=Subquery(place)).order_by(*form.order)
    return FoundPeople(users, rows, gathering if answer != NOT_REGISTERED else None)


def _participations(chosen: dict[str, Any], *, today: date, is_handed: bool) -> QuerySet[Any]:
    """Who is written to only when that is what is asked for: who has withdrawn, is of a cohort that is over, or is not
    welcomed yet. The county governor was told that nobody there gets a mail before the letter."""
    found: QuerySet[Any] = Participation.objects.all()
    if state := chosen.get("status"):
        found = states.in_state(states.with_state(Participation.objects.all(), today=today), state)
    else:
        found = Participation.objects.taking_part()
        if not is_handed:
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


def _searched(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    if not text:
        return rows
    return rows.filter(
        Q(name__icontains=text)
        | Q(user__email__icontains=text)
        | Q(unit__name__icontains=text)
        | Q(participation__municipality__name__icontains=text)
    )
