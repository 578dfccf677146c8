"""A database from another version of the portal is recognised, thrown away and made again."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings

from lmp.demo import database

pytestmark = pytest.mark.slow
PRODUCTION = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "SITE_URL")
AGAIN = "Demoen er fra en annen utgave av portalen og blir laget på nytt."


def load_demo(var: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in PRODUCTION}
    answer = subprocess.run(
        [sys.executable, "manage.py", "demo", "--load-only"],
        env=environment | {"LMP_DEMO": "true", "LMP_VAR_DIR": str(var)},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    return answer.stdout


def rows(var: Path, question: str) -> list[tuple]:
    with closing(sqlite3.connect(var / "db.sqlite3")) as connection:
        return connection.execute(question).fetchall()


def test_a_demo_of_other_migrations_is_made_again(tmp_path):
    # As one from before a migration was edited in place: its tables are others, and Django believes it is up to date.
    with closing(sqlite3.connect(tmp_path / "db.sqlite3")) as old:
        old.execute("CREATE TABLE django_migrations (id integer PRIMARY KEY, app text, name text, applied datetime)")
        old.execute("INSERT INTO django_migrations VALUES (1, 'gatherings', '0002_registrations', '2026-01-01')")
        old.execute("CREATE TABLE gatherings_plea (id integer PRIMARY KEY)")
        old.commit()
    (tmp_path / "db.migrations").write_text("those of an earlier version")
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "20260101.log").write_text("a mail from that demo")

    said = load_demo(tmp_path)

    assert said.splitlines()[:2] == [AGAIN, "Making the database ..."]
    assert rows(tmp_path, "SELECT count(*) FROM participants_cohort") == [(3,)]
    assert rows(tmp_path, "SELECT name FROM sqlite_master WHERE name = 'gatherings_plea'") == []
    assert not (tmp_path / "mail" / "20260101.log").exists()

    rows_before = rows(tmp_path, "SELECT id, last_login FROM accounts_user ORDER BY id")
    again = load_demo(tmp_path)
    assert again.splitlines() == ["Bringing the database up to date ..."]
    assert rows(tmp_path, "SELECT id, last_login FROM accounts_user ORDER BY id") == rows_before


@pytest.fixture
def file(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(database, "_file", lambda: tmp_path / "db.sqlite3")
    return tmp_path / "db.sqlite3"


def test_where_there_is_none_there_is_nothing_to_throw_away(file):
    assert not database.is_of_other_migrations()


def test_one_without_a_mark_is_from_before_there_were_marks(file):
    file.touch()
    assert database.is_of_other_migrations()


def test_one_that_these_migrations_made_is_kept(file):
    file.touch()
    database.mark_as_migrated()
    assert not database.is_of_other_migrations()


def test_an_edited_migration_makes_it_another(file, monkeypatch):
    file.touch()
    database.mark_as_migrated()
    monkeypatch.setattr(database, "migrations_digest", lambda: "others")
    assert database.is_of_other_migrations()
