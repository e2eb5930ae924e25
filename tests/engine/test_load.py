"""Loading: text becomes a typed document, or every fault is named with its line, for a reader of either language."""

import ast
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairway.engine import faults, scenario, spec
from fairway.engine.duration import Duration
from fairway.engine.findings import DocumentRefused, Finding
from fairway.engine.load import Loaded, load

SMALL = (Path(__file__).parent / "small.yaml").read_text()


def refused(old: str, new: str) -> list[Finding]:
    """What is found in the small document with `old` replaced by `new`."""
    assert old in SMALL
    with pytest.raises(DocumentRefused) as caught:
        load(SMALL.replace(old, new, 1), "small.yaml")
    return list(caught.value.findings)


def test_a_document_is_typed() -> None:
    loaded = load(SMALL, "small.yaml")
    assert isinstance(loaded, Loaded)
    assert [stage.key for stage in loaded.sop.stages] == ["qualify", "needs", "contract", "close"]
    assert loaded.sop.stages[0].steps[2].due is not None
    assert loaded.sop.stages[0].steps[2].due.within == {"A": Duration(24, "h"), "B": Duration(3, "wd")}


def test_a_fault_names_its_line_and_place() -> None:
    (found,) = refused("goal: {zh-hans: 值得跟进", "gaol: {zh-hans: 值得跟进")
    assert SMALL.splitlines()[found.line - 1].strip().startswith("goal:")
    assert (found.code, found.path) == ("unknown-key", "stages.qualify.gaol")
    assert found.text() == "“gaol” is not known here. Did you mean “goal”?"
    assert found.text("zh-hans") == "此处没有“gaol”这个键，是不是“goal”？"


@pytest.mark.parametrize(
    ("old", "new", "code", "path", "words"),
    [
        ("subject: deal", "subject: dael", "choice", "subject", "Did you mean “deal”?"),
        ("about: {zh-hans: 用于测试, en: For tests}", "about: {zh-hans: 用于测试}", "missing", "about.en", "English"),
        ("en: For tests", "en: ''", "empty", "about.en", "empty"),
        ("about: {zh-hans: 用于测试, en: For tests}", "about:", "empty", "about", "missing"),
        ("title: {zh-hans: 签署, en: Sign}", "title: Sign", "not-a-mapping",
         "stages.contract.steps.sign.title", "both lan"),
        ("prefix: S", "prefix: s", "spelling", "prefix", "capital letters"),
        ("sop: small", "sop: Small One", "spelling", "sop", "Small One"),
        ("{grade: A, from: 5}", "{grade: a, from: 5}", "spelling", "grading.grades.0.grade", "one capital letter"),
        ("{grade: A, from: 5}", "{grade: A, from: 5.5}", "number", "grading.grades.0.from", "whole number"),
        ("scale: 3", "scale: 30", "range", "grading.score.scale", "10 at most"),
        ("touches: 2", "touches: 0", "range", "cadence.A.touches", "1 at least"),
        ("protect: 10d", "protect: 10 days", "duration", "pool.protect", "“10 days” is no duration"),
        ("protect: 10d", "protect: [10d]", "duration", "pool.protect", "such as 24h"),
        ("outcome: won", "outcome: [won]", "not-text", "stages.close.outcome", "single text"),
        ("stay: 21d", "stay: 99999999d", "duration", "stages.needs.clock.stay.*", "ten years"),
        ("roles: [rep, manager, legal, finance]", "roles: rep", "not-a-list", "roles", "[one, two]"),
        ("rules:\n    - {when: {fact: lead.industry, is: machinery}, role: rep, match: [territory]}\n    - {role: rep}",
         "rules: []", "empty", "assignment.rules", "At least 1"),
        ("cadence: true", "cadence: maybe", "yes-no", "standing.touch.cadence", "maybe"),
        ("fact: need.complex", "fact: complex", "spelling",
         "stages.needs.steps.second_talk.when.fact", "with a dot"),
        ("{role: legal}", "{role: Legal Person}", "spelling",
         "stages.contract.steps.legal_review.judges.0.role", "small letter"),
        ("industry:\n    - {key: machinery", "Big Industry:\n    - {key: machinery", "spelling",
         "lists.Big Industry", "key"),
        ("is: true, else: {zh-hans: 还", "is: true, at_most: 3, else: {zh-hans: 还", "does-not-fit",
         "stages.qualify.gate.all.0", "exactly one test"),
        ("all:\n        - {fact: run.reached", "or:\n        - {fact: run.reached", "unknown-key",
         "stages.qualify.gate.or", "or"),
        ("judges: [{role: manager}]", "help: {zh-hans: 审, en: R}", "does-not-fit",
         "stages.qualify.steps.review", "judges"),
        ("kind: pay\n    form: receipt", "kind: pay", "does-not-fit", "standing.collect", "kind pay names its form"),
        ("{regrade: A}", "{regrade: A, open: score}", "does-not-fit", "triggers.0.do.0", "one verb"),
        ("gate: {all: [{step: collect, state: settled", "gate: {all: [{step: collect, state: paid", "choice",
         "stages.close.gate.all.0.state", "done, settled, started"),
    ],
)  # fmt: skip
def test_every_fault_has_a_code_a_place_and_words(old: str, new: str, code: str, path: str, words: str) -> None:
    found = refused(old, new)
    assert (code, path) in [(each.code, each.path) for each in found]
    chosen = next(each for each in found if each.code == code)
    assert words in chosen.text()
    assert any("\u4e00" <= character <= "\u9fff" for character in chosen.text("zh-hans"))


