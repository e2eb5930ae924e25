"""A server as people start it, and what it costs: the time to its first page, the memory of its processes."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def serving(*arguments: str) -> Iterator[tuple[int, int]]:
    """Run `fairway serve` on a free port of this machine; gives the port and the process id."""
    port = _free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "fairway", "serve", "--port", str(port), *arguments],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        yield port, server.pid
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)


def first_page(port: int, path: str = "/accounts/login/") -> None:
    """Come back when the page was given, or raise TimeoutError after a minute."""
    end = time.perf_counter() + 60
    while time.perf_counter() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5) as one:
            one.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
            if one.recv(1 << 16).startswith(b"HTTP/1.1 200"):
                return
        time.sleep(0.01)
    raise TimeoutError("the server gave no page")


def memory(process: int) -> float:
    """MB that a process and those below it take, shared pages by their share (PSS). Linux only."""
    total, pending = 0, [process]
    while pending:
        one = Path("/proc") / str(pending.pop())
        with contextlib.suppress(OSError):
            rolled = (one / "smaps_rollup").read_text()
            total += next(int(line.split()[1]) for line in rolled.splitlines() if line.startswith("Pss:"))
            for task in (one / "task").iterdir():
                pending.extend(int(child) for child in (task / "children").read_text().split())
    return total / 1024


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
