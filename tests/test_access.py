"""Walks every address of the portal with every kind of person, GET and POST, and fails for one without a line."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from accounts.authentication import second_factor
from gatherings.models import Answer, Attendance, Document, Feed, Gathering, LateRequest, NobodyComes, Registration
from guidance.models import FollowUp, GuidanceSession, Handover, Leave, Measure, PulseAnswer
from lmp.changes.models import Succession
from lmp.desk.models import Note
from lmp.mailcalendar import pausing
from lmp.seeing.models import Viewing
from lmp.sharing.tests.conftest import a_file, a_publication
from lmp.writing import sending
from lmp.writing.tests.conftest import a_draft
from outbox.models import Message
from participants.confirmation import asking
from participants.models import Contact, ProjectGroup
from tests.access_lines import ADMIN_MODELS, ADMIN_PAGES, ALL, LINES, OPEN, OWN_ACCOUNT, SECOND_FACTOR, Line

SIGNED_IN = [
    "contact",
    "other_contact",
    "head",
    "former_contact",
    "officer",
    "other_officer",
    "supervisor",
    "other_supervisor",
    "former_supervisor",
    "leader",
    "stranger",
    "staff",
]
PEOPLE = [*SIGNED_IN, "staff_without_factor", "nobody"]


def patterns(found, namespace=""):
    """(name with its namespaces, pattern) of each address, the admin's included."""
    for pattern in found:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", pattern
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from patterns(pattern.url_patterns, inner)


ADDRESSES = list(patterns(get_resolver().url_patterns))
ADMIN = sorted({name for name, _pattern in ADDRESSES if name.startswith("admin:")} - {"admin:None"})
MODEL_PAGE = re.compile(
    rf"admin:({'|'.join(sorted(ADMIN_MODELS))})_(changelist|add|history|delete|change|simple_history)"
)


def test_every_address_has_a_line():
    named = {name for name, _pattern in ADDRESSES if not name.endswith("None")}
    known = {*LINES, *OWN_ACCOUNT, *SECOND_FACTOR, *(f"admin:{page}" for page in ADMIN_PAGES)}
    assert {name for name in named - known if not MODEL_PAGE.fullmatch(name)} == set()


def test_every_line_has_an_address():
    named = {name for name, _pattern in ADDRESSES}
    assert {*LINES, *OWN_ACCOUNT, *SECOND_FACTOR, *(f"admin:{page}" for page in ADMIN_PAGES)} - named == set()


@pytest.fixture
def world(request, participation, units, contact, staff) -> dict[str, int | str]:
    """The cast, and the rows the addresses point at: answered once, and asked again."""
    for person in PEOPLE[:-1]:
        request.getfixturevalue(person)
    staff.groups.add(Group.objects.get(name=settings.SEE_AS_GROUP))
    now = timezone.now()
    participation.welcome(by=staff, now=now)
    first = asking.ask(participation, due_on=timezone.localdate(now), by=staff, now=now)
    first.answer(snapshot={}, changes=[], comment="-", by=contact, now=now)
    asking.ask(participation, due_on=timezone.localdate(now), by=staff, now=now)
    own = Contact.objects.get(user=contact)
    closed = closed_gathering(participation.cohort, now)
    head = request.getfixturevalue("head")
    own_registration = registered(open_gathering(participation.cohort, now), participation, contact, None, now=now)
    attended = registered(held_gathering(participation.cohort, now), participation, head, units[0], now=now)
    attended.decide_reimbursement(reimbursement="covered", reason="-", by=staff, now=now)
    Attendance.objects.create(registration=attended, day=timezone.localdate(now), marked_at=now, marked_by=staff)
    agreed = Succession.objects.create(
        contact=own, successor=staff, name=staff.name, starts_on=closed.starts_on, agreed_at=now, agreed_by=staff
    )
    return {
        "succession": agreed.pk,
        "project_leader": request.getfixturevalue("leader").project_leader.pk,
        "employee": staff.pk,
        "member": participation.guidance_group.members.current()[0].pk,
        "participation": participation.pk,
        "municipality": participation.municipality_id,
        "office": participation.municipality.county.governor_id,
        "office_person": request.getfixturevalue("officer").governor_contacts.get().pk,
        "unit": units[0].pk,
        "own_contact": own.pk,
        "person": head.pk,
        "gathering": own_registration.gathering_id,
        "registration": own_registration.pk,
        "closed_gathering": closed.pk,
        "nobody_comes": nobody_comes(closed, units[0], by=head, now=now).pk,
        "held_gathering": attended.gathering_id,
        "attended": attended.pk,
        "document": a_document(closed, by=staff, now=now).pk,
        "feed": Feed.objects.open_for(contact, now=now).token,
        **a_mail(contact, now=now),
        **written(participation, by=staff, now=now),
        **shared(participation, by=staff),
        "cohort": participation.cohort_id,
        "message": first.pk,
        "viewing": Viewing.begin(head, reason="-", by=staff, now=now).pk,
        "mail_pause": pausing.pause(
            participation, rule="guidance.measures", reason="-", begins_at=now, ends_at=None, by=staff, now=now
        ).pk,
        "staff_note": Note.objects.create(participation=participation, text="-", noted_at=now, noted_by=staff).pk,
        "kept_supervisor": request.getfixturevalue("supervisor").supervisor.pk,
        "leave": Leave.objects.create(
            supervisor=request.getfixturevalue("supervisor").supervisor, first_on=timezone.localdate(now)
        ).pk,
        "measure": a_measure(units[0], by=head, now=now).pk,
        **what_can_be_struck(request, participation, units, first, closed, attended.gathering, now=now),
        "session_change": a_cancelled_session(participation, units, request.getfixturevalue("supervisor"), now=now)
        .changes.get()
        .pk,
        "planned_session": a_session(participation, units, request.getfixturevalue("supervisor"), now=now).pk,
        "held_session": a_held_session(participation, units, request.getfixturevalue("supervisor"), now=now).pk,
    }


