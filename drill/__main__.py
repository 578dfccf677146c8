"""python -m drill: backs the portal up, destroys it, restores it, and looks whether everything is back.

On a database of its own, made on the server of DATABASE_URL and dropped again, filled with the demo. Each step is a
process of its own, as in a real disaster nothing of the old one is in memory. docs/operations.md has the same commands.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench import database

ROOT = Path(__file__).resolve().parent.parent
LOCAL = "postgres://postgres@127.0.0.1:5432/postgres"
NAME = "lmp_drill"
FOREIGN = ("REDIS_URL", "EMAIL_URL", "LMP_DEMO", "DEBUG", "OIDC_PROVIDERS", "ALLOWED_HOSTS", "PROXY_COUNT", "SITE_URL")
# The moment of the demo, and a week in which the portal goes on after the older backup.
FIRST = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
LATER = FIRST + timedelta(days=7)


class Drill:
    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.failed = 0
        self.environment = {name: value for name, value in os.environ.items() if name not in FOREIGN} | {
            "DATABASE_URL": url,
            "SECRET_KEY": "for-the-drill-only",
            "LMP_VAR_DIR": str(ROOT / "var" / "drill"),
            "DJANGO_SETTINGS_MODULE": "lmp.settings",
            "LOG_LEVEL": "ERROR",
        }

    def step(self, name: str, at: datetime = FIRST, **arguments: str) -> Any:
        told = self.folder / "told.json"
        command = [sys.executable, "-m", "drill.steps", name, at.isoformat(), str(told), json.dumps(arguments)]
        self.run(*command)
        return json.loads(told.read_text())

    def run(self, *command: str) -> None:
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True)  # noqa: S603

    def dump(self, name: str) -> str:
        file = str(self.folder / name)
        self.run("pg_dump", "--format=custom", f"--file={file}", self.url)
        return file

    def destroy_and_restore(self, file: str) -> None:
        self.step("destroy")
        self.run("pg_restore", "--clean", "--if-exists", "--no-owner", f"--dbname={self.url}", file)

    def check(self, what: str, holds: bool, counted: str) -> None:
        self.failed += not holds
        print(f"{'ok    ' if holds else 'FAILED'}  {what}: {counted}", flush=True)

    def all_of_it(self) -> None:
        print(f"Filling a database with the demo, as of {FIRST:%d.%m.%Y %H:%M} UTC ...", flush=True)
        self.step("fill")
        self.step("send")
        self.newest_backup()
        self.older_backup()

    def newest_backup(self) -> None:
        """Nothing has happened since it was taken: all is as it was, and no mail goes."""
        facts, mails = self.step("facts"), self.step("plan")
        backup = self.dump("newest.dump")
        pages = self.step("pages")
        self.destroy_and_restore(backup)
        tables = facts["tables"]
        rows = sum(count for count, _sum in tables.values())
        after = self.step("facts")
        self.check(
            "every fact is back",
            different(facts["tables"], after["tables"]) == [],
            f"{len(tables)} tables, {rows} rows",
        )
        files = facts["files"]
        self.check("every file is back", files == after["files"], f"{len(files)} files, {sum(facts['bytes'])} bytes")
        self.check("the mail plan is the same", mails == self.step("plan"), f"{len(mails)} mails of a year")
        sent = self.step("send")
        self.check("no mail goes twice", sent == [], f"{len(sent)} went")
        again = self.step("pages")
        changed = different(pages, again)
        self.check(
            "the same pages are answered", not changed and len(pages) > 50, f"{len(pages)} asked for{listed(changed)}"
        )

    def older_backup(self) -> None:
        """A week has gone since it was taken, and mails with it."""
        older = self.dump("older.dump")
        sent = self.step("send", LATER)
        self.check("mails go in the week after the older backup", bool(sent), f"{len(sent)} mails")
        coming = self.step("plan", LATER)
        self.destroy_and_restore(older)
        doubled = self.step("due", LATER)
        self.check("without care they would go once more", bool(doubled), f"{len(doubled)} due")
        self.step("after_restore", LATER, dumped=FIRST.isoformat(), stopped=LATER.isoformat())
        again = set(self.step("send", LATER)) & set(sent)
        self.check("with `after_restore` none goes twice", not again, f"{len(again)} of {len(sent)} went again")
        kept = self.step("plan", LATER)
        self.check(
            "what is to come still comes",
            kept == coming,
            f"{len(coming)} mails of a year{listed(different(coming, kept))}",
        )


def different(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def listed(names: list[str]) -> str:
    return f"; different: {', '.join(names[:10])}" if names else ""


def main() -> None:
    url = os.environ.get("DATABASE_URL") or LOCAL
    try:
        with database.own_database(url, NAME), tempfile.TemporaryDirectory() as folder:
            drill = Drill(database.own_url(url, NAME), Path(folder))
            drill.all_of_it()
    except database.Refused as refusal:
        sys.exit(str(refusal))
    if drill.failed:
        sys.exit(f"{drill.failed} checks failed.")
    print("All is back.")


if __name__ == "__main__":
    main()
