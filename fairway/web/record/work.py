"""The piece of work that stands open on the page: one task, or a step that may be done on the spot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import get_language

from fairway.customers.models import Account, Contact
from fairway.engine.forms import MoreChoices, as_input, holds_over, initial, parse, shown, with_auto
from fairway.engine.forms.auto import AutoContext
from fairway.engine.program import Program
from fairway.engine.spec import Condition, Form, FormField, Step
from fairway.people.models import User
from fairway.people.scope import scope_of
from fairway.receivables.models import Node
from fairway.runs.actions.contacts import CONTACT_FORM
from fairway.runs.models import Attachment, Record, Run
from fairway.runs.people import directory
from fairway.runs.queries import RunPage
from fairway.runs.queries.run_page import TaskView
from fairway.runs.texts import say
from fairway.web.forms import Options, SopForm
from fairway.web.record.readable import Names, ReadRecord, read
from fairway.web.record.said import Opened, Said

FRESH_KINDS = frozenset({"pay", "approve", "contact", "customer"})
MOST_CHOICES = 1000


@dataclass(frozen=True)
class Work:
    """One piece of work with everything that helps to do it."""

    step: Step
    task: TaskView | None
    title: str
    help: str
    kind: str
    may: bool
    form: SopForm | None
    judged: tuple[ReadRecord, ...]
    sent_back: TaskView | None
    link: str
    node: Node | None
    action: str
    key: str
    said: Said | None
    channels: tuple[tuple[str, str], ...] = ()
    earlier: tuple[tuple[str, str], ...] = ()
    judges: tuple[tuple[int, str], ...] = ()
    asker: bool = False
    verdicts: tuple[TaskView, ...] = ()

    @property
    def note(self) -> str:
        """The note as it was typed, when the form is shown again."""
        return self.said.post.get("note", "") if self.said else ""

    @property
    def channel(self) -> str:
        """The channel as it was chosen, the first of the list to begin with."""
        typed = self.said.post.get("channel", "") if self.said else ""
        return typed or (self.channels[0][0] if self.channels else "")


class Bench:
    """Makes pieces of work for one reader of one run."""

    def __init__(
        self, page: RunPage, user: User, now: datetime, *, currency: str = "CNY", more: MoreChoices | None = None,
        nodes: Sequence[Node] = (), files: Sequence[Attachment] = (),
    ) -> None:  # fmt: skip
        self.page = page
        self.more = more
        self.nodes = nodes
        self.files = files
        self.currency = currency
        self.run: Run = page.run
        self.program: Program = page.program
        self.user = user
        self.now = now
        self.zone = ZoneInfo(user.timezone)
        self.names = Names(page.run)

    def opened(self, opened: Opened, said: Said | None) -> Work | None:
        """The work that the address names, else the reader's next step; None when nothing is theirs to do."""
        if opened.task is not None:
            task = next((one for one in self.page.open_tasks if one.id == opened.task), None)
            if task is not None:
                return self.task(task, said)
        if opened.step in self.program.steps:
            task = next((one for one in self.page.open_tasks if one.step == opened.step), None)
            if task is not None:
                return self.task(task, said)
            if self.page.may_lead and self.run.is_open and any(way.key == opened.step for way in self.page.can_add):
                return self.on_the_spot(self.program.steps[opened.step], said)
        mine = self.page.next
        return self.task(mine, None) if mine is not None and mine.may and self.run.is_open else None

    def task(self, task: TaskView, said: Said | None) -> Work:
        """The work of a task."""
        step = self.program.steps[task.step]
        form = self.form(step, task, said) if step.form and task.may else None
        return Work(
            step=step, task=task, title=task.title, help=task.help, kind=task.kind, may=task.may, form=form,
            judged=self._judged(step) if task.kind in {"approve", "customer"} else (),
            sent_back=self._sent_back(task), link=self._link(task), node=self._node(task), said=said,
            action=reverse(ACTIONS.get(task.kind, "run-submit"), args=self._arguments(task)),
            key=f"task-{task.id}", channels=self.channels() if task.kind == "contact" else (),
            **(self._judging(step, task) if task.kind == "approve" else {}),
        )  # fmt: skip

    def _judging(self, step: Step, task: TaskView) -> dict[str, Any]:
        """What an approval knows beside the verdict: where it may be sent back to, who may be asked as well."""
        round_ = [one for one in self.page.tasks if one.step == step.key and one.round == task.round]
        authors = {one.done_by_id for one in self.page.done_tasks if one.step in step.needs and one.kind != "approve"}
        owned = self.run.owner_id is not None and self.page.may_lead
        barred = {self.run.owner_id, *authors, *(one.assignee_id for one in round_)}
        usual = step.returns or (step.needs[0] if step.needs else "")
        earlier = [key for key in self.page.view.earlier_steps(step) if key != usual]
        return {
            "earlier": tuple((key, say(self.program.steps[key].title)) for key in earlier),
            "judges": tuple((id_, name) for id_, name in self._people() if id_ not in barred),
            "asker": owned or self.user.pk in authors,
            "verdicts": tuple(one for one in self.page.tasks if one.step == step.key and one.verdict),
        }  # fmt: skip

    def on_the_spot(self, step: Step, said: Said | None) -> Work:
        """A step that may be added, done at once."""
        form = self.form(step, None, said) if step.form else None
        return Work(
            step=step, task=None, title=say(step.title), help=say(step.help), kind=step.kind, may=True, form=form,
            judged=(), sent_back=None, link="", node=None, said=said,
            action=reverse("run-submit", args=[self.run.pk, step.key]), key=f"step-{self.run.pk}-{step.key}",
        )  # fmt: skip

    def contact(self, said: Said | None) -> Work | None:
        """Logging an attempt that no task asked for."""
        step = next((s for _, s in self.program.sop.steps() if s.kind == "contact"), None)
        if step is None:
            return None
        return Work(
            step=step, task=None, title="", help="", kind="contact", may=True, form=self.contact_form(said), judged=(),
            sent_back=None, link="", node=None, action=reverse("run-contact", args=[self.run.pk]),
            key=f"contact-{self.run.pk}", said=said, channels=self.channels(),
        )  # fmt: skip

    # -- forms -------------------------------------------------------------------------------------------------------

    def form(self, step: Step, task: TaskView | None, said: Said | None) -> SopForm | None:
        """The form of a step as it starts, or with what was typed."""
        key = CONTACT_FORM if step.kind == "contact" else step.form
        if key is None or key not in self.program.sop.forms:
            return None
        definition = self.program.sop.forms[key]
        raw = said.raw if said else self.start(key, definition, step, task)
        return self.sop_form(key, raw, said)

    def contact_form(self, said: Said | None) -> SopForm | None:
        """The SOP's form for a contact, where it has one."""
        definition = self.program.sop.forms.get(CONTACT_FORM)
        if definition is None:
            return None
        raw = said.raw if said and said.raw else self.start(CONTACT_FORM, definition, None, None)
        return self.sop_form(CONTACT_FORM, raw, said)

    def start(self, key: str, form: Form, step: Step | None, task: TaskView | None) -> Mapping[str, Any]:
        """What stands in a form before anything is typed: the record before, what is known, defaults."""
        fresh = step is None or step.repeat or step.kind in FRESH_KINDS
        previous = None if fresh else self._previous(key, task.item_key if task else "")
        known = _OfItem(self.page.facts, task.item if task else None, form)
        values = initial(
            self.program.sop, form, known, previous, zone=self.zone, currency=self.currency, language=language()
        )
        return as_input(form, values, self.zone)

    def sop_form(self, key: str, raw: Mapping[str, Any], said: Said | None) -> SopForm:
        """A form on the page."""
        form, sop = self.program.sop.forms[key], self.program.sop
        condition_holds = holds_over(key, form, self.page.view)
        values = parse(
            sop, form, raw, condition_holds=lambda condition, values: False, zone=self.zone, currency=self.currency,
            more_choices=self.more, lenient=True,
        ).values  # fmt: skip

        def holds(condition: Condition) -> bool:
            return condition_holds(condition, values)

        return SopForm(
            sop, key, language=language(), raw=raw, errors=tuple(said.errors) if said else (), options=self.options(),
            holds=holds, more_choices=self.more, automatic=self._automatic(form, values), zone=self.zone,
            currency=self.currency, may_see_confidential=self.page.confidential, takes_files=True,
        )  # fmt: skip

    def options(self) -> Options:
        """People, contacts and companies to choose from."""
        return {
            "user": self._people, "contact": self._contacts, "account": self._accounts, "file": self._own_files,
        }  # fmt: skip

    def channels(self) -> tuple[tuple[str, str], ...]:
        """The ways to reach somebody that the document lists."""
        listed = self.program.sop.lists.get("channel", ())
        titles = {choice.key: say(choice.title) for choice in listed}
        first = [key for key in ("phone", "wechat") if key in titles]
        return tuple((key, titles[key]) for key in [*first, *(key for key in titles if key not in first)])

    # -- what stands beside it ---------------------------------------------------------------------------------------

    def read(self, record: Record) -> ReadRecord:
        """A record as this reader may see it."""
        return read(
            self.program, record, self.names, zone=self.zone, confidential=self.page.confidential,
            currency=self.currency, more=self.more,
        )  # fmt: skip

    def _judged(self, step: Step) -> tuple[ReadRecord, ...]:
        """The records that the step is about: of the steps it needs, else of the one it returns to."""
        found = {record.form: record for record in reversed(self.page.records) if record.current}
        for about in (step.needs, (step.returns,) if step.returns else ()):
            forms = {self.program.steps[key].form for key in about if key in self.program.steps} & found.keys()
            if forms:
                return tuple(self.read(record) for form, record in found.items() if form in forms)
        return ()

    def _sent_back(self, task: TaskView) -> TaskView | None:
        """The verdict that opened this task again, so that its note can be read while mending."""
        said = [
            other
            for other in self.page.done_tasks
            if other.verdict in {"send_back", "reject", "correct"}
            and self.program.steps[other.step].returns == task.step
            and other.done_at is not None
            and other.done_at >= task.opened_at
        ]
        return said[0] if said else None

    def _previous(self, form: str, item_key: str) -> Mapping[str, Any] | None:
        found = (r for r in self.page.records if r.form == form and r.current and r.item_key == item_key)
        return next((record.values for record in found), None)

    def _automatic(self, form: Form, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """What the form will say by itself about facts, as far as it is known before it is saved."""
        told = [one for one in form.fields if one.auto is not None and _is_told(one)]
        if not told:
            return ()
        context = AutoContext(
            sop=self.program.sop, author=self.user.pk, owner=self.run.owner_id, now=self.now, zone=self.zone,
            author_name=self.user.display_name, number="", fact=self.page.facts.get,
        )  # fmt: skip
        filled = with_auto(form, dict(values), context)
        kept = {one.key: filled.get(one.key) for one in told}
        rows = shown(
            self.program.sop, form, kept, language(), self.names, currency=self.currency, zone=self.zone,
            more_choices=self.more,
        )  # fmt: skip
        return tuple(row for row in rows if self.page.confidential or not row.field.confidential)

    def _link(self, task: TaskView) -> str:
        """The customer's own address of the task, for those who may send it on."""
        if task.kind != "customer" or not task.token or not task.may:
            return ""
        return reverse("customer", args=[task.token])

    def _node(self, task: TaskView) -> Node | None:
        return next((node for node in self.nodes if node.task_id == task.id), None)

    def _arguments(self, task: TaskView) -> list[Any]:
        if task.kind in {"approve", "customer"}:
            return [task.id]
        return [self.run.pk] if task.kind == "contact" else [self.run.pk, task.step]

    def _people(self) -> Sequence[tuple[int, str]]:
        people = directory(self.now).people.values()
        return sorted(((one.id, one.name) for one in people), key=lambda pair: pair[1])[:MOST_CHOICES]

    def _contacts(self) -> Sequence[tuple[int, str]]:
        if self.run.account_id is None:
            return []
        rows = Contact.objects.filter(account_id=self.run.account_id).values_list("pk", "name", "title")
        return [(pk, f"{name} · {title}" if title else name) for pk, name, title in rows[:MOST_CHOICES]]

    def _own_files(self) -> Sequence[tuple[int, str]]:
        return [(file.pk, file.name) for file in self.files]

    def _accounts(self) -> Sequence[tuple[int, str]]:
        seen = Account.objects.visible_to(scope_of(self.user)).order_by("name")
        return list(seen.values_list("pk", "name")[:MOST_CHOICES])


ACTIONS = {"approve": "task-decide", "customer": "task-answer", "contact": "run-contact"}


class _OfItem(dict[str, Any]):
    """Facts for the start of a form: the fields of the item that the task is about go before what is known."""

    def __init__(self, facts: Mapping[str, Any], item: Mapping[str, Any] | None, form: Form) -> None:
        super().__init__()
        self._facts = facts
        keys = {one.default_fact: one.key for one in form.fields if one.default_fact}
        for fact, key in keys.items():
            if item and key in item:
                self[fact] = item[key]

    def get(self, key: str, default: Any = None) -> Any:
        return super().get(key) if key in self else self._facts.get(key, default)


def _is_told(one: FormField) -> bool:
    """Automatic fields that say something before the form is saved: facts of the run, not who and when."""
    return one.auto is not None and one.auto.fact is not None


def language() -> str:
    """The reader's language."""
    return get_language() or "zh-hans"
