"""The SOP as frozen types. The reader fills them, the JSON Schema comes from them, the engine runs them.

Scalars arrive as text (see `reader`) and are typed here. Unknown keys are refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from fairway.engine.duration import Duration

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,49}$")]
SopKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,49}$")]
Grade = Annotated[str, StringConstraints(pattern=r"^[A-Z]$")]
FactName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$", max_length=100)]

FieldType = Literal[
    "text", "longtext", "int", "decimal", "percent", "money", "money_range", "bool", "date", "datetime", "phone",
    "email", "url", "region", "enum", "enums", "list", "group", "user", "users", "contact", "contacts", "account",
    "file", "files",
]  # fmt: skip
StepKind = Literal["task", "form", "approve", "document", "send", "contact", "meet", "customer", "pay"]
Subject = Literal["deal", "account", "complaint"]
OutcomeKind = Literal["won", "lost", "recycled", "neutral"]

RESERVED_ANCHORS = frozenset({"start", "stage", "opened"})
EVENTS = frozenset(
    {
        "run_started", "stage_entered", "record_saved", "task_done", "task_opened", "approval_decided", "assigned",
        "regraded", "contact_attempted", "contact_reached", "clock_missed", "customer_answered", "run_closed",
        "run_reopened",
    }
)  # fmt: skip


def _constant(value: Any) -> Any:
    """`true` and `false` where a condition may stand: an empty `all` always holds, an empty `any` never."""
    if value is True or value == "true":
        return {"all": []}
    if value is False or value == "false":
        return {"any": []}
    return value


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _plain_or_by(value: Any) -> Any:
    return {"*": value} if isinstance(value, str) else value


SPAN_KEYS = frozenset({"within", "stay", "every"})


def _spans_of_tables(part: Any, tables: Any) -> Any:
    """`within: table.levels.answer` as the spans that the rows of the table give in that column.

    A table or column that is not there stays as it was written, and is refused where it stands as no duration.
    """
    if isinstance(part, list):
        return [_spans_of_tables(item, tables) for item in part]
    if not isinstance(part, dict):
        return part
    return {
        key: _column(value, tables) if key in SPAN_KEYS and isinstance(value, str) else _spans_of_tables(value, tables)
        for key, value in part.items()
    }


def _column(value: str, tables: Any) -> Any:
    if not value.startswith("table.") or value.count(".") != 2:
        return value
    _, table, column = value.split(".")
    try:
        return {row["key"]: row["values"][column] for row in tables[table]["rows"]}
    except (KeyError, TypeError):
        return value


class Part(BaseModel):
    """Base of everything in the document: frozen, and refusing keys that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True)


class Text(Part):
    """A text in every language of the product; a missing one is refused (sop-language.md, behaviour 8)."""

    zh_hans: Annotated[str, StringConstraints(min_length=1, max_length=4000)] = Field(alias="zh-hans")
    en: Annotated[str, StringConstraints(min_length=1, max_length=4000)]

    def in_language(self, code: str) -> str:
        """The text for a language code such as `zh-hans` or `en-gb`; English where the language is unknown."""
        return self.zh_hans if code.lower().startswith("zh") else self.en


