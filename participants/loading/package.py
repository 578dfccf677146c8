"""What an xlsx is packed in: only the parts that are read, each known to be small, flat and plain before anything else
takes it to be so.

An xlsx is a zip of XML. What a zip says about the size of its parts may be a lie, and a small part may be millions of
elements, or one that takes minutes to understand. So the parts are unpacked here, by the piece and only so far, and
looked through once; then they are put in an archive of our own making.
"""

import io
import posixpath
import time
import zipfile
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MAX_PARTS = 500
MAX_PART_BYTES = 10 * 1024 * 1024
# Three sheets of 5000 rows with 20 columns filled, with an element in each cell, and their shared texts.
MAX_ELEMENTS = 1_000_000
MAX_FRAME_ELEMENTS = 50_000  # in what is read whole: styles, names of sheets
MAX_DEPTH = 30
MAX_ATTRIBUTE, MAX_ATTRIBUTES = 4096, 100
PIECE = 64 * 1024
# An old .xls, and an .xlsx behind a password.
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

TYPES = "[Content_Types].xml"
# What the parts that are read are said to be: the workbook, how it shows values, and the texts of its cells.
WORKBOOK, STYLES, TEXTS = "sheet.main+xml", "styles+xml", "sharedStrings+xml"


class TooMuch(Exception):
    """More than anybody's list holds: made to be so."""


@dataclass
class Small:
    file: IO[bytes]
    hidden_rows: dict[str, set[int]]  # by the sheet's part


@dataclass
class Look:
    """One walk through a part. `elements`: how many are left of those that are allowed."""

    elements: int
    end: float
    depth: int = 0
    sheets: dict[str, str] = field(default_factory=dict)  # the link of each, by its name
    links: dict[str, str] = field(default_factory=dict)  # the part that a link leads to
    kinds: dict[str, str] = field(default_factory=dict)  # what a part is said to be
    hidden_rows: set[int] = field(default_factory=set)

    def through(self, content: bytes) -> "Look":
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._begins
        parser.EndElementHandler = self._ends
        parser.StartDoctypeDeclHandler = self._refuse
        parser.CommentHandler = parser.ProcessingInstructionHandler = self._beside
        parser.Parse(content, True)
        return self

    def _begins(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.elements -= 1
        is_large = len(attributes) > MAX_ATTRIBUTES or any(map(_is_long, attributes.values()))
        if self.elements < 0 or self.depth > MAX_DEPTH or is_large:
            raise TooMuch
        if self.elements % 1000 == 0:
            refuse_after(self.end)
        word = name.rpartition(" ")[2]
        if word == "row" and attributes.get("hidden") in ("1", "true"):
            number = attributes.get("r", "")
            if number.isascii() and number.isdecimal():
                self.hidden_rows.add(int(number))
        elif word == "sheet":
            link = next((value for key, value in attributes.items() if key.endswith(" id")), "")
            self.sheets[attributes.get("name", "").strip().casefold()] = link
        elif word == "Override":
            self.kinds[attributes.get("PartName", "").lstrip("/")] = attributes.get("ContentType", "")
        elif word == "Relationship":
            self.links[attributes.get("Id", "")] = attributes.get("Target", "")

    def _ends(self, _name: str) -> None:
        self.depth -= 1

    def _beside(self, *texts: str) -> None:
        if any(map(_is_long, texts)):
            raise TooMuch

    def _refuse(self, *_declaration: object) -> None:
        # Excel writes no DTD. It is how a small part unfolds into a huge one.
        raise ValidationError(_("Fila er ikke et regneark i formatet .xlsx."))


def repacked(file: IO[bytes], wanted: Collection[str], *, end: float) -> Small:
    """The workbook with the sheets of these names, in small letters, and nothing that isn't needed to read them.

    The name "" is the first sheet, whatever it is called.
    """
    with zipfile.ZipFile(_as_zip(file)) as archive:
        parts = archive.infolist()
        names = set(archive.namelist())
        if TYPES not in names:
            raise ValidationError(_("Fila er ikke et regneark i formatet .xlsx."))
        if any(part.flag_bits & 1 for part in parts):
            raise ValidationError(_("Fila er beskyttet med passord. Lagre den uten passord og prøv igjen."))
        try:
            if len(parts) > MAX_PARTS:
                raise TooMuch
            return _looked_through(archive, names, wanted, end=end)
        except TooMuch as error:
            message = _("Fila er for stor når den pakkes ut. Ta bort ark og bilder som ikke trengs.")
            raise ValidationError(message) from error


def _looked_through(archive: zipfile.ZipFile, names: Collection[str], wanted: Collection[str], *, end: float) -> Small:
    contents: dict[str, bytes] = {}

    def look(name: str, elements: int) -> Look:
        if name not in names:
            return Look(elements, end)
        contents[name] = _unpacked(archive, name)
        return Look(elements, end).through(contents[name])

    kinds = look(TYPES, MAX_FRAME_ELEMENTS).kinds
    workbook = next((name for name, kind in kinds.items() if WORKBOOK in kind), "")
    folder, _slash, file = workbook.rpartition("/")
    found = look(workbook, MAX_FRAME_ELEMENTS).sheets
    links = look(posixpath.join(folder, "_rels", f"{file}.rels"), MAX_FRAME_ELEMENTS).links
    for name in ("_rels/.rels", *(name for name, kind in kinds.items() if STYLES in kind)):
        look(name, MAX_FRAME_ELEMENTS)
    texts = [name for name, kind in kinds.items() if TEXTS in kind]
    first = next(iter(found), None) if "" in wanted else None
    links_to = [link for name, link in found.items() if name in wanted or name == first]
    sheets = sorted({_part(folder, links.get(link, "")) for link in links_to})
    left, hidden = MAX_ELEMENTS, {}
    for name in (*sheets, *texts):
        seen = look(name, left)
        left, hidden[name] = seen.elements, seen.hidden_rows
    return Small(_packed(contents), hidden)


def _as_zip(file: IO[bytes]) -> IO[bytes]:
    file.seek(0)
    if file.read(8) == OLE_SIGNATURE:
        raise ValidationError(
            _("Fila er beskyttet med passord eller lagret som .xls. Lagre den som .xlsx uten passord.")
        )
    file.seek(0)
    if not zipfile.is_zipfile(file):
        raise ValidationError(_("Fila er ikke et regneark i formatet .xlsx."))
    return file


def _part(folder: str, target: str) -> str:
    """A link leads from the workbook's own folder, or from the top."""
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))


def _unpacked(archive: zipfile.ZipFile, name: str) -> bytes:
    content = bytearray()
    if archive.getinfo(name).file_size > MAX_PART_BYTES:
        raise TooMuch
    with archive.open(name) as packed:
        while piece := packed.read(PIECE):
            content += piece
            if len(content) > MAX_PART_BYTES:
                raise TooMuch
    if b"\0" in content:  # nor does it write UTF-16
        raise ValidationError(_("Fila er ikke et regneark i formatet .xlsx."))
    return bytes(content)


def _packed(contents: dict[str, bytes]) -> IO[bytes]:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as honest:
        for name, content in contents.items():
            honest.writestr(name, content)
    file.seek(0)
    return file


def _is_long(text: str) -> bool:
    return len(text) > MAX_ATTRIBUTE


def refuse_after(end: float) -> None:
    """`end` by this thread's own clock: a busy machine refuses no file that is as it should be."""
    if time.thread_time() > end:
        raise ValidationError(
            _("Det tok for lang tid å lese fila. Ta bort det som ikke trengs, eller del den i flere.")
        )
