"""The two years of a pulje, walked through before it is launched."""

from datetime import date

import pytest
from django.urls import reverse

from lmp.mailcalendar.whole import WholePlan
from participants.models import Cohort
from parts.tests.reading import table_in


@pytest.fixture
def url(cohort) -> str:
    return reverse("mailcalendar:two_years", args=[cohort.pk])


def test_every_mail_is_counted_by_month_day_and_kind(as_staff, asked, url, cohort):
    found = WholePlan.load(cohort)
    assert sum(total for _title, _counts, total in found.table) == len(found.mails) > 0
    page = as_staff.get(url)
    [(month, days)] = page.context["shown"]
    assert month.key == "2027-03"
    assert sum(total for _day, _kinds, total in days) == len(month.mails)
    text = page.content.decode()
    assert "Mandag 8. mars 2027" in text
    assert "om ingen svarer på noe" in text


def test_all_months_for_paper_and_one_that_is_none(as_staff, asked, url, cohort):
    months = WholePlan.load(cohort).months
    assert len(as_staff.get(url, {"maned": "alle"}).context["shown"]) == len(months)
    for nonsense in ("2027-99", "\0", "x" * 1000):
        assert len(as_staff.get(url, {"maned": nonsense}).context["shown"]) == 1


def test_another_puljes_mails_are_not_among_them(as_staff, asked, cohort):
    other = Cohort.objects.create(
        number=10, first_year=cohort.first_year, starts_on=cohort.starts_on, confirm_by=cohort.confirm_by
    )
    assert WholePlan.load(other).mails == []
    page = as_staff.get(reverse("mailcalendar:two_years", args=[other.pk])).content.decode()
    assert "Planen har ingen e-poster for pulja ennå." in page


def test_what_is_off_is_counted_apart(as_staff, asked, url, cohort, participation, pause):
    before = len(WholePlan.load(cohort).mails)
    pause(participation)
    found = WholePlan.load(cohort)
    assert len(found.mails) + len(found.left_out) == before
    assert f"{len(found.left_out)} e-poster er slått av, og er ikke med." in as_staff.get(url).content.decode()


def test_the_workbook_has_a_row_for_each(as_staff, asked, cohort):
    answer = as_staff.get(reverse("mailcalendar:export", args=[cohort.pk]))
    rows = table_in(answer)
    assert len(rows) == 1 + len(WholePlan.load(cohort).mails)
    assert rows[1][:4] == (rows[1][0], "08.00", "Påminnelse før fristen", rows[1][3])
    assert rows[1][0].date() == date(2027, 3, 8)
