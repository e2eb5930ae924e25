"""decide(program, state, command, facts, now): a Decision, or Refused with every reason.

Pure: no clock, no query. The same arguments give the same decision, so equal rows of an import decide once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fairway.engine.calendar import Calendar
from fairway.engine.changes import Change
from fairway.engine.commands import (
    Add,
    Advance,
    Answer,
    AskJudge,
    Assign,
    Close,
    Command,
    Complete,
    Contact,
    Decide,
    Fire,
    GoBack,
    Happen,
    Regrade,
    Reopen,
    Settle,
    Start,
    Waive,
    Withdraw,
)  # fmt: skip
from fairway.engine.conditions import Unmet
from fairway.engine.facts import Facts
from fairway.engine.program import Program
from fairway.engine.refused import Refused, refuse
from fairway.engine.settle import settle
from fairway.engine.state import RunState
from fairway.engine.work import Work

__all__ = ["Decision", "Refused", "decide", "standing_reasons"]


@dataclass(frozen=True, slots=True)
class Decision:
    """The state after the command, and what changed on the way, in order."""

    state: RunState
    changes: tuple[Change, ...]


def decide(
    program: Program, state: RunState, command: Command, facts: Facts, now: datetime, calendar: Calendar
) -> Decision:
    """What becomes of the run when `command` is carried out at `now`, given the facts.

    `facts` maps fact names to typed values; those of the run itself are reckoned here. Raises Refused with every
    reason at once. A command that finds its work done already gives a decision without changes.
    """
    work = Work(program, state, facts, now, calendar)
    if state.outcome is not None and not isinstance(command, Reopen | Fire | Settle):
        raise refuse("run.closed")
    _carry_out(work, command)
    settle(work)
    return Decision(work.state(), tuple(work.changes))


def standing_reasons(
    program: Program, state: RunState, facts: Facts, now: datetime, calendar: Calendar
) -> tuple[Unmet, ...]:
    """Every reason why the run cannot leave its stage by its gate now; empty when it can."""
    if state.outcome is not None:
        return ()
    return Work(program, state, facts, now, calendar).gate_reasons()


def _carry_out(work: Work, command: Command) -> None:  # noqa: C901 - one line for each of the closed set
    match command:
        case Start(by_import=by_import):
            work.start(by_import=by_import)
        case Complete(step=step, ref=ref):
            work.complete(step, ref)
        case Decide(ref=ref, verdict=verdict, to=to):
            work.judge(ref, verdict, to)
        case AskJudge(ref=ref):
            work.ask_judge(ref)
        case Withdraw(step=step):
            work.withdraw(step)
        case Answer(ref=ref, agrees=agrees):
            work.answer(ref, agrees=agrees)
        case Add(step=step):
            work.add(step)
        case Advance(to=to):
            work.advance(to)
        case GoBack(to=to):
            work.go_back(to)
        case Close(outcome=outcome, reason=reason):
            work.close_by_person(outcome, reason)
        case Reopen():
            work.reopen()
        case Assign(owned=owned):
            work.assign(owned=owned)
        case Contact(outcome=outcome, ref=ref, form=form):
            work.contact(outcome, ref, form)
        case Waive(codes=codes, until=until):
            work.waive(codes, until)
        case Regrade(grade=grade):
            work.regrade(grade)
        case Happen(event=event, step=step):
            work.happen(event, step)
        case Fire(ref=ref, rung=rung):
            work.fire(ref, rung)
        case Settle():
            pass
