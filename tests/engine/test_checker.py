"""Checking: each kind of mistake is found where it is written, and a good document is left in peace."""

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairway.engine.checker import check, is_publishable
from fairway.engine.facts import Vocabulary, fact
from fairway.engine.findings import DocumentRefused, Finding
from fairway.engine.load import load

SMALL = (Path(__file__).parent / "small.yaml").read_text()
DECLARED = (
    fact("lead.industry", "text", "行业", "Industry"),
    fact("lead.budget_confirmed", "bool", "预算已确认", "Budget confirmed"),
    fact("deal.amount", "money", "金额", "Amount"),
    fact("deal.expected_close", "date", "预计成交", "Expected close"),
    fact("contract.number", "text", "合同号", "Contract number"),
)


def findings(text: str) -> list[Finding]:
    """What the checker says about a document."""
    loaded = load(text, "small.yaml")
    return check(
        loaded,
        Vocabulary.of(loaded.sop, DECLARED),
        effects={"make_deal", "hold_orders"},
        fillable={"deal.amount", "lead.budget_confirmed", "lead.industry"},
    )


def changed(*changes: tuple[str, str]) -> str:
    """The small document with some of its text replaced, each once."""
    text = SMALL
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def found(*changes: tuple[str, str]) -> set[tuple[str, str]]:
    """(code, path) of what is found after these changes."""
    return {(each.code, each.path) for each in findings(changed(*changes))}


def test_a_good_document_is_left_in_peace() -> None:
    assert findings(SMALL) == []


E1 = ", else: {zh-hans: 无, en: None}"
COLLECT = (
    "gate: {all: [{step: collect, state: settled, else: {zh-hans: 还有款项未到账, en: Money is still to come in}}]}"
)
REACHED = "{fact: run.reached, is: true, else: {zh-hans: 还没有联系上客户, en: The contact was not reached yet}}"
SIGN = "{key: sign, kind: task, title: {zh-hans: 签署, en: Sign}, needs: [legal_review], stamps: signed}"
TRIGGERS = "triggers:\n"


def gate(*leaves: str) -> tuple[str, str]:
    """The gate of the first stage with these leaves besides its own."""
    return REACHED, "\n        - ".join([REACHED, *leaves])


