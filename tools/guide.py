"""Take the pictures of the user guide: the demo company on this machine, looked at in Chromium, in both languages.

tools/guide.py            writes docs/guide/pictures/{zh,en}/*.webp; takes two or three minutes
"""

import base64
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "guide" / "pictures"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]
SIZE = {"width": 1200, "height": 760}
QUALITY = 0.62
LANGUAGES = {"zh": ("zh-CN", "zh-hans"), "en": ("en-GB", "en")}
MOST_BYTES = 2_000_000
LOOK = ("zh", "en")

# The picture's name, who looks, and where. A place in braces is looked up on a list.
SHOTS = (
    ("today", "chen", "/"), ("leads", "chen", "/leads"), ("deal", "chen", "{/deals/board}"),
    ("approvals", "chen", "/approvals"), ("complaints", "pan", "/complaints"), ("sop", "chen", "/sops/new-business"),
    ("draft", "chen", "/sops/complaint/draft"), ("administration", "admin", "/administration"),
)  # fmt: skip
AS_WEBP = """([data, quality]) => new Promise((done, fail) => {
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement("canvas");
    canvas.width = image.width; canvas.height = image.height;
    canvas.getContext("2d").drawImage(image, 0, 0);
    done(canvas.toDataURL("image/webp", quality).split(",")[1]);
  };
  image.onerror = fail;
  image.src = "data:image/png;base64," + data;
})"""


def main() -> int:
    """Make the demo, serve it, take the pictures; refuse when they grow beyond two megabytes."""
    chromium = next(filter(None, map(shutil.which, NAMES)), None)
    if chromium is None:
        print("no Chromium on the PATH: `make setup` says why")
        return 1
    with tempfile.TemporaryDirectory(prefix="fairway-guide-") as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        empty, demo = Path(folder) / "empty", Path(folder) / "demo"
        with served(empty) as url:
            for language in LOOK:
                shoot(browser, url, language, "start", "/start")
        people = made(demo)
        with served(demo) as url:
            for language in LOOK:
                walk(browser, url, language, people)
        browser.close()
    size = sum(path.stat().st_size for path in PICTURES.rglob("*.webp"))
    print(f"{len(list(PICTURES.rglob('*.webp')))} pictures, {size / 1000:.0f} KB")
    return 0 if size <= MOST_BYTES else 1


def made(home: Path) -> dict[str, str]:
    """Make the demo company; how its people sign in."""
    said = subprocess.run(fairway("demo"), env=surroundings(home), capture_output=True, text=True, check=True).stdout
    return dict(re.findall(r"^(\w+)\s+(\w{12})\s", said, re.MULTILINE))


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Serve a data folder on this machine only; the address."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        fairway("serve", "--port", str(port), "--no-worker"), env=surroundings(home), stdout=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{url}/health", timeout=2).close()  # noqa: S310 - this machine
                break
            except OSError:
                time.sleep(0.5)
        yield url
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def walk(browser: Browser, url: str, language: str, people: dict[str, str]) -> None:
    """Every picture of one language, person by person."""
    for login in dict.fromkeys(login for _name, login, _place in SHOTS):
        page = window(browser, url, language)
        page.goto("/accounts/login/")
        page.fill("[name=login]", login)
        page.fill("[name=password]", people[login])
        page.locator("form:has([name=password]) button[type=submit]").click()
        page.wait_for_url(lambda there: "/accounts/login" not in there)
        for name, who, place in SHOTS:
            if who == login:
                page.goto(found(page, place))
                take(page, language, name)
        page.context.close()


def found(page: Page, place: str) -> str:
    """The place itself, or the first record in the fourth lane of a board."""
    if not place.startswith("{"):
        return place
    page.goto(place.strip("{}"))
    link = page.locator("[data-lane=negotiation] a[href^='/deals/']").first
    return str(link.get_attribute("href"))


def shoot(browser: Browser, url: str, language: str, name: str, place: str) -> None:
    """One picture for which nobody signs in."""
    page = window(browser, url, language)
    page.goto(place)
    take(page, language, name)
    page.context.close()


def window(browser: Browser, url: str, language: str) -> Page:
    """A window in a language."""
    locale, code = LANGUAGES[language]
    context = browser.new_context(base_url=url, locale=locale, timezone_id="Asia/Shanghai", viewport=SIZE)
    context.add_cookies([{"name": "django_language", "value": code, "url": url}])
    context.set_default_timeout(120_000)  # a busy machine is slow for a while
    return context.new_page()


def take(page: Page, language: str, name: str) -> None:
    """Keep what is seen as a small WebP file; Chromium itself converts it."""
    page.wait_for_load_state("networkidle")
    picture = page.screenshot(animations="disabled")
    blank = page.context.new_page()
    data = blank.evaluate(AS_WEBP, [base64.b64encode(picture).decode(), QUALITY])
    blank.close()
    target = PICTURES / language / f"{name}.webp"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(base64.b64decode(data))


def fairway(*words: str) -> list[str]:
    """The command line of the product in this checkout."""
    return [sys.executable, "-m", "fairway", *words]


def surroundings(home: Path) -> dict[str, str]:
    """The environment with a data folder and a secret of its own."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "FAIRWAY_URL")}
    return kept | {"FAIRWAY_HOME": str(home), "FAIRWAY_SECRET_KEY": secrets.token_urlsafe(40)}


if __name__ == "__main__":
    sys.exit(main())
