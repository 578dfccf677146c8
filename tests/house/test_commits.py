"""How a commit tells what it does: "area: what", in a line that a terminal shows whole."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.house.repository import ROOT

MAX_LETTERS = 72
SUBJECT = re.compile(r"[a-z0-9][a-z0-9 /,._-]*: \S.*[^.\s]")
# Commits up to then were written before there was a rule.
SINCE = datetime.fromisoformat("2026-11-30T01:00:00+00:00")


def git(*arguments: str) -> str | None:
    """Return what git answers, or None where it is missing or has nothing to say."""
    if not shutil.which("git"):
        return None
    run = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return run.stdout.strip() if run.returncode == 0 else None


def new_subjects() -> Iterator[str]:
    """The first lines of the commits that the rule is for; a merge has its own."""
    for line in (git("log", "--no-merges", "--format=%cI %s", "HEAD") or "").splitlines():
        committed, _space, subject = line.partition(" ")
        if datetime.fromisoformat(committed) > SINCE:
            yield subject


def fits(subject: str) -> bool:
    return len(subject) <= MAX_LETTERS and SUBJECT.fullmatch(subject) is not None


def test_new_commits_say_where_and_what():
    if git("rev-parse", "--show-toplevel") != str(ROOT) or git("rev-parse", "--is-shallow-repository") != "false":
        pytest.skip("no git history here, or only a part of it")
    assert [subject for subject in new_subjects() if not fits(subject)] == []


@pytest.mark.parametrize(
    "subject",
    [
        "outbox: a refused mail is not tried again",
        "guidance/groups: seats are read once",
        "docs, tests: one name for it",
    ],
)
def test_a_subject_that_fits(subject):
    assert fits(subject)


@pytest.mark.parametrize(
    "subject",
    [
        "Fix the mails",
        "outbox:",
        "outbox: ",
        "outbox: ends with a stop.",
        "Outbox: a capital",
        f"outbox: {'x' * 65}",
        "",
    ],
)
def test_a_subject_that_does_not_fit(subject):
    assert not fits(subject)
