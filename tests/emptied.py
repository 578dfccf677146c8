"""A test database put back to what it was when it was made, after a test whose transactions were its own.

Django's own way empties each table's file and then loads reference data and permissions anew: longer than many a test.
Here the rows of the beginning are kept in tables beside, and copied back.
"""

from django.apps import apps
from django.db import connection, transaction
from django.db.models import BigAutoField
from django.test import TransactionTestCase

KEPT = "as_made_"
# Where the keys of the tests' own rows begin. No figure of a test is as large, and a key that is taken for a figure
# (a page without "42" whose address ends in 842) fails at each run, and not only where so many rows went before.
FIRST_KEY = 9_421_087


def remember() -> None:
    """Keep what the database holds now, and let every later test leave it so."""
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f"DROP TABLE IF EXISTS {_quoted(KEPT + table)}")
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {_quoted(table)})")
            if cursor.fetchone()[0]:
                cursor.execute(f"CREATE TABLE {_quoted(KEPT + table)} AS SELECT * FROM {_quoted(table)}")
    _count_from(FIRST_KEY)
    TransactionTestCase._fixture_teardown = _put_back


def _put_back(_test: TransactionTestCase) -> None:
    """Keys are checked when the transaction ends, so the order of the tables does not matter."""
    kept = set(connection.introspection.table_names())
    with transaction.atomic(), connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f"DELETE FROM {_quoted(table)}")
            if KEPT + table in kept:
                cursor.execute(f"INSERT INTO {_quoted(table)} SELECT * FROM {_quoted(KEPT + table)}")


def _count_from(key: int) -> None:
    numbered = [model._meta for model in apps.get_models() if isinstance(model._meta.pk, BigAutoField)]
    with connection.cursor() as cursor:
        for table, column in {(meta.db_table, meta.pk.column) for meta in numbered}:
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, key])
            else:
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [table, column, key])


def _tables() -> list[str]:
    return connection.introspection.django_table_names(only_existing=True, include_views=False)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
