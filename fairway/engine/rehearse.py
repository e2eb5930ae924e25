"""Playing a scenario: the engine decides as it would for a run, time passes when the scenario waits, nothing is stored.

What domains would do is not played: the facts that they own are `set`, their effects are only noted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from fairway.engine import changes as c
from fairway.engine.calendar import Calendar
from fairway.engine.clock import Firing, next_firing
from fairway.engine.commands import (
    Add,
    Advance,
    Answer,
    Assign,
    Close,
    Command,
    Complete,
    Contact,
    Decide,
    Fire,
    GoBack,
    Happen,
    Reopen,
    Settle,
    Start,
    Waive,
)  # fmt: skip
from fairway.engine.conditions import Unmet
from fairway.engine.decide import decide, standing_reasons
from fairway.engine.duration import Duration, after
from fairway.engine.facts import Mistyped, coerce
from fairway.engine.findings import Finding, Path, say
from fairway.engine.forms import AutoContext, fills, form_facts, holds_over, parse, with_auto
from fairway.engine.program import Program
from fairway.engine.refused import Refused, refuse
from fairway.engine.scenario import Do, Expect, Given, ReadScenario, ScenarioStep
from fairway.engine.spec import Rung, Text
from fairway.engine.state import OPEN, RunState, TaskState
from fairway.engine.view import RunView

SOMEBODY = 1  # the id of whoever acts, and of the owner: one person is enough to play with
MAX_FIRINGS = 1_000  # of one scenario: whoever waits for more has written no scenario


def rehearse(read: ReadScenario, program: Program, calendar: Calendar) -> list[Finding]:
    """Play the scenario against a program. Returns what did not come as expected, each with its line; nothing: good."""
    return _Rehearsal(read, program, calendar).play()


@dataclass
class _Seen:
    """What one step of the scenario brought about."""

    reasons: tuple[Unmet, ...] = ()
    told: list[str] = field(default_factory=list)
    effects: set[str] = field(default_factory=set)
    void: set[str] = field(default_factory=set)


@dataclass
class _Clock:
    """A ladder being climbed: which due time it is for, and the place of the rung that fires next."""

    due_at: datetime
    since: datetime
    place: int = 0


class _Rehearsal:
    def __init__(self, read: ReadScenario, program: Program, calendar: Calendar) -> None:
        self.read = read
        self.program = program
        self.calendar = calendar
        self.given = read.scenario.given
        self.now = self.given.at.astimezone(UTC)
        self.facts: dict[str, Any] = {}
        self.clocks: dict[int | None, _Clock] = {}
        self.seen = _Seen()
        self.fired = 0
        self.failures: list[Finding] = []
        self.state = RunState.new(self.now, owned=self.given.owner, grade=self.given.grade)

    def play(self) -> list[Finding]:
        """Begin, take each step, and look whether what was expected came. A beginning that fails ends it."""
        try:
            self.begin(self.given)
        except (Refused, Mistyped) as refused:
            self.fail(("given",), "cannot-begin", f"cannot begin: {refused}", f"无法开始：{refused}")
            return self.failures
        for index, step in enumerate(self.read.scenario.steps):
            self.take(("steps", index), step)
            self.compare(("steps", index, "expect"), step.expect)
            self.seen = _Seen()  # what the beginning brought about is seen with the first step
        return self.failures

    def begin(self, given: Given) -> None:
        """Start the run, or put it on the stage that is given."""
        for name, value in given.facts.items():
            self.set(name, value)
        moments = {key: at.astimezone(UTC) for key, at in given.moments.items()}
        self.state = replace(self.state, moments=moments)
        if given.stage is None:
            self.decide(Start(by_import=given.by_import))
            return
        if given.stage not in self.program.stages:
            raise refuse("stage.no_way", given.stage, given.stage)
        self.state = replace(self.state, stage=given.stage, visit=1, visits={given.stage: 1}, entered_at=self.now)
        self.decide(Settle())

    # -- doing ---------------------------------------------------------------------------------------------------------

    def take(self, path: Path, step: ScenarioStep) -> None:
        """One step; a refusal is kept, and is a failure unless it was expected. What was refused left no trace."""
        before = self.state, dict(self.facts)
        try:
            if step.wait is not None:
                self.wait(step.wait)
            elif step.do is not None:
                _DOES[step.do.verb](self, step.do)
        except (Refused, Mistyped) as refused:
            self.state, self.facts = before
            self.seen = _Seen(reasons=refused.reasons if isinstance(refused, Refused) else (_reason(str(refused)),))
            if step.expect.refused is None:
                said = [f"{reason.code}: {reason.text.en}" for reason in self.seen.reasons]
                chinese = [f"{reason.code}：{reason.text.zh_hans}" for reason in self.seen.reasons]
                self.fail(path, "refused", f"refused: {'; '.join(said)}", f"被拒绝：{'；'.join(chinese)}")

    def decide(self, command: Command) -> None:
        """Let the engine decide, and note what came of it; facts that the document fills hold at once."""
        decision = decide(self.program, self.state, command, self.facts, self.now, self.calendar)
        self.state = decision.state
        filled = False
        for change in decision.changes:
            if isinstance(change, c.Told):
                self.seen.told += change.roles
            elif isinstance(change, c.Voided):
                self.seen.void.add(change.step)
            elif isinstance(change, c.Effect):
                self.seen.effects |= {change.name, *([change.argument] if change.argument else [])}
                if change.name == "fill" and change.argument and change.value is not None:
                    self.set(change.argument, change.value)
                    filled = True
        self.wind()
        if filled:
            self.decide(Settle())

    def set(self, name: str, value: Any) -> None:
        """A fact that a domain owns; text is typed as in a document, a blank is not known."""
        type_ = self.program.types.get(name)
        if type_ is None:
            raise Mistyped(f"there is no fact {name}")
        self.facts[name] = coerce(type_, value) if isinstance(value, str) else value

    def fill(self, key: str, values: Mapping[str, Any]) -> None:
        """Fill a form: its facts hold at once, and the columns that it fills."""
        form = self.program.sop.forms[key]
        view = RunView(self.program, self.state, self.facts, self.now, self.calendar)
        context = AutoContext(
            sop=self.program.sop, author=SOMEBODY, author_name="—", owner=SOMEBODY if self.state.owned else None,
            now=self.now, number="1", fact=view.value, zone=self.calendar.tz,
        )  # fmt: skip
        parsed = parse(
            self.program.sop, form, values, condition_holds=holds_over(key, form, view, context), zone=self.calendar.tz
        )
        if parsed.errors:
            raise Refused(
                Unmet(
                    code=f"{key}.{error.path}",
                    text=Text(zh_hans=error.message["zh-hans"], en=error.message["en"]),
                    fact=f"{key}.{error.path}",
                )
                for error in parsed.errors
            )
        record = with_auto(form, parsed.values, context)
        self.facts |= {**fills(form, record), **form_facts(key, form, record)}

    def task(self, step: str, fits: Callable[[TaskState], bool]) -> TaskState:
        """The open task of a step that fits; the longest open one first."""
        for task in self.state.tasks:
            if task.step == step and task.status == OPEN and fits(task):
                return task
        known = self.program.steps.get(step)
        title = known.title if known else Text(zh_hans=step, en=step)
        raise refuse("step.not_open", title.zh_hans, title.en, step=step)

    def form_of(self, step: str) -> str | None:
        """The form of a step. Raises Refused where there is no such step."""
        if step not in self.program.steps:
            raise refuse("step.unknown", step, step)
        return self.program.steps[step].form

    # -- time ----------------------------------------------------------------------------------------------------------

    def wait(self, span: Duration) -> None:
        """Let time pass: each rung fires when it is due, and the next may follow from it."""
        until = after(self.now, span, self.calendar).at
        while True:
            ref, firing = self.next()
            if firing is None or firing.at > until:
                break
            self.fired += 1
            if self.fired > MAX_FIRINGS:
                raise refuse("sop.runaway")
            self.now = max(self.now, firing.at)
            self.clocks[ref].place = firing.place + 1
            self.decide(Fire(ref, firing.index))
        self.now = until

    def next(self) -> tuple[int | None, Firing | None]:
        """Of all ladders, the rung that fires first."""
        found = [(ref, firing) for ref, clock in self.clocks.items() if (firing := self.firing(ref, clock))]
        return min(found, key=lambda each: each[1].at, default=(None, None))

    def firing(self, ref: int | None, clock: _Clock) -> Firing | None:
        """The next rung of one ladder."""
        return next_firing(self.ladder(ref), clock.due_at, self.calendar, place=clock.place, since=clock.since)

    def ladder(self, ref: int | None) -> tuple[Rung, ...]:
        """The rungs of a task's clock, or of the stay in the stage."""
        step = next((task.step for task in self.state.tasks if task.ref == ref), None)
        return self.program.ladder(step, self.state.stage)

    def wind(self) -> None:
        """Let the clocks follow the state: what is open and due has one; a moved due time starts its ladder anew."""
        wanted: dict[int | None, _Clock] = {
            task.ref: _Clock(task.due_at, task.opened_at)
            for task in self.state.tasks
            if task.status == OPEN and task.due_at is not None
        }
        if self.state.stage_due is not None:
            wanted[None] = _Clock(self.state.stage_due, self.now)
        if self.state.outcome is not None:
            wanted = {}
        same = {ref for ref, clock in wanted.items() if ref in self.clocks and self.clocks[ref].due_at == clock.due_at}
        self.clocks = {ref: self.clocks[ref] if ref in same else clock for ref, clock in wanted.items()}

    # -- comparing -----------------------------------------------------------------------------------------------------

    def fail(self, path: Path, code: str, en: str, zh: str) -> None:
        """Note what did not come as expected."""
        self.failures.append(self.read.document.finding(path, code, say(en, zh)))

    def differ(self, path: Path, en: Any, zh: Any, *, instead: Any) -> None:
        """Note that one thing was expected and another came."""
        none_en, none_zh = ("nothing", "无") if instead in (None, "", [], ()) else (instead, instead)
        self.fail(path, "expected", f"expected {en}, but it is {none_en}", f"应为 {zh}，实为 {none_zh}")

    def compare(self, path: Path, expect: Expect) -> None:
        """Look at everything that is expected after a step."""
        state = self.state
        now = {"stage": state.stage, "grade": state.grade, "outcome": state.outcome, "reason": state.reason}
        for name, value in now.items():
            wanted = getattr(expect, name)
            if wanted is not None and wanted != (value or "none"):
                self.differ((*path, name), wanted, wanted, instead=value)
        view = RunView(self.program, state, self.facts, self.now, self.calendar)
        opened = sorted({task.step for task in state.tasks if task.status == OPEN})
        done = [key for key, step in self.program.steps.items() if view.is_done(step)]
        self.all_in((*path, "open"), expect.open, opened)
        self.all_in((*path, "done"), expect.done, done)
        self.all_in((*path, "void"), expect.void, sorted(self.seen.void))
        self.all_in((*path, "effects"), expect.effects, sorted(self.seen.effects))
        self.all_in((*path, "moments"), expect.moments, sorted(state.moments))
        for key in expect.not_open:
            if key in opened:
                self.fail((*path, "not_open"), "expected", f"{key} is open, which it should not be", f"{key} 不应打开")
        self.compare_due(path, expect)
        self.compare_told(path, expect)
        self.compare_refused(path, expect)

    def all_in(self, path: Path, wanted: Iterable[str], there: Iterable[str]) -> None:
        """Every key that is wanted is there."""
        found = list(there)
        for key in wanted:
            if key not in found:
                self.differ(path, key, key, instead=", ".join(found))

    def compare_due(self, path: Path, expect: Expect) -> None:
        """Due times, as instants; null for an open task without one."""
        for step, wanted in expect.due.items():
            dues = [task.due_at for task in self.state.tasks if task.step == step and task.status == OPEN]
            if wanted not in dues:
                shown = wanted.isoformat() if wanted else "—"
                zone = wanted.tzinfo if wanted else self.calendar.tz
                there = [due.astimezone(zone).isoformat() if due else "—" for due in dues]
                self.differ((*path, "due", step), shown, shown, instead=", ".join(there))

    def compare_told(self, path: Path, expect: Expect) -> None:
        """Who was told: these, and perhaps others by other clocks; `[]` is nobody at all."""
        if expect.told is None:
            return
        told = sorted(set(self.seen.told))
        if not expect.told and told:
            self.differ((*path, "told"), "nobody told", "没有通知任何人", instead=", ".join(told))
        self.all_in((*path, "told"), expect.told, told)

    def compare_refused(self, path: Path, expect: Expect) -> None:
        """Each word that is expected ends the code, step or fact of some reason."""
        if expect.refused is None:
            return
        codes = [reason.code for reason in self.seen.reasons]
        if not codes:
            self.fail((*path, "refused"), "not-refused", "it was not refused", "没有被拒绝")
        for word in expect.refused:
            if codes and not any(_is_about(reason, word) for reason in self.seen.reasons):
                self.differ((*path, "refused"), word, word, instead=", ".join(codes))


