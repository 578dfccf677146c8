"""The letter keeps to PDF/A-2a and PDF/UA-1, whatever those in it are called."""

import io
from collections.abc import Callable
from datetime import date

import pytest
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import ContentStream, DecodedStreamObject, DictionaryObject, NameObject

from lmp.welcome.letter import render
from lmp.welcome.letter_facts import LetterUnit
from lmp.welcome.tests.letters import indre_fosen
from lmp.welcome.tests.standards.rules import SHOWS_TEXT, elements, faults, glyphs
from lmp.welcome.tests.test_letter import everywhere, read
from tests.browsing import LANGUAGES

SCRIPTS = {
    "latin": "Ærøy Čáhcesuolu Nguyễn Łódź Ōsaka",
    "greek": "Ωμέγα",
    "cyrillic": "Дружба Їжак",
    "arabic": "محمد علي نبيل",
    "urdu": "پاکستان ٹیچر",
    "kurdish": "ڕۆژ ێوارە",
    "hebrew": "שלום עליכם",
    "hindi": "नमस्ते क्षत्रिय",
    "tamil": "வணக்கம்",
    "punjabi": "ਸਤਿ ਸ੍ਰੀ ਅਕਾਲ",
    "bengali": "বাংলাদেশ",
    "thai": "สวัสดีครับ",
    "telugu": "తెలుగు",
    "kannada": "ಕನ್ನಡ",
    "malayalam": "മലയാളം",
    "gujarati": "ગુજરાતી",
    "sinhala": "සිංහල",
    "khmer": "ខ្មែរ",
    "burmese": "မြန်မာ",
    "lao": "ລາວ",
    "tigrinya": "ትግርኛ ሰላም",
    "georgian": "გამარჯობა",
    "armenian": "Բարև",
    "chinese": "张伟 張偉 幼儿园",
    "japanese": "日本 ひらがな カタカナ",
    "korean": "안녕하세요",
    "symbols": "→ ★ ☎ ✓ ♫ ½ № ∑",
    "emoji": "😀 🎉 🏫",
    "both directions": "Skolen علي 12 (שלום)",
    "long": "å" * 200,
    "long arabic": "محمد " * 40,
}
NOWHERE = {
    "hieroglyph": "𓀀",
    "private use": "\ue000",
    "no character": "\ufffe",
    "old cyrillic": "ꙮ",
    "a face": "\U0010fffd",
}


