"""Writers before an SQLite file: threads and processes, one after the other, whatever happens to the one in front."""

import multiprocessing
import os
import signal
import sqlite3
import threading
import time
from pathlib import Path

from fairway.sqlite.queue import WriterQueue


def test_threads_come_one_after_the_other(tmp_path: Path) -> None:
    queue = WriterQueue(str(tmp_path / "q"))
    inside, seen = 0, []

    def write() -> None:
        nonlocal inside
        for _ in range(20):
            leave = queue.wait()
            inside += 1
            seen.append(inside)
            time.sleep(0.0005)
            inside -= 1
            leave()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert seen == [1] * 80


def _hold(path: str, ready: "multiprocessing.synchronize.Event") -> None:
    WriterQueue(path).wait()
    ready.set()
    time.sleep(60)


def test_a_process_that_is_killed_leaves_the_queue(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    holder = context.Process(target=_hold, args=(str(tmp_path / "q"), ready))
    holder.start()
    assert ready.wait(30)
    taken = threading.Event()
    waiting = threading.Thread(target=lambda: (WriterQueue(str(tmp_path / "q")).wait(), taken.set()), daemon=True)
    waiting.start()
    assert not taken.wait(0.2)
    os.kill(holder.pid, signal.SIGKILL)
    assert taken.wait(10)
    holder.join(10)


def _add(path: str, times: int) -> None:
    queue = WriterQueue(f"{path}-queue")
    rows = sqlite3.connect(path, isolation_level=None, timeout=0)
    for _ in range(times):
        leave = queue.wait()
        rows.execute("BEGIN IMMEDIATE")
        rows.execute("UPDATE t SET n = n + 1")
        rows.execute("COMMIT")
        leave()


def test_processes_in_the_queue_never_find_the_database_busy(tmp_path: Path) -> None:
    path = str(tmp_path / "db")
    rows = sqlite3.connect(path, isolation_level=None)
    rows.execute("PRAGMA journal_mode=WAL")
    rows.execute("CREATE TABLE t (n INTEGER)")
    rows.execute("INSERT INTO t VALUES (0)")
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_add, args=(path, 50)) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert rows.execute("SELECT n FROM t").fetchone() == (150,)
