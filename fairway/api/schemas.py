"""The shapes that several resources share."""

from datetime import datetime
from typing import Any

from ninja import Field, Schema

MONEY = {"pattern": r"^-?[0-9]+\.[0-9]{2}$", "examples": ["500000.00"]}


class ProblemOut(Schema):
    """A problem document (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str


class RunOut(Schema):
    """Where a run stands. `late` when its next due time is over."""

    run: int
    number: str
    sop: str
    stage: str
    grade: str
    owner: int | None
    owner_name: str | None
    team: int | None
    outcome: str
    reason: str
    started_at: datetime
    entered_at: datetime
    next_due: datetime | None
    closed_at: datetime | None
    late: bool
    revision: int


class ReasonOut(Schema):
    """Why a run cannot go on."""

    code: str
    message: str
    step: str | None
    role: str | None
    who: str | None
    waivable: bool
    waived: bool


class GateOut(Schema):
    """The gate of the present stage: open when there is no reason against it."""

    stage: str
    open: bool
    ways_on: list[str]
    ways_back: list[str]
    reasons: list[ReasonOut]


class EventOut(Schema):
    """One event of a run."""

    id: int
    run: int
    seq: int
    kind: str
    at: datetime
    by: int | None
    by_name: str | None
    data: dict[str, Any]


class Advance(Schema):
    """Pass the gate; `to` may be left out where there is one way on."""

    to: str | None = Field(None, max_length=50, examples=["proposal"])
    revision: int | None = Field(None, ge=0, le=2**31 - 1)


class Back(Schema):
    """Go back, saying why."""

    to: str = Field(max_length=50)
    why: str = Field(max_length=2000)
    revision: int | None = Field(None, ge=0, le=2**31 - 1)


class Close(Schema):
    """End the run with an outcome and a reason of its list."""

    outcome: str = Field(max_length=50, examples=["lost"])
    reason: str | None = Field(None, max_length=50, examples=["price"])
    note: str = Field("", max_length=2000)
    revision: int | None = Field(None, ge=0, le=2**31 - 1)


class Why(Schema):
    """A change that says why."""

    why: str = Field(max_length=2000)
    revision: int | None = Field(None, ge=0, le=2**31 - 1)


class Reassign(Schema):
    """Give the run another owner."""

    owner: int = Field(ge=1, le=2**63 - 1)
    why: str = Field(max_length=2000)
    revision: int | None = Field(None, ge=0, le=2**31 - 1)


class LogContact(Schema):
    """An attempt to reach the contact; `values` fill the SOP's form `contact_log`, where it has one."""

    outcome: str = Field(pattern="^(reached|no_answer|refused|wrong_number)$", examples=["reached"])
    channel: str = Field("call", pattern="^(call|visit|mail|message|video)$")
    note: str = Field("", max_length=2000)
    task: int | None = Field(None, ge=1, le=2**63 - 1)
    values: dict[str, Any] | None = None


class Submit(Schema):
    """The values of a step's form, by field key; `task` names the task where several of the step are open."""

    values: dict[str, Any] = Field(default_factory=dict, examples=[{"fit_score": 4, "budget_score": 4}])
    task: int | None = Field(None, ge=1, le=2**63 - 1)
    note: str = Field("", max_length=2000)
    revision: int | None = Field(None, ge=0, le=2**31 - 1)


class Verdict(Schema):
    """A judge's verdict; a send-back or rejection says why in `note`."""

    verdict: str = Field(pattern="^(approve|send_back|reject)$")
    note: str = Field("", max_length=2000)
    values: dict[str, Any] = Field(default_factory=dict)


class AskWaiver(Schema):
    """Ask for a way round the named reasons of the gate."""

    codes: list[str] = Field(min_length=1, max_length=50)
    why: str = Field(max_length=2000)
    control: str = Field("", max_length=2000)
    until: datetime | None = None
    revision: int | None = Field(None, ge=0, le=2**31 - 1)
