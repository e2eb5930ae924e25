"""The data folder and its database, brought up to date before any command works in them."""

import fcntl
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import translation

from fairway import folder

LOCK_FILE = "prepare.lock"
MIGRATION_LOCK = 0x46574159  # "FWAY": the key of PostgreSQL's advisory lock

_steps: dict[str, Callable[[], None]] = {}


def register_step(name: str, step: Callable[[], None]) -> None:
    """Add what else an empty database needs, such as the shipped documents; call it in `AppConfig.ready()`.

    Steps run in the order of their registration after the tables are up to date, again with each new version, in one
    process at a time; one that has nothing to do must write nothing. Raises ValueError when the name is taken.
    """
    if _steps.setdefault(name, step) is not step:
        raise ValueError(f"a step named {name!r} is registered already")


def set_up() -> None:
    """Make Django ready for a command: its settings, its apps, and the language of the terminal's user."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fairway.settings")
    django.setup()
    translation.activate(language(os.environ))


def language(environ: Mapping[str, str]) -> str:
    """Say in which language the terminal's user reads: Chinese where the locale says so, else English."""
    locale = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    return "zh-hans" if locale.lower().startswith("zh") else "en"


def prepare() -> Path:
    """Make everything that a command needs: folder, secret, settings, tables, first contents.

    Safe to call by several processes at once and again at every start. Returns the data folder.
    """
    home = folder.make()
    set_up()
    if folder.is_prepared(home):
        return home
    with _alone(home):
        _migrate()
        for step in _steps.values():
            step()
        folder.note_prepared(home)
    return home


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


def _migrate() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
    if settings.CACHES["default"]["LOCATION"] not in connection.introspection.table_names():
        call_command("createcachetable", verbosity=0)
