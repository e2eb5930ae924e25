"""Documents made to hurt: each is refused with its line, or read as harmless text, within a second."""

import json
import time
import tracemalloc
from typing import Any

import pytest

from fairway.engine import reader
from fairway.engine.findings import DocumentRefused
from fairway.engine.reader import Document, read
from fairway.engine.refusals import MAX_FINDINGS

MB = 1024 * 1024
BILLION_LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{after}: &{after} [*{before}, *{before}, *{before}, *{before}]\n"
    for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)

# name: (document, code of a finding, its line)
REFUSED: dict[str, tuple[bytes | str, str, int]] = {
    # aliases
    "billion laughs": (BILLION_LAUGHS, "anchor", 1),
    "an alias to itself": ("a: &a [*a]", "anchor", 1),
    "an alias to nothing": ("a: *gone", "alias", 1),
    "an alias as a key": ("a: &k x\n*k : y", "alias", 2),
    "an anchor without an alias": ("ok: 1\na: &unused x", "anchor", 2),
    "an anchor on a key": ("&k a: x", "anchor", 1),
    "an anchor on nothing": ("a: &x\nb: c", "anchor", 1),
    "ten thousand anchors": ("\n".join(f"k{n}: &a{n} x" for n in range(10_000)), "anchor", 100),
    "a name of an anchor as long as the document": ("a: &" + "x" * (MB - 10), "anchor", 1),
    # tags
    "a call of the system": ("ok: 1\na: !!python/object/apply:os.system ['id']", "tag", 2),
    "a new object": ("a: !!python/object/new:subprocess.Popen [['id']]", "tag", 1),
    "a module": ("a: !!python/module:os", "tag", 1),
    "a name in Python": ("a: !!python/name:builtins.eval", "tag", 1),
    "a Python tuple": ("a: !!python/tuple [1, 2]", "tag", 1),
    "a harmless tag": ("a: !!str 1", "tag", 1),
    "a tag of one's own": ("a: !include /etc/passwd", "tag", 1),
    "a verbatim tag": ("a: !<tag:yaml.org,2002:python/object/apply:os.system> [id]", "tag", 1),
    "a bare tag": ("标题: 好\na: ! x", "tag", 2),
    "a tag on a key": ("!!python/name:os.system a: x", "tag", 1),
    "a tag on the document": ("!!python/object:object {}", "tag", 1),
    "a tag on an empty value": ("a: !!null\nb: c", "tag", 1),
    "a binary": ("a: !!binary " + "A" * 1000, "tag", 1),
    "a tag with an unknown handle": ("a: !x!y z", "syntax", 1),
    # keys
    "a merge key": ("a: {x: 1}\nb:\n  <<: {y: 2}", "merge-key", 3),
    "a merge key with an alias": ("a: &a {x: 1}\nb:\n  <<: *a", "merge-key", 3),
    "a merge key with a list": ("<<: [{a: 1}, {b: 2}]", "merge-key", 1),
    "a duplicate key": ("a: 1\nb: 2\na: 3", "duplicate-key", 3),
    "a duplicate key in quotes": ("a: 1\n\"\\x61\": 2\n'a': 3", "duplicate-key", 3),
    "a duplicate key deep down": ("a:\n  - b: [{c: {d: 1, e: 2,\n  d: 3}}]", "duplicate-key", 3),
    "a duplicate key with ? and :": ("? a\n: 1\n? a\n: 2", "duplicate-key", 3),
    "the same key 20,000 times": ("a: 1\n" * 20_000, "duplicate-key", 101),
    "a list as a key": ("[a, b]: c", "key-not-text", 1),
    "a mapping as a key": ("? {a: b}\n: c", "key-not-text", 1),
    "a block as a key": ("ok: 1\n?\n  - a\n  - b\n: c", "key-not-text", 3),
    "null as a key": ("a: 1\nnull: x", "key-not-text", 2),
    "a tilde as a key": ("~: x", "key-not-text", 1),
    "an empty key": ("a: {? : x}", "key-not-text", 1),
    "a key of 201 characters": ("a: 1\n" + "k" * 201 + ": x", "key-too-long", 2),
    "a key of 100,000 characters": ("? " + "k" * 100_000 + "\n: x", "key-too-long", 1),
    "a key too long for a simple key": ("k" * 2_000 + ": x", "syntax", 1),
    "keys inside keys inside keys": ("? " * 50_000 + "a", "too-deep", 1),
    # depth and size
    "100,000 open brackets": ("[" * 100_000, "too-deep", 1),
    "100,000 open braces": ("{a: " * 100_000, "too-deep", 1),
    "100,000 open brackets, closed": ("a: " + "[" * 100_000 + "]" * 100_000, "too-deep", 1),
    "100,000 dashes": ("- " * 100_000, "too-deep", 1),
    "a staircase of 1,000 steps": ("".join(" " * step + "a:\n" for step in range(1_000)), "too-deep", 33),
    "one level too deep": ("a: " + "[" * 32 + "]" * 32, "too-deep", 1),
    "brackets and braces in turn": ("a: " + "[{b: " * 1_000, "too-deep", 1),
    "60,000 entries": ("\n".join(f"k{n}: v" for n in range(60_000)), "too-many-nodes", 25_000),
    "300,000 items": ("a: [" + ",".join(["x"] * 300_000) + "]", "too-many-nodes", 1),
    "200,000 empty mappings": ("a: [" + "{}," * 200_000 + "]", "too-many-nodes", 1),
    "200,000 empty items": ("a:\n" + "-\n" * 200_000, "too-many-nodes", 49_999),
    "10 MB of letters": (b"a: " + b"x" * 10 * MB, "too-large", 1),
    "10 MB of brackets": (b"[" * 10 * MB, "too-large", 1),
    "10 MB of line ends": ("\n" * 10 * MB, "too-large", 1),
    "10 MB of NUL": (b"\0" * 10 * MB, "too-large", 1),
    "10 MB of broken UTF-8": (b"\xff" * 10 * MB, "too-large", 1),
    "10 MB of surrogates": ("\ud800" * 10 * MB, "too-large", 1),
    "one byte too much, in Chinese": ("#" + "字" * (MB // 3 + 1), "too-large", 1),
    "a plain text of 20,001 characters": ("ok: 1\na: " + "x" * 20_001, "text-too-long", 2),
    "a plain text of almost 1 MB": ("a: " + "x" * (MB - 10), "text-too-long", 1),
    "a quoted text of 200,000 escapes": ('a: "' + "\\x41" * 200_000 + '"', "text-too-long", 1),
    "a folded text of 200,000 lines": ("a: >\n" + " x\n" * 200_000, "text-too-long", 1),
    "a text of 900,000 line ends": ('a: "x' + "\n" * 900_000 + 'y"', "text-too-long", 1),
    "a million spaces after a text": ("a: 'x" + " " * 1_000_000 + "y'", "text-too-long", 1),
    # characters
    "NUL": ("a: 1\nb: x\0y", "character", 2),
    "NUL as an escape": ('a: "\\0"', "character", 1),
    "an escape sequence of the terminal": ("a: 1\nb: \x1b[2Jx", "character", 2),
    "a bell as an escape": ('ok: 1\na: "\\a"', "character", 2),
    "a delete character": ("a: x\x7f", "character", 1),
    "a C1 control": ("a: x\x9b31m", "character", 1),
    "a line end of another kind": ("a: x\u2028b: y", "character", 1),
    "a carriage return that hides a line": ("a: x\rb: y", "character", 1),
    "a right-to-left override": ("a: 1\nb: x\u202egnp.exe", "character", 2),
    "a right-to-left override as an escape": ('a: "x\\u202Egnp.exe"', "character", 1),
    "an isolate in a key": ("a\u2066b: x", "character", 1),
    "an isolate in a comment": ("a: 1 # \u2067x", "character", 1),
    "a lone surrogate": ("a: x\ud800y", "character", 1),
    "a lone surrogate as bytes": (b"ok: 1\na: \xed\xa0\x80", "encoding", 2),
    "a lone surrogate as an escape": ('a: "\\ud800"', "syntax", 1),
    "a character beyond Unicode": ('a: "\\U00110000"', "syntax", 1),
    "a noncharacter": ("a: \uffff", "character", 1),
    "a million bells": ("\x07" * MB, "character", 1),
    # encodings
    "UTF-16 with a mark": ("a: b".encode("utf-16"), "encoding", 1),
    "UTF-16 without a mark": ("a: b".encode("utf-16-le"), "character", 1),
    "UTF-32": ("a: b".encode("utf-32"), "encoding", 1),
    "UTF-8 with a mark": (b"\xef\xbb\xbfa: b", "encoding", 1),
    "a mark in mid-text": ("a: 1\nb: x\ufeff", "character", 2),
    "GB18030": ("好: 1".encode("gb18030"), "encoding", 1),
    "broken UTF-8 on line 3": (b"a: 1\nb: 2\nc: \xe5\xa5", "encoding", 3),
    "overlong UTF-8": (b"a: \xc0\xae", "encoding", 1),
    # documents
    "nothing": ("", "empty", 1),
    "blank lines": ("\n \n\n", "empty", 1),
    "only a comment": ("# nothing here", "empty", 1),
    "only a marker": ("---\n...\n", "empty", 1),
    "only null": ("null", "empty", 1),
    "a list at the top": ("- a\n- b", "not-a-mapping", 1),
    "a text at the top": ("just words", "not-a-mapping", 1),
    "a second document": ("a: 1\n---\nb: 2", "many-documents", 2),
    "ten thousand documents": ("a: 1\n---\n" * 10_000, "many-documents", 2),
    "an empty second document": ("a: 1\n---\n", "many-documents", 2),
    "a version directive": ("%YAML 1.1\n---\na: 1", "directive", 1),
    "a tag directive": ("%TAG !p! tag:yaml.org,2002:python/\n---\na: 1", "directive", 1),
    "a tag directive in use": ("# x\n%TAG !p! tag:yaml.org,2002:python/\n---\na: !p!name:os.system x", "tag", 4),
    "an unknown directive": ("%FOO bar\n---\na: 1", "directive", 1),
    "a thousand directives": ("%FOO bar\n" * 1_000 + "---\na: 1", "directive", 1),
    "a directive with a name as long as the document": ("%" + "X" * (MB - 20) + "\n---\na: 1", "directive", 1),
    # syntax
    "a tab as indentation": ("a:\n\tb: 1", "tab", 2),
    "a tab after spaces": ("a:\n  - b\n \t- c", "tab", 3),
    "an open double quote": ('a: 1\nb: "x\nc: 2\n', "syntax", 2),
    "an open single quote": ("a: 1\nb: 'x\nc: 2\n", "syntax", 2),
    "an open bracket": ("a: 1\nb: [x, y\n", "syntax", 2),
    "an open brace": ("a: 1\nb: {x: y\n", "syntax", 2),
    "a stray bracket": ("a: x\nb: ]", "syntax", 2),
    "wrong indentation": ("a:\n  b: 1\n c: 2", "syntax", 3),
    "a colon too many": ("a: 1\nb: c: d", "syntax", 2),
    "a list in place of a key": ("a: 1\n- b", "syntax", 2),
    "an unknown escape": ('a: "\\q"', "syntax", 1),
    "a reserved character": ("a: 1\nb: @x", "syntax", 2),
    "a percent sign": ("a: 1\nb: %x", "syntax", 2),
    "an unclosed mapping in a block": ("a: {b: 1\nc: 2\n", "syntax", 2),
}  # fmt: skip

# name: (document, what is read: nothing is guessed, nothing is run)
HARMLESS: dict[str, tuple[bytes | str, dict[str, Any]]] = {
    "words that YAML 1.1 takes for booleans": (
        "{no: no, on: on, off: Off, y: y, yes: YES, true: True}",
        {"no": "no", "on": "on", "off": "Off", "y": "y", "yes": "YES", "true": "True"},
    ),
    "numbers of every base": (
        "{a: 0o7, b: 017, c: 0x1F, d: 0b11, e: 1_000, f: 1e3, g: .5, h: -0, i: +1}",
        {"a": "0o7", "b": "017", "c": "0x1F", "d": "0b11", "e": "1_000", "f": "1e3", "g": ".5", "h": "-0", "i": "+1"},
    ),
    "numbers of base sixty": ("a: 12:30:00\nb: 190:20:30.15", {"a": "12:30:00", "b": "190:20:30.15"}),
    "numbers that are none": ("a: [.inf, -.INF, .nan]", {"a": [".inf", "-.INF", ".nan"]}),
    "a number of 5,000 digits": ("a: " + "9" * 5_000, {"a": "9" * 5_000}),
    "dates": ("a: 2026-02-30\nb: 2001-12-14t21:59Z", {"a": "2026-02-30", "b": "2001-12-14t21:59Z"}),
    "the value key": ("=: x\na: =", {"=": "x", "a": "="}),
    "a merge key in quotes": ("'<<': x", {"<<": "x"}),
    "numbers and dates as keys": ("1: a\n2026-01-01: b\n1.0: c", {"1": "a", "2026-01-01": "b", "1.0": "c"}),
    "names that reach into Python": (
        "__class__: {__bases__: x}\n__proto__: {constructor: y}\n__init__: '{0.__globals__}'",
        {"__class__": {"__bases__": "x"}, "__proto__": {"constructor": "y"}, "__init__": "{0.__globals__}"},
    ),
    "code as text": (
        "a: __import__('os').system('id')\nb: ${7*7} {{7*7}} %(x)s {x!r}\nc: '=cmd|x'",
        {"a": "__import__('os').system('id')", "b": "${7*7} {{7*7}} %(x)s {x!r}", "c": "=cmd|x"},
    ),
    "paths and addresses": (
        "a: ../../etc/passwd\nb: http://169.254.169.254/",
        {"a": "../../etc/passwd", "b": "http://169.254.169.254/"},
    ),
    "tags and anchors in quotes": ("a: '!!python/name:os'\nb: '&x *x'", {"a": "!!python/name:os", "b": "&x *x"}),
    "emoji of many characters": ("👩‍👩‍👧‍👦: 👍🏽 🇨🇳", {"👩‍👩‍👧‍👦": "👍🏽 🇨🇳"}),
    "right-to-left letters": ("a: مرحبا", {"a": "مرحبا"}),
    "marks heaped on a letter": ("a: z" + "\u0300" * 1_000, {"a": "z" + "\u0300" * 1_000}),
    "a flood of comments": ("a: 1\n" + "# flood\n" * 100_000, {"a": "1"}),
    "a comment of almost 1 MB": ("a: 1 #" + "x" * (MB - 10), {"a": "1"}),
    "a flood of blank lines": ("a: 1\n" + "\n" * 900_000 + "b: 2", {"a": "1", "b": "2"}),
    "markers around the document": ("---\na: 1\n...\n", {"a": "1"}),
    "flow in block in flow": (
        "a:\n  - {b: [c, {d: e}]}\n  -\n    f: {\n g: h}",
        {"a": [{"b": ["c", {"d": "e"}]}, {"f": {"g": "h"}}]},
    ),
    "a block text that looks like a document": (
        "a: |\n  %YAML 1.1\n  ---\n  b: &c !!d *e\n",
        {"a": "%YAML 1.1\n---\nb: &c !!d *e\n"},
    ),
    "a tab within a text": ("a: x\ty", {"a": "x\ty"}),
    "empty text, list and mapping": ("a: ''\nb: []\nc: {}\nd:", {"a": "", "b": [], "c": {}, "d": None}),
    "a single pair in a list": ("a: [b: c]", {"a": [{"b": "c"}]}),
    "Windows line ends": ("a: 1\r\nb: |\r\n  x\r\n  y\r\n", {"a": "1", "b": "x\ny\n"}),
}  # fmt: skip


def attempt(document: bytes | str) -> Document | DocumentRefused:
    """What became of the document."""
    try:
        return read(document, name="hostile.yaml")
    except DocumentRefused as refused:
        return refused


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_its_line_within_a_second(name: str) -> None:
    document, code, line = REFUSED[name]
    began = time.process_time()  # what it costs, however busy the machine is
    refused = attempt(document)
    took = time.process_time() - began
    assert isinstance(refused, DocumentRefused)
    assert (code, line) in {(found.code, found.line) for found in refused.findings}
    assert took < 1
    assert refused.__cause__ is None
    assert refused.__suppress_context__ or refused.__context__ is None
    assert str(refused).startswith("hostile.yaml:")
    assert len(refused.findings) <= MAX_FINDINGS


@pytest.mark.parametrize("name", REFUSED)
def test_its_refusal_can_be_sent_and_shown(name: str) -> None:
    refused = attempt(REFUSED[name][0])
    assert isinstance(refused, DocumentRefused)
    for found in refused.findings:
        shown = json.dumps([found.path, found.message], ensure_ascii=False)
        assert shown.encode()
        assert len(shown) < 10_000
        assert not reader._FORBIDDEN.search(found.path + found.text("en") + found.text("zh-hans"))
        assert found.text("en") != found.text("zh-hans")


@pytest.mark.parametrize("name", HARMLESS)
def test_it_is_read_as_text_within_a_second(name: str) -> None:
    document, data = HARMLESS[name]
    began = time.process_time()
    result = attempt(document)
    assert time.process_time() - began < 1
    assert isinstance(result, Document)
    assert result.data == data
    assert type(result.data) is dict


@pytest.mark.parametrize("name", [name for name, case in REFUSED.items() if len(case[0]) > 50_000])
def test_it_costs_little_memory(name: str) -> None:
    document = REFUSED[name][0]
    tracemalloc.start()
    try:
        attempt(document)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 40 * MB