class Condition(Part):
    """Data, never code: `all`/`any`/`not` over steps and typed facts. `else` is the sentence when it fails."""

    all_: tuple[Condition, ...] | None = Field(None, alias="all")
    any_: tuple[Condition, ...] | None = Field(None, alias="any")
    not_: Condition | None = Field(None, alias="not")
    step: Key | None = None
    state: Literal["done", "settled", "started"] = "done"
    fact: FactName | None = None
    is_: str | None = Field(None, alias="is")
    is_not: str | None = None
    in_: tuple[str, ...] | None = Field(None, alias="in")
    not_in: tuple[str, ...] | None = None
    at_least: str | None = None
    at_most: str | None = None
    above: str | None = None
    below: str | None = None
    contains: str | None = None
    known: bool | None = None
    # The same tests against another fact instead of a value written here.
    at_least_fact: FactName | None = None
    at_most_fact: FactName | None = None
    equals_fact: FactName | None = None
    else_: Text | None = Field(None, alias="else")
    waive: Literal["never"] | None = None

    @model_validator(mode="after")
    def _one_shape(self) -> Self:
        shapes = [s for s in (self.all_, self.any_, self.not_, self.step, self.fact) if s is not None]
        if len(shapes) != 1:
            raise ValueError("a condition is exactly one of: all, any, not, step, fact")
        if self.fact is not None and len(self.tests()) != 1:
            raise ValueError("a fact needs exactly one test, such as is, in, at_least, known")
        if self.fact is None and self.tests():
            raise ValueError("tests such as is and at_least belong to a fact")
        return self

    def tests(self) -> list[tuple[str, Any]]:
        """The tests given, as (operator, operand as written)."""
        return [(name, value) for name in OPERATORS if (value := getattr(self, _attribute(name))) is not None]

    @cached_property
    def test(self) -> tuple[str, Any]:
        """The one test of a fact; asked for at every look at the condition."""
        return self.tests()[0]

    def walk(self) -> Iterator[Condition]:
        """This condition and all under it, outermost first."""
        yield self
        for child in (*(self.all_ or ()), *(self.any_ or ()), *((self.not_,) if self.not_ else ())):
            yield from child.walk()


OPERATORS = (
    "is", "is_not", "in", "not_in", "at_least", "at_most", "above", "below", "contains", "known",
    "at_least_fact", "at_most_fact", "equals_fact",
)  # fmt: skip


def _attribute(operator: str) -> str:
    return f"{operator}_" if operator in {"is", "in"} else operator


ALWAYS = Condition(all_=())
NEVER = Condition(any_=())

When = Annotated[Condition, BeforeValidator(_constant)]
Roles = Annotated[tuple[Key, ...], BeforeValidator(_one_or_many)]
# Spans keyed by the value of a fact; `*` is the span for every other value.
Spans = Annotated[dict[str, Duration], BeforeValidator(_plain_or_by)]


class Choice(Part):
    """One value of a closed list: what is stored, and what is read."""

    key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,49}$")]
    title: Text
    help: Text | None = None


class Auto(Part):
    """A value that comes from the system and is never typed: exactly one source (forms.md, `auto`)."""

    value: Literal["author", "now", "number", "owner", "due", "grade"] | None = None
    fact: FactName | None = None
    sum: tuple[Key, ...] | None = None
    difference: tuple[Key, Key] | None = None
    ratio: tuple[Key, Key] | None = None
    margin: tuple[Key, Key] | None = None  # (price, cost) -> percent

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError("an automatic value has exactly one source")
        return self


def _auto(value: Any) -> Any:
    return {"value": value} if isinstance(value, str) else value


class FormField(Part):
    """One field of a form. `usual` fields are folded away; `fills` lands the value in a typed column as well."""

    key: Key
    type: FieldType
    label: Text
    help: Text | None = None
    required: When = NEVER
    usual: bool = False
    confidential: bool = False
    customer: bool = Field(False, description="The customer's page and mail show it, with all of its entries.")
    choices: tuple[Choice, ...] = ()
    list_: Key | None = Field(None, alias="list")
    of: Literal["text", "user", "contact", "file"] | None = None
    fields: tuple[FormField, ...] = ()
    at_least: int | None = Field(None, description="Smallest number, or fewest entries of a list.")
    at_most: int | None = Field(None, description="Largest number, or most entries of a list.")
    fills: FactName | None = None
    auto: Annotated[Auto | None, BeforeValidator(_auto)] = None
    default: str | None = None
    default_fact: FactName | None = None
    default_table: Key | None = Field(None, description="A list starts with one entry for each row of this table.")

    @model_validator(mode="after")
    def _fits_its_type(self) -> Self:
        if self.type in {"enum", "enums"} and not (self.choices or self.list_):
            raise ValueError("an enum names its choices or a list")
        if self.type == "group" and not self.fields:
            raise ValueError("a group has fields")
        if self.type == "list" and not (self.fields or self.of):
            raise ValueError("a list says what it is a list of, or has fields")
        if self.type not in {"list", "group"} and self.fields:
            raise ValueError("only a list or a group has fields")
        if self.default_table is not None and self.type != "list":
            raise ValueError("only a list starts with the rows of a table")
        if self.customer and self.confidential:
            raise ValueError("what is confidential is not for the customer")
        return self


