"""Comparing versions: what changed is told by keys and in sentences, and nothing is told where nothing changed."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairway.engine.checker import check
from fairway.engine.diff import diff
from fairway.engine.facts import Vocabulary, fact
from fairway.engine.findings import DocumentRefused
from fairway.engine.load import load
from fairway.engine.spec import Text

SMALL = (Path(__file__).parent / "small.yaml").read_text()
TALK = "      - {key: talk, kind: form, form: need, role: rep, title: {zh-hans: 沟通, en: Talk}}\n"
ENDING = ", else: {zh-hans: 无, en: None}}"


def told(*changes: tuple[str, str]) -> list[tuple[str, str, str]]:
    """(kind, path, English) of the differences after these replacements."""
    text = SMALL
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return [(change.kind, change.path, change.text()) for change in diff(load(SMALL).sop, load(text).sop)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            ("stay: 21d", "stay: 14d"),
            ("changed", "stages.needs.clock.stay", "Stage Needs, Clock: longest stay 21 days → 14 days"),
        ),
        (
            ("due: {within: 24h, of: talk}", "due: {within: 12h, of: talk}"),
            (
                "changed",
                "stages.needs.steps.confirm.due",
                "Stage Needs, Step Customer confirms: due 24 hours after “Talk” → 12 hours after “Talk”",
            ),
        ),
        (
            ("{key: complex, type", "{key: complex, required: true, type"),
            ("changed", "forms.need.fields.complex.required", "Form Need record, Field Complex: now required"),
        ),
        (
            ("type: int, at_least: 1, at_most: 3, required: true", "type: int, at_least: 1, at_most: 3"),
            ("changed", "forms.scorecard.fields.fit_score.required", "Form Scorecard, Field Fit: no longer required"),
        ),
        (
            (
                "      all:\n        - {fact: run.r",
                f"      all:\n        - {{step: score{ENDING}\n        - {{fact: run.r",
            ),
            ("added", "stages.qualify.gate", "Stage Qualify: gate added: “Score” is done"),
        ),
        (
            ("{discount: 10}", "{discount: 12}"),
            (
                "changed",
                "tables.limits.rows.manager.values.discount",
                "Table Discount authority, Row Manager, Value discount: 10 → 12",
            ),
        ),
        (
            ("{grade: A, from: 5}", "{grade: A, from: 6}"),
            ("removed", "grading.grades", "Grading: grade bounds removed: grade A, from 5"),
        ),
        (("calendar: china", "calendar: plain"), ("changed", "calendar", "calendar china → plain")),
        ((TALK, ""), ("removed", "stages.needs.steps.talk", "Stage Needs, Step Talk: removed")),
        (("en: Small}", "en: Little}"), ("changed", "title", "title “Small” → “Little”")),
        (("小流程", "大流程"), ("changed", "title", "title (Chinese) “小流程” → “大流程”")),
        (
            ("to: above", "to: legal"),
            (
                "added",
                "stages.qualify.steps.first_contact.escalate",
                "Stage Qualify, Step First contact: ladder added: 24 hours after: tell legal",
            ),
        ),
        (("\n  lost:", "\n  gone:"), ("added", "outcomes.gone", "Outcome Lost: added")),
        (
            ("- {role: finance, when: {fact: contract_draft.discount, above: 10}}", "- {role: finance}"),
            (
                "added",
                "stages.contract.steps.legal_review.judges",
                "Stage Contract, Step Legal review: judges added: finance",
            ),
        ),
    ],
)
def test_a_change_is_told(change: tuple[str, str], expected: tuple[str, str, str]) -> None:
    assert expected in told(change)


def test_roles_and_stages_are_told_by_their_names() -> None:
    roles = {"legal": Text(zh_hans="法务", en="Legal"), "above": Text(zh_hans="上级经理", en="Manager above")}
    (gone, came) = diff(load(SMALL).sop, load(SMALL.replace("to: above", "to: legal")).sop, roles=roles)
    assert came.text().endswith("ladder added: 24 hours after: tell Legal")
    assert gone.text("zh-hans").endswith("逐级提醒去掉：超时 24小时: 通知 上级经理")
    shorter = SMALL.replace("next: [needs]", "next: [needs, contract]")
    assert any("ways on added: Contract" in change.text() for change in diff(load(SMALL).sop, load(shorter).sop))


def test_a_change_is_told_in_chinese_too() -> None:
    (change,) = diff(load(SMALL).sop, load(SMALL.replace("stay: 21d", "stay: 14d")).sop)
    assert change.text("zh-hans") == "阶段“需求”，时限：最长停留 21天 → 14天"


def test_a_step_that_went_to_another_stage_is_moved_and_not_lost() -> None:
    there = "      - {key: draft, kind"
    assert told((TALK, ""), (there, TALK + there)) == [
        ("moved", "stages.contract.steps.talk", "Stage Contract, Step Talk: moved from “Needs” to “Contract”")
    ]


def test_a_stage_that_changed_its_place_is_moved() -> None:
    text = SMALL[SMALL.index("  - key: close\n") : SMALL.index("standing:\n")]
    found = told((text, ""), ("  - key: needs\n", text + "  - key: needs\n"))
    assert [(kind, path) for kind, path, _ in found] == [("moved", "stages.close")]


def test_facts_of_the_domains_are_told_by_their_titles() -> None:
    declared = (fact("lead.industry", "text", "所属行业", "Industry of the lead"),)
    changed = SMALL.replace("{fact: lead.industry, is: machinery}", "{fact: lead.industry, is: software}")
    said = [change.text() for change in diff(load(SMALL).sop, load(changed).sop, declared)]
    assert any("Industry of the lead is software" in text for text in said)


def test_layout_and_comments_are_no_change() -> None:
    assert (
        told(
            ("# A small", "# A tiny"),
            ("{touches: 2, per: week, offer: [case]}", "{per: week, offer: [case], touches: '2'}"),
        )
        == []
    )


def test_a_document_does_not_differ_from_itself() -> None:
    assert diff(load(SMALL).sop, load(SMALL).sop) == []


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_what_has_another_digest_is_told_apart_and_what_has_not_is_not(
    mutants: st.SearchStrategy[str], data: st.DataObject
) -> None:
    try:
        one, other = load(data.draw(mutants)), load(data.draw(st.just(SMALL) | mutants))
    except DocumentRefused:
        return
    for loaded in (one, other):
        findings = check(loaded, Vocabulary.of(loaded.sop), effects=(), fillable=())
        if any(finding.code == "twice" for finding in findings):
            return  # refused before it is ever compared
    changes = diff(one.sop, other.sop)
    assert bool(changes) == (one.digest != other.digest)
    assert all(change.text("en") and change.text("zh-hans") for change in changes)
    assert bool(diff(other.sop, one.sop)) == bool(changes)