def a_mail(to, *, now) -> dict[str, int]:
    """To this person alone, with a file."""
    facts = {"to": to.email, "recipient": to, "subject": "-", "created_at": now, "next_attempt_at": now}
    mail = Message.objects.create(key="own", message_id="own", **facts)
    file = mail.attachments.create(name="brev.pdf", content_type="application/pdf", content=b"-")
    return {"own_mail": mail.pk, "own_file": file.pk}


def written(participation, *, by, now) -> dict[str, int]:
    """A draft of this person's, and one that is sent."""
    sent = a_draft(participation, by=by)
    sending.order(sent.pk, seen=sent.fingerprint, by=by, now=now)
    return {"written": sent.pk, "draft": a_draft(participation, by=by).pk}


def shared(participation, *, by) -> dict[str, int]:
    """With the whole pulje, and a draft."""
    publication = a_publication(participation.cohort, by=by)
    file = a_file(publication, by=by)
    return {
        "publication": publication.pk,
        "unpublished": a_publication(participation.cohort, is_draft=True, by=by).pk,
        "shared_file": file.pk,
        "file_version": file.versions.get().pk,
    }


def what_can_be_struck(request, participation, units, confirmation, closed, held, *, now) -> dict[str, int | str]:
    """A text of each kind, by the person who may be thought to have written it."""
    people = {name: request.getfixturevalue(name) for name in ("supervisor", "former_supervisor", "leader", "contact")}
    members = participation.guidance_group.members
    handover = Handover.objects.create(
        ended=members.get(supervisor__user=people["former_supervisor"]),
        started=members.get(supervisor__user=people["supervisor"]),
        note="-",
        handed_over_at=now,
        handed_over_by=people["leader"],
    )
    log = a_held_session(participation, units, people["supervisor"], now=now)
    correction = log.correct(
        facts={"worked_on": "+"}, units=units[:1], supervisors=[], by=people["supervisor"], now=now
    )
    group = ProjectGroup.objects.create(unit=units[0], updated_at=now)
    group.members.create(name="+", part="staff").delete()
    asked = {"participation": participation, "text": "-", "asked_at": now, "asked_by": people["contact"]}
    return {
        "handover": handover.pk,
        "pulse_answer": PulseAnswer.objects.create(group=participation.guidance_group, use=3, line="-").pk,
        "follow_up": FollowUp.note_down(
            participation=participation, kind="silent", seen=[], note="-", weeks=2, by=people["leader"], now=now
        ).pk,
        "correction": correction.pk,
        "former_member": group.former_members()[0].pk,
        "group_member": group.members.create(name="-", part="staff").pk,
        "confirmation": confirmation.pk,
        "late_request": LateRequest.objects.create(gathering=closed, **asked).pk,
        "evaluation_answer": Answer.objects.create(
            gathering=held, useful=1, concrete=1, involved=1, arranged=1, comment="-"
        ).pk,
    }


