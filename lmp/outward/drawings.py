"""The owner's own drawings, from the files that the settings name: they are not ours to have in the project."""

import base64
import struct
from pathlib import Path
from xml.etree import ElementTree

SVG = "http://www.w3.org/2000/svg"
PNG_BEGINS, PNG_ENDS = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"


def as_svg(file: str | Path) -> str:
    """The drawing, a PNG within one of its size. Raises ValueError for what is neither, OSError where nothing is."""
    content = Path(file).read_bytes()
    if not content.startswith(PNG_BEGINS):
        return content.decode()
    if not content.endswith(PNG_ENDS):
        raise ValueError(f"{file} is a part of a PNG")
    width, height = struct.unpack(">II", content[16:24])
    data = base64.b64encode(content).decode()
    size = f'width="{width}" height="{height}"'
    return (
        f'<svg xmlns="{SVG}" {size} viewBox="0 0 {width} {height}">'
        f'<image {size} href="data:image/png;base64,{data}"/></svg>'
    )


def can_be_shown(file: str) -> bool:
    """Whether a browser and a letter can: a letter is not set at all with a drawing that breaks off."""
    try:
        drawing = ElementTree.fromstring(as_svg(file))  # noqa: S314 – the file of whoever sets up the portal
        return drawing.tag == f"{{{SVG}}}svg"
    except (OSError, ValueError, ElementTree.ParseError):
        return False
