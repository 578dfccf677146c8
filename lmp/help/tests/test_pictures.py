"""The script that takes the pictures still finds each page, and takes all that the help names."""

import subprocess
import sys

import pytest
from django.conf import settings

from lmp.help import shelf


@pytest.mark.services
@pytest.mark.slow
def test_script_takes_them_all(tmp_path):
    command = [sys.executable, "scripts/take_pictures.py", "--language", "nb", "--into", str(tmp_path)]
    subprocess.run(command, cwd=settings.BASE_DIR, check=True, capture_output=True, text=True, timeout=600)
    named = {task.picture.name for guide in shelf.GUIDES.values() for task in guide.tasks if task.picture}
    assert {file.stem for file in tmp_path.rglob("*.webp")} == named
