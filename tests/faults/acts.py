"""What people send in, of each kind that makes something: the page, what is typed in it, and what it is to make.

`mark` is a word that stands in what is typed, so that what became of it is found again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from gatherings.models import Gathering, Needs, Registration
from guidance.models import GuidanceSession, Measure
from lmp.desk.models import Note
from outbox.models import Message
from participants.models import Contact, Participation, ProjectGroupMember, Unit

Typed = dict[str, Any]


@dataclass(frozen=True)
class Act:
    """`fill` gets the form as it stands on the page, and the number of the act. `mails`: how many it posts at once."""

    who: str
    page: Callable[["World"], str]
    fill: Callable[["World", Typed, int, str], Typed]
    made: Callable[[str], QuerySet]
    mails: Callable[[str], int] | None = None


@dataclass(frozen=True)
class World:
    participation: Participation
    gathering: Gathering
    registration: Registration
    unit: Unit
    today: date

    @property
    def place(self) -> str:
        return f"k{self.participation.pk}"


def mark(kind: str, number: int) -> str:
    """A word that is part of no other."""
    return f"{kind}{number:04}x"


def address(word: str) -> str:
    return f"{word}@example.no"


def mails_to(word: str) -> int:
    return Message.objects.filter(to=address(word)).count()


def _somebody_new(world: World, form: Typed, number: int, word: str) -> Typed:
    rows = int(form["person-TOTAL_FORMS"][0])
    kept = {name: value for name, value in form.items() if not name.endswith("-come")}
    row = f"person-{rows - 1}-"
    typed = {"name": f"Ny {word}", "email": address(word), "function": "owner", "place": world.place}
    return kept | {row + name: [value] for name, value in typed.items()} | {"action": ["register"]}


def _log(world: World, form: Typed, number: int, word: str) -> Typed:
    day = (world.today - timedelta(days=number)).isoformat()
    typed = {"held_on": day, "themes": "change", "took_staff": "4", "worked_on": f"Vi så på {word}.", "action": "send"}
    return form | {name: [value] for name, value in typed.items()}


def _measure(world: World, form: Typed, number: int, word: str) -> Typed:
    typed = {
        "what": f"Vi prøver {word} i vår.",
        "sub_goal": "1",
        "sources": "research",
        "why": "Det står i forskningen.",
    }
    return form | {name: [value] for name, value in typed.items()}


def _plan(world: World, form: Typed, number: int, word: str) -> Typed:
    day = world.today + timedelta(days=7 + number)
    return form | {"held_on": [day.isoformat()], "place": [f"Rom {word}"], "_confirmed": [""]}


def _member(world: World, form: Typed, number: int, word: str) -> Typed:
    row = f"medlem-{int(form['medlem-TOTAL_FORMS'][0]) - 1}-"
    return form | {f"{row}name": [f"Ny {word}"], f"{row}part": ["staff"]}


def _contact(world: World, form: Typed, number: int, word: str) -> Typed:
    typed = {"function": "owner", "name": f"Ny {word}", "email": address(word)}
    return form | {name: [value] for name, value in typed.items()}


ACTS = {
    "register": Act(
        "contact",
        lambda world: f"/samlinger/{world.gathering.pk}/paamelding/",
        _somebody_new,
        lambda word: Registration.objects.filter(user__email=address(word)),
        mails_to,
    ),
    "needs": Act(
        "contact",
        lambda world: f"/paameldinger/{world.registration.pk}/behov/",
        lambda world, form, number, word: form | {"food": [f"Ikke {word}"]},
        lambda word: Needs.objects.filter(food__contains=word),
    ),
    "log": Act(
        "supervisor",
        lambda world: f"/veiledning/logg/kommune/{world.participation.pk}/",
        _log,
        lambda word: GuidanceSession.objects.filter(worked_on__contains=word),
    ),
    "measure": Act(
        "head",
        lambda world: f"/enhet/{world.unit.pk}/tiltak/nytt/",
        _measure,
        lambda word: Measure.objects.filter(what__contains=word),
    ),
    "plan": Act(
        "supervisor",
        lambda world: f"/veiledning/kommune/{world.participation.pk}/mote/",
        _plan,
        lambda word: GuidanceSession.objects.filter(place__contains=word),
    ),
    "member": Act(
        "head",
        lambda world: f"/enhet/{world.unit.pk}/prosjektgruppe/",
        _member,
        lambda word: ProjectGroupMember.objects.filter(name__contains=word),
    ),
    "contact": Act(
        "contact",
        lambda world: f"/kommune/{world.participation.pk}/kontakter/ny/",
        _contact,
        lambda word: Contact.objects.filter(user__email=address(word)),
        mails_to,
    ),
    "note": Act(
        "staff",
        lambda world: f"/kommune/{world.participation.pk}/notater/",
        lambda world, form, number, word: form | {"text": [f"De ringte om {word}."]},
        lambda word: Note.objects.filter(text__contains=word),
    ),
    "me": Act(
        "contact",
        lambda world: "/konto/",
        lambda world, form, number, word: form | {"name": [f"Kari {word}"]},
        lambda word: User.objects.filter(name__contains=word),
    ),
}


def make_world(participation: Participation, contact: User, unit: Unit, *, by: User) -> World:
    """A municipality that has had its letter, with a gathering that is open and one who is registered."""
    now, today = timezone.now(), timezone.localdate()
    participation.welcomed_at, participation.welcomed_by = now, by
    participation.save()
    gathering = Gathering.objects.create(
        cohort=participation.cohort,
        kind=Gathering.Kind.KICK_OFF,
        settled=Gathering.Settled.FIXED,
        starts_on=today + timedelta(days=20),
        opens_on=today,
        closes_on=today + timedelta(days=10),
        capacity=10_000,
    )
    registration = Registration.objects.create(
        gathering=gathering,
        participation=participation,
        user=contact,
        name=contact.name,
        function=Contact.Function.OWNER,
        days=[day.isoformat() for day in gathering.days],
        registered_at=now,
        registered_by=contact,
        placed_at=now,
    )
    return World(participation, gathering, registration, unit, today)
