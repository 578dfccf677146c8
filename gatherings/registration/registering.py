"""What becomes of each person who is to be registered: judged first, then stored, and told row by row."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from accounts.models import User
from gatherings import places
from gatherings.models import Gathering, Registration
from gatherings.places import Entry
from gatherings.registration import questions, several_places
from gatherings.registration.registrar import Place
from participants.models import Contact, Participation
from parts.names import same_person

State = Registration.State


@dataclass(frozen=True)
class RegistrationOutcome:
    """What became of one row: the seat that the person has now, new or from before.

    `added`: they had it, and now come for `place` too. `number`: their turn in line, when they wait.
    """

    place: Place
    registration: Registration
    is_new: bool = False
    added: bool = False
    number: int | None = None


@dataclass(frozen=True)
class Problem:
    """Why a row is refused. `question` is what a tick would answer, with what it is about; empty when none helps."""

    row: int
    field: str
    text: str
    question: str = ""
    about: str = ""


class RegistrationRefused(ValidationError):
    """Some of the rows can't be stored as they are, so none was."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__([problem.text for problem in problems], code="refused")
        self.problems = problems


@transaction.atomic
def register(
    gathering: Gathering, rows: Sequence[tuple[Place, Entry]], *, by: User, now: datetime, late: bool = False
) -> list[RegistrationOutcome]:
    """Register these people, or let them come for one place more, and return what became of each, in this order.

    Raise RegistrationRefused when an address is somebody else's by name, or somebody is registered for another place,
    and nobody has said that it is meant; ValidationError for the reasons of `places.register`. Nothing is stored then.
    """
    gathering = places.lock(gathering)
    places.require_open(gathering, now=now, late=late)
    people = [User.objects.with_email(entry.email) for _place, entry in rows]
    known = _registered(gathering, people)
    if problems := _problems(rows, people, known):
        raise RegistrationRefused(problems)

    new: dict[Participation, list[Entry]] = defaultdict(list)
    for (place, entry), person in zip(rows, people, strict=True):
        if person is None or person.pk not in known:
            new[place.participation].append(entry)
    made: dict[int, Registration] = {}
    for participation, entries in new.items():
        stored = places.register(gathering, entries, participation=participation, by=by, now=now, late=late)
        made |= {registration.user_id: registration for registration in stored}
    prefetch_related_objects(list(made.values()), "also_for")  # each mail about them asks

    outcomes = []
    for place, entry in rows:
        person = User.objects.for_email(entry.email, by=by)
        if person.pk in made:
            outcomes.append(RegistrationOutcome(place, made[person.pk], is_new=True))
        else:
            places.refuse_withdrawn(place.participation)
            places.refuse_closed([place.unit] if place.unit else [], now=now)
            added = several_places.add(known[person.pk], place, by=by, now=now)
            outcomes.append(RegistrationOutcome(place, known[person.pk], added=added))
    return _with_turns(gathering, outcomes)


def _registered(gathering: Gathering, people: Sequence[User | None]) -> dict[int, Registration]:
    active = gathering.registrations.active().filter(user__in=[person for person in people if person])
    found = {registration.user_id: registration for registration in active.with_places().select_related("user")}
    for registration in found.values():
        registration.gathering = gathering
    return found


def _problems(
    rows: Sequence[tuple[Place, Entry]], people: Sequence[User | None], known: dict[int, Registration]
) -> list[Problem]:
    names = _names([person for person in people if person])
    problems: list[Problem] = []
    seen: dict[int, str] = {}
    for number, ((place, entry), person) in enumerate(zip(rows, people, strict=True)):
        if person is None:
            continue
        if person.pk in seen:  # by an address that the person had before
            text = _("%(other)s har samme adresse. Hver deltaker trenger sin egen.") % {"other": seen[person.pk]}
            problems.append(Problem(number, "email", text))
            continue
        seen[person.pk] = entry.name
        registration = known.get(person.pk)
        is_known = not names[person.pk] or any(same_person(entry.name, name) for name in names[person.pk])
        if not entry.same_person and not is_known:
            owner = registration.name if registration else names[person.pk][0]
            problems.append(_another_name(number, entry, owner=owner))
        if registration and not entry.also and not registration.comes_for(place.participation, place.unit):
            problems.append(_another_place(number, entry, place, registration))
    return problems


def _names(people: Sequence[User]) -> dict[int, list[str]]:
    """What each of these people is called in the portal: by themselves, as a contact, and at the gatherings."""
    found = {person.pk: [person.name] if person.name else [] for person in people}
    for model in (Contact, Registration):
        for user, name in model.objects.filter(user__in=people).order_by("pk").values_list("user", "name"):
            found[user].append(name)
    return found


def _another_name(number: int, entry: Entry, *, owner: str) -> Problem:
    text = _(
        "Adressen tilhører %(name)s. Er det samme person, krysser du av for det. Er det en annen, trenger "
        "hver av dem sin egen adresse."
    )
    return Problem(number, "email", text % {"name": owner}, questions.SAME_PERSON, entry.email)


def _another_place(number: int, entry: Entry, place: Place, registration: Registration) -> Problem:
    text = _(
        "%(name)s er allerede påmeldt for %(places)s. Skal plassen gjelde %(place)s også, krysser du av for det."
    ) % {"name": registration.name, "places": registration.represents, "place": place.label}
    return Problem(number, "place", text, questions.ALSO, about_place(entry.email, place))


def about_place(email: str, place: Place) -> str:
    """What a tick for one place more is about."""
    return f"{email} {place.key}"


def _with_turns(gathering: Gathering, outcomes: list[RegistrationOutcome]) -> list[RegistrationOutcome]:
    if not any(outcome.registration.state == State.WAITING for outcome in outcomes):
        return outcomes
    line = list(gathering.registrations.waiting().values_list("pk", flat=True))
    numbers = {pk: number for number, pk in enumerate(line, start=1)}
    return [replace(outcome, number=numbers.get(outcome.registration.pk)) for outcome in outcomes]
