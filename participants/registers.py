"""What the national registers of schools (NSR) and kindergartens (NBR) say about a municipality's units.

A register suggests; the municipality decides. A count there may be old, and a unit may be listed as active that has
closed. Each register is asked on its own: one that is down says so, and the other is shown.

Source: https://data-nsr.udir.no and https://data-nbr.udir.no, version 4, open and without a key.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import quote

import httpx
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from participants import organisation_number
from participants.models import Cohort, Participation, Unit
from parts.order import alphabetical

TIMEOUT = httpx.Timeout(10, connect=3)
MAX_SECONDS = 12  # for everything asked of one register, however slowly it answers
MAX_BODY = 10 * 1024 * 1024
MAX_PAGES = 50
PAGE_SIZE = 1000
MAX_CHILDREN = 5000


class RegisterProblem(models.TextChoices):
    SILENT = "silent", gettext_lazy("%(register)s svarer ikke. Prøv igjen senere.")
    FAILED = "failed", gettext_lazy("%(register)s svarte med feil. Prøv igjen senere.")
    NONSENSE = "nonsense", gettext_lazy("Vi forsto ikke svaret fra %(register)s. Prøv igjen senere.")


class RegisterError(Exception):
    def __init__(self, problem: RegisterProblem):
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True)
class Register:
    name: str
    url: str
    kind: str
    is_unit: tuple[str, ...]  # all of these say that an entry is a unit of this kind
    is_private: str
    count: str
    is_dormant: str = ""


@dataclass(frozen=True)
class RegisterUnit:
    register: str
    organisation_number: str
    name: str
    kind: str
    ownership: str
    active: bool
    children: int | None


@dataclass
class RegisterAnswer:
    """What one register said, and what went wrong if something did."""

    register: str
    units: list[RegisterUnit] = field(default_factory=list)
    problem: RegisterProblem | None = None

    @property
    def error(self) -> str:
        """For the person on the page, in their language; the asking is done in a thread that knows no language."""
        return str(self.problem.label) % {"register": self.register} if self.problem else ""


def registers() -> list[Register]:
    return [
        Register("NSR", settings.NSR_URL, Unit.Kind.SCHOOL, ("ErSkole", "ErGrunnskole"), "ErPrivatskole", "Elevtall"),
        Register(
            "NBR",
            settings.NBR_URL,
            Unit.Kind.KINDERGARTEN,
            ("ErBarnehage",),
            "ErPrivatBarnehage",
            "AntallBarn",
            "ErInaktivIBasil",
        ),
    ]


def look_up(municipality_number: str, *, count: Iterable[str] = (), names: Iterable[str] = ()) -> list[RegisterAnswer]:
    """Ask every register at once for a municipality's units.

    The lists leave out the numbers of children, so those are asked for one by one, for the units with these
    organisation numbers or names. May take MAX_SECONDS and a little more: never call it inside a transaction.
    """
    numbers, folded = set(count), {name.casefold() for name in names}

    def wanted(unit: RegisterUnit) -> bool:
        return unit.children is None and (unit.organisation_number in numbers or unit.name.casefold() in folded)

    asked = registers()
    with ThreadPoolExecutor(len(asked)) as pool:
        return list(pool.map(lambda register: _ask(register, municipality_number, wanted), asked))


def _ask(register: Register, municipality_number: str, wanted: Callable[[RegisterUnit], bool]) -> RegisterAnswer:
    answer = RegisterAnswer(register.name)
    try:
        with _Conversation(register) as conversation:
            answer.units = conversation.units(municipality_number)
            for position, unit in enumerate(answer.units):
                if wanted(unit):
                    answer.units[position] = conversation.counted(unit)
    except RegisterError as error:
        answer.problem = error.problem  # what it did say first is still shown
    return answer


class _Conversation:
    def __init__(self, register: Register):
        self.register = register
        self.until = time.monotonic() + MAX_SECONDS
        # No redirects: a register that sends us elsewhere is not believed.
        self.client = httpx.Client(
            timeout=TIMEOUT,
            follow_redirects=False,
            headers={"User-Agent": f"Laeringsmiljoportalen ({settings.SITE_URL})", "Accept": "application/json"},
        )

    def __enter__(self) -> "_Conversation":
        return self

    def __exit__(self, *_exception) -> None:
        self.client.close()

    def units(self, municipality_number: str) -> list[RegisterUnit]:
        found: dict[str, RegisterUnit] = {}
        page, pages = 1, 1
        while page <= pages:
            address = f"enheter/kommune/{quote(municipality_number, safe='')}"
            body = self._get(f"{address}?sidenummer={page}&antallperside={PAGE_SIZE}")
            if body is None:
                return []
            entries = body.get("EnhetListe")
            pages = body.get("AntallSider", 1)
            if not isinstance(entries, list) or type(pages) is not int or pages > MAX_PAGES:
                raise RegisterError(RegisterProblem.NONSENSE)
            for entry in entries:
                if (unit := self._unit(entry)) is not None:
                    found[unit.organisation_number] = unit
            page += 1
        return sorted(found.values(), key=lambda unit: alphabetical(unit.name))

    def counted(self, unit: RegisterUnit) -> RegisterUnit:
        body = self._get(f"enhet/{unit.organisation_number}")
        return replace(unit, children=self._children(body)) if body else unit

    def _unit(self, entry: Any) -> RegisterUnit | None:
        if not isinstance(entry, dict):
            raise RegisterError(RegisterProblem.NONSENSE)
        if not all(entry.get(flag) is True for flag in self.register.is_unit):
            return None
        number, name = entry.get("Organisasjonsnummer"), entry.get("FulltNavn") or entry.get("Navn")
        if not isinstance(number, str) or not isinstance(name, str) or not organisation_number.is_valid(number):
            return None  # the registers contain units made for testing, with numbers like U99900001
        dormant = self.register.is_dormant and entry.get(self.register.is_dormant) is True
        return RegisterUnit(
            register=self.register.name,
            organisation_number=number,
            name=" ".join(name.split())[:200],
            kind=self.register.kind,
            ownership=Unit.Ownership.PRIVATE if entry.get(self.register.is_private) is True else Unit.Ownership.PUBLIC,
            active=entry.get("ErAktiv") is True and not dormant,
            children=self._children(entry),
        )

    def _children(self, entry: dict) -> int | None:
        count = entry.get(self.register.count)
        return count if type(count) is int and 0 <= count <= MAX_CHILDREN else None

    def _get(self, path: str) -> dict | None:
        """The JSON object at a path, or None where there is none (404)."""
        if time.monotonic() > self.until:
            raise RegisterError(RegisterProblem.SILENT)
        try:
            with self.client.stream("GET", f"{self.register.url.rstrip('/')}/{path}") as response:
                if response.status_code == httpx.codes.NOT_FOUND:
                    return None
                if response.status_code != httpx.codes.OK:
                    raise RegisterError(RegisterProblem.FAILED)
                content = self._body(response)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise RegisterError(RegisterProblem.SILENT) from error
        try:
            body = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise RegisterError(RegisterProblem.NONSENSE) from error
        if not isinstance(body, dict):
            raise RegisterError(RegisterProblem.NONSENSE)
        return body

    def _body(self, response: httpx.Response) -> bytes:
        content = bytearray()
        for piece in response.iter_bytes():  # as it arrives: asking for pieces of a size would wait for them to fill
            content += piece
            if len(content) > MAX_BODY:
                raise RegisterError(RegisterProblem.NONSENSE)
            if time.monotonic() > self.until:
                raise RegisterError(RegisterProblem.SILENT)
        return bytes(content)


@dataclass(frozen=True)
class UnitPair:
    """A unit of ours, and the register's entry for it if there is one."""

    ours: Unit
    theirs: RegisterUnit | None

    @property
    def name_differs(self) -> bool:
        return self.theirs is not None and self.ours.name.casefold() != self.theirs.name.casefold()


