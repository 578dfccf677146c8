import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection

from tests.at_once.portal import Portal


@pytest.fixture(params=["postgresql", "sqlite"])
def portal(request, tmp_path) -> Iterator[Portal]:
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    environment |= {
        "SECRET_KEY": "only for this test",
        "LMP_VAR_DIR": str(tmp_path / "var"),
        "DJANGO_SETTINGS_MODULE": "lmp.settings",
    }
    if request.param == "postgresql":
        if connection.vendor != "postgresql":
            pytest.skip("needs PostgreSQL: set DATABASE_URL")
        facts = connection.settings_dict
        user = f"{facts['USER']}:{facts['PASSWORD']}" if facts["PASSWORD"] else facts["USER"]
        address = f"{user}@{facts['HOST']}:{facts['PORT'] or 5432}/{facts['NAME']}"
        environment["DATABASE_URL"] = f"postgres://{address}"
    (tmp_path / "var").mkdir()
    (tmp_path / "var/static").symlink_to(settings.STATIC_ROOT)
    portal = Portal(tmp_path, environment)
    if request.param == "sqlite":
        portal.run("manage.py", "migrate", "--verbosity", "0")
    yield portal
    portal.stop()
