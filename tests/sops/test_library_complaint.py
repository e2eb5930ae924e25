"""The complaint SOP as it ships: it loads, and its clocks run from receipt by level (S3)."""

from datetime import datetime, timedelta
from importlib.resources import files

import pytest

from fairway.engine.calendars import shipped
from fairway.engine.commands import Complete, Start
from fairway.engine.decide import decide
from fairway.engine.facts import fact
from fairway.engine.load import load
from fairway.engine.program import Program
from fairway.engine.state import RunState

FOLDER = files("fairway.sops") / "library" / "complaint"
AT = datetime.fromisoformat("2026-03-02T09:00:00+08:00")
LEVEL = fact("complaint.level", "enum", "投诉等级", "Level")


@pytest.fixture(scope="module")
def program() -> Program:
    return Program(load((FOLDER / "sop.yaml").read_bytes(), "complaint/sop.yaml").sop, (LEVEL,))


@pytest.mark.parametrize(
    ("level", "answer", "remedy", "solved"), [("normal", 24, 48, 168), ("major", 12, 48, 168), ("urgent", 2, 24, 72)]
)
def test_every_clock_is_seen_from_receipt_on(program, level, answer, remedy, solved):
    calendar = shipped("china")
    state = decide(program, RunState.new(AT, owned=True), Start(), {}, AT, calendar).state
    later = AT + timedelta(minutes=30)
    facts = {"complaint.level": level}
    state = decide(program, state, Complete("register"), facts, later, calendar).state
    due = {task.step: task.due_at for task in state.tasks if task.status == "open"}
    assert due["answer"] == AT + timedelta(hours=answer)
    assert due["remedy"] == AT + timedelta(hours=remedy)
    assert due["fix"] == AT + timedelta(hours=solved)
    assert ("level_check" in due) == (level != "normal")


@pytest.mark.parametrize("step", ["answer", "remedy", "fix", "visit"])
def test_a_missed_clock_climbs_from_owner_to_the_manager_above(program, step):
    ladder = [(str(rung.after), rung.to) for rung in program.steps[step].escalate if rung.after is not None]
    assert ladder == [("0h", ("owner", "manager")), ("12h", ("above",))]


def test_every_field_that_the_handbook_names_is_there(program):
    fields = {field.key for form in program.sop.forms.values() if form.code == "F24" for field in form.fields}
    assert {"category", "containment", "compensation", "to_case_library"} <= fields
    visit = {field.key for field in program.sop.forms["return_visit"].fields}
    assert {"usage_value", "new_needs", "referral_intent"} <= visit
