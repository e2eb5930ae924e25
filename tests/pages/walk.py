"""Every page there is, found from the registry of addresses: where it is, and who opens it.

A new page is walked without a word; one whose address has a parameter that `tests/doors/asking.py` does not know stops
the walk.
"""

from dataclasses import dataclass

from django.test import Client

from fairway.people.doors import EVERY_METHOD, routes
from tests.doors import asking

OPENERS = ("visitor", "rep", "manager", "admin", "finance", "legal", "product", "support", "service")
# What is no page: the API, its description, and what a library answers to addresses that it sends by mail.
NO_PAGES = ("api/v1/",)
SIGNED_OUT = ("accounts/logout/",)


@dataclass(frozen=True)
class Page:
    """One page: its route, an address of it, and by name who opens it."""

    pattern: str
    url: str
    opener: str


def addresses():
    """The patterns that may be asked for by GET, in the order of the registry."""
    found = []
    for route in routes():
        is_asked = route.door is not None and not route.door.closed and {"GET", EVERY_METHOD} & set(route.methods)
        if is_asked and not route.pattern.startswith(NO_PAGES) and "^" not in route.pattern:
            found.append(route.pattern)
    return list(dict.fromkeys(found))


def clients(world):
    """A client for everybody."""
    found = {}
    for name in OPENERS:
        found[name] = Client(headers={"Accept-Encoding": "gzip", "Accept-Language": "zh-CN"})
        if name != "visitor":
            found[name].force_login(world.persons[name])
    return found


def pages(world):
    """Everything that is a page to somebody; what only redirects, sends a file or takes a form is none."""
    world.become("rep")
    known, found, unknown = clients(world), [], []
    for pattern in addresses():
        url = asking.address(pattern, world, "own")
        if url is None:
            unknown.append(pattern)
            continue
        opener = next((name for name in OPENERS if is_page(known[name], pattern, url)), None)
        if opener:
            found.append(Page(pattern, url, opener))
    assert not unknown, f"tests/doors/asking.py knows no address for {unknown}"
    return found


def is_page(client, pattern, url):
    """Whether this client gets a whole page there."""
    if pattern in SIGNED_OUT:
        return False
    response = client.get(url, headers={"Accept-Encoding": "identity"})
    if response.streaming or response.status_code != 200:
        return False
    return response.headers["Content-Type"].startswith("text/html") and b"<html" in response.content
