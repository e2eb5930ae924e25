"""The new-business SOP as it ships: every figure and field that the handbooks name (sops.md, forms.md)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest

from fairway.engine import forms
from fairway.engine.calendars import shipped
from fairway.engine.checker import check
from fairway.engine.commands import Happen, Settle
from fairway.engine.decide import decide
from fairway.engine.facts import Vocabulary, fact
from fairway.engine.load import load
from fairway.engine.program import Program
from fairway.engine.state import RunState
from fairway.engine.view import RunView
from fairway.leads.actions import register_lead
from fairway.runs.actions import submit
from fairway.sops import vocabulary
from tests.fixtures_runs import LEAD, NOW
from tests.sops.ladders import rungs

FOLDER = files("fairway.sops") / "library" / "new-business"
AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
WORDS = (
    fact("lead.budget_confirmed", "bool", "预算已确认", "Budget confirmed"),
    fact("lead.decision_maker_engaged", "bool", "已对接决策人", "Decision maker engaged"),
    fact("lead.need_clear", "bool", "需求明确", "Need clear"),
    fact("lead.purchase_months", "int", "几个月内采购", "Purchase within (months)"),
)

# Fields that the handbooks name; those in the second column must be filled (forms.md).
SEEDS = {
    "lead_intake": (
        "company_name contact_name contact_phone industry company_size source campaign referrer",
        "company_name contact_name industry company_size source",
    ),
    "scorecard": (
        "fit_score budget_score urgency_score total grade bant_budget bant_authority bant_need bant_timeline",
        "fit_score budget_score urgency_score",
    ),
    "score_review": ("grade_final override_reason suggested_owner reviewer", "grade_final"),
    "contact_log": ("objections", "content"),
    "call_sheet": ("prep_sources prep_questions", "prep_sources prep_questions"),
    "need_record": (
        "implicit_needs impact_amount priorities open_items budget_range",
        "pain_points target_outcomes decision_process timeline held_at customer_attendees our_attendees spin_situation",
    ),
    "product_talk": ("open_items", "held_at customer_attendees our_attendees findings"),
    "confirmation": ("sent_at due_at deviations confirmed_at", "items sent_to channel customer_status"),
    "proposal": (
        "value_adds gross_margin vs_competitors authors",
        "scope amount lead_time_days need_match cost quantified_value",
    ),
    "proposal_review": ("decision comments reviewer", "decision"),
    "proposal_feedback": (
        "presented_at decider_present qa_minutes change_requests buying_signals submitted_at due_at mode objections",
        "go_on",
    ),
    "negotiation_plan": (
        "non_price_levers",
        "customer_concerns our_levers floor_price max_payment_days min_scope issues concessions",
    ),
    "negotiation_log": ("concessions_made", "customer_floor price payment_days"),
    "discount_exception": ("tradeoff list_total asked_total discount_rate margin_before margin_after", "justification"),
    "contract_draft": ("contract_no", "payment_nodes acceptance warranty penalties amount"),
    "handover": ("deposit_received payment_link", "scope promised_on milestones"),
    "win_loss": ("what_worked what_failed sop_change_request", "result primary_reason"),
    "referral": ("won_contract won_amount reward_kind", "referrer lead"),
}  # fmt: skip


@pytest.fixture(scope="module")
def program() -> Program:
    return Program(load((FOLDER / "sop.yaml").read_bytes(), "new-business/sop.yaml").sop, WORDS)


@pytest.mark.parametrize("key", SEEDS)
def test_every_field_that_the_handbooks_name_is_there(program, key):
    form = program.sop.forms[key]
    named, needed = (set(keys.split()) for keys in SEEDS[key])
    assert named | needed <= {one.key for one in form.fields}
    assert needed == {one.key for one in form.fields if one.key in needed and one.required.all_ == ()}


def test_what_is_needed_comes_before_what_is_folded_away(program):
    folded = {key: [one for one in form.fields if one.usual] for key, form in program.sop.forms.items()}
    assert not [one.key for fields in folded.values() for one in fields if one.required.all_ == ()]
    assert len(folded["lead_intake"]) >= 6


def test_the_need_record_keeps_all_four_kinds_of_questions(program):
    record = {one.key: one for one in program.sop.forms["need_record"].fields}
    kinds = ("spin_situation", "spin_problem", "spin_implication", "spin_need_payoff")
    assert all(record[key].required.all_ == () for key in (*kinds, "needs_second_call", "playback_confirmed"))
    sheet = program.sop.forms["call_sheet"].field("prep_questions")
    assert (sheet.at_least, sheet.at_most) == (3, 5)


@pytest.mark.parametrize(("total", "grade"), [(15, "A"), (10, "A"), (9, "B"), (6, "B"), (5, "C"), (3, "C")])
def test_ten_is_an_a_and_six_is_a_b(program, total, grade):
    assert program.sop.grading.grade_of(total) == grade


def test_every_point_of_every_scale_is_written_out(program):
    rubric = [text for criterion in program.sop.grading.score.criteria for text in criterion.rubric]
    assert [len(criterion.rubric) for criterion in program.sop.grading.score.criteria] == [5, 5, 5]
    assert len({text.en for text in rubric}) == len({text.zh_hans for text in rubric}) == 15


@pytest.mark.parametrize(
    ("facts", "grade"),
    [
        ({"budget_confirmed": True, "decision_maker_engaged": True, "purchase_months": 3}, "A"),
        ({"budget_confirmed": True, "decision_maker_engaged": True, "purchase_months": 4, "need_clear": True}, "B"),
        ({"budget_confirmed": True, "purchase_months": 1, "need_clear": True}, "B"),
        ({"need_clear": True}, "B"),
        ({"budget_confirmed": True, "decision_maker_engaged": True}, "C"),
        ({}, "C"),
    ],
)
def test_bant_grades_by_its_own_rules(program, facts, grade):
    known = {f"lead.{name}": value for name, value in facts.items()}
    view = RunView(program, RunState.new(AT), known, AT, shipped("china"))
    assert forms.bant_of(program.sop, {}, view.holds).grade == grade


def test_the_sellers_phase_weighs_bant(program):
    weights = program.sop.grading.bant.weights
    assert program.sop.grading.bant.phase == "startup"
    assert {key for key, weight in weights["startup"].items() if weight == 3} == {"need", "timeline"}
    assert {key for key, weight in weights["mature"].items() if weight == 3} == {"budget", "authority"}


def test_the_first_contact_climbs_from_owner_to_the_manager_above(program):
    step = program.steps["first_contact"]
    assert {grade: str(span) for grade, span in step.due.within.items()} == {"A": "24h", "B": "3wd", "C": "7d"}
    assert rungs(step) == [("+0h", "owner manager"), ("+24h", "above")]


def test_dunning_climbs_over_ten_rungs_to_the_lawyer(program):
    step = program.steps["node"]
    assert rungs(step) == [
        ("-7d", "owner"), ("+0h", "owner finance"), ("+1d", "owner"), ("+3d", "owner customer"), ("+7d", "manager"),
        ("+15d", "above manager"), ("+30d", "owner manager finance"), ("+60d", "above finance"), ("+90d", "legal"),
        ("+180d", "legal above"),
    ]  # fmt: skip
    assert all(rung.say for rung in step.escalate)


def test_acceptance_is_asked_for_a_week_before_its_thirty_days_are_over(program):
    step = program.steps["acceptance"]
    assert (str(step.due.within["*"]), step.due.of) == ("30d", "golive")
    assert rungs(step) == [("-7d", "owner customer"), ("+0h", "owner manager")]


@pytest.mark.parametrize(
    ("step", "judges"),
    [
        ("review", {"manager": "1wd"}),
        ("proposal_review", {"product": "2wd", "support": "2wd", "manager": "2wd", "above": "2wd"}),
        ("legal_review", {"legal": "2wd"}),
        ("finance_review", {"finance": "1wd"}),
    ],
)
def test_each_judge_has_a_clock(program, step, judges):
    assert {judge.role: str(judge.due.within["*"]) for judge in program.steps[step].judges} == judges


def test_the_longest_stays_are_the_written_ones(program):
    stays = {key: stage.clock.stay for key, stage in program.stages.items() if stage.clock}
    spans = {key: {value: str(span) for value, span in stay.items()} for key, stay in stays.items()}
    assert spans == {
        "qualify": {"A": "14d", "B": "30d", "C": "180d"}, "needs": {"*": "21d"}, "proposal": {"*": "21d"},
        "negotiation": {"*": "30d"}, "contract": {"*": "14d"},
    }  # fmt: skip


def test_cadence_assignment_and_pool_are_the_written_ones(program):
    cadence = {grade: (one.touches, one.per) for grade, one in program.sop.cadence.items()}
    assert cadence == {"A": (2, "week"), "B": (1, "week"), "C": (1, "month")}
    assert [set(rule.match) for rule in program.sop.assignment.rules] == [
        {"territory", "industry"}, {"territory"}, {"industry"}, set(),
    ]  # fmt: skip
    pool = program.sop.pool
    assert (str(pool.protect), str(pool.extend), str(pool.at_most)) == ("10d", "3d", "30d")
    assert (pool.claims_per_day, pool.held, str(pool.previous_owner_waits)) == (10, 50, "7d")


def test_a_contract_starts_from_the_payment_nodes_and_terms_of_the_tables(program):
    form = program.sop.forms["contract_draft"]
    started = forms.initial(program.sop, form, program.table_values, language="en")
    assert [(node["moment"], node["percent"], node["days"]) for node in started["payment_nodes"]] == [
        ("signed", "50", 0), ("golive", "30", 0), ("accepted", "20", 0),
    ]  # fmt: skip
    assert started["acceptance_days"] == 30
    assert started["penalty_percent"] == "1"


def test_thresholds_stand_in_tables(program):
    figures = {name.removeprefix("table."): int(value) for name, value in program.table_values.items()}
    assert {name: value for name, value in figures.items() if not name.startswith("payment_nodes")} == {
        "discount.owner.percent": 0, "discount.manager.percent": 10, "discount.above.percent": 20,
        "margin.floor.percent": 30, "contract.major.amount": 1_000_000, "acceptance.standard.days": 30,
        "penalty.late_delivery.percent": 1,
    }  # fmt: skip


def test_the_bottom_lines_stay_with_the_team(program):
    confidential = {key for key, form in program.sop.forms.items() if form.confidential}
    assert confidential == {"negotiation_plan", "rehearsal", "negotiation_log", "discount_exception"}
    assert {one.key for one in program.sop.forms["proposal"].fields if one.confidential} == {"cost", "gross_margin"}
    shown_out = {program.steps[key].form for key in ("confirm", "sign", "acceptance", "progress")}
    assert not confidential & shown_out


def test_every_way_a_deal_ends_can_be_counted(program):
    reasons = {key: [reason.key for reason in one.reasons] for key, one in program.sop.outcomes.items()}
    assert reasons == {
        "won": [],
        "lost": ["price", "rival", "budget_gone", "no_decision", "timing", "fit", "relation"],
        "recycled": ["no_answer", "mismatch", "invalid", "duplicate", "dormant"],
    }
    assert not program.sop.outcomes["won"].ask


def test_sources_come_in_three_families(program):
    assert {choice.key.partition(".")[0] for choice in program.sop.lists["source"]} == {"online", "offline", "internal"}


def test_a_part_written_off_is_judged_though_the_node_stays_open(program):
    state = replace(RunState.new(AT, owned=True), stage="collection", moments={"signed": AT})
    facts = {"contract_draft.payment_nodes": [{"key": "signing", "moment": "signed", "days": 0}]}
    state = decide(program, state, Settle(), facts, AT, shipped("china")).state
    facts["receipt.deduction_kind"] = "write_off"
    state = decide(program, state, Happen("record_saved", "node"), facts, AT, shipped("china")).state
    assert sorted((task.step, task.role) for task in state.tasks if task.status == "open") == [
        ("node", "finance"), ("write_off", "above"), ("write_off", "finance"),
    ]  # fmt: skip


def test_it_may_be_published_with_the_words_that_the_domains_declare(program):
    loaded = load((FOLDER / "sop.yaml").read_bytes(), "new-business/sop.yaml")
    known = Vocabulary.of(loaded.sop, vocabulary.declared_facts())
    assert check(loaded, known, effects=vocabulary.effects(), fillable=vocabulary.fillable()) == []


def test_bants_answers_land_on_the_lead(sops, people):
    lead = register_lead(LEAD, by=people.rep, now=NOW)
    points = {"fit_score": 3, "budget_score": 3, "urgency_score": 3}
    answers = {"bant_budget": "confirmed", "bant_authority": "confirmed", "bant_need": "weak", "purchase_months": 2}
    card = {**points, **answers, "bant_evidence": "预算已批"}
    submit(lead.run_id, step="score", raw=card, by=people.rep, now=NOW)
    lead.refresh_from_db()
    assert (lead.budget_confirmed, lead.decision_maker_engaged, lead.need_clear) == (True, True, False)
    assert (lead.score, lead.purchase_months, lead.bant_grade) == (9, 2, "A")
    submit(lead.run_id, step="score", raw={**card, "bant_budget": "weak"}, by=people.rep, now=NOW + timedelta(hours=1))
    lead.refresh_from_db()
    assert (lead.budget_confirmed, lead.bant_grade) == (False, "C")
