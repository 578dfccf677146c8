"""Small workbooks that would take minutes or gigabytes, read by a process of their own, which tells how it went.

python -m participants.tests.loading.hostile_workbooks [plain NAME]
    plain: with nothing but openpyxl, for the control
"""

import io
import json
import resource
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import django

django.setup()

import openpyxl  # noqa: E402 – after the setup
from django.core.exceptions import ValidationError  # noqa: E402

from participants.loading import sheets, spreadsheet  # noqa: E402
from participants.tests.workbooks import workbook  # noqa: E402

SHEET, STYLES, BOOK = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"
MILLION = 1_000_000


def changed(part: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook as the template's, with one part of it changed, or added."""
    packed = io.BytesIO()
    with zipfile.ZipFile(workbook()) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == part else content)
        if part not in old.namelist():
            new.writestr(part, change(b""))
    return packed.getvalue()


def within(tag: bytes, more: bytes) -> Callable[[bytes], bytes]:
    return lambda xml: xml.replace(tag, tag + more, 1)


def before(tag: bytes, more: bytes) -> Callable[[bytes], bytes]:
    return lambda xml: xml.replace(tag, more + tag, 1)


def hostile() -> Iterator[tuple[str, Callable[[], bytes]]]:
    rows, sheet_views = b"<sheetData>", b"<worksheet"
    yield (
        "rows that are never closed, in a comment",
        lambda: changed(SHEET, within(rows, b"<!--" + b"<row " * MILLION + b"-->")),
    )
    yield "the same in text", lambda: changed(SHEET, within(rows, b"<![CDATA[" + b"<row " * MILLION + b"]]>"))
    yield "millions of empty rows", lambda: changed(SHEET, within(rows, b"<row/>" * MILLION))
    yield (
        "millions of empty cells in a row",
        lambda: changed(SHEET, within(rows, b"<row>" + b"<c/>" * (2 * MILLION) + b"</row>")),
    )
    yield "millions of empty elements in the styles", lambda: changed(STYLES, before(b"</fonts>", b"<font/>" * MILLION))
    yield "formats without an end", lambda: changed(STYLES, before(b"</cellXfs>", b"<xf/>" * MILLION))
    yield "names without an end", lambda: changed(BOOK, within(b"<sheets>", b"<definedName/>" * (MILLION // 2)))
    yield (
        "sheets without an end",
        lambda: changed(BOOK, within(b"<sheets>", b'<sheet name="x" sheetId="1"/>' * (MILLION // 4))),
    )
    yield "deep", lambda: changed(SHEET, within(rows, b"<a>" * MILLION + b"</a>" * MILLION))
    yield "a long attribute", lambda: changed(SHEET, within(sheet_views, b' a="' + b"9" * 9 * MILLION + b'"'))
    yield "a long number of a row", lambda: changed(SHEET, within(rows, b'<row r="' + b"9" * 9 * MILLION + b'"/>'))
    yield (
        "a long place of a cell",
        lambda: changed(SHEET, within(rows, b'<row><c r="A' + b"1" * 9 * MILLION + b'"/></row>')),
    )
    yield (
        "thousands of attributes",
        lambda: changed(SHEET, within(sheet_views, b"".join(b' a%d="1"' % number for number in range(MILLION // 8)))),
    )
    yield "a long comment", lambda: changed(SHEET, within(rows, b"<!--" + b"a" * 9 * MILLION + b"-->"))
    yield (
        "a long number in a cell",
        lambda: changed(SHEET, within(rows, b'<row r="1"><c r="A1"><v>' + b"9" * 9 * MILLION + b"</v></c></row>")),
    )
    yield (
        "the last row, and again",
        lambda: changed(SHEET, within(rows, b'<row r="1048576"><c r="A1048576"/></row>' * 90_000)),
    )
    yield (
        "a long text in pieces",
        lambda: changed(
            SHEET,
            within(rows, b'<row><c t="inlineStr"><is>' + b"<r><t>a</t></r>" * (MILLION // 3) + b"</is></c></row>"),
        ),
    )
    yield (
        "a part that nobody needs",
        lambda: changed("xl/theme/theme1.xml", lambda _xml: b"<a>" + b"<a/>" * (9 * MILLION) + b"</a>"),
    )
    yield "a comment's part that nobody needs", lambda: changed("xl/comments1.xml", lambda _xml: b"<a>" * (9 * MILLION))
    yield "a bomb", lambda: changed(SHEET, lambda xml: xml + b" " * (100 * MILLION))


def read(content: bytes) -> str:
    try:
        spreadsheet.read(io.BytesIO(content), sheets.SHEETS, size=len(content))
    except ValidationError as error:
        return error.messages[0]
    return "read"


def told(name: str, content: bytes, act: Callable[[bytes], str]) -> dict:
    began = time.process_time()
    said = act(content)
    seconds = time.process_time() - began
    return {"name": name, "bytes": len(content), "said": said, "seconds": seconds, "megabytes": peak()}


def peak() -> int:
    """The most memory this process has held, in MB. What `getrusage` gives on Linux begins with its parent's."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MILLION  # macOS counts bytes
    [held] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
    return int(held.split()[1]) // 1024


def plain(content: bytes) -> str:
    for sheet in openpyxl.load_workbook(io.BytesIO(content), read_only=True):
        for _row in sheet.iter_rows(max_col=50):
            pass
    return "read"


if __name__ == "__main__":
    if sys.argv[1:]:
        name = sys.argv[2]
        print(json.dumps([told(name, dict(hostile())[name](), plain)]))
    else:
        print(json.dumps([told(name, make(), read) for name, make in hostile()]))
