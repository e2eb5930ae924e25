"""Scenarios: what is given, what is done, and what is then expected, as a document beside an SOP.

Read by the same strict reader as an SOP. `rehearse` plays them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, BeforeValidator, Field, ValidationError, model_validator

from fairway.engine.duration import Duration
from fairway.engine.faults import finding_of
from fairway.engine.findings import DocumentRefused
from fairway.engine.reader import Document, read
from fairway.engine.refusals import MAX_FINDINGS
from fairway.engine.spec import Grade, Key, Part, SopKey, Text

VERBS = (
    "complete", "decide", "answer", "add", "contact", "assign", "advance", "back", "close", "reopen", "waive", "set",
    "event",
)  # fmt: skip


def _from_text(value: Any) -> Any:
    """A time with its offset, from text."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        found = None
    if value is not None and getattr(found, "tzinfo", None) is None:
        raise ValueError("a time is written as 2026-03-02T09:00:00+08:00")
    return found


Moment = Annotated[AwareDatetime, BeforeValidator(_from_text)]


class Given(Part):
    """Where the run stands when the scenario begins: at the start, or on a stage that it is put on."""

    at: Moment
    owner: bool = True
    by_import: bool = Field(False, alias="import")
    stage: Key | None = None
    grade: Grade | None = None
    moments: dict[Key, Moment] = Field(default_factory=dict)
    facts: dict[str, Any] = Field(default_factory=dict)


class Do(Part):
    """One thing that somebody does: exactly one verb, with its particulars beside it."""

    complete: Key | None = None
    decide: Key | None = None
    answer: Key | None = None
    add: Key | None = None
    contact: Literal["reached", "no_answer", "refused", "wrong_number"] | None = None
    assign: bool | None = None
    advance: Key | None = None
    back: Key | None = None
    close: Key | None = None
    reopen: bool | None = None
    waive: tuple[str, ...] | None = None
    set: dict[str, Any] | None = None
    event: Key | None = None
    values: dict[str, Any] = Field(default_factory=dict)
    judge: Key | None = None
    verdict: Literal["approve", "send_back", "reject"] = "approve"
    agrees: bool = True
    reason: Key | None = None
    item: str | None = None

    @model_validator(mode="after")
    def _one_verb(self) -> Self:
        if len(self.model_fields_set & {*VERBS}) != 1:
            raise ValueError("a step of a scenario does exactly one thing")
        return self

    @property
    def verb(self) -> str:
        """What is done; `advance: null` takes the only way on."""
        return next(name for name in VERBS if name in self.model_fields_set)


class Expect(Part):
    """What is true afterwards. `told: []` says that nobody was told, `outcome: none` that the run is still open."""

    stage: Key | None = None
    grade: Grade | None = None
    outcome: Key | None = None
    reason: Key | None = None
    open: tuple[Key, ...] = ()
    not_open: tuple[Key, ...] = ()
    done: tuple[Key, ...] = ()
    void: tuple[Key, ...] = ()
    due: dict[Key, Moment | None] = Field(default_factory=dict)
    refused: tuple[str, ...] | None = None
    told: tuple[Key, ...] | None = None
    effects: tuple[str, ...] = ()
    moments: tuple[Key, ...] = ()


class ScenarioStep(Part):
    """Something is done, or time passes; then something is expected."""

    do: Do | None = None
    wait: Duration | None = None
    expect: Expect = Expect()

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if (self.do is None) == (self.wait is None):
            raise ValueError("a step of a scenario has either do or wait")
        return self


class Scenario(Part):
    """The whole scenario."""

    scenario: Text
    sop: SopKey
    given: Given
    steps: tuple[ScenarioStep, ...] = Field(min_length=1, max_length=200)


@dataclass(frozen=True, slots=True)
class ReadScenario:
    """A scenario that was read, with the lines on which its parts stand."""

    scenario: Scenario
    document: Document


def read_scenario(text: bytes | str, name: str = "") -> ReadScenario:
    """Read one scenario. Raises DocumentRefused with every fault and its line."""
    document = read(text, name=name)
    try:
        scenario = Scenario.model_validate(document.data, by_alias=True, by_name=False)
    except ValidationError as refused:
        errors = refused.errors(include_url=False)[: 2 * MAX_FINDINGS]
        findings = [found for error in errors if (found := finding_of(error, document, Scenario))]
        raise DocumentRefused(findings[:MAX_FINDINGS], name) from None
    return ReadScenario(scenario, document)
