"""The board in Chromium, in both languages, on a phone and on a desk: empty, of one, and of sixty with absurd names."""

import pytest
from django.urls import reverse
from django.utils import timezone

from gatherings.models import Gathering
from lmp.board.tests.test_speed import add
from participants.models import Municipality
from tests.browsing import check, new_context, new_page, sign_in

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

UNBROKEN = "Rindfleischetikettierungsüberwachung" * 2


@pytest.fixture
def url(cohort) -> str:
    return reverse("board:board", args=[cohort.pk])


def test_of_nobody_and_of_one(walk, url, cohort, staff):
    page = walk.as_person(staff)
    walk.see(page, url)
    add(1, cohort=cohort, staff=staff)
    walk.see(page, url)
    walk.see(page, url + "?q=finnes+ikke")


def test_of_sixty_with_absurd_names(walk, url, cohort, participation, units, supervisor, leader, officer, staff):
    today = timezone.localdate()
    for semester in (1, 2, 3, 4):
        days = {"starts_on": today, "opens_on": today, "closes_on": today}
        Gathering.objects.create(cohort=cohort, semester=semester, settled="fixed", **days)
    add(60, cohort=cohort, staff=staff)
    Municipality.objects.update(name=UNBROKEN)
    for person in (staff, leader, officer):
        page = walk.as_person(person)
        walk.see(page, url + "?sorter=forsinket")
    walk.see(page, url + "?mangler=brev&vis=forsinket&page=2")


def test_without_javascript(browser, site, url, participation, other_participation, staff):
    context = new_context(browser, width=320, java_script_enabled=False)
    sign_in(context, site, staff)
    page = new_page(context)
    page.goto(site + url)
    page.get_by_label("Kommune eller nummer").fill("Berg")
    page.get_by_role("button", name="Vis").click()
    assert page.get_by_role("link", name="Bergen").count() == 1
    assert page.get_by_role("link", name="Indre Fosen").count() == 0
    check(page, javascript=False)


def test_it_is_a_table_on_a_desk_and_a3_on_paper(browser, site, url, participation, staff):
    context = new_context(browser, width=1280)
    sign_in(context, site, staff)
    page = new_page(context)
    page.goto(site + url)
    table = page.get_by_role("table", name="Hvor langt kommunene i pulje 9 er kommet ved hver milepæl")
    assert table.get_by_role("columnheader").count() == 10
    assert table.get_by_role("rowheader").all_inner_texts()[1].startswith("Indre Fosen")
    page.emulate_media(media="print")
    assert not page.get_by_role("button", name="Vis").is_visible()
    paper = page.pdf(prefer_css_page_size=True)
    assert b"/MediaBox [0 0 1191" in paper or b"/MediaBox [0 0 1190" in paper  # 420 mm
