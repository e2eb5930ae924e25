"""The repurchase SOP as it ships: its own stages, and what it has in common with new business (sops.md)."""

from importlib.resources import files

import pytest

from fairway.engine import forms
from fairway.engine.checker import check
from fairway.engine.facts import Vocabulary
from fairway.engine.load import load
from fairway.engine.program import Program
from fairway.engine.spec import Step
from fairway.sops import vocabulary
from tests.sops.ladders import rungs

LIBRARY = files("fairway.sops") / "library"


def _program(name: str) -> Program:
    return Program(load((LIBRARY / name / "sop.yaml").read_bytes(), name).sop)


@pytest.fixture(scope="module")
def program() -> Program:
    return _program("repurchase")


@pytest.fixture(scope="module")
def new_business() -> Program:
    return _program("new-business")


def test_its_stages_lead_from_the_sign_of_a_need_to_the_close(program):
    way = [program.sop.stages[0]]
    while way[-1].next:
        way.append(program.stages[way[-1].next[0]])
    keys = "spot upgrade negotiation contract delivery collection close"
    assert " ".join(stage.key for stage in way) == keys
    assert way[-1].outcome == "won"


def test_each_judge_of_the_plan_has_two_working_days(program):
    assert {judge.role: str(judge.due.within["*"]) for judge in program.steps["plan_review"].judges} == {
        "manager": "2wd", "product": "2wd",
    }  # fmt: skip


def test_history_is_due_in_three_working_days_and_the_health_check_is_the_systems(program):
    assert {key: str(span) for key, span in program.steps["history"].due.within.items()} == {"*": "3wd"}
    looked_at = {leaf.fact for leaf in program.steps["health"].auto.walk() if leaf.fact}
    assert looked_at == {"account.serious_complaints", "account.overdue", "account.satisfaction"}
    assert program.stages["spot"].waiver == "manager"


def test_every_field_that_the_handbooks_name_is_there(program):
    plan = {one.key: one for one in program.sop.forms["repurchase_plan"].fields}
    assert {"kind", "needs", "offer", "incentive", "history", "health"} <= set(plan)
    assert {key for key in plan if plan[key].required.all_ == ()} == {"kind", "needs"}
    assert [choice.key for choice in plan["kind"].choices] == ["renewal", "more", "upgrade", "cross"]
    upgrade = {one.key for one in program.sop.forms["upgrade_plan"].fields}
    assert {"scope", "trade_in", "bundle", "quantified_value", "cost", "gross_margin"} <= upgrade


def test_thresholds_stand_in_tables(program):
    figures = {name.removeprefix("table."): int(value) for name, value in program.table_values.items()}
    assert {name: value for name, value in figures.items() if not name.startswith("payment_nodes")} == {
        "discount.owner.percent": 0, "discount.manager.percent": 10, "discount.above.percent": 20,
        "rehearsal.from.amount": 100_000, "health.satisfaction.least": 3, "contract.major.amount": 1_000_000,
        "acceptance.standard.days": 30, "penalty.late_delivery.percent": 1,
    }  # fmt: skip


def _clocks(step: Step) -> tuple[object, ...]:
    return (step.key, step.role, step.due, step.every, step.escalate, step.judges, step.early_when, step.stamps)


@pytest.mark.parametrize("stage", ["negotiation", "contract", "delivery", "collection", "close"])
def test_the_later_stages_ask_for_the_same_steps_as_new_business(program, new_business, stage):
    ours, theirs = program.stages[stage], new_business.stages[stage]
    assert [_clocks(step) for step in ours.steps] == [_clocks(step) for step in theirs.steps]
    assert (ours.gate, ours.clock, ours.waiver) == (theirs.gate, theirs.clock, theirs.waiver)


def test_what_stands_beside_the_stages_is_the_same_as_in_new_business(program, new_business):
    assert [_clocks(step) for step in program.sop.standing] == [_clocks(step) for step in new_business.sop.standing]


def test_the_longest_stays_are_the_written_ones(program):
    stays = {key: str(program.stages[key].clock.stay["*"]) for key in ("spot", "upgrade", "negotiation", "contract")}
    assert stays == {"spot": "30d", "upgrade": "21d", "negotiation": "30d", "contract": "14d"}


def test_money_is_collected_by_the_same_ladder(program, new_business):
    assert rungs(program.steps["node"]) == rungs(new_business.steps["node"])
    form = program.sop.forms["contract_draft"]
    started = forms.initial(program.sop, form, program.table_values)
    assert [(node["moment"], node["percent"]) for node in started["payment_nodes"]] == [
        ("signed", "50"), ("golive", "30"), ("accepted", "20"),
    ]  # fmt: skip


def test_costs_and_bottom_lines_stay_with_the_team(program):
    confidential = {key for key, form in program.sop.forms.items() if form.confidential}
    assert confidential == {"negotiation_plan", "rehearsal", "negotiation_log", "discount_exception"}
    assert {one.key for one in program.sop.forms["upgrade_plan"].fields if one.confidential} == {"cost", "gross_margin"}


def test_it_may_be_published_with_the_words_that_the_domains_declare():
    loaded = load((LIBRARY / "repurchase" / "sop.yaml").read_bytes(), "repurchase/sop.yaml")
    known = Vocabulary.of(loaded.sop, vocabulary.declared_facts())
    assert check(loaded, known, effects=vocabulary.effects(), fillable=vocabulary.fillable()) == []
