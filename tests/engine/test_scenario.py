"""Playing scenarios: what comes as expected passes, what does not is told with its line, and time fires the clocks."""

from pathlib import Path

import pytest

from fairway.engine import rehearse as rehearse_module
from fairway.engine.calendars import shipped
from fairway.engine.facts import fact
from fairway.engine.findings import DocumentRefused, Finding
from fairway.engine.load import load
from fairway.engine.program import Program
from fairway.engine.rehearse import rehearse
from fairway.engine.scenario import read_scenario

SMALL = (Path(__file__).parent / "small.yaml").read_text()
PROGRAM = Program(
    load(SMALL).sop,
    (
        fact("lead.industry", "text", "行业", "Industry"),
        fact("lead.budget_confirmed", "bool", "预算已确认", "Budget confirmed"),
        fact("deal.amount", "money", "金额", "Amount"),
    ),
)
HEAD = """\
scenario: {zh-hans: 测试, en: Test}
sop: small
given: {at: "2026-03-02T09:00:00+08:00", owner: false}
steps:
"""
WAY = """\
  - do: {complete: score, values: {fit_score: 2, budget_score: 2}}
  - do: {decide: review, judge: manager}
    expect: {effects: [assign]}
  - do: {event: run_started}
"""


def play(steps: str, head: str = HEAD) -> list[tuple[int, str]]:
    """(line, English) of what did not come as expected."""
    read = read_scenario(head + steps, "test.yaml")
    return [(found.line, found.text()) for found in rehearse(read, PROGRAM, shipped("china"))]


def grading(grade: str) -> str:
    """The head of a scenario whose run has a grade."""
    return HEAD.replace("owner: false", f"owner: true, grade: {grade}")


def test_what_comes_as_expected_passes() -> None:
    steps = """\
  - do: {complete: score, values: {fit_score: 3, budget_score: 3}}
    expect: {stage: qualify, done: [score], open: [review], not_open: [first_contact], outcome: none, told: []}
  - do: {decide: review, judge: manager, verdict: approve}
    expect: {effects: [assign], open: [first_contact], due: {first_contact: null}}
  - do: {assign: true}
    expect: {moments: [assigned], due: {first_contact: "2026-03-03T09:00:00+08:00"}}
  - wait: 23h
    expect: {told: []}
  - wait: 1h
    expect: {told: [manager]}
  - wait: 24h
    expect: {told: [above]}
  - do: {advance: needs}
    expect: {refused: [first_contact, reached], stage: qualify}
  - do: {contact: reached}
    expect: {done: [first_contact], moments: [reached]}
  - do: {advance: null}
    expect: {stage: needs, effects: [make_deal]}
  - do: {complete: talk, values: {pain: [a], amount: 12万}}
    expect: {open: [confirm], not_open: [second_talk]}
  - do: {answer: confirm, agrees: false}
    expect: {open: [talk], not_open: [confirm]}
  - do: {complete: talk, values: {pain: [a], amount: 12万, complex: 是}}
    expect: {open: [confirm, second_talk]}
  - do: {back: qualify}
    expect: {stage: qualify, void: [confirm, second_talk]}
  - do: {close: recycled, reason: no_answer}
    expect: {outcome: recycled, reason: no_answer}
  - do: {reopen: true}
    expect: {outcome: none}
"""
    assert play(steps, grading("A")) == []


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        ("stage: needs", "expected needs, but it is qualify"),
        ("grade: B", "expected B, but it is nothing"),
        ("outcome: won", "expected won, but it is nothing"),
        ("open: [first_contact]", "expected first_contact, but it is review"),
        ("not_open: [review]", "review is open, which it should not be"),
        ("done: [review]", "expected review, but it is score"),
        ("void: [score]", "expected score, but it is nothing"),
        ("told: [manager]", "expected manager, but it is nothing"),
        ("effects: [make_deal]", "expected make_deal, but it is nothing"),
        ("moments: [signed]", "expected signed, but it is nothing"),
        ("refused: [fit_score]", "it was not refused"),
        ('due: {review: "2026-03-02T10:00:00+08:00"}', "expected 2026-03-02T10:00:00+08:00, but it is —"),
        ("due: {score: null}", "expected —, but it is nothing"),
    ],
)
def test_what_does_not_come_is_told_with_its_line(expect: str, said: str) -> None:
    steps = "  - do: {complete: score, values: {fit_score: 3, budget_score: 3}}\n    expect:\n      " + expect + "\n"
    assert play(steps) == [(7, said)]


def test_a_refusal_that_nobody_expected_is_a_failure_and_leaves_no_trace() -> None:
    steps = """\
  - do: {complete: score, values: {fit_score: 7}}
  - do: {complete: score, values: {fit_score: 3, budget_score: 3}}
    expect: {done: [score]}
"""
    ((line, said),) = play(steps)
    assert line == 5
    assert "scorecard.fit_score" in said
    assert "scorecard.budget_score" in said


@pytest.mark.parametrize(
    ("steps", "word"),
    [
        ("{complete: score, values: {fit_score: 3}}", "scorecard.budget_score"),
        ("{complete: score, values: {fit_score: 3, budget_score: 3, mood: good}}", "mood"),
        ("{complete: review}", "step.by_judge"),
        ("{complete: nothing}", "step.unknown"),
        ("{decide: review}", "step.not_open"),
        ("{answer: confirm}", "step.not_open"),
        ("{advance: contract}", "no_way"),
        ("{back: needs}", "no_way"),
        ("{close: won}", "not_asked"),
        ("{close: lost}", "reason.needed"),
        ("{add: score}", "not_repeatable"),
        ("{set: {deal.amount: lots}}", "value"),
        ("{set: {deal.colour: red}}", "value"),
        ("{event: nothing}", "event.unknown"),
    ],
)
def test_what_a_run_would_refuse_is_refused_here(steps: str, word: str) -> None:
    assert play(f"  - do: {steps}\n    expect: {{refused: [{word}]}}\n") == []


