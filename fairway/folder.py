"""The data folder, without Django: made, given its secret, and whether it is up to date."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib import metadata
from pathlib import Path

from fairway import __version__, environment

PREPARED_FILE = "prepared"
RUNNING_FILE = "running.lock"
PACKAGE = Path(__file__).resolve().parent


def make() -> Path:
    """Make the data folder and its secret key where they are missing; return the folder."""
    home = environment.home_folder(os.environ)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not environment.stored_secret(home):
        _write_secret(home / environment.SECRET_FILE)
    return home


@contextmanager
def running(home: Path) -> Iterator[None]:
    """Let others know that processes work in this folder: nothing may be exchanged under them."""
    with (home / RUNNING_FILE).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def is_prepared(home: Path) -> bool:
    """Say whether this version has prepared this folder already, so that nothing needs to be looked up.

    Only ever true for a SQLite file in the folder: another node may change or restore any other database.
    """
    if os.environ.get("DATABASE_URL") or not (home / environment.SQLITE_FILE).is_file():
        return False
    try:
        return (home / PREPARED_FILE).read_text(encoding="ascii") == fingerprint()
    except FileNotFoundError:
        return False


def note_prepared(home: Path) -> None:
    """Note that this version has prepared this folder."""
    (home / PREPARED_FILE).write_text(fingerprint(), encoding="ascii")


def forget_prepared(home: Path) -> None:
    """Let the next start look again, because the database was exchanged."""
    (home / PREPARED_FILE).unlink(missing_ok=True)


def fingerprint() -> str:
    """Name what decides about the tables and what is laid into them: versions, migrations, the shipped documents."""
    digest = sha256(f"{__version__} {metadata.version('django')} {metadata.version('django-allauth')}".encode())
    for path in sorted([*PACKAGE.glob("*/migrations/*.py"), *PACKAGE.glob("sops/library/**/*.yaml")]):
        status = path.stat()
        digest.update(f"\n{path.relative_to(PACKAGE)} {status.st_size} {status.st_mtime_ns}".encode())
    return digest.hexdigest()


def _write_secret(path: Path) -> None:
    # Written aside and linked into place: of two first starts, both read the same whole key.
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(50))
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
