"""`fairway demo`: a company to look at, with some months of work behind it."""

import argparse
import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime

from django.conf import settings

from fairway.demo import making, removing
from fairway.demo.company import NAME, Account
from fairway.people.errors import Refused
from fairway.people.models import User
from fairway.runs.verify import verify

HELP = "Fill an empty data folder with a made-up company, or take it away again; prints how its people sign in."
EXAMPLES = """  FAIRWAY_HOME=/tmp/look fairway demo      passwords are random and shown this once
  fairway demo > people.txt                keep them; a folder that has people in it is left as it is
  fairway demo --remove                    take away what the demo made; what people made stays, with the reason"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--remove", action="store_true", help="take the demo company away, and check the event log")


def run(args: argparse.Namespace) -> int:
    """Make the company where nobody is yet, or take it away."""
    if args.remove:
        return _remove()
    if User.objects.exists():
        print("There are people in this data folder already; nothing was changed. 数据目录中已有用户，未作任何改动。")
        return 0
    print("making a demo company, half a minute…", file=sys.stderr, flush=True)
    played = making.make(datetime.now(UTC))
    for line in _table(played.accounts):
        print(line)
    for line in played.cut_short:
        print(f"fairway demo: cut short: {line}", file=sys.stderr)
    return 0


def _remove() -> int:
    now = datetime.now(UTC)
    try:
        removed = removing.remove(by=None, now=now)
    except Refused as refused:
        print(f"fairway demo: {refused}", file=sys.stderr)
        return 1
    print(f"removed: {removed.runs} records, {removed.companies} companies, {removed.users} people, "
          f"{removed.teams} teams")  # fmt: skip
    for one in removed.stays:
        print(f"stays: {one.kind} {one.name}: {one.why}")
    faults = list(verify(now))
    for fault in faults:
        print(f"{fault.check}: {fault.row}: {fault.what}")
    print("verified: clean" if not faults else f"verified: {len(faults)} faults")
    return 1 if faults else 0


def _table(accounts: Iterable[Account]) -> Iterable[str]:
    url = settings.FAIRWAY_URL or f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"
    yield f"{NAME}  {url}"
    yield f"{'login':10}{'password':16}{'role':10}name"
    for one in accounts:
        yield f"{one.login:10}{one.password:16}{one.role:10}{one.name} {one.team}"
