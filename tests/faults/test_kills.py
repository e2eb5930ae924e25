"""Web and worker processes are killed while they write: what was acknowledged is there, once, and everything holds.

`make faults` does 200 rounds; the tests of every day do a few.
"""

import http.client
import json
import os
import random
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests import ports
from tests.fixtures_runs import LEAD

ROUNDS = int(os.environ.get("FAIRWAY_FAULT_ROUNDS", "0"))
pytestmark = [
    pytest.mark.slow,
    pytest.mark.once,
    pytest.mark.skipif(not ROUNDS, reason="takes minutes: `make faults` runs it"),
]
LATE = 60
WRITERS = 3
PATIENCE_SECONDS = 120
GRANIAN = ("--interface", "wsgi", "--workers", "1", "--blocking-threads", "4", "--no-ws")


class Site:
    """A web server and a worker in a folder of their own, real settings and all, each to be killed at will."""

    def __init__(self, home):
        self.home, self.port = home, ports.steady_port()
        self.around = {**os.environ, "FAIRWAY_HOME": str(home), "DATABASE_URL": "", "PYTHONPATH": str(Path.cwd())}
        self.around.pop("DJANGO_SETTINGS_MODULE", None)
        seeded = self.python("-m", "tests.faults.seed", str(LATE))
        self.token = seeded.stdout.strip().splitlines()[-1]
        self.web = self.serve()
        self.worker = self.start("-m", "fairway", "worker")

    def python(self, *arguments):
        found = subprocess.run(
            [sys.executable, *arguments], env=self.around, capture_output=True, text=True, check=False
        )
        assert found.returncode == 0, found.stdout + found.stderr
        return found

    def start(self, *arguments):
        return psutil.Popen(
            [sys.executable, *arguments], env=self.around, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def serve(self):
        return self.start("-m", "granian", "fairway.wsgi:application", "--port", str(self.port), *GRANIAN)

    def kill_web(self):
        # A process that was just being forked is no child any more when its parent is gone, and keeps the port.
        while running := [
            one for one in psutil.process_iter(["cmdline"]) if str(self.port) in (one.info["cmdline"] or ())
        ]:
            for one in running:
                with suppress(psutil.NoSuchProcess):
                    one.kill()
            self.web.wait()
        self.web = self.serve()

    def kill_worker(self):
        self.worker.kill()
        self.worker.wait()
        self.worker = self.start("-m", "fairway", "worker")

    def post(self, path, body, key):
        """Send until it is answered: a request that died is sent again under its key."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", "Idempotency-Key": key}
        while time.monotonic() < deadline:
            request = urllib.request.Request(
                f"http://127.0.0.1:{self.port}{path}", json.dumps(body).encode(), headers, method="POST"
            )
            try:
                with urllib.request.urlopen(request, timeout=20) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                raise AssertionError(f"{path}: {error.code} {error.read()[:300]}") from error
            except (OSError, http.client.HTTPException, json.JSONDecodeError):
                time.sleep(0.05)
        raise AssertionError("the site did not come back")

    def end(self):
        for process in (self.worker, self.web):
            with suppress(psutil.NoSuchProcess):  # ended before
                for one in [*process.children(recursive=True), process]:
                    one.kill()
            process.wait()


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path)
    try:
        yield site
    finally:
        site.end()


def test_killed_processes_lose_nothing_acknowledged_and_do_nothing_twice(site):
    acknowledged, over = {}, []

    def write(writer):
        number = 0
        while not over:
            key = f"{writer}-{number}"
            values = {**LEAD, "company_name": f"公司{key}", "contact_phone": f"13{writer}{number:08d}"}
            lead = site.post("/api/v1/leads", {"values": values}, key)
            card = {"values": {"fit_score": 4, "budget_score": 4, "urgency_score": 3}}
            site.post(f"/api/v1/leads/{lead['id']}/steps/score", card, f"{key}-score")
            acknowledged[key] = lead["id"]
            number += 1

    with ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(write, writer) for writer in range(WRITERS)]
        site.post("/api/v1/leads", {"values": {**LEAD, "company_name": "第一家"}}, "first")
        for turn in range(ROUNDS):
            time.sleep(random.uniform(0.05, 1.0))
            (site.kill_web if turn % 2 else site.kill_worker)()
            if turn % 2:
                site.post("/api/v1/leads", {"values": {**LEAD, "company_name": f"之后{turn}"}}, f"after-{turn}")
        over.append(True)
        for one in writers:
            one.result(timeout=PATIENCE_SECONDS)
    _wait_until_swept(site)
    site.end()

    assert site.python("-m", "fairway", "verify").stdout.strip() == "clean"
    rows = sqlite3.connect(site.home / "fairway.sqlite3")
    kept = dict(rows.execute("SELECT company, id FROM leads_lead").fetchall())
    assert acknowledged
    assert {key: kept.get(f"公司{key}") for key in acknowledged} == acknowledged
    twice = rows.execute("SELECT company FROM leads_lead GROUP BY company HAVING count(*) > 1").fetchall()
    assert not twice
    fired = rows.execute("SELECT run_id, data FROM runs_event WHERE kind = 'clock_fired'").fetchall()
    rungs = [(run, *(json.loads(data)[name] for name in ("step", "rung", "due"))) for run, data in fired]
    assert len(rungs) == len(set(rungs)) >= LATE
    told = "SELECT count(*) FROM notify_notice GROUP BY user_id, key HAVING count(*) > 1"
    assert not rows.execute(told).fetchall()


def _wait_until_swept(site):
    rows = sqlite3.connect(site.home / "fairway.sqlite3", timeout=30)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        due = "SELECT count(*) FROM runs_deadline WHERE fire_at <= strftime('%Y-%m-%d %H:%M:%S', 'now')"
        if not rows.execute(due).fetchone()[0]:
            return
        time.sleep(0.3)
    raise AssertionError("clocks stay due")
