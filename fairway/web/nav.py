"""The navigation, declared once: an entry shows when its URL name exists and the door of its view admits the person."""

from __future__ import annotations

import functools
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from django.conf import settings
from django.urls import NoReverseMatch, get_urlconf, resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fairway.people.doors import Door, door_for


@dataclass(frozen=True, slots=True)
class Entry:
    """One place to go, by the name of its URL; ``bottom`` entries stand in the bottom bar of a phone.

    ``key`` is pressed after g to go there.
    """

    name: str
    label: str | Promise
    icon: str
    key: str
    bottom: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as one person sees it on one page."""

    url: str
    label: str | Promise
    icon: str
    key: str
    current: bool


NAVIGATION: tuple[tuple[Entry, ...], ...] = (
    (
        Entry("today", _("Today"), icon="checklist", key="t", bottom=True),
        Entry("approvals", _("Approvals"), icon="clipboard-check", key="a"),
    ),
    (
        Entry("leads", _("Leads"), icon="target-arrow", key="l", bottom=True),
        Entry("deals", _("Deals"), icon="briefcase", key="d", bottom=True),
        Entry("complaints", _("Complaints"), icon="headset", key="k", bottom=True),
        Entry("accounts", _("Companies"), icon="building", key="c"),
        Entry("contacts", _("Contacts"), icon="address-book", key="p"),
        Entry("receivables", _("Receivables"), icon="report-money", key="r"),
        Entry("tasks", _("Tasks"), icon="list-check", key="w"),
        Entry("records", _("Records"), icon="forms", key="f"),
    ),
    (
        Entry("manage", _("Team"), icon="users-group", key="m"),
        Entry("duplicates", _("Duplicates"), icon="copy", key="u"),
        Entry("imports", _("Import"), icon="file-import", key="i"),
        Entry("sops", _("SOPs"), icon="route", key="s"),
        Entry("administration", _("Administration"), icon="settings", key="x"),
    ),
)


def links_for(roles: AbstractSet[str], path: str) -> list[list[Link]]:
    """Return the groups of links for a person with these role keys who looks at ``path``; empty groups are left out."""
    groups = ([_link(entry, roles, path) for entry in group] for group in NAVIGATION)
    return [shown for group in groups if (shown := [link for link in group if link])]


def bottom_links_for(roles: AbstractSet[str], path: str) -> list[Link]:
    """Return the links of the bottom bar."""
    entries = [entry for group in NAVIGATION for entry in group if entry.bottom]
    return [link for entry in entries if (link := _link(entry, roles, path))]


def place_of(name: str) -> Door | None:
    """The door of the screen with a URL name; None while there is none."""
    return place(name, get_urlconf() or settings.ROOT_URLCONF)[1]


def url_or_nothing(name: str) -> str:
    """Return the address of a URL name, or nothing while no screen has it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _link(entry: Entry, roles: AbstractSet[str], path: str) -> Link | None:
    url, door = place(entry.name, get_urlconf() or settings.ROOT_URLCONF)
    if not url or door is None or not door.admits(roles):
        return None
    return Link(
        url, entry.label, entry.icon, entry.key, path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))
    )


@functools.cache
def place(name: str, urlconf: str) -> tuple[str, Door | None]:
    """Return the address of a URL name and the door of its view; neither changes while the process runs."""
    url = url_or_nothing(name)
    return url, door_for(resolve(url, urlconf).func, "GET") if url else None
