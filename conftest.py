"""The fixed cast: one of each kind of person, around Indre Fosen in a current cohort."""

import gc
import inspect
import os
import shutil
import uuid
import zlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import hypothesis
import pytest
import time_machine
from django.conf import settings
from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import Client, TransactionTestCase
from django.utils import timezone, translation
from playwright.sync_api import Browser
from pytest_django import DjangoDbBlocker
from simple_history.utils import bulk_create_with_history

from accounts.authentication import second_factor
from accounts.models import User
from guidance.models import GroupMember, GuidanceGroup, ProjectLeader, Supervisor
from participants.models import Cohort, Contact, GovernorContact, Municipality, Participation, Unit

# The same examples at every run. `make test-anywhere` looks for new ones.
hypothesis.settings.register_profile("same", derandomize=True, deadline=None, database=None)
hypothesis.settings.register_profile("new", deadline=None, print_blob=True)
hypothesis.settings.load_profile("same")

pytest.register_assert_rewrite("tests.browsing")

from tests import emptied, migrated, page_context, shapes  # noqa: E402
from tests.browsing import LANGUAGES, Walk  # noqa: E402 – its assertions are rewritten from here on


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--at", metavar="MOMENT", help="let the tests begin at this moment in Oslo: 2027-03-27T23:30")
    parser.addoption("--note-shapes", metavar="FOLDER", type=Path, help="note what each test asks of its database")
    parser.addoption("--fewest-of", metavar="FOLDER", type=Path, help="only the fewest tests that ask all noted")


def pytest_configure(config: pytest.Config) -> None:
    """Before the test files are read: what one of them takes for today is to be the day of the tests."""
    settings.STAFF_IDLE = timedelta(days=36500)  # a test's clock jumps, and nobody is signed out for that
    if moment := config.getoption("--at"):
        travel = time_machine.travel(datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("Europe/Oslo")))
        travel.start()
        config.add_cleanup(travel.stop)
    if folder := config.getoption("--note-shapes"):
        shapes.begin(config, folder)


@cache
def may_need_services(path: Path) -> bool:
    """Whether the file of a test names the mark, or takes it from the house of the faults."""
    return any(word in path.read_text() for word in ("mark.services", "faults.house"))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Reading all tests takes each process ten seconds: those that need services are in a tenth of the files."""
    asked = str(config.getoption("-m")).startswith("services and ")
    is_a_test = collection_path.name.startswith("test_") and collection_path.suffix == ".py"
    return True if asked and is_a_test and not may_need_services(collection_path) else None


# Whoever asks for none of these is refused every query by pytest-django.
DATABASE = {"db", "transactional_db", "django_db"}


@pytest.hookimpl(tryfirst=True, specname="pytest_collection_modifyitems")
def pytest_one_language_by_day(items: list[pytest.Item]) -> None:
    """What Chromium would walk twice, once in each language, it walks by day in one: half of the tests in each."""
    walks: dict[str, dict[str, pytest.Item]] = {}
    for item in items:
        params = getattr(getattr(item, "callspec", None), "params", {})
        language = params.get("walk", params.get("language"))
        if language in LANGUAGES and item.get_closest_marker("services"):
            others = sorted((name, str(value)) for name, value in params.items() if value != language)
            walks.setdefault(f"{item.nodeid.partition('[')[0]} {others}", {})[language] = item
    for name, in_language in walks.items():
        if len(in_language) == len(LANGUAGES):
            by_day = LANGUAGES[zlib.crc32(name.encode()) % len(LANGUAGES)]
            for language in set(LANGUAGES) - {by_day}:
                in_language[language].add_marker("nightly")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What asks no database says the same beside any, and is fast if not marked slow: `make test-fast`."""
    for item in items:
        named = {marker.name for marker in item.iter_markers()} | set(getattr(item, "fixturenames", ()))
        if "services" in named and not may_need_services(item.path):
            raise pytest.UsageError(f"{item.nodeid} needs services, and conftest.may_need_services would not find it")
        if "walk" in named:  # in one process, which knows a page again in the other language
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("[")[0]))
        of_django = issubclass(getattr(item, "cls", None) or object, TransactionTestCase)
        if not of_django and not named & {*DATABASE, "services"}:
            if "slow" not in named:
                item.add_marker("fast")
            # Whoever takes `request` may ask for a fixture by its name, which is not seen here.
            if "request" not in inspect.signature(getattr(item, "obj", pytest_addoption)).parameters:
                item.add_marker("no_database")


@pytest.hookimpl(trylast=True, specname="pytest_collection_modifyitems")
def pytest_only_the_fewest(config: pytest.Config, items: list[pytest.Item]) -> None:
    """After the marks, and what they leave out."""
    if folder := config.getoption("--fewest-of"):
        items[:], left = shapes.choose(items, folder)
        config.hook.pytest_deselected(items=left)


