"""A process tree of a few children: started, started again when one dies, stopped together."""

import ctypes
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType

from fairway.logs import UtcFormatter

logger = logging.getLogger(__name__)

PR_SET_PDEATHSIG = 1  # from <sys/prctl.h>
STOP_SECONDS = 20.0
KILL_SECONDS = 15  # how long a web process may take over what it is answering when it is told to stop
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 20.0  # one that lived this long was killed or met a fault, and is not one that cannot start


@dataclass(slots=True)
class Child:
    """A process to keep alive: its name in the log and its command line."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    start_at: float = 0.0
    pause: float = field(default=FIRST_PAUSE_SECONDS)


def prepare() -> int:
    """Bring the data folder up to date in a process of its own, whose memory is given back; return its exit status."""
    command = [sys.executable, "-m", "fairway", "prepare"]
    return subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode  # noqa: S603


def why_not_listen(host: str, port: int) -> str:
    """Say why nobody could listen there, empty when one can: a server that cannot would be started again and again."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
    except OSError as problem:
        return problem.strerror or str(problem)
    return ""


def web(host: str, port: int, *, workers: int, threads: int) -> list[Child]:
    """Describe the web server: `workers` granians over WSGI, each with one process of `threads` threads.

    They share the port. Each ends when its process was killed, and is started again from here: granian's own way of
    starting them again misses one that dies while another is starting, and gives all up when one dies twice in 5.5 s.
    """
    command = [sys.executable, "-m", "granian", "fairway.wsgi:application", "--interface", "wsgi"]
    command += ["--host", host, "--port", str(port), "--workers", "1", "--blocking-threads", str(threads)]
    command += ["--workers-kill-timeout", str(KILL_SECONDS), "--no-ws", "--log-level", "warning"]
    return [Child(f"web {number}" if workers > 1 else "web", command) for number in range(1, workers + 1)]


def worker(*, delay: float = 0.0) -> Child:
    """Describe the worker; it starts after `delay` seconds, so that the first page need not wait for it."""
    start_at = time.monotonic() + delay
    return Child("worker", [sys.executable, "-m", "fairway", "worker"], start_at=start_at)


class Supervisor:
    """Keeps children alive until it is told to stop."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = children
        self.stopping = False

    def run(self) -> int:
        """Start the children and watch them until SIGTERM or SIGINT; return the exit status."""
        handler = logging.StreamHandler()
        handler.setFormatter(UtcFormatter("{asctime} {levelname} {name}: {message}", style="{"))
        logging.basicConfig(level=logging.INFO, handlers=[handler])
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self.stopping:
            for child in self.children:
                self._look_after(child)
            time.sleep(0.2)
        return self._end()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        if (process := child.process) is not None:
            status = process.poll()
            if status is None:
                return
            child.start_at = now + child.pause
            steady = now - child.started > STEADY_SECONDS
            child.pause = FIRST_PAUSE_SECONDS if steady else min(child.pause * 2, LONGEST_PAUSE_SECONDS)
            child.process = None
            _end_group(process.pid)
            logger.error("%s ended with status %s; starting it again", child.name, status)
        if now >= child.start_at:
            # A session of its own: a Ctrl-C in the terminal reaches the children through us only, once.
            child.process = subprocess.Popen(  # noqa: S603
                child.command,
                start_new_session=True,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 (this process has one thread)
            )
            child.started = now

    def _end(self) -> int:
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                logger.warning("process %d did not stop in time and is ended", process.pid)
                _end_group(process.pid)
                process.wait()
        return 0


def _end_group(leader: int) -> None:
    """End what a child started and left behind: a new child would find its port taken."""
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def _end_with_parent() -> None:
    """Let the kernel stop this process when its parent is killed (Linux; elsewhere it stays)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
