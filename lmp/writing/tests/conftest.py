"""Two municipalities that have not confirmed, one of them in nynorsk, and staff who write to them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from conftest import make_contact, make_user
from guidance.tests.conftest import sign_in
from lmp.writing.choosing import ticks
from lmp.writing.choosing.filter import HandedOver, PeopleFilter
from lmp.writing.choosing.people import find
from lmp.writing.models import Writing
from participants.confirmation import asking
from participants.models import Contact, Municipality, Participation


@pytest.fixture
def staff_client(client, staff) -> Client:
    return sign_in(client, staff)


@pytest.fixture
def asked(participation, contact, staff) -> Participation:
    """Asked a fortnight ago, with a deadline that is over."""
    now = timezone.now()
    participation.welcome(by=staff, now=now - timedelta(days=14))
    due = timezone.localdate(now) - timedelta(days=2)
    asking.ask(participation, due_on=due, by=staff, now=now - timedelta(days=14))
    return participation


@pytest.fixture
def in_nynorsk(cohort, staff) -> Participation:
    """Also asked, and addressed in nynorsk."""
    now, municipality = timezone.now(), Municipality.objects.filter(language="nn").order_by("number")[0]
    made = Participation.objects.create(cohort=cohort, municipality=municipality, accepted_at=now, accepted_by=staff)
    make_contact(made, make_user("nina.nynorsk@example.no", "Nina Nynorsk"), Contact.Function.OWNER, by=staff)
    made.welcome(by=staff, now=now - timedelta(days=14))
    asking.ask(made, due_on=timezone.localdate(now) + timedelta(days=9), by=staff, now=now - timedelta(days=14))
    return made


def a_draft(*participations: Participation, by: User, kind: str = "message", **facts) -> Writing:
    """To all who answer for these, and in order."""
    now = timezone.now()
    draft = ticks.begin(kind=kind, by=by, now=now)
    handed = HandedOver([each.pk for each in participations])
    people = find(PeopleFilter({"funksjon": "answers"}), handed, today=timezone.localdate(now))
    ticks.add_all(draft, people, now=now)
    wording = {
        "subject_nb": "Om {kommune}",
        "body_nb": "Hei, {navn}\n\nDette gjelder {pulje}.",
        "subject_nn": "Til {kommune}",
        "body_nn": "Hei, {navn}\n\nDette gjeld {pulje}.",
    }
    for name, value in (wording | facts | {"is_checked": True}).items():
        setattr(draft, name, value)
    draft.save()
    return draft