class Form(Part):
    """A form; a filled one is a Record. A confidential form is for the deal's team only (G1)."""

    title: Text
    code: str | None = Field(None, description="The form's number in the collection of forms, such as F06.")
    help: Text | None = None
    confidential: bool = False
    fields: tuple[FormField, ...]

    @model_validator(mode="after")
    def _keeps_what_is_confidential(self) -> Self:
        if self.confidential and any(one.customer for one in self.fields):
            raise ValueError("nothing of a confidential form is for the customer")
        return self

    def field(self, key: str) -> FormField | None:
        """The field with that key, or None."""
        return next((f for f in self.fields if f.key == key), None)


class Due(Part):
    """When a step falls due: a span after an anchor, a date held by a fact, or what the item itself says.

    `of` names `stage`, `start`, `opened`, a moment (such as `assigned`) or a step (the time it was done).
    `by` names the fact whose value chooses among several spans. With `on`, a span counts from that date.
    """

    within: Spans | None = None
    of: Key = "opened"
    by: FactName | None = None
    on: FactName | None = None
    item_moment: Key | None = Field(None, description="Field of the item naming the moment from which it runs.")
    item_days: Key | None = Field(None, description="Field of the item with the number of days.")
    item_date: Key | None = Field(None, description="Field of the item holding the date itself.")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        by_fact = self.within is not None or self.on is not None  # together: so long after the date
        if (by_fact, self.item_moment is not None, self.item_date is not None).count(True) != 1:
            raise ValueError("a due time is one of: within, on (or both), item_moment with item_days, item_date")
        if self.within is not None and set(self.within) != {"*"} and self.by is None:
            raise ValueError("spans by value need `by`, the fact that chooses")
        if (self.item_moment is None) != (self.item_days is None):
            raise ValueError("item_moment and item_days belong together")
        return self


class Action(Part):
    """One thing to do, from a closed set; exactly one verb, with its own particulars beside it."""

    regrade: str | None = Field(None, description="A grade, or the fact that holds it.")
    notify: Roles | None = None
    say: Text | None = None
    close: Key | None = None
    reason: Key | None = None
    open: Key | None = None
    cancel: Key | None = None
    stamp: Key | None = None
    assign: Literal["rules"] | None = None
    start: SopKey | None = None
    effect: Key | None = None
    fill: FactName | None = None
    value: str | None = None

    @model_validator(mode="after")
    def _one_verb(self) -> Self:
        if len(self.verbs()) != 1:
            raise ValueError("an action has exactly one verb")
        if (self.reason is not None) != (self.close is not None):
            raise ValueError("close and reason belong together")
        return self

    def verbs(self) -> list[str]:
        """The verbs given: one, in an action that was read."""
        names = ("regrade", "notify", "close", "open", "cancel", "stamp", "assign", "start", "effect", "fill")
        return [name for name in names if getattr(self, name) is not None]


class Rung(Part):
    """One rung of a ladder: so long before or after the due time, tell these roles, and do this."""

    after: Duration | None = None
    before: Duration | None = None
    to: Roles = ()
    say: Text | None = None
    do: tuple[Action, ...] = ()

    @model_validator(mode="after")
    def _one_side(self) -> Self:
        if (self.after is None) == (self.before is None):
            raise ValueError("a rung is either before or after the due time")
        if not self.to and not self.do:
            raise ValueError("a rung tells somebody or does something")
        return self


class Judge(Part):
    """Who judges in an approval, on what, and under which condition this judge is asked (G7, P3)."""

    role: Key
    on: Text | None = None
    when: When = ALWAYS
    due: Due | None = None


