"""Doing a piece of work on a run as the person whose turn it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fairway.engine.commands import ContactOutcome, Verdict
from fairway.people.models import User
from fairway.runs import actions
from fairway.runs.models import Run, Task, Waiver
from fairway.runs.people import directory
from fairway.runs.queries import load_run, run_page

ZONE = ZoneInfo("Asia/Shanghai")
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Acting:
    """One moment of work on a run: every method is one action at `now`, by whoever owes it."""

    run_id: int
    now: datetime

    @property
    def run(self) -> Run:
        """The run as it is."""
        return Run.objects.get(pk=self.run_id)

    def submit(self, step: str, values: Values) -> None:
        """Fill the form of a step."""
        task = self._open(step)
        actions.submit(
            self.run_id, step=step, raw=values, by=self._who(task), now=self.now, zone=ZONE,
            task_id=task.pk if task else None,
        )  # fmt: skip

    def complete(self, step: str) -> None:
        """Tick a step off."""
        task = self._open(step)
        actions.complete(self.run_id, step=step, by=self._who(task), now=self.now, task_id=task.pk if task else None)

    def decide(self, step: str, verdict: Verdict = "approve", note: str = "", values: Values | None = None) -> None:
        """Give the verdict of every judge who is asked now."""
        for task in Task.objects.filter(run=self.run_id, step=step, status=Task.OPEN).order_by("id"):
            actions.decide_approval(
                task.pk, verdict=verdict, by=self._who(task), now=self.now, note=note, raw=values, zone=ZONE
            )

    def judge(self, step: str, role: str) -> None:
        """Give the approval of one role only."""
        task = Task.objects.get(run=self.run_id, step=step, status=Task.OPEN, role=role)
        actions.decide_approval(task.pk, verdict="approve", by=self._who(task), now=self.now)

    def answer(self, step: str, *, agrees: bool = True, note: str = "", values: Values | None = None) -> None:
        """Answer as the customer, by the link."""
        task = Task.objects.get(run=self.run_id, step=step, status=Task.OPEN)
        actions.answer_by_customer(task.pk, agrees=agrees, now=self.now, note=note, raw=values, zone=ZONE)

    def contact(self, outcome: ContactOutcome, channel: str = "call", note: str = "") -> None:
        """Log an attempt to reach the contact."""
        actions.log_contact(
            self.run_id, outcome=outcome, channel=channel, by=self._who(None), now=self.now, note=note
        )  # fmt: skip

    def advance(self, to: str | None = None) -> None:
        """Pass the gate."""
        actions.advance(self.run_id, to=to, by=self._who(None), now=self.now)

    def close(self, outcome: str, reason: str | None = None, note: str = "") -> None:
        """End the run."""
        actions.close(self.run_id, outcome=outcome, reason=reason, note=note, by=self._who(None), now=self.now)

    def ask_waiver(self, why: str, control: str) -> None:
        """Ask for a way round what the gate still wants, as far as it may be waived."""
        who = self._who(None)
        page = run_page(load_run(self.run_id, who), who, now=self.now)
        codes = [reason.code for reason in page.reasons if reason.waivable]
        actions.ask_waiver(self.run_id, codes=codes, why=why, control=control, by=who, now=self.now)

    def judge_waiver(self, *, grant: bool, note: str) -> None:
        """Grant or refuse the waiver that is asked for, as who may."""
        waiver = Waiver.objects.get(run=self.run_id, verdict=Waiver.ASKED)
        judge = User.objects.with_roles().get(pk=waiver.judge.pk if waiver.judge else 0)
        actions.decide_waiver(waiver.pk, grant=grant, by=judge, now=self.now, note=note)

    def has_open(self, step: str) -> bool:
        """Whether the step is asked of somebody now."""
        return self._open(step) is not None

    def _open(self, step: str) -> Task | None:
        return Task.objects.filter(run=self.run_id, step=step, status=Task.OPEN).order_by("id").first()

    def _who(self, task: Task | None) -> User:
        people = User.objects.with_roles()
        if task is not None and task.assignee_id:
            return people.get(pk=task.assignee_id)
        run = self.run
        if run.owner_id and (task is None or task.role in {"owner", "rep", "customer"}):
            return people.get(pk=run.owner_id)
        role = task.role if task is not None else "rep"
        return people.get(pk=directory(self.now).candidates(role, run.team_id)[0])
