import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.faults.acts import Turn, World
from tests.faults.portal import Portal, Postgres, postgres_programs


@pytest.fixture(scope="session")
def cluster() -> Iterator[Postgres]:
    """With one database that is migrated, for all the drills to be made from."""
    if postgres_programs() is None:
        pytest.skip("needs PostgreSQL's own programs: initdb and pg_ctl")
    folder = Path(tempfile.mkdtemp(prefix="cluster-"))  # pytest closes its own folders to whom PostgreSQL runs as
    postgres = Postgres(folder)
    postgres.ask("create database migrated")
    portal = Portal(folder, postgres, "migrated")
    for command in (["migrate", "-v0"], ["createcachetable"], ["collectstatic", "--no-input", "-v0"]):
        done = portal.start(sys.executable, "manage.py", *command)
        assert done.wait(timeout=300) == 0, (folder / "log").read_text()
    portal.made = portal.rows("prepare")
    postgres.made, postgres.var = portal.made, folder / "var"
    yield postgres
    portal.close()
    postgres.stop("immediate")
    shutil.rmtree(folder)


@pytest.fixture
def portal(cluster, tmp_path) -> Iterator[Portal]:
    name = f"drill_{tmp_path.name[-30:].lower().replace('-', '_')}"
    cluster.ask(f'create database "{name}" template migrated')
    # PostgreSQL copies sequences that think their next numbers are written down already, as they were in the template.
    # Until a checkpoint, a server that is killed hands out the same keys again: no database of ours begins as a copy.
    cluster.ask("checkpoint")
    portal = Portal(tmp_path, cluster, name)
    portal.made = cluster.made
    portal.changes = {"LMP_VAR_DIR": str(cluster.var)}
    yield portal
    portal.close()
    print((tmp_path / "log").read_text()[-3000:] if (tmp_path / "log").exists() else "")


@pytest.fixture
def world(portal) -> World:
    """Its keys alone: what is in it is in the portal's own database."""
    keys = {name: SimpleNamespace(pk=key) for name, key in portal.made["keys"].items()}
    turns = [Turn(*(SimpleNamespace(pk=key) for key in turn)) for turn in portal.made["turns"]]
    return World(**keys, turns=turns, today=date.today())  # noqa: DTZ011 – the machine's own, as the portal's processes have it
