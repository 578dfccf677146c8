"""Staff's calendar of what will be sent."""

from datetime import date, datetime, time, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from outbox import plan
from outbox.plan import Planned
from outbox.tests import mails

User = get_user_model()

ADDRESS = "admin:outbox_message_plan"
PLANNED: list[Planned] = []
TEXTS = ()


def planner(start: datetime, end: datetime):
    return [mail for mail in PLANNED if start < mail.send_at <= end]


@pytest.fixture
def planned(db, settings):
    settings.MAIL_APPS = ["outbox.tests.mails", __name__]
    group = Group.objects.create(name="Saken det gjelder")

    def add(number: int, send_at: datetime, *, why: str = "Har ikke svart.", cohort: int = 9) -> None:
        values = {"kommune": "Eksempelby", "frist": "3. mai", "enheter": []}
        PLANNED.append(
            Planned(
                key=f"plan:{number}",
                recipient=User.objects.for_email(f"p{number}@example.no"),
                name=f"Person {number}",
                language="nb",
                text=mails.REMINDER,
                send_at=send_at,
                until=send_at + timedelta(days=5),
                why=why,
                values=values,
                about=group,
                scope=frozenset({f"cohort:{cohort}"}),
            )
        )

    yield add
    PLANNED.clear()


def at(day: date, hour: int = 8, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def rows(answer) -> list[str]:
    return [mail.to for mail, _link, _posted, _successors in answer.context["rows"]]


def test_it_shows_who_when_why_and_what_is_posted_already(staff_client, planned):
    today = timezone.localdate()
    planned(1, at(today, 0, 1))
    planned(2, at(today + timedelta(days=3)))
    plan.send_due(at(today, 0, 2))
    answer = staff_client.get(reverse(ADDRESS))
    page = answer.content.decode()
    assert rows(answer) == ["p1@example.no", "p2@example.no"]
    for shown in ("Person 1", "p1@example.no", "Påminnelse", "Har ikke svart.", "Saken det gjelder"):
        assert shown in page
    assert [bool(posted) for _mail, _link, posted, _successors in answer.context["rows"]] == [True, False]


def test_both_days_are_counted_in(staff_client, planned):
    first, last = date(2027, 3, 1), date(2027, 3, 31)
    planned(0, at(first, 0) - timedelta(seconds=1))
    planned(1, at(first, 0))
    planned(2, at(last, 23, 59))
    planned(3, at(last + timedelta(days=1), 0))
    query = {"start": first.isoformat(), "end": last.isoformat()}
    assert rows(staff_client.get(reverse(ADDRESS), query)) == ["p1@example.no", "p2@example.no"]


@pytest.mark.parametrize("q", ["p7@", "PERSON 7"])
def test_it_is_searched_by_recipient(staff_client, planned, q):
    for number in range(10):
        planned(number, timezone.now() + timedelta(days=1))
    assert rows(staff_client.get(reverse(ADDRESS), {"q": q})) == ["p7@example.no"]


def test_it_is_searched_by_the_municipality_that_the_reason_names(staff_client, planned):
    planned(1, timezone.now() + timedelta(days=1), why="Vega (Pulje 9) har ikke bekreftet")
    planned(2, timezone.now() + timedelta(days=1), why="Voss (Pulje 9) har ikke bekreftet")
    assert rows(staff_client.get(reverse(ADDRESS), {"q": "VEGA"})) == ["p1@example.no"]
    assert rows(staff_client.get(reverse(ADDRESS), {"q": "vega person"})) == ["p1@example.no"]
    assert rows(staff_client.get(reverse(ADDRESS), {"q": "vega voss"})) == []


def test_it_is_narrowed_to_a_cohort_and_a_kind(staff_client, planned):
    planned(1, timezone.now() + timedelta(days=1), cohort=8)
    planned(2, timezone.now() + timedelta(days=1), cohort=9)
    answer = staff_client.get(reverse(ADDRESS), {"scope": "cohort:8"})
    assert rows(answer) == ["p1@example.no"]
    assert "Pulje 9" in answer.content.decode()  # can still be chosen
    assert rows(staff_client.get(reverse(ADDRESS), {"kind": mails.REMINDER.name})) == ["p1@example.no", "p2@example.no"]
    nothing = staff_client.get(reverse(ADDRESS), {"kind": "other"})
    assert rows(nothing) == []
    assert "passer til det du har valgt" in nothing.content.decode()


def test_each_day_has_its_number_and_its_own_page(staff_client, planned):
    today = timezone.localdate()
    for number, days in enumerate((1, 1, 3)):
        planned(number, at(today + timedelta(days=days)), cohort=8)
    planned(7, at(today + timedelta(days=3)), cohort=9)
    answer = staff_client.get(reverse(ADDRESS), {"scope": "cohort:8"})
    assert [(each.day - today, each.mails) for each in answer.context["days"]] == [
        (timedelta(days=1), 2),
        (timedelta(days=3), 1),
    ]
    one = staff_client.get(f"{reverse(ADDRESS)}?{answer.context['days'][1].query}")
    assert rows(one) == ["p2@example.no"]
    assert one.context["days"] == []


@pytest.mark.parametrize(
    "query",
    [
        {"start": "2027-03-02", "end": "2027-03-01"},
        {"start": "2027-03-02", "end": "2037-03-01"},
        {"start": "i dag"},
        {"end": ""},
        {"start": "0001-01-01", "end": "0001-01-02"},
        {"start": "9999-12-31", "end": "9999-12-31"},
        {"q": "x" * 201},
    ],
)
def test_a_span_that_is_none_is_explained(staff_client, planned, query):
    answer = staff_client.get(reverse(ADDRESS), query)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not answer.context["rows"]


def test_a_long_plan_is_paged(staff_client, planned):
    for number in range(120):
        planned(number, timezone.now() + timedelta(days=1))
    page = staff_client.get(reverse(ADDRESS), {"page": "2", "q": "p"}).content.decode()
    assert "Rad 101–120 av 120" in page
    assert "q=p" in page
    assert staff_client.get(reverse(ADDRESS), {"page": "x"}).status_code == 200


def test_it_asks_the_same_however_long_it_is(staff_client, planned):
    counted = []
    for rows_wanted in (2, 20):
        for number in range(len(PLANNED), rows_wanted):
            planned(number, timezone.now() + timedelta(days=1))
        staff_client.get(reverse(ADDRESS))
        with CaptureQueriesContext(connection) as queries:
            answer = staff_client.get(reverse(ADDRESS))
        assert len(rows(answer)) == rows_wanted
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 10


def test_an_empty_plan_says_so(staff_client, planned):
    assert "Ingen e-poster skal sendes" in staff_client.get(reverse(ADDRESS)).content.decode()