def trigger(*texts: str) -> tuple[str, str]:
    """More triggers, first in the list."""
    return TRIGGERS, TRIGGERS + "".join(f"  - {text}\n" for text in texts)


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        # names
        (("next: [contract]", "next: [contrakt]"), "unknown-stage", "stages.needs.next.0"),
        (("back: [qualify]", "back: [kwalify]"), "unknown-stage", "stages.needs.back.0"),
        (
            ("judges: [{role: manager}]", "judges: [{role: boss}]"),
            "unknown-role",
            "stages.qualify.steps.review.judges.0.role",
        ),
        (("to: above", "to: [above, boss]"), "unknown-role", "stages.qualify.steps.first_contact.escalate.1.to.1"),
        (("role: finance\n", "role: cashier\n"), "unknown-role", "standing.collect.role"),
        (("owner: rep", "owner: reps"), "unknown-role", "stages.qualify.owner"),
        (("owner: rep", "waiver: boss\n    owner: rep"), "unknown-role", "stages.qualify.waiver"),
        (("form: scorecard, role", "form: scorecards, role"), "unknown-form", "stages.qualify.steps.score.form"),
        (("    form: scorecard\n    when", "    form: skorecard\n    when"), "unknown-form", "triggers.0.form"),
        (("    form: scorecard\n    scale", "    form: skorecard\n    scale"), "unknown-form", "grading.score.form"),
        (("needs: [score]", "needs: [skore]"), "unknown-step", "stages.qualify.steps.review.needs.0"),
        (("returns: talk", "returns: tolk"), "unknown-step", "stages.needs.steps.confirm.returns"),
        (("renews: [legal_review]", "renews: [review_legal]"), "unknown-step", "stages.contract.steps.draft.renews.0"),
        (("{step: collect,", "{step: collekt,"), "unknown-step", "stages.close.gate.all.0.step"),
        (("stamps: signed", "stamps: sined"), "unknown-moment", "stages.contract.steps.sign.stamps"),
        (("open_on: signed", "open_on: sined"), "unknown-event", "standing.collect.open_on"),
        (("on: record_saved", "on: record_sawed"), "unknown-event", "triggers.0.on"),
        (("of: assigned", "of: asigned"), "unknown-anchor", "stages.qualify.steps.first_contact.due.of"),
        (("item_days: days", "item_days: daze"), "unknown-field", "standing.collect.due.item_days"),
        (("outcome: won", "outcome: one"), "unknown-outcome", "stages.close.outcome"),
        (("outcome: won", "outcome: lost"), "no-reason", "stages.close.outcome"),
        (("reason: no_answer", "reason: no_anser"), "unknown-reason", "triggers.1.do.0.reason"),
        (("effect: make_deal", "effect: make_deel"), "unknown-effect", "stages.needs.enter.0.effect"),
        (("regrade: A", "regrade: D"), "unknown-grade", "triggers.0.do.0.regrade"),
        (("regrade: A", "regrade: scorecard.grad"), "unknown-fact", "triggers.0.do.0.regrade"),
        (("{regrade: A}", "{fill: run.grade, value: A}"), "not-fillable", "triggers.0.do.0.fill"),
        (("list: industry", "list: industri"), "unknown-list", "forms.need.fields.industry.list"),
        (("each: contract_draft.nodes", "each: contract_draft.nods"), "unknown-list", "standing.collect.each"),
        (("each: contract_draft.nodes", "each: contract_draft.discount"), "not-a-list", "standing.collect.each"),
        (("role: rep, match", "role: reps, match"), "unknown-role", "assignment.rules.0.role"),
        (("at_most: {A: 20", "at_most: {D: 20"), "unknown-grade", "assignment.at_most.D"),
        # twice
        (("key: second_talk", "key: talk"), "twice", "stages.needs.steps.talk.key"),
        (("  - key: close\n", "  - key: needs\n"), "twice", "stages.needs.key"),
        (("{key: budget_score,", "{key: fit_score,"), "twice", "forms.scorecard.fields.fit_score.key"),
        (("{key: days,", "{key: moment,"), "twice", "forms.contract_draft.fields.nodes.fields.moment.key"),
        (("{key: software,", "{key: machinery,"), "twice", "lists.industry.machinery.key"),
        (("{key: sign, kind", "{key: signed, kind"), "taken", "stages.contract.steps.signed.key"),
        (("{key: touch,", "{key: assigned,"), "taken", "standing.assigned.key"),
        (
            ("  receipt:\n", "  contract:\n    title: {zh-hans: 一, en: x}\n    fields: []\n  receipt:\n"),
            "taken",
            "forms.contract",
        ),
        # conditions
        (("fact: need.complex", "fact: need.complecks"), "unknown-fact", "stages.needs.steps.second_talk.when.fact"),
        (("by: run.grade}", "by: run.grad}"), "unknown-fact", "stages.qualify.clock.by"),
        (
            ("{fact: need.complex, is: true}", "{fact: need.complex, is: maybe}"),
            "value",
            "stages.needs.steps.second_talk.when.is",
        ),
        (
            ("{fact: need.complex, is: true}", "{fact: need.complex, at_least: 1}"),
            "operator",
            "stages.needs.steps.second_talk.when.at_least",
        ),
        (
            ("{fact: need.complex, is: true}", "{fact: need.pain, is: x}"),
            "operator",
            "stages.needs.steps.second_talk.when.is",
        ),
        (
            ("{fact: need.complex, is: true}", "{fact: need.complex, contains: x}"),
            "operator",
            "stages.needs.steps.second_talk.when.contains",
        ),
        (
            ("{fact: need.complex, is: true}", "{fact: need.industry, is: steel}"),
            "value",
            "stages.needs.steps.second_talk.when.is",
        ),
        (("in: [A, B]", "in: [A, D]"), "value", "stages.qualify.gate.all.1.in"),
        (("at_least: 1000,", "at_least: a lot,"), "value", "stages.needs.gate.any.1.at_least"),
        (("at_least: 1000,", "at_least: 1e999999999,"), "value", "stages.needs.gate.any.1.at_least"),
        (
            ("at_least: 1000,", "at_least_fact: deal.expected_close,"),
            "not-comparable",
            "stages.needs.gate.any.1.at_least_fact",
        ),
        (("at_least: 1000,", "at_least_fact: deal.amont,"), "unknown-fact", "stages.needs.gate.any.1.at_least_fact"),
        (
            ("{discount: 20}", "{discount: 2wd}"),
            "no-number",
            "stages.contract.steps.legal_review.judges.2.when.at_least_fact",
        ),
        (
            ("within: {A: 24h, B: 3wd}", "within: {A: 24h, D: 3wd}"),
            "value",
            "stages.qualify.steps.first_contact.due.within.D",
        ),
        (("within: {A: 24h, B: 3wd}", "within: {A: 24h}"), "no-clock", "stages.qualify.steps.first_contact.due.within"),
        (
            ("is: true, else: {zh-hans: 还没有联系上客户, en: The contact was not reached yet}", "is: true"),
            "no-sentence",
            "stages.qualify.gate.all.0",
        ),
        (gate("{not: {fact: need.complex, is: true}}"), "no-sentence", "stages.qualify.gate.all.1"),
        # tables
        (("{grade: B, from: 2}", "{grade: B, from: 3}"), "gap", "grading.grades"),
        (("{grade: B, from: 2}", "{grade: B, from: 5}"), "overlap", "grading.grades.0"),
        (("{grade: B, from: 2}", "{grade: A, from: 2}"), "overlap", "grading.grades.1"),
        (
            ("{grade: A, from: 5}, {grade: B, from: 2}", "{grade: A, from: 2}, {grade: B, from: 5}"),
            "order",
            "grading.grades",
        ),
        (("{grade: A, from: 5}", "{grade: A, from: 7}"), "never", "grading.grades.0.from"),
        (("{zh-hans: 中, en: Middle}, ", ""), "rubric", "grading.score.criteria.fit.rubric"),
        (("field: fit_score", "field: fit_skore"), "unknown-field", "grading.score.criteria.fit.field"),
        (
            (
                "{key: fit_score, type: int, at_least: 1, at_most: 3",
                "{key: fit_score, type: int, at_least: 1, at_most: 5",
            ),
            "criterion-range",
            "grading.score.criteria.fit.field",
        ),
        (("  B: {touches: 1, per: month}\n", ""), "no-cadence", "cadence"),
        (
            ("  B: {touches: 1, per: month}\n", "  B: {touches: 1, per: month}\n  C: {touches: 1, per: year}\n"),
            "unknown-grade",
            "cadence.C",
        ),
        # forms
        (("fills: deal.amount", "fills: deal.amont"), "not-fillable", "forms.need.fields.amount.fills"),
        (("fills: deal.amount", "fills: lead.budget_confirmed"), "type", "forms.need.fields.amount.fills"),
        (
            ("{key: discount, type: percent", "{key: discount, default: lots, type: percent"),
            "value",
            "forms.contract_draft.fields.discount.default",
        ),
        (
            ("{key: industry, type: enum", "{key: industry, default: steel, type: enum"),
            "value",
            "forms.need.fields.industry.default",
        ),
        (
            ("{key: discount, type: percent", "{key: discount, auto: {sum: [nodes, x]}, type: percent"),
            "type",
            "forms.contract_draft.fields.discount.auto.sum.0",
        ),
        (
            ("{key: discount, type: percent", "{key: discount, auto: {sum: [nodes, x]}, type: percent"),
            "unknown-field",
            "forms.contract_draft.fields.discount.auto.sum.1",
        ),
        (
            ("{key: discount, type: percent", "{key: discount, default_fact: deal.x, type: percent"),
            "unknown-fact",
            "forms.contract_draft.fields.discount.default_fact",
        ),
        (("at_least: 1, at_most: 3", "at_least: 4, at_most: 3"), "bounds", "forms.scorecard.fields.fit_score.at_least"),
        (("form: receipt", "form: need"), "unused-form", "forms.receipt"),
        # ways
        (("next: [close]\n", "next: [needs]\n"), "unreachable", "stages.close"),
        (("next: [close]\n", "next: [needs]\n"), "no-end", "stages.qualify"),
        (("    outcome: won\n", ""), "no-way-out", "stages.close"),
        (("next: [contract]", "next: [contract, needs]"), "to-itself", "stages.needs"),
        (("next: [contract]", "next: [contract]\n    outcome: won"), "not-last", "stages.needs.outcome"),
        (
            ("form: need, role: rep,", "form: need, needs: [confirm], role: rep,"),
            "circle",
            "stages.needs.steps.talk.needs",
        ),
        (
            ("form: need, role: rep,", "form: need, needs: [talk], role: rep,"),
            "circle",
            "stages.needs.steps.talk.needs",
        ),
        (
            ("form: need, role: rep,", "form: need, needs: [sign], role: rep,"),
            "later-step",
            "stages.needs.steps.talk.needs.0",
        ),
        # gates
        (gate("{any: []}"), "gate-never", "stages.qualify.gate"),
        (
            gate("{fact: run.grade, is: A" + E1 + "}", "{fact: run.grade, is: B" + E1 + "}"),
            "gate-never",
            "stages.qualify.gate",
        ),
        (
            gate("{fact: deal.amount, above: 5" + E1 + "}", "{fact: deal.amount, at_most: 5" + E1 + "}"),
            "gate-never",
            "stages.qualify.gate",
        ),
        (
            gate("{fact: deal.amount, at_least: 5" + E1 + "}", "{fact: deal.amount, known: false" + E1 + "}"),
            "gate-never",
            "stages.qualify.gate",
        ),
        (gate("{step: score}", "{not: {step: score, state: started}" + E1 + "}"), "gate-never", "stages.qualify.gate"),
        (gate("{step: second_talk}", "{fact: need.complex, is: false" + E1 + "}"), "gate-never", "stages.qualify.gate"),
        (
            gate("{not: {any: [{fact: run.reached, is: true}, {fact: need.complex, is: true}]}" + E1 + "}"),
            "gate-never",
            "stages.qualify.gate",
        ),
        (gate("{fact: scorecard.fit_score, above: 3" + E1 + "}"), "gate-never", "stages.qualify.gate"),
        (gate("{fact: table.limits.manager.discount, above: 10" + E1 + "}"), "gate-never", "stages.qualify.gate"),
        (gate("{step: sign}"), "later-step", "stages.qualify.gate.all.1.step"),
        (
            (
                "stamps: signed}",
                "stamps: signed, auto: {all: [{fact: deal.amount, below: 1}, {fact: deal.amount, above: 1}]}}",
            ),
            "gate-never",
            "stages.contract.steps.sign.auto",
        ),
        (("when: {fact: need.complex, is: true}", "when: false"), "never", "stages.needs.steps.second_talk.when"),
        # triggers
        (
            trigger(
                "{on: regraded, when: {fact: run.grade, is: A}, do: [{regrade: B}]}",
                "{on: regraded, when: {fact: run.grade, is: B}, do: [{regrade: A}]}",
            ),
            "endless",
            "triggers.0",
        ),
        (trigger("{on: assigned, do: [{assign: rules}]}"), "endless", "triggers.0"),
        (trigger("{on: run_started, do: [{start: small}]}"), "endless", "triggers.0.do.0.start"),
        (trigger("{on: task_opened, step: review, do: [{cancel: review}, {open: review}]}"), "endless", "triggers.0"),
    ],
)
def test_a_mistake_is_found_where_it_is_written(change: tuple[str, str], code: str, path: str) -> None:
    assert (code, path) in found(change)


