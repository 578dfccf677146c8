"""Ask the databases of known holes about the versions that the locks name.

Exit code: 0 none known, 1 some, 2 not asked.

pip-audit comes by pip into a folder of its own, and asks PyPI's and OSV's database; npm asks its registry's.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "audit"
NO_ANSWER = (
    *("ConnectionError", "Connection error", "NameResolution", "Max retries", "ServiceError", "HTTPError", "timed out"),
    *("ENOTFOUND", "ECONNREFUSED", "EAI_AGAIN", "ETIMEDOUT", "ENOAUDIT", "E403", "E404", "E503", "Forbidden"),
    *("could not be audited", "Service Unavailable", "audit endpoint returned an error"),
)


def main() -> None:
    sys.exit(max(told("Python", python()), told("npm", npm())))


def python() -> tuple[int, str]:
    program = FOLDER / "bin" / "pip-audit"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", FOLDER], check=True)
        subprocess.run([FOLDER / "bin" / "python", "-m", "pip", "install", "-q", "pip-audit==2.*"], check=True)
    return run(program, "--require-hashes", "--disable-pip", "--progress-spinner=off", "-r", "requirements.lock")


def npm() -> tuple[int, str]:
    if not shutil.which("npm"):
        return 2, "npm is not installed here"
    return run("npm", "audit", "--package-lock-only", "--omit=dev")


def run(*command: str | Path) -> tuple[int, str]:
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    except subprocess.TimeoutExpired:
        return 2, "no answer within five minutes"
    said = f"{done.stdout}\n{done.stderr}".strip()
    # pip-audit finds no hole, and is content, where it finds nothing to ask about: that is no answer either.
    if any(word in said for word in NO_ANSWER):
        return 2, said[-500:]
    return int(done.returncode != 0), said


def told(what: str, found: tuple[int, str]) -> int:
    code, said = found
    verdict = ("no known holes", "KNOWN HOLES, see above", "NOT ASKED: its database of known holes can't be reached")
    print(f"{said[-3000:]}\n== {what}: {verdict[code]}", flush=True)
    return code


if __name__ == "__main__":
    main()
