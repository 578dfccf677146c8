"""What every web process and worker loads when it starts."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings

from lmp import own_folder
from lmp import settings as project

ASK = """
import sys, lmp.wsgi
from django.urls import get_resolver

from lmp import own_folder
get_resolver().url_patterns
print(*sorted({"highspy", "numpy", "openpyxl"} & set(sys.modules)))
"""


@pytest.mark.slow
def test_answering_pages_takes_no_numpy_and_nothing_that_brings_it():
    """It is 20 MB a process, and a seventh of the time that starting takes. What needs it imports it when it does."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "lmp.settings"}
    command = [sys.executable, "-c", ASK]
    run = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    assert run.stdout == "\n"


def test_staff_are_signed_out_after_two_hours():
    assert timedelta(hours=2) == project.STAFF_IDLE


@pytest.mark.parametrize(
    ("given", "is_made"), [({}, True), ({"SECRET_KEY": "k"}, False), ({"DATABASE_URL": "postgres://x/y"}, False)]
)
def test_a_key_is_made_where_none_is_given(monkeypatch, tmp_path, given, is_made):
    for name in ("VAR_DIR", "STATIC", "QUEUE", "QUEUE_CONTROL", "KEY"):
        monkeypatch.setattr(own_folder, name, tmp_path / name)
    for name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    own_folder.make()
    assert own_folder.KEY.exists() is is_made
