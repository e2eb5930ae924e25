"""`fairway restore`: lay a backup down as this installation."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from fairway import backups

HELP = "Lay a backup down as this installation. Refuses where there is data already, unless told otherwise."
EXAMPLES = """  fairway restore today.tar.gz
  fairway restore today.tar.gz --force     replace what is here; SQLite's data is kept beside
  FAIRWAY_HOME=/tmp/look fairway restore today.tar.gz     have a look at a backup elsewhere"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("archive", type=Path, help="file made by `fairway backup`")
    parser.add_argument("--force", action="store_true", help="replace the data that is here")


def run(args: argparse.Namespace) -> int:
    """Restore; say what was set aside."""
    try:
        kept = backups.restore(args.archive, force=args.force, now=datetime.now(UTC))
    except (backups.BackupError, OSError) as problem:
        print(f"fairway restore: {problem}", file=sys.stderr)
        return 1
    print(f"restored from {args.archive}" + (f"; what was here is in {kept}" if kept else ""))
    return 0
