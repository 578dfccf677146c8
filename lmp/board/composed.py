"""Queries that are composed once.

Of a simple query, four fifths of the process's time go to making the SQL. The board asks eleven, the same for a cohort
all day; see docs/performance.md.
"""

from typing import Any

from django.db import connection
from django.db.models import QuerySet


class Composed:
    """The SQL of a queryset of tuples, to be asked any number of times. A row is what `values_list` gives."""

    def __init__(self, queryset: QuerySet) -> None:
        self._compiler = queryset.query.get_compiler(queryset.db)
        self._sql, self._parameters = self._compiler.as_sql()
        fields = [selected for selected, *_names in self._compiler.select[: self._compiler.col_count]]
        self._converters = self._compiler.get_converters(fields)

    def rows(self) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(self._sql, self._parameters)
            found = cursor.fetchall()
        if not self._converters:
            return found
        return [tuple(row) for row in self._compiler.apply_converters(found, self._converters)]
