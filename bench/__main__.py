"""`make bench`: 100,000 leads with runs, 8 connections, 2 workers, each beside the same rows read or written bare.

One line a measurement: name, requests a second, median and 99th percentile, the ratio to the bare rows, the bound, and
whether it is kept. The exit status is 1 when one is not.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from bench.load import Figures, Request, http, measure
from bench.serving import first_page, memory, serving

if TYPE_CHECKING:
    from bench.company import Company

CONNECTIONS, WORKERS = 8, 2
FILTERED = "/api/v1/leads?stage=qualify&source=offline.fair&limit=50"
BARE_ONE = "SELECT l.*, r.* FROM leads_lead l JOIN runs_run r ON r.id = l.run_id WHERE l.id = {id}"
BARE_LIST = (
    "SELECT l.*, r.* FROM leads_lead l JOIN runs_run r ON r.id = l.run_id"
    " WHERE l.source = 'offline.fair' AND r.stage = 'qualify' AND l.id < {id} ORDER BY l.id DESC LIMIT 50"
)
BARE_SUM = "SELECT stage, COUNT(*) FROM runs_run WHERE outcome = '' AND face = 'lead' GROUP BY stage"
BARE_TASKS = (
    "SELECT t.*, r.* FROM runs_task t JOIN runs_run r ON r.id = t.run_id"
    " WHERE t.status = 'open' AND t.id > {id} ORDER BY t.id LIMIT 200"
)
BARE_RUN = "SELECT * FROM runs_run r JOIN runs_task t ON t.run_id = r.id WHERE r.id = {id}"
CREATED = (
    ("runs_run", 1), ("runs_event", 1), ("runs_visit", 1), ("runs_task", 1), ("runs_deadline", 1), ("runs_record", 1),
    ("runs_participant", 1), ("leads_lead", 1),
)  # fmt: skip
MOVED = (("runs_run", 1), ("runs_event", 1), ("runs_visit", 2), ("runs_task", 3), ("runs_deadline", 3))
IMPORTED = 20_000
LIST_PAGES = (
    ("leads by their clock", "/leads?sort=due"), ("leads of one grade", "/leads?grade=A"),
    ("leads of one source", "/leads?f=source:offline.fair"), ("deals", "/deals"), ("complaints", "/complaints"),
    ("companies", "/accounts"), ("contacts", "/contacts"), ("tasks", "/tasks?assignee=me"), ("records", "/records"),
)  # fmt: skip


@dataclass(frozen=True)
class Promise:
    """A figure and its bound: so many a second at least, or so many milliseconds at most."""

    name: str
    at_least: float = 0.0
    p50_at_most: float = 0.0
    p99_at_most: float = 0.0

    def kept(self, figures: Figures) -> bool:
        """Whether the figure holds, with every answer a good one."""
        if figures.failed or figures.rate < self.at_least:
            return False
        if self.p50_at_most and figures.p50 > self.p50_at_most:
            return False
        return not self.p99_at_most or figures.p99 <= self.p99_at_most

    def bound(self) -> str:
        """The bound in words."""
        if self.at_least:
            return f">= {self.at_least:g}/s"
        return f"p50 <= {self.p50_at_most:g} ms" if self.p50_at_most else f"p99 <= {self.p99_at_most:g} ms"


@dataclass(frozen=True)
class Measurement:
    """What is asked over so many connections, and how often the same rows come or go bare."""

    promise: Promise
    request: Request
    bare: Callable[[], float]
    connections: int = 1


def main() -> int:
    """Measure everything; 0 when every promise is kept."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--leads", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--only", default="", help="only measurements whose name contains this")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fairway-bench-") as home:
        os.environ.update(FAIRWAY_HOME=home, DJANGO_SETTINGS_MODULE="fairway.settings")
        return _run(args, Path(home))


def _run(args: argparse.Namespace, home: Path) -> int:
    company = _built(args.leads)
    kept = []
    with serving("--workers", str(WORKERS), "--no-worker") as (port, _process):
        first_page(port)
        kept += [_measured(one, port, args.seconds) for one in _table(company) if args.only in one.promise.name]
    if args.only in "idle memory and cold start":
        kept += _idle()
    if args.only in "import":
        _import(home)
    return 0 if all(kept) else 1


def _built(leads: int) -> Company:
    """A data folder with a company that has so many leads."""
    # Django is made ready by the first of these; what needs its models comes after.
    from fairway import home as data_folder

    data_folder.prepare()
    from django.db import connection
    from django.utils import timezone

    from bench.company import build
    from fairway.sops.actions import install_library

    install_library(now=timezone.now())
    began = time.perf_counter()
    company = build(leads)
    took = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    connection.close()
    print(f"built {leads} leads in {took:.1f} s ({leads / took:.0f} a second)", flush=True)
    return company


