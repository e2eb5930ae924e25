import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress

import psutil
import pytest

from fairway import environment
from tests import ports

pytestmark = [pytest.mark.slow, pytest.mark.once]
PATIENCE_SECONDS = 90


def wait_for(what):
    """Wait until `what` returns something true, and return that."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.05)
    raise AssertionError("waited in vain")


class Site:
    def __init__(self, home, *options):
        self.port = ports.free_port()
        around = {**os.environ, "FAIRWAY_HOME": str(home), "DATABASE_URL": ""}
        command = [sys.executable, "-m", "fairway", "serve", "--port", str(self.port), *options]
        self.process = psutil.Popen(command, env=around, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def answers(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=5) as answer:
                return answer.read() == b"ok"
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def child(self, word):
        for child in self.process.children():
            with suppress(psutil.ZombieProcess, psutil.NoSuchProcess):
                if word in child.cmdline():
                    return child
        return None


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("served")


@pytest.fixture
def site(home):
    site = Site(home)
    try:
        wait_for(site.answers)
        wait_for(lambda: site.child("worker"))
        yield site
    finally:
        with suppress(psutil.NoSuchProcess):  # its children may end, one by one, while they are looked at
            for process in [*site.process.children(recursive=True), site.process]:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
        with suppress(psutil.NoSuchProcess):
            site.process.wait()


def test_an_empty_folder_is_served_and_stopped_cleanly(site, home):
    assert (home / environment.SQLITE_FILE).is_file()
    tree = site.process.children(recursive=True)
    site.process.send_signal(signal.SIGTERM)
    assert site.process.wait(PATIENCE_SECONDS) == 0
    assert not [process for process in tree if process.is_running()]


@pytest.mark.parametrize("word", ["granian", "worker"])
def test_a_killed_child_is_started_again(site, word):
    killed = site.child(word)
    killed.kill()
    wait_for(lambda: (now := site.child(word)) and now.pid != killed.pid)
    wait_for(site.answers)


def test_nothing_outlives_the_tree_when_its_root_is_killed(site):
    tree = site.process.children(recursive=True)
    assert len(tree) >= 3
    site.process.kill()
    wait_for(lambda: not [process for process in tree if process.is_running()])


def web_processes(site):
    """The processes that answer: each is the child of a granian."""
    found = []
    for child in site.process.children():
        with suppress(psutil.ZombieProcess, psutil.NoSuchProcess):
            if "granian" in child.cmdline():
                found += child.children()
    return found


def test_every_web_process_comes_back_even_when_it_is_killed_again_and_again(home):
    site = Site(home, "--workers", "2", "--no-worker")
    try:
        before = wait_for(lambda: len(found := web_processes(site)) == 2 and found)
        wait_for(site.answers)
        for _ in range(2):  # both at once, and soon after once more
            for process in before:
                process.kill()
            gone = {process.pid for process in before}
            before = wait_for(lambda gone=gone: len(new := web_processes(site)) == 2 and not gone & {p.pid for p in new}
                              and new)  # fmt: skip
        wait_for(site.answers)
        tree = site.process.children(recursive=True)
        site.process.send_signal(signal.SIGTERM)
        assert site.process.wait(PATIENCE_SECONDS) == 0
        wait_for(lambda: not [process for process in tree if process.is_running()])
    finally:
        with suppress(psutil.NoSuchProcess):
            for process in [*site.process.children(recursive=True), site.process]:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