def _reason(text: str) -> Unmet:
    return Unmet("value", Text(zh_hans=text, en=text))


def _is_about(reason: Unmet, word: str) -> bool:
    """Whether the reason's code, step or fact is `word`, or ends with it after a dot or another word."""
    names = (reason.code, reason.step, reason.fact)
    return any(name == word or name.endswith((f".{word}", f"_{word}")) for name in names if name)


# -- what each verb does -----------------------------------------------------------------------------------------------


def _complete(play: _Rehearsal, do: Do) -> None:
    step = str(do.complete)
    form = play.form_of(step)
    if form is not None:
        play.fill(form, do.values)
    ref = play.task(step, lambda task: task.item_key == do.item).ref if do.item is not None else None
    play.decide(Complete(step, ref))


def _decide(play: _Rehearsal, do: Do) -> None:
    step = str(do.decide)
    task = play.task(step, lambda task: do.judge is None or task.role == do.judge)
    form = play.form_of(step)
    if form is not None and do.verdict == "approve":
        fields = play.program.sop.forms[form].fields
        view = RunView(play.program, play.state, play.facts, play.now, play.calendar)
        defaults = {
            one.key: view.value(one.default_fact) if one.default_fact else one.default
            for one in fields
            if one.default_fact or one.default
        }
        play.fill(form, {**defaults, **do.values})
    play.decide(Decide(task.ref, do.verdict))


