"""What every web process and worker loads when it starts."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings

from lmp import settings as project

ASK = """
import sys, lmp.wsgi
from django.urls import get_resolver
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
