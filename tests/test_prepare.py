"""What the Makefile does before anything else, on a machine that may hold nothing."""

import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType

import pytest

from tests.repository import ROOT


@pytest.fixture
def prepare(tmp_path, monkeypatch) -> ModuleType:
    """The script, at work in an empty folder; what it would run is written down instead."""
    spec = spec_from_file_location("prepare", ROOT / "scripts" / "prepare.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    module.ran = []
    monkeypatch.setattr(module, "run", lambda *command: module.ran.append(" ".join(map(str, command))))
    (tmp_path / ".venv").mkdir()
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "requirements.txt").write_text("Django==5.2.*\n")
    (tmp_path / "requirements-dev.txt").write_text("pytest==8.*\n")
    (tmp_path / "package-lock.json").write_text("{}")
    return module


def test_a_second_run_installs_nothing(prepare):
    prepare.install_python_packages(dev=False)
    prepare.install_npm_packages()
    first = len(prepare.ran)

    prepare.install_python_packages(dev=False)
    prepare.install_npm_packages()

    assert first == len(prepare.ran) == 2


def test_testing_takes_more_than_running_and_holds_it(prepare):
    prepare.install_python_packages(dev=False)
    prepare.install_python_packages(dev=True)
    prepare.install_python_packages(dev=False)

    assert [command.split()[-1] for command in prepare.ran] == ["requirements.txt", "requirements-dev.txt"]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_a_changed_requirement_is_acted_on(prepare, tmp_path, name):
    prepare.install_python_packages(dev=True)
    (tmp_path / name).write_text("httpx==0.28.*\n")
    prepare.install_python_packages(dev=True)
    assert len(prepare.ran) == 2


def test_a_changed_lock_file_is_acted_on(prepare, tmp_path):
    prepare.install_npm_packages()
    (tmp_path / "package-lock.json").write_text('{"lockfileVersion": 3}')
    prepare.install_npm_packages()
    assert len(prepare.ran) == 2


@pytest.mark.parametrize(("version", "taken"), [("11.4.0", True), ("6.14.4", False), ("", False)])
def test_an_npm_that_is_too_old_is_passed_by(prepare, tmp_path, monkeypatch, version, taken):
    npm = tmp_path / "npm"
    npm.write_text(f"#!/bin/sh\necho {version}\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert bool(prepare.system_npm()) is taken


def test_no_npm_at_all(prepare, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert prepare.system_npm() == []


def test_make_says_which_python_it_wants():
    answer = subprocess.run(["make", "prepare", "PYTHON="], cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode != 0
    assert "Python 3.11 or newer is needed" in answer.stdout


def test_the_services_test_names_everything_that_is_missing(tmp_path):
    answer = subprocess.run(
        [sys.executable, ROOT / "scripts" / "require_services.py"],
        env={
            "PATH": str(tmp_path),
            "DATABASE_URL": "postgres://postgres@127.0.0.1:1/none",
            "REDIS_URL": "redis://127.0.0.1:1/0",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode != 0
    for what in ("PostgreSQL does not answer", "Redis does not answer", "chromium, qpdf, pdfinfo"):
        assert what in answer.stderr
