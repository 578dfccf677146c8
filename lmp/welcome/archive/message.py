"""What the archive is told of a letter in a form that it reads itself: an arkivmelding, as NOARK 5 has it.

Elements, their order and their values are those of Arkivverket's arkivmelding, version 5: an outgoing journal post with
the letter as its main document. What the portal does not know (classification, archive part) is left to the archive.
"""

import re
import uuid
from datetime import datetime
from xml.etree import ElementTree

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from lmp.welcome import content
from lmp.welcome.models import Letter

NAMESPACE = "http://www.arkivverket.no/standarder/noark5/arkivmelding"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
FORMAT = "PDF/A-2a"
TOWN = re.compile(r"(\d{4}) (.+)")

Fields = list["tuple[str, str | Fields]"]


def of(letter: Letter, *, file_name: str, copy_to: str) -> bytes:
    """Of a letter that was sent, with its participation's municipality: the same letter gives the same bytes.

    `copy_to`: the county governor's office that got a copy, by name; empty where none did.
    """
    if letter.sent_at is None or letter.sent_by is None:
        raise ValueError(f"letter {letter.pk} is not sent")
    municipality, size = letter.participation.municipality, len(letter.pdf)
    sent, name = _moment(letter.sent_at), letter.sent_by.name
    with translation.override(letter.language):
        title = str(letter)
    document: Fields = [
        ("dokumenttype", "Brev"),
        ("dokumentstatus", "Dokumentet er ferdigstilt"),
        ("tittel", title),
        ("opprettetDato", _moment(letter.created_at)),
        ("opprettetAv", letter.created_by.name),
        ("tilknyttetRegistreringSom", "Hoveddokument"),
        ("dokumentnummer", "1"),
        ("tilknyttetDato", sent),
        ("tilknyttetAv", name),
        (
            "dokumentobjekt",
            [
                ("versjonsnummer", "1"),
                ("variantformat", "Arkivformat" if letter.archival else "Produksjonsformat"),
                ("format", FORMAT if letter.archival else "PDF"),
                ("opprettetDato", _moment(letter.created_at)),
                ("opprettetAv", letter.created_by.name),
                ("referanseDokumentfil", file_name),
                ("sjekksum", letter.sha256),
                ("sjekksumAlgoritme", "SHA-256"),
                ("filstoerrelse", str(size)),
            ],
        ),
    ]
    recipient: Fields = [
        ("korrespondanseparttype", "Mottaker"),
        ("korrespondansepartNavn", municipality.as_addressed),
        *([("organisasjonsnummer", municipality.organisation_number)] if municipality.organisation_number else []),
        *_address(letter.postal_address),
    ]
    copied: Fields = [("korrespondanseparttype", "Kopimottaker"), ("korrespondansepartNavn", copy_to)]
    case: Fields = []
    if letter.case_number:
        with translation.override(letter.language):
            case = [("beskrivelse", _("Saksnummer %(number)s") % {"number": letter.case_number})]
    record: Fields = [
        ("opprettetDato", _moment(letter.created_at)),
        ("opprettetAv", letter.created_by.name),
        ("dokumentbeskrivelse", document),
        ("tittel", title),
        *case,
        ("korrespondansepart", recipient),
        *([("korrespondansepart", copied)] if copy_to else []),
        *([("korrespondansepart", _sender(letter))] if letter.case_worker else []),
        ("journalposttype", "Utgående dokument"),
        ("journalstatus", "Ekspedert"),
        ("dokumentetsDato", timezone.localdate(letter.sent_at).isoformat()),
        ("sendtDato", sent),
    ]
    ElementTree.register_namespace("", NAMESPACE)
    ElementTree.register_namespace("xsi", INSTANCE)
    root = ElementTree.Element(f"{{{NAMESPACE}}}arkivmelding")
    head: Fields = [
        ("system", "Læringsmiljøportalen"),
        ("meldingId", key(letter)),
        ("tidspunkt", sent),
        ("antallFiler", "1"),
        ("registrering", record),
    ]
    _fill(root, head)
    root[-1].set(f"{{{INSTANCE}}}type", "journalpost")
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _address(text: str) -> Fields:
    """Its last line has elements of its own where it is a postcode and a place."""
    lines = text.splitlines()
    town = TOWN.fullmatch(lines[-1]) if lines else None
    found: Fields = [("postadresse", line) for line in (lines[:-1] if town else lines)]
    return [*found, ("postnummer", town[1]), ("poststed", town[2])] if town else found


def _sender(letter: Letter) -> Fields:
    """Who at the directorate has the case: a name, and after a comma maybe a telephone, which has no element here."""
    words = content.shipped(letter.language)
    return [
        ("korrespondanseparttype", "Avsender"),
        ("korrespondansepartNavn", words["sender"]),
        ("organisasjonsnummer", words["sender_number"]),
        ("saksbehandler", letter.case_worker.partition(",")[0]),
    ]


def key(letter: Letter) -> str:
    """By which the archive may name the letter when it tells where it is journalled."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{letter.pk} {letter.sha256}"))


def _fill(place: ElementTree.Element, fields: Fields) -> None:
    for name, value in fields:
        element = ElementTree.SubElement(place, f"{{{NAMESPACE}}}{name}")
        if isinstance(value, str):
            element.text = value
        else:
            _fill(element, value)


def _moment(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")
