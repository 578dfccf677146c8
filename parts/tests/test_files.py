"""What may be uploaded, by its name and by what is in it, and that no more than the limit is kept of it."""

import io
import resource
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import RequestFactory

from parts import files as kinds
from parts.files import TooLargeFile, content_type_of, stored_name


def archive(**entries: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, content in entries.items():
            made.writestr(zipfile.ZipInfo(name), content)
    return file.getvalue()


ODT = archive(mimetype="application/vnd.oasis.opendocument.text", **{"content.xml": "<d/>"})


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("referat.odt", ODT, "application/vnd.oasis.opendocument.text"),
        ("huskeliste.TXT", "Ta med ærlighet".encode(), "text/plain; charset=utf-8"),
        ("huskeliste.txt", "\ufeffMed merke\tog\r\nlinjer".encode(), "text/plain; charset=utf-8"),
    ],
)
def test_what_is_taken(name, content, content_type):
    assert content_type_of(SimpleUploadedFile(name, content)) == content_type


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("referat.odt", archive(mimetype="application/vnd.oasis.opendocument.spreadsheet", **{"content.xml": "<d/>"})),
        ("referat.odt", archive(**{"content.xml": "<d/>"})),
        ("huskeliste.txt", b""),
        ("huskeliste.txt", b"   \n"),
        ("huskeliste.txt", b"MZ\x00\x01"),
        ("huskeliste.txt", "æ".encode("latin-1")),
    ],
)
def test_what_is_something_else(name, content):
    with pytest.raises(ValidationError, match="Innholdet er ikke det filnavnet sier"):
        content_type_of(SimpleUploadedFile(name, content))


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("C:\\Mine filer\\Årsplan.pdf", "Årsplan.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("a\0b\r\nc.pdf", "ab c.pdf"),
        (f"{'æ' * 300}.docx", f"{'æ' * 195}.docx"),
    ],
)
def test_a_name_is_stored_on_one_line_without_a_path(name, stored):
    assert stored_name(name) == stored
    assert len(stored) <= kinds.NAME_LENGTH


def sent(**files: bytes) -> HttpRequest:
    return RequestFactory().post(
        "/", {"title": "Tittel"} | {name: SimpleUploadedFile(f"{name}.txt", content) for name, content in files.items()}
    )


def test_what_is_too_large_is_not_kept(monkeypatch):
    monkeypatch.setattr(kinds, "MAX_BYTES", 100_000)
    request = sent(small=b"a" * 100_000, large=b"b" * 300_000)
    small, large = request.FILES["small"], request.FILES["large"]
    assert small.read() == b"a" * 100_000
    assert (type(large), large.size, large.file) == (TooLargeFile, 300_000, None)
    assert request.POST["title"] == "Tittel"
    with pytest.raises(ValidationError, match="større enn 20 MB"):
        content_type_of(large)


def test_the_beginning_of_what_is_too_large_is_gone_with_the_request(monkeypatch, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    monkeypatch.setattr(kinds, "MAX_BYTES", 3_000_000)
    request = sent(one=b"a" * 4_000_000, other=b"b" * 4_000_000, small=b"c")
    with request.FILES["small"] as small:
        assert small.size == 1
        assert [path.stat().st_size for path in tmp_path.iterdir()] == [1]
    assert isinstance(request.FILES["one"], TooLargeFile)


def test_nor_is_what_comes_after_too_much(monkeypatch):
    monkeypatch.setattr(kinds, "MAX_BYTES_AT_ONCE", 100_000)
    request = sent(first=b"a" * 60_000, second=b"b" * 60_000)
    assert request.FILES["first"].read() == b"a" * 60_000
    with pytest.raises(ValidationError, match="for store til sammen"):
        content_type_of(request.FILES["second"])


def test_what_goes_beyond_is_passed_on_to_nobody_who_keeps_it(monkeypatch):
    monkeypatch.setattr(kinds, "MAX_BYTES", 100_000)
    handler = kinds.LimitedUpload()
    handler.new_file("file", "a.pdf", "application/pdf", None)
    passed_on = [handler.receive_data_chunk(b"a" * 60_000, 0) for _chunk in range(4)]
    assert [chunk is None for chunk in passed_on] == [False, True, True, True]
    assert handler.kept == 60_000


def test_a_disk_without_room_is_told_and_what_was_typed_is_kept():
    """The system itself refuses: no file may be larger than a megabyte."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, usual[1]))
    try:
        request = sent(small=b"a" * 100_000, large=b"b" * 4_000_000)
        small, large = request.FILES["small"], request.FILES["large"]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert request.POST["title"] == "Tittel"
    with small:
        assert small.read() == b"a" * 100_000
    assert (type(large), large.size) == (kinds.FileWithoutRoom, 4_000_000)
    with pytest.raises(ValidationError, match="ikke plass til fila"):
        content_type_of(large)
    with pytest.raises(OSError, match="no room"):
        large.read()
