import io
import re

import pypdf
import pytest
from django.core.management import CommandError, call_command


def letter(*args) -> str:
    out = io.StringIO()
    call_command("letter", *args, stdout=out)
    return out.getvalue().strip()


def text_of(path) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pypdf.PdfReader(path).pages))


def test_it_writes_the_letter_and_says_where(participation, units, contact, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert letter("9", "5054") == "velkomstbrev-5054-indre-fosen-pulje-9-nb.pdf"
    assert "Indre Fosen kommune" in text_of(tmp_path / "velkomstbrev-5054-indre-fosen-pulje-9-nb.pdf")


def test_in_the_other_language_to_a_chosen_file(participation, units, contact, tmp_path):
    path = tmp_path / "brev.pdf"
    assert letter("9", "5054", "--language", "nn", "--output", str(path)) == str(path)
    assert "Einingane som deltek" in text_of(path)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["7", "5054"], "There is no cohort 7. Known: 9."),
        (["9", "4601"], "Municipality 4601 is not in cohort 9."),
        (["9", "301"], "Municipality 0301 is not in cohort 9."),
        (["9", "5054", "--output", "/nowhere/at/all.pdf"], "Could not write /nowhere/at/all.pdf"),
        (["fem", "5054"], "invalid int value"),
        (["9", "5054", "--language", "en"], "invalid choice"),
    ],
)
def test_what_is_wrong_is_said(participation, args, said):
    with pytest.raises(CommandError, match=re.escape(said)):
        letter(*args)