def opened(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def shapes(pdf: PdfReader, font: str) -> set[bytes]:
    """The numbers of what is drawn in this font on the first page."""
    page, drawn, within = pdf.pages[0], set(), False
    names = {name for name, each in page["/Resources"]["/Font"].items() if font in each["/BaseFont"]}
    for operands, operator in ContentStream(page.get_contents(), pdf).operations:
        if operator == b"Tf":
            within = operands[0] in names
        elif operator in SHOWS_TEXT and within:
            drawn.update(glyphs(operands[-1]))
    return drawn


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_breaks_no_rule(language):
    assert faults(opened(render(indre_fosen(language)).content)) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", SCRIPTS.values(), ids=SCRIPTS)
def test_a_name_in_any_script_is_shown_by_the_standards(name):
    pdf = render(everywhere(name, "nb"))
    assert (pdf.flaw, pdf.replaced, pdf.note) == ("", "", "")
    assert faults(opened(pdf.content)) == []


def test_arabic_letters_are_joined():
    """One letter has four shapes: alone, first, within and last. No rule of the standards sees which is drawn."""
    pdf = opened(render(everywhere("ن ننن", "nb")).content)
    assert len(shapes(pdf, "NotoSansArabic")) >= 4


@pytest.mark.parametrize("letter", NOWHERE.values(), ids=NOWHERE)
def test_a_letter_that_no_font_has_is_replaced_and_told(letter):
    pdf = render(everywhere(f"Åse {letter} Dal", "nb"))
    assert (pdf.flaw, pdf.replaced) == ("", letter)
    assert f"U+{ord(letter):04X}" in pdf.note
    assert faults(opened(pdf.content)) == []
    assert "Åse □ Dal" in read(pdf.content)


def test_the_note_is_never_longer_than_its_field():
    many = "".join(map(chr, range(0x13000, 0x13400)))
    assert len(render(everywhere(many, "nb")).note) <= 500


def test_forty_units_with_long_names():
    units = tuple(
        LetterUnit(f"{number} {'Kårvåg og Ærøy barnehage ' * 8}"[:200], "school", "974764687", children=number)
        for number in range(40)
    )
    pdf = render(indre_fosen(units=units, dated=date(2027, 1, 4)))
    assert pdf.note == ""
    assert faults(opened(pdf.content)) == []


Change = Callable[[PdfWriter], object]


def without(*names: str) -> Change:
    def breaks(pdf: PdfWriter) -> None:
        place = pdf.root_object
        for name in names[:-1]:
            place = place[name].get_object()
        del place[names[-1]]

    return breaks


def says(before: bytes, after: bytes) -> Change:
    def breaks(pdf: PdfWriter) -> None:
        stream = pdf.root_object["/Metadata"].get_object()
        stream.set_data(stream.get_data().replace(before, after))

    return breaks


def first(kind: str, change: Callable[[DictionaryObject], object]) -> Change:
    """The change is made to the first such element of the tree."""
    return lambda pdf: change(next(each for each in elements(pdf.root_object["/StructTreeRoot"]) if each["/S"] == kind))


def drawn(content: str) -> Change:
    """{font}: one that is on the page."""

    def breaks(pdf: PdfWriter) -> None:
        page = pdf.pages[0]
        stream = DecodedStreamObject()
        [font, *_others] = page["/Resources"]["/Font"]
        stream.set_data(page.get_contents().get_data() + content.format(font=font).encode())
        page[NameObject("/Contents")] = stream

    return breaks


def fonts(change: Callable[[DictionaryObject], object]) -> Change:
    return lambda pdf: [change(font.get_object()) for font in pdf.pages[0]["/Resources"]["/Font"].values()]


def no_file(font: DictionaryObject) -> None:
    descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
    for name in {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor):
        del descriptor[name]


def by_itself(pdf: PdfWriter) -> None:
    pdf.root_object[NameObject("/OpenAction")] = DictionaryObject()


def linked(change: Callable[[PageObject], object]) -> Change:
    return lambda pdf: [change(page) for page in pdf.pages if "/Annots" in page]


BROKEN = {
    "not marked": without("/MarkInfo"),
    "no structure": without("/StructTreeRoot"),
    "no language": without("/Lang"),
    "title not displayed": without("/ViewerPreferences", "/DisplayDocTitle"),
    "no output intent": without("/OutputIntents"),
    "does something by itself": by_itself,
    "no pdfaid:part": says(b"pdfaid:part", b"pdfaid:del"),
    "no pdfaid:conformance": says(b"pdfaid:conformance", b"pdfaid:samsvar"),
    "no pdfuaid:part": says(b"pdfuaid:part", b"pdfuaid:del"),
    "no title": says(b"dc:title", b"dc:tittel"),
    "letters without a meaning": fonts(lambda font: font.__delitem__("/ToUnicode")),
    "font not embedded": fonts(no_file),
    "no order for the keyboard": linked(lambda page: page.__delitem__("/Tabs")),
    "link without words or place": linked(lambda page: page["/Annots"][0].get_object().__delitem__("/Contents")),
    "neither content nor decoration": drawn(" 0 0 10 10 re f"),
    "a letter without a shape": drawn(" /Artifact BMC BT {font} 9 Tf <0000> Tj ET EMC"),
    "a heading is passed over": first("/H1", lambda element: element.update({NameObject("/S"): NameObject("/H2")})),
    "a heading of a table is of neither row nor column": first("/TH", lambda element: element.__delitem__("/A")),
    "a picture without words": first("/P", lambda element: element.update({NameObject("/S"): NameObject("/Figure")})),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_letter_that_breaks_a_rule_is_found(rule):
    pdf = PdfWriter(clone_from=io.BytesIO(render(indre_fosen()).content))
    BROKEN[rule](pdf)
    written = io.BytesIO()
    pdf.write(written)
    assert rule in faults(PdfReader(written))
