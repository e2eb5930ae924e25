"""The page of one run put together: map, next action, reasons, open work, moves, records, timeline, sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from fairway.engine.conditions import Unmet
from fairway.leads.kind import card_of
from fairway.people.models import User
from fairway.people.roles import MANAGER, REP
from fairway.runs.facts import RunFacts
from fairway.runs.models import Attachment, Record, Run, Waiver
from fairway.runs.people import directory
from fairway.runs.permissions import may_judge
from fairway.runs.queries import Entry, RunPage, run_page
from fairway.runs.queries.reads import files_of
from fairway.runs.queries.run_page import Reason, StageMark, TaskView
from fairway.runs.references import more_choices
from fairway.runs.texts import outcome_title, reason_title, role_title, say, stage_title, step_title
from fairway.sops.programs import program_of
from fairway.teamwork.queries import following
from fairway.teamwork.subjects import RUN
from fairway.teamwork.subjects import Subject as TalkSubject
from fairway.web import formats
from fairway.web.record.faces import face_of, prime
from fairway.web.record.inplace import Editing
from fairway.web.record.readable import ReadRecord
from fairway.web.record.run_facts import RunSubject
from fairway.web.record.said import ADVANCE, Opened, Said
from fairway.web.record.talk import found, kinds, merged
from fairway.web.record.work import Bench
from fairway.web.templatetags.html import icon
from fairway.web.words import outcome_words, worded

RECORDS = 8
MOVES = ("advance", "back", "close", "reopen", "reassign", "contact", "waiver", "file", "hand_over")
OUTCOME_TONES = {"won": "good", "lost": "bad"}


@dataclass(frozen=True, slots=True)
class Next:
    """The one banner: what to do, and its button."""

    what: str
    label: str
    href: str
    due: datetime | None = None
    why: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Shut:
    """One reason why the gate is shut, with where it is mended."""

    text: str
    owner: str
    url: str
    mend: str
    code: str
    waivable: bool
    waived: bool


@dataclass(frozen=True, slots=True)
class WaiverView:
    """A waiver with what this reader may do with it."""

    waiver: Waiver
    tone: str
    may_judge: bool
    may_withdraw: bool
    role: str


class Builder:
    """Puts the page of one run together for one reader."""

    def __init__(
        self, run: Run, user: User, now: datetime, *, opened: Opened, said: Said | None = None,
        editing: Editing | None = None,
    ) -> None:  # fmt: skip
        self.run, self.user, self.now, self.opened, self.said = run, user, now, opened, said
        self.program = program_of(run.version_id)
        facts = RunFacts(run, self.program)
        prime(run, facts)
        self.page: RunPage = run_page(run, user, now=now, facts=facts)
        self.more = more_choices()
        self.face = face_of(run, self.program, self.more, confidential=self.page.confidential)
        self.files = self._files()
        self.bench = Bench(
            self.page, user, now, currency=self.face.currency, more=self.more, nodes=self.face.nodes, files=self.files
        )
        self.subject = RunSubject(run, self.face, may=self.page.may_lead)
        self.editing = editing or (self.subject.opened(opened.edit) if opened.edit else None)
        self.talk_about = TalkSubject(RUN, run)
        self.then = opened.then if run.is_open and self.page.may_lead else ""

    def context(self) -> dict[str, Any]:
        """Everything that the template shows."""
        page, run = self.page, self.run
        move = self.opened.do if self.opened.do in MOVES else ""
        shut = [self.shut(reason) for reason in page.reasons]
        still = [one for one in shut if not one.waived]
        at_step = self.said if not move and self.said and self.said.post else None
        work = self.bench.opened(self._missing() if self.then else self.opened, at_step)
        asked = self.opened.asked
        talk = found(asked, run, self.talk_about, self.user, now=self.now, confidential=page.confidential)
        events = worded(talk.entries, {run.version_id: run.version.number}, self.titles())
        return {
            "title": run.title or f"#{run.pk}", "run": run, "page": page, "face": self.face, "here": self.face.home,
            "now": self.now, "sop": {"title": say(self.program.sop.title), "number": run.version.number},
            "stages": self.stages(), "outcome": self.outcome(), "next": self.next(still), "shut": still,
            "granted": [one for one in shut if one.waived], "work": work, "move": move, "then": self.then,
            "refusal_title": self.refusal_title(),
            "contact": self.bench.contact(self.said) if move == "contact" else None,
            "moves": self.moves(), "outcomes": list(outcome_words().items()),
            "others": [task for task in page.open_tasks if work is None or task is not work.task],
            **self.kept(), "read": self.read_record(), "waivers": self.waivers(),
            "may_ask_waiver": self.may_ask_waiver(still), "sellers": self.sellers() if move == "reassign" else (),
            "colleagues": self.colleagues() if move == "hand_over" else (),
            "handed": self.handed() if move == "hand_over" else None,
            "lines": merged(events, talk.said), "judged": self.judged(talk.entries), "older": talk.older,
            "asked": asked, "narrowing": self.narrowing(), "about": self.talk_about,
            "following": following(self.talk_about, self.user), "editing": self.editing,
            "facts_url": self.subject.url(), "may_edit": self.subject.may,
            "company_url": reverse("account", args=[run.account_id]) if run.account_id else "",
            "change_word": _("Change"), "pencil": icon("pencil"),
            "files": self.files, "people": self.people(), "said": self.said, "reasons": self.refused(),
            "stale": self.said.stale if self.said else None,
            "stage": stage_title(self.program, run.stage), "goal": say(self.program.stages[run.stage].goal),
            "card": self.card(),
        }  # fmt: skip

    # -- where it stands ---------------------------------------------------------------------------------------------

    def stages(self) -> list[dict[str, Any]]:
        """The map as the component shows it."""
        return [
            {"title": mark.title, "state": _state(mark), "note": self._stage_note(mark)} for mark in self.page.stages
        ]

    def _stage_note(self, mark: StageMark) -> str:
        """When it was entered; of the present one, how long its stay may last."""
        if mark.state == "current" and self.run.stage_due is not None:
            return formats.time_left(self.run.stage_due, now=self.now).text
        return formats.day(mark.entered_at) if mark.entered_at and mark.state in {"done", "current"} else ""

    def outcome(self) -> dict[str, Any] | None:
        """The mark of a closed run."""
        run = self.run
        if run.is_open:
            return None
        reason = reason_title(self.program, run.outcome, run.reason) if run.reason else ""
        closed = formats.day(run.closed_at) if run.closed_at else ""
        return {
            "word": outcome_title(self.program, run.outcome), "tone": OUTCOME_TONES.get(run.outcome_kind, "neutral"),
            "note": " · ".join(filter(None, (reason, stage_title(self.program, run.stage), closed))),
        }  # fmt: skip

    # -- what is next ------------------------------------------------------------------------------------------------

    def next(self, shut: Sequence[Shut]) -> Next | None:
        """The banner: move on where nothing stands in the way, else the reader's next step, else who is waited for."""
        page = self.page
        if not self.run.is_open:
            return None
        if not shut and page.may_lead:
            return self._move_on()
        if page.next is not None and page.next.may:
            return self._do(page.next)
        waiting = next(iter(sorted(page.open_tasks, key=_by_clock)), None)
        if waiting is None:
            return None
        who = waiting.assignee if waiting.role != "customer" else ""
        return Next(
            what=_("Waiting for %(who)s: %(step)s") % {"who": who or waiting.role_title, "step": waiting.title},
            label=_("See it"), href=self.link(task=waiting.id), due=waiting.due_at, why=waiting.help,
        )  # fmt: skip

    def _move_on(self) -> Next:
        ways = self.page.ways_on
        stage = self.program.stages[self.run.stage]
        if not ways and stage.outcome:
            what = _("Close it: %(outcome)s") % {"outcome": outcome_title(self.program, stage.outcome)}
        elif len(ways) == 1:
            what = _("Move on to %(stage)s") % {"stage": ways[0].title}
        else:
            what = _("Move on")
        return Next(
            what, _("Move on"), f"{self.face.home}?do=advance#do", due=self.run.stage_due,
            why=_("Everything that this stage asks for is there."),
        )  # fmt: skip

    def _do(self, task: TaskView) -> Next:
        words, label = _VERBS.get(task.kind, _VERBS["task"])()
        owner = "" if task.mine else task.assignee or task.role_title
        return Next(
            words % {"step": task.title}, label, self.link(task=task.id), due=task.due_at, why=task.help, owner=owner
        )

    def link(self, *, task: int | None = None, step: str = "") -> str:
        """The address at which a task or step stands open."""
        query = f"task={task}" if task is not None else f"step={step}"
        if self.then:
            query += f"&then={self.then}"
        return f"{self.face.home}?{query}#work"

    def card(self) -> dict[str, Any] | None:
        """The score and BANT with their titles (L3-L5)."""
        grading = self.program.sop.grading
        if grading is None or not hasattr(self.run, "lead"):
            return None
        values = next((r.values for r in self.page.records if r.form == grading.score.form and r.current), None)
        if values is None:
            return None
        found = card_of(self.program, values, self.page.view.holds)
        points = found["scored"].points if found["scored"] else {}
        return {
            **found,
            "criteria": [
                {"title": say(one.title), "points": points.get(one.key, "–"), "most": grading.score.scale}
                for one in grading.score.criteria
            ],
            "aspects": [
                {"title": say(one.title), "answer": say(one.answer_title) or "–"} for one in found["bant"].aspects
            ]
            if found["bant"]
            else [],
        }

    # -- why it cannot go on -----------------------------------------------------------------------------------------

    def shut(self, reason: Reason) -> Shut:
        """A reason with the link to the step that mends it."""
        url, mend = self._mend(reason.step)
        return Shut(
            text=reason.text, owner=reason.who or reason.role, url=url, mend=mend, code=reason.code,
            waivable=reason.waivable, waived=reason.waived,
        )  # fmt: skip

    def _mend(self, step: str) -> tuple[str, str]:
        """The address and title of what mends it."""
        task, key = self._mender(step)
        if task is not None:
            return self.link(task=task.id), task.title
        return (self.link(step=key), step_title(self.program, key)) if key else ("", "")

    def _mender(self, step: str) -> tuple[TaskView | None, str]:
        """The task or the step that mends it: the step itself, else the first that must be done before it."""
        wanted, passed = [step], set[str]()
        while wanted:
            key = wanted.pop(0)
            if key in passed or key not in self.program.steps:
                continue
            passed.add(key)
            task = next((one for one in self.page.open_tasks if one.step == key), None)
            if task is not None:
                return task, key
            if any(way.key == key for way in self.page.can_add) and self.page.may_lead:
                return None, key
            wanted.extend(self.page.view.missing_needs(self.program.steps[key]))
        return None, ""

    def _missing(self) -> Opened:
        """What stands open for the sake of a move: what the address names, else the first missing form of theirs."""
        if self.opened.task is not None or self.opened.step or self.said is None:
            return self.opened
        for reason in self.said.reasons:
            task, key = self._mender(reason.step) if reason.step else (None, "")
            if key and (task is None or task.may):
                return replace(self.opened, task=task.id if task else None, step=key)
        return self.opened

    def refusal_title(self) -> str:
        """What a refusal is about, where it is a move that was asked for elsewhere; empty for what it always is."""
        if not self.then:
            return ""
        stage = stage_title(self.program, self.then.removeprefix(ADVANCE))
        return _("Missing before it can move on to “%(stage)s”") % {"stage": stage}

    def titles(self) -> dict[tuple[str, str], str]:
        """The titles of tasks about one item of a list, such as a payment node."""
        return {(task.step, task.item_key): task.title for task in self.page.tasks if task.item_key}

    def refused(self) -> list[dict[str, str]]:
        """The reasons of a refused attempt, as the component shows them."""
        if self.said is None:
            return []
        return [self._refused(reason) for reason in self.said.reasons]

    def _refused(self, reason: Unmet) -> dict[str, str]:
        who = role_title(reason.role) if reason.role else ""
        url, title = self._mend(reason.step) if reason.step else ("", "")
        return {"text": say(reason.text), "owner": who, "url": url, "mend": title}

    def waivers(self) -> list[WaiverView]:
        """Waivers of this stay, newest first."""
        tones = {Waiver.ASKED: "warn", Waiver.GRANTED: "good", Waiver.REFUSED: "bad"}
        who = directory(self.now)
        found = [waiver for waiver in self.page.waivers if waiver.visit == self.run.visit]
        for waiver in found:
            waiver.run = self.run
        return [
            WaiverView(
                waiver, tones.get(waiver.verdict, "neutral"),
                waiver.verdict == Waiver.ASKED and self.run.is_open and may_judge(self.user, waiver, who, self.now),
                waiver.verdict == Waiver.ASKED and waiver.asked_by_id == self.user.pk, role_title(waiver.role),
            )
            for waiver in found
        ]  # fmt: skip

    def may_ask_waiver(self, shut: Sequence[Shut]) -> bool:
        """Whether there is a reason that may be waived, somebody to grant it, and the reader may ask."""
        role = self.program.stages[self.run.stage].waiver
        return self.page.may_lead and role is not None and any(one.waivable for one in shut)

    # -- moves -------------------------------------------------------------------------------------------------------

    def moves(self) -> list[dict[str, str]]:
        """What may be done with the run beside its steps: entries of the menu."""
        page, run = self.page, self.run
        if not page.may_lead:
            return []
        if not run.is_open:
            return [{"key": "reopen", "label": _("Open again"), "icon": "refresh"}] if run.outcome_kind != "won" else []
        entries = [{"key": "back", "label": _("Go back to an earlier stage"), "icon": "arrow-back-up"}] * bool(
            page.ways_back
        )
        entries.append({"key": "reassign", "label": _("Change the owner"), "icon": "user-check"})
        if page.endings:
            entries.append({"key": "close", "label": _("Close with an outcome"), "icon": "flag"})
        return entries

    def sellers(self) -> list[tuple[int, str]]:
        """Who may own the run: reps and managers, by name."""
        people = directory(self.now).people.values()
        found = [(one.id, one.name) for one in people if {REP, MANAGER} & one.roles and one.id != self.run.owner_id]
        return sorted(found, key=lambda pair: pair[1])

    def handed(self) -> TaskView | None:
        """The task that is to be handed over."""
        return next((one for one in self.page.open_tasks if one.id == self.opened.task and one.may), None)

    def colleagues(self) -> list[tuple[int, str]]:
        """Who may do the task instead: holders of its role; sellers for the owner's tasks."""
        task = self.handed()
        if task is None:
            return []
        role = MANAGER if task.role in {MANAGER, "above"} else task.role
        people = directory(self.now).people.values()
        wanted = frozenset({REP, MANAGER}) if role in {"owner", "customer", REP} else frozenset({role})
        found = [(one.id, one.name) for one in people if wanted & one.roles and one.id != task.assignee_id]
        return sorted(found, key=lambda pair: pair[1])

    # -- what was written down ---------------------------------------------------------------------------------------

    def records(self) -> list[dict[str, Any]]:
        """Every record that the reader may see, newest first, with what one sees before opening it."""
        forms = self.program.sop.forms
        return [
            {
                "id": record.pk, "title": say(forms[record.form].title) if record.form in forms else record.form,
                "step": step_title(self.program, record.step) if record.step else "", "number": record.number,
                "at": record.created_at, "by": record.created_by, "confidential": record.confidential,
                "current": record.current,
            }
            for record in self.page.records
        ]  # fmt: skip

    def kept(self) -> dict[str, Any]:
        """The records that stand open in the list, and those folded away: what was replaced, and what is long past."""
        everything = self.records()
        fresh = [one for one in everything if one["current"]][:RECORDS]
        opened = [one for one in everything if one["id"] == self.opened.record and one not in fresh]
        top = [*fresh, *opened]
        return {"records": top, "older_records": [one for one in everything if one not in top]}

    def judged(self, entries: Sequence[Entry]) -> list[tuple[int, list[tuple[str, int]]]]:
        """By event: the records as they were when somebody judged them, title and id (F5)."""
        ids = {(record.form, record.number): record.pk for record in self.page.records}
        forms = self.program.sop.forms
        found = []
        for entry in entries:
            pairs = [pair for pair in (entry.data.get("judged") or {}).items() if pair in ids and pair[0] in forms]
            if pairs:
                found.append((entry.id, [(f"{say(forms[form].title)} #{n}", ids[form, n]) for form, n in pairs]))
        return found

    def read_record(self) -> ReadRecord | None:
        """The record that the address opens."""
        found: Record | None = next((one for one in self.page.records if one.pk == self.opened.record), None)
        return self.bench.read(found) if found else None

    def _files(self) -> list[Attachment]:
        """Files of the run, confidential ones for the team only."""
        found = files_of(self.run, self.now)
        return [one for one in found if self.page.confidential or not one.confidential]

    def people(self) -> list[dict[str, Any]]:
        """Who takes part beside the owner."""
        return [
            {"name": one.user.display_name, "role": role_title(one.role)}
            for one in self.page.participants
            if one.user_id != self.run.owner_id
        ]

    def narrowing(self) -> dict[str, Any]:
        """What the timeline may be narrowed to: kinds, people, stages that the run has been in."""
        run = self.run
        people = {run.owner_id: run.owner.display_name} if run.owner else {}
        people |= {one.user_id: one.user.display_name for one in self.page.participants}
        entered = {visit.stage for visit in run.visits.all()}
        return {
            "kinds": kinds(), "people": [(str(id_), name) for id_, name in people.items()],
            "stages": [(key, stage_title(self.program, key)) for key in self.program.stages if key in entered],
        }  # fmt: skip


def _state(mark: StageMark) -> str:
    """The state of a stage as the component knows it."""
    if mark.state == "current":
        return "late" if mark.late else "current"
    if mark.state == "done":
        return "done" if mark.entered_at else "skipped"
    return "skipped" if mark.state == "stopped" else "next"


def _by_clock(task: TaskView) -> tuple[bool, datetime | int]:
    return (task.due_at is None, task.due_at or task.id)


_VERBS: Mapping[str, Any] = {
    "task": lambda: (_("Do it: %(step)s"), _("Tick it off")),
    "send": lambda: (_("Send it: %(step)s"), _("Tick it off")),
    "form": lambda: (_("Fill in: %(step)s"), _("Fill it in")),
    "document": lambda: (_("Write: %(step)s"), _("Fill it in")),
    "meet": lambda: (_("Meet: %(step)s"), _("Write it up")),
    "approve": lambda: (_("Judge: %(step)s"), _("Judge it")),
    "contact": lambda: (_("Contact the customer: %(step)s"), _("Log the contact")),
    "customer": lambda: (_("Get the customer's answer: %(step)s"), _("Open it")),
    "pay": lambda: (_("Confirm what came in: %(step)s"), _("Enter a receipt")),
}