def _answer(play: _Rehearsal, do: Do) -> None:
    step = str(do.answer)
    task = play.task(step, lambda task: do.item is None or task.item_key == do.item)
    form = play.form_of(step)
    if form is not None and (do.values or do.agrees):
        play.fill(form, do.values)
    play.decide(Answer(task.ref, do.agrees))


def _contact(play: _Rehearsal, do: Do) -> None:
    if do.contact is None:
        return
    form = "contact_log" if do.values and "contact_log" in play.program.sop.forms else None
    if form is not None:
        play.fill(form, do.values)
    play.decide(Contact(do.contact, None, form))


def _assign(play: _Rehearsal, do: Do) -> None:
    play.decide(Assign(owned=bool(do.assign)))


def _waive(play: _Rehearsal, do: Do) -> None:
    reasons = standing_reasons(play.program, play.state, play.facts, play.now, play.calendar)
    words = do.waive or ()
    codes = [reason.code for reason in reasons if any(_is_about(reason, word) for word in words)]
    play.decide(Waive(tuple(codes or words)))


def _set(play: _Rehearsal, do: Do) -> None:
    for name, value in (do.set or {}).items():
        play.set(name, value)
    play.decide(Settle())


_DOES: dict[str, Callable[[_Rehearsal, Do], None]] = {
    "complete": _complete,
    "decide": _decide,
    "answer": _answer,
    "add": lambda play, do: play.decide(Add(str(do.add))),
    "contact": _contact,
    "assign": _assign,
    "advance": lambda play, do: play.decide(Advance(do.advance)),
    "back": lambda play, do: play.decide(GoBack(str(do.back))),
    "close": lambda play, do: play.decide(Close(str(do.close), do.reason)),
    "reopen": lambda play, do: play.decide(Reopen()),
    "waive": _waive,
    "set": _set,
    "event": lambda play, do: play.decide(Happen(str(do.event))),
}
