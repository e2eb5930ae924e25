"""`fairway reindex`: make the index of the search anew."""

import argparse

from fairway.search import index

HELP = "Make the search index anew. It is kept by every write; this is for after a repair by hand."
EXAMPLES = """  fairway reindex             everything anew, in one transaction
  fairway reindex --missing   enter only what is not there yet"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--missing", action="store_true", help="enter only what is not there yet")


def run(args: argparse.Namespace) -> int:
    """Make it, and say how many records were entered."""
    count = index.fill() if args.missing else index.rebuild()
    print(f"{count} records entered")
    return 0