def _table(company: Company) -> list[Measurement]:
    from bench import bare
    from bench.company import LEAD

    api = {"Authorization": f"Bearer {company.token}"}
    page = {"Cookie": f"sessionid={company.session}", "Accept-Encoding": "identity"}
    pick = random.Random(1)
    back: dict[int, bool] = {}

    def read_one(_connection: int, _number: int) -> bytes:
        return http("GET", f"/api/v1/leads/{pick.choice(company.leads)}", api)

    def list_50(_connection: int, _number: int) -> bytes:
        return http("GET", f"{FILTERED}&after={pick.choice(company.later)}", api)

    def create(_connection: int, _number: int) -> bytes:
        phone = f"139{pick.randrange(10**8):08d}"
        values = {**LEAD, "company_name": f"新建{pick.random()}有限公司", "contact_phone": phone}
        return http("POST", "/api/v1/leads", api, orjson.dumps({"values": values}))

    def move(connection: int, number: int) -> bytes:
        mine = company.moving[connection::CONNECTIONS]
        deal = mine[number % len(mine)]
        back[deal] = not back.get(deal, False)
        if back[deal]:
            return http("POST", f"/api/v1/deals/{deal}/back", api, b'{"to":"qualify","why":"bench"}')
        return http("POST", f"/api/v1/deals/{deal}/advance", api, b'{"to":"needs"}')

    def fixed(path: str, headers: dict[str, str]) -> Request:
        return lambda _connection, _number: http("GET", path, headers)

    def beside(statement: str, ids: Sequence[int] = company.leads) -> Callable[[], float]:
        return lambda: bare.reads(statement, ids)

    slow = {"p99_at_most": 100.0}
    return [
        Measurement(Promise("read one lead", at_least=1500), read_one, beside(BARE_ONE), CONNECTIONS),
        Measurement(Promise("list 50 leads, filtered and ordered", at_least=800), list_50,
                    beside(BARE_LIST, company.later), CONNECTIONS),
        Measurement(Promise("create a lead", at_least=200), create, lambda: bare.writes(CREATED), CONNECTIONS),
        Measurement(Promise("move a stage", at_least=400), move, lambda: bare.writes(MOVED), CONNECTIONS),
        Measurement(Promise("sum by stage", p50_at_most=5), fixed("/api/v1/leads/by-stage", api), beside(BARE_SUM)),
        Measurement(Promise("Today", **slow), fixed("/", page), beside(BARE_TASKS)),
        Measurement(Promise("deal page", **slow), fixed(f"/deals/{company.deal}", page), beside(BARE_RUN)),
        Measurement(Promise("list page", **slow), fixed("/leads", page), beside(BARE_LIST, company.later)),
        *[
            Measurement(Promise(f"list page: {name}", **slow), fixed(path, page), beside(BARE_LIST, company.later))
            for name, path in LIST_PAGES
        ],
    ]  # fmt: skip


def _measured(one: Measurement, port: int, seconds: float) -> bool:
    measure(port, one.request, connections=one.connections, seconds=0.5)
    figures = measure(port, one.request, connections=one.connections, seconds=seconds)
    kept = one.promise.kept(figures)
    print(
        f"{one.promise.name}: {figures.rate:.0f}/s, p50 {figures.p50:.1f} ms, p99 {figures.p99:.1f} ms, "
        f"{figures.rate / one.bare():.3f} of bare, bound {one.promise.bound()}: {_verdict(kept)}"
        + (f" ({figures.failed} failed: {figures.sample!r})" if figures.failed else ""),
        flush=True,
    )
    return kept


def _verdict(kept: bool) -> str:
    return "pass" if kept else "FAIL"


def _idle() -> list[bool]:
    """The tree of one web process and one worker: how long to the first page, and what it takes when nobody asks."""
    began = time.perf_counter()
    with serving() as (port, process):
        first_page(port)
        took = time.perf_counter() - began
        time.sleep(5)
        taken = memory(process)
    print(f"cold start to the first page: {took:.2f} s, bound <= 1.5 s: {_verdict(took <= 1.5)}")
    print(f"idle memory (PSS): {taken:.0f} MB, bound <= 200 MB: {_verdict(0 < taken <= 200)}", flush=True)
    return [took <= 1.5, 0 < taken <= 200]


def _import(home: Path) -> None:
    """Rows a second through the command line, from the file to leads with runs, tasks, clocks and events."""
    path = home / "leads.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["公司名称", "联系人", "联系电话", "行业", "企业规模", "来源"])
        for n in range(IMPORTED):
            rows.writerow([f"进口{n}号贸易有限公司", "李娜", f"137{n:08d}", "machinery", "100-499", "offline.fair"])
    began = time.perf_counter()
    command = [sys.executable, "-m", "fairway", "import", "leads", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    took = time.perf_counter() - began
    said = (done.stdout.strip().splitlines() or done.stderr.strip().splitlines() or [""])[-1]
    rate = IMPORTED / took
    verdict = "pass" if rate >= 20_000 else "not yet"
    print(f"import: {rate:.0f} rows/s ({said}), bound >= 20000 rows/s: {verdict}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
