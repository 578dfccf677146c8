"""Every page takes as many queries at 20 rows as at 2, session and person included: 14 at most, or as its line says.

The HTML of each is read too, as it is here already: tests/reading/markup.py, and for words that are left in English.
A new page needs a line in tests/crowd/query_lines.py, or the last two tests fail. What begins and ends a
transaction is not counted.
"""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from participants.models import Cohort, Participation
from tests.crowd.everybody import Crowd, gather
from tests.crowd.query_lines import EXCUSED, LINES, STAFF, Line
from tests.norwegian import ENGLISH, words
from tests.page_text import read
from tests.reading.markup import faults
from tests.test_access import ADDRESSES

FEW, MANY = 2, 20
TRANSACTION = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO", "BEGIN", "COMMIT")
# What the admin gives every model. An old version and a deletion show one row and all that hangs on it.
PAGES_OF_A_MODEL = ("changelist", "add", "change", "history")
UNCOUNTED_PAGES_OF_A_MODEL = ("delete", "simple_history")


def admin_lines() -> Iterator[tuple[str, Line]]:
    named = {name for name, _pattern in ADDRESSES}
    for model in admin.site._registry:
        for page in PAGES_OF_A_MODEL:
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
            if name in named - LINES.keys() - EXCUSED:
                yield name, Line(STAFF, {"object_id": model} if page in ("change", "history") else {})


ALL_LINES = LINES | dict(admin_lines())
PAGES = [(name, person) for name, line in ALL_LINES.items() for person in line.people]


def ask(crowd: Crowd, name: str, person: str) -> tuple[object, list[str], list[str]]:
    """The status, or what went wrong; the queries; and what is wrong in the HTML."""
    line = ALL_LINES[name]
    queries = CaptureQueriesContext(connection)
    try:
        kwargs = {word: crowd.key(value) for word, value in line.kwargs.items()}
        named = {"cohort": crowd.key(Cohort), "participation": crowd.key(Participation)}
        client, query = crowd.client(person), line.query.format(**named)
        with queries:
            response = client.get(f"{reverse(name, kwargs=kwargs)}?{query}")
    except Exception as error:
        return repr(error), [], []
    asked = [sql["sql"] for sql in queries if not sql["sql"].startswith(TRANSACTION)]
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    return response.status_code, asked, wrong_in(response.content.decode()) if is_page else []


def wrong_in(html: str) -> list[str]:
    texts = {" ".join(text.split()) for text in read(html, "nb").texts if words(text) & ENGLISH}
    return [*faults(html), *(f"in English: {text}" for text in texts)]


@pytest.fixture(scope="module")
def counts(django_db_setup, django_db_blocker) -> dict[int, dict]:
    """Every page as every person, for few rows and for many: both crowds are gathered once, and gone afterwards."""
    found = {}
    with django_db_blocker.unblock():
        for size in (FEW, MANY):
            with transaction.atomic():
                crowd = gather(size)
                for concrete in (True, False):  # else the first page to need a type would read it
                    ContentType.objects.get_for_models(*apps.get_models(), for_concrete_models=concrete)
                found[size] = {page: ask(crowd, *page) for page in PAGES}
                transaction.set_rollback(True)
    return found


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.xdist_group("query budget")  # both crowds would be gathered by every process
@pytest.mark.parametrize("asked", PAGES, ids="-".join)
def test_page(counts, asked):
    (few_status, few, _few_wrong), (many_status, many, _many_wrong) = (counts[size][asked] for size in (FEW, MANY))
    assert (few_status, many_status) == (200, 200)
    assert len(many) == len(few), difference(few, many)
    assert len(many) <= ALL_LINES[asked[0]].budget, "\n".join(many)


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.xdist_group("query budget")
@pytest.mark.parametrize("asked", PAGES, ids="-".join)
def test_its_parts_are_named_and_nothing_is_in_english(counts, asked):
    assert [fault for size in (FEW, MANY) for fault in counts[size][asked][2]] == []


@pytest.mark.xdist_group("query budget")
def test_one_process_gathers_for_all(request):
    """The runner tells its groups by the name of a test, and says nothing when it has lost them."""
    if request.config.getoption("loadgroup", default=False):
        assert request.node.nodeid.endswith("@query budget")


def difference(few: list[str], many: list[str]) -> str:
    """The queries that come more often with many rows, each by how it begins."""
    begins = sorted({sql[:150] for sql in [*few, *many]})
    often = {begin: [sum(sql.startswith(begin) for sql in all_) for all_ in (few, many)] for begin in begins}
    return "\n".join(f"{a} → {b}: {begin}" for begin, (a, b) in often.items() if a != b)


def test_every_page_has_a_line():
    known = ALL_LINES.keys() | EXCUSED
    named = {name for name, _pattern in ADDRESSES if not name.endswith("None")}
    assert {name for name in named - known if not name.endswith(UNCOUNTED_PAGES_OF_A_MODEL)} == set()


def test_every_line_has_a_page():
    named = {name for name, _pattern in ADDRESSES}
    assert (LINES.keys() | EXCUSED) - named == set()
