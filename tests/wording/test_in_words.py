"""What a row is called in lists of e-mails, reminders and files is read by people: a day is in words there."""

import re

import pytest

from lmp.catalogue import ROOT

CALLED = re.compile(r"    def __str__\(self\) -> str:\n(?:        .*\n)+")
RAW_DAY = re.compile(r"\{self\.\w*(_at|_on|\bday)\b[^}()]*\}")
# A title is for a heading. In a sentence it has a form of its own: see docs/texts.md.
PASTED_TITLE = re.compile(r"\"gathering\": (\w+\.)*gathering[,}]")
APPS = ["accounts", "gatherings", "guidance", "lmp", "outbox", "participants", "parts"]


def sources():
    for app in APPS:
        yield from (path for path in (ROOT / app).rglob("*.py") if not {"tests", "migrations"} & set(path.parts))


@pytest.mark.parametrize("raw", ["{self.changed_at}", "{self.held_on}", "{self.first_on or ''}", "{self.day or '–'}"])
def test_a_raw_day_is_found(raw):
    assert RAW_DAY.search(raw)


@pytest.mark.parametrize(
    "worded", ["{day_in_words(self.held_on)}", "{self.name}", "{self.days}", "{self.registration}"]
)
def test_a_day_in_words_is_not(worded):
    assert not RAW_DAY.search(worded)


def test_no_row_is_called_by_a_raw_day_or_an_arrow():
    called = {path: "".join(CALLED.findall(path.read_text())) for path in sources()}
    assert sum(map(bool, called.values())) > 50
    assert [str(path.relative_to(ROOT)) for path, text in called.items() if RAW_DAY.search(text)] == []
    assert [str(path.relative_to(ROOT)) for path, text in called.items() if "→" in text] == []


def test_no_title_of_a_gathering_is_pasted_into_a_sentence():
    assert PASTED_TITLE.search('{"gathering": asked.gathering}')
    assert not PASTED_TITLE.search('{"gathering": gathering.in_its_cohort}')
    mails = list((ROOT / "gatherings/mails").rglob("*.py"))
    assert mails
    assert [path.name for path in mails if PASTED_TITLE.search(path.read_text())] == []
