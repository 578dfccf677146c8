"""For whom a person may register people at a gathering, and whom the form suggests."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from accounts.models import User
from gatherings.models import Gathering, Registration
from participants.models import Contact, Participation, Unit


@dataclass(frozen=True)
class Place:
    """A municipality (`unit` is None) or one of its units, to register people for."""

    participation: Participation
    unit: Unit | None

    @property
    def key(self) -> str:
        return f"e{self.unit.pk}" if self.unit else f"k{self.participation.pk}"

    @property
    def pks(self) -> tuple[int, int | None]:
        """The participation and the unit, as `covering` has them."""
        return self.participation.pk, self.unit.pk if self.unit else None

    @property
    def label(self) -> str:
        return self.unit.name if self.unit else str(self.participation.municipality)


@dataclass(frozen=True)
class Suggestion:
    """Somebody who most likely comes, for a place."""

    place: Place
    name: str
    email: str
    function: str


@dataclass(frozen=True)
class Registrar:
    """The places of one person at one gathering. `only_self`: invited, but answering for nobody else."""

    places: list[Place]
    email: str
    only_self: bool = False

    def place(self, key: str) -> Place | None:
        return next((place for place in self.places if place.key == key), None)


def places_of(registration: Registration) -> list[Place]:
    """All that the person comes for, the one they were registered for first."""
    first = Place(registration.participation, registration.unit)
    return [first, *(Place(each.participation, each.unit) for each in registration.also)]


def registrar_for(user: User, gathering: Gathering, *, today: date) -> Registrar:
    """The units and municipalities in the gathering's cohort that the person registers people for.

    Only those that have had their welcome letter. A person who answers for none of them, but has a function that is
    invited, may register themselves alone.
    """
    of_cohort = {"cohort": gathering.cohort, "welcomed_at__isnull": False, "withdrawn_at__isnull": True}
    participations = (
        Participation.objects.editable_by(user, today=today)
        .filter(**of_cohort)
        .select_related("municipality__county", "cohort")
    )
    units = (
        Unit.objects.active(today=today)
        .editable_by(user, today=today)
        .filter(**{f"participation__{name}": value for name, value in of_cohort.items()})
        .select_related("participation__municipality__county", "participation__cohort")
    )
    places = [Place(participation, None) for participation in participations]
    places += [Place(unit.participation, unit) for unit in units]
    if places:
        order = {place.participation.pk: number for number, place in enumerate(places)}
        return Registrar(sorted(places, key=lambda place: order[place.participation.pk]), user.email)
    own = (
        Contact.objects.current()
        .filter(user=user, **{f"participation__{name}": value for name, value in of_cohort.items()})
        .select_related("participation__municipality__county", "participation__cohort", "unit")
    )
    invited = [contact for contact in own if gathering.invites([contact.function])]
    # One for each municipality: a PPT may serve several.
    found = {(contact.participation_id, contact.unit_id): contact for contact in invited}
    return Registrar(
        [Place(contact.participation, contact.unit) for contact in found.values()], user.email, only_self=True
    )


def suggestions(gathering: Gathering, places: Iterable[Place], *, known: set[str]) -> list[Suggestion]:
    """Everybody who came to the cohort's last gathering for the same place; where nobody did, the contacts invited.

    Who has had a function there and has it no more is left out; who has it now comes instead. `known` has the addresses
    that have been registered here, which are left out too. One row per person.
    """
    places = list(places)
    found: dict[str, Suggestion] = {}
    came = _of_last_gathering(gathering, places)
    contacts, former = _contacts(places)
    for place in places:
        last, gone = came.get(place.key, []), former.get(place.key, set())
        rows = [row for row in last if row[1] not in gone]
        functions_left = {function for _name, email, function in last if email in gone}
        rows += [row for row in contacts.get(place.key, []) if row[2] in functions_left]
        for name, email, function in rows or contacts.get(place.key, []):
            if email not in known and gathering.invites([function]):
                found.setdefault(email, Suggestion(place, name, email, function))
    return list(found.values())


Rows = dict[str, list[tuple[str, str, str]]]


def _of_last_gathering(gathering: Gathering, places: list[Place]) -> Rows:
    last = (
        Gathering.objects.filter(cohort=gathering.cohort, starts_on__lt=gathering.starts_on)
        .exclude(pk=gathering.pk)
        .exclude(settled=Gathering.Settled.CANCELLED)
        .order_by("-starts_on")
        .values("pk")[:1]
    )
    rows: Rows = {}
    participations = {place.participation.pk for place in places}
    placed = Registration.objects.placed().filter(gathering__in=last, participation__in=participations)
    for registration in placed.select_related("user").order_by("pk"):
        key = f"e{registration.unit_id}" if registration.unit_id else f"k{registration.participation_id}"
        rows.setdefault(key, []).append((registration.name, registration.user.email, registration.function))
    return rows


def _contacts(places: list[Place]) -> tuple[Rows, dict[str, set[str]]]:
    """The contacts of each place now, and the addresses of those who have been one and are not any more."""
    rows: Rows = {}
    former: dict[str, set[str]] = {}
    participations = {place.participation.pk for place in places}
    contacts = Contact.objects.filter(participation__in=participations).select_related("user").order_by("pk")
    for contact in contacts:
        key = f"e{contact.unit_id}" if contact.unit_id else f"k{contact.participation_id}"
        if contact.ended_at:
            former.setdefault(key, set()).add(contact.user.email)
        else:
            rows.setdefault(key, []).append((contact.name, contact.user.email, contact.function))
    for key, current in rows.items():
        former.get(key, set()).difference_update(email for _name, email, _function in current)
    return rows, former
