"""make bench runs to its end, and touches no database but its own. How fast it is fails nothing; queries are held."""

import os
import re
import subprocess
import sys

import psycopg2
import pytest

from bench import database
from tests.crowd.query_lines import BUDGET, LINES
from tests.house.repository import ROOT

pytestmark = [pytest.mark.services, pytest.mark.slow]
URL = os.environ.get("DATABASE_URL", "")


@pytest.fixture
def server():
    connection = psycopg2.connect(URL)
    connection.autocommit = True
    with connection.cursor() as cursor:
        yield cursor
    connection.close()


@pytest.fixture
def name(server) -> str:
    """Not the usual one, so that a bench that runs meanwhile is left in peace."""
    name = f"lmp_bench_test_{os.getpid()}"
    yield name
    server.execute(f"DROP DATABASE IF EXISTS {name}")


def exists(server, name: str) -> bool:
    server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return server.fetchone() is not None


def test_it_prints_a_row_for_everything_and_leaves_nothing_behind(server, name):
    command = [sys.executable, "-m", "bench", "--quick", "--database", name]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "60 municipalities, 300 units" in run.stdout
    for row in (
        "my page of a contact",
        "its confirmation, sent in",
        "the admin's list",
        "through the outbox",
        "the first proposal",
        "the supervisor's page",
        "the log, sent in",
        "the readiness board of 60 municipalities",
        "the readiness board of 357 municipalities",
    ):
        assert f"\n{row}" in run.stdout
    assert "500 registrations as xlsx" in run.stdout
    assert figure(run.stdout, "the day all are invited", "mails") >= 300
    assert figure(run.stdout, "the day of the first reminder", "mails") >= 300
    # The second one makes a person who is new to the portal, counts their address as new, and writes one mail more.
    for row, queries in (("a head, for the unit", 50), ("a contact of 30 units, somebody new", 52)):
        assert figure(run.stdout, row, "requests") <= 4
        assert figure(run.stdout, row, "queries") <= queries
    assert figure(run.stdout, "my page of a contact", "queries") <= LINES["home"].budget
    for row in ("the list of 100 registrations", "the admin's list"):
        assert figure(run.stdout, row, "queries") <= BUDGET
    assert figure(run.stdout, "continuity of 120 sessions", "queries") <= 12
    assert not exists(server, name)


def figure(output: str, row: str, column: str) -> int:
    """From the table that the row stands in; the columns are two spaces apart at least."""
    [table] = [table for table in output.split("\n\n") if f"\n{row} " in table]
    lines = [re.split(r" {2,}", line.strip()) for line in table.splitlines()]
    header = next(line for line in lines if column in line)
    found = next(line for line in lines if line[0] == row)
    return int(found[header.index(column)])


def test_its_database_goes_after_a_failure_too(server, name):
    def fail() -> None:
        with database.own_database(URL, name):
            assert exists(server, name)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not exists(server, name)


def test_what_a_killed_run_left_behind_is_made_anew(server, name):
    server.execute(f"CREATE DATABASE {name}")
    server.execute(f"COMMENT ON DATABASE {name} IS '{database.MARK}'")
    with database.own_database(URL, name):
        assert exists(server, name)


def test_a_database_of_that_name_that_is_not_its_own_is_left_alone(server, name):
    server.execute(f"CREATE DATABASE {name}")
    with pytest.raises(database.Refused, match="left alone"), database.own_database(URL, name):
        raise AssertionError
    assert exists(server, name)


def test_one_that_runs_already_is_left_alone(server, name):
    with database.own_database(URL, name):
        running = psycopg2.connect(database.own_url(URL, name))
        with pytest.raises(database.Refused, match="Another bench"), database.own_database(URL, name):
            raise AssertionError
        running.close()


@pytest.mark.parametrize("url", ["postgres://postgres@127.0.0.1:1/postgres", "sqlite:////tmp/db.sqlite3"])
def test_it_says_when_there_is_no_server(url):
    with pytest.raises(database.Refused, match="needs PostgreSQL"), database.own_database(url, "lmp_bench_test"):
        raise AssertionError
