"""What people are in the municipalities: contacts, those who are registered, supervisors, county governors' people."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from gatherings.models import Registration
from guidance.mails.people import language_of
from guidance.models import GroupMember
from participants.models import Contact, GovernorContact, Participation
from parts.rows import annotated


@dataclass(frozen=True)
class RoleThere:
    """One thing that somebody is in a municipality, and the language that they are written to in there."""

    person: int
    participation: int
    name: str
    title: str
    language: str
    phone: str = ""
    is_asked: bool = True  # whether a deadline of the municipality's is their business


@dataclass(frozen=True)
class RoleSource:
    """Rows that say who is what: the ways from one to the person and the municipality, and how it reads."""

    user: str
    participation: str
    searched: tuple[str, ...]
    read: Callable[[QuerySet[Any]], Iterable[RoleThere]]


RELATED = ("user", "unit", "participation__municipality", "participation__cohort")


def _of_contacts(rows: QuerySet[Any]) -> Iterable[RoleThere]:
    for row in rows.select_related(*RELATED).order_by("pk"):
        yield _in_a_municipality(row, row.title, phone=row.phone)


def _of_registrations(rows: QuerySet[Any]) -> Iterable[RoleThere]:
    for row in rows.select_related(*RELATED).order_by("pk"):
        yield as_registered(row)


def as_registered(row: Registration) -> RoleThere:
    return _in_a_municipality(row, row.function_title)


def _in_a_municipality(row: Contact | Registration, title: str, *, phone: str = "") -> RoleThere:
    """Their function, and in which unit."""
    said = f"{title}, {row.unit.name}" if row.unit else title
    language = row.participation.language_for(row.user)
    return RoleThere(row.user_id, row.participation_id, row.name, said, language, phone)


def _of_members(rows: QuerySet[Any]) -> Iterable[RoleThere]:
    for row in rows.select_related("supervisor__user", "group").order_by("pk"):
        one, language = row.supervisor, language_of(row.supervisor.user)
        yield RoleThere(
            one.user_id, row.group.participation_id, one.name, _("veileder"), language, one.phone, is_asked=False
        )


def _of_officers(rows: QuerySet[Any]) -> Iterable[RoleThere]:
    """One for each municipality of the office's counties that the rows were narrowed to."""
    there = rows.annotate(there=F(OFFICERS.participation)).select_related("user", "governor").order_by("pk", "there")
    for row in there:
        language = row.governor.language_for(row.user)
        yield RoleThere(
            row.user_id, annotated(row, "there", int), row.called, str(row.governor), language, is_asked=False
        )


_IN_MUNICIPALITY = ("name", "user__email", "unit__name", "participation__municipality__name")
CONTACTS = RoleSource("user", "participation", _IN_MUNICIPALITY, _of_contacts)
REGISTRATIONS = RoleSource("user", "participation", _IN_MUNICIPALITY, _of_registrations)
MEMBERS = RoleSource(
    "supervisor__user",
    "group__participation",
    ("supervisor__name", "supervisor__user__email", "group__participation__municipality__name"),
    _of_members,
)
OFFICERS = RoleSource(
    "user",
    "governor__counties__municipalities__participations",
    ("name", "user__name", "user__email", "governor__name", "governor__counties__name"),
    _of_officers,
)


def held_now(chosen: Iterable[tuple[User, Iterable[Participation]]]) -> dict[int, list[RoleThere]]:
    """By person, what they are today in those municipalities that they were chosen in, contacts first.

    Supervisors and offices are asked about only when there is somebody who is no contact.
    """
    wanted = {(user.pk, each.pk) for user, there in chosen for each in there}
    found: dict[int, list[RoleThere]] = defaultdict(list)
    for source, rows in (
        (CONTACTS, Contact.objects.current()),
        (MEMBERS, GroupMember.objects.current()),
        (OFFICERS, GovernorContact.objects.current()),
    ):
        if not wanted:
            break
        people, places = {person for person, _place in wanted}, {place for _person, place in wanted}
        for role in source.read(rows.filter(**{f"{source.user}__in": people, f"{source.participation}__in": places})):
            if (role.person, role.participation) in wanted:
                found[role.person].append(role)
        wanted -= {(role.person, role.participation) for roles in found.values() for role in roles}
    return found
