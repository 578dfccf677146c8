"""Runs the steps of deploy/Dockerfile without a container engine: in a bare Debian made by debootstrap, as root.

    sudo python3 deploy/try_in_bare_root.py /tmp/bare

It reads the Dockerfile itself, so what is tried is what is written there. Each stage has a root of its own; the last
one is mounted read-only, and in it, as the user that the Dockerfile names, a web server, a worker and a beat run with
the PostgreSQL and the Redis of DATABASE_URL and REDIS_URL. Then it asks for pages, and says what it saw.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

PROJECT = Path(__file__).resolve().parent.parent
MIRROR, SUITE = "http://deb.debian.org/debian", "bookworm"
# How this machine reaches the registries is the machine's, and of no concern to the image.
OF_THE_MACHINE = ("/etc/resolv.conf", "/etc/hosts", "/etc/ssl/certs/ca-certificates.crt", "/etc/pip.conf")
PASSED_ON = re.compile(r"(?i)^(https?_proxy|no_proxy|pip_(?!find).*|npm_config_.*|.*_ca_.*|ssl_cert_.*)$")
TOKEN = "a-token-for-this-try-only"  # noqa: S105 – no secret of anything that stays
SETTINGS = {
    "SECRET_KEY": "for-this-try-only-0123456789-abcdefghijklmnopqrstuvwxyz",
    "SITE_URL": "https://portal.example.no",
    "ALLOWED_HOSTS": "portal.example.no",
    "EMAIL_URL": "smtp://127.0.0.1:9",
    "ACCESSIBILITY_STATEMENT_URL": "https://uustatus.no/nb/erklaringer/publisert/example",
    "PROXY_COUNT": "1",
    "MONITORING_TOKEN": TOKEN,
}
PORT = int(os.environ.get("PORT", "8000"))


class Stage:
    def __init__(self, root: Path) -> None:
        self.root, self.folder, self.user = root, "/", "root"
        self.environment: dict[str, str] = {}
        self.command: list[str] = []

    def run(self, command: list[str], **settings: str) -> None:
        environ = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/tmp", "DEBIAN_FRONTEND": "noninteractive"}
        environ |= {name: value for name, value in os.environ.items() if PASSED_ON.match(name)}
        subprocess.run(self.inside(command), env=environ | self.environment | settings, check=True)

    def inside(self, command: list[str]) -> list[str]:
        who = ["--userspec", f"{self.user}:{self.user}"] if self.user != "root" else []
        line = f"cd {shlex.quote(self.folder)} && exec {shlex.join(command)}"
        return ["chroot", *who, str(self.root), "/bin/sh", "-c", line]


def instructions(dockerfile: str) -> list[tuple[str, str]]:
    text = re.sub(r"\\\n", " ", re.sub(r"(?m)^#.*\n", "", dockerfile))
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in text.splitlines() if line.strip()]


def build(work: Path) -> Stage:
    stages: dict[str, Stage] = {}
    stage = Stage(work)
    for word, rest in instructions((PROJECT / "deploy" / "Dockerfile").read_text()):
        say(f"{word} {rest}")
        match word:
            case "FROM":
                image, _as, name = rest.partition(" AS ")
                name = name or "last"
                if not image.startswith(f"debian:{SUITE}"):
                    sys.exit(f"only debian:{SUITE} is known here, not {image}")
                stage = stages[name] = Stage(bare_root(work, name))
            case "WORKDIR":
                stage.folder = rest
                (stage.root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
            case "COPY":
                copy(stage, stages, rest)
            case "RUN":
                stage.run(["sh", "-c", rest])
            case "ENV":
                name, _is, value = rest.partition("=")
                stage.environment[name] = value
            case "USER":
                stage.user = rest
            case "CMD":
                stage.command = json.loads(rest)
    return stage


def bare_root(work: Path, name: str) -> Path:
    bare, root = work / "bare", work / name
    if not bare.exists():
        subprocess.run(["debootstrap", "--variant=minbase", SUITE, str(bare), MIRROR], check=True, capture_output=True)
    shutil.rmtree(root, ignore_errors=True)
    subprocess.run(["cp", "-a", str(bare), str(root)], check=True)
    for file in map(Path, OF_THE_MACHINE):
        if file.exists():
            target = root / str(file).lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, target)
    for listed in ("/etc/apt/sources.list", "/etc/apt/apt.conf.d"):
        if Path(listed).exists():
            subprocess.run(["cp", "-rL", listed, str(root / "etc/apt")], check=True)
    return root


def copy(stage: Stage, stages: dict[str, Stage], rest: str) -> None:
    words = rest.split()
    if words[0].startswith("--from="):
        source, target = stages[words[0].removeprefix("--from=")].root / words[1].lstrip("/"), words[2]
        subprocess.run(["cp", "-aT", str(source), str(stage.root / target.lstrip("/"))], check=True)
        return
    # As .dockerignore says: what git has, and what is new beside it.
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=PROJECT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (PROJECT / name).is_file():
            copied = stage.root / words[1].lstrip("/") / name
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, copied)


def serve_and_look(stage: Stage) -> bool:
    """In a mount namespace of its own: the root is read-only there, /tmp and /proc are the processes' own."""
    settings = SETTINGS | {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
    stage.run([".venv/bin/python", "manage.py", "migrate", "--verbosity", "0"], **settings)
    stage.run([".venv/bin/python", "manage.py", "createcachetable"], **settings)
    stage.run([".venv/bin/python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"], **settings)
    worker = [".venv/bin/python", "-m", "celery", "-A", "lmp", "worker", "--concurrency", "1", "--loglevel", "warning"]
    beat = [".venv/bin/python", "-m", "celery", "-A", "lmp", "beat", "--schedule", "/tmp/beat", "--pidfile="]
    with open(stage.root.parent / "log", "wb") as log:
        processes = [start(stage, command, settings, log) for command in (stage.command, worker, beat)]
        try:
            return look(processes)
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(60)


def start(stage: Stage, command: list[str], settings: dict[str, str], log: IO[bytes]) -> subprocess.Popen:
    """As a container engine does: a root that nothing is written to, and /tmp, /dev/shm and /proc of its own."""
    root = shlex.quote(str(stage.root))
    steps = [
        f"mkdir -p {root}/dev/shm",
        f"mount --bind {root} {root}",
        f"mount -o remount,bind,ro {root}",
        f"mount -t tmpfs tmpfs {root}/tmp -o mode=1777",
        f"mount -t tmpfs tmpfs {root}/dev/shm -o mode=1777",
        f"mount -t proc proc {root}/proc",
        f"exec {shlex.join(stage.inside(command))}",
    ]
    environ = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/nonexistent"} | stage.environment | settings
    line = " && ".join(steps)
    return subprocess.Popen(["unshare", "--mount", "sh", "-c", line], env=environ, stdout=log, stderr=log)


def look(processes: list[subprocess.Popen]) -> bool:
    well = wait_for("/livez", seconds=90)
    page = ask("/konto/logg-inn/")
    say(f"the sign-in page: {page[0]}, {len(page[1])} bytes, {page[1].count('/static/')} static files named")
    sheet = re.search(r'href="(/static/[^"]+\.css)"', page[1])
    said = ask(sheet[1]) if sheet else (0, "")
    say(f"its first style sheet: {said[0]}, {len(said[1])} bytes")
    closed = ask("/healthz")[0]
    say(f"/healthz without the token: {closed}")
    health = wait_for("/healthz", seconds=150)
    say(f"/healthz: {ask('/healthz', token=True)[1]}")
    say(f"/metrics: {ask('/metrics', token=True)[1].count('lmp_')} lines of ours")
    ended = [process.returncode for process in processes if process.poll() is not None]
    alive = not ended
    say(f"web, worker and beat run on: {alive}" + (f" (ended with {ended})" if ended else ""))
    return well and health and alive and page[0] == said[0] == 200 and closed == 404


def ask(path: str, *, token: bool = False) -> tuple[int, str]:
    headers = {"Host": "portal.example.no", "X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.9"}
    if token:
        headers["Authorization"] = f"Bearer {TOKEN}"
    try:
        with urlopen(Request(f"http://127.0.0.1:{PORT}{path}", headers=headers), timeout=20) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()
    except (URLError, OSError):
        return 0, ""


def wait_for(path: str, *, seconds: int) -> bool:
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        if ask(path, token=True)[0] == 200:
            say(f"{path} is well after {time.monotonic() - begun:.0f} s")
            return True
        time.sleep(1)
    say(f"{path} is not well after {seconds} s: {ask(path, token=True)}")
    return False


def say(what: str) -> None:
    print(f"== {what}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 2 or os.geteuid():
        sys.exit(__doc__)
    folder = Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    sys.exit(not serve_and_look(build(folder)))
