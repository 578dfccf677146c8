import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.at_once.portal import Portal


def environment_in(folder: Path) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    return environment | {
        "SECRET_KEY": "only for this test",
        "LMP_VAR_DIR": str(folder / "var"),
        "DJANGO_SETTINGS_MODULE": "lmp.settings",
    }


@pytest.fixture(scope="session")
def migrated(tmp_path_factory) -> Path:
    """A database in a file, migrated once for all: it takes twenty seconds."""
    folder = tmp_path_factory.mktemp("migrated")
    (folder / "var").mkdir()
    Portal(folder, environment_in(folder)).run("manage.py", "migrate", "--verbosity", "0")
    return folder / "var/db.sqlite3"


@pytest.fixture(params=["postgresql", "sqlite"])
def portal(request, tmp_path) -> Iterator[Portal]:
    environment = environment_in(tmp_path)
    if request.param == "postgresql":
        if connection.vendor != "postgresql":
            pytest.skip("needs PostgreSQL: set DATABASE_URL")
        facts = connection.settings_dict
        user = f"{facts['USER']}:{facts['PASSWORD']}" if facts["PASSWORD"] else facts["USER"]
        address = f"{user}@{facts['HOST']}:{facts['PORT'] or 5432}/{facts['NAME']}"
        environment["DATABASE_URL"] = f"postgres://{address}"
    (tmp_path / "var").mkdir()
    (tmp_path / "var/static").symlink_to(settings.STATIC_ROOT)
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated"), tmp_path / "var")
    portal = Portal(tmp_path, environment)
    yield portal
    portal.stop()
