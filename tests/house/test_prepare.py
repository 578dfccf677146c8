"""What the Makefile does before anything else, on a machine that may hold nothing."""

import shutil
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from tests.house.repository import ROOT


@pytest.fixture
def prepare(tmp_path, monkeypatch) -> ModuleType:
    """The script, at work in an empty folder; what it would run is written down instead."""
    spec = spec_from_file_location("prepare", ROOT / "scripts" / "prepare.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(module, "UV", tmp_path / ".venv" / "bin" / "uv")
    module.ran = []
    monkeypatch.setattr(module, "run", lambda *command: module.ran.append(" ".join(map(str, command))))
    module.fails = ()

    def runs(*command) -> bool:
        line = " ".join(map(str, command))
        module.ran.append(line)
        if "-m venv" in line:
            shutil.rmtree(tmp_path / ".venv")
            (tmp_path / ".venv").mkdir()
        return not any(what in line for what in module.fails)

    monkeypatch.setattr(module, "runs", runs)
    (tmp_path / ".venv").mkdir()
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "requirements.lock").write_text("django==5.2.19\n")
    (tmp_path / "requirements-dev.lock").write_text("pytest==9.2.0\n")
    (tmp_path / "package-lock.json").write_text("{}")
    return module


def installed(prepare) -> list[str]:
    """The last part of each lock that something was installed from, with what installed it."""
    return [
        f"{'pip' if '-m pip' in line else 'uv'}: {Path(words[words.index('-r') + 1]).name}"
        for line in prepare.ran
        if "install" in (words := line.split())
    ]


def made_anew(prepare) -> int:
    return sum("-m venv --clear" in line for line in prepare.ran)


def test_a_second_run_installs_nothing(prepare):
    prepare.install_python_packages(dev=False)
    prepare.install_npm_packages()
    first = len(prepare.ran)

    prepare.install_python_packages(dev=False)
    prepare.install_npm_packages()

    assert len(prepare.ran) == first > 0


def test_testing_takes_more_than_running_and_holds_it(prepare):
    prepare.install_python_packages(dev=False)
    prepare.install_python_packages(dev=True)
    prepare.install_python_packages(dev=False)

    locks = [line for line in installed(prepare) if line != "pip: uv.lock"]
    assert locks == ["uv: requirements.lock", "uv: requirements-dev.lock"]
    assert not made_anew(prepare)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_changed_lock_gets_an_environment_of_its_own(prepare, tmp_path, name):
    prepare.install_python_packages(dev=True)
    (tmp_path / name).write_text("httpx==0.28.1\n")
    prepare.install_python_packages(dev=True)

    assert installed(prepare).count("uv: requirements-dev.lock") == 2
    assert made_anew(prepare) == 1


def test_another_python_gets_an_environment_of_its_own(prepare, monkeypatch):
    prepare.install_python_packages(dev=False)
    monkeypatch.setattr(sys, "version_info", (3, 99, 0))
    prepare.install_python_packages(dev=False)

    assert made_anew(prepare) == 1


@pytest.mark.parametrize("what", ["uv.lock", "uv pip install"])
def test_pip_installs_where_uv_cannot(prepare, what):
    prepare.fails = (what,)
    prepare.install_python_packages(dev=False)

    assert installed(prepare)[-1] == "pip: requirements.lock"


def test_what_failed_is_tried_again(prepare, monkeypatch):
    prepare.fails = ("uv",)
    monkeypatch.setattr(prepare, "run", lambda *command: sys.exit("This failed"))
    with pytest.raises(SystemExit):
        prepare.install_python_packages(dev=False)

    prepare.fails = ()
    prepare.install_python_packages(dev=False)

    assert installed(prepare)[-1] == "uv: requirements.lock"


def test_a_changed_lock_file_is_acted_on(prepare, tmp_path):
    prepare.install_npm_packages()
    (tmp_path / "package-lock.json").write_text('{"lockfileVersion": 3}')
    prepare.install_npm_packages()
    assert sum(" ci " in line for line in prepare.ran) == 2


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
    assert "Python 3.11 to 3.14 is needed" in answer.stdout


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
