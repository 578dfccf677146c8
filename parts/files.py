"""Files to send or to hand over, and those that people upload: of which kinds, how large, what they are stored as."""

import errno
import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, BinaryIO, cast

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler
from django.http import HttpRequest
from django.utils.translation import gettext as _

from parts.names import one_line

MAX_BYTES = 20 * 1024 * 1024  # of one file
MAX_BYTES_AT_ONCE = 5 * MAX_BYTES  # of all files that one form sends
NAME_LENGTH = 200
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}  # on the disk, or of it for this process
_OFFICE = "application/vnd.openxmlformats-officedocument."
_ODT = "application/vnd.oasis.opendocument.text"


@dataclass(frozen=True)
class File:
    """A file to send or to hand over."""

    name: str
    content_type: str
    content: bytes


def _begins(*signatures: bytes) -> Callable[[BinaryIO], bool]:
    def holds(file: BinaryIO) -> bool:
        file.seek(0)
        return file.read(16).startswith(signatures)

    return holds


def _names_in_zip(file: BinaryIO) -> list[str]:
    """Of an archive the names alone are read; none when it is no archive."""
    file.seek(0)
    if not file.read(4).startswith(b"PK\x03\x04"):
        return []
    try:
        with zipfile.ZipFile(file) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return []


def _holds(folder: str) -> Callable[[BinaryIO], bool]:
    """An Office file is a zip; what kind it is shows in the names inside."""

    def holds(file: BinaryIO) -> bool:
        names = _names_in_zip(file)
        return "[Content_Types].xml" in names and any(name.startswith(f"{folder}/") for name in names)

    return holds


def _is_odt(file: BinaryIO) -> bool:
    """Its first entry, stored as it is, says which kind of OpenDocument it is."""
    if "content.xml" not in _names_in_zip(file):
        return False
    file.seek(0)
    return file.read(120)[30:].startswith(b"mimetype" + _ODT.encode())


def _is_text(file: BinaryIO) -> bool:
    """UTF-8, with nothing in it but letters, tabs and line breaks."""
    file.seek(0)
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and all(letter.isprintable() or letter.isspace() for letter in text)


# What the name ends in → (content type, whether the content is of that kind)
KINDS: dict[str, tuple[str, Callable[[BinaryIO], bool]]] = {
    "pdf": ("application/pdf", _begins(b"%PDF-")),
    "docx": (f"{_OFFICE}wordprocessingml.document", _holds("word")),
    "xlsx": (f"{_OFFICE}spreadsheetml.sheet", _holds("xl")),
    "pptx": (f"{_OFFICE}presentationml.presentation", _holds("ppt")),
    "odt": (_ODT, _is_odt),
    "png": ("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    "jpg": ("image/jpeg", _begins(b"\xff\xd8\xff")),
    "jpeg": ("image/jpeg", _begins(b"\xff\xd8\xff")),
    "txt": ("text/plain; charset=utf-8", _is_text),
}
# What a form's input offers; what is uploaded all the same is judged by `content_type_of`.
ACCEPTED = ",".join(f".{ending}" for ending in KINDS)


def content_type_of(file: UploadedFile) -> str:
    """What it is served as. Raises ValidationError, in words for its page, for a kind or size that is not taken."""
    ending = PurePath(file.name or "").suffix.lower().removeprefix(".")
    if ending not in KINDS:
        raise ValidationError(
            _("Filer av denne typen kan ikke lastes opp. Lagre dokumentet som PDF, og last det opp på nytt.")
        )
    if (file.size or 0) > MAX_BYTES:
        raise ValidationError(_("Fila er større enn 20 MB. Gjør den mindre, eller del den i flere."))
    if isinstance(file, TooLargeFile):
        raise ValidationError(_("Filene er for store til sammen. Last opp færre om gangen."))
    if isinstance(file, FileWithoutRoom):
        raise ValidationError(
            _("Portalen har ikke plass til fila akkurat nå. Prøv igjen om litt, eller skriv til oss.")
        )
    content_type, is_of_kind = KINDS[ending]
    if file.file is None or not is_of_kind(cast(BinaryIO, file.file)):
        raise ValidationError(
            _("Innholdet er ikke det filnavnet sier. Åpne fila, lagre den på nytt som %(ending)s, og prøv igjen.")
            % {"ending": ending.upper()}
        )
    return content_type


def stored_name(name: str) -> str:
    """The last part of a path, on one line, and short enough to be stored; what it ends in is kept."""
    last = one_line(name.replace("\\", "/").rpartition("/")[2].replace("\0", ""))
    ending = PurePath(last).suffix
    return last if len(last) <= NAME_LENGTH else last[: NAME_LENGTH - len(ending)].rstrip() + ending


class LimitedUpload(FileUploadHandler):
    """Stands before Django's own: what goes beyond the limits is kept neither in memory nor on disk.

    The file is then as large as it was, and empty: its form says that it is too large, and keeps what was typed.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.received = self.kept = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received, self.is_cut = 0, False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.received += len(raw_data)
        self.is_cut = self.is_cut or self.received > MAX_BYTES or self.kept + len(raw_data) > MAX_BYTES_AT_ONCE
        if self.is_cut:
            return None
        self.kept += len(raw_data)
        return raw_data

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if not self.is_cut:
            return None
        return TooLargeFile(name=self.file_name, content_type=self.content_type, size=self.received)


class TooLargeFile(UploadedFile):
    """Of which nothing was kept but its name and size: too large itself, or after too much else."""


class UploadToDisk(TemporaryFileUploadHandler):
    """Django's own, but where the disk has no room for the file, its form says so and keeps what was typed."""

    is_begun = has_room = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self.drop()
        self.is_begun = self.has_room = True
        self._try(super().new_file, *args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self.has_room:
            self._try(super().receive_data_chunk, raw_data, start)
        return None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        complete = self._try(super().file_complete, file_size) if self.has_room else None
        self.is_begun = False
        if self.has_room:
            return cast("UploadedFile | None", complete)
        return FileWithoutRoom(name=self.file_name, content_type=self.content_type, size=file_size)

    def _try(self, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        try:
            return act(*args, **kwargs)
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            self.has_room = False
            self.drop()

    def upload_complete(self) -> None:
        self.drop()

    def drop(self) -> None:
        """The beginning of a file that another handler has refused, or that did not get in, takes no room any more."""
        if self.is_begun:
            with suppress(OSError, AttributeError):  # what it could not write is tried once more when it is closed
                self.file.close()
        self.is_begun = False


class _NoRoom(io.RawIOBase):
    def read(self, size: int = -1) -> bytes:
        raise OSError(errno.ENOSPC, "there was no room for this file")

    def seek(self, offset: int, whence: int = 0) -> int:
        return offset


class FileWithoutRoom(UploadedFile):
    """Of which nothing was kept, since the disk is full. Whoever reads it all the same is told so."""

    def __init__(self, *, name: str | None, content_type: str | None, size: int) -> None:
        super().__init__(cast(Any, _NoRoom()), name, content_type, size)