@pytest.hookimpl(trylast=True, specname="pytest_collection_modifyitems")
def pytest_begin_with_the_long(items: list[pytest.Item]) -> None:
    """Of those that need services: at the end, one process would wait for the other's."""
    items.sort(key=lambda item: not all(map(item.get_closest_marker, ("services", "slow"))))


def pytest_fixture_setup(fixturedef: pytest.FixtureDef, request: pytest.FixtureRequest) -> None:
    """Left out on PostgreSQL, and asking a database all the same: that test must name what it asks for."""
    if fixturedef.argname in DATABASE and request.node.get_closest_marker("no_database"):
        pytest.fail("It asks for a database by another fixture: let it take `db`, and run on PostgreSQL too")


def make_user(email: str, name: str, **extra) -> User:
    return User.objects.create_user(email, name=name, **extra)


def make_contact(participation: Participation, user: User, function: str, *, by: User, unit=None, **extra) -> Contact:
    return Contact.objects.create(
        participation=participation,
        user=user,
        name=user.name,
        function=function,
        unit=unit,
        started_at=timezone.now(),
        started_by=by,
        **extra,
    )


def withdraw(participation: Participation, *, by: User, now: datetime) -> None:
    """The fact alone: nothing that follows from it."""
    participation.withdraw(decided_on=timezone.localdate(now), reason="Ikke kapasitet", by=by, now=now)


@pytest.fixture(autouse=True)
def _cache_of_its_own(settings) -> None:
    """Rate limits are kept there, and Redis is neither rolled back after a test nor this process's alone."""
    settings.CACHES = {"default": settings.CACHES["default"] | {"KEY_PREFIX": uuid.uuid4().hex}}


@pytest.fixture(scope="session", autouse=True)
def _no_needless_work(django_test_environment: None) -> None:
    """What would be done again in each of some thousand tests, and proves nothing there."""
    settings.WHITENOISE_AUTOREFRESH = True  # else each test's first page begins with a walk through all static files
    page_context.only_of_pages()
    gc.freeze()  # what is imported stays: no collection need look at it
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(autouse=True)
def _downloads_are_closed(monkeypatch) -> Iterator[None]:
    """As a server closes what it has sent; the test's client does so only with what is read to its end."""
    downloads, ask = [], Client.request

    def request(self: Client, **asked):
        response = ask(self, **asked)
        if response.streaming:
            downloads.append(response)
        return response

    monkeypatch.setattr(Client, "request", request)
    yield
    request_finished.disconnect(close_old_connections)  # the test's own
    for response in downloads:
        response.close()
    request_finished.connect(close_old_connections)


@pytest.fixture(autouse=True)
def _no_registers(settings) -> None:
    """Nothing listens there: a test that asks the registers brings its own, and none reaches out of the machine."""
    settings.NSR_URL = settings.NBR_URL = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def bokmal() -> None:
    """A page in nynorsk leaves its thread in nynorsk."""
    translation.deactivate()


@pytest.fixture
def staff_without_factor(db) -> User:
    return make_user("uten.faktor@example.no", "Ulla Udir", is_staff=True, is_superuser=True)


@pytest.fixture
def staff(db) -> User:
    return make_user("stab@example.no", "Stine Stab", is_staff=True, is_superuser=True)


@pytest.fixture
def as_staff(client, staff) -> Client:
    """Signed in as staff, with the second factor used."""
    client.force_login(staff)
    session = client.session
    second_factor.remember(session, staff, kind="totp")
    session.save()
    return client


@pytest.fixture
def stranger(db) -> User:
    return make_user("fremmed@example.no", "Frem Med")


@pytest.fixture
def cohort(db) -> Cohort:
    today = timezone.localdate()
    year = today.year if today.month >= 8 else today.year - 1  # of the school year that today is in
    return Cohort.objects.create(
        number=9,
        first_year=year,
        starts_on=date(year, 9, 1),
        confirm_by=today + timedelta(days=30),
    )


@pytest.fixture
def participation(cohort, staff) -> Participation:
    now = timezone.now()
    return Participation.objects.create(
        cohort=cohort,
        municipality=Municipality.objects.get(number="5054"),
        nominated_at=now,
        nominated_by=staff,
        accepted_at=now,
        accepted_by=staff,
    )


@pytest.fixture
def other_participation(cohort, staff) -> Participation:
    now = timezone.now()
    return Participation.objects.create(
        cohort=cohort, municipality=Municipality.objects.get(number="4601"), accepted_at=now, accepted_by=staff
    )


