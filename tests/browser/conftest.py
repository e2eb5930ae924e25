import os
import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

ARTEFACTS = Path(__file__).resolve().parents[2] / "artefacts"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
]
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 375, "height": 812}


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser():
    """Chromium, started once."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.fail(
            "no Chromium on the PATH: `make setup` says why; on Debian: apt-get install chromium fonts-noto-cjk"
        )
    # Playwright keeps an event loop running in this thread to the end, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, args=ARGUMENTS)


@pytest.fixture
def open_window(browser, live_server):
    """Make a window onto the live server, each with cookies of its own: `open_window(locale="zh-CN", viewport=PHONE)`.

    A page that logs an error in its console, or asks for what is not there, fails the test; with `faults` the errors in
    the console are the test's own doing.
    """
    contexts, complaints = [], []

    def open_one(*, locale="zh-CN", viewport=None, dark=False, script=True, faults=False):
        context = browser.new_context(
            base_url=live_server.url,
            locale=locale,
            timezone_id="Asia/Shanghai",
            viewport=viewport or DESKTOP,
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        if not faults:
            page.on("console", lambda message: _note(complaints, page, message))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not complaints


def _note(complaints, page, message):
    # A refusal (409, 422) is an answer that the page shows; Chromium logs it as an error all the same.
    if message.type == "error" and not re.search(r"status of (403|404|409|412|422)", message.text):
        complaints.append(f"{page.url}: {message.text}")


@pytest.fixture
def window(open_window):
    """A desktop window in Chinese."""
    return open_window()


@pytest.fixture
def shoot(request):
    """Keep a picture of a page under artefacts/, named after the test: `shoot(page, "today")`."""
    folder = ARTEFACTS / re.sub(r"\W+", "-", request.node.name).strip("-")

    def take(page, name):
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}.png", full_page=True)

    return take
