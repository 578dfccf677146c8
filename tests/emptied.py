"""A test database put back to what it was when it was made, after a test whose transactions were its own.

Django's own way empties each table's file and then loads reference data and permissions anew: longer than many a test.
Here the rows of the beginning are kept in tables beside, and copied back.
"""

from django.db import connection, transaction
from django.test import TransactionTestCase

KEPT = "as_made_"


def remember() -> None:
    """Keep what the database holds now, and let every later test leave it so."""
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f"DROP TABLE IF EXISTS {_quoted(KEPT + table)}")
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {_quoted(table)})")
            if cursor.fetchone()[0]:
                cursor.execute(f"CREATE TABLE {_quoted(KEPT + table)} AS SELECT * FROM {_quoted(table)}")
    TransactionTestCase._fixture_teardown = _put_back


def _put_back(_test: TransactionTestCase) -> None:
    """Keys are checked when the transaction ends, so the order of the tables does not matter."""
    kept = set(connection.introspection.table_names())
    with transaction.atomic(), connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f"DELETE FROM {_quoted(table)}")
            if KEPT + table in kept:
                cursor.execute(f"INSERT INTO {_quoted(table)} SELECT * FROM {_quoted(KEPT + table)}")


def _tables() -> list[str]:
    return connection.introspection.django_table_names(only_existing=True, include_views=False)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