@pytest.fixture
def units(participation) -> list[Unit]:
    names = [
        ("Fembøringen barnehage", "kindergarten", "974760673"),
        ("Leksvik barnehage", "kindergarten", "975315053"),
        ("Statsbygd skole", "school", "974764687"),
        ("Testmann minne skole", "school", "974762501"),
    ]
    made = [
        Unit(participation=participation, name=name, kind=kind, organisation_number=number)
        for name, kind, number in names
    ]
    return bulk_create_with_history(made, Unit)


@pytest.fixture
def contact(participation, units, staff) -> User:
    user = make_user("kari.kontakt@example.no", "Kari Kontakt")
    make_contact(participation, user, Contact.Function.OWNER, by=staff)
    return user


@pytest.fixture
def other_contact(other_participation, staff) -> User:
    user = make_user("birger.bergen@example.no", "Birger Bergen")
    make_contact(other_participation, user, Contact.Function.OWNER, by=staff)
    return user


@pytest.fixture
def head(participation, units, staff) -> User:
    user = make_user("hanne.styrer@example.no", "Hanne Styrer")
    make_contact(participation, user, Contact.Function.HEAD, unit=units[0], by=staff)
    return user


@pytest.fixture
def former_contact(participation, contact, staff) -> User:
    user = make_user("finn.forrige@example.no", "Finn Forrige")
    old = make_contact(participation, user, Contact.Function.SCHOOL_LEAD, by=staff)
    old.end(by=staff, now=timezone.now())
    return user


@pytest.fixture
def officer(participation) -> User:
    user = make_user("olav.embete@example.no", "Olav Embete")
    governor = participation.municipality.county.governor
    GovernorContact.objects.create(governor=governor, user=user, started_on=timezone.localdate())
    return user


@pytest.fixture
def other_officer(other_participation) -> User:
    user = make_user("vilde.vest@example.no", "Vilde Vest")
    governor = other_participation.municipality.county.governor
    GovernorContact.objects.create(governor=governor, user=user, started_on=timezone.localdate())
    return user


def make_supervisor(participation: Participation, user: User, *, leads: bool = False, **facts) -> GroupMember:
    """In the municipality's guidance group since today."""
    group, _made = GuidanceGroup.objects.get_or_create(participation=participation)
    facts = {"name": user.name, "employer": Supervisor.Employer.CENTRE} | facts
    person, _made = Supervisor.objects.get_or_create(user=user, defaults=facts)
    return GroupMember.objects.create(group=group, supervisor=person, leads=leads, started_on=timezone.localdate())


@pytest.fixture
def supervisor(participation) -> User:
    user = make_user("vera.veileder@example.no", "Vera Veileder")
    make_supervisor(participation, user, leads=True)
    return user


@pytest.fixture
def other_supervisor(other_participation) -> User:
    user = make_user("oddvar.veileder@example.no", "Oddvar Veileder")
    make_supervisor(other_participation, user, leads=True)
    return user


@pytest.fixture
def former_supervisor(participation) -> User:
    """Was in the group of the municipality, and has left it."""
    user = make_user("tora.tidligere@example.no", "Tora Tidligere")
    member = make_supervisor(participation, user)
    member.ended_on = timezone.localdate()
    member.save()
    return user


@pytest.fixture
def leader(db) -> User:
    """Læringsmiljøsenteret's project leader, who is not Udir's staff."""
    user = make_user("pia.prosjektleder@example.no", "Pia Prosjektleder")
    ProjectLeader.objects.create(user=user, name=user.name, started_on=timezone.localdate())
    return user


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    # A test server's threads give back their connections, or the test database could not be dropped.
    settings.DATABASES["default"]["CONN_MAX_AGE"] = 0
    with django_db_blocker.unblock():
        held = migrated.use()
    yield
    del held


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        migrated.keep()
        emptied.remember()


CHROMIUMS = ["chromium-headless-shell", "chromium", "chromium-browser"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """Chromium as the machine has it, quiet and without a sandbox of its own.

    The headless shell where there is one: it draws the same pages, and draws no window of its own around each.
    """
    # Playwright keeps an event loop in this thread, and Django would refuse to use the database beside it
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    quiet = ["--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--no-first-run"]
    return browser_type_launch_args | {
        "executable_path": next(filter(None, map(shutil.which, CHROMIUMS)), None),
        "args": ["--no-sandbox", "--disable-component-update", "--disable-sync", *quiet],
    }


@pytest.fixture
def browser(browser: Browser) -> Iterator[Browser]:
    """The one Chromium of all tests. Pages left open would be kept to the end, and go on asking the test server."""
    yield browser
    for context in browser.contexts:
        context.close()


@pytest.fixture
def site(settings, live_server) -> str:
    """The address of the portal for a browser. The test server finds no hashed names, so files keep their own."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    return live_server.url


@pytest.fixture(params=LANGUAGES)
def walk(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Walk]:
    """From page to page in each language; all that does not hold is told at the end."""
    found = Walk(browser, site, language=request.param)
    yield found
    found.end()
