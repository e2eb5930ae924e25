"""One task for each entry of a list: an entry that the customer does not accept is put to them again once mended."""

from datetime import date, datetime, timedelta

import pytest

from fairway.engine.calendars import shipped
from fairway.engine.commands import Advance, Answer, Command, Complete, Start
from fairway.engine.decide import decide
from fairway.engine.program import Program
from fairway.engine.refused import Refused
from fairway.engine.spec import Sop
from fairway.engine.state import RunState

AT = datetime.fromisoformat("2026-03-02T09:00:00+08:00")


def text(word: str) -> dict[str, str]:
    return {"zh-hans": word, "en": word}


def step(key: str, kind: str, **more: object) -> dict[str, object]:
    return {"key": key, "kind": kind, "title": text(key), **more}


SOP = Sop.model_validate(
    {
        "sop": "tried",
        "title": text("t"),
        "about": text("a"),
        "subject": "deal",
        "roles": ["support"],
        "forms": {
            "plan": {
                "title": text("plan"),
                "fields": [
                    {"key": "phases", "type": "list", "of": "text", "label": text("phases")},
                    {"key": "valid_until", "type": "date", "label": text("valid until")},
                ],
            }
        },
        "stages": [
            {
                "key": "project",
                "title": text("project"),
                "steps": [
                    step("plan", "form", form="plan"),
                    step("accept", "customer", each="plan.phases", needs=["plan"], returns="repair"),
                    step("repair", "task", required="false"),
                ],
                "gate": {"fact": "plan.valid_until", "at_least_fact": "run.today", "else": text("ask for a new date")},
                "outcome": "done",
            }
        ],
        "outcomes": {"done": {"title": text("done"), "kind": "won"}},
    }
)


class Run:
    """A run of the document above, an hour later with each command."""

    def __init__(self) -> None:
        self.program = Program(SOP)
        self.state = RunState.new(AT)
        self.now = AT
        self.facts: dict[str, object] = {"plan.phases": ["design", "build"], "plan.valid_until": date(2026, 3, 2)}
        self.do(Start())
        self.do(Complete("plan"))

    def do(self, command: Command) -> None:
        self.now += timedelta(hours=1)
        self.state = decide(self.program, self.state, command, self.facts, self.now, shipped("china")).state

    def open(self, key: str) -> list[str]:
        return [t.item_key for t in self.state.tasks if t.step == key and t.status == "open"]

    def answer(self, item: str, *, agrees: bool) -> None:
        ref = next(t.ref for t in self.state.tasks if t.item_key == item and t.status == "open")
        self.do(Answer(ref, agrees=agrees))


def test_an_entry_sent_back_is_asked_again_only_once_it_is_mended():
    run = Run()
    assert run.open("accept") == ["1", "2"]
    run.answer("1", agrees=False)
    assert (run.open("accept"), run.open("repair")) == (["2"], [""])
    run.do(Complete("repair"))
    assert sorted(run.open("accept")) == ["1", "2"]


def test_the_step_is_done_when_the_latest_answer_on_each_entry_agrees():
    run = Run()
    run.answer("2", agrees=True)
    run.answer("1", agrees=False)
    with pytest.raises(Refused):
        run.do(Advance())
    run.do(Complete("repair"))
    run.answer("1", agrees=True)
    run.do(Advance())
    assert run.state.outcome == "done"


def test_a_date_is_compared_with_today_where_the_calendar_lives():
    run = Run()
    for item in ("1", "2"):
        run.answer(item, agrees=True)
    run.now = datetime.fromisoformat("2026-03-02T15:00:00+00:00")  # an hour before midnight in China
    with pytest.raises(Refused) as refused:
        run.do(Advance())
    assert [reason.fact for reason in refused.value.reasons] == ["plan.valid_until"]
    run.facts["plan.valid_until"] = date(2026, 3, 3)
    run.do(Advance())
    assert run.state.outcome == "done"
