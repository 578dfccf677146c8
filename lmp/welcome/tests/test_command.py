import io
import re

import pypdf
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from lmp.welcome import sending


def letter(*args) -> str:
    """Where it was written."""
    return told(*args)[0]


def told(*args) -> tuple[str, str]:
    out, beside = io.StringIO(), io.StringIO()
    call_command("letter", *args, stdout=out, stderr=beside)
    return out.getvalue().strip(), beside.getvalue().strip()


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


@pytest.mark.any_database
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


@pytest.fixture
def sent(participation, units, contact, staff, letter_for):
    """A letter that was sent, and a unit that has been called something else since."""
    kept = sending.send(participation.pk, approved=letter_for(participation).fingerprint, by=staff, now=timezone.now())
    units[0].name = "Et nytt navn"
    units[0].save()
    return kept


def test_it_gives_the_letter_as_it_was_sent_and_says_so(sent, tmp_path):
    path = tmp_path / "brev.pdf"
    where, said = told("9", "5054", "--output", str(path))
    assert where == str(path)
    assert said == f"This is the letter as it was sent on {timezone.localdate(sent.sent_at)}."
    assert path.read_bytes() == bytes(sent.pdf)
    assert "Et nytt navn" not in text_of(path)


def test_anew_gives_one_of_today_and_says_so(sent, tmp_path):
    path = tmp_path / "brev.pdf"
    _where, said = told("9", "5054", "--anew", "--output", str(path))
    assert said == "This is the letter as it would be today; another was sent."
    assert "Et nytt navn" in text_of(path)


@pytest.mark.parametrize("anew", [[], ["--anew"]])
def test_before_it_is_sent_there_is_one_of_today_only(participation, units, contact, tmp_path, anew):
    _where, said = told("9", "5054", *anew, "--output", str(tmp_path / "brev.pdf"))
    assert said == "This is the letter as it would be today; none has been sent."


def test_the_letter_as_it_was_sent_is_in_one_language(sent, tmp_path):
    path = tmp_path / "brev.pdf"
    with pytest.raises(CommandError, match=r"The letter was sent in nb\. One of today in nn takes --anew\."):
        told("9", "5054", "--language", "nn", "--output", str(path))
    assert not path.exists()
    told("9", "5054", "--language", "nb", "--output", str(path))
    assert path.read_bytes() == bytes(sent.pdf)
    told("9", "5054", "--language", "nn", "--anew", "--output", str(path))
    assert "Einingane som deltek" in text_of(path)
