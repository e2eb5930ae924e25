"""`fairway prepare`: make or bring up to date the data folder and the database."""

import argparse

from django.conf import settings

HELP = "Make the data folder and its database, or bring them up to date. Every other command does so by itself."
EXAMPLES = """  fairway prepare                          before the nodes of a new version start
  FAIRWAY_HOME=/srv/fairway fairway prepare"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare no arguments."""


def run(_args: argparse.Namespace) -> int:
    """Say where it is; the work is done before any command runs."""
    print(f"ready: {settings.FAIRWAY_HOME}")
    return 0
