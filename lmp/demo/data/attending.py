"""Who comes to the demo's gatherings: one is open and nearly full, and one was held, with attendance and answers."""

import uuid
from datetime import date

from django.db.models import QuerySet

from gatherings import places
from gatherings.models import Answer, Answered, Attendance, Gathering, Registration
from gatherings.places import Entry
from lmp.changes.succession import succeeding
from lmp.demo.data.people import person
from lmp.demo.days import Days, moment
from lmp.demo.personas import HEAD
from participants.models import Confirmation, Contact, Participation

PLACES = 12
ADDRESS = "Hans Gaarders veg 15, Gardermoen"
# Staff write these, in one language for all, so the demo's are the same in both.
PROCEDURE = """Bestill tog eller fly hos reisebyrået på telefon 00 00 20 20. Referanse: Oppstart.
Udir bestiller hotell for deg.
Med bil: send kvittering for bom og parkering til Udir."""
PROGRAMME = """Kl. 10.00: Velkommen til Læringsmiljøprosjektet
Kl. 10.30: Mobbing: forsking og praksis
Kl. 12.00: Lunsj
Kl. 13.00: Arbeid i kommunegrupper
Kl. 15.30: Slutt"""
HELD_PROCEDURE = "Bestill tog eller fly hos reisebyrået. Udir bestiller hotell."
# Scores from 1 to 5 on usefulness, concreteness, involvement and arrangement, and a comment from some.
ANSWERS = [
    (5, 4, 4, 5, "Nyttig å høre hvordan andre kommuner gjør det."),
    (4, 4, 3, 5, ""),
    (5, 5, 4, 4, "Mer tid i kommunegruppene neste gang."),
    (3, 2, 3, 4, "Jeg savnet flere eksempler fra barnehagen."),
    (4, 5, 4, 5, ""),
    (5, 4, 5, 5, ""),
]


def fill(gathering: Gathering, days: Days) -> None:
    """Municipalities that have confirmed register first; the last wait. The demo's own head has a place as well."""
    confirmed = Confirmation.objects.filter(answered_at__isnull=False, participation__cohort=gathering.cohort)
    eager = Participation.objects.filter(pk__in=confirmed.values("participation")).taking_part().order_by("pk")
    head = Contact.objects.get(user__email=HEAD.email, participation__cohort=gathering.cohort)
    _register(gathering, head.participation, [head], at=days.at(-2, 9))
    for participation in eager:
        contacts = participation.contacts.current().filter(function__in=gathering.audience).order_by("pk")
        _register(gathering, participation, list(contacts[:5]), at=days.at(-1, 12))


def hand_over(gathering: Gathering, days: Days) -> None:
    """A head with a place has been replaced, and the new one has the place; another is replaced in a month."""
    heads = Contact.objects.current().filter(function=Contact.Function.HEAD, user__registrations__in=_placed(gathering))
    first, second = (
        heads.exclude(user__email=HEAD.email).select_related("participation", "unit", "user").order_by("pk")[:2]
    )
    for contact, who, starts_on in [
        (first, person("Nils Nystyrer"), days.day(-1)),
        (second, person("Guro Etterfølger"), days.day(30)),
    ]:
        now = days.at(-1, 14)
        succeeding.agree(
            contact,
            name=who.name,
            email=who.email,
            starts_on=starts_on,
            chosen=[each.key for each in succeeding.holdings(contact, now=now)],
            by=contact.user,
            now=now,
        )


def _placed(gathering: Gathering) -> QuerySet[Registration]:
    return Registration.objects.placed().filter(gathering=gathering)


def _register(gathering: Gathering, participation: Participation, contacts: list[Contact], *, at) -> None:
    entries = [
        Entry(
            name=contact.name,
            email=contact.user.email,
            function=contact.function,
            unit=contact.unit,
            days=[day.isoformat() for day in gathering.days],
            nights=[gathering.nights[0].isoformat()] if turn % 2 else [],
            travel=Registration.Travel.OWN_CAR if turn % 3 == 2 else Registration.Travel.ORDERS,
        )
        for turn, contact in enumerate(contacts)
    ]
    places.register(gathering, entries, participation=participation, by=contacts[0].user, now=at)


def hold(gathering: Gathering, participation: Participation) -> None:
    """Everybody came to a gathering long ago, one of them on the first day only, and nearly all answered after it."""
    registered_at = moment(gathering.closes_on or gathering.days[0], 9)
    people = list(participation.contacts.current().select_related("user").order_by("pk"))
    for turn, contact in enumerate(people):
        registration = Registration.objects.create(
            gathering=gathering,
            participation=participation,
            unit=contact.unit,
            user=contact.user,
            name=contact.name,
            function=contact.function,
            days=[day.isoformat() for day in gathering.days],
            nights=[night.isoformat() for night in gathering.nights],
            travel=Registration.Travel.ORDERS,
            travel_ordered_on=gathering.travel_closes_on,
            registered_at=registered_at,
            registered_by=people[0].user,
            placed_at=registered_at,
        )
        for day in gathering.days[: 1 if turn == 1 else None]:
            _attend(registration, day)
    for (useful, concrete, involved, arranged, comment), contact in zip(ANSWERS, people, strict=False):
        scores = {"useful": useful, "concrete": concrete, "involved": involved, "arranged": arranged}
        Answer.objects.create(id=uuid.uuid4(), gathering=gathering, comment=comment, **scores)
        Answered.objects.create(gathering=gathering, user=contact.user)


def _attend(registration: Registration, day: date) -> None:
    Attendance.objects.create(
        registration=registration, day=day, marked_at=moment(day, 9, 40), marked_by=registration.registered_by
    )
