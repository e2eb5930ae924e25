"""`fairway backup`: everything of this installation in one file."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from fairway import backups

HELP = "Write database, files and secret into one archive; the site may run meanwhile."
EXAMPLES = """  fairway backup                        fairway-20260304T050607.tar.gz in this folder
  fairway backup /srv/backups/today.tar.gz
The archive holds the secret key and personal data: keep it where only you can read it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("archive", nargs="?", type=Path, help="file to write (default: named by the time, in UTC)")


def run(args: argparse.Namespace) -> int:
    """Make the backup; say where it is."""
    now = datetime.now(UTC)
    target = args.archive or Path(f"fairway-{now:%Y%m%dT%H%M%S}.tar.gz")
    try:
        members = backups.make(target, now=now)
    except (backups.BackupError, OSError) as problem:
        print(f"fairway backup: {problem}", file=sys.stderr)
        return 1
    print(f"{target}: {len(members)} files, {target.stat().st_size:,} bytes")
    return 0