def a_session(participation, units, supervisor, *, now) -> GuidanceSession:
    return GuidanceSession.plan(
        group=participation.guidance_group,
        held_on=timezone.localdate(now),
        starts_at=None,
        format="visit",
        units=units[:1],
        supervisors=[supervisor.supervisor],
        by=supervisor,
        now=now,
    )


def a_cancelled_session(participation, units, supervisor, *, now) -> GuidanceSession:
    session = a_session(participation, units, supervisor, now=now)
    session.cancel(by=supervisor, now=now, reason="-")
    return session


def a_held_session(participation, units, supervisor, *, now) -> GuidanceSession:
    """Of the head's unit."""
    session = a_session(participation, units, supervisor, now=now)
    session.submit(
        token=uuid.uuid4(),
        facts={"minutes": 60, "themes": ["bullying"], "worked_on": "-", "agreed": "-"},
        units=units[:1],
        supervisors=[supervisor.supervisor],
        by=supervisor,
        now=now,
    )
    return session


def nobody_comes(gathering, unit, *, by, now) -> NobodyComes:
    facts = {"participation": unit.participation, "unit": unit, "note": "-", "answered_at": now, "answered_by": by}
    return NobodyComes.objects.create(gathering=gathering, **facts)


def open_gathering(cohort, now) -> Gathering:
    today = timezone.localdate(now)
    return Gathering.objects.create(
        cohort=cohort, semester=1, starts_on=today, settled="fixed", opens_on=today, closes_on=today
    )


def closed_gathering(cohort, now) -> Gathering:
    """Its registration has closed, and it is still to come."""
    today = timezone.localdate(now)
    return Gathering.objects.create(
        cohort=cohort,
        semester=4,
        settled="fixed",
        starts_on=today + timedelta(days=9),
        opens_on=today - timedelta(days=9),
        closes_on=today - timedelta(days=1),
    )


def held_gathering(cohort, now) -> Gathering:
    """Its last day is today."""
    return Gathering.objects.create(cohort=cohort, semester=2, starts_on=timezone.localdate(now), settled="fixed")


def registered(gathering, participation, person, unit, *, now) -> Registration:
    facts = {"name": person.name, "function": "head" if unit else "owner", "travel": "none"}
    times = {"registered_at": now, "registered_by": person, "placed_at": now}
    return Registration.objects.create(
        gathering=gathering, participation=participation, unit=unit, user=person, **facts, **times
    )


def a_document(gathering, *, by, now) -> Document:
    facts = {"name": "program.pdf", "content": b"%PDF-", "content_type": "application/pdf", "size": 5}
    return Document.objects.create(gathering=gathering, title="Program", uploaded_at=now, uploaded_by=by, **facts)


def a_measure(unit, *, by, now) -> Measure:
    today = timezone.localdate(now)
    texts = {"what": "Tiltak", "why": "Kunnskap", "who": "Rektor"}
    facts = texts | {"sub_goal": 4, "starts_on": today, "ends_on": today}
    return Measure.open(unit=unit, facts=facts, token=uuid.uuid4(), opened_in=None, by=by, now=now)


@pytest.fixture
def sessions(request, world) -> dict[str, str]:
    """The key of the session that each person is signed in with."""
    keys = {}
    for person in PEOPLE[:-1]:
        client, user = Client(), request.getfixturevalue(person)
        client.force_login(user)
        session = client.session
        if person == "staff":
            second_factor.remember(session, user, kind="totp")
            session.save()
        keys[person] = session.session_key
    return keys


@contextmanager
def visit(sessions: dict[str, str], person: str) -> Iterator[Client]:
    """A browser of this person's; what is done in it is undone."""
    client = Client()
    if person in sessions:
        client.cookies["sessionid"] = sessions[person]
    with transaction.atomic():
        yield client
        transaction.set_rollback(True)


def outcome(response) -> str:
    """What happened, in a word."""
    if response.status_code == 302:
        for word, page in [
            ("sign in", "account_login"),
            ("sign in", "admin:login"),
            ("second factor", "mfa_activate_totp"),
        ]:
            if response.url.startswith(reverse(page)):
                return word
    if response.status_code in {404, 405, 403}:
        return str(response.status_code)
    assert response.status_code < 500
    assert_language_button_has_its_form(response)
    return "works"


