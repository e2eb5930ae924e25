"""Moving a run: to the next stage, back, to its end and open again."""

from __future__ import annotations

from datetime import datetime

from fairway.engine.commands import Add, Advance, Close, GoBack, Happen, Reopen
from fairway.engine.refused import refuse
from fairway.people.models import User
from fairway.runs.actions.retry import swapping
from fairway.runs.models import Run
from fairway.runs.permissions import check_leads
from fairway.runs.turn import Turn


@swapping
def advance(
    run_id: int, *, to: str | None = None, by: User | None, now: datetime, revision: int | None = None
) -> Run:  # fmt: skip
    """Pass the gate to stage `to` (None: the only way on, or the outcome of a last stage).

    Raises Refused with every unmet reason. On the stage already, by this person: nothing changes.
    """
    turn = Turn.begin(run_id, by=by, now=now, revision=revision)
    check_leads(by, turn.run, now)
    if to is not None and to == turn.run.stage:
        return turn.run
    from_ = turn.run.stage
    turn.decide(Advance(to))
    turn.commit("advanced", {"from": from_, "to": turn.state.stage})
    return turn.run


@swapping
def go_back(
    run_id: int, *, to: str, why: str, by: User | None, now: datetime, revision: int | None = None
) -> Run:  # fmt: skip
    """Go back to an earlier stage that the present one names, saying why."""
    turn = Turn.begin(run_id, by=by, now=now, revision=revision)
    check_leads(by, turn.run, now)
    if not why.strip():
        raise refuse("reason.needed")
    from_ = turn.run.stage
    turn.decide(GoBack(to))
    turn.commit("went_back", {"from": from_, "to": to, "why": why.strip()})
    return turn.run


@swapping
def close(
    run_id: int, *, outcome: str, reason: str | None = None, note: str = "", by: User | None, now: datetime,
    revision: int | None = None,
) -> Run:  # fmt: skip
    """End the run with an outcome and a reason of its list. Closed so already: nothing changes."""
    turn = Turn.begin(run_id, by=by, now=now, revision=revision)
    check_leads(by, turn.run, now)
    if turn.run.outcome == outcome and turn.run.reason == (reason or ""):
        return turn.run
    turn.decide(Close(outcome, reason))
    turn.commit("closed", {"outcome": outcome, "reason": reason, **({"note": note} if note else {})})
    return turn.run


@swapping
def reopen(run_id: int, *, why: str, by: User | None, now: datetime, revision: int | None = None) -> Run:
    """Open a closed run again on the stage where it ended, saying why."""
    turn = Turn.begin(run_id, by=by, now=now, revision=revision)
    check_leads(by, turn.run, now)
    if not why.strip():
        raise refuse("reason.needed")
    turn.decide(Reopen())
    turn.commit("reopened", {"why": why.strip()})
    return turn.run


@swapping
def add_step(run_id: int, *, step: str, by: User | None, now: datetime, revision: int | None = None) -> Run:
    """Open one more round of a repeatable step, an optional step, or an approval asked again."""
    turn = Turn.begin(run_id, by=by, now=now, revision=revision)
    check_leads(by, turn.run, now)
    turn.decide(Add(step))
    turn.commit("step_added", {"step": step})
    return turn.run


@swapping
def happen(run_id: int, *, event: str, by: User | None, now: datetime) -> Run:
    """Let the run hear of a moment or an event of a domain (a milestone reached, a company's term moved)."""
    turn = Turn.begin(run_id, by=by, now=now)
    turn.decide(Happen(event))
    turn.commit("heard", {"event": event})
    return turn.run
