"""The file that the demo's database is, and which migrations it was made by.

A demo is of no use under other migrations than its own: they may have been edited since, and what they would leave out
is missing in the database. It holds nothing but invented people, so it is thrown away and made again.
"""

from hashlib import sha256
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.db import connection


def migrations_digest() -> str:
    """Another one when a migration of any app is another, or the step of ours that makes their tables."""
    digest = sha256(str(django.VERSION).encode())
    for app in apps.get_app_configs():
        for path in sorted([*Path(app.path, "migrations").glob("*.py"), *Path(app.path).glob("tables.py")]):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def exists() -> bool:
    return _file().exists()


def is_of_other_migrations() -> bool:
    """Whether there is a database that was not made by the migrations of today."""
    return exists() and not (_mark().exists() and _mark().read_text() == migrations_digest())


def mark_as_migrated() -> None:
    _mark().write_text(migrations_digest())


def throw_away() -> None:
    """Delete the database, and the mails that were sent from it."""
    connection.close()
    for end in ("", "-wal", "-shm", "-journal"):
        Path(f"{_file()}{end}").unlink(missing_ok=True)
    for mails in Path(settings.EMAIL_FILE_PATH).glob("*.log"):
        mails.unlink()
    _mark().unlink(missing_ok=True)


def _file() -> Path:
    return Path(connection.settings_dict["NAME"])


def _mark() -> Path:
    return _file().with_suffix(".migrations")
