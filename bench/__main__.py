"""`make bench`: 100,000 leads with runs, 8 connections, 2 workers, each beside the same rows read or written bare."""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import orjson

from bench.load import Figures, http, measure

FILTERED = "/api/v1/leads?stage=qualify&source=offline.fair&limit=50"
BARE_LIST = (
    "SELECT l.*, r.* FROM leads_lead l JOIN runs_run r ON r.id = l.run_id"
    " WHERE l.source = 'offline.fair' AND r.stage = 'qualify' AND l.id < {id} ORDER BY l.id DESC LIMIT 50"
)


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


def main() -> int:
    """Measure everything; 0 when every promise is kept."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--leads", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--only", default="", help="only measurements whose name contains this")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fairway-bench-") as home:
        return _run(args, Path(home))


def _run(args: argparse.Namespace, home: Path) -> int:
    os.environ.update(FAIRWAY_HOME=str(home), DJANGO_SETTINGS_MODULE="fairway.settings")
    from fairway import home as data_folder

    data_folder.prepare()
    from django.db import connection
    from django.utils import timezone

    from bench.company import LEAD, build
    from fairway.sops.actions import install_library

    install_library(now=timezone.now())
    began = time.perf_counter()
    company = build(args.leads)
    took = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"built {args.leads} leads in {took:.1f} s ({args.leads / took:.0f} a second)", flush=True)
    port = _free_port()
    connection.close()
    server = subprocess.Popen(
        [sys.executable, "-m", "fairway", "serve", "--port", str(port), "--workers", "2", "--no-worker"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        _wait(port)
        api = {"Authorization": f"Bearer {company.token}"}
        page = {"Cookie": f"sessionid={company.session}", "Accept-Encoding": "identity"}
        pick = random.Random(1)
        deals = company.moving

        def read_one(_c: int, _n: int) -> bytes:
            return http("GET", f"/api/v1/leads/{pick.choice(company.leads)}", api)

        def list_50(_c: int, _n: int) -> bytes:
            return http("GET", f"{FILTERED}&after={pick.randrange(60, args.leads)}", api)

        def create(c: int, n: int) -> bytes:
            phone = f"139{pick.randrange(10**8):08d}"
            values = {**LEAD, "company_name": f"新建{c}x{n}x{pick.random()}有限公司", "contact_phone": phone}
            return http("POST", "/api/v1/leads", api, orjson.dumps({"values": values}))

        def move(c: int, n: int) -> bytes:
            mine = deals[c::8]
            deal = mine[n // 2 % len(mine)]
            if n % 2 == 0:
                return http("POST", f"/api/v1/deals/{deal}/back", api, b'{"to":"qualify","why":"bench"}')
            return http("POST", f"/api/v1/deals/{deal}/advance", api, b'{"to":"needs"}')

        def fixed(path: str, headers: dict[str, str]) -> Callable[[int, int], bytes]:
            return lambda _c, _n: http("GET", path, headers)

        table = [
            (Promise("read one lead", at_least=1500), read_one, 8, "SELECT * FROM leads_lead WHERE id = {id}"),
            (Promise("list 50 leads, filtered and ordered", at_least=800), list_50, 8,
             BARE_LIST),
            (Promise("create a lead", at_least=200), create, 8, ""),
            (Promise("move a stage", at_least=400), move, 8, ""),
            (Promise("sum by stage", p50_at_most=5), fixed("/api/v1/leads/by-stage", api), 1,
             "SELECT stage, COUNT(*) FROM runs_run WHERE outcome = '' AND face = 'lead' GROUP BY stage"),
            (Promise("Today", p99_at_most=100), fixed("/", page), 1, ""),
            (Promise("deal page", p99_at_most=100), fixed(f"/deals/{company.deal}", page), 1, ""),
            (Promise("list page", p99_at_most=100), fixed("/leads", page), 1, ""),
        ]  # fmt: skip
        kept = [
            _measure(promise, request, connections, bare, port, args, company.leads)
            for promise, request, connections, bare in table
            if args.only in promise.name
        ]
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)
    return 0 if all(kept) else 1


def _measure(
    promise: Promise, request: Callable[[int, int], bytes], connections: int, bare: str, port: int,
    args: argparse.Namespace, ids: list[int],
) -> bool:  # fmt: skip
    measure(port, request, connections=connections, seconds=0.5)
    figures = measure(port, request, connections=connections, seconds=args.seconds)
    base = _bare_read(bare, ids) if bare else _bare_write(Path(os.environ["FAIRWAY_HOME"]))
    kept = promise.kept(figures)
    print(
        f"{promise.name}: {figures.rate:.0f}/s, p50 {figures.p50:.1f} ms, p99 {figures.p99:.1f} ms, "
        f"{figures.rate / base:.3f} of bare ({base:.0f}/s), bound {promise.bound()}: {'pass' if kept else 'FAIL'}"
        + (f" ({figures.failed} failed: {figures.sample!r})" if figures.failed else ""),
        flush=True,
    )
    return kept


def _bare_read(statement: str, ids: list[int]) -> float:
    """How often a second the same rows are read with nothing around it."""
    from django.db import connection

    count, end = 0, time.perf_counter() + 1.0
    with connection.cursor() as cursor:
        while time.perf_counter() < end:
            cursor.execute(statement.format(id=random.choice(ids)))
            cursor.fetchall()
            count += 1
    return float(count)


def _bare_write(home: Path) -> float:
    """How often a second one committed row is written with nothing around it."""
    from django.db import connection

    count, end = 0, time.perf_counter() + 1.0
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_bare (id integer PRIMARY KEY, body text)")
        while time.perf_counter() < end:
            cursor.execute("INSERT INTO bench_bare (body) VALUES (%s)", [json.dumps({"n": count, "home": str(home)})])
            count += 1
    return float(count)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server did not start")


if __name__ == "__main__":
    raise SystemExit(main())
