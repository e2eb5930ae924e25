"""The key-account SOP as it ships: what is heavier in it than in new business, and what is the same."""

from functools import cache
from importlib.resources import files

import pytest

from fairway.engine.load import load
from fairway.engine.spec import Sop

LIBRARY = files("fairway.sops") / "library"


@cache
def shipped_sop(key: str) -> Sop:
    return load((LIBRARY / key / "sop.yaml").read_bytes(), f"{key}/sop.yaml").sop


@pytest.fixture(scope="module")
def sop() -> Sop:
    return shipped_sop("key-account")


def step(sop: Sop, key: str):
    return next(step for _, step in sop.steps() if step.key == key)


def test_exceptions_are_always_asked_of_manager_above_finance_and_legal(sop):
    judges = step(sop, "exception").judges
    assert [judge.role for judge in judges] == ["manager", "above", "finance", "legal"]
    assert all(judge.when.all_ == () for judge in judges)


def test_a_contract_is_always_released_by_the_manager_above(sop):
    judges = step(sop, "release").judges
    assert [judge.role for judge in judges] == ["manager", "above"]
    assert all(judge.when.all_ == () for judge in judges)


def test_payment_nodes_go_by_phase_and_sum_to_the_whole(sop):
    rows = sop.tables["payment_nodes"].rows
    assert sum(int(row.values["percent"]) for row in rows) == 100
    moments = {row.values["moment"] for row in rows}
    assert {"signed", "phase1", "accepted"} <= moments <= set(sop.moments)
    assert moments <= {choice.key for choice in sop.lists["payment_moment"]}


AS_IN_NEW_BUSINESS = (
    "strategy", "rehearsal", "rounds", "exception_request", "signals", "contract_draft", "check", "legal_review",
    "finance_review", "sign", "countersign", "archive", "repair", "feedback", "answers", "to_care", "ask_referral",
    "referral", "loss_review", "node", "dunning", "recovery_plan", "demand_letter", "supply_decision", "legal_case",
    "lawyer", "write_off",
)  # fmt: skip


@pytest.mark.parametrize("key", AS_IN_NEW_BUSINESS)
def test_what_is_as_in_new_business_is_the_same_step(sop, key):
    assert step(sop, key) == step(shipped_sop("new-business"), key)


@pytest.mark.parametrize("key", ["negotiation", "contract", "collection", "close"])
def test_the_shared_stages_ask_for_the_same_and_stay_as_long(sop, key):
    ours, theirs = (
        next(stage for stage in each.stages if stage.key == key) for each in (sop, shipped_sop("new-business"))
    )
    assert (ours.gate, ours.clock, ours.waiver, ours.outcome) == (
        theirs.gate,
        theirs.clock,
        theirs.waiver,
        theirs.outcome,
    )


@pytest.mark.parametrize(
    ("form", "code", "fields"),
    [
        ("key_account_project", "F28", {"background", "buying_map", "customisation"}),
        ("decision_chain", "F04", {"people"}),
        ("need_record", "F06", {"prep_sources", "prep_questions", "spin_implication", "pain_points", "timeline"}),
        ("quotation", "F10", {"lines", "valid_until", "total"}),
        ("negotiation_plan", "F11", {"floor_price", "max_payment_days", "min_scope"}),
        ("project_plan", "F29", {"phases"}),
    ],
)
def test_the_forms_carry_their_numbers_and_fields(sop, form, code, fields):
    found = sop.forms[form]
    assert found.code == code
    assert fields <= {field.key for field in found.fields}
