"""What is wrong with a value, said at its field in both languages."""

from __future__ import annotations

from dataclasses import dataclass

from fairway.engine.findings import say
from fairway.engine.spec import Text

_SHOWN = 60  # characters of a wrong value that are worth repeating


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing to mend in a filled form.

    `path` names the value (`payment_nodes.2.percent`, counted from 0 as it was given; empty: the form as a whole),
    `code` is stable, `message` has one sentence per language (`en`, `zh-hans`), `label` is what people call the field.
    """

    path: str
    code: str
    message: dict[str, str]
    label: Text | None = None

    def text(self, language: str) -> str:
        """The sentence for a language code such as `zh-hans` or `en-gb`."""
        return self.message["zh-hans" if language.lower().startswith("zh") else "en"]


class Wrong(Exception):
    """A single value cannot be taken: `code` and `message` as in FieldError; `at` names a part of it (`.to`)."""

    def __init__(self, code: str, en: str, zh: str, at: str = "") -> None:
        """Takes the sentence in both languages."""
        super().__init__(en)
        self.code = code
        self.message = say(en, zh)
        self.at = at


def repeated(value: object) -> str:
    """A wrong value as it may be repeated to the person who gave it: short, and always printable."""
    if isinstance(value, dict | list | tuple) or (isinstance(value, int) and value.bit_length() > 200):
        return "…"
    text = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in str(value)[: _SHOWN + 1])
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
