"""The customer care SOP as it ships: its rhythms and its watch over the end of the term (S1, S2, S4, S5)."""

from datetime import datetime
from importlib.resources import files

import pytest

from fairway.engine.calendars import shipped
from fairway.engine.clock import firings
from fairway.engine.facts import fact
from fairway.engine.load import load
from fairway.engine.program import Program

FOLDER = files("fairway.sops") / "library" / "customer-care"
TIER = fact("account.tier", "enum", "客户级别", "Tier", ("A", "B", "C"))


@pytest.fixture(scope="module")
def program() -> Program:
    return Program(load((FOLDER / "sop.yaml").read_bytes(), "customer-care/sop.yaml").sop, (TIER,))


def test_the_rhythm_of_visits_follows_the_tier(program):
    visit = program.steps["visit"]
    rhythm = {"A": "1mo", "B": "3mo", "C": "6mo"}
    assert {tier: str(span) for tier, span in visit.every.items()} == rhythm
    assert {tier: str(span) for tier, span in visit.due.within.items()} == rhythm
    assert (visit.by, visit.due.by) == ("account.tier", "account.tier")


def test_the_end_of_the_term_is_watched_from_ninety_days_before(program):
    end = datetime.fromisoformat("2026-12-31T18:00:00+08:00")
    ladder = program.steps["renewal"].escalate
    days = [(end - firing.at).days for firing in firings(ladder, end, shipped("china"))]
    assert days == [90, 60, 30, 15, 3, 0]
    assert all(rung.say for rung in ladder if rung.before)


@pytest.mark.parametrize("step", ["value_report", "visit", "ask"])
def test_what_comes_again_does_not_need_the_one_before(program, step):
    assert program.steps[step].every
    assert step not in program.steps[step].needs


def test_every_reason_to_leave_can_be_counted(program):
    reasons = {choice.key for choice in program.sop.outcomes["left"].reasons}
    assert reasons == {choice.key for choice in program.sop.lists["leaving"]}
