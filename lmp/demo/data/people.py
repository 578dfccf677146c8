"""Invented people. Names are drawn in a fixed order, so that the demo has the same people every time."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from django.contrib.auth.hashers import make_password
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from accounts.models import User
from participants.models import Contact, Participation, Unit

FIRST = (
    "Kari Ola Ingrid Lars Amina Per Astrid Mohammed Solveig Jonas Hanne Erik Fatima Torbjørn Marte Yusuf Gunnhild "
    "Henrik Leyla Sverre Åse Magnus Nora Piotr Ragnhild Tuva Øystein Emma Ibrahim Silje Knut Maja Bjørn Thea Arne "
    "Sunniva Håkon Vilde Geir Oda"
).split()
LAST = (
    "Nordli Bakkehaug Sørgård Fjellheim Tverrelv Myrstad Granlund Ekrem Solvang Haugstad Lunde Vestby Kvernmo Rønning "
    "Furulund Hassan Strandmo Bjørkås Nyhus Elvestad Skogvold Dahlen Østmo Kalvik Brekkhus Yilmaz Svartdal Halsnes "
    "Liabø Moseng Ahmed Kvamsøy Tangvald Rødland Holmvik Storhaug Engesvik Nowak Fossdal Vikmo Sletten Grønnesby "
    "Lillebø Åsmul Tveitane Sandvær Hovland Røsvik Indrebø Kleppestø Aasgrav Tomasgard Nesvold"
).split()
PLAIN = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "á": "a", "č": "c", "š": "s", "ž": "z", "đ": "d", "ŋ": "n"})


@dataclass(frozen=True)
class InventedPerson:
    name: str
    email: str
    phone: str = ""


def person(name: str, *, phone: str = "") -> InventedPerson:
    mailbox = name.lower().translate(PLAIN).replace(" ", ".")
    return InventedPerson(name, f"{mailbox}@example.no", phone)


class Drawer:
    """The next invented person, and the next telephone number, which no subscriber has."""

    def __init__(self, *, start: int = 0) -> None:
        self._turns = count(start)

    def next(self) -> InventedPerson:
        # 40 and 53 have no common factor: 2120 people before a name comes back.
        turn = next(self._turns)
        return person(
            f"{FIRST[turn % len(FIRST)]} {LAST[turn * 7 % len(LAST)]}", phone=f"00 00 {turn // 100:02} {turn % 100:02}"
        )


def user(who: InventedPerson, **extra) -> User:
    known = User.objects.filter(email=who.email).first()
    return known or User.objects.create_user(who.email, name=who.name, **extra)


def contact(
    participation: Participation, who: InventedPerson, function: Contact.Function, *, by: User, unit: Unit | None = None
) -> Contact:
    [made] = contacts(participation, [(who, function, unit)], by=by)
    return made


def contacts(
    participation: Participation, wanted: Sequence[tuple[InventedPerson, Contact.Function, Unit | None]], *, by: User
) -> list[Contact]:
    """All of a municipality's together, as a cohort's upload makes them."""
    users = _users([who for who, _function, _unit in wanted])
    new = [
        Contact(
            participation=participation,
            unit=unit,
            user=users[who.email],
            name=who.name,
            phone=who.phone,
            function=function,
            started_at=participation.accepted_at or participation.nominated_at or timezone.now(),
            started_by=by,
        )
        for who, function, unit in wanted
    ]
    return bulk_create_with_history(new, Contact)


def _users(people: Sequence[InventedPerson]) -> dict[str, User]:
    """Each by address; who is unknown is made."""
    known = {one.email: one for one in User.objects.filter(email__in=[who.email for who in people])}
    unknown = {who.email: who for who in people if who.email not in known}
    made = User.objects.bulk_create(
        User(email=email, name=who.name, password=make_password(None)) for email, who in unknown.items()
    )
    return known | {one.email: one for one in made}
