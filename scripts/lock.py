"""Compile the locks from the wishes: every package at one version, with the hash of each of its files.

    lock.py             follow a wish that has changed; everything else stays as it is
    lock.py --upgrade   take the newest that the wishes allow

Prints what changed, and fails when a version can't be installed on each Python and machine that the portal runs on.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = ROOT / ".venv" / "bin" / "uv"
WISHES = ["requirements.txt", "requirements-dev.txt", "scripts/uv.txt", "scripts/node.txt"]
PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
MACHINES = ["x86_64-manylinux_2_28", "aarch64-manylinux_2_28", "x86_64-apple-darwin", "aarch64-apple-darwin"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--upgrade", action="store_true", help="take the newest that the wishes allow")
    options = parser.parse_args()
    before = {wish: versions(lock_of(wish)) for wish in WISHES}
    for wish in WISHES:
        compile_lock(wish, upgrade=options.upgrade)
    changes = [line for wish in WISHES for line in differences(before[wish], versions(lock_of(wish)))]
    print("\n".join(dict.fromkeys(changes)) or "Nothing changes.")
    lacking = [line for wish in WISHES for line in without_a_file(lock_of(wish))]
    if lacking:
        sys.exit("\n".join(["Can't be installed everywhere:", *lacking]))


def lock_of(wish: str) -> Path:
    return (ROOT / wish).with_suffix(".lock")


def compile_lock(wish: str, *, upgrade: bool) -> None:
    """Testing takes what running takes, in the same versions."""
    options = ["--universal", "--python-version", PYTHONS[0], "--fork-strategy", "fewest", "--generate-hashes"]
    if wish == "requirements-dev.txt":
        options += ["--constraints", "requirements.lock"]
    if upgrade:
        options.append("--upgrade")
    uv("pip", "compile", *options, "--custom-compile-command", "make lock", wish, "--output-file", lock_of(wish))


def versions(lock: Path) -> dict[str, str]:
    """Each package with its version and, where it is not for every machine, which it is for."""
    if not lock.exists():
        return {}
    found: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([^\\\n]+)", lock.read_text(), re.MULTILINE):
        found.setdefault(name, []).append(version.strip())
    return {name: " and ".join(several) for name, several in found.items()}


def differences(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return [
        f"{name}: {before.get(name, 'new')} → {after.get(name, 'gone')}"
        for name in sorted(before | after)
        if before.get(name) != after.get(name)
    ]


def without_a_file(lock: Path) -> list[str]:
    """Each Python and machine for which a package of the lock has no built file, with what uv says of it."""
    found = []
    for python in PYTHONS:
        for machine in MACHINES:
            with tempfile.TemporaryDirectory() as nowhere:
                answer = uv(
                    *("pip", "install", "--dry-run", "--target", nowhere, "--require-hashes", "--only-binary", ":all:"),
                    *("--python-version", python, "--python-platform", machine, "-r", lock),
                    may_fail=True,
                )
            if answer.returncode:
                found.append(f"{lock.name}, Python {python}, {machine}: {answer.stderr.strip()}")
    return found


def uv(*arguments: "str | Path", may_fail: bool = False) -> subprocess.CompletedProcess:
    command = [UV, *arguments, "--no-config", "--quiet"]
    return subprocess.run(command, cwd=ROOT, check=not may_fail, capture_output=may_fail, text=True)


if __name__ == "__main__":
    main()