def assert_language_button_has_its_form(response: HttpResponse) -> None:
    """A button that belongs to a form which is not on the page does nothing; two forms of one name share it."""
    if response.streaming or not response["Content-Type"].startswith("text/html"):
        return
    html = response.content.decode()
    assert html.count('id="page-form"') == (1 if 'form="page-form"' in html else 0), response.request["PATH_INFO"]


def expected(line: Line, person: str, method: str) -> str:
    allowed = line.reads if method == "GET" else line.sends
    if line.reads == OPEN:
        return "works" if allowed == OPEN else "405"
    if person == "nobody":
        return "sign in"
    if person == "staff_without_factor":
        return "second factor"
    if allowed is None:
        return "405"
    return "works" if allowed == ALL or person in allowed else "404"


# A set of pages for each process to walk: all of them in one test would take one process half a minute.
@pytest.mark.parametrize("app", sorted({name.rpartition(":")[0] for name in LINES}))
# Each address is opened and posted to on PostgreSQL too, by tests/hostile.
@pytest.mark.parametrize(
    "method",
    [
        pytest.param("GET", marks=[pytest.mark.fast, pytest.mark.any_database]),
        pytest.param("POST", marks=pytest.mark.slow),
    ],
)
def test_pages(subtests, sessions, world, app, method):
    for name in (name for name in LINES if name.rpartition(":")[0] == app):
        line = LINES[name]
        url = reverse(name, kwargs={key: world.get(value, value) for key, value in line.kwargs.items()})
        found = {}
        for person in PEOPLE:
            with visit(sessions, person) as client:
                found[person] = outcome(client.generic(method, url))
        with subtests.test(name):
            assert found == {person: expected(line, person, method) for person in PEOPLE}


def admin_url(name: str, pk: int) -> str:
    if name == "admin:app_list":
        return reverse(name, kwargs={"app_label": "participants"})
    if name.endswith("simple_history"):
        return reverse(name, args=[pk, 1])
    pattern = next(pattern for found, pattern in ADDRESSES if found == name)
    return reverse(name, kwargs=dict.fromkeys(pattern.pattern.converters, pk))


@pytest.mark.slow  # who is refused asks the database for no more than who they are
@pytest.mark.parametrize("one_in", [3, pytest.param(1, marks=pytest.mark.nightly)])
def test_only_staff_get_into_the_admin(subtests, sessions, world, one_in):
    """Each address by a third of the people, and by another third the next: one rule refuses, whatever they ask."""
    lead_out = {"admin:login", "admin:logout"}  # whoever comes
    names = [name for name in ADMIN if name not in lead_out]
    for number, person in enumerate(person for person in PEOPLE if person != "staff"):
        with subtests.test(person), visit(sessions, person) as client:
            for name in names[number % one_in :: one_in]:
                for method in ("GET", "POST"):
                    found = outcome(client.generic(method, admin_url(name, world["participation"])))
                    assert found in {"sign in", "second factor", "403", "404"}, (name, method)


@pytest.mark.any_database
def test_staff_get_into_the_admin(sessions, world):
    """The control: the same walk, and the lists and forms open."""
    opened = 0
    with visit(sessions, "staff") as client:
        for name in ADMIN:
            if name in {"admin:login", "admin:logout"}:
                continue
            found = outcome(client.get(admin_url(name, world["participation"])))
            assert found in {"works", "403", "404", "405"}, name
            opened += found == "works"
            if name.endswith("_changelist"):
                assert found == "works", name
            assert outcome(client.post(admin_url(name, world["participation"]))) in {"works", "403", "404", "405"}, name
    assert opened > len(ADMIN_MODELS)


@pytest.mark.any_database
@pytest.mark.parametrize("name", sorted(SECOND_FACTOR))
def test_second_factor_pages_ask_for_sign_in(client, db, name):
    pattern = next(pattern for found, pattern in ADDRESSES if found == name)
    url = reverse(name, kwargs=dict.fromkeys(pattern.pattern.converters, 1))
    if name != "mfa_authenticate":  # the step of a sign-in that has begun; without one it goes back to the start
        assert outcome(client.get(url)) == "sign in"
    assert client.get(url).status_code == 302
