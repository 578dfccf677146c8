"""Run as a program beside the server, on its database: makes the rows and sessions of a test, or tells how they stand.

python -m tests.at_once.rows prepare PEOPLE GATHERINGS CAPACITY PLACED
    gives the people's sessions, the gatherings, and at each the registrations of the first PLACED people
python -m tests.at_once.rows states
    gives the states at each gathering, in the order of the list
"""

import json
import sys
from datetime import datetime, timedelta

import django

django.setup()

from django.test import Client  # noqa: E402 – after the setup
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from gatherings import places  # noqa: E402
from gatherings.models import Gathering  # noqa: E402
from gatherings.places import Entry  # noqa: E402
from participants.models import Cohort, Contact, Municipality, Participation  # noqa: E402


def prepare(people: int, gatherings: int, capacity: int, placed: int) -> dict:
    now, today = timezone.now(), timezone.localdate()
    cohort = Cohort.objects.create(number=9, first_year=today.year, starts_on=today, confirm_by=today)
    staff = User.objects.create_user("stab@example.no", name="Stine Stab", is_staff=True)
    participation = Participation.objects.create(
        cohort=cohort,
        municipality=Municipality.objects.get(number="5054"),
        accepted_at=now,
        accepted_by=staff,
        welcomed_at=now,
        welcomed_by=staff,
    )
    users = [
        User.objects.create_user(f"person.{number}@example.no", name=f"Person {number}") for number in range(people)
    ]
    for user in users:
        participation.add_contact(
            function=Contact.Function.OWNER, unit=None, email=user.email, name=user.name, by=staff, now=now
        )
    made = [
        Gathering.objects.create(
            cohort=cohort,
            kind=Gathering.Kind.KICK_OFF,
            settled=Gathering.Settled.FIXED,
            starts_on=today + timedelta(days=20),
            opens_on=today,
            closes_on=today + timedelta(days=10),
            capacity=capacity,
        )
        for _number in range(gatherings)
    ]
    return {
        "sessions": [_session(user) for user in users],
        "place": f"k{participation.pk}",
        "gatherings": [gathering.pk for gathering in made],
        "placed": [_place(gathering, participation, users[:placed], now) for gathering in made],
    }


def _session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def _place(gathering: Gathering, participation: Participation, users: list[User], now: datetime) -> list[int]:
    days = [day.isoformat() for day in gathering.days]
    entries = [Entry(user.name, user.email, Contact.Function.OWNER, None, days, [], "none") for user in users]
    by = participation.welcomed_by
    return [made.pk for made in places.register(gathering, entries, participation=participation, by=by, now=now)]


def states() -> list:
    return [
        [row.state for row in gathering.registrations.order_by("pk")] for gathering in Gathering.objects.order_by("pk")
    ]


if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    print(json.dumps({"prepare": prepare, "states": states}[name](*map(int, arguments))))
