import io
import re
import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from time import process_time

import pypdf
import pytest
import typst

from lmp.welcome import content
from lmp.welcome.grammar import blanks
from lmp.welcome.letter import STANDARDS, render
from lmp.welcome.letter_facts import LetterContact, LetterGathering, LetterUnit, LetterWording
from lmp.welcome.tests.letters import VENUE, indre_fosen
from parts.names import one_line
from parts.typesetting import fonts

LANGUAGES = ["nb", "nn"]
HOSTILE = {
    "markup": '#eval("1") $x^2$ <label> @ref \\ "q" *b* _i_ `r` [c] {kommune} = // /* ~ --',
    "long": "x" * 200,
    "long words": "Kårvåg og Ærøy barnehage " * 8,
    "newline": "Første linje\nAndre\r\nlinje\t\x00\x1b",
    "sami": "Guovdageaidnu Áá Čč Đđ Ŋŋ Šš Ŧŧ Žž",
    "greek and cyrillic": "Ωμέγα Дружба",
    "direction": "abc \u202e def \u200b ghi \u200d",
}


def read(pdf: bytes) -> str:
    """The text as one line: where a line or page breaks is the setter's business."""
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    return re.sub(r"\s+", " ", " ".join(pages).replace("\N{NO-BREAK SPACE}", " "))


def everywhere(name: str, language: str):
    """A letter with this text in every field that a person fills in."""
    return indre_fosen(
        language,
        municipality=name,
        governor=name,
        case_number=name,
        their_reference=name,
        postal_address=name,
        units=(LetterUnit(name, "school", name, head=name), LetterUnit(name)),
        contacts=(LetterContact("owner", name, name, name),),
        gatherings=(
            LetterGathering(None, date(2020, 4, 21), None, name, "tentative"),
            LetterGathering(1, date(2020, 9, 8), date(2020, 9, 9), name, "fixed"),
        ),
        supervisors=(name, name, name),
        wording=LetterWording(*[name] * 7),
    )


NAMED = {
    "nb": [
        "Indre Fosen kommune",
        "pulje 5",
        "Fembøringen barnehage, Leksvik barnehage, Statsbygd skole og Testmann minne skole",
        "Fylkesmannen i Trøndelag",
        "siden 2013",
        "formell oppstart i september 2020",
        "2020/2021 og 2021/2022",
        "oppstartssamling 21. april 2020 for eiere, myndigheter, styrere og rektorer",
        VENUE,
        "ikke avklart om den blir holdt",
        "Smittesituasjonen er uviss.",
        "Hovedmål:",
        "uten mobbing og andre krenkelser",
        *[f"{number}. " for number in range(1, 7)],
        "de første puljene",
        "planlegging, framdrift og finansiering",
        "fylkesmennene",
        "har fått i oppdrag å følge opp kommunene",
        "andre som kan trenge støtte",
        "Myndighet og eier prioriterer tidlig innsats",
        "skal videreutvikle kompetansen",
        "Ledelsen i barnehagene og skolene tar ansvar for",
        "skal involveres",
        "Nasjonalt senter for læringsmiljø og atferdsforskning (Læringsmiljøsenteret)",
        "erfarne folk fra barnehage og skole",
        "forholder seg i hovedsak til 2–4 veiledere",
        "fire samlinger, én i hvert semester",
        "8.–9. september 2020",
        "våren 2022",
        "Ikke avklart",
        "læringsmiljø, mobbing, endringsledelse og organisasjonsutvikling",
        "relasjonene",
        "systemrettet",
        "tiltak som bygger på kunnskap",
        "må sette av nok tid",
        "må ha sin egen prosjektgruppe, også kalt arbeidsgruppe",
        "Styrer eller rektor må lede",
        "Vi ønsker at PPT deltar",
        "se delmål 6",
        "kapasiteten i tjenesten",
        "gratis for kommunen",
        "reise og opphold på samlingene",
        "framgangsmåten for påmelding og bestilling",
        "Trygve Utprøven, Utdanningsdirektoratet",
        "Magnhild Prøvereid",
        "Roald Følgesvold",
        "Ylva Senterlid",
        "takket ja gjennom fylkesmannen",
        "mandag 11. mai 2020",
        "https://portal.example.no/kommune/1/bekreft/",
        "en kode på e-post",
        "Kari Kontakt",
        "kari.kontakt@example.no",
        "73 00 00 00",
        "974760673",
        "Antall barn",
        "120 (telt 1. oktober 2019)",
        "bredt politisk engasjement",
        "informere politisk nivå",
        "Signe Demodal",
        "avdelingsdirektør",
        "seniorrådgiver",
        "godkjent elektronisk",
        "Kopi til: Fylkesmannen i Trøndelag",
        "20. mars 2020",
        "2020/1234",
        "Org.nr. 944 305 483",
        "Svarfrist: mandag 11. mai 2020",
        "Side 1 av 3",
        "Side 3 av 3",
    ],
    "nn": [
        "Indre Fosen kommune",
        "pulje 5",
        "Fembøringen barnehage, Leksvik barnehage, Statsbygd skole og Testmann minne skole",
        "Fylkesmannen i Trøndelag",
        "sidan 2013",
        "formell oppstart i september 2020",
        "oppstartssamling 21. april 2020 for eigarar, myndigheiter, styrarar og rektorar",
        VENUE,
        "ikkje avklart om ho blir halden",
        "Hovudmål:",
        *[f"{number}. " for number in range(1, 7)],
        "(Læringsmiljøsenteret)",
        "i hovudsak med 2–4 rettleiarar",
        "har fått i oppdrag å følgje opp kommunane",
        "Myndigheit og eigar prioriterer tidleg innsats",
        "skal vidareutvikle kompetansen",
        "Leiinga i barnehagane og skulane tek ansvar for",
        "skal involverast",
        "må setje av nok tid",
        "fire samlingar, éi i kvart semester",
        "8.–9. september 2020",
        "hausten 2021",
        "må ha si eiga prosjektgruppe, òg kalla arbeidsgruppe",
        "Styrar eller rektor må leie",
        "Tilbodet er gratis",
        "reise og opphald på samlingane",
        "takka ja gjennom fylkesmannen",
        "måndag 11. mai 2020",
        "Talet på barn",
        "120 (talt 1. oktober 2019)",
        "breitt politisk engasjement",
        "informere politisk nivå",
        "godkjent elektronisk",
        "Kopi til: Fylkesmannen i Trøndelag",
        "Side 1 av 3",
    ],
}


