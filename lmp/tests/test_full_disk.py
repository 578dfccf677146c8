"""A full disk while a workbook or an archive is written: a page that says so, nothing half-made, and it works again."""

import os
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl.worksheet import _writer

from accounts.models import PrivateReading
from gatherings.models import ExportedList
from tests.access_lines import LINES
from tests.test_access import ADMIN, admin_url, visit
from tests.test_access import sessions as sessions  # noqa: PLC0414 – the fixture
from tests.test_access import world as world  # noqa: PLC0414 – the fixture

# Empty sheets to fill in, of a few kB: openpyxl removes what it began of them when the process ends.
EMPTY = {"guidance:supervisors_template", "admin:participants_cohort_template"}
KINDS = ("application/vnd.openxmlformats", "application/zip")
NO_ROOM = "Portalen har ikke mer plass akkurat nå"


@pytest.fixture
def full(tmp_path, monkeypatch) -> Path:
    """Each file that a workbook's rows wait in is on a disk without room: what is written there is refused."""
    if not os.path.exists("/dev/full"):
        pytest.skip("this system has no device that is full")

    def create_temporary_file(suffix: str = "") -> str:
        path = tmp_path / f"openpyxl.{len(_writer.ALL_TEMP_FILES)}{suffix}"
        path.symlink_to("/dev/full")
        _writer.ALL_TEMP_FILES.append(str(path))
        return str(path)

    monkeypatch.setattr(_writer, "create_temporary_file", create_temporary_file)
    return tmp_path


def addresses(world) -> dict[str, str]:
    found = {
        name: reverse(name, kwargs={key: world.get(value, value) for key, value in line.kwargs.items()})
        for name, line in LINES.items()
        if "staff" in line.reads
    }
    rows = {"gatherings_registration": "held_gathering", "welcome_archive": "cohort"}
    for name in (name for name in ADMIN if name not in {"admin:login", "admin:logout"}):
        row = next((key for beginning, key in rows.items() if name.startswith(f"admin:{beginning}")), "participation")
        found[name] = admin_url(name, world[row])
    return found


def answer(client: Client, url: str, data: dict | None = None) -> tuple[int, str, bytes]:
    client.raise_request_exception = False
    found = client.get(url) if data is None else client.post(url, data)
    content = b"".join(found.streaming_content) if found.streaming else found.content
    if found.streaming:
        assert int(found["Content-Length"]) == len(content), f"{url}: who gets a part of it sees no difference"
    return found.status_code, found.get("Content-Type", ""), content


@pytest.mark.slow
def test_each_workbook_and_archive_that_finds_no_room(sessions, world, request):
    made = {}
    for name, url in addresses(world).items():
        with visit(sessions, "staff") as client:
            if answer(client, url)[1].startswith(KINDS):
                made[name] = url
    assert len(made) >= 6, made
    folder = request.getfixturevalue("full")
    before, refused = PrivateReading.objects.count(), set()
    for name, url in made.items():
        with visit(sessions, "staff") as client:
            status, _kind, content = answer(client, url)
            assert PrivateReading.objects.count() == before, "nothing was taken out"
        if (status, NO_ROOM in content.decode(errors="replace")) == (503, True):
            refused.add(name)
        assert os.listdir(folder) == [] or name in EMPTY, name
        for left in folder.iterdir():
            left.unlink()
    print(f"{len(refused)} of {len(made)} write a workbook: {sorted(refused)}")
    assert made.keys() == refused


@pytest.mark.django_db(transaction=True)
def test_a_list_that_could_not_be_written_is_not_called_exported(as_staff, full, monkeypatch, cohort):
    from gatherings.models import Gathering

    gathering = Gathering.objects.create(cohort=cohort, semester=1)
    url = reverse("admin:gatherings_registration_hotel", args=[gathering.pk])
    status, _kind, content = answer(as_staff, url, {})
    assert (status, NO_ROOM in content.decode()) == (503, True)
    assert not ExportedList.objects.exists()
    monkeypatch.undo()
    assert answer(as_staff, url, {})[1].startswith(KINDS)
    assert ExportedList.objects.count() == 1
