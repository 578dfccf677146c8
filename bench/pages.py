"""The pages that are timed, one function a page. Another page is one more function, named in PAGES."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.authentication import second_factor
from accounts.models import User
from bench.national import Load
from bench.timing import Taken, in_turn, milliseconds, table
from bench.urls import EMPTY
from outbox.models import Message
from participants.confirmation import asking
from participants.confirmation.counting import day_name
from participants.confirmation.received import signed
from participants.confirmation.values import StoredFacts
from participants.models import Unit

ROUNDS = 20
Ask = Callable[[Client], Any]  # a response, in the test client's own dress


def nothing() -> None: ...


@dataclass(frozen=True)
class Page:
    """`before` runs ahead of each request, untimed, and puts right what the last one changed."""

    name: str
    person: User
    ask: Ask
    before: Callable[[], None] = nothing
    status: int = 200


def my_page(load: Load) -> Page:
    return Page("my page of a contact", load.contact, lambda client: client.get("/"))


def first_page_of_staff(load: Load) -> Page:
    return Page("the first page of staff", load.staff, _get(reverse("admin:index")))


def municipality(load: Load) -> Page:
    return Page("the page of a municipality with 30 units", load.contact, _get(load.large.get_absolute_url()))


@transaction.atomic
def open_round(load: Load) -> None:
    now = timezone.now()
    asking.ask(load.large, due_on=timezone.localdate(now) + timedelta(days=14), by=load.staff, now=now)


def confirmation(load: Load) -> Page:
    url = reverse("participants:confirm", args=[load.large.pk])
    return Page("its confirmation, opened", load.contact, _get(url), lambda: open_round(load))


def confirmation_sent(load: Load) -> Page:
    """Every round is the first one: 30 units counted, everybody notified."""
    url = reverse("participants:confirm", args=[load.large.pk])
    data: dict[str, str] = {}
    older = list(Message.objects.values_list("pk", flat=True))

    @transaction.atomic
    def ask_anew() -> None:
        Message.objects.exclude(pk__in=older).delete()
        Unit.objects.filter(participation=load.large).update(children=None, counted_on=None)
        open_round(load)
        facts = StoredFacts.load(load.large)
        stored = facts.values()
        data.clear()
        data.update(stored | {"base": signed(base=stored, shown=stored, seen={}), "action": "confirm"})
        data.update({f"unit-{unit.pk}-children": str(unit.register_children) for unit in facts.units})
        data.update({day_name(kind): timezone.localdate().isoformat() for kind in facts.kinds})
        data.update(ppt="yes", political="later")

    def send(client: Client) -> Any:
        return client.post(url, urlencode(data), content_type="application/x-www-form-urlencoded")

    return Page("its confirmation, sent in", load.contact, send, ask_anew, status=302)


def municipalities(load: Load) -> Page:
    return Page("the list of municipalities, staff", load.staff, _get(reverse("overview:participations")))


def admin_list(load: Load) -> Page:
    return Page("the admin's list", load.staff, _get(reverse("admin:participants_participation_changelist")))


PAGES = [
    my_page,
    first_page_of_staff,
    municipality,
    confirmation,
    confirmation_sent,
    municipalities,
    admin_list,
]


def _get(url: str) -> Ask:
    return lambda client: client.get(url)


def signed_in(person: User, *, enforce_csrf_checks: bool = False) -> Client:
    client = Client(enforce_csrf_checks=enforce_csrf_checks)
    client.force_login(person)
    if person.is_staff:
        session = client.session
        second_factor.remember(session, person, kind="totp")
        session.save()
    return client


class Timed:
    """A page, the person who asks for it, and the empty view asked for by the same person right after."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.client = signed_in(page.person)
        self.taken: dict[str, list[Taken]] = {"page": [], "empty": []}

    def ask(self) -> None:
        response = self.page.ask(self.client)
        if response.status_code != self.page.status:
            raise RuntimeError(f"{self.page.name}: status {response.status_code}, not {self.page.status}")

    def queries(self) -> int:
        self.page.before()
        with CaptureQueriesContext(connection) as captured:
            self.ask()
        return len(captured)

    def take_turn(self) -> None:
        self.page.before()
        for name, taken in in_turn({"page": self.ask, "empty": self.ask_for_nothing}).items():
            self.taken[name].append(taken)

    def ask_for_nothing(self) -> None:
        self.client.get(EMPTY)

    def row(self) -> list[str]:
        page, empty = milliseconds(self.taken["page"]), milliseconds(self.taken["empty"])
        figures = [
            page.passed,
            empty.passed,
            page.passed / empty.passed,
            page.worked,
            empty.worked,
            page.worked / empty.worked,
        ]
        return [self.page.name, *(f"{figure:.1f}" for figure in figures), str(self.queries())]


def report(load: Load, *, quick: bool) -> str:
    return measured("Pages", [make(load) for make in PAGES], rounds=1 if quick else ROUNDS)


def measured(what: str, given: list[Page], *, rounds: int) -> str:
    pages = [Timed(page) for page in given]
    for page in pages:
        page.queries()  # warms up templates and caches
        page.ask_for_nothing()
    for _round in range(rounds):
        for page in pages:
            page.take_turn()
    rows = [page.row() for page in pages]
    title = f"{what}: the median of {rounds} requests, each followed by an empty view behind the same middleware\n"
    return title + table(["page", "ms", "empty", "ratio", "processor ms", "empty", "ratio", "queries"], rows)
