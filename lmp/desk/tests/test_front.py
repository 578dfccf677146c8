"""Staff's first page: each running cohort in numbers, what waits, this week's mails, and the tables last."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from outbox import plan
from participants.models import Cohort, Participation, Unit
from parts.dates import morning


@pytest.fixture
def front(as_staff):
    return lambda: as_staff.get(reverse("admin:index"))


def test_every_running_cohort_has_its_line(front, cohort, participation):
    Cohort.objects.create(
        number=10, first_year=cohort.first_year + 1, starts_on=cohort.starts_on, confirm_by=cohort.confirm_by
    )
    Cohort.objects.create(number=3, first_year=2015, starts_on="2015-09-01", confirm_by="2015-09-01")
    assert [each.cohort.number for each in front().context["standings"]] == [10, 9]


def test_a_cohort_in_numbers(front, asked, other_participation, units):
    Unit.objects.filter(pk=units[0].pk).update(children=40)
    Unit.objects.filter(pk=units[1].pk).update(children=2)
    [standing] = front().context["standings"]
    assert [(state, count) for state, _label, count in standing.counts] == [("accepted", 1), ("waiting", 1)]
    assert standing.municipalities == 2
    assert (standing.figures.units, standing.figures.children) == (4, 42)


@pytest.mark.parametrize(("language", "said"), [("nb", "og 1 som ikke er med"), ("nn", "og 1 som ikkje er med")])
def test_those_that_do_not_take_part_are_said_apart(front, asked, other_participation, staff, language, said):
    staff.choose_language(language)
    assert said not in front().content.decode()
    Participation.objects.filter(pk=other_participation.pk).update(accepted_at=None, accepted_by=None)
    other_participation.decline(on=timezone.localdate(), said_by="Kari", by=staff, now=timezone.now())
    [standing] = front().context["standings"]
    assert (standing.municipalities, standing.out) == (1, 1)
    assert said in front().content.decode()


def test_each_number_leads_to_its_municipalities(front, as_staff, asked, other_participation):
    page = front().content.decode()
    address = reverse("overview:participations") + f"?pulje={asked.participation.cohort_id}&amp;status=waiting"
    assert address in page
    listed = as_staff.get(address.replace("&amp;", "&"))
    assert [row.municipality.name for row in listed.context["page"].object_list] == ["Indre Fosen"]


def test_this_weeks_mails_by_day(front, asked):
    asked.due_on = timezone.localdate() + timedelta(days=17)
    asked.save()
    days = front().context["days"]
    assert days
    assert all(each.mails for each in days)
    assert all(timezone.localdate() <= each.day <= timezone.localdate() + timedelta(days=7) for each in days)


@pytest.fixture
def clock():
    with time_machine.travel(morning(date(2027, 3, 1)), tick=False) as found:
        yield found


def test_todays_that_have_not_gone_yet_are_counted(clock, front, asked):
    asked.due_on = timezone.localdate() + timedelta(days=17)
    asked.save()
    first = next(each for each in front().context["days"] if each.day > timezone.localdate())
    clock.move_to(morning(first.day) + timedelta(minutes=2))  # they are due, and the queue has not come round
    assert first in front().context["days"]
    plan.send_due(timezone.now())
    assert first.day not in [each.day for each in front().context["days"]]


def test_the_daily_tables_come_first(front):
    context = front().context
    assert str(context["daily"][0].name) == "Kommuner i pulje"
    assert "Fylker" in [table.name for table in context["rest"]]
    names = [table.name for table in context["rest"]]
    assert names == sorted(names)


def test_with_no_cohort_it_says_what_to_do(front, db):
    assert reverse("admin:participants_cohort_add") in front().content.decode()


def test_nothing_waits(front, db):
    assert "Ingenting venter på dere nå." in front().content.decode()


@pytest.mark.parametrize("who", ["contact", "officer", "leader"])
def test_others_are_not_let_in(client, request, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("admin:index")).status_code in (302, 404)
