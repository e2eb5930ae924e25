"""What is wrong with a document, where, in both languages.

The engine knows no gettext, so a message is data: one sentence per language.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning"]
Path = tuple[str | int, ...]


def say(en: str, zh: str) -> dict[str, str]:
    """The same sentence in both languages, keyed as everywhere in a document (`en`, `zh-hans`)."""
    return {"en": en, "zh-hans": zh}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend: line and column count from 1; `path` names the place (`stages.needs.steps.talk.due`)."""

    line: int
    column: int
    path: str
    code: str
    message: dict[str, str]
    level: Level = "error"

    def text(self, language: str = "en") -> str:
        """The sentence in `language`, in English where that language is missing."""
        return self.message.get(language, self.message["en"])

    def located(self, name: str = "", language: str = "en") -> str:
        """`name:line:column: path: sentence`, the way compilers and editors point."""
        place = f"{name}:{self.line}:{self.column}" if name else f"{self.line}:{self.column}"
        return ": ".join(part for part in (place, self.path, self.text(language)) if part)


class DocumentRefused(Exception):
    """The document was not read: `findings` (at least one, in the order of their lines) say why."""

    def __init__(self, findings: Iterable[Finding], name: str = "") -> None:
        """Takes the findings in any order, and the name of the document where it has one."""
        self.findings: tuple[Finding, ...] = tuple(sorted(findings, key=lambda found: (found.line, found.column)))
        self.name = name
        super().__init__("\n".join(found.located(name) for found in self.findings))
