"""The bench's own database, on the server that DATABASE_URL names. No other database is written to."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import errors, sql
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT, connection

MARK = "made by python -m bench, which drops it again"


class Refused(Exception):
    """There is no server, or the database of our name is not ours or in use."""


def own_url(url: str, name: str) -> str:
    """The address of the bench's database on the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@contextmanager
def own_database(url: str, name: str) -> Iterator[None]:
    """Make the database, and drop it at the end. Raises Refused rather than touch one that it did not make."""
    try:
        server = psycopg2.connect(url, connect_timeout=5)
    except (psycopg2.OperationalError, psycopg2.ProgrammingError) as error:
        raise Refused(f"The bench needs PostgreSQL, and DATABASE_URL leads to none: {error}".strip()) from error
    server.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
    try:
        _drop_left_over(server, name)
        _do(server, name, "CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0")
        _do(server, name, "COMMENT ON DATABASE {} IS %s", MARK)
        try:
            yield
        finally:
            _do(server, name, "DROP DATABASE {}")
    finally:
        server.close()


def _drop_left_over(server: connection, name: str) -> None:
    """A run that was killed leaves its database behind."""
    with server.cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [name],
        )
        found = cursor.fetchone()
    if found is None:
        return
    if found[0] != MARK:
        raise Refused(f"The server has a database {name} that the bench did not make. It is left alone.")
    try:
        _do(server, name, "DROP DATABASE {}")
    except errors.ObjectInUse as error:
        raise Refused("Another bench is running on this server.") from error


def _do(server: connection, name: str, command: str, *values: str) -> None:
    with server.cursor() as cursor:
        cursor.execute(sql.SQL(command).format(sql.Identifier(name)), values)
