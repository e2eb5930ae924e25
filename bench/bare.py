"""The same rows read or written with nothing around: what a measurement is set beside."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence

from django.db import connection

FOR_SECONDS = 1.0


def reads(statement: str, ids: Sequence[int]) -> float:
    """How often a second the rows of a statement are read; `{id}` in it is one of the ids."""
    count, end = 0, time.perf_counter() + FOR_SECONDS
    with connection.cursor() as cursor:
        while time.perf_counter() < end:
            cursor.execute(statement.format(id=random.choice(ids)))
            cursor.fetchall()
            count += 1
    return count / FOR_SECONDS


def writes(rows: Sequence[tuple[str, int]]) -> float:
    """How often a second so many copies of a row of each table are written and committed, one transaction each time.

    `rows` are (table, number of rows). The copies go into tables without indexes, beside the real ones.
    """
    with connection.cursor() as cursor:
        for table, _many in rows:
            cursor.execute(f"CREATE TABLE IF NOT EXISTS bare_{table} AS SELECT * FROM {table} LIMIT 1")
        count, end = 0, time.perf_counter() + FOR_SECONDS
        while time.perf_counter() < end:
            cursor.execute("BEGIN")
            for table, many in rows:
                for _ in range(many):
                    cursor.execute(f"INSERT INTO bare_{table} SELECT * FROM bare_{table} LIMIT 1")
            cursor.execute("COMMIT")
            count += 1
    return count / FOR_SECONDS
