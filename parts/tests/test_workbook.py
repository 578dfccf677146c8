"""A workbook that the disk has no room for: said as that, and nothing is left of it."""

import gc
import os
import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from parts import workbook
from parts.cells import Column
from parts.files import NO_ROOM

COLUMNS = [Column("Navn", 30)]
pytestmark = pytest.mark.no_database


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """What the system lets a file grow to."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("size", [0, 100, 5000, 20_000])
def test_nothing_is_left_of_what_there_was_no_room_for(folder, size):
    with pytest.raises(OSError, match="too large") as refused, room_for(size):
        workbook.write("Liste", COLUMNS, ([f"Person {number} på Ås"] for number in range(2000)))
    assert refused.value.errno in NO_ROOM
    gc.collect()
    assert os.listdir(folder) == []


def test_a_row_that_fails_leaves_nothing_either(folder):
    def rows() -> Iterator[list[str]]:
        yield ["Kari"]
        raise LookupError

    with pytest.raises(LookupError):
        workbook.write("Liste", COLUMNS, rows())
    assert os.listdir(folder) == []


def test_what_is_written_leaves_nothing(folder):
    assert workbook.write("Liste", COLUMNS, [["Kari"]]).read(2) == b"PK"
    assert os.listdir(folder) == []
