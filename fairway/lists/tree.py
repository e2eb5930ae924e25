"""The language of filters, as it stands in an address: short enough to read, and to type.

    grade:A,B                       one of these; an empty value means that there is none (`owner:`)
    company~启明                    has this in it
    amount:100000..                 a range, open at either end; days too (`due:..today`, `created:-7d..`)
    grade!:C   company!~测试        not so
    grade:A;owner:me                both        (and binds closer than or)
    grade:A|(score:14..;owner:me)   either
    company:'A, B (中国)'           a value with signs of the language in it; '' is one quote

`read` makes a tree of it, `write` the text of a tree; each undoes the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from fairway.lists.errors import Misread

MOST_CHARACTERS = 2000
MOST_LEAVES = 40
MOST_DEPTH = 6
IS, HAS = ":", "~"
_NAME = re.compile(r"[a-z][a-z_0-9]*")
_BARE = re.compile(r"[^,;|()']*")
_NEEDS_QUOTES = re.compile(r"[,;|()']|\.\.|^\s|\s$")


@dataclass(frozen=True, slots=True)
class Range:
    """From one value to another, both in it; empty is open."""

    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """One condition: `field` is one of the values (`IS`), or has one of them in it (`HAS`); or not so."""

    field: str
    sign: str
    values: tuple[str | Range, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part holds."""

    parts: tuple[Node, ...]


Node = Leaf | All | Any


def leaf(field: str, *values: str | Range, sign: str = IS) -> Leaf:
    """A condition that the field is one of the values."""
    return Leaf(field, sign, values)


def together(*nodes: Node | None) -> Node | None:
    """What holds when all of them hold; None where there is none."""
    given = tuple(node for node in nodes if node is not None)
    if not given:
        return None
    return given[0] if len(given) == 1 else All(given)


def leaves(node: Node | None) -> Iterator[Leaf]:
    """Every condition of a tree, from left to right."""
    if isinstance(node, Leaf):
        yield node
    elif node is not None:
        for part in node.parts:
            yield from leaves(part)


def write(node: Node | None) -> str:
    """The text of a tree."""
    return "" if node is None else _write(node)


def _write(node: Node) -> str:
    if isinstance(node, Leaf):
        values = ",".join(_value(value) for value in node.values)
        return f"{node.field}{'!' if node.negated else ''}{node.sign}{values}"
    if isinstance(node, All):
        return ";".join(_write(part) if isinstance(part, Leaf) else f"({_write(part)})" for part in node.parts)
    return "|".join(f"({_write(part)})" if isinstance(part, Any) else _write(part) for part in node.parts)


def _value(value: str | Range) -> str:
    if isinstance(value, Range):
        return f"{value.low}..{value.high}"
    return "'" + value.replace("'", "''") + "'" if _NEEDS_QUOTES.search(value) else value


def read(text: str) -> Node | None:
    """The tree of a text; None for an empty one. Raises Misread, saying where it stopped to understand."""
    if not text.strip():
        return None
    if len(text) > MOST_CHARACTERS:
        raise Misread(_("A filter has at most %(most)s characters.") % {"most": MOST_CHARACTERS})
    reader = _Reader(text.replace("\x00", ""))
    node = reader.either(0)
    if reader.at < len(reader.text):
        raise reader.lost()
    return node


class _Reader:
    """Where in the text one is, and what may come there."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.count = text, 0, 0

    def lost(self) -> Misread:
        """What cannot be understood, and from where on."""
        rest = self.text[self.at : self.at + 20] or _("its end")
        return Misread(_("The filter cannot be read from “%(rest)s” on.") % {"rest": rest})

    def take(self, sign: str) -> bool:
        """Whether the sign comes next; it is behind us then."""
        if not self.text.startswith(sign, self.at):
            return False
        self.at += len(sign)
        return True

    def either(self, depth: int) -> Node:
        """Parts with `|` between them."""
        parts = [self.both(depth)]
        while self.take("|"):
            parts.append(self.both(depth))
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def both(self, depth: int) -> Node:
        """Parts with `;` between them."""
        parts = [self.part(depth)]
        while self.take(";"):
            parts.append(self.part(depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def part(self, depth: int) -> Node:
        """One condition, or parts in brackets."""
        if not self.take("("):
            return self.condition()
        if depth >= MOST_DEPTH:
            raise Misread(_("Brackets stand in each other more than %(most)s deep.") % {"most": MOST_DEPTH})
        inner = self.either(depth + 1)
        if not self.take(")"):
            raise self.lost()
        return inner

    def condition(self) -> Leaf:
        """A field, a sign, values."""
        name = _NAME.match(self.text, self.at)
        if name is None:
            raise self.lost()
        self.at = name.end()
        self.count += 1
        if self.count > MOST_LEAVES:
            raise Misread(_("A filter has at most %(most)s conditions.") % {"most": MOST_LEAVES})
        negated = self.take("!")
        sign = next((sign for sign in (IS, HAS) if self.take(sign)), None)
        if sign is None:
            raise self.lost()
        values = [self.value()]
        while self.take(","):
            values.append(self.value())
        return Leaf(name.group(), sign, tuple(values), negated)

    def value(self) -> str | Range:
        """A value in quotes, a range, or what stands up to the next sign."""
        if self.take("'"):
            return self.quoted()
        bare = _BARE.match(self.text, self.at)
        assert bare is not None
        self.at = bare.end()
        low, dots, high = bare.group().partition("..")
        return Range(low.strip(), high.strip()) if dots else low.strip()

    def quoted(self) -> str:
        """The rest of a value in quotes."""
        found: list[str] = []
        while True:
            end = self.text.find("'", self.at)
            if end < 0:
                raise self.lost()
            found.append(self.text[self.at : end])
            self.at = end + 1
            if not self.take("'"):
                return "".join(found)
            found.append("'")


def without(node: Node | None, field: str) -> Node | None:
    """The tree without the conditions on a field that stand at its top, all of which must hold."""
    parts: Sequence[Node] = node.parts if isinstance(node, All) else (node,) if node is not None else ()
    return together(*(part for part in parts if not (isinstance(part, Leaf) and part.field == field)))
