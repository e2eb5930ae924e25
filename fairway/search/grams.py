"""What a text is found by: pairs of Chinese characters, triples of letters, fours of digits.

Pairs, because most Chinese words have two characters; longer pieces of letters and digits, because there are few of
them, so that pairs would say little.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from fairway.customers.normal import folded

_RUN = re.compile(r"[0-9]+|[a-z]+|[^\W0-9a-z_]+")
_NOT_WORD = re.compile(r"[^\w\n]+|_+")
_PHONE = re.compile(r"[+(0-9][0-9\s().\-]{5,}")
_MOBILE = 11
_LETTERS, _DIGITS, _OTHER = 3, 4, 2
_MOST = 400
"""So many pieces at the most for one record; what stands behind them in a long text is not found."""


def squeezed(text: str) -> str:
    """A text folded, without blanks and punctuation but ends of lines: words stand in it as they are looked for."""
    return _squeeze(folded(text))


def said(lines: str, letter: str) -> tuple[str, str]:
    """The lines squeezed, and the pieces by which they are found, each once and with the letter before it."""
    plain = folded(lines)
    found: list[str] = []
    for run in _RUN.findall(plain):
        size = _size(run)
        found.extend([run[start : start + size] for start in range(max(len(run) - size, 0) + 1)])
        if size == _LETTERS:
            found.append(f"_{run[:2]}")
    return _squeeze(plain), " ".join([letter + piece for piece in list(dict.fromkeys(found))[:_MOST]])


def _squeeze(plain: str) -> str:
    return _NOT_WORD.sub("", plain)


def words(text: str) -> list[str]:
    """The words that are looked for, folded; a phone with blanks and dashes is one word, without prefix and zeros."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if _PHONE.fullmatch(plain):
        digits = re.sub(r"\D", "", plain)
        return [(digits.removeprefix("86") if len(digits) > _MOBILE else digits).lstrip("0")]
    return [folded(word) for word in plain.split()]


def asked(text: str) -> list[str]:
    """The pieces that all words of a query ask for; none when it says too little to look for."""
    found: dict[str, None] = {}
    for word in words(text):
        for run in _RUN.findall(word):
            found.update(dict.fromkeys(_needed(run)))
    return list(found)


def _needed(run: str) -> Iterator[str]:
    """What a run of a query asks for: a short one of letters begins a word, one of three digits is a whole number."""
    size = _size(run)
    if len(run) >= size:
        yield from (run[start : start + size] for start in range(len(run) - size + 1))
    elif run.isascii() and run.isalpha():
        if len(run) == _LETTERS - 1:
            yield f"_{run}"
    elif run.isdigit() and len(run) == _DIGITS - 1:
        yield run


def _size(run: str) -> int:
    if not run.isascii():
        return _OTHER
    return _DIGITS if run[0].isdigit() else _LETTERS