@pytest.mark.parametrize(
    "change",
    [
        gate("{any: [{any: []}, {step: score}]}"),
        gate("{fact: deal.amount, at_least: 5" + E1 + "}", "{fact: deal.amount, at_most: 5" + E1 + "}"),
        gate(
            "{fact: contract_draft.discount, above: 5" + E1 + "}", "{fact: contract_draft.discount, below: 6" + E1 + "}"
        ),
        gate("{not: {fact: deal.amount, at_least: 5}" + E1 + "}", "{fact: deal.amount, known: false" + E1 + "}"),
        gate("{fact: deal.amount, is_not: 5" + E1 + "}", "{fact: deal.amount, known: false" + E1 + "}"),
        gate("{fact: need.pain, contains: a" + E1 + "}", "{fact: need.pain, contains: b" + E1 + "}"),
        gate("{step: collect, state: settled}"),
        gate("{all: [{fact: deal.amount, known: true}]" + E1 + "}"),
        trigger("{on: regraded, when: {fact: run.grade, is: B}, do: [{regrade: A}]}"),
        trigger("{on: regraded, do: [{regrade: A}]}"),
        trigger("{on: task_opened, step: review, do: [{open: review}]}"),
        trigger("{on: signed, do: [{stamp: signed}]}"),
        ("when: {fact: need.complex, is: true}", "required: false"),
    ],
)
def test_what_only_looks_like_a_mistake_is_left_in_peace(change: tuple[str, str]) -> None:
    assert findings(changed(change)) == []


