"""A decision being worked out: commands change the view step by step and note every change."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from datetime import datetime

from fairway.engine import changes as c
from fairway.engine.calendar import Due
from fairway.engine.clock import due_of, span
from fairway.engine.commands import ContactOutcome, Verdict
from fairway.engine.duration import after
from fairway.engine.refused import Refused, refuse
from fairway.engine.spec import EVENTS, Action, Step
from fairway.engine.state import DONE, OPEN, RunState, TaskState
from fairway.engine.view import RunView

WITHDRAWN = "withdrawn"
SILENT = frozenset({"no_answer", "wrong_number"})


class Work(RunView):
    """The view of a run together with the ways in which it changes. One Work serves one decision."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.changes: list[c.Change] = []
        self.events: deque[tuple[str, str | None, str | None]] = deque()
        self._next_ref = min([0, *self.tasks]) - 1

    def state(self) -> RunState:
        """The state as it stands now."""
        return replace(
            self.before, stage=self.stage, visit=self.visit, visits=self.visits, entered_at=self.entered_at,
            tasks=tuple(self.tasks.values()), moments=self.moments, grade=self.grade, owned=self.owned,
            attempts=self.attempts, silent_streak=self.silent_streak, reached=self.reached, waived=self.waived,
            stage_due=self.stage_due, outcome=self.outcome, reason=self.reason,
        )  # fmt: skip

    # -- commands ------------------------------------------------------------------------------------------------

    def start(self, *, by_import: bool) -> None:
        """Enter the first stage; steps marked `by_import` are done by themselves for records that came that way."""
        if self.stage:
            raise refuse("run.open")
        self.event("run_started")
        self.enter(self.program.sop.stages[0].key, "start")
        if by_import:
            for step in self.stage_def().steps:
                if step.by_import and self.applies(step):
                    self.finish(self.open(step), "", by_system=True)

    def complete(self, key: str, ref: int | None) -> None:
        """The step is done by a person."""
        step = self._step(key)
        if step.kind == "approve":
            raise refuse("step.by_judge", step.title.zh_hans, step.title.en, step=key)
        if step.kind == "customer":
            raise refuse("step.by_customer", step.title.zh_hans, step.title.en, step=key)
        if step.auto is not None:
            raise refuse("step.by_system", step.title.zh_hans, step.title.en, step=key)
        task = self._task(ref, key) if ref is not None else self._open_task(step)
        again = any(t.passed and t.round < task.round for t in self.tasks_of(key))
        self.finish(task, "")
        if again:
            self._renew(step)

    def judge(self, ref: int, verdict: Verdict, to: str | None = None) -> None:
        """A verdict. A send-back or rejection ends the round for every judge and opens again what it returns to.

        A send-back may go further, to an earlier step `to`; then what was built on that step is asked anew as well.
        """
        task, step = self._approval(ref)
        if to is not None and (verdict != "send_back" or to not in self.earlier_steps(step)):
            raise refuse("step.not_earlier", to, step=step.key)
        self.finish(task, verdict)
        self.event("approval_decided", step.key, step.form)
        if verdict == "approve" and step.mode == "all":
            return
        for other in self.latest_round(step.key):
            if other.status == OPEN:
                self.void(other, "decided")
        if verdict != "approve":
            self.send_back(step, to)

    def ask_judge(self, ref: int) -> None:
        """One more judge in the round of this task, in the same role; their verdict counts like any other."""
        task, step = self._approval(ref)
        place = max(len(step.judges), 1 + max(other.judge for other in self.latest_round(step.key)))
        self.open(step, judge=place, round_=task.round, item_key=task.item_key, item=dict(task.item or {}) or None,
                  role=task.role)  # fmt: skip

    def withdraw(self, key: str) -> None:
        """Take back what the judges have not decided yet; it is put before them anew once it has been done again."""
        step = self._step(key)
        asked = [task for task in self.latest_round(key) if task.status == OPEN]
        if step.kind != "approve" or not asked:
            raise refuse("task.gone", step=key)
        first, *others = asked
        self.tasks[first.ref] = replace(first, status=DONE, done_at=self.now, verdict=WITHDRAWN)
        self.note(c.Done(first.ref, key, WITHDRAWN))
        for other in others:
            self.void(other, "decided")
        self.send_back(step)

    def _approval(self, ref: int) -> tuple[TaskState, Step]:
        """The open task of an approval."""
        task = self.tasks.get(ref)
        if task is None or task.status != OPEN:
            raise refuse("task.gone")
        step = self.program.steps[task.step]
        if step.kind != "approve":
            raise refuse("task.kind", step=task.step)
        return task, step

    def answer(self, ref: int, *, agrees: bool) -> None:
        """The customer's answer; a correction opens again the step it returns to (N5)."""
        task = self.tasks.get(ref)
        if task is None or task.status != OPEN:
            raise refuse("task.gone")
        step = self.program.steps[task.step]
        if step.kind != "customer":
            raise refuse("task.kind", step=task.step)
        self.finish(task, "agree" if agrees else "correct")
        self.event("customer_answered", step.key, step.form)
        if not agrees:
            self.send_back(step)

    def add(self, key: str) -> None:
        """One more round of a repeatable step, an optional step, or an approval asked again."""
        step = self._step(key)
        if not step.repeat and (self.is_done(step) or any(t.status == OPEN for t in self.tasks_of(key))):
            raise refuse("step.not_repeatable", step.title.zh_hans, step.title.en, step=key)
        self._check_can_open(step)
        self.open(step)

    def advance(self, to: str | None) -> None:
        """Pass the gate: every unmet reason refuses, unless a waiver covers it."""
        stage = self.stage_def()
        if to is None and len(stage.next) > 1:
            raise refuse("stage.which")
        to = to or (stage.next[0] if stage.next else None)
        if to is not None and to not in stage.next:
            raise self._no_way(to)
        if to is None and stage.outcome is None:
            raise refuse("stage.no_way", "—")
        reasons = self.all_gate_reasons()
        waived = tuple(reason.code for reason in reasons if self.is_waived(reason))
        shut = [reason for reason in reasons if reason.code not in waived]
        if shut:
            raise Refused(shut)
        self.do(stage.leave, None)
        self.leave("advance", waived)
        if to is not None:
            self.enter(to, "advance")
        else:
            self.close(str(stage.outcome), stage.reason)

    def _no_way(self, to: str) -> Refused:
        stage = self.program.stages.get(to)
        return refuse("stage.no_way", stage.title.zh_hans, stage.title.en) if stage else refuse("stage.no_way", to)

    def go_back(self, to: str) -> None:
        """Go back to an earlier stage that the present one names."""
        if to not in self.stage_def().back:
            raise self._no_way(to)
        self.leave("back", ())
        self.enter(to, "back")

    def close_by_person(self, outcome: str, reason: str | None) -> None:
        """End the run with an outcome that people may choose, and a reason from its list."""
        known = self.program.sop.outcomes.get(outcome)
        if known is None:
            raise refuse("outcome.unknown", outcome)
        if not known.ask:
            raise refuse("outcome.not_asked", known.title.zh_hans, known.title.en)
        if known.reasons and reason not in {choice.key for choice in known.reasons}:
            raise refuse("reason.needed")
        self.close(outcome, reason)

    def reopen(self) -> None:
        """Open a closed run again on the stage where it ended; a won one stays won."""
        if self.outcome is None:
            raise refuse("run.open")
        ended = self.program.sop.outcomes[self.outcome]
        if ended.kind == "won":
            raise refuse("run.won")
        self.note(c.Reopened(self.outcome))
        self.outcome = self.reason = None
        self.event("run_reopened")
        self.enter(self.stage, "reopen")

    def assign(self, *, owned: bool) -> None:
        """The run gets its owner. The moment is stamped once: a clock survives reassignment (behaviour 7)."""
        self.owned = owned
        self.note(c.Owned(owned))
        if owned:
            self.stamp("assigned")
            self.event("assigned")

    def contact(self, outcome: ContactOutcome, ref: int | None, form: str | None) -> None:
        """Count an attempt. Only a contact that was reached is a touch; silence in a row is counted (L11)."""
        self.attempts += 1
        self.silent_streak = self.silent_streak + 1 if outcome in SILENT else 0
        self.reached = self.reached or outcome == "reached"
        self.note(c.Counted(outcome, self.attempts, self.silent_streak, self.reached))
        self.event("contact_attempted")
        if form is not None:
            self.event("record_saved", None, form)
        if outcome != "reached":
            return
        self.stamp("reached")
        self.event("contact_reached")
        task = self._contact_task(ref)
        if task is not None:
            self.finish(task, "reached")

    def waive(self, codes: tuple[str, ...], until: datetime | None) -> None:
        """Note a granted waiver. It covers reasons of this gate only that may be waived at all."""
        known = {reason.code: reason for reason in self.all_gate_reasons()}
        barred = [known[code] for code in codes if code in known and not known[code].waivable]
        if barred:
            text = barred[0].text
            raise refuse("waiver.not_allowed", text.zh_hans, text.en)
        self.waived.update(dict.fromkeys(codes, until))
        self.note(c.Waived(codes, until))

    def regrade(self, grade: str) -> None:
        """Another grade: cadence and clocks follow at once (L10)."""
        grading = self.program.sop.grading
        if grading is None or grade not in {bound.grade for bound in grading.grades}:
            raise refuse("grade.unknown", grade)
        if grade == self.grade:
            return
        self.note(c.Regraded(grade, self.grade))
        self.grade = grade
        self.event("regraded")

    def happen(self, event: str, step: str | None = None) -> None:
        """A moment is stamped, or an event from outside is heard: about a step, if one is given."""
        if event in self.program.sop.moments:
            self.stamp(event)
        elif event in EVENTS:
            self.event(event, step, self._step(step).form if step else None)
        else:
            raise refuse("event.unknown", event)

    def fire(self, ref: int | None, rung: int) -> None:
        """A rung is due: tell whom it names, do what it says. A rung whose task is done says nothing."""
        task = self.tasks.get(ref) if ref is not None else None
        if self.outcome is not None or (ref is not None and (task is None or task.status != OPEN)):
            return
        ladder = self.program.ladder(task.step if task else None, self.stage)
        step = task.step if task else None
        late = ladder[rung].after is not None
        self.note(c.Told(ladder[rung].to, ladder[rung].say, about=ref, step=step, rung=rung, late=late))
        self.do(ladder[rung].do, task)
        if late:
            self.event("clock_missed", step)

    # -- ways of changing ------------------------------------------------------------------------------------------

    def note(self, change: c.Change) -> None:
        """Write a change down."""
        self.changes.append(change)

    def event(self, name: str, step: str | None = None, form: str | None = None) -> None:
        """Something happened: triggers and standing steps hear of it when the decision settles."""
        self.events.append((name, step, form))

    def stamp(self, moment: str) -> None:
        """Stamp a moment, the first time only."""
        if moment not in self.moments:
            self.moments[moment] = self.now
            self.note(c.Stamped(moment, self.now))
            self.event(moment)

    def enter(self, stage: str, how: str) -> None:
        """Enter a stage: a new visit with its own clock and without old waivers."""
        self.stage = stage
        self.visit += 1
        self.visits[stage] = self.visits.get(stage, 0) + 1
        self.entered_at = self.now
        self.waived = {}
        self.note(c.Entered(stage, self.visit, how))
        self.date_stay()
        self.event("stage_entered")
        self.do(self.stage_def().enter, None)

    def leave(self, how: str, waived: tuple[str, ...]) -> None:
        """Leave the stage: its open tasks are void; standing ones go on."""
        for task in self.open_tasks():
            if self.program.stage_of[task.step] == self.stage:
                self.void(task, "left")
        self.note(c.Left(self.stage, how, waived))

    def date_stay(self) -> None:
        """Set or move the end of the longest stay."""
        clock = self.stage_def().clock
        length = span(clock.stay, clock.by, self.value(clock.by) if clock.by else None) if clock else None
        due = after(self.entered_at, length, self.calendar) if length else None
        at = due.at if due else None
        if at != self.stage_due:
            self.stage_due = at
            self.note(c.StageDue(at, due.provisional if due else False))

    def open(
        self, step: Step, *, judge: int = -1, round_: int | None = None, item_key: str = "",
        item: dict[str, object] | None = None, role: str = "",
    ) -> TaskState:  # fmt: skip
        """Open one task of a step: the next round of it unless a round is given; `role` for a judge that was added."""
        if step.kind == "approve" and judge < 0:
            return self._open_judges(step, self._round_after(step.key))
        role = role or (step.judges[judge].role if judge >= 0 else step.role)
        task = TaskState(
            ref=self._next_ref, step=step.key, status=OPEN, opened_at=self.now, role=role, judge=judge,
            round=round_ or self._round_after(step.key), item_key=item_key, item=item,
        )  # fmt: skip
        self._next_ref -= 1
        due = self.due(step, task)
        task = replace(task, due_at=due.at if due else None)
        self.tasks[task.ref] = task
        self.by_step.setdefault(step.key, []).append(task.ref)
        self.note(
            c.Opened(
                ref=task.ref, step=step.key, role=role, judge=judge, round=task.round, item_key=item_key, item=item,
                due_at=task.due_at, provisional=bool(due and due.provisional),
                standing=self.program.stage_of[step.key] is None,
            )
        )  # fmt: skip
        self.event("task_opened", step.key, step.form)
        return task

    def due(self, step: Step, task: TaskState) -> Due | None:
        """When a task falls due; a judge's own time goes before the step's."""
        own = step.judges[task.judge].due if 0 <= task.judge < len(step.judges) else None
        return due_of(self, step.model_copy(update={"due": own}) if own else step, task)

    def finish(self, task: TaskState, verdict: str, *, by_system: bool = False) -> None:
        """A task is done; when the whole step is, its stamp and its actions follow."""
        self.tasks[task.ref] = replace(task, status=DONE, done_at=self.now, verdict=verdict)
        self.note(c.Done(task.ref, task.step, verdict, by_system))
        step = self.program.steps[task.step]
        self.event("task_done", step.key, step.form)
        if step.form:
            self.event("record_saved", step.key, step.form)
        if step.kind == "approve" and verdict == "approve" and step.mode == "all":
            self.open_next_judge(step)
        if not step.repeat and not self.is_done(step):
            return
        if step.stamps:
            self.stamp(step.stamps)
        self.do(step.do, self.tasks[task.ref])

    def void(self, task: TaskState, why: str) -> None:
        """A task no longer counts."""
        del self.tasks[task.ref]
        self.by_step[task.step].remove(task.ref)
        self.note(c.Voided(task.ref, task.step, why))

    def send_back(self, step: Step, to: str | None = None) -> None:
        """Open again the step to which a send-back or correction returns, or the earlier one `to`.

        What lies between that one and here counts no longer: it is asked anew, one after the other.
        """
        usual = step.returns or (step.needs[0] if step.needs else None)
        key = to or usual
        if key is None:
            return
        if key != usual:
            for between in self.earlier_steps(step):
                if key in self.leads_to(between):
                    for task in list(self.tasks_of(between)):
                        self.void(task, "renewed")
        target = self.program.steps[key]
        if not any(task.status == OPEN for task in self.tasks_of(key)):
            self.open(target)

    def open_next_judge(self, step: Step) -> None:
        """In turn: the next judge who is to be asked, once the one before has approved."""
        if step.order != "in_turn":
            return
        latest = self.latest_round(step.key)
        if any(task.status == OPEN for task in latest):
            return
        asked = max((task.judge for task in latest if task.judge < len(step.judges)), default=-1)
        self._ask(step, range(asked + 1, len(step.judges)), latest[0].round)

    def close(self, outcome: str, reason: str | None) -> None:
        """End the run: whatever is open is void."""
        for task in self.open_tasks():
            self.void(task, "closed")
        self.outcome, self.reason = outcome, reason
        if self.stage_due is not None:
            self.stage_due = None
            self.note(c.StageDue(None))
        self.note(c.Closed(outcome, reason))
        self.event("run_closed")

    def do(self, actions: tuple[Action, ...], task: TaskState | None) -> None:
        """Carry out actions of the closed set; those on other rows become effects for `runs` to run."""
        for action in actions:
            self._do(action, task)

    def _do(self, action: Action, task: TaskState | None) -> None:  # noqa: C901 - one case for each verb
        if self.outcome is not None and action.verbs()[0] not in {"notify", "start", "effect", "fill"}:
            return
        match action.verbs()[0]:
            case "regrade":
                grade = self.value(str(action.regrade)) if "." in str(action.regrade) else action.regrade
                if grade:
                    self.regrade(str(grade))
            case "notify":
                self.note(
                    c.Told(
                        action.notify or (), action.say, about=task.ref if task else None,
                        step=task.step if task else None,
                    )
                )  # fmt: skip
            case "close":
                self.close(str(action.close), action.reason)
            case "open":
                step = self.program.steps[str(action.open)]
                if step.repeat or not any(t.status == OPEN for t in self.tasks_of(step.key)):
                    self.open(step)
            case "cancel":
                for open_task in [t for t in self.tasks_of(str(action.cancel)) if t.status == OPEN]:
                    self.void(open_task, "cancelled")
            case "stamp":
                self.stamp(str(action.stamp))
            case "assign":
                self.note(c.Effect("assign"))
            case "start":
                self.note(c.Effect("start", argument=action.start))
            case "effect":
                self.note(c.Effect(str(action.effect)))
            case "fill":
                self.note(c.Effect("fill", argument=action.fill, value=action.value))

    # -- helpers -------------------------------------------------------------------------------------------------

    def _step(self, key: str) -> Step:
        step = self.program.steps.get(key)
        if step is None:
            raise refuse("step.unknown", key)
        return step

    def _task(self, ref: int, key: str) -> TaskState:
        task = self.tasks.get(ref)
        if task is None or task.status != OPEN or task.step != key:
            raise refuse("task.gone", step=key)
        return task

    def _open_task(self, step: Step) -> TaskState:
        """The open task of a step; without one, a step that may be done now opens on the spot."""
        found = next((task for task in self.tasks_of(step.key) if task.status == OPEN), None)
        if found is not None:
            return found
        self._check_can_open(step)
        return self.open(step)

    def _check_can_open(self, step: Step) -> None:
        title = step.title
        home = self.program.stage_of[step.key]
        early = step.early_when is not None and self.holds(step.early_when)
        if home is not None and home != self.stage and not early:
            raise refuse("step.not_here", title.zh_hans, title.en, step=step.key)
        if not self.applies(step) or (home is None and not self.has_come(step)):
            raise refuse("step.not_applicable", title.zh_hans, title.en, step=step.key)
        missing = [self.program.steps[key] for key in self.missing_needs(step)]
        if missing:
            raise Refused(
                reason
                for need in missing
                for reason in refuse(
                    "step.needs", need.title.zh_hans, need.title.en, step=need.key, role=need.role
                ).reasons
            )

    def has_come(self, step: Step) -> bool:
        """Whether a standing step may be open by now: no opener, its moment stamped, or opened once already."""
        return step.open_on is None or step.open_on in self.moments or any(True for _ in self.tasks_of(step.key))

    def _contact_task(self, ref: int | None) -> TaskState | None:
        """The contact task an attempt is for: the one named, else the open one that is due first."""
        if ref is not None and ref in self.tasks:
            return self.tasks[ref] if self.tasks[ref].status == OPEN else None
        open_ = [t for t in self.open_tasks() if self.program.steps[t.step].kind == "contact"]
        return min(open_, key=lambda t: (t.due_at is None, t.due_at or t.opened_at), default=None)

    def _round_after(self, key: str) -> int:
        return max((task.round for task in self.tasks_of(key)), default=0) + 1

    def _open_judges(self, step: Step, round_: int) -> TaskState:
        """Ask the judges of an approval whose condition holds: all at once, or the first of them."""
        return self._ask(step, range(len(step.judges)), round_)

    def _ask(self, step: Step, judges: range, round_: int) -> TaskState:
        asked = [index for index in judges if self._is_asked(step, index)]
        if step.order == "in_turn":
            asked = asked[:1]
        opened = [self.open(step, judge=index, round_=round_) for index in asked]
        if not opened and judges.start == 0:
            # Nobody is to be asked under these conditions: the step's role decides rather than nobody (behaviour 4).
            opened = [self.open(step, judge=0, round_=round_)]
        return opened[0] if opened else self.latest_round(step.key)[0]

    def _is_asked(self, step: Step, index: int) -> bool:
        return self.holds(step.judges[index].when)

    def _renew(self, step: Step) -> None:
        """Results that no longer hold once the step was done again, and all that was built on them (P3)."""
        for key in step.renews:
            for task in list(self.tasks_of(key)):
                self.void(task, "renewed")