@pytest.mark.parametrize(
    ("facts", "called"),
    [
        ({"municipality": "Voss", "designation": "herad"}, ["Voss herad"]),
        (
            {"municipality": "Kautokeino", "official_name": "Guovdageaidnu - Kautokeino"},
            ["Guovdageaidnu – Kautokeino kommune", "glad for å ha Kautokeino kommune med"],
        ),
    ],
)
def test_a_municipality_is_called_what_it_calls_itself(facts, called):
    text = read(render(indre_fosen(**facts)).content)
    assert [name for name in called if name not in text] == []


def test_the_deadline_is_on_the_first_page():
    [first, *_rest] = pypdf.PdfReader(io.BytesIO(render(indre_fosen()).content)).pages
    assert "mandag 11. mai 2020" in " ".join(first.extract_text().split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_names_every_fact(language):
    text = read(render(indre_fosen(language)).content)
    assert [fact for fact in NAMED[language] if fact not in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_is_tagged_and_for_the_archive(language):
    pdf = render(indre_fosen(language))
    assert pdf.note == ""
    root = pypdf.PdfReader(io.BytesIO(pdf.content)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == f"{language}-NO"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value
    metadata = root["/Metadata"].get_data().decode()
    assert re.search(r"pdfaid:part[>=\"]+2", metadata)
    assert re.search(r"pdfaid:conformance[>=\"]+A", metadata)
    assert re.search(r"pdfuaid:part[>=\"]+1", metadata)
    assert "pulje 5" in metadata
    assert root["/OutputIntents"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_lists_and_tables_are_tagged_as_such(language):
    kinds: list[str] = []

    def walk(element) -> None:
        element = element.get_object()
        if isinstance(element, list):
            for part in element:
                walk(part)
        elif isinstance(element, dict):
            if "/S" in element:
                kinds.append(element["/S"])
            if "/K" in element:
                walk(element["/K"])

    walk(pypdf.PdfReader(io.BytesIO(render(indre_fosen(language)).content)).trailer["/Root"]["/StructTreeRoot"])
    assert kinds.count("/Table") == 3
    assert kinds.count("/TH") == 12
    assert kinds.count("/Link") == 2
    assert {"/H1", "/H2", "/H3", "/L", "/LI", "/P"} <= set(kinds)


def test_the_same_facts_give_the_same_bytes():
    assert render(indre_fosen()) == render(indre_fosen())
    assert render(indre_fosen()).content != render(indre_fosen(dated=date(2020, 3, 21))).content


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_name_is_text_like_any_other(name, language):
    pdf = render(everywhere(name, language))
    assert not pdf.flaw
    text = re.sub(r"\s", "", read(pdf.content))
    visible = re.sub(r"\s", "", one_line(name))
    assert text.count(visible[:10]) >= 15


def test_thirty_units_are_all_named():
    names = [f"Enhet nummer {number}" for number in range(1, 31)]
    text = read(render(indre_fosen(units=tuple(LetterUnit(name) for name in names))).content)
    assert "Enhet nummer 29 og Enhet nummer 30" in text


@pytest.mark.parametrize(
    ("gathering", "said"),
    [
        (None, "Tid og sted for oppstartssamlingen er ikke avklart. Vi gir beskjed så snart det er avklart."),
        (LetterGathering(None, settled="tentative"), "Tid og sted for oppstartssamlingen er ikke avklart."),
        (LetterGathering(None, date(2020, 4, 21), settled="fixed"), "er 21. april 2020. Stedet er ikke avklart."),
        (LetterGathering(None, date(2020, 4, 21), settled="postponed"), "er utsatt. Ny dato er ikke avklart."),
        (LetterGathering(None, settled="cancelled"), "Oppstartssamlingen er avlyst."),
    ],
)
def test_a_kick_off_that_is_not_settled_is_said_to_be_so(gathering, said):
    facts = indre_fosen(gatherings=(gathering,) if gathering else (), wording=LetterWording())
    assert said in read(render(facts).content)


def test_what_is_settled_gets_no_note_that_it_is_not():
    kick_off = LetterGathering(None, date(2020, 4, 21), None, VENUE, "fixed")
    text = read(render(indre_fosen(gatherings=(kick_off,), wording=LetterWording())).content)
    assert "Vi gir beskjed" not in text
    assert "21. april 2020 (ikke avklart)" not in text


def test_each_gathering_has_its_row_with_its_day_and_its_place():
    place = "Hotell Fjordblikk, Stjørdal"
    facts = indre_fosen(
        gatherings=(
            LetterGathering(1, date(2020, 9, 8), date(2020, 9, 9), place, "fixed"),
            LetterGathering(2, date(2021, 3, 9), None, place, "postponed"),
            LetterGathering(3, date(2021, 9, 7), None, place, "cancelled"),
            LetterGathering(4, date(2022, 3, 8), None, "", "tentative"),
        )
    )
    tables = [block["rows"] for block in content.compose(facts)["blocks"] if block["kind"] == "table"]
    [rows] = [rows for rows in tables if len(rows) == 5]
    assert [row[0].partition(".")[0] for row in rows[1:]] == ["1", "2", "3", "4"]
    assert [row[1] for row in rows[1:]] == ["høsten 2020", "våren 2021", "høsten 2021", "våren 2022"]
    assert [row[2:] for row in rows[1:]] == [
        ["8.–9.\xa0september 2020", place],
        ["Utsatt, ny dato er ikke avklart", "Ikke avklart"],
        ["Avlyst", ""],
        ["8.\xa0mars 2022 (ikke avklart)", "Ikke avklart"],
    ]


def test_from_2021_the_county_governor_is_called_statsforvalter():
    facts = indre_fosen(
        "nn",
        cohort=6,
        first_year=2021,
        starts_on=date(2021, 8, 16),
        governor="Statsforvaltaren i Vestland",
    )
    text = read(render(facts).content)
    assert "statsforvaltarane" in text
    assert "ylkesm" not in text
    assert "formell oppstart 16. august 2021" in text


@pytest.mark.parametrize(
    ("names", "said"),
    [((), None), (("Vera",), "Veilederen deres er Vera."), (("A", "B", "C"), "Veilederne deres er A, B og C.")],
)
def test_supervisors_are_named_once_the_group_is_put_together(names, said):
    text = read(render(indre_fosen(supervisors=names)).content)
    assert said in text if said else "deres er" not in text


def test_one_unit_is_in_the_singular():
    text = read(render(indre_fosen(units=(LetterUnit("Ett skole"),))).content)
    assert "Enheten som deltar" in text


def test_national_days_are_called_that():
    text = read(render(indre_fosen(gathering_label="national_day")).content)
    assert "fire nasjonale fagdager" in text
    assert "1. nasjonal fagdag" in text


def test_the_cohorts_own_wording_takes_the_place_of_the_shipped():
    wording = LetterWording(
        intro="Hei, {kommune}.\n\n- ett punkt\n- to punkt", reply="Svar innen {frist}.", closing="Ha det."
    )
    text = read(render(indre_fosen(wording=wording)).content)
    assert "Hei, Indre Fosen kommune." in text
    assert "ett punkt" in text
    assert "Svar innen mandag 11. mai 2020." in text
    assert "Ha det." in text
    assert "glad for å ha" not in text


def leaves(value, path=""):
    if isinstance(value, dict):
        for key, part in value.items():
            yield from leaves(part, f"{path}.{key}")
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from leaves(part, f"{path}.{number}")
    else:
        yield path, value


def test_both_languages_say_the_same_things():
    nb, nn = (dict(leaves(content.shipped(language))) for language in LANGUAGES)
    assert nb.keys() == nn.keys()
    assert {key: blanks(text) for key, text in nb.items()} == {key: blanks(text) for key, text in nn.items()}


def test_nynorsk_has_no_bokmal_words():
    text = " ".join(text for _key, text in leaves(content.shipped("nn"))).lower()
    bokmal = r"\b(ikke|en|et|fra|jeg|dere|deres|hver|hvert|hvem|skole\w*|veiled\w*|noen|være|deltar|eier\w*)\b"
    assert re.findall(bokmal, re.sub(r"\{\w+\}", "", text)) == []


@pytest.mark.services
@pytest.mark.parametrize("language", LANGUAGES)
def test_other_programs_find_the_pdf_sound(language, tmp_path):
    path = tmp_path / "brev.pdf"
    path.write_bytes(render(indre_fosen(language)).content)
    subprocess.run(["qpdf", "--check", path], check=True, capture_output=True)
    info = subprocess.run(["pdfinfo", path], check=True, capture_output=True, text=True).stdout
    assert re.search(r"Tagged:\s+yes", info)
    assert re.search(r"Page size:.*A4", info)
    assert re.search(r"JavaScript:\s+no", info)
    metadata = subprocess.run(["pdfinfo", "-meta", path], check=True, capture_output=True, text=True).stdout
    assert re.search(r"pdfaid:part[>=\"]+2", metadata)
    assert re.search(r"pdfaid:conformance[>=\"]+A", metadata)
    fonts = subprocess.run(["pdffonts", path], check=True, capture_output=True, text=True).stdout
    assert " no " not in re.sub(r"^.*\n.*\n", "", fonts)  # every font is embedded, subset and has its Unicode map


# A text of 600 words in the letter's font and standards. Where it takes 7.8 ms of one core, a letter may take 26.5:
# less than the 30 ms promised, and a ratio holds on a machine that is slower, or busy with something else.
YARDSTICK = b"""#set document(title: "Tekst", date: auto)
#set text(font: "Inter", lang: "la")
#lorem(600)
#sys.inputs.round"""
MAX_YARDSTICKS = 3.4


def set_yardstick(number: int) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    inputs = {"round": str(number)}
    typst.compile(YARDSTICK, font_paths=fonts(), sys_inputs=inputs, pdf_standards=STANDARDS, timestamp=moment)


def processor_time(work: Callable[[], object]) -> float:
    began = process_time()
    work()
    return process_time() - began


def best_ratio(rounds: int) -> float:
    """The letter's best time over the text's, taken in turns. What else the machine does only ever adds time."""
    letters, texts = [], []
    for number in range(rounds):
        facts = indre_fosen(municipality=f"Kommune {number}")
        letters.append(processor_time(partial(render, facts)))
        texts.append(processor_time(partial(set_yardstick, number)))
    return min(letters) / min(texts)


@pytest.mark.services
@pytest.mark.alone
def test_a_letter_keeps_to_its_time():
    """`make bench` says how many milliseconds that is on the machine at hand."""
    render(indre_fosen())  # reads the fonts
    set_yardstick(-1)
    assert best_ratio(60) <= MAX_YARDSTICKS
