"""Run as a program on the portal's database: lays the world, and tells whether all that is there is whole.

python -m tests.faults.rows prepare
    gives the people's sessions, and the keys of the world
python -m tests.faults.rows whole KINDS NUMBER
    for each kind ("log,note") and number below NUMBER, how often it was made; and what is not whole
python -m tests.faults.rows waiting | sweep
    how many mails wait; and after a sweep
python -m tests.faults.rows crowd PEOPLE PLACES
    lays people with sessions and two gatherings beside the world; then, of a gathering, `standing` and `answers`
"""

import json
import sys
from collections import Counter
from datetime import timedelta

import django

django.setup()

from django.conf import settings  # noqa: E402 – after the setup
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db.models import Count  # noqa: E402 – after the setup
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.authentication import second_factor  # noqa: E402
from accounts.models import User  # noqa: E402
from conftest import make_contact, make_supervisor, make_user  # noqa: E402
from gatherings.models import Answer, Answered, Attendance, Gathering, Registration  # noqa: E402
from lmp.writing import tasks as writing_tasks  # noqa: E402
from lmp.writing.models import Writing  # noqa: E402
from outbox import tasks  # noqa: E402
from outbox.models import Message  # noqa: E402
from participants.models import Cohort, Confirmation, Contact, Municipality, Participation, Unit  # noqa: E402
from tests.faults.acts import ACTS, address, make_world, mark, receipts_of, with_a_place  # noqa: E402


def prepare() -> dict:
    now, today = timezone.now(), timezone.localdate()
    staff = make_user("stab@example.no", "Stine Stab", is_staff=True, is_superuser=True)
    year = today.year if today.month >= 8 else today.year - 1
    cohort = Cohort.objects.create(number=9, first_year=year, starts_on=today.replace(day=1), confirm_by=today)
    participation = Participation.objects.create(
        cohort=cohort,
        municipality=Municipality.objects.get(number="5054"),
        accepted_at=now,
        accepted_by=staff,
        welcomed_at=now,
        welcomed_by=staff,
    )
    unit = Unit.objects.create(
        participation=participation, name="Leksvik barnehage", kind="kindergarten", organisation_number="975315053"
    )
    people = {
        "contact": make_user("kari.kontakt@example.no", "Kari Kontakt"),
        "head": make_user("hanne.styrer@example.no", "Hanne Styrer"),
        "supervisor": make_user("vera.veileder@example.no", "Vera Veileder"),
        "staff": staff,
    }
    make_contact(participation, people["contact"], Contact.Function.OWNER, by=staff)
    make_contact(participation, people["head"], Contact.Function.HEAD, by=staff, unit=unit)
    make_supervisor(participation, people["supervisor"], leads=True)
    world = make_world(participation, people["contact"], unit, by=staff)
    sessions = {}
    for name, user in people.items():
        client = Client()
        client.force_login(user)
        session = client.session
        if user.is_staff:
            second_factor.remember(session, user, kind="totp")
            session.save()
        sessions[name] = session.session_key
    names = ("participation", "gathering", "registration", "unit", "publication")
    keys = {name: getattr(world, name).pk for name in names}
    turns = [[turn.participation.pk, turn.gathering.pk, turn.text.pk, turn.letter.pk] for turn in world.turns]
    return {"sessions": sessions, "keys": keys, "turns": turns}


def whole(kinds: str, number: str) -> dict:
    found = {
        kind: [ACTS[kind].made(mark(kind, each)).count() for each in range(1, int(number) + 1)]
        for kind in kinds.split(",")
    }
    return {"made": found, "wrong": _wrong()}