def test_a_finding_names_its_line_and_the_nearest_word() -> None:
    (finding,) = findings(changed(("fact: need.complex", "fact: need.complecks")))
    text = changed(("fact: need.complex", "fact: need.complecks"))
    assert "need.complecks" in text.splitlines()[finding.line - 1]
    assert finding.text("en") == "There is no fact “need.complecks”. Did you mean “need.complex”?"
    assert finding.text("zh-hans") == "没有名为“need.complecks”的数据项。是不是“need.complex”？"


def test_a_step_may_stand_beside_the_stages_and_be_asked_for_by_any_gate() -> None:
    assert found(gate("{step: touch}")) == set()


def test_findings_come_in_the_order_of_the_lines() -> None:
    lines = [each.line for each in findings(changed(("outcome: won", "outcome: one"), ("next: [needs]", "next: [x]")))]
    assert lines == sorted(lines)
    assert len(lines) >= 2


def test_a_warning_does_not_forbid_publishing() -> None:
    unused = findings(changed(("form: receipt", "form: need")))
    assert [each.level for each in unused] == ["warning"]
    assert is_publishable(unused)
    assert not is_publishable(findings(changed(("outcome: won", "outcome: one"))))


def test_a_gate_of_very_many_alternatives_is_looked_at_in_good_time() -> None:
    pair = "{any: [{fact: run.attempts, is: 1}, {fact: run.silent_streak, is: 2}]" + E1 + "}"
    began = time.perf_counter()
    findings(changed(gate(*[pair] * 200)))
    assert time.perf_counter() - began < 1


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_document_that_could_be_read_is_always_checked_to_the_end(
    mutants: st.SearchStrategy[str], data: st.DataObject
) -> None:
    bear(data.draw(mutants))


@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_shipped_document_with_slips_of_the_pen_is_checked_to_the_end(
    shipped_mutants: st.SearchStrategy[str], data: st.DataObject
) -> None:
    bear(data.draw(shipped_mutants))


def bear(text: str) -> None:
    """Check a document if it can be read at all; every finding points into it and speaks both languages."""
    try:
        load(text)
    except DocumentRefused:
        return
    for finding in findings(text):
        assert set(finding.message) == {"en", "zh-hans"}
        assert 1 <= finding.line <= text.count("\n") + 1
