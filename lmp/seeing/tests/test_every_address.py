"""«Se som» changes nothing and shows nothing that staff may not see: every address, with every method, as everybody."""

import uuid
from contextlib import nullcontext

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import mails
from accounts.authentication import second_factor
from accounts.models import User
from gatherings.models import Feed, Needs, Registration
from gatherings.models.feed import PURPOSE, digest_of
from guidance.models import GuidanceSession, Handover, LogDraft, SessionChange
from lmp.seeing.models import Viewing
from lmp.seeing.pages import SHOWN, WHY_HIDDEN, is_shown, why_hidden
from lmp.seeing.request import middleware
from participants.models import Confirmation, Draft
from parts import sealing
from tests.access_lines import ALL, LINES, OPEN, OWN_ACCOUNT, SECOND_FACTOR
from tests.test_access import ADDRESSES, ADMIN, SIGNED_IN, admin_url
from tests.test_access import world as world  # noqa: PLC0414 – the fixture

SEEN = ["contact", "leader"]
# Who see the same pages of another place, or some of them: on one database, and by day each at a third of them.
OTHERS = [person for person in SIGNED_IN if person not in {*SEEN, "staff"}]
WALKS = [
    *(pytest.param(person, slice(None), id=person) for person in SEEN),
    *(
        pytest.param(person, slice(number % 3, None, 3), id=f"{person}-a-third", marks=pytest.mark.slow)
        for number, person in enumerate(OTHERS)
    ),
    *(pytest.param(person, slice(None), id=person, marks=[pytest.mark.slow, pytest.mark.nightly]) for person in OTHERS),
]
BANNER = "Du ser portalen som "
# What the one who sees leaves behind, and nothing else may.
OWN_TABLES = {"seeing_viewing", "seeing_viewedpage", "django_session", "accounts_privatereading"}
SECRET = "HEMMELIG"


@pytest.fixture
def filled(world, participation, units, contact, head, supervisor, staff) -> dict[str, int | str]:
    """With something to hide wherever there can be."""
    now = timezone.now()
    for registration in Registration.objects.all():
        Needs.objects.create(registration=registration, food=f"{SECRET} mat", access=f"{SECRET} hjelp", saved_at=now)
    written = {"worked_on": f"{SECRET} arbeid", "agreed": f"{SECRET} avtalt"}
    written |= {"place": f"{SECRET} sted", "video_link": f"https://{SECRET}.example.no/"}
    GuidanceSession.objects.update(**written)
    for session in GuidanceSession.objects.all():
        session.corrections.update(before={"worked_on": f"{SECRET} før"})
    SessionChange.objects.update(reason=f"{SECRET} grunn")
    Handover.objects.update(note=f"{SECRET} notat")
    draft = {"worked_on": [f"{SECRET} utkast"]}
    LogDraft.objects.create(user=supervisor, group=participation.guidance_group, data=draft, saved_at=now)
    asked = Confirmation.objects.get(answered_at__isnull=True)
    Draft.objects.create(
        confirmation=asked, user=contact, data={"comment": f"{SECRET} svar"}, base={"comment": ""}, saved_at=now
    )
    secret = {"digest": digest_of(SECRET * 4), "sealed": sealing.seal(SECRET * 4, purpose=PURPOSE)}
    Feed.objects.filter(user=contact).update(**secret)
    mails.send_code(contact.email, f"{SECRET}-1234", now=now)
    for person in (contact, head, supervisor):
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": SECRET})
    return world


