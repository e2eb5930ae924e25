"""The backend: BEGIN IMMEDIATE in the order of a queue, and on request as late as the first write."""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.transaction import get_connection

from fairway.sqlite.queue import queue_of

READS = ("SELECT", "PRAGMA", "EXPLAIN")


def _moment(stored: bytes) -> datetime:
    """A time of the database, which is kept in UTC without saying so."""
    return datetime.fromisoformat(f"{stored.decode()}+00:00")


# Django reads a naive time with its own slower reader and makes it aware at each use; one that is aware it leaves.
sqlite3.register_converter("datetime", _moment)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to SQLite whose transactions wait in the queue of writers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.writes_late = False
        self._pending = False
        self._leave: Callable[[], None] | None = None

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor; while a transaction waits for its first write, one that begins it before that."""
        self.ensure_connection()
        cursor = self.connection.cursor(factory=_Cursor)
        return _Beginning(self, cursor) if self._pending else cursor

    def begin_pending(self) -> None:
        """Begin the transaction that was put off, if there is one."""
        if self._pending:
            self._begin()

    def _begin(self) -> None:
        self._pending = False
        if not self.is_in_memory_db():
            self._leave = queue_of(str(self.settings_dict["NAME"])).wait()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._left()
            raise

    def _start_transaction_under_autocommit(self) -> None:
        if self.writes_late:
            self._pending = True
        else:
            self._begin()

    def _commit(self) -> None:
        self._pending = False
        super()._commit()  # type: ignore[misc]
        self._left()

    def _rollback(self) -> None:
        self._pending = False
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._left()

    def _close(self) -> None:
        self._pending = False
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._left()

    def _left(self) -> None:
        leave, self._leave = self._leave, None
        if leave is not None:
            leave()


class _Cursor(base.SQLiteCursorWrapper):
    """Django's cursor, which works out the placeholders of a statement once instead of at each call."""

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        """The statement as SQLite takes it."""
        if param_names is not None:
            return str(super().convert_query(query, param_names=param_names))
        return _with_marks(query)


@functools.lru_cache(maxsize=1024)
def _with_marks(query: str) -> str:
    return str(base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%"))


class _Beginning:
    """A cursor that begins the waiting transaction before the first statement that is no read."""

    def __init__(self, connection: DatabaseWrapper, cursor: Any) -> None:
        self._connection = connection
        self._cursor = cursor

    def execute(self, query: str, params: Any = None) -> Any:
        self._begin_for(query)
        return self._cursor.execute(query, params)

    def executemany(self, query: str, params: Any) -> Any:
        self._begin_for(query)
        return self._cursor.executemany(query, params)

    def _begin_for(self, query: str) -> None:
        if not query.startswith(READS):
            self._connection.begin_pending()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._cursor)


def write_now() -> None:
    """Take the write lock where a transaction has put it off: what is read from here on stays as it is."""
    connection = get_connection()
    if isinstance(connection, DatabaseWrapper):
        connection.begin_pending()


@contextmanager
def late_writes() -> Iterator[None]:
    """Transactions that begin in this block hold the write lock from their first write on, not from their begin.

    What they read before it may be older than what they write, as with PostgreSQL's READ COMMITTED: for code that
    compares and swaps what it read. Elsewhere, and inside a transaction under way, nothing changes.
    """
    connection = get_connection()
    if not isinstance(connection, DatabaseWrapper) or connection.writes_late:
        yield
        return
    connection.writes_late = True
    try:
        yield
    finally:
        connection.writes_late = False
