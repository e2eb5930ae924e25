"""Every page that a person can open, looked at by a machine: fit for everyone, no wider than a phone, in one language.

The pages come from the registry of addresses (tests/pages/walk.py): a new one is walked without a word. Looks
(language, theme, width) are spread over the pages; every page is measured at 375 px.
"""

import os
import re
from pathlib import Path

import polib
import pytest
from django.core.cache import cache

import fairway
from fairway.people.models import User
from tests.browser.axe import violations
from tests.browser.conftest import DESKTOP, PHONE
from tests.doors.world import build
from tests.pages import walk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
LOOKS = [
    ("zh-hans", DESKTOP, False),
    ("en", PHONE, True),
    ("zh-hans", PHONE, False),
    ("en", DESKTOP, False),
    ("zh-hans", DESKTOP, True),
]
# A page that shows English on purpose: the parts with the words of their code beside them.
MIXED = {"components", "api/docs"}
SHOWN = """() => {
    const copy = document.body.cloneNode(true);
    for (const part of copy.querySelectorAll('pre, code, textarea, script, style, [lang=en]')) part.remove();
    return copy.innerText || copy.textContent;
}"""


def english():
    """Texts of the catalogues that would be seen at once when they are not translated: two words at least."""
    found = set()
    for path in Path(fairway.__file__).parent.glob("*/locale/zh_Hans/LC_MESSAGES/django.po"):
        for entry in polib.pofile(str(path)):
            text = entry.msgid
            if re.fullmatch(r"[A-Z][A-Za-z ,.'’-]{9,}", text) and " " in text and entry.msgstr != text:
                found.add(text)
    return found


@pytest.fixture
def walker(open_window, live_server):
    """Open a page as its opener in a look; windows are kept for the next page of the same look."""
    windows = {}

    def visit(world, page, look):
        language, viewport, dark = look
        key = (page.opener, *map(str, look))
        if key not in windows:
            window = open_window(locale="zh-CN" if language == "zh-hans" else "en-GB", viewport=viewport, dark=dark)
            cookies = walk.clients(world)[page.opener].cookies
            window.context.add_cookies(
                [{"name": n, "value": one.value, "url": live_server.url} for n, one in cookies.items()]
            )
            windows[key] = window
        window = windows[key]
        window.set_viewport_size(viewport)
        User.objects.exclude(language=language).update(language=language)
        cache.clear()
        window.goto(page.url)
        return window

    return visit


def test_every_page_is_fit_for_everyone_fits_a_phone_and_speaks_one_language(walker, sops):
    world, faults, texts = build(), [], english()
    pages = walk.pages(world)
    assert len(pages) > 60
    assert len(texts) > 200
    for number, page in enumerate(pages):
        look = LOOKS[number % len(LOOKS)]
        window = walker(world, page, look)
        faults += [f"{page.url} {look}: {one}" for one in violations(window)]
        if look[0] == "zh-hans" and page.pattern not in MIXED:
            shown = window.evaluate(SHOWN)
            faults += [f"{page.url}: not in Chinese: {text}" for text in texts if text in shown]
        window.set_viewport_size(PHONE)
        if window.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            faults.append(f"{page.url} {look}: wider than a phone")
    assert not faults, "\n".join(faults)


@pytest.mark.skipif(not os.environ.get("FAIRWAY_PICTURES"), reason="thousands of pictures: `make pictures` takes them")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [375, 768, 1440])
def test_pictures_of_every_page(walker, sops, shoot, language, dark, width):
    world = build()
    for page in walk.pages(world):
        window = walker(world, page, (language, {"width": width, "height": 900}, dark))
        shoot(window, page.pattern.replace("/", "-").strip("-") or "today")
