"""Who is mentioned in a text: `@` and the name, or the sign-in name where two have the same name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from fairway.people.models import User

_AT = re.compile(r"(?<![A-Za-z0-9.])[@＠]")


@dataclass(frozen=True, slots=True)
class Named:
    """A person as texts name them."""

    id: int
    name: str
    username: str


def people() -> tuple[Named, ...]:
    """Everybody who can be mentioned."""
    rows = User.objects.filter(is_active=True).order_by("id").values_list("pk", "display_name", "username")
    return tuple(Named(*row) for row in rows)


def mentioned(text: str, known: Iterable[Named]) -> dict[str, list[int]]:
    """By the name that the text uses: the ids of those whom it means, more than one where they share the name.

    The longest name after the `@` counts; a mail address is no mention.
    """
    by_name: dict[str, list[int]] = {}
    for one in known:
        for name in {one.name, one.username} - {""}:
            by_name.setdefault(name.casefold(), []).append(one.id)
    names = sorted(by_name, key=len, reverse=True)
    found: dict[str, list[int]] = {}
    for match in _AT.finditer(text):
        rest = text[match.end() : match.end() + 200].casefold()
        meant = next((name for name in names if rest.startswith(name) and _ends(rest, name)), None)
        if meant is not None:
            found[text[match.end() : match.end() + len(meant)]] = by_name[meant]
    return found


def _ends(rest: str, name: str) -> bool:
    """Latin names end where the word ends; a Chinese one may be followed by anything."""
    if not name[-1].isascii():
        return True
    return not re.match(r"[A-Za-z0-9_]", rest[len(name) :])
