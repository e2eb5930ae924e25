"""Documents that are made to be costly: refused, or checked, within a second of the machine's time."""

import time
from collections.abc import Callable

import pytest

from fairway.engine.checker import MAX_FINDINGS, check
from fairway.engine.facts import Vocabulary
from fairway.engine.findings import DocumentRefused, Finding
from fairway.engine.load import load

TEXT = "{zh-hans: 一, en: x}"
HEAD = f"""\
sop: big
title: {TEXT}
about: {TEXT}
subject: deal
roles: [rep]
grading:
  score: {{form: card, scale: 2, criteria: [{{key: fit, field: fit, title: {TEXT}, rubric: [{TEXT}, {TEXT}]}}]}}
  grades: [{{grade: A, from: 2}}, {{grade: B, from: 1}}]
forms: {{card: {{title: {TEXT}, fields: [{{key: fit, type: int, at_least: 1, at_most: 2, label: {TEXT}}}]}}}}
outcomes: {{won: {{title: {TEXT}, kind: won}}}}
"""


def step(key: str, rest: str = "") -> str:
    return f"{{key: {key}, kind: task, title: {TEXT}{rest}}}"


def one_stage(*steps: str, gate: str = "true") -> str:
    return f"stages: [{{key: s, title: {TEXT}, outcome: won, gate: {gate}, steps: [{', '.join(steps)}]}}]\n"


def many_stages() -> str:
    stages = [f"{{key: s{n}, title: {TEXT}, next: [s{n + 1}]}}" for n in range(3_500)]
    return f"stages: [{', '.join(stages)}, {{key: s3500, title: {TEXT}, outcome: won}}]\n"


def everything_needs_everything() -> str:
    keys = [f"a{n}" for n in range(200)]
    return one_stage(*(step(key, f", needs: [{', '.join(keys)}]") for key in keys))


def a_long_chain_of_needs() -> str:
    return one_stage(*(step(f"a{n}", f", needs: [a{n + 1}]") for n in range(900)), step("a900"))


def names_that_are_nowhere() -> str:
    words = ", ".join(f"a{n}x" for n in range(15_000))
    return one_stage(*(step(f"a{n}") for n in range(900)), step("z", f", needs: [{words}]"))


def facts_that_are_nowhere() -> str:
    leaves = ", ".join(f"{{fact: a{n}.b, known: true}}" for n in range(7_000))
    return one_stage(step("a"), gate=f"{{all: [{leaves}]}}")


def alternatives_upon_alternatives() -> str:
    pair = "{any: [{fact: run.attempts, is: 1}, {fact: run.visits, is: 2}, {fact: run.attempts, is: 3}]}"
    when = f"{{all: [{', '.join([pair] * 12)}]}}"
    return one_stage(*(step(f"a{n}", f", when: {when}") for n in range(150)))


def conditions_that_ask_for_one_another() -> str:
    def when(n: int) -> str:
        others = ", ".join(f"{{step: a{other}}}" for other in range(200) if other != n)
        return f"{{any: [{others}]}}"

    return one_stage(
        *(step(f"a{n}", f", when: {when(n)}") for n in range(60)), *(step(f"a{n}") for n in range(60, 200))
    )


def a_long_chain_of_conditions() -> str:
    return one_stage(*(step(f"a{n}", f", when: {{step: a{n + 1}}}") for n in range(900)), step("a900"))


def triggers_that_all_hear_each_other() -> str:
    rules = [
        f"{{on: regraded, when: {{fact: run.grade, is: {'AB'[n % 2]}}}, do: [{{regrade: {'BA'[n % 2]}}}]}}"
        for n in range(3_000)
    ]
    return one_stage(step("a")) + f"triggers: [{', '.join(rules)}]\n"


def fewer_triggers_that_all_hear_each_other() -> str:
    rules = ["{on: regraded, when: {fact: run.grade, is: A}, do: [{regrade: B}]}"] * 290
    return one_stage(step("a")) + f"triggers: [{', '.join(rules)}]\n"


def numbers_without_end() -> str:
    leaf = f"{{fact: run.attempts, at_least: {'9' * 5_000}, else: {TEXT}}}"
    return one_stage(step("a"), gate=f"{{all: [{', '.join([leaf] * 200)}]}}")


@pytest.mark.parametrize(
    "made",
    [
        many_stages,
        everything_needs_everything,
        a_long_chain_of_needs,
        names_that_are_nowhere,
        facts_that_are_nowhere,
        alternatives_upon_alternatives,
        conditions_that_ask_for_one_another,
        a_long_chain_of_conditions,
        triggers_that_all_hear_each_other,
        fewer_triggers_that_all_hear_each_other,
        numbers_without_end,
    ],
    ids=lambda made: made.__name__,
)
def test_a_costly_document_costs_less_than_a_second(made: Callable[[], str]) -> None:
    text = HEAD + made()
    began = time.process_time()
    found = findings(text)
    assert time.process_time() - began < 1
    assert len(found) <= MAX_FINDINGS


def findings(text: str) -> list[Finding]:
    """Everything that is found in a document, read or not."""
    try:
        loaded = load(text)
    except DocumentRefused as refused:
        return list(refused.findings)
    return check(loaded, Vocabulary.of(loaded.sop), effects=(), fillable=())


def test_too_many_parts_are_refused_by_name() -> None:
    assert [(found.code, found.path) for found in findings(HEAD + many_stages())] == [("too-many", "stages")]
    assert [(found.code, found.path) for found in findings(HEAD + triggers_that_all_hear_each_other())] == [
        ("too-many", "triggers")
    ]


def test_a_flood_of_warnings_does_not_hide_a_mistake() -> None:
    forms = ", ".join(f"f{n}: {{title: {TEXT}, fields: []}}" for n in range(3_000))
    found = findings(HEAD.replace("forms: {", f"forms: {{{forms}, ") + one_stage(step("a", ", needs: [b]")))
    assert len(found) == MAX_FINDINGS
    assert [each.code for each in found if each.level == "error"] == ["unknown-step"]


def test_a_circle_among_very_many_steps_is_still_found() -> None:
    chain = a_long_chain_of_needs().replace("{key: a900,", "{needs: [a0], key: a900,")
    assert [found.code for found in findings(HEAD + chain)] == ["circle"]
