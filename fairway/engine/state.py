"""The state of one run, as the engine sees it: values only, no rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

OPEN, DONE = "open", "done"
PASSED = frozenset({"", "approve", "agree", "reached"})


@dataclass(frozen=True, slots=True)
class TaskState:
    """A task that counts: open or done (void ones are left out). `judge` is -1 outside approvals."""

    ref: int
    step: str
    status: str
    opened_at: datetime
    role: str = ""
    judge: int = -1
    round: int = 1
    item_key: str = ""
    item: Mapping[str, Any] | None = None
    due_at: datetime | None = None
    done_at: datetime | None = None
    verdict: str = ""

    @property
    def passed(self) -> bool:
        """Done, and not sent back, rejected or corrected."""
        return self.status == DONE and self.verdict in PASSED


@dataclass(frozen=True, slots=True)
class RunState:
    """Where a run stands. `moments` are the happenings stamped so far; `waived` maps codes to until when."""

    stage: str
    started_at: datetime
    entered_at: datetime
    visit: int = 1
    visits: Mapping[str, int] = field(default_factory=dict)
    tasks: tuple[TaskState, ...] = ()
    moments: Mapping[str, datetime] = field(default_factory=dict)
    grade: str | None = None
    owned: bool = False
    attempts: int = 0
    silent_streak: int = 0
    reached: bool = False
    waived: Mapping[str, datetime | None] = field(default_factory=dict)
    stage_due: datetime | None = None
    outcome: str | None = None
    reason: str | None = None

    @classmethod
    def new(cls, started_at: datetime, *, owned: bool = False, grade: str | None = None) -> RunState:
        """The state before `Start`: on no stage yet."""
        return cls(stage="", started_at=started_at, entered_at=started_at, visit=0, owned=owned, grade=grade)
