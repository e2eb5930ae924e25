"""Keys by which the same company, phone or mailbox is known again, however it is written (L16)."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable

import opencc
import phonenumbers

_MAINLAND_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
_NOT_WORD = re.compile(r"[\W_]+", re.UNICODE)
_BRACKETED_AREA = re.compile(r"[(（][^()（）]{1,10}[)）]")
_SUFFIXES = (
    "股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "股份公司", "集团公司", "公司", "集团",
    "incorporated", "corporation", "holdings", "limited", "company", "gmbh", "corp", "inc", "ltd", "llc", "plc", "co",
)  # fmt: skip
_MAX = 200
_LATIN = re.compile("[\u00c0-\u024f]")


def folded(text: str) -> str:
    """A text in one way of writing: no difference of width, case, accent, traditional or simplified characters."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    if plain.isascii():
        return plain
    return _LATIN.sub(_without_accent, _simplified()(plain))


def _without_accent(letter: re.Match[str]) -> str:
    return unicodedata.normalize("NFKD", letter[0])[0]


@functools.cache
def _simplified() -> Callable[[str], str]:
    """Traditional to simplified characters. Its tables take some milliseconds to load, so at the first use only."""
    return opencc.OpenCC("t2s").convert


def company_key(name: str) -> str:
    """A company's name without width, case, punctuation, area in brackets and legal form; empty for no name."""
    text = folded(name)
    text = _NOT_WORD.sub("", _BRACKETED_AREA.sub("", text)) or _NOT_WORD.sub("", text)
    whole = text
    changed = True
    while changed:
        changed = False
        for suffix in _SUFFIXES:
            if text.endswith(suffix) and len(text) > len(suffix) + 1:
                text, changed = text[: -len(suffix)], True
                break
    return (text or whole)[:_MAX]


def phone_key(phone: str) -> str:
    """A phone as E.164 where it is one (a bare number is taken as mainland China's), else its digits; or empty."""
    text = unicodedata.normalize("NFKC", phone)
    bare = re.sub(r"[\s\-().]", "", text)
    found = _MAINLAND_MOBILE.fullmatch(bare)
    if found:
        return f"+86{found[1]}"
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException:
        return re.sub(r"\D", "", text)[:32]
    if phonenumbers.is_possible_number(number):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return re.sub(r"\D", "", text)[:32]


def dialled(key: str) -> str:
    """The digits of a phone's key as people look for them: without the mark and prefix of the mainland."""
    return key.removeprefix("+86").removeprefix("+")


def email_key(email: str) -> str:
    """A mailbox in one way of writing; empty for none."""
    return unicodedata.normalize("NFKC", email).strip().casefold()[:254]


def domain_of(email: str) -> str:
    """The domain of a mailbox or empty."""
    return email_key(email).rpartition("@")[2]
