"""The strict YAML reader: text in, plain data with line numbers out, or every reason why not.

A small, safe part of YAML is read: mappings, lists and text. Nothing is constructed and nothing is guessed: `no`,
`12:30:00` and `1e3` stay the text that was written, and the schema gives it a type. Only a plain empty value, `~` or
`null` is None. All limits hold while reading, so that a hostile document costs neither memory nor time.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import yaml
from yaml.cyaml import CSafeLoader
from yaml.error import MarkedYAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from fairway.engine.findings import DocumentRefused, Finding, Level, Path
from fairway.engine.refusals import Refusals

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 32
MAX_NODES = 50_000
MAX_SCALAR = 20_000  # characters
MAX_KEY = 200  # characters

Value = str | list[Any] | dict[str, Any] | None

# Characters that hide, reorder or break text: controls, line separators, bidi controls, surrogates, byte-order marks.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
    "|\r(?!\n)"
)
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_NULLS = frozenset({"", "~", "null"})


class Position(NamedTuple):
    """Where an entry stands, (line, column) from 1: its key (None in a list and for the whole) and its value."""

    key: tuple[int, int] | None
    value: tuple[int, int]


_START = Position(None, (1, 1))


@dataclass(frozen=True, slots=True)
class Document:
    """What was read: `data` of dict, list, str and None, and where each part of it stands.

    Data that was never a text (from a form, say) has no positions: all of it is on line 1.
    """

    data: dict[str, Any]
    positions: Mapping[Path, Position]
    name: str = ""

    def line(self, path: Path) -> tuple[int, int]:
        """(line, column) of the entry at `path`, or of the nearest parent that is written.

        Takes a pydantic `loc` as it is: parts that name no entry (the tag of a union, `[key]`) are passed over.
        """
        position = self.positions.get(self.written(path), _START)
        return position.key or position.value

    def written(self, path: Path) -> Path:
        """The part of `path` that is in the document."""
        node: Value = self.data
        found: Path = ()
        for depth, part in enumerate(path, start=1):
            child = _child(node, part)
            # A union's tag may be spelled like a key beside it (kind: form, form: …), but text has no parts of its own.
            if child is _ABSENT or (depth < len(path) and not isinstance(child, dict | list)):
                continue
            node, found = child, (*found, part)
        return found

    def label(self, path: Path) -> str:
        """`path` in words: items of a list by their `key` where they have one (`stages.needs.steps.talk.due`)."""
        node: Value = self.data
        names: list[str] = []
        for part in path:
            child = _child(node, part)
            node = None if child is _ABSENT else child
            key = node.get("key") if isinstance(part, int) and isinstance(node, dict) else None
            names.append(key if isinstance(key, str) else str(part))
        return ".".join(names)

    def finding(self, path: Path, code: str, message: dict[str, str], level: Level = "error") -> Finding:
        """A finding that points at `path`; `message` as made by `findings.say`."""
        line, column = self.line(path)
        return Finding(line, column, self.label(path), code, message, level)


def read(text: bytes | str, *, name: str = "") -> Document:
    """Read one document; `name` (of the file) only goes into the result and the refusal.

    Raises DocumentRefused with all that was found: up to MAX_FINDINGS, and up to the point where reading had to stop.
    """
    refusals = Refusals(name)
    clean = _clean(text, refusals)
    return _Builder(clean, refusals).document()


def _clean(text: bytes | str, refusals: Refusals) -> str:
    """The decoded text without a forbidden character, or DocumentRefused; nothing is parsed yet."""
    # No character takes less than a byte, so the length alone refuses what would be costly to encode.
    raw = text if isinstance(text, bytes) or len(text) > MAX_BYTES else text.encode("utf-8", "surrogatepass")
    if len(raw) > MAX_BYTES:
        raise refusals.stop("too-large", limit=MAX_BYTES)
    clean = _decoded(text, refusals) if isinstance(text, bytes) else text
    for match in _FORBIDDEN.finditer(clean):
        refusals.add("character", _place(clean[: match.start()]), character=f"U+{ord(match[0]):04X}")
    refusals.raise_any()
    return clean


def _decoded(text: bytes, refusals: Refusals) -> str:
    if text.startswith(_BYTE_ORDER_MARKS):
        raise refusals.stop("encoding")
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refusals.stop("encoding", _place(text[: error.start].decode("utf-8"))) from None


def _place(before: str) -> tuple[int, int]:
    """Line and column, from 1, of the character that follows `before`."""
    return before.count("\n") + 1, len(before) - before.rfind("\n")


class _Builder:
    """Builds plain data from YAML events, each checked as it comes."""

    def __init__(self, text: str, refusals: Refusals) -> None:
        self.text = text
        self.refusals = refusals
        self.positions: dict[Path, Position] = {}
        self.nodes = 0

    def document(self) -> Document:
        """The whole document."""
        # Always libyaml, and only its events: the parser in Python takes seconds, and reads some documents otherwise.
        events: Iterator[Event] = iter(yaml.parse(self.text, Loader=CSafeLoader))
        try:
            data = self._only_document(events)
        except yaml.YAMLError as error:
            raise self._syntax(error) from None
        self.refusals.raise_any()
        if data is None:
            raise self.refusals.stop("empty")
        if not isinstance(data, dict):
            raise self.refusals.stop("not-a-mapping", self.positions[()].value)
        return Document(data, self.positions, self.refusals.name)

    def _only_document(self, events: Iterator[Event]) -> Value:
        next(events)  # the start of the stream
        start = next(events)
        if not isinstance(start, DocumentStartEvent):
            raise self.refusals.stop("empty")
        self._refuse_directives(start)
        data = self._value(next(events), events, ())
        next(events)  # the end of the document
        following = next(events)
        if isinstance(following, DocumentStartEvent):
            raise self.refusals.stop("many-documents", _at(following.start_mark))
        return data

    def _refuse_directives(self, start: DocumentStartEvent) -> None:
        # The parser reports %YAML and %TAG only, and passes over the others in silence.
        for number, line in enumerate(self.text.split("\n")[: _at(start.end_mark)[0] - 1], start=1):
            if line.startswith("%"):
                self.refusals.add("directive", (number, 1))

    def _value(self, event: Event, events: Iterator[Event], path: Path, key: tuple[int, int] | None = None) -> Value:
        at = _at(event.start_mark)
        self.positions[path] = Position(key, at)
        self._count(event, path)
        if isinstance(event, MappingStartEvent):
            return self._mapping(events, path)
        if isinstance(event, SequenceStartEvent):
            return self._list(events, path)
        return self._scalar(event, path)

    def _count(self, event: Event, path: Path) -> None:
        """Refuse what only big or clever documents have, before anything is kept."""
        at = _at(event.start_mark)
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self.refusals.stop("too-many-nodes", at, path, limit=MAX_NODES)
        if len(path) >= MAX_DEPTH and isinstance(event, MappingStartEvent | SequenceStartEvent):
            raise self.refusals.stop("too-deep", at, path, limit=MAX_DEPTH)
        if isinstance(event, AliasEvent):
            self.refusals.add("alias", at, path)
        elif isinstance(event, NodeEvent) and event.anchor is not None:
            self.refusals.add("anchor", at, path)
        if getattr(event, "tag", None) is not None:
            self.refusals.add("tag", at, path)

    def _mapping(self, events: Iterator[Event], path: Path) -> dict[str, Value]:
        entries: dict[str, Value] = {}
        first: dict[str, int] = {}
        while not isinstance(event := next(events), MappingEndEvent):
            at = _at(event.start_mark)
            key = self._key(event, events, path)
            if key in first:
                self.refusals.add("duplicate-key", at, (*path, key), key=key, first=first[key])
            first.setdefault(key, at[0])
            entries[key] = self._value(next(events), events, (*path, key), at)
        return entries

    def _key(self, event: Event, events: Iterator[Event], path: Path) -> str:
        """The key as text; one that is refused gets a stand-in, so that reading can go on and find more."""
        at, found, stand_in = _at(event.start_mark), len(self.refusals.findings), f"?{self.nodes}"
        if not isinstance(event, ScalarEvent):
            if not isinstance(event, AliasEvent):
                self.refusals.add("key-not-text", at, path)
            self._value(event, events, (*path, stand_in))
            return stand_in
        self._count(event, path)
        key = self._scalar(event, path)
        if key is None:
            self.refusals.add("key-not-text", at, path)
        elif key == "<<" and not event.style:
            self.refusals.add("merge-key", at, path)
        elif len(key) > MAX_KEY:
            self.refusals.add("key-too-long", at, path, limit=MAX_KEY)
        return key if key is not None and len(self.refusals.findings) == found else stand_in

    def _list(self, events: Iterator[Event], path: Path) -> list[Value]:
        items: list[Value] = []
        while not isinstance(event := next(events), SequenceEndEvent):
            items.append(self._value(event, events, (*path, len(items))))
        return items

    def _scalar(self, event: Event, path: Path) -> str | None:
        if not isinstance(event, ScalarEvent) or (not event.style and event.value in _NULLS):
            return None
        if len(event.value) > MAX_SCALAR:
            self.refusals.add("text-too-long", _at(event.start_mark), path, limit=MAX_SCALAR)
        if match := _FORBIDDEN.search(event.value):  # written as an escape: "\u202e"
            self.refusals.add("character", _at(event.start_mark), path, character=f"U+{ord(match[0]):04X}")
        return str(event.value)

    def _syntax(self, error: yaml.YAMLError) -> DocumentRefused:
        if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
            return self.refusals.syntax((1, 1), str(error))
        mark = error.problem_mark
        if self.text.startswith("\t", mark.index):
            return self.refusals.stop("tab", _at(mark))
        if self.text[self.text.rfind("\n", 0, mark.index) + 1 :].startswith("%"):
            return self.refusals.stop("directive", (mark.line + 1, 1))
        if mark.index >= len(self.text.rstrip()):  # what is open at the end is missed there, but mended where it began
            mark = error.context_mark or mark
        return self.refusals.syntax(_at(mark), error.problem or "")


def _at(mark: Any) -> tuple[int, int]:
    return mark.line + 1, mark.column + 1


_ABSENT: Any = object()


def _child(node: Value, part: str | int) -> Any:
    """The entry of `node` named by `part`, or _ABSENT."""
    if isinstance(node, dict) and isinstance(part, str):
        return node.get(part, _ABSENT)
    if isinstance(node, list) and isinstance(part, int) and 0 <= part < len(node):
        return node[part]
    return _ABSENT
