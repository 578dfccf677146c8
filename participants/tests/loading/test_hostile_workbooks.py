"""Small files that are made to take minutes, or gigabytes: each is read, or refused in words, within its limits."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = [pytest.mark.slow, pytest.mark.no_database]
SMALL, SECONDS, MEGABYTES = 500_000, 10, 600


def run(*arguments: str, seconds: int) -> list[dict]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "participants.tests.loading.hostile_workbooks", *arguments],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "lmp.settings"},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
        timeout=seconds,
    )
    return json.loads(done.stdout)


def test_every_file():
    answers = run(seconds=300)
    assert len(answers) >= 20
    for answer in answers:
        print(answer)
        assert answer["bytes"] < SMALL, answer
        assert answer["seconds"] < SECONDS, answer
        assert answer["megabytes"] < MEGABYTES, answer
        assert answer["said"] == "read" or answer["said"].endswith("."), answer


def test_without_the_limits_they_are_what_they_are_made_to_be():
    """The control: the same file, read as openpyxl reads it."""
    [answer] = run("plain", "formats without an end", seconds=300)
    assert answer["megabytes"] > MEGABYTES or answer["seconds"] > SECONDS, answer
