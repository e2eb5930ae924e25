"""What a text is found by: pairs of Chinese characters, triples of letters, fours of digits.

Pairs, because most Chinese words have two characters; longer pieces of letters and digits, because there are few of
them, so that pairs would say little.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from fairway.customers.normal import folded

_RUN = re.compile(r"[0-9]+|[a-z]+|[^\W0-9a-z_]+")
_NOT_WORD = re.compile(r"[\W_]+")
_PHONE = re.compile(r"[+(0-9][0-9\s().\-]{5,}")
_LETTERS, _DIGITS, _OTHER = 3, 4, 2
_MOST = 400
"""So many pieces at the most for one record; what stands behind them in a long text is not found."""


def squeezed(text: str) -> str:
    """A text folded, without blanks and punctuation: in this the words that are looked for stand as they are."""
    return _NOT_WORD.sub("", folded(text))


def grams(texts: Iterable[str]) -> list[str]:
    """The pieces by which a record with these texts is found, each once."""
    found: dict[str, None] = {}
    for text in texts:
        for run in _RUN.findall(folded(text)):
            found.update(dict.fromkeys(_pieces(run)))
            if run[0].isalpha() and run.isascii():
                found[f"_{run[:2]}"] = None
    return list(found)[:_MOST]


def words(text: str) -> list[str]:
    """The words that are looked for, folded; a phone with blanks and dashes is one word, without China's prefix."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if _PHONE.fullmatch(plain):
        digits = re.sub(r"\D", "", plain)
        return [digits.removeprefix("86") if len(digits) == 13 else digits]
    return [folded(word) for word in plain.split()]


def asked(text: str) -> list[str]:
    """The pieces that all words of a query ask for; none when it says too little to look for."""
    found: dict[str, None] = {}
    for word in words(text):
        for run in _RUN.findall(word):
            found.update(dict.fromkeys(_needed(run)))
    return list(found)


def _pieces(run: str) -> Iterator[str]:
    size = _size(run)
    if len(run) < size:
        yield run
    for start in range(len(run) - size + 1):
        yield run[start : start + size]


def _needed(run: str) -> Iterator[str]:
    """What a run of a query asks for: a short one of letters begins a word, one of three digits is a whole number."""
    if len(run) >= _size(run):
        yield from _pieces(run)
    elif run.isascii() and run.isalpha():
        if len(run) == _LETTERS - 1:
            yield f"_{run}"
    elif run.isdigit() and len(run) == _DIGITS - 1:
        yield run


def _size(run: str) -> int:
    if not run.isascii():
        return _OTHER
    return _DIGITS if run[0].isdigit() else _LETTERS
