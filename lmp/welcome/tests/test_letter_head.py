"""Whose letter it is and to whom, above the text: names, address, numbers, references and logo."""

import io
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from django.conf import settings
from django.utils import timezone

from lmp.outward.drawings import as_svg
from lmp.outward.tests.test_drawings import png
from lmp.welcome import content
from lmp.welcome.letter import render
from lmp.welcome.load_facts import letter_facts
from lmp.welcome.models import LetterText
from lmp.welcome.tests.letters import indre_fosen
from lmp.welcome.tests.standards.rules import faults
from lmp.welcome.tests.test_letter import read

LOGO = settings.BASE_DIR / "static/img/icon.svg"
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)"')
PAGE, LEFT, RIGHT = 595.28, 26 / 25.4 * 72, 24 / 25.4 * 72  # points: A4, and the margins that letter.typ sets


def with_case_worker(facts, name: str):
    return replace(facts, wording=replace(facts.wording, case_worker=name))


def outside(pdf: bytes, folder: Path) -> list[tuple[float, float]]:
    """The words that reach into a margin."""
    (folder / "letter.pdf").write_bytes(pdf)
    told = subprocess.run(
        ["pdftotext", "-bbox", "letter.pdf", "-"], cwd=folder, check=True, capture_output=True, text=True
    )
    words = [(float(left), float(right)) for left, right in WORD.findall(told.stdout)]
    assert words
    return [(left, right) for left, right in words if left < LEFT - 1 or right > PAGE - RIGHT + 1]


@pytest.mark.parametrize(
    ("language", "named"),
    [
        ("nb", "Vår ref.: 2020/1234 Deres ref.: 20/77 Saksbehandler: Trygve Utprøven, 23 30 12 00 Svarfrist:"),
        ("nn", "Vår ref.: 2020/1234 Dykkar ref.: 20/77 Saksbehandlar: Trygve Utprøven, 23 30 12 00 Svarfrist:"),
    ],
)
def test_the_head_names_what_is_known(language, named):
    facts = indre_fosen(language, their_reference="20/77", postal_address="Postboks 23\n7100 Rissa")
    said = read(render(with_case_worker(facts, "Trygve Utprøven, 23 30 12 00")).content)
    assert named in said
    assert "Indre Fosen kommune Postboks 23 7100 Rissa Org.nr. 944 305 483" in said


@pytest.mark.parametrize("number", ["23 30 12 00", "913 12 345"])
def test_a_case_workers_telephone_is_not_broken_over_two_lines(number):
    facts = with_case_worker(indre_fosen(), f"Trygve Utprøven, {number}")
    shown = number.replace(" ", "\N{NO-BREAK SPACE}")
    assert ["Saksbehandler", f"Trygve Utprøven, {shown}"] in content.compose(facts)["references"]


def test_what_is_not_known_leaves_no_label():
    said = read(render(indre_fosen(case_number="")).content)
    assert not [label for label in ("Vår ref.", "Deres ref.", "Saksbehandler") if label in said]
    assert "Indre Fosen kommune Org.nr. 944 305 483" in said


def test_each_page_says_who_the_sender_is_by_number():
    assert read(render(indre_fosen()).content).count("Utdanningsdirektoratet · Org.nr. 970 018 131 · ") == 3


@pytest.mark.services
@pytest.mark.parametrize("text", ["W" * 30, "W" * 10 + "/" + "W" * 19, "2027/1234-1"])
def test_no_reference_or_address_runs_off_the_page(text, tmp_path):
    facts = indre_fosen(case_number=text, their_reference=text, postal_address="\n".join([text * 2] * 3))
    assert outside(render(with_case_worker(facts, text * 3)).content, tmp_path) == []


@pytest.mark.parametrize("size", [None, (300, 60), (60, 300), (1600, 60)])
@pytest.mark.parametrize("language", ["nb", "nn"])
def test_the_owners_logo_takes_the_place_of_its_name_and_is_read_aloud_as_it(language, size, tmp_path):
    logo = LOGO
    if size:
        logo = tmp_path / "logo.png"
        logo.write_bytes(png(*size))
    plain, shown = render(indre_fosen(language)), render(indre_fosen(language, logo=as_svg(logo)))
    assert (shown.flaw, faults(pypdf.PdfReader(io.BytesIO(shown.content)))) == ("", [])
    assert read(plain.content).startswith("Utdanningsdirektoratet")
    assert not read(shown.content).startswith("Utdanningsdirektoratet")
    assert b"/Alt" in shown.content
    assert b"/Alt" not in plain.content


@pytest.mark.services
def test_a_wide_logo_is_made_smaller_and_not_cut(tmp_path):
    (tmp_path / "logo.png").write_bytes(png(1600, 60))
    (tmp_path / "letter.pdf").write_bytes(render(indre_fosen(logo=as_svg(tmp_path / "logo.png"))).content)
    told = subprocess.run(
        ["pdfimages", "-list", "letter.pdf"], cwd=tmp_path, check=True, capture_output=True, text=True
    ).stdout
    [across, *_others] = [int(row.split()[12]) for row in told.splitlines()[2:]]
    assert across == pytest.approx(1600 / ((PAGE - LEFT - RIGHT) / 72), abs=1)


def test_it_is_all_from_what_staff_have_written(participation, cohort, settings):
    participation.their_reference, participation.postal_address = "27/55", "Postboks 23\n7100 Rissa"
    LetterText.objects.create(cohort=cohort, language="nb", case_worker="Siv Sak")
    settings.LOGO_FILE = str(LOGO)
    facts = letter_facts(participation, today=timezone.localdate())
    assert (facts.their_reference, facts.postal_address) == ("27/55", "Postboks 23\n7100 Rissa")
    assert (facts.wording.case_worker, facts.logo) == ("Siv Sak", LOGO.read_text())
