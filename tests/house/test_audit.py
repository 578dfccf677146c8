"""`make audit` never takes silence for an all-clear."""

import subprocess
import sys

import pytest

from tests.house.repository import ROOT


def verdict(command: list[str]) -> int:
    code = (
        f"import sys; sys.path.insert(0, 'scripts'); import audit; sys.exit(audit.told('x', audit.run(*{command!r})))"
    )
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False).returncode


@pytest.mark.parametrize(
    ("said", "exit_code", "code"),
    [
        ("No known vulnerabilities found", 0, 0),
        ("whitenoise: Dependency not found on PyPI and could not be audited. No known vulnerabilities found", 0, 2),
        ("Found 1 known vulnerability in 1 package", 1, 1),
        ("npm error audit endpoint returned an error", 1, 2),
        ("Max retries exceeded with url", 1, 2),
    ],
)
def test_what_was_not_asked_is_not_well(said, exit_code, code):
    assert verdict(["sh", "-c", f"echo '{said}'; exit {exit_code}"]) == code
