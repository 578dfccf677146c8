"""Each page that has an address, in Chromium: phone and desk, as one of those who may open it.

A new page is looked at here by its line in tests/crowd/query_lines.py, without which tests/test_query_budget.py fails.
What a page is like when it is filled, overlong, sent or wrong is told in the other files about pages in a browser.
"""

from itertools import groupby
from operator import itemgetter

import pytest
from django.urls import reverse

from participants.models import Cohort, Participation
from tests.crowd.everybody import gather
from tests.test_query_budget import ALL_LINES

# The addresses that show no page.
NO_PAGE = {
    "a file": {
        "accounts:export",
        "board:export",
        "gatherings:attendance_list",
        "gatherings:badges",
        "gatherings:calendar_entry",
        "gatherings:document",
        "gatherings:feed_file",
        "guidance:involvement_workbook",
        "logo",
        "mailcalendar:export",
        "overview:own_file",
        "security_txt",
        "welcome:letter",
        "writing:addresses",
    },
    "an answer to a script": {"admin:autocomplete"},
}
PAGES = ALL_LINES.keys() - set[str]().union(*NO_PAGE.values())


# To gather a crowd takes as long as to walk through a dozen pages: few parts.
PARTS = 6
BY_PERSON = sorted((ALL_LINES[name].people[0], name) for name in PAGES)
LENGTH = -(-len(BY_PERSON) // PARTS)


def test_what_is_no_page_has_an_address():
    assert set[str]().union(*NO_PAGE.values()) <= ALL_LINES.keys()


@pytest.mark.services
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("part", range(PARTS))
def test_pages(walk, part):
    crowd = gather(2)
    named = {"cohort": crowd.key(Cohort), "participation": crowd.key(Participation)}
    for who, names in groupby(BY_PERSON[part * LENGTH :][:LENGTH], key=itemgetter(0)):
        page = walk.as_person(crowd.people.get(who))
        for _who, name in names:
            line = ALL_LINES[name]
            address = reverse(name, kwargs={word: crowd.key(value) for word, value in line.kwargs.items()})
            walk.see(page, f"{address}?{line.query.format(**named)}".rstrip("?"))
        page.context.close()
