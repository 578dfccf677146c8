"""What people send in, of each kind that makes something: the page, what is typed in it, and what it is to make.

`mark` is a word that stands in what is typed, so that what became of it is found again.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from conftest import make_contact
from gatherings.models import Answer, Attendance, Gathering, Needs, Registration
from guidance.models import GuidanceSession, Measure
from lmp.desk.models import Note
from lmp.sharing.models import FileVersion, Publication
from lmp.writing.models import Recipient, Writing
from outbox.models import Message
from participants.confirmation import asking
from participants.models import Cohort, Confirmation, Contact, Municipality, Participation, ProjectGroupMember, Unit

Typed = dict[str, Any]
File = tuple[str, bytes]
MOST = 40  # more than any of these forms writes, or is sent in a drill


@dataclass(frozen=True)
class Act:
    """`fill` gets the form as it stands on the page, and the number of the act. `mails`: how many it posts at once.

    `files`: what is chosen beside what is typed. `received`: what it answers when it is sent again and was received.
    """

    who: str
    page: Callable[["World", int], str]
    fill: Callable[["World", Typed, int, str], Typed]
    made: Callable[[str], QuerySet]
    mails: Callable[[str], int] | None = None
    files: Callable[[str], dict[str, File]] = lambda word: {}
    received: frozenset[int] = frozenset({302})


@dataclass(frozen=True)
class Turn:
    """What can be answered or sent once only, and therefore is another for each number of an act."""

    participation: Participation
    gathering: Gathering
    text: Writing
    letter: Writing


@dataclass(frozen=True)
class World:
    participation: Participation
    gathering: Gathering
    registration: Registration
    unit: Unit
    publication: Publication
    turns: list[Turn]
    today: date

    def turn(self, number: int) -> Turn:
        return self.turns[number - 1]

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


def _confirmation(world: World, form: Typed, number: int, word: str) -> Typed:
    day = world.today.isoformat()
    counted = {name: [day] for name in form if name.startswith("counted_on")}
    typed = {"action": "confirm", "ppt": "yes", "political": "later", "comment": f"Vi er {word}."}
    return form | counted | {name: [value] for name, value in typed.items()}


def receipts_of(word: str) -> int:
    confirmed = [str(pk) for pk in Confirmation.objects.filter(comment__contains=word).values_list("pk", flat=True)]
    return Message.objects.filter(text_name="participants.receipt", about_id__in=confirmed).count()


def _evaluation(world: World, form: Typed, number: int, word: str) -> Typed:
    scores = {name: ["4"] for name in ("useful", "concrete", "involved", "arranged")}
    return form | scores | {"comment": [f"Mer tid til {word}."]}


def _text(world: World, form: Typed, number: int, word: str) -> Typed:
    typed = {"subject_nb": f"Om {word}", "body_nb": f"Hei!\n\nDette gjelder {word}."}
    return form | {name: [value] for name, value in typed.items()}


ACTS = {
    "register": Act(
        "contact",
        lambda world, number: f"/samlinger/{world.gathering.pk}/paamelding/",
        _somebody_new,
        lambda word: Registration.objects.filter(user__email=address(word)),
        mails_to,
    ),
    "needs": Act(
        "contact",
        lambda world, number: f"/paameldinger/{world.registration.pk}/behov/",
        lambda world, form, number, word: form | {"food": [f"Ikke {word}"]},
        lambda word: Needs.objects.filter(food__contains=word),
    ),
    "log": Act(
        "supervisor",
        lambda world, number: f"/veiledning/logg/kommune/{world.participation.pk}/",
        _log,
        lambda word: GuidanceSession.objects.filter(worked_on__contains=word),
    ),
    "measure": Act(
        "head",
        lambda world, number: f"/enhet/{world.unit.pk}/tiltak/nytt/",
        _measure,
        lambda word: Measure.objects.filter(what__contains=word),
    ),
    "plan": Act(
        "supervisor",
        lambda world, number: f"/veiledning/kommune/{world.participation.pk}/mote/",
        _plan,
        lambda word: GuidanceSession.objects.filter(place__contains=word),
    ),
    "member": Act(
        "head",
        lambda world, number: f"/enhet/{world.unit.pk}/prosjektgruppe/",
        _member,
        lambda word: ProjectGroupMember.objects.filter(name__contains=word),
    ),
    "contact": Act(
        "contact",
        lambda world, number: f"/kommune/{world.participation.pk}/kontakter/ny/",
        _contact,
        lambda word: Contact.objects.filter(user__email=address(word)),
        mails_to,
        received=frozenset({302, 422}),  # who is a contact already is so once: the page says that
    ),
    "note": Act(
        "staff",
        lambda world, number: f"/kommune/{world.participation.pk}/notater/",
        lambda world, form, number, word: form | {"text": [f"De ringte om {word}."]},
        lambda word: Note.objects.filter(text__contains=word),
    ),
    "me": Act(
        "contact",
        lambda world, number: "/konto/",
        lambda world, form, number, word: form | {"name": [f"Kari {word}"]},
        lambda word: User.objects.filter(name__contains=word),
    ),
    "confirm": Act(
        "contact",
        lambda world, number: f"/kommune/{world.turn(number).participation.pk}/bekreft/",
        _confirmation,
        lambda word: Confirmation.objects.filter(comment__contains=word, answered_at__isnull=False),
        receipts_of,
    ),
    "evaluation": Act(
        "contact",
        lambda world, number: f"/samlinger/{world.turn(number).gathering.pk}/evaluering/",
        _evaluation,
        lambda word: Answer.objects.filter(comment__contains=word),
        received=frozenset({200}),  # the thanks
    ),
    "text": Act(
        "staff",
        lambda world, number: f"/skriv/{world.turn(number).text.pk}/tekst/",
        _text,
        lambda word: Writing.objects.filter(subject_nb__contains=word, is_checked=True),
    ),
    "letter": Act(
        "staff",
        lambda world, number: f"/skriv/{world.turn(number).letter.pk}/se-over/",
        lambda world, form, number, word: form | {"send": ["1"]},
        lambda word: Writing.objects.filter(subject_nb__contains=word, ordered_at__isnull=False),
    ),
    "upload": Act(
        "staff",
        lambda world, number: f"/dokumenter-og-nyheter/{world.publication.pk}/filer/",
        lambda world, form, number, word: form,
        lambda word: FileVersion.objects.filter(name__contains=word, file__removed_at=None),
        files=lambda word: {"uploads": (f"{word}.pdf", b"%PDF-1.7\n")},
    ),
}


def make_world(participation: Participation, contact: User, unit: Unit, *, by: User) -> World:
    """A municipality that has had its letter, with a gathering that is open and one registered; and the turns."""
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
    registration = with_a_place(contact, gathering, participation, now=now)
    facts = {"cohort": participation.cohort, "title_nb": "Program", "title_nn": "Program"}
    publication = Publication.write(facts=facts, token=uuid.uuid4(), by=by, now=now)
    others = Municipality.objects.exclude(pk=participation.municipality_id).order_by("number")[:MOST]
    turns = [_turn(number, municipality, contact, by=by, now=now) for number, municipality in enumerate(others, 1)]
    return World(participation, gathering, registration, unit, publication, turns, today)


def with_a_place(user: User, gathering: Gathering, participation: Participation, *, now: datetime) -> Registration:
    """The registration of somebody who has a place there, on all its days."""
    return Registration.objects.create(
        gathering=gathering,
        participation=participation,
        user=user,
        name=user.name,
        function=Contact.Function.OWNER,
        days=[day.isoformat() for day in gathering.days],
        registered_at=now,
        registered_by=user,
        placed_at=now,
    )


def _turn(number: int, municipality: Municipality, contact: User, *, by: User, now: datetime) -> Turn:
    """A municipality of a pulje of its own, which is to confirm; a gathering that was held; and a text to a contact."""
    today = timezone.localdate(now)
    cohort = Cohort.objects.create(number=100 + number, first_year=today.year, starts_on=today, confirm_by=today)
    stamped = {"accepted_at": now, "accepted_by": by, "welcomed_at": now, "welcomed_by": by}
    participation = Participation.objects.create(cohort=cohort, municipality=municipality, **stamped)
    make_contact(participation, contact, Contact.Function.OWNER, by=by)
    Unit.objects.create(participation=participation, name="Solbakken skole", kind="school", children=40)
    asking.ask(participation, due_on=today, by=by, now=now)
    gathering = Gathering.objects.create(cohort=cohort, semester=1, settled=Gathering.Settled.FIXED, starts_on=today)
    registration = with_a_place(contact, gathering, participation, now=now)
    Attendance.objects.create(registration=registration, day=today, marked_at=now, marked_by=by)
    text, letter = (_draft(participation, contact, mark(each, number), by=by, now=now) for each in ("begun", "letter"))
    return Turn(participation, gathering, text, letter)


def _draft(participation: Participation, to: User, word: str, *, by: User, now: datetime) -> Writing:
    wording = {f"{part}_{language}": f"Om {word}" for part in ("subject", "body") for language in ("nb", "nn")}
    draft = Writing.objects.create(reply_to=by.email, written_by=by, changed_at=now, is_checked=True, **wording)
    recipient = Recipient.objects.create(writing=draft, person=to, added_at=now)
    recipient.participations.add(participation)
    return draft
