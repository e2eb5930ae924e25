"""What the palette offers beside records: making something new, and going somewhere; by the doors of the screens."""

from __future__ import annotations

import functools
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from django.conf import settings
from django.urls import get_urlconf
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, override

from fairway.customers.normal import folded
from fairway.web.nav import NAVIGATION, place


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do: the words, the address, and the keys that do it without the palette."""

    label: str
    url: str
    icon: str
    keys: tuple[str, ...] = ()


NEW: tuple[tuple[str, str | Promise, str], ...] = (
    ("lead-new", gettext_lazy("New lead"), "target-arrow"),
    ("deal-new", gettext_lazy("New deal"), "briefcase"),
    ("complaint-new", gettext_lazy("New complaint"), "headset"),
    ("account-new", gettext_lazy("New company"), "building"),
    ("import-new", gettext_lazy("Import a file"), "file-import"),
)
MORE: tuple[tuple[str, str | Promise, str], ...] = (
    ("pool", gettext_lazy("Pool"), "inbox"),
    ("deal-board", gettext_lazy("Board"), "layout-kanban"),
    ("lead-review", gettext_lazy("Review of leads"), "list-check"),
    ("notices", gettext_lazy("Notices"), "bell"),
    ("profile", gettext_lazy("My account"), "user-circle"),
)


def actions(roles: AbstractSet[str], text: str = "") -> list[Action]:
    """What a person with these roles may do from anywhere; with a text, what has each of its words in any language."""
    wanted = folded(text).split()
    urlconf = get_urlconf() or settings.ROOT_URLCONF
    found = []
    for name, label, icon, keys in _all():
        url, door = place(name, urlconf)
        if url and door is not None and door.admits(roles) and all(word in _words(name) for word in wanted):
            found.append(Action(_said(name, label), url, icon, keys))
    return found


@functools.cache
def _all() -> tuple[tuple[str, str | Promise, str, tuple[str, ...]], ...]:
    going = [(one.name, one.label, one.icon, ("g", one.key)) for group in NAVIGATION for one in group]
    return (
        *((name, label, icon, ()) for name, label, icon in NEW), *going,
        *((name, label, icon, ()) for name, label, icon in MORE),
    )  # fmt: skip


def _said(name: str, label: str | Promise) -> str:
    return str(label) if name.endswith("-new") else gettext("Go to: %(place)s") % {"place": label}


@functools.cache
def _words(name: str) -> str:
    """An action in every language, folded: who types "new" finds it on a Chinese page, too."""
    said = []
    label = next(one[1] for one in _all() if one[0] == name)
    for code, _title in settings.LANGUAGES:
        with override(code):
            said.append(folded(_said(name, label)))
    return " ".join(said)