@dataclass(frozen=True)
class Comparison:
    known: list[UnitPair]  # our units, in our order
    unknown: list[RegisterUnit]  # those we don't have
    errors: list[str]

    def suggest(self, *, on: date) -> int:
        """Store the registers' counts beside our units. Return how many units got one."""
        counted = 0
        for pair in self.known:
            if pair.theirs and pair.theirs.children is not None:
                pair.ours.suggest(children=pair.theirs.children, on=on)
                counted += 1
        return counted


def match(ours: Iterable[Unit], theirs: Iterable[RegisterUnit], *, errors: Iterable[str] = ()) -> Comparison:
    """Put the register's entries beside our units: by organisation number, else by name and kind."""
    left = {entry.organisation_number: entry for entry in theirs}
    known = []
    for unit in ours:
        entry = left.get(unit.organisation_number)
        if entry and Unit.may_share_number(unit.kind, entry.kind):
            entry = None  # the school's, whose number the SFO has too
        if entry is None and not unit.organisation_number:
            alike = [e for e in left.values() if e.name.casefold() == unit.name.casefold() and e.kind == unit.kind]
            entry = alike[0] if len(alike) == 1 else None
        if entry:
            del left[entry.organisation_number]
        known.append(UnitPair(unit, entry))
    return Comparison(known, list(left.values()), list(errors))


def compare(participation: Participation, *, count: Iterable[str] = ()) -> Comparison:
    """Our units beside the registers'. Asks the registers, so never inside a transaction."""
    ours = list(participation.units.active())
    numbers = {unit.organisation_number for unit in ours if unit.organisation_number} | set(count)
    nameless = [unit.name for unit in ours if not unit.organisation_number]
    answers = look_up(participation.municipality.number, count=numbers, names=nameless)
    theirs = [unit for answer in answers for unit in answer.units]
    return match(ours, theirs, errors=[answer.error for answer in answers if answer.error])


@dataclass
class Summary:
    municipalities: int = 0
    counted: int = 0
    failed: int = 0

    def add(self, comparison: Comparison, *, counted: int) -> None:
        self.municipalities += 1
        self.counted += counted
        self.failed += bool(comparison.errors)

    def __str__(self) -> str:
        return (
            f"{self.municipalities} municipalities, {self.counted} units counted, {self.failed} with a register error"
        )


def refresh(cohort: Cohort, *, on: date) -> Iterator[tuple[Participation, Comparison, int]]:
    """Ask about every municipality that takes part, one after the other, and store the counts as they come.

    Yields each with the comparison and how many of its units were counted.
    """
    for participation in (
        cohort.participations.taking_part().select_related("municipality__county").order_by("municipality")
    ):
        comparison = compare(participation)
        yield participation, comparison, comparison.suggest(on=on)
