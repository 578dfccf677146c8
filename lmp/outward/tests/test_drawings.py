"""The owner's drawings: what may be one, and what becomes of a PNG."""

import struct
import zlib

import pytest
from django.conf import settings

from lmp.outward.drawings import PNG_BEGINS, as_svg, can_be_shown

ICON = settings.BASE_DIR / "static/img/icon.svg"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'


def png(width: int, height: int) -> bytes:
    """Half see-through."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\0\xaa\x55\x80" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return PNG_BEGINS + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def test_a_png_becomes_an_svg_of_its_size(tmp_path):
    file = tmp_path / "logo.png"
    file.write_bytes(png(30, 6))
    assert 'viewBox="0 0 30 6"' in as_svg(file)
    assert "data:image/png;base64,iVBORw0KGgo" in as_svg(file)
    assert as_svg(ICON) == ICON.read_text()


@pytest.mark.parametrize(
    ("content", "can"),
    [
        (png(30, 6), True),
        (SVG.encode(), True),
        (png(30, 6)[:-12], False),
        (SVG[:-2].encode(), False),
        (b"<svg/>", False),
        (b"A text about <svg>", False),
        (b"\xff\xd8\xff\xe0", False),
        (b"", False),
    ],
)
def test_what_breaks_off_or_is_no_drawing_cannot_be_shown(content, can, tmp_path):
    file = tmp_path / "logo"
    file.write_bytes(content)
    assert can_be_shown(str(file)) is can


def test_no_file_cannot_be_shown(tmp_path):
    assert not can_be_shown(str(tmp_path / "logo.svg"))
