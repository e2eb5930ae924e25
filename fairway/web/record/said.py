"""What the page is asked to show: parts opened by the address, or a form that was refused with what was typed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from fairway.engine.conditions import Unmet
from fairway.engine.forms import FieldError
from fairway.runs.errors import Stale
from fairway.web.record.talk import Asked

ADVANCE = "advance:"
_THEN = re.compile(r"advance:[a-z0-9_-]{1,64}")


def then_of(query: QueryDict) -> str:
    """The move that is to follow the form that stands open (`advance:<stage>`); empty for none."""
    given = query.get("then", "")
    return given if _THEN.fullmatch(given) else ""


@dataclass(frozen=True, slots=True)
class Opened:
    """What the address opens: the form of a task or step, a move, a record, older events.

    `then` is the move for which the form is filled: it is made as soon as the form is taken.
    """

    task: int | None = None
    step: str = ""
    do: str = ""
    record: int | None = None
    edit: str = ""
    then: str = ""
    asked: Asked = field(default_factory=Asked)

    @classmethod
    def of(cls, query: QueryDict) -> Opened:
        """Read the query of an address; what is no number is left out."""
        return cls(
            task=_number(query.get("task")), step=query.get("step", ""), do=query.get("do", ""),
            record=_number(query.get("record")), edit=query.get("edit", ""), then=then_of(query),
            asked=Asked.of(query),
        )  # fmt: skip


@dataclass(frozen=True)
class Said:
    """Why a form of the page was not taken. `post` is what was typed; `raw` the SOP form's part of it, shaped.

    `post` is empty where nothing was typed: a card that was dropped, a move that followed a form.
    Empty of reasons, errors and `stale` where the form is only shown again (a row was added).
    """

    post: QueryDict
    raw: Mapping[str, Any] = field(default_factory=dict)
    errors: Sequence[FieldError] = ()
    reasons: Sequence[Unmet] = ()
    stale: Stale | None = None

    @property
    def status(self) -> int:
        """409 where the SOP or a colleague's change says no, 422 where a field does, 200 where nobody does."""
        return 409 if self.reasons or self.stale else (422 if self.errors else 200)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
