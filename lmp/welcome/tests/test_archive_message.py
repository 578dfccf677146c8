"""What an archive reads of each letter by itself."""

import hashlib
import zipfile
from xml.dom import minidom
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from lmp.welcome import sending
from lmp.welcome.archive import download, message
from lmp.welcome.models import Letter, LetterText
from participants.models import Municipality, Participation

NOARK = {"": message.NAMESPACE}
# In the order that the schema has, of what is used here.
RECORD = [
    "opprettetDato",
    "opprettetAv",
    "dokumentbeskrivelse",
    "tittel",
    "beskrivelse",
    "korrespondansepart",
    "korrespondansepart",
    "journalposttype",
    "journalstatus",
    "dokumentetsDato",
    "sendtDato",
]


@pytest.fixture
def letter(participation, contact, staff, letter_for) -> Letter:
    Municipality.objects.filter(pk=participation.municipality_id).update(organisation_number="944305483")
    Participation.objects.filter(pk=participation.pk).update(case_number="2027/1234")
    approved = letter_for(participation).fingerprint
    sending.send(participation.pk, approved=approved, by=staff, now=timezone.now())
    return Letter.objects.select_related("participation__municipality").get()


def read(letter, copy_to=""):
    found = message.of(letter, file_name="brev.pdf", copy_to=copy_to)
    minidom.parseString(found)  # a second parser
    return ElementTree.fromstring(found)


def names(element) -> list[str]:
    return [each.tag.removeprefix(f"{{{message.NAMESPACE}}}") for each in element]


def test_it_says_what_the_letter_is_to_whom_and_which_file(letter, staff):
    root = read(letter, copy_to="Statsforvalteren i Trøndelag")
    assert names(root) == ["system", "meldingId", "tidspunkt", "antallFiler", "registrering"]
    record = root.find("registrering", NOARK)
    assert record.attrib == {f"{{{message.INSTANCE}}}type": "journalpost"}
    assert names(record) == RECORD
    assert record.findtext("beskrivelse", namespaces=NOARK) == "Saksnummer 2027/1234"
    assert record.findtext("dokumentetsDato", namespaces=NOARK) == timezone.localdate(letter.sent_at).isoformat()
    to, copied = record.findall("korrespondansepart", NOARK)
    assert [each.text for each in to] == ["Mottaker", "Indre Fosen kommune", "944305483"]
    assert [each.text for each in copied] == ["Kopimottaker", "Statsforvalteren i Trøndelag"]
    described = record.find("dokumentbeskrivelse", NOARK)
    file = described.find("dokumentobjekt", NOARK)
    assert file.findtext("referanseDokumentfil", namespaces=NOARK) == "brev.pdf"
    assert file.findtext("sjekksum", namespaces=NOARK) == hashlib.sha256(bytes(letter.pdf)).hexdigest()
    assert file.findtext("filstoerrelse", namespaces=NOARK) == str(len(letter.pdf))
    assert {file.findtext("opprettetAv", namespaces=NOARK), described.findtext("tilknyttetAv", namespaces=NOARK)} == {
        staff.name
    }


def test_what_is_not_known_is_left_out(letter):
    Municipality.objects.update(organisation_number="")
    letter.case_number = ""
    letter.participation.municipality.refresh_from_db()
    record = read(letter).find("registrering", NOARK)
    assert names(record) == [name for name in dict.fromkeys(RECORD) if name != "beskrivelse"]
    assert len(record.find("korrespondansepart", NOARK)) == 2


def parties(letter) -> list[list[tuple[str, str]]]:
    found = read(letter).findall(".//korrespondansepart", NOARK)
    return [list(zip(names(party), [each.text for each in party], strict=True)) for party in found]


def test_the_address_and_the_case_worker_are_those_that_the_letter_has(
    participation, contact, cohort, staff, letter_for
):
    of = Participation.objects.filter(pk=participation.pk)
    of.update(postal_address="Rådhuset\nPostboks 23\n7100 Rissa")
    LetterText.objects.create(cohort=cohort, language="nb", case_worker="Siv Sak, 23 30 12 00")
    participation.refresh_from_db()
    sending.send(participation.pk, approved=letter_for(participation).fingerprint, by=staff, now=timezone.now())
    of.update(postal_address="Annen vei 1\n0001 Oslo")
    LetterText.objects.update(case_worker="En annen")
    to, sender = parties(Letter.objects.get())
    assert to[-4:] == [
        ("postadresse", "Rådhuset"),
        ("postadresse", "Postboks 23"),
        ("postnummer", "7100"),
        ("poststed", "Rissa"),
    ]
    assert sender == [
        ("korrespondanseparttype", "Avsender"),
        ("korrespondansepartNavn", "Utdanningsdirektoratet"),
        ("organisasjonsnummer", "970018131"),
        ("saksbehandler", "Siv Sak"),
    ]


def test_an_address_that_ends_in_no_postcode_is_all_lines(letter):
    letter.postal_address = "Postboks 23\nRissa"
    [to] = parties(letter)
    assert to[-2:] == [("postadresse", "Postboks 23"), ("postadresse", "Rissa")]


def test_a_letter_that_is_no_archive_format_does_not_say_so(letter):
    letter.archival = False
    file = read(letter).find(".//dokumentobjekt", NOARK)
    assert file.findtext("variantformat", namespaces=NOARK) == "Produksjonsformat"
    assert file.findtext("format", namespaces=NOARK) == "PDF"


@pytest.mark.parametrize("name", ["Porsanger - Porsáŋgu", 'Åse & <Dal> "Æ" ]]>', "x" * 200])
def test_names_are_text(letter, name):
    letter.participation.municipality.name_official = name
    [to] = read(letter).findall(".//korrespondansepart", NOARK)
    assert to[1].text == f"{name} kommune".replace(" - ", " – ")


def test_the_same_letter_gives_the_same_bytes(letter):
    once = message.of(letter, file_name="brev.pdf", copy_to="")
    assert message.of(Letter.objects.get(), file_name="brev.pdf", copy_to="") == once


def test_in_the_zip_it_names_the_file_beside_it(letter, cohort):
    with download.whole(cohort, now=timezone.now()) as file, zipfile.ZipFile(file) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".xml")]
        root = ElementTree.fromstring(archive.read(name))
        document = root.find(".//dokumentobjekt", NOARK)
        content = archive.read(document.findtext("referanseDokumentfil", namespaces=NOARK))
    assert hashlib.sha256(content).hexdigest() == document.findtext("sjekksum", namespaces=NOARK)
    assert str(len(content)) == document.findtext("filstoerrelse", namespaces=NOARK)
