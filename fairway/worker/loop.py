"""The worker's loop: every second, each registered sweeper does what is due.

A sweeper is a function of the time that claims and does due work, each piece in its own transaction, and says how
many pieces it did. Apps register theirs in `AppConfig.ready()`; any number of workers may run, because the claim is in
the database.
"""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from django.db import close_old_connections

Sweeper = Callable[[datetime], int]

PAUSE_SECONDS = 1.0
logger = logging.getLogger(__name__)
_sweepers: dict[str, Sweeper] = {}


def register(name: str, sweeper: Sweeper) -> None:
    """Add a sweeper under a name of its own. Raises ValueError when another one has the name."""
    if _sweepers.setdefault(name, sweeper) is not sweeper:
        raise ValueError(f"a sweeper named {name!r} is registered already")


def tick(now: datetime) -> dict[str, int]:
    """Let every sweeper do what is due at `now` (aware UTC); return how much each did, by name.

    One that fails is logged and left out; the others still run, and it is tried again at the next tick.
    """
    done: dict[str, int] = {}
    for name, sweeper in _sweepers.items():
        try:
            done[name] = sweeper(now)
        except Exception:
            logger.exception("sweeper %s failed and will be tried again", name)
    return done


def run_once() -> dict[str, int]:
    """Do one round at the present time; return what `tick` says."""
    close_old_connections()
    return tick(datetime.now(UTC))


def run_forever(stop: threading.Event) -> None:
    """Tick until `stop` is set: at once again while there was something to do, else after a pause."""
    logger.info("worker started with %d sweepers", len(_sweepers))
    while not stop.is_set():
        done = run_once()
        if not any(done.values()):
            stop.wait(PAUSE_SECONDS)
    logger.info("worker stopped")
