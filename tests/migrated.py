"""A database as the migrations leave it, made once and copied by every test process after that.

Making it takes each process seconds; a copy takes none. What follows every migration (reference data, permissions) is
done on the copy too, as on any other database, so only the migrations themselves are spared.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.utils import DatabaseError

from lmp.demo.database import migrations_digest

PREFIX = "lmp_migrated_"


def use() -> object:
    """Let the test database begin as the kept one, if there is one. Returns what must live as long as the tests."""
    if connection.vendor == "sqlite":
        return _copied_into_memory(_file())
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_name()])
        if cursor.fetchone():
            connection.settings_dict["TEST"]["TEMPLATE"] = _name()
    return None


def keep() -> None:
    """Keep the test database, just made and still untouched, unless it is kept already."""
    if connection.vendor == "sqlite":
        _keep_as_file(_file())
    elif not connection.settings_dict["TEST"].get("TEMPLATE"):
        _keep_as_template(_name())


def _name() -> str:
    return PREFIX + migrations_digest()[:16]


def _file() -> Path:
    return settings.VAR_DIR / f"{_name()}.sqlite3"


def _copied_into_memory(kept: Path) -> sqlite3.Connection | None:
    """A connection to the database in memory that the tests are about to open; without one it would be gone."""
    if not kept.exists():
        return None
    memory = sqlite3.connect(connection.creation._get_test_db_name(), uri=True, check_same_thread=False)
    with closing(sqlite3.connect(kept)) as source:
        source.backup(memory)
    return memory


def _keep_as_file(kept: Path) -> None:
    if kept.exists():
        return
    for outdated in kept.parent.glob(f"{PREFIX}*.sqlite3"):
        outdated.unlink(missing_ok=True)
    half_made = kept.with_suffix(f".{os.getpid()}")
    connection.ensure_connection()
    with closing(sqlite3.connect(half_made)) as copy:
        connection.connection.backup(copy)
    half_made.replace(kept)


def _keep_as_template(name: str) -> None:
    made = connection.settings_dict["NAME"]
    connection.close()  # PostgreSQL copies no database that somebody is connected to
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"])
        quote = connection.ops.quote_name
        try:
            for [outdated] in cursor.fetchall():
                cursor.execute(f"DROP DATABASE IF EXISTS {quote(outdated)}")
            cursor.execute(f"CREATE DATABASE {quote(name)} WITH TEMPLATE {quote(made)}")
        except DatabaseError:
            pass  # another process of the same run keeps one, or uses one, just now
