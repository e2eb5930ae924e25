"""What a decision changes. `runs` writes each of them down, with its event, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fairway.engine.spec import Text


@dataclass(frozen=True, slots=True)
class Entered:
    """A stage is entered for the `visit`-th time in this run; `how` is start, advance, back or reopen."""

    stage: str
    visit: int
    how: str


@dataclass(frozen=True, slots=True)
class Left:
    """A stage is left; `waived` holds the codes of the reasons that a waiver covered."""

    stage: str
    how: str
    waived: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StageDue:
    """The longest stay in the current stage ends then; None: it has no clock."""

    at: datetime | None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A task opens. `ref` is negative and holds within this decision only."""

    ref: int
    step: str
    role: str
    judge: int
    round: int
    item_key: str
    item: Mapping[str, Any] | None
    due_at: datetime | None
    provisional: bool
    standing: bool


@dataclass(frozen=True, slots=True)
class Done:
    """A task is done; `by_system` when no person did it (checks, imports)."""

    ref: int
    step: str
    verdict: str
    by_system: bool = False


@dataclass(frozen=True, slots=True)
class Voided:
    """A task no longer counts; `why` is left, renewed, not_needed, closed, decided or cancelled."""

    ref: int
    step: str
    why: str


@dataclass(frozen=True, slots=True)
class DueMoved:
    """An open task falls due at another time."""

    ref: int
    step: str
    due_at: datetime | None
    provisional: bool


@dataclass(frozen=True, slots=True)
class Stamped:
    """A moment happened, for the first time."""

    moment: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Regraded:
    """The run has another grade."""

    grade: str
    before: str | None


@dataclass(frozen=True, slots=True)
class Counted:
    """The counters of contact attempts after one more."""

    outcome: str
    attempts: int
    silent_streak: int
    reached: bool


@dataclass(frozen=True, slots=True)
class Waived:
    """A waiver covers these reasons."""

    codes: tuple[str, ...]
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Owned:
    """The run has an owner, or has none any more."""

    owned: bool


@dataclass(frozen=True, slots=True)
class Closed:
    """The run ended."""

    outcome: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Reopened:
    """The run that had ended so goes on."""

    outcome: str


@dataclass(frozen=True, slots=True)
class Told:
    """These roles are told; `about` is a task's ref or None; `rung` is set when a clock says it."""

    roles: tuple[str, ...]
    say: Text | None
    about: int | None = None
    step: str | None = None
    rung: int | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """A registered effect to run in the same transaction: assign, start, fill, or one of a domain."""

    name: str
    argument: str | None = None
    value: str | None = None


Change = (
    Entered | Left | StageDue | Opened | Done | Voided | DueMoved | Stamped | Regraded | Counted | Waived | Owned
    | Closed | Reopened | Told | Effect
)  # fmt: skip
