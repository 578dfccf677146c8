"""What staff may is one rule: every page as staff without a role, who only look, with the role, and as superusers."""

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from accounts.authentication import second_factor
from accounts.models import User
from conftest import make_user
from lmp.colleagues.pages import NEEDED, OWN, is_own
from tests.access_lines import LINES, OPEN
from tests.test_access import outcome, visit
from tests.test_access import world as world  # noqa: PLC0414 – the fixture

# What the role doesn't give, and superusers have: letting others in, and out.
SUPERUSERS = {"colleagues:new", "colleagues:leave", "changes:replace_staff"}
# A draft is whose it is: here the superuser's.
ANOTHERS = {"writing:write", "writing:preview"}


@pytest.fixture
def walkers(world, staff) -> dict[str, str]:
    """The keys of the sessions of those who walk."""
    looks = Group.objects.create(name="Bare se")
    looks.permissions.set(Permission.objects.filter(codename__startswith="view_"))
    people = {
        "nothing": make_user("uten.rolle@example.no", "Uten Rolle", is_staff=True),
        "looks": make_user("bare.ser@example.no", "Bare Ser", is_staff=True),
        "role": make_user("med.rolle@example.no", "Med Rolle", is_staff=True),
        "superuser": staff,
    }
    people["looks"].groups.add(looks)
    people["role"].groups.add(Group.objects.get(name=settings.STAFF_GROUP))
    return {name: session_of(person) for name, person in people.items()}


def session_of(person: User) -> str:
    client = Client()
    client.force_login(person)
    session = client.session
    second_factor.remember(session, person, kind="totp")
    session.save()
    return session.session_key


def answers(walkers, world, method: str, name: str) -> dict[str, str]:
    url = reverse(name, kwargs={key: world.get(value, value) for key, value in LINES[name].kwargs.items()})
    found = {}
    for person in walkers:
        with visit(walkers, person) as client:
            found[person] = outcome(client.generic(method, url))
    return found


def test_every_page_is_named_once_and_every_right_exists(db):
    named = {name for name in LINES if not is_own(name)}
    assert named ^ set(NEEDED) == set()
    assert set(NEEDED) & OWN == set()
    asked = {code for needs in NEEDED.values() for code in needs.permissions(acts=True)}
    role = Group.objects.get(name=settings.STAFF_GROUP).permissions.select_related("content_type")
    assert asked - {f"{each.content_type.app_label}.{each.codename}" for each in role} == set()


@pytest.mark.parametrize("app", sorted({name.rpartition(":")[0] for name in NEEDED}))
@pytest.mark.parametrize(
    "method", [pytest.param("GET", marks=pytest.mark.any_database), pytest.param("POST", marks=pytest.mark.slow)]
)
def test_pages(subtests, walkers, world, app, method):
    for name in (name for name in NEEDED if name.rpartition(":")[0] == app):
        found = answers(walkers, world, method, name)
        needs, as_superuser = NEEDED[name], found["superuser"]
        sees = method == "GET" and not needs.is_a_form
        if method == "POST" and not needs.changes:
            continue  # it takes no POST
        with subtests.test(f"{method} {name}"):
            assert found["nothing"] == "403"
            assert found["looks"] == (as_superuser if sees else "403")
            assert found["role"] == ("404" if name in SUPERUSERS | ANOTHERS else as_superuser)


def test_the_first_page_tells_whoever_has_no_role_nothing(walkers, world, participation):
    for person, is_told in (("nothing", False), ("role", True)):
        with visit(walkers, person) as client:
            page = client.get(reverse("home"), follow=True).content.decode()
        assert ("Dagens arbeid" in page) is is_told
        assert (reverse("desk:cohort", args=[participation.cohort_id]) in page) is is_told


def test_a_page_that_nobody_has_thought_of_is_closed(walkers, world, monkeypatch):
    monkeypatch.delitem(NEEDED, "search:search")
    assert answers(walkers, world, "GET", "search:search")["role"] == "403"


def test_whatever_is_not_reading_is_acting(walkers, world):
    url = reverse("desk:message", args=[world["message"]])
    for person, wanted in (("looks", {403}), ("role", {302, 405})):
        with visit(walkers, person) as client:
            assert {client.generic(method, url).status_code for method in ("POST", "PUT", "DELETE")} == wanted


def test_open_pages_stay_open(walkers, world):
    for name in (name for name, line in LINES.items() if line.reads == OPEN):
        assert set(answers(walkers, world, "GET", name).values()) == {"works"}
