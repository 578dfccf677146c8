"""Every workbook that leaves the portal, from the demo: it says what it is, is filtered, printed and joined alike."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.authentication import second_factor
from accounts.models import User
from gatherings.models import Gathering
from guidance.models import GroupMember, GuidanceSession, Measure
from lmp.demo.tests.conftest import demo as demo  # noqa: PLC0414 – the fixture
from lmp.demo.tests.conftest import loaded as loaded  # noqa: PLC0414 – the fixture
from lmp.demo.tests.conftest import now as now  # noqa: PLC0414 – the fixture
from lmp.welcome.models import Letter
from participants.models import CountyGovernor
from parts.sheets.xlsx import HEADING_ROW
from tests.house.repository import ROOT

pytestmark = pytest.mark.slow
PULJE = {"Pulje"}
PLACES = {"Kommunenummer", "Kommunens organisasjonsnummer", "Pulje"}
UNITS = PLACES | {"Enhetens organisasjonsnummer"}
WRITES = re.compile(r"\bworkbooks?\.(?:answer|write)\(")

# By the file that writes it: its addresses, each with what it has to join on and what its facts must name.
LISTS = {
    "gatherings/admin/registration_export.py": {"registrations": UNITS, "registrations of one": UNITS},
    "gatherings/admin/lists.py": {"hotel": set(), "travel": set()},  # goes to a hotel: no more than it needs
    "guidance/follow_up/export.py": {
        "continuity": PLACES,
        "workload": {"Kommunenummer", "Pulje"},
        "content": PULJE,
        "sessions": PLACES,
    },
    "guidance/follow_up/views/involvement.py": {"involvement": UNITS},
    "guidance/measures/overviews.py": {"measures": UNITS, "sub_goals": UNITS, "own_sub_goals": UNITS},
    "lmp/board/export.py": {"board": PLACES},
    "lmp/governor/export.py": {"counties": PLACES},
    "lmp/mailcalendar/views/two_years.py": {"mails": PULJE},
    "lmp/welcome/archive/download.py": {"letters": PLACES},
    "lmp/writing/views/choose.py": {"addresses": {"Kommunenummer", "Pulje"}},
}
ALL = [(name, keys) for lists in LISTS.values() for name, keys in lists.items()]
TEMPLATES = {"cohort": "admin:participants_cohort_template", "supervisors": "guidance:supervisors_template"}


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    session = client.session
    second_factor.remember(session, person, kind="totp")
    session.save()
    return client


def staff() -> User:
    return User.objects.filter(is_superuser=True, is_active=True)[0]


def a_gathering() -> Gathering:
    return Gathering.objects.filter(registrations__placed_at__isnull=False, settled="fixed").exclude(venue="")[0]


def address_of(name: str) -> tuple[User, str]:
    """Who reads it, and where."""
    member = GroupMember.objects.current().filter(
        group__participation__in=Measure.objects.values("unit__participation"),
        group__in=GuidanceSession.objects.held().values("group"),
    )[0]
    participation = member.group.participation
    cohort, municipality = [participation.cohort_id], [participation.pk]
    if name in ("hotel", "travel"):
        return staff(), reverse(f"admin:gatherings_registration_{name}", args=[a_gathering().pk])
    if name == "letters":
        sent = Letter.objects.sent()[0].participation.cohort_id
        return staff(), reverse("admin:welcome_archive", args=[sent])
    if name == "counties":
        return CountyGovernor.objects.filter(contacts__isnull=False)[0].people()[0].user, reverse(
            "governor:counties", query={"fil": "xlsx"}
        )
    if name == "own_sub_goals":
        return member.supervisor.user, reverse("guidance:supervisor_sub_goals", query={"fil": "xlsx"})
    export = "admin:gatherings_registration_export"
    xlsx = {"fil": "xlsx"}
    return staff(), {
        "registrations": lambda: reverse(export),
        "registrations of one": lambda: reverse(export, query={"gathering": a_gathering().pk}),
        "continuity": lambda: reverse("guidance:continuity", args=cohort, query=xlsx),
        "workload": lambda: reverse("guidance:workload", args=cohort, query=xlsx),
        "content": lambda: reverse("guidance:content", args=cohort, query=xlsx),
        "sessions": lambda: reverse("guidance:sessions", args=municipality, query=xlsx),
        "involvement": lambda: reverse("guidance:involvement_workbook", args=cohort),
        "measures": lambda: reverse("guidance:municipality_measures", args=municipality, query=xlsx),
        "sub_goals": lambda: reverse("guidance:municipality_sub_goals", args=municipality, query=xlsx),
        "board": lambda: reverse("board:export", args=cohort),
        "mails": lambda: reverse("mailcalendar:export", args=cohort),
        "addresses": lambda: reverse("writing:addresses", query={"pulje": cohort[0]}),
    }[name]()


def content_of(name: str) -> tuple[bytes, str]:
    person, address = address_of(name)
    client = signed_in(person)
    answer = client.post(address) if name in ("hotel", "travel") else client.get(address)
    assert answer.status_code == 200, address
    content = b"".join(answer.streaming_content)
    if name == "letters":
        archive = zipfile.ZipFile(io.BytesIO(content))
        return archive.read("innhold.xlsx"), ""
    return content, answer.headers["Content-Disposition"]


def sources() -> dict[str, str]:
    found = [path for path in Path(ROOT).glob("*/**/*.py") if "tests" not in path.parts and ".venv" not in path.parts]
    return {str(path.relative_to(ROOT)): path.read_text() for path in found if "node_modules" not in path.parts}


@pytest.mark.no_database
def test_every_list_is_among_them_and_nothing_else_writes_workbooks():
    every = {path: text for path, text in sources().items() if not path.startswith(("parts/sheets/", "var/"))}
    assert {path for path, text in every.items() if WRITES.search(text)} == LISTS.keys()
    other = {path for path, text in every.items() if re.search(r"openpyxl|xlsxwriter|ExcelWriter", text)}
    assert other <= {"participants/loading/spreadsheet.py", "participants/loading/package.py", "bench/gatherings.py"}


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(("name", "keys"), ALL, ids=[name for name, _keys in ALL])
def test_a_list_says_what_it_is_and_can_be_filtered_joined_and_printed(name, keys):
    content, disposition = content_of(name)
    book = load_workbook(io.BytesIO(content))
    [sheet] = book.worksheets
    headings = [cell.value for cell in sheet[HEADING_ROW]]
    rows = list(sheet.iter_rows(min_row=HEADING_ROW + 1))
    assert rows, "the demo has something in each list"

    # What it is, and when it was taken: on the sheet, on paper, and in the name.
    assert sheet["A1"].value
    assert re.search(r"Lastet ned \w+dag \d+\. \w+ \d{4} kl\. \d\d\.\d\d$", sheet["A2"].value)
    said = f"{sheet['A1'].value} {sheet['A2'].value}".casefold()
    if name not in ("registrations", "counties", "own_sub_goals"):
        assert "pulje" in said
    if name in ("hotel", "travel", "registrations of one"):
        assert "samling" in said
        assert a_gathering().venue.casefold() in said
    assert sheet.oddFooter.right.text == "Side &P av &N"
    assert "Lastet ned" in sheet.oddFooter.left.text
    assert str(sheet["A1"].value)[:20] in sheet.oddHeader.left.text
    if disposition:
        assert re.search(r"\d{4}-\d\d-\d\d", disposition)

    # The filter has all rows, and the headings stay.
    assert sheet.auto_filter.ref.startswith(f"A{HEADING_ROW}:")
    assert sheet.freeze_panes == f"A{HEADING_ROW + 1}"
    assert sheet.print_title_rows == f"${HEADING_ROW}:${HEADING_ROW}"
    assert sheet.page_setup.orientation == "landscape"
    assert len(set(headings)) == len(headings)
    assert all(sheet.column_dimensions[cell.column_letter].width for cell in sheet[HEADING_ROW])
    assert (book.properties.creator, book.properties.lastModifiedBy) == ("Utdanningsdirektoratet",) * 2

    # What it is joined on is text, and dates are dates.
    assert keys <= set(headings)
    for row in rows:
        for heading, cell in zip(headings, row, strict=True):
            assert cell.data_type in ("s", "n", "d", "b")
            if heading in keys and cell.value is not None:
                assert cell.data_type == "s"
            if cell.is_date:
                assert cell.number_format.startswith("dd.mm.yyyy")
            assert not str(cell.value).startswith(("'+", "'-"))
            assert not re.match(r"\d{4}-\d\d-\d\d", str(cell.value)) or cell.is_date
    for key in keys:
        assert any(row[headings.index(key)].value for row in rows) or key.startswith("Enhetens")


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_read_from_its_first_row_and_looks_alike(name):
    answer = signed_in(staff()).get(reverse(TEMPLATES[name]))
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.properties.creator == "Utdanningsdirektoratet"
    for sheet in book.worksheets:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.oddFooter.right.text == "Side &P av &N"
        assert sheet.oddHeader.left.text.startswith("&BMal for")
    for sheet in book.worksheets[1:]:
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.freeze_panes == "A2"
        assert sheet.max_row == 1
        assert {sheet.column_dimensions[cell.column_letter].number_format for cell in sheet[1]} == {"@"}
