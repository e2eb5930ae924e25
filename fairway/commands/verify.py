"""`fairway verify`: whether everything that must always hold does."""

import argparse
from datetime import UTC, datetime

from fairway.runs.verify import verify

HELP = "Check what must always hold; name every row that breaks it."
EXAMPLES = """  fairway verify              exit 0: clean; exit 1: the rows are named"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--most", type=int, default=100, help="rows to name at the most (default 100)")


def run(args: argparse.Namespace) -> int:
    """Check, print each fault on a line, and the count."""
    count = 0
    for fault in verify(datetime.now(UTC)):
        count += 1
        if count <= args.most:
            print(f"{fault.check}: {fault.row}: {fault.what}")
    print("clean" if not count else f"{count} faults")
    return 1 if count else 0