def seen_as(person: User, staff: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(staff)
    session = client.session
    second_factor.remember(session, staff, kind="totp")
    session.save()
    client.post(reverse("seeing:begin", args=[person.pk]), {"reason": "-"})
    assert BANNER in client.get("/").content.decode()
    return client


def own_addresses(world) -> dict[str, str]:
    """The portal's own, by name."""
    found = {}
    for name, line in LINES.items():
        found[name] = reverse(name, kwargs={key: world.get(value, value) for key, value in line.kwargs.items()})
    # These two begin and end it, and are tried where that is tested.
    return {name: url for name, url in found.items() if name not in ("seeing:begin", "seeing:end")}


def other_addresses(world) -> dict[str, str]:
    """Signing in, the second factor, and the administration."""
    found = {}
    for name in (OWN_ACCOUNT | SECOND_FACTOR) - {"account_logout"}:
        pattern = next(pattern for each, pattern in ADDRESSES if each == name)
        found[name] = reverse(name, kwargs=dict.fromkeys(pattern.pattern.converters, 1))
    return found | {name: admin_url(name, world["participation"]) for name in ADMIN}


def dump() -> dict[str, list]:
    """Every row of every table."""
    found = {}
    with connection.cursor() as cursor:
        for table in set(connection.introspection.table_names()) - OWN_TABLES:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = sorted(repr(list(map(as_it_is, row))) for row in cursor.fetchall())
    return found


def as_it_is(value: object) -> object:
    """What PostgreSQL gives of a file is a view, which is another each time."""
    return bytes(value) if isinstance(value, memoryview) else value


def changed(before: dict[str, list]) -> set[str]:
    after = dump()
    return {table for table in before if before[table] != after[table]}


def faults(client: Client, name: str, url: str, method: str) -> list[tuple]:
    """What is wrong with the answer, in a few words."""
    answer = client.generic(method, url)
    said = b"".join(answer) if answer.streaming else answer.content
    is_page = answer.get("Content-Type", "").startswith("text/html") and bool(said)
    is_sent = method not in ("GET", "HEAD")
    found = {
        "a secret": SECRET.encode() in said,
        "no banner": is_page and BANNER.encode() not in said,
        "stores something": is_page and b"Siden lagrer noe" in said,
        "may be kept": answer.status_code != 302 and "no-store" not in answer.get("Cache-Control", ""),
        "fails": answer.status_code >= 500,
        "gets through": is_sent and answer.status_code != 403,
    }
    return [(name, method, answer.status_code, fault) for fault, is_so in found.items() if is_so]


@pytest.mark.parametrize(("person", "asked"), WALKS)
def test_nothing_changes_and_nothing_secret_is_shown(request, filled, staff, person, asked):
    client = seen_as(request.getfixturevalue(person), staff)
    before, wrong = dump(), []
    for name, url in list(own_addresses(filled).items())[asked]:
        for method in ("GET", "POST"):
            wrong += faults(client, name, url, method)
    assert wrong == []
    assert changed(before) == set()
    assert Viewing.objects.filter(ended_at__isnull=True).exists()


def test_nor_by_signing_in_or_in_the_administration(filled, contact, staff):
    client = seen_as(contact, staff)
    before, wrong = dump(), []
    for name, url in other_addresses(filled).items():
        for method in ("GET", "POST"):
            wrong += faults(client, name, url, method)
    assert wrong == []
    assert changed(before) == set()


@pytest.mark.slow
def test_no_other_method_gets_through(filled, contact, staff):
    client = seen_as(contact, staff)
    before, wrong = dump(), []
    for name, url in own_addresses(filled).items():
        for method in ("HEAD", "PUT", "PATCH", "DELETE"):
            wrong += faults(client, name, url, method)
    assert wrong == []
    assert changed(before) == set()


def test_the_walk_can_fail(filled, contact, staff, monkeypatch):
    """With the lock off and what is sent let through, what it looks at changes."""
    monkeypatch.setattr(middleware, "read_only", nullcontext)
    monkeypatch.setattr(middleware, "ASKS", ("GET", "HEAD", "POST"))
    client = seen_as(contact, staff)
    before = dump()
    for name, url in own_addresses(filled).items():
        if name in SHOWN:
            client.post(url, {"ordered": "yes", "food": "-", "token": str(uuid.uuid4())})
    assert {"gatherings_registration", "outbox_message"} <= changed(before)


def test_the_lock_holds_alone(filled, contact, staff, monkeypatch):
    """What is sent reaches the pages, and the database stays as it is."""
    monkeypatch.setattr(middleware, "ASKS", ("GET", "HEAD", "POST"))
    client = seen_as(contact, staff)
    before = dump()
    refused = 0
    for name, url in own_addresses(filled).items():
        if name in SHOWN:
            refused += "Siden lagrer noe" in client.post(url, {"ordered": "yes"}).text
    assert refused > 1
    assert changed(before) == set()


@pytest.mark.parametrize(
    ("person", "name", "hidden"),
    [
        (
            "contact",
            "guidance:session",
            "Sted, hvem som er med, og det som er skrevet om møtet: vises ikke i «Se som».",
        ),
        ("supervisor", "guidance:session", "det som er skrevet om møtet: vises ikke i «Se som»."),
        ("supervisor", "guidance:supervisor", "Notatet fra den som hadde kommunen før: vises ikke i «Se som»."),
        ("contact", "participants:confirm", "Det som er skrevet i utkastet: vises ikke i «Se som»."),
        ("contact", "home", "det dere ble enige om sist: vises ikke i «Se som»."),
        ("head", "gatherings:needs", "Behov for mat og tilrettelegging ser bare personen selv."),
        ("supervisor", "guidance:log", "Det som skrives om veiledningsmøtene, leser bare"),
        ("contact", "gatherings:feed", "Adressen til kalenderen er hemmelig."),
        ("contact", "accounts:me", "ser bare personen selv."),
        ("contact", "mfa_index", "ser bare personen selv."),
        ("contact", "admin:index", "Siden er ikke en av dem som vises i «Se som»."),
    ],
)
def test_what_is_hidden_says_so(request, filled, staff, person, name, hidden):
    client = seen_as(request.getfixturevalue(person), staff)
    assert hidden in " ".join(client.get((own_addresses(filled) | other_addresses(filled))[name]).text.split())


@pytest.mark.parametrize(
    ("person", "name", "text"),
    [
        ("head", "gatherings:needs", "mat"),
        ("supervisor", "guidance:session", "arbeid"),
        ("contact", "guidance:session", "avtalt"),
        ("contact", "home", "avtalt"),
        ("supervisor", "guidance:supervisor", "notat"),
        ("contact", "participants:confirm", "svar"),
    ],
)
def test_the_person_themselves_sees_it(client, request, filled, person, name, text):
    """The control: it is on the page."""
    client.force_login(request.getfixturevalue(person))
    assert f"{SECRET} {text}" in client.get((own_addresses(filled) | other_addresses(filled))[name]).text


def test_every_page_of_theirs_is_thought_of():
    """A new one is shown, or has its reason; until then it says that it isn't shown."""
    theirs = {name for name, line in LINES.items() if line.reads in (ALL, OPEN) or set(line.reads) - {"staff"}}
    thought_of = {name for name in theirs if is_shown(name) or name in WHY_HIDDEN or name.startswith("removing:")}
    assert theirs - thought_of == set()


def test_no_page_of_the_staff_is_shown():
    staffs = {name for name, line in LINES.items() if line.reads == frozenset({"staff"})}
    assert staffs & SHOWN == set()
    assert SHOWN - LINES.keys() == set()
    assert SHOWN & WHY_HIDDEN.keys() == set()
    assert why_hidden("a:new_page").startswith("Siden er ikke en av dem")