def test_the_internal_spelling_of_a_key_is_no_key() -> None:
    chosen = next(each for each in refused("gate:\n      all:", "gate:\n      all_:") if each.code == "unknown-key")
    assert chosen.path == "stages.qualify.gate.all_"
    assert "“all”" in chosen.text()


def test_all_faults_are_named_at_once_in_the_order_of_their_lines() -> None:
    text = (
        SMALL.replace("prefix: S", "prefix: 1").replace("subject: deal", "subject: x").replace("scale: 3", "scale: x")
    )
    with pytest.raises(DocumentRefused) as caught:
        load(text, "small.yaml")
    assert [found.path for found in caught.value.findings] == ["subject", "prefix", "grading.score.scale"]


def test_a_missing_entry_does_not_also_count_as_an_empty_list() -> None:
    head = "sop: x\ntitle: {zh-hans: 一, en: x}\nabout: {zh-hans: 一, en: x}\n"
    text = head + "subject: deal\nroles: []\nstages: [1]\noutcomes: {}"
    with pytest.raises(DocumentRefused) as caught:
        load(text)
    assert [(found.path, found.code) for found in caught.value.findings] == [("stages.0", "not-a-mapping")]


def test_findings_have_an_end() -> None:
    with pytest.raises(DocumentRefused) as caught:
        load("\n".join(f"key{number}: x" for number in range(5_000)))
    assert len(caught.value.findings) <= 100


def test_every_rule_of_the_types_is_said_in_chinese_too() -> None:
    raised = [
        node.args[0].value
        for module in (spec, scenario)
        for node in ast.walk(ast.parse(Path(module.__file__).read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ValueError"
        and isinstance(node.args[0], ast.Constant)
    ]  # fmt: skip
    assert set(raised) == set(faults._RULES)


def test_comments_order_and_layout_do_not_change_the_digest() -> None:
    first = load(SMALL).digest
    moved = SMALL.replace("prefix: S\n", "").replace("sop: small", "sop: small\nprefix: S")
    block = "\n    per: week\n    touches: '2'\n    offer:\n    - case"
    assert load("# hello\n" + moved).digest == first
    assert load(SMALL.replace("{touches: 2, per: week, offer: [case]}", block)).digest == first
    assert load(SMALL.replace("calendar: china\n", "")).digest == first  # its default


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("discount: 10", "discount: 11"),
        ("{key: complex, type: bool", "{key: complex, required: true, type: bool"),
        ("en: Pain}", "en: Pains}"),
        ("14d", "13d"),
        ("{grade: A, from: 5}, {grade: B, from: 2}", "{grade: A, from: 4}, {grade: B, from: 2}"),
        ("judges:\n          - {role: legal}", "order: in_turn\n        judges:\n          - {role: legal}"),
    ],
)
def test_any_change_of_meaning_changes_the_digest(old: str, new: str) -> None:
    assert old in SMALL
    assert load(SMALL.replace(old, new)).digest != load(SMALL).digest


lines = SMALL.splitlines()
odd_lines = st.sampled_from(["", "  x: y", "- 1", "a: {b: [c]}", "~", "{", "key: {}", "\u202e"])


@settings(deadline=None)
@given(st.integers(0, len(lines) - 1), odd_lines)
def test_any_line_put_anywhere_is_read_or_refused_with_a_line(index: int, line: str) -> None:
    changed = "\n".join([*lines[:index], line, *lines[index + 1 :]])
    try:
        assert load(changed).digest
    except DocumentRefused as refused_:
        assert all(1 <= found.line <= len(lines) + 1 for found in refused_.findings)
        assert all(set(found.message) == {"en", "zh-hans"} for found in refused_.findings)
