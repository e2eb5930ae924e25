"""Plays a scenario file through the actions, on the database, by the people whose turn it is."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fairway.engine.duration import Duration, after
from fairway.engine.refused import Refused
from fairway.people.models import User
from fairway.runs import actions
from fairway.runs.clock import sweep
from fairway.runs.models import Event, Run, Task
from fairway.runs.people import directory
from fairway.sops.calendars import calendar_of

NAMING_PEOPLE = {"our_attendees", "attendees", "participants"}


@dataclass
class Player:
    """A run with a moving clock. `play` does one step of a scenario and checks what it expects."""

    run: Run
    now: datetime
    people: object
    seen: set = field(default_factory=set)

    def play(self, step):
        """Do `do` or `wait`, then check `expect`; refusals are expected by name."""
        expect = step.get("expect", {})
        events = Event.objects.filter(run=self.run).count()
        try:
            if "wait" in step:
                self.wait(step["wait"])
            else:
                self.do(step["do"])
        except Refused as refused:
            said = {(r.code, r.step, r.fact) for r in refused.reasons}
            wanted = expect.get("refused")
            assert wanted, f"{step} was refused: {refused}"
            for name in wanted:
                assert any(part and part.endswith(name) for reason in said for part in reason), (name, said)
            assert Event.objects.filter(run=self.run).count() == events, "a refusal wrote something"
            return
        assert not expect.get("refused"), f"{step} was not refused"
        self.run.refresh_from_db()
        self.check(expect)
        self.now += timedelta(minutes=1)

    def check(self, expect):
        """What scenarios expect of the stored rows."""
        for name in ("stage", "grade", "outcome", "reason"):
            if name in expect:
                assert getattr(self.run, name) == (expect[name] or ""), (name, getattr(self.run, name))
        open_ = set(self.run.tasks.filter(status="open").values_list("step", flat=True))
        assert set(expect.get("open", ())) <= open_, (expect.get("open"), open_)
        assert not set(expect.get("not_open", ())) & open_
        done = set(self.run.tasks.filter(status="done").values_list("step", flat=True))
        assert set(expect.get("done", ())) <= done, (expect.get("done"), done)
        assert set(expect.get("moments", ())) <= set(self.run.moments)

    def wait(self, span):
        """Let time pass, sweeping the clocks on the way."""
        self.now = after(self.now, Duration.parse(span), calendar_of("china")).at
        while sweep(self.now):
            pass

    def person(self, task, role=None):
        """Whose turn it is: the assignee, else somebody of the role."""
        if task is not None and task.assignee_id:
            return User.objects.with_roles().get(pk=task.assignee_id)
        if role is None and self.run.owner_id:
            return User.objects.with_roles().get(pk=self.run.owner_id)
        found = directory(self.now).candidates(role or "rep", self.run.team_id)
        return User.objects.with_roles().get(pk=found[0])

    def open_task(self, step, **wanted):
        return self.run.tasks.filter(step=step, status="open", **wanted).order_by("id").first()

    def meant(self, values):
        """The values of a scenario with people who are there: files name them by the numbers of a new database."""
        if values is None:
            return None
        found = dict(values)
        for key in NAMING_PEOPLE & found.keys():
            found[key] = [self.people.rep.pk] if isinstance(found[key], list) else found[key]
        return found

    def do(self, what):  # noqa: C901 - one case for each verb
        """One verb of docs/sop-language.md, Scenarios."""
        if "complete" in what:
            step = what["complete"]
            task = self.open_task(step)
            by = self.person(task, None if task is None else task.role)
            common = {"step": step, "by": by, "now": self.now, "task_id": task.pk if task else None}
            if "values" in what:
                actions.submit(self.run.pk, raw=self.meant(what["values"]), **common)
            else:
                actions.complete(self.run.pk, **common)
        elif "decide" in what:
            wanted = {"role": what["judge"]} if "judge" in what else {}
            task = self.open_task(what["decide"], **wanted)
            assert task, f"nobody is asked: {what}"
            actions.decide_approval(
                task.pk, verdict=what["verdict"], by=self.person(task, task.role), now=self.now, note="好",
                raw=self.meant(what.get("values")),
            )  # fmt: skip
        elif "answer" in what:
            task = self.open_task(what["answer"])
            actions.answer_by_customer(
                task.pk,
                agrees=str(what["agrees"]).lower() == "true",
                now=self.now,
                note="请改一处",
                raw=self.meant(what.get("values")),
            )
        elif "contact" in what:
            actions.log_contact(
                self.run.pk, outcome=what["contact"], channel="call", by=self.person(None), now=self.now
            )
        elif "advance" in what:
            to = what["advance"]
            actions.advance(self.run.pk, to=None if to in (None, "null") else to, by=self.person(None), now=self.now)
        elif "back" in what:
            actions.go_back(self.run.pk, to=what["back"], why="补充", by=self.person(None), now=self.now)
        elif "close" in what:
            actions.close(
                self.run.pk, outcome=what["close"], reason=what.get("reason"), by=self.person(None), now=self.now
            )
        elif "add" in what:
            actions.add_step(self.run.pk, step=what["add"], by=self.person(None), now=self.now)
        elif "assign" in what or "set" in what:
            pass  # the rules assign by themselves, and domains own their facts
        else:
            raise AssertionError(f"no such verb: {what}")

    def tasks(self):
        return Task.objects.filter(run=self.run)
