"""One writer after the other, woken at once: threads by a lock, processes by `flock` on a file beside the database.

SQLite lets one connection write at a time and lets the others ask again after pauses of up to 100 ms. Under load
nobody writes while all of them sleep: eight programs that moved deals spent two thirds of their time so. SQLite's own
lock stays the one that protects the data; this only decides who asks for it next. The kernel gives the file's lock
back when a process is killed.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Callable


class WriterQueue:
    """The queue before one database file. One per process and file: `queue_of`."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._turn = threading.Lock()
        self._file = -1
        self._process = 0

    def wait(self) -> Callable[[], None]:
        """Wait for one's turn; gives what ends it, which may be called once."""
        self._turn.acquire()
        try:
            fcntl.flock(self._opened(), fcntl.LOCK_EX)
        except BaseException:
            self._turn.release()
            raise
        return self._end

    def _end(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)
        self._turn.release()

    def _opened(self) -> int:
        # A process that was forked shares the open file, and with it the lock: it opens its own.
        if self._process != os.getpid():
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._process = os.getpid()
        return self._file


_queues: dict[str, WriterQueue] = {}
_known = threading.Lock()


def queue_of(database: str) -> WriterQueue:
    """The queue before a database file (its path), the same for all connections of this process."""
    with _known:
        if database not in _queues:
            _queues[database] = WriterQueue(f"{database}-queue")
        return _queues[database]
