"""`fairway worker`: the loop that fires what is due."""

import argparse
import signal
import threading

from django.conf import settings

from fairway import folder
from fairway.worker import loop

HELP = "Fire what is due and deliver what is owed, until stopped."
EXAMPLES = """  fairway worker            beside any number of others, on any machine that reaches the database
  fairway worker --once     one round, for a cron job"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--once", action="store_true", help="do one round and leave")


def run(args: argparse.Namespace) -> int:
    """Run the loop until SIGTERM or SIGINT."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with folder.running(settings.FAIRWAY_HOME):
        if args.once:
            loop.run_once()
        else:
            loop.run_forever(stop)
    return 0
