"""Which encoding a text is in: byte-order marks, UTF-8, GB18030 as Excel writes it in China, cp1252 as in the West."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fairway.intake.signatures import wide_encoding

_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_SAMPLE = 1 << 20
_HIGH = re.compile(rb"[\x80-\xff]+")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_FEW = 50  # one damaged character in so many, and it is still that encoding


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, the encoding it was in, and how many characters could not be read."""

    text: str
    encoding: str
    damaged: int = 0


def decode(data: bytes) -> Decoded:
    """Decode bytes that are text; characters that cannot be read become U+FFFD and are counted."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            rest = data[len(mark) :]
            # Some programs put the mark of UTF-16 before UTF-32.
            found = wide_encoding(rest) if encoding.startswith("utf-16") else None
            return _lenient(rest, found or encoding)
    wide = wide_encoding(data)
    if wide is not None:
        return _lenient(data, wide)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    candidates = ["cp1252"] if _stands_alone(data) else ["gb18030"]
    for encoding in candidates:
        try:
            return Decoded(data.decode(encoding), encoding)
        except UnicodeDecodeError:
            continue
    return _least_damaged(data, candidates)


def _lenient(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, errors="replace")
    return Decoded(text, encoding, text.count(_REPLACEMENT))


def _stands_alone(data: bytes) -> bool:
    """Whether bytes over 127 mostly stand alone among letters, as accents do: in Chinese they come in pairs."""
    runs = _HIGH.findall(data[:_SAMPLE])
    alone = sum(1 for run in runs if len(run) == 1)
    return alone * 2 > len(runs)


def _least_damaged(data: bytes, candidates: list[str]) -> Decoded:
    """A text with a few broken characters is still what it is; they are refused row by row."""
    utf8 = _lenient(data, "utf-8")
    beyond = sum(1 for char in utf8.text if ord(char) > 127) - utf8.damaged
    if beyond > utf8.damaged * _FEW:
        return utf8
    return min((_lenient(data, encoding) for encoding in candidates), key=lambda one: one.damaged)
