"""`fairway demo`: a company to look at, with some months of work behind it."""

import argparse
import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime

from django.conf import settings

from fairway.demo import stage
from fairway.demo.company import NAME, Account
from fairway.people.models import User

HELP = "Fill an empty data folder with a made-up company; prints how its people sign in."
EXAMPLES = """  FAIRWAY_HOME=/tmp/look fairway demo      passwords are random and shown this once
  fairway demo > people.txt                keep them; a folder that has people in it is left as it is"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments: there are none."""


def run(args: argparse.Namespace) -> int:
    """Make the company where nobody is yet."""
    if User.objects.exists():
        print("There are people in this data folder already; nothing was changed. 数据目录中已有用户，未作任何改动。")
        return 0
    print("making a demo company, half a minute…", file=sys.stderr, flush=True)
    played = stage.make(datetime.now(UTC))
    for line in _table(played.accounts):
        print(line)
    for line in played.cut_short:
        print(f"fairway demo: cut short: {line}", file=sys.stderr)
    return 0


def _table(accounts: Iterable[Account]) -> Iterable[str]:
    url = settings.FAIRWAY_URL or f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"
    yield f"{NAME}  {url}"
    yield f"{'login':10}{'password':16}{'role':10}name"
    for one in accounts:
        yield f"{one.login:10}{one.password:16}{one.role:10}{one.name} {one.team}"
