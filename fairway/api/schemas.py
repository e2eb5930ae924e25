"""The shapes that several resources share."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema

from fairway.api.types import Body, Id, Moment, Revision, Values


class FieldProblemOut(Schema):
    """One field at fault: where, which rule, what to do."""

    field: str
    code: str
    message: str
    line: int | None = Field(None, description="The line of an SOP document.")
    mine: Any = Field(None, description="After 409 and 412: what the request wanted to write.")
    theirs: Any = Field(None, description="After 409 and 412: what a colleague wrote meanwhile.")


class UnmetOut(Schema):
    """One reason why the SOP does not allow it: who has to do what on which step."""

    code: str
    message: str
    step: str | None
    fact: str | None
    role: str | None
    waivable: bool


class ProblemOut(Schema):
    """A problem document (RFC 9457). `code` is stable; texts are in the language of the request."""

    type: str = Field(examples=["/problems/invalid"])
    title: str
    status: int
    code: str = Field(examples=["invalid"])
    detail: str | None = None
    errors: list[FieldProblemOut] | None = Field(None, description="Every field at fault, after 422.")
    reasons: list[UnmetOut] | None = Field(None, description="Every reason of the SOP, after 409.")
    revision: int | None = Field(None, description="The revision now, after 409 and 412.")
    by: str | None = Field(None, description="Who was first, after 409 and 412.")
    at: datetime | None = Field(None, description="When, after 409 and 412.")
    event: str | None = Field(None, description="What was done, after 409 and 412.")
    current: dict[str, Any] | None = Field(None, description="The thing as it is now, after 409 and 412.")


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


class Advance(Body):
    """Pass the gate; `to` may be left out where there is one way on."""

    to: str | None = Field(None, max_length=50, examples=["proposal"])
    revision: Revision = None


class Back(Body):
    """Go back, saying why."""

    to: str = Field(max_length=50)
    why: str = Field(max_length=2000)
    revision: Revision = None


class Close(Body):
    """End the run with an outcome and a reason of its list."""

    outcome: str = Field(max_length=50, examples=["lost"])
    reason: str | None = Field(None, max_length=50, examples=["price"])
    note: str = Field("", max_length=2000)
    revision: Revision = None


class Why(Body):
    """A change that says why."""

    why: str = Field(max_length=2000)
    revision: Revision = None


class Reassign(Body):
    """Give the run another owner."""

    owner: Id
    why: str = Field(max_length=2000)
    revision: Revision = None


class Tags(Body):
    """Tags to put on, new ones are made, and tags to take off, by name."""

    add: list[Annotated[str, Field(max_length=30)]] = Field(default_factory=list, max_length=20, examples=[["展会"]])
    remove: list[Annotated[str, Field(max_length=30)]] = Field(default_factory=list, max_length=20)


class LogContact(Body):
    """An attempt to reach the contact; `values` fill the SOP's form `contact_log`, where it has one."""

    outcome: Literal["reached", "no_answer", "refused", "wrong_number"] = Field(examples=["reached"])
    channel: Literal["call", "visit", "mail", "message", "video"] = "call"
    note: str = Field("", max_length=2000)
    task: Id | None = None
    values: Values | None = None


class Submit(Body):
    """The values of a step's form, by field key; `task` names the task where several of the step are open."""

    values: Values = Field(default_factory=dict, examples=[{"fit_score": 4, "budget_score": 4}])
    task: Id | None = None
    note: str = Field("", max_length=2000)
    revision: Revision = None


class Verdict(Body):
    """A judge's verdict; a send-back or rejection says why in `note`."""

    verdict: Literal["approve", "send_back", "reject"]
    note: str = Field("", max_length=2000)
    values: Values = Field(default_factory=dict)
    to: str | None = Field(None, max_length=50, description="A send-back to an earlier step than usual.")


class MoreJudge(Body):
    """Who is asked to judge as well, and why."""

    judge: Id
    why: str = Field(max_length=2000)


class AskWaiver(Body):
    """Ask for a way round the named reasons of the gate."""

    codes: list[Annotated[str, Field(max_length=100)]] = Field(min_length=1, max_length=50)
    why: str = Field(max_length=2000)
    control: str = Field("", max_length=2000)
    until: Moment | None = Field(None, examples=["2026-12-31T16:00:00Z"])
    revision: Revision = None
