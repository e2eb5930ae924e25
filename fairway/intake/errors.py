"""Refusals of intake: the docstring says when, the message says what was found and what was expected."""

from __future__ import annotations


class Unreadable(Exception):
    """The file cannot be read as a table. The message, in the reader's language, says what was found instead."""

    def __init__(self, code: str, message: str) -> None:
        """`code` is stable, for programs and tests."""
        super().__init__(message)
        self.code = code


class BadFieldMap(Exception):
    """A mapping of columns cannot be used. `problems` has one sentence for each thing to mend."""

    def __init__(self, problems: list[str]) -> None:
        """Takes the sentences in the reader's language."""
        super().__init__(" ".join(problems))
        self.problems = problems
