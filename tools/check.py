"""Run every check of the project, as `make test` does; all of them, even after one failed, so that one run tells all.

tools/check.py             everything
tools/check.py lint        only the checks that run no tests
tools/check.py sqlite      only these steps: lint, sqlite, postgres, browser
"""

import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".venv" / "check-home"
BIN = Path(sys.executable).parent
PYTEST = [sys.executable, "-m", "pytest", "-q", "--color=no"]
PARALLEL = ["-n", "logical", "--maxprocesses", "6", "--dist", "worksteal"]
SUMMARY = re.compile(r"\d+ (passed|failed|errors?|skipped|deselected|warnings?|xfailed)\b.* in [\d.]+")
PASSED = re.compile(r"(\d+) passed")


@dataclass(frozen=True)
class Check:
    """One command: its group, its name, what runs, what is added to the environment."""

    group: str
    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def is_tests(self) -> bool:
        """Whether it runs tests, so that none run is a failure."""
        return self.command[: len(PYTEST)] == PYTEST


def checks() -> list[Check]:
    """List every check in the order in which they run: the quick ones first."""
    fairway = [sys.executable, "-m", "fairway"]
    django = [sys.executable, "-m", "django"]
    found = [
        Check("lint", "ruff check", [str(BIN / "ruff"), "check", "--quiet"]),
        Check("lint", "ruff format", [str(BIN / "ruff"), "format", "--check", "--quiet"]),
        Check("lint", "imports point down", [str(BIN / "lint-imports"), "--no-cache"]),
        Check("lint", "translations", [sys.executable, "tools/messages.py", "--check"]),
        Check("lint", "migrations", [*django, "makemigrations", "--check", "--dry-run"]),
        Check("lint", "system check", [*django, "check", "--fail-level", "WARNING"]),
        Check("lint", "mypy", [str(BIN / "mypy")]),
    ]
    library = sorted(map(str, ROOT.glob("fairway/sops/library/*/sop.yaml")))
    if library and (ROOT / "fairway" / "commands" / "sop.py").exists():
        found += [
            Check("lint", "SOPs: check", [*fairway, "sop", "check", *library]),
            Check("lint", "SOPs: scenarios", [*fairway, "sop", "scenario"]),
        ]
    postgres = {"FAIRWAY_TEST_DB": "postgres"}
    return [
        *found,
        Check("sqlite", "tests on SQLite", [*PYTEST, *PARALLEL, "-m", "not browser"]),
        Check("postgres", "tests on PostgreSQL", [*PYTEST, *PARALLEL, "-m", "not browser and not once"], postgres),
        Check("browser", "tests in the browser", [*PYTEST, "-m", "browser", "tests/browser"]),
    ]


def run(check: Check) -> tuple[bool, str]:
    """Run one check with its output shown as it comes. Returns whether it passed, and what is worth saying of it."""
    print(f"\n== {check.name}", flush=True)
    HOME.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "fairway.settings",
        "FAIRWAY_HOME": str(HOME),
        "FAIRWAY_SECRET_KEY": "only-for-checks",
        "PYTHONUNBUFFERED": "1",
        **check.environment,
    }
    environment.pop("DATABASE_URL", None)
    summary = ""
    with subprocess.Popen(
        check.command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            if SUMMARY.search(line):
                summary = line.strip(" =\n")
    passed = process.returncode == 0
    if check.is_tests and not PASSED.search(summary):
        return False, summary or "no test ran"
    return passed, summary


def main(groups: list[str]) -> int:
    """Run the checks of these groups, all without any; print one line for each at the end. Returns the exit status."""
    chosen = [check for check in checks() if not groups or check.group in groups]
    if not chosen:
        print(f"no such group: {' '.join(groups)}", file=sys.stderr)
        return 2
    shutil.rmtree(HOME, ignore_errors=True)
    lines, failed = [], 0
    started = time.monotonic()
    for check in chosen:
        begun = time.monotonic()
        passed, summary = run(check)
        failed += not passed
        lines.append(f"{'ok    ' if passed else 'FAILED'} {check.name:22} {time.monotonic() - begun:6.1f} s  {summary}")
    print("\n== results")
    print("\n".join(lines))
    print(f"{len(chosen) - failed} of {len(chosen)} checks passed in {time.monotonic() - started:.0f} s")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
