"""The data folder: made, locked and brought up to date before any command works in it."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from fairway import environment

LOCK_FILE = "prepare.lock"
MIGRATION_LOCK = 0x46574159  # "FWAY": the key of PostgreSQL's advisory lock


def prepare(*, quiet: bool = True) -> Path:
    """Make everything that a command needs: folder, secret, settings, tables.

    Safe to call by several processes at once and again at every start. `quiet` False prints each migration.
    Returns the data folder.
    """
    home = make_folder()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fairway.settings")
    django.setup()
    with _alone(home):
        _migrate(verbosity=0 if quiet else 1)
    return home


def make_folder() -> Path:
    """Make the data folder and its secret key where they are missing; return the folder."""
    home = environment.home_folder(os.environ)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not environment.stored_secret(home):
        _write_secret(home / environment.SECRET_FILE)
    return home


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


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Hold the folder's lock and, on PostgreSQL, the database's: other nodes migrate the same tables."""
    with (home / LOCK_FILE).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def _migrate(*, verbosity: int) -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=verbosity, run_syncdb=True)
    if settings.CACHES["default"]["LOCATION"] not in connection.introspection.table_names():
        call_command("createcachetable", verbosity=verbosity)
