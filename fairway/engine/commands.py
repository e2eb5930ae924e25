"""What may be asked of a run. Who asks, and whether they may, is for `runs` to say; whether it can be, for `decide`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

ContactOutcome = Literal["reached", "no_answer", "refused", "wrong_number"]
Verdict = Literal["approve", "send_back", "reject"]


@dataclass(frozen=True, slots=True)
class Start:
    """Begin the run on the first stage. `by_import` does by itself the steps that say so."""

    by_import: bool = False


@dataclass(frozen=True, slots=True)
class Complete:
    """A step is done: the open task `ref`, or the open one of `step` (an optional step may have none)."""

    step: str
    ref: int | None = None


@dataclass(frozen=True, slots=True)
class Decide:
    """A judge's verdict on the task `ref` of an approval. `to`: the earlier step that a send-back opens again."""

    ref: int
    verdict: Verdict
    to: str | None = None


@dataclass(frozen=True, slots=True)
class AskJudge:
    """One more judge is asked, beside the open task `ref` of an approval."""

    ref: int


@dataclass(frozen=True, slots=True)
class Withdraw:
    """What was put before the judges of `step` is taken back; what it returns to opens again."""

    step: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The customer agrees, or corrects, on the task `ref`."""

    ref: int
    agrees: bool


@dataclass(frozen=True, slots=True)
class Add:
    """Open one more round of a repeatable step, or an optional step."""

    step: str


@dataclass(frozen=True, slots=True)
class Advance:
    """Pass the gate to stage `to`; None takes the only way on, or the outcome of a last stage."""

    to: str | None = None


@dataclass(frozen=True, slots=True)
class GoBack:
    """Go back to an earlier stage."""

    to: str


@dataclass(frozen=True, slots=True)
class Close:
    """End the run with an outcome and a reason."""

    outcome: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Reopen:
    """Open a closed run again on the stage where it was closed."""


@dataclass(frozen=True, slots=True)
class Assign:
    """The run has an owner now (or none, when it fell to the pool)."""

    owned: bool = True


@dataclass(frozen=True, slots=True)
class Contact:
    """An attempt to reach the contact; `ref` is the contact task it was for, `form` what was written down, if any."""

    outcome: ContactOutcome
    ref: int | None = None
    form: str | None = None


@dataclass(frozen=True, slots=True)
class Waive:
    """A waiver was granted for these codes of unmet reasons, until a time or for this visit."""

    codes: tuple[str, ...]
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Regrade:
    """Give another grade."""

    grade: str


@dataclass(frozen=True, slots=True)
class Happen:
    """Something happened that finishes no task: an event of the closed set (about `step`, if given), or a moment of the
    document.
    """

    event: str
    step: str | None = None


@dataclass(frozen=True, slots=True)
class Settle:
    """Nothing was asked; facts may have changed: open, void, do and date what follows from them."""


@dataclass(frozen=True, slots=True)
class Fire:
    """The rung `rung` of the ladder of task `ref` (None: of the stay in the stage) is due."""

    ref: int | None
    rung: int


Command = (
    Start | Complete | Decide | AskJudge | Withdraw | Answer | Add | Advance | GoBack | Close | Reopen | Assign
    | Contact | Waive | Regrade | Happen | Settle | Fire
)  # fmt: skip
