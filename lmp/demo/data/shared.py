"""What is shared: a word to the running pulje, papers for the next kick-off and for a county, read by some; a draft."""

import io
import uuid
import zipfile
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from gatherings.models import Gathering
from lmp.demo.data import cast, current, running
from lmp.demo.days import Days
from lmp.demo.personas import CONTACT, HEAD
from lmp.sharing import audience, files, reading
from lmp.sharing.models import Publication
from participants.models import Cohort, County

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def pdf(*lines: str) -> bytes:
    """One page with these lines, the first of them large. Nothing but what a reader needs to draw it."""
    drawn = ["BT", "/F1 20 Tf", "60 770 Td", "24 TL"]
    for number, line in enumerate(lines):
        escaped = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        drawn += [f"({escaped}) Tj", "T*"] + (["/F1 12 Tf", "18 TL"] if number == 0 else [])
    stream = "\n".join([*drawn, "ET"]).encode("cp1252")
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
    page += b" /Resources << /Font << /F1 5 0 R >> >> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        font,
    ]
    made, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(made))
    return made + head + table + trailer


def docx(*lines: str) -> bytes:
    """The least that Word opens: a paragraph for each line."""
    paragraphs = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    types = (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    relation = f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
    parts = {
        "[Content_Types].xml": types,
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{relation}</Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{paragraphs}</w:body></w:document>',
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), f'<?xml version="1.0" encoding="UTF-8"?>{content}')
    return file.getvalue()


def load(days: Days, players: cast.Cast) -> None:
    """After both pulje are there."""
    under_way, coming = (Cohort.objects.get(number=each.NUMBER) for each in (running, current))
    news = _publish(
        players,
        days.at(-9),
        cohort=under_way,
        title_nb="Nye spørsmål i Elevundersøkelsen",
        text_nb="Spørsmålene om trygghet er endret. Se hva det betyr for kartleggingen deres: https://www.udir.no/",
        title_nn="Nye spørsmål i Elevundersøkinga",
        text_nn="Spørsmåla om tryggleik er endra. Sjå kva det betyr for kartlegginga dykkar: https://www.udir.no/",
    )
    _attach(news, players, days.at(-9), "Elevundersøkelsen.pdf", pdf("Elevundersøkelsen", "Tre spørsmål er nye."))
    template = _publish(
        players,
        days.at(-20),
        cohort=under_way,
        kinds=["head", "supervisor"],
        title_nb="Mal for tiltaksplan",
        text_nb="Fyll ut malen sammen med prosjektgruppa, og ta den med til neste veiledningsmøte.",
        title_nn="Mal for tiltaksplan",
        text_nn="Fyll ut malen saman med prosjektgruppa, og ta han med til neste rettleiingsmøte.",
    )
    _attach(template, players, days.at(-20), "Tiltaksplan.docx", docx("Tiltaksplan", "Hva vil vi få til?"))
    newer = SimpleUploadedFile("Tiltaksplan.docx", docx("Tiltaksplan", "Hva vil vi få til?", "Hvordan vet vi det?"))
    files.replace(template.files.get(), newer, by=players.colleague, now=days.at(-4))
    _to_the_coming(coming, days, players)
    _read(news, days.at(-8), every=2)
    _read(template, days.at(-15), every=3)


def _to_the_coming(cohort: Cohort, days: Days, players: cast.Cast) -> None:
    kick_off = Gathering.objects.get(cohort=cohort, kind=Gathering.Kind.KICK_OFF)
    papers = _publish(
        players,
        days.at(-3),
        cohort=cohort,
        gathering=kick_off,
        title_nb="Program og forberedelse til oppstartssamlingen",
        text_nb="Les forberedelsen før dere kommer. Den tar en halv time.",
        title_nn="Program og førebuing til oppstartssamlinga",
        text_nn="Les førebuinga før de kjem. Ho tek ein halv time.",
    )
    _attach(
        papers, players, days.at(-3), "Program.pdf", pdf("Program", "10.00 Velkommen", "12.00 Lunsj", "16.00 Slutt")
    )
    _attach(papers, players, days.at(-3), "Forberedelse.docx", docx("Forberedelse", "Hvordan har barna det hos dere?"))
    county = County.objects.get(municipalities__participations__cohort=cohort, municipalities__number="5054")
    _publish(
        players,
        days.at(-2),
        cohort=cohort,
        county=county,
        title_nb=f"Nettmøte for kommunene i {county}",
        text_nb="Statsforvalteren og vi inviterer til et nettmøte neste måned. Lenken kommer her.",
    )
    facts = {"cohort": cohort, "title_nb": "Rapporten fra pulje 5", "text_nb": "Hva lærte de som var med før dere?"}
    Publication.write(facts=facts, token=uuid.uuid4(), by=players.colleague, now=days.at(-1))


def _publish(players: cast.Cast, at: datetime, **facts: object) -> Publication:
    made = Publication.write(facts=facts, token=uuid.uuid4(), by=players.staff, now=at)
    made.publish(by=players.staff, now=at)
    return made


def _attach(publication: Publication, players: cast.Cast, at: datetime, name: str, content: bytes) -> None:
    files.add(publication, [SimpleUploadedFile(name, content)], by=players.staff, now=at)


def _read(publication: Publication, at: datetime, *, every: int) -> None:
    """By some of those it is for. The demo's own people find it unread."""
    shown = {CONTACT.email, HEAD.email}
    readers = audience.readers(publication, today=at.date())
    for person in User.objects.filter(pk__in=sorted(readers)[::every]).exclude(email__in=shown):
        reading.note(publication, person, now=at)