def test_a_reason_that_is_not_among_those_given_is_told() -> None:
    assert play("  - do: {advance: needs}\n    expect: {refused: [weather]}\n") == [
        (6, "expected weather, but it is step.score, step.review, step.first_contact, gate.0, gate.1")
    ]


def test_a_waiver_names_reasons_by_their_ends() -> None:
    steps = """\
  - do: {waive: [score, review, first_contact, reached, grade]}
  - do: {advance: needs}
    expect: {stage: needs}
"""
    assert play(steps) == []


def test_a_stage_that_is_given_is_where_the_run_stands_with_its_clock() -> None:
    head = HEAD.replace("owner: false", "stage: needs, moments: {signed: 2026-03-01T09:00:00+08:00}")
    steps = """\
  - wait: 20d
    expect: {told: [], stage: needs, open: [talk], moments: [signed]}
  - wait: 1d
    expect: {told: [manager]}
"""
    assert play(steps, head) == []


def test_entries_of_a_list_have_their_clocks_and_are_done_one_by_one() -> None:
    head = HEAD.replace(
        "owner: false",
        "stage: contract, facts: {contract_draft.nodes: "
        "[{key: one, moment: signed, days: 10}, {key: two, moment: signed, days: 40}]}",
    )
    steps = """\
  - do: {event: signed}
    expect: {open: [collect], due: {collect: "2026-03-12T09:00:00+08:00"}}
  - wait: 3d
    expect: {told: [owner]}
  - do: {complete: collect, item: two, values: {amount: 5}}
    expect: {open: [collect]}
  - wait: 37d
    expect: {effects: [hold_orders]}
  - do: {complete: collect, item: one, values: {amount: 5}}
    expect: {done: [collect], not_open: [collect]}
"""
    assert play(steps, head) == []


def test_a_higher_grade_brings_the_shorter_clock_and_its_ladder() -> None:
    steps = """\
  - do: {complete: score, values: {fit_score: 3, budget_score: 3}}
  - do: {decide: review}
  - do: {assign: true}
    expect: {due: {first_contact: "2026-03-05T09:00:00+08:00"}}
  - wait: 25h
    expect: {told: []}
  - do: {set: {lead.budget_confirmed: true}}
    expect: {grade: B}
  - do: {complete: score, values: {fit_score: 3, budget_score: 3}}
    expect: {grade: A, told: [owner, manager], due: {first_contact: "2026-03-03T09:00:00+08:00"}}
  - wait: 1m
    expect: {told: [manager]}
"""
    assert play(steps, grading("B")) == []


def test_facts_are_set_as_a_document_writes_them() -> None:
    head = HEAD.replace("owner: false", "stage: needs, facts: {deal.amount: '12.50', lead.budget_confirmed: true}")
    read = read_scenario(head + "  - wait: 1h\n")
    assert rehearse(read, PROGRAM, shipped("china")) == []


@pytest.mark.parametrize(
    "given",
    ["stage: nowhere", "facts: {deal.colour: red}", "facts: {deal.amount: lots}"],
    ids=["stage", "fact", "value"],
)
def test_a_scenario_that_cannot_begin_says_so(given: str) -> None:
    ((line, said),) = play("  - wait: 1h\n", HEAD.replace("owner: false", given))
    assert line == 3
    assert said.startswith("cannot begin")


def test_a_scenario_without_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehearse_module, "MAX_FIRINGS", 1)
    head = HEAD.replace("owner: false", "stage: needs")
    steps = (
        "  - wait: 21d\n    expect: {told: [manager]}\n  - do: {complete: talk, values: {pain: [a]}}\n  - wait: 30d\n"
    )
    ((line, said),) = play(steps, head)
    assert line == 8
    assert said.startswith("refused: sop.runaway")


def refused(text: str) -> Finding:
    """The first fault of a scenario that cannot be read."""
    with pytest.raises(DocumentRefused) as caught:
        read_scenario(text)
    return caught.value.findings[0]


@pytest.mark.parametrize(
    ("steps", "code", "line"),
    [
        ("  - do: {complet: score}\n", "unknown-key", 5),
        ("  - {wait: 1h, do: {reopen: true}}\n", "does-not-fit", 5),
        ("  - do: {complete: score, back: needs}\n", "does-not-fit", 5),
        ("  - expect: {stage: needs}\n", "does-not-fit", 5),
        ("  - wait: a while\n", "duration", 5),
        ("  - wait: 1h\n    expect: {stages: needs}\n", "unknown-key", 6),
        ("  - wait: 1h\n    expect: {due: {score: tomorrow}}\n", "does-not-fit", 6),
        ("  - wait: 1h\n    expect: {due: {score: 2026-03-02T09:00:00}}\n", "does-not-fit", 6),
        ("  []\n", "empty", 4),
    ],
)
def test_a_scenario_that_cannot_be_read_is_refused_with_its_line(steps: str, code: str, line: int) -> None:
    found = refused(HEAD + steps)
    assert (found.code, found.line) == (code, line)
    assert any("\u4e00" <= character <= "\u9fff" for character in found.text("zh-hans"))