def _wrong() -> list[str]:
    """What is half: a fact without its mail, a mail without its fact, more in the places than there are."""
    writing_tasks.sweep()
    told = set(Message.objects.values_list("to", flat=True))
    newcomers = Registration.objects.filter(user__email__endswith="x@example.no")
    people = {each.user.email for each in newcomers.select_related("user")}
    people |= {each.user.email for each in Contact.objects.filter(user__email__endswith="x@example.no")}
    wrong = [f"no mail to {address}" for address in people - told]
    wrong += [f"a mail to {address}, who is nobody" for address in told - people if address.endswith("x@example.no")]
    twice = Registration.objects.active().values("gathering", "user").annotate(many=Count("pk")).filter(many__gt=1)
    for writing in Writing.objects.filter(ordered_at__isnull=False):
        mailed = Message.objects.filter(subject=writing.subject_nb).count()
        wrong += [] if mailed == 1 else [f"{writing}: {mailed} mails"]
    wrong += [
        f"{each}: no receipt"
        for each in Confirmation.objects.exclude(answered_at=None)
        if not receipts_of(each.comment)
    ]
    wrong += [f"registered twice: {row}" for row in twice]
    for gathering in Gathering.objects.exclude(capacity=None):
        placed = sum(each.state == "placed" for each in gathering.registrations.all())
        if placed > (gathering.capacity or 0):
            wrong.append(f"{placed} in {gathering.capacity} places")
    return wrong


def waiting() -> int:
    return Message.objects.filter(sent_at=None).count()


def crowd(people: str, places: str) -> dict:
    """People of many municipalities, ten of each; a gathering that is open, and one held, where all of them were."""
    now, today, count = timezone.now(), timezone.localdate(), int(people)
    staff = User.objects.get(email="stab@example.no")
    cohort = Cohort.objects.get(number=9)
    municipalities = Municipality.objects.exclude(participations__cohort=cohort).order_by("number")
    facts = {"cohort": cohort, "settled": Gathering.Settled.FIXED}
    opens = Gathering.objects.create(
        **facts,
        kind=Gathering.Kind.GATHERING,
        semester=1,
        starts_on=today + timedelta(days=20),
        opens_on=today,
        closes_on=today + timedelta(days=10),
        capacity=int(places),
    )
    held = Gathering.objects.create(
        **facts,
        kind=Gathering.Kind.GATHERING,
        semester=2,
        starts_on=today,
        opens_on=today - timedelta(days=30),
        closes_on=today - timedelta(days=10),
    )
    sessions = []
    for start in range(0, count, 10):
        participation = Participation.objects.create(
            cohort=cohort,
            municipality=municipalities[0],
            accepted_at=now,
            accepted_by=staff,
            welcomed_at=now,
            welcomed_by=staff,
        )
        for number in range(start, min(start + 10, count)):
            user = make_user(address(f"p{number}"), f"Person {number}")
            make_contact(participation, user, Contact.Function.OWNER, by=staff)
            registration = with_a_place(user, held, participation, now=now)
            Attendance.objects.create(registration=registration, day=today, marked_at=now, marked_by=staff)
            session = SessionStore()
            session["_auth_user_id"], session["_auth_user_hash"] = str(user.pk), user.get_session_auth_hash()
            session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
            session.save()
            sessions.append(session.session_key)
    return {"opens": opens.pk, "held": held.pk, "sessions": sessions}


def standing(gathering: str) -> dict:
    """Who has a place and who waits, and what was mailed of it."""
    states = Counter(each.state for each in Registration.objects.filter(gathering=gathering))
    told = Message.objects.filter(text_name__startswith="gatherings.").values_list("to", flat=True)
    return {"placed": states["placed"], "waiting": states["waiting"], "mails": len(told), "told": len(set(told))}


def answers(gathering: str) -> list[int]:
    return [model.objects.filter(gathering=gathering).count() for model in (Answer, Answered)]


def sweep() -> int:
    """What beat asks of a worker each minute."""
    tasks.sweep()
    return waiting()


if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    acts = {act.__name__: act for act in (prepare, whole, waiting, sweep, crowd, standing, answers)}
    print(json.dumps(acts[name](*arguments)))
