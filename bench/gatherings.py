"""The gatherings: registering somebody, the plan of a day's mails, staff's list and its workbook."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial
from io import BytesIO
from urllib.parse import urlencode

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import User
from bench import pages, registrations
from bench.national import Load
from bench.page_form import Form, Page
from bench.timing import Taken, in_turn, milliseconds, table, timed
from gatherings import schedule
from gatherings.mails.texts.notices import RECEIPT, REGISTERED
from gatherings.models import Gathering, Registration
from outbox import plan
from outbox.models import Message
from participants.models import Contact
from parts.sheets.xlsx import HEADING_ROW

LISTED, EXPORTED, ROUNDS, RUNS = 1000, 10_000, 20, 3
QUICK_LISTED, QUICK_EXPORTED = 100, 500
NEW = "ny.deltaker@example.no"
TRANSACTION = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO", "BEGIN", "COMMIT")
Fill = Callable[[Form], None]


class Walk:
    """A person goes from the form to the receipt by what each page holds, and what they did is undone again."""

    def __init__(self, gathering: Gathering, person: User, fill: Fill, *, registers: str) -> None:
        self.gathering, self.person, self.fill, self.registers = gathering, person, fill, registers
        self.start = reverse("gatherings:register", args=[gathering.pk])
        self.requests = 0
        self.client = pages.signed_in(person, enforce_csrf_checks=True)
        self.taken: list[Taken] = []

    def go(self) -> str:
        form = Page(self._read(self.start)).form(self.start)
        if form is None:
            raise RuntimeError(f"{self.start} has no form")
        self.fill(form)
        body = urlencode(form.press("action", "register"), doseq=True)
        response = self.client.post(self.start, body, content_type="application/x-www-form-urlencoded")
        self.requests += 1
        if response.status_code != 302:
            raise RuntimeError(f"{self.person} registered nobody: status {response.status_code}")
        return self._read(response["Location"])

    def _read(self, address: str) -> str:
        response = self.client.get(address)
        self.requests += 1
        if response.status_code != 200:
            raise RuntimeError(f"{address}: status {response.status_code}")
        return response.content.decode()

    def undo(self) -> None:
        with transaction.atomic():
            Registration.objects.filter(gathering=self.gathering, user__email=self.registers).delete()
            Message.objects.filter(text_name__in=[REGISTERED.name, RECEIPT.name]).delete()
            User.objects.filter(email=NEW, registrations__isnull=True).delete()

    def count(self) -> tuple[int, int]:
        """Requests and queries of one walk; the person who was registered has a place and stands on the receipt.

        As in the tests' query budgets, what begins and ends a transaction is not counted.
        """
        self.requests = 0
        with CaptureQueriesContext(connection) as captured:
            receipt = self.go()
        [made] = Registration.objects.filter(gathering=self.gathering, user__email=self.registers)
        if (
            made.placed_at is None
            or "Påmeldingen er mottatt" not in receipt
            or f'href="{made.get_absolute_url()}"' not in receipt
        ):
            raise RuntimeError(f"{made} is not on the receipt")
        self.undo()
        return self.requests, sum(not query["sql"].startswith(TRANSACTION) for query in captured)


def as_it_is(form: Form) -> None:
    """The page suggests the head of the unit, ticked."""


def somebody_new(form: Form) -> None:
    """Nobody who is suggested, and a new person in the first empty row."""
    for name in [name for name in form.fields if name.endswith("-come")]:
        del form.fields[name]
    row = next(name for name, value in form.fields.items() if name.endswith("-name") and value == [""])
    row = row.removesuffix("name")
    form.fields |= {f"{row}name": ["Ny Deltaker"], f"{row}email": [NEW]}
    form.fields |= {f"{row}{name}": [_first(form.choices[row + name])] for name in ("function", "place")}


def _first(choices: list[str]) -> str:
    return next(choice for choice in choices if choice)


def walks(load: Load, gathering: Gathering) -> dict[str, Walk]:
    units = len(load.large.units.all())
    standing = gathering.registrations.values("unit")
    heads = Contact.objects.current().filter(participation__cohort=load.cohort, unit__isnull=False)
    others = heads.exclude(participation=load.large).exclude(unit__in=standing)
    head = others.select_related("user").order_by("pk")[0].user
    return {
        "a head, for the unit": Walk(gathering, head, as_it_is, registers=head.email),
        f"a contact of {units} units, somebody new": Walk(gathering, load.contact, somebody_new, registers=NEW),
    }


def whole(day: date) -> tuple[datetime, datetime]:
    start = timezone.make_aware(datetime.combine(day, time.min))
    return start, start + timedelta(days=1)


def registering(load: Load, gathering: Gathering, *, quick: bool) -> str:
    rounds = 1 if quick else ROUNDS
    named = walks(load, gathering)
    for walk in named.values():
        walk.count()  # warms up templates and caches
    counted = {name: walk.count() for name, walk in named.items()}
    for _round in range(rounds):
        for name, taken in in_turn({name: walk.go for name, walk in named.items()}).items():
            named[name].taken.append(taken)
            named[name].undo()
    rows = [[name, *map(str, counted[name]), *_figures(walk.taken)] for name, walk in named.items()]
    title = f"Registering one person, from the form to the receipt: the median of {rounds}\n"
    return title + table(["registered by", "requests", "queries", "ms", "processor ms"], rows)


def planned(day: date) -> int:
    return len(plan.everything(*whole(day)))


def planning(gathering: Gathering, *, quick: bool) -> str:
    assert gathering.closes_on  # noqa: S101 – it is open
    now = timezone.now()
    reminded = schedule.reminders(gathering.closes_on, invited_at=now)[0]
    days = {
        "the day all are invited": timezone.localdate(now),
        "the day of the first reminder": timezone.localdate(reminded.send_at),
    }
    rows = [_run(name, partial(planned, day), quick=quick) for name, day in days.items()]
    return _title("Planning a day's mails with a gathering open", quick) + table(_header("mails"), rows)


def staffs_list(load: Load, gathering: Gathering, count: int, *, quick: bool) -> str:
    address = reverse("admin:gatherings_registration_changelist") + f"?gathering={gathering.pk}"
    page = pages.Page(f"the list of {count} registrations", load.staff, lambda client: client.get(address))
    return pages.measured("Registrations", [page], rounds=1 if quick else ROUNDS)


def export(load: Load, count: int, *, quick: bool) -> str:
    client, address = pages.signed_in(load.staff), reverse("admin:gatherings_registration_export")

    def take_out() -> bytes:
        return client.get(address).getvalue()

    [sheet] = load_workbook(BytesIO(take_out()), read_only=True)  # warms up too
    rows = sum(1 for _row in sheet.rows) - HEADING_ROW
    if rows != count:
        raise RuntimeError(f"the workbook has {rows} registrations, not {count}")

    def taken_out() -> int:
        take_out()
        return rows

    rows_of_table = [_run(f"{count} registrations as xlsx", taken_out, quick=quick)]
    return _title("The workbook", quick) + table(_header("rows"), rows_of_table)


def _run(name: str, run: Callable[[], int], *, quick: bool) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        found = run()
    queries = len(captured)  # the next request empties the log that it counts in
    taken = [timed(run) for _run in range(1 if quick else RUNS)]
    return [name, *_figures(taken), str(queries), str(found)]


def _figures(taken: list[Taken]) -> list[str]:
    ms = milliseconds(taken)
    return [f"{ms.passed:.1f}", f"{ms.worked:.1f}"]


def _header(counted: str) -> list[str]:
    return ["what", "ms", "processor ms", "queries", counted]


def _title(what: str, quick: bool) -> str:
    return f"{what}: the median of {1 if quick else RUNS}\n"


def report(load: Load, *, quick: bool) -> str:
    """The gathering is opened here, so that the sections before it keep the load that their figures are known with."""
    listed, exported = (QUICK_LISTED, QUICK_EXPORTED) if quick else (LISTED, EXPORTED)
    now = timezone.now()
    open_one = registrations.open_kick_off(load, now=now)
    parts = [registering(load, open_one, quick=quick), planning(open_one, quick=quick)]
    full_one = registrations.fill(load, first=listed, altogether=exported, now=now)
    parts += [staffs_list(load, full_one, listed, quick=quick), export(load, exported, quick=quick)]
    return "\n\n".join(parts)
