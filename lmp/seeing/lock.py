"""While it holds, this thread writes nothing to the database: three bolts, each enough by itself.

Every statement but those that read is refused before it is sent. The database is told to refuse them as well, which
also stops what reads as a reading one. And whatever happened is taken back at the end.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

READS = re.compile(r"[\s(]*(SELECT|WITH|EXPLAIN|SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT)\b", re.IGNORECASE)
LOCKS_ROWS = re.compile(r"\bFOR (NO KEY )?UPDATE\b")


class WriteRefusedError(Exception):
    """Not a DatabaseError: code that expects one of those must not take this for it."""


@contextmanager
def read_only() -> Iterator[None]:
    with transaction.atomic():
        with _told_to_refuse(), connection.execute_wrapper(_refuse_writes):
            yield
        transaction.set_rollback(True)


def _refuse_writes(execute: Callable, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if not READS.match(sql) or LOCKS_ROWS.search(sql):
        raise WriteRefusedError(sql)
    return execute(sql, params, many, context)


@contextmanager
def _told_to_refuse() -> Iterator[None]:
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        # PostgreSQL: until the transaction, or the savepoint, ends
        cursor.execute("PRAGMA query_only = ON" if is_sqlite else "SET TRANSACTION READ ONLY")
    try:
        yield
    finally:
        # Past Django, which sends nothing more in a transaction that has failed: the connection is used again.
        if is_sqlite and connection.connection is not None:
            connection.connection.execute("PRAGMA query_only = OFF")