class Arm(Part):
    """One way to do a step, tried against another (O3)."""

    key: Key
    title: Text
    weight: int = Field(1, ge=1, le=1000)


class Step(Part):
    """One thing that somebody does. A standing step lives beside all stages until it is done."""

    key: Key
    kind: StepKind
    title: Text
    help: Text | None = None
    role: Key = "owner"
    form: Key | None = None
    needs: tuple[Key, ...] = ()
    when: When = ALWAYS
    required: When = ALWAYS
    due: Due | None = None
    escalate: tuple[Rung, ...] = ()
    repeat: bool = Field(False, description="May be done again: rounds, objections, signals.")
    every: Spans | None = Field(None, description="Comes again so long after it was due.")
    by: FactName | None = Field(None, description="The fact that chooses among the spans of `every`.")
    cadence: bool = Field(False, description="Its rhythm is the cadence of the run's grade (L8).")
    each: FactName | None = Field(None, description="One task for each entry of this list of a form.")
    judges: tuple[Judge, ...] = ()
    order: Literal["together", "in_turn"] = "together"
    mode: Literal["all", "any"] = "all"
    returns: Key | None = Field(None, description="The step that opens again on a send-back or a correction.")
    renews: tuple[Key, ...] = Field((), description="Steps whose result no longer holds when this is done again.")
    auto: Condition | None = Field(None, description="Done by the system as soon as this holds.")
    by_import: bool = Field(False, description="Done by itself when the record comes by import, web form or API.")
    open_on: Key | None = Field(None, description="Standing: the event or moment that opens it.")
    early_when: Condition | None = Field(None, description="May be opened before its stage when this holds (G5).")
    copies: Roles = ()
    stamps: Key | None = None
    offers: tuple[str, ...] = ()
    arms: tuple[Arm, ...] = ()
    do: tuple[Action, ...] = ()

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if self.kind == "approve" and not self.judges:
            raise ValueError("an approval names its judges")
        if self.kind != "approve" and self.judges:
            raise ValueError("only an approval has judges")
        if self.kind in {"form", "document", "meet", "pay"} and self.form is None:
            raise ValueError(f"a step of kind {self.kind} names its form")
        return self


class Stay(Part):
    """The longest stay in a stage, and its ladder."""

    stay: Spans
    by: FactName | None = None
    escalate: tuple[Rung, ...] = ()


class Stage(Part):
    """A stage: goal, owner role, steps, gate, ways on and back, longest stay."""

    key: Key
    title: Text
    goal: Text | None = None
    owner: Key = "owner"
    steps: tuple[Step, ...] = ()
    gate: When = ALWAYS
    next: tuple[Key, ...] = ()
    back: tuple[Key, ...] = ()
    clock: Stay | None = None
    waiver: Key | None = Field("manager", description="The role that may grant a way round this gate; null: nobody.")
    enter: tuple[Action, ...] = ()
    leave: tuple[Action, ...] = ()
    outcome: Key | None = Field(None, description="Passing the gate of a last stage closes the run so.")
    reason: Key | None = None
    face: Literal["lead", "deal", "account", "complaint"] | None = None


class Trigger(Part):
    """On an event, under a condition, do actions (L10, L11)."""

    on: Key
    step: Key | None = Field(None, description="Only when the event is about this step.")
    form: Key | None = None
    when: When = ALWAYS
    do: tuple[Action, ...] = Field(min_length=1)


class Criterion(Part):
    """One criterion of the score, with what earns each point of its scale (L3)."""

    key: Key
    field: Key
    title: Text
    rubric: tuple[Text, ...]


class GradeBound(Part):
    """The lowest total that earns a grade."""

    grade: Grade
    from_: int = Field(alias="from")


class Score(Part):
    """Which form is the score card, and its criteria (L3)."""

    form: Key
    scale: int = Field(ge=2, le=10)
    criteria: tuple[Criterion, ...] = Field(min_length=1)


