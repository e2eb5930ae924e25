"""Text as it is typed: what is refused, what is stripped, and which full-width signs are mended."""

from __future__ import annotations

import unicodedata
from typing import Any

from fairway.engine.forms.refusals import Wrong

TEXT_LIMIT = 500
LONGTEXT_LIMIT = 20_000


def text_of(raw: Any, limit: int = TEXT_LIMIT) -> str:
    """Text without its leading and trailing space, otherwise as given. An integer is taken as its digits.

    Raises Wrong for anything else, for more than `limit` characters, and for what no database and no file can hold
    (NUL, half of a surrogate pair).
    """
    if isinstance(raw, int) and not isinstance(raw, bool):
        if abs(raw) >= 10**30:
            raise Wrong("too_long", "The number is too long.", "数字太长。")
        raw = str(raw)
    if not isinstance(raw, str):
        raise Wrong("not_text", "A text belongs here.", "此处应为文字。")
    text = raw.strip()
    if len(text) > limit:
        raise Wrong(
            "too_long",
            f"This is {len(text):,} characters long; {limit:,} are allowed.",
            f"共 {len(text):,} 个字，最多 {limit:,} 个字。",
        )
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise Wrong(
            "characters",
            "The text holds characters that cannot be kept. Please type it again.",
            "文字里有无法保存的字符，请重新输入。",
        )
    return text


def narrow(text: str) -> str:
    """Full-width digits, letters and signs as their usual forms, for numbers, phones and dates; others stay."""
    return "".join(_narrow(char) for char in text)


def _narrow(char: str) -> str:
    if char in _SIGNS:
        return _SIGNS[char]
    return chr(ord(char) - 0xFEE0) if "！" <= char <= "～" else char


_SIGNS = {"\N{IDEOGRAPHIC SPACE}": " ", "￥": "¥", "−": "-", "\N{NO-BREAK SPACE}": " ", "。": "."}


def alike(text: str) -> str:
    """A key under which titles are compared: case, width and space do not count."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def is_blank(raw: Any) -> bool:
    """Whether nothing was given: none, empty or white text, or only such things inside."""
    stack = [raw]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            stack.extend(value.values())
        elif isinstance(value, list | tuple):
            stack.extend(value)
        elif value is not None and not (isinstance(value, str) and not value.strip()):
            return False
    return True
