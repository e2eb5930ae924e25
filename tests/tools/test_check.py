import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import check  # noqa: E402

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setattr(check, "HOME", tmp_path / "home")


def suite(tmp_path, body):
    (tmp_path / "test_it.py").write_text(body)
    command = [*check.PYTEST, "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir", str(tmp_path), str(tmp_path)]
    return check.Check("sqlite", "tests", command, {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"})


def test_tests_that_pass_are_summed_up(tmp_path):
    passed, summary = check.run(suite(tmp_path, "def test_it(): pass\n"))
    assert (passed, summary.startswith("1 passed in ")) == (True, True)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("def test_it(): assert False\n", "1 failed"),
        ("def test_it(): assert False\ndef test_other(): pass\n", "1 failed, 1 passed"),
        ("", "no test ran"),
        ("import pytest\n@pytest.mark.skip\ndef test_it(): pass\n", "1 skipped"),
        ("import nothing_of_that_name\n", "1 error"),
    ],
)
def test_a_failure_and_no_test_at_all_fail(tmp_path, body, said):
    passed, summary = check.run(suite(tmp_path, body))
    assert (passed, summary.startswith(said)) == (False, True), summary


def test_the_exit_status_tells_failure(monkeypatch, capsys):
    good = check.Check("lint", "good", [sys.executable, "-c", ""])
    bad = check.Check("lint", "bad", [sys.executable, "-c", "raise SystemExit(3)"])
    monkeypatch.setattr(check, "checks", lambda: [bad, good])
    assert check.main([]) == 1
    assert "1 of 2 checks passed" in capsys.readouterr().out
    monkeypatch.setattr(check, "checks", lambda: [good])
    assert check.main([]) == 0