class BantRule(Part):
    """The first rule that holds gives BANT's grade (L5)."""

    grade: Grade
    when: When


class Bant(Part):
    """BANT beside the score: weights by the seller's own phase, and rules that grade (L4, L5)."""

    form: Key
    fields: dict[Literal["budget", "authority", "need", "timeline"], Key]
    weights: dict[Key, dict[Literal["budget", "authority", "need", "timeline"], int]]
    phase: Key
    rules: tuple[BantRule, ...]


class Grading(Part):
    """Belongs to the version: the two handbooks grade differently."""

    score: Score
    grades: tuple[GradeBound, ...] = Field(min_length=1)
    bant: Bant | None = None

    def grade_of(self, total: int) -> str | None:
        """The grade for a total score, or None below every bound (B3.1)."""
        best = [bound for bound in self.grades if total >= bound.from_]
        return max(best, key=lambda b: b.from_).grade if best else None


class Cadence(Part):
    """So many touches a period, and what each touch offers (L8)."""

    touches: int = Field(ge=1, le=31)
    per: Literal["day", "week", "month", "quarter", "half_year", "year"]
    offer: tuple[Key, ...] = ()


class AssignmentRule(Part):
    """Under a condition, leads go to holders of `role` whose profile matches these facts (L6)."""

    when: When = ALWAYS
    role: Key = "rep"
    match: tuple[Literal["territory", "industry"], ...] = ()


class Assignment(Part):
    """Who gets a lead: the first rule that holds, then balance among those who fit and have room (L6)."""

    rules: tuple[AssignmentRule, ...] = Field(min_length=1)
    balance: Literal["load", "round_robin"] = "load"
    at_most: dict[str, int] = Field(default_factory=dict, description="Open runs per person, by grade; * for all.")


class Pool(Part):
    """Rules of the public pool (L12)."""

    protect: Duration
    extend: Duration
    at_most: Duration
    claims_per_day: int = Field(ge=1)
    held: int = Field(ge=1)
    previous_owner_waits: Duration


class Row(Part):
    """One row of a table: a key, a title and numbers or spans by column."""

    key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,49}$")]
    title: Text | None = None
    values: dict[Key, str] = Field(default_factory=dict)


class Table(Part):
    """Figures that a firm changes without touching a rule; conditions read `table.<table>.<row>.<column>`."""

    title: Text
    rows: tuple[Row, ...] = Field(min_length=1)


class Outcome(Part):
    """How a run may end, with reasons that analytics can count."""

    title: Text
    kind: OutcomeKind
    reasons: tuple[Choice, ...] = ()
    ask: bool = Field(True, description="People may choose it; otherwise only the SOP itself closes so.")


class Sop(Part):
    """The whole document."""

    sop: SopKey
    title: Text
    about: Text
    subject: Subject
    roles: tuple[Key, ...]
    calendar: Key = "china"
    prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,6}$")] = "R"
    grading: Grading | None = None
    cadence: dict[Grade, Cadence] = Field(default_factory=dict)
    assignment: Assignment | None = None
    pool: Pool | None = None
    lists: dict[Key, tuple[Choice, ...]] = Field(default_factory=dict)
    tables: dict[Key, Table] = Field(default_factory=dict)
    forms: dict[Key, Form] = Field(default_factory=dict)
    moments: dict[Key, Text] = Field(default_factory=dict)
    stages: tuple[Stage, ...] = Field(min_length=1)
    standing: tuple[Step, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    outcomes: dict[Key, Outcome]

    @model_validator(mode="before")
    @classmethod
    def _spans_from_tables(cls, data: Any) -> Any:
        return _spans_of_tables(data, data.get("tables")) if isinstance(data, dict) else data

    def steps(self) -> Iterator[tuple[Stage | None, Step]]:
        """Every step with its stage; standing steps come last, with None."""
        for stage in self.stages:
            for step in stage.steps:
                yield stage, step
        for step in self.standing:
            yield None, step


Condition.model_rebuild()
FormField.model_rebuild()
