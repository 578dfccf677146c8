"""What PDF/A-2a and PDF/UA-1 ask of a file and can be read in it, each under a name of its own.

No validator of these standards is in the registries that the project is built from. These rules are written from the
standards (ISO 19005-2, ISO 14289-1, and the Matterhorn Protocol's list of what a program can see), and read the file by
another library than the one that made it.
"""

import re
from collections.abc import Iterator
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream, DictionaryObject

PAINTS = {
    b"Tj",
    b"TJ",
    b"'",
    b'"',
    b"f",
    b"F",
    b"f*",
    b"S",
    b"s",
    b"B",
    b"B*",
    b"b",
    b"b*",
    b"Do",
    b"sh",
    b"INLINE IMAGE",
}
SHOWS_TEXT = {b"Tj", b"TJ", b"'", b'"'}
HEADING = re.compile(r"/H([1-6])")
METADATA = {"pdfaid:part": "2", "pdfaid:conformance": "A", "pdfuaid:part": "1"}


def faults(pdf: PdfReader) -> list[str]:
    """The names of the rules that the file breaks, once each."""
    return list(dict.fromkeys(_faults(pdf)))


def _faults(pdf: PdfReader) -> Iterator[str]:
    root = pdf.root_object
    if pdf.is_encrypted:
        yield "encrypted"
    yield from _of_the_catalogue(root)
    metadata = _at(root, "/Metadata").get_data().decode()
    for name, said in METADATA.items():
        if not re.search(rf"{name}[>=\"]+{said}", metadata):
            yield f"no {name}"
    if not re.search(r"<dc:title>.*\w.*</dc:title>", metadata, re.DOTALL):
        yield "no title"
    for page in pdf.pages:
        for font in _fonts(page).values():
            yield from _of_a_font(font)
        yield from _of_a_page(page)
    yield from _of_the_tree(_at(root, "/StructTreeRoot", {}))


def _at(place: Any, name: str, default: Any = None) -> Any:
    """What is there itself, where the file has a reference to it."""
    found = place.get(name)
    return default if found is None else found.get_object()


def _of_the_catalogue(root: DictionaryObject) -> Iterator[str]:
    if not _at(_at(root, "/MarkInfo", {}), "/Marked", False):
        yield "not marked"
    if "/StructTreeRoot" not in root:
        yield "no structure"
    if not re.fullmatch(r"(nb|nn)-NO", str(root.get("/Lang", ""))):
        yield "no language"
    if not _at(_at(root, "/ViewerPreferences", {}), "/DisplayDocTitle", False):
        yield "title not displayed"
    intents = [each.get_object() for each in _at(root, "/OutputIntents", [])]
    if not any(each.get("/S") == "/GTS_PDFA1" and "/DestOutputProfile" in each for each in intents):
        yield "no output intent"
    if {"/AA", "/OpenAction"} & set(root) or "/JavaScript" in _at(root, "/Names", {}):
        yield "does something by itself"


def _fonts(page: PageObject) -> dict[str, DictionaryObject]:
    fonts = _at(_at(page, "/Resources", {}), "/Font", {})
    return {name: font.get_object() for name, font in fonts.items()}


def _of_a_font(font: DictionaryObject) -> Iterator[str]:
    if "/ToUnicode" not in font:
        yield "letters without a meaning"
    descendant = _at(font, "/DescendantFonts", [font])[0].get_object()
    if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(_at(descendant, "/FontDescriptor", {})):
        yield "font not embedded"


def _of_a_page(page: PageObject) -> Iterator[str]:
    links = [each.get_object() for each in _at(page, "/Annots", [])]
    if links and page.get("/Tabs") != "/S":
        yield "no order for the keyboard"
    if any(not {"/Contents", "/StructParent"} <= set(each) for each in links):
        yield "link without words or place"
    wide = {name: font.get("/Subtype") == "/Type0" for name, font in _fonts(page).items()}
    marks: list[bool] = []
    is_wide = False
    for operands, operator in ContentStream(page.get_contents(), page.pdf).operations:
        if operator in (b"BDC", b"BMC"):
            marks.append(operands[0] == "/Artifact" or (len(operands) > 1 and "/MCID" in operands[1]))
        elif operator == b"EMC":
            marks.pop()
        elif operator == b"Tf":
            is_wide = wide[operands[0]]
        if operator in PAINTS and not any(marks):
            yield "neither content nor decoration"
        if operator in SHOWS_TEXT and is_wide and b"\0\0" in glyphs(operands[-1]):
            yield "a letter without a shape"


def glyphs(shown: Any) -> list[bytes]:
    """Each glyph's number, two bytes."""
    strings = [part for part in (shown if isinstance(shown, list) else [shown]) if hasattr(part, "original_bytes")]
    return [part.original_bytes[at : at + 2] for part in strings for at in range(0, len(part.original_bytes), 2)]


def _of_the_tree(tree: Any) -> Iterator[str]:
    level = 0
    for element in elements(tree):
        kind = str(element["/S"])
        if heading := HEADING.fullmatch(kind):
            if int(heading[1]) > level + 1:
                yield "a heading is passed over"
            level = int(heading[1])
        if kind == "/TH" and not any("/Scope" in each for each in _attributes(element)):
            yield "a heading of a table is of neither row nor column"
        if kind == "/Figure" and "/Alt" not in element:
            yield "a picture without words"


def elements(place: Any) -> Iterator[DictionaryObject]:
    """Those below this place in the tree, in the order in which they are read aloud."""
    kids = _at(place, "/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        element = kid.get_object()
        if isinstance(element, DictionaryObject) and "/S" in element:
            yield element
            yield from elements(element)


def _attributes(element: DictionaryObject) -> list[Any]:
    found = _at(element, "/A", [])
    return [each.get_object() for each in (found if isinstance(found, list) else [found])]
