"""Why a gate is shut: each thing is said once, in the document's own words where it has some."""

from datetime import datetime

from fairway.engine.calendars import shipped
from fairway.engine.commands import Start
from fairway.engine.decide import decide, standing_reasons
from fairway.engine.facts import fact
from fairway.engine.program import Program
from fairway.engine.spec import Sop
from fairway.engine.state import RunState

AT = datetime.fromisoformat("2026-03-02T09:00:00+08:00")
LEVEL = fact("complaint.level", "text", "等级", "Level")


def text(word: str) -> dict[str, str]:
    return {"zh-hans": word, "en": word}


SOP = Sop.model_validate(
    {
        "sop": "tried",
        "title": text("t"),
        "about": text("a"),
        "subject": "complaint",
        "roles": ["service"],
        "stages": [
            {
                "key": "receive",
                "title": text("receive"),
                "steps": [
                    {"key": "confirm", "kind": "task", "title": text("Confirm")},
                    {"key": "answer", "kind": "task", "title": text("Answer")},
                ],
                "gate": {
                    "any": [{"fact": "complaint.level", "is": "normal"}, {"step": "confirm"}],
                    "else": text("the manager confirms the level"),
                },
                "outcome": "done",
            }
        ],
        "outcomes": {"done": {"title": text("done"), "kind": "neutral"}},
    }
)


def reasons(level: str) -> list[tuple[str | None, str]]:
    program, calendar, facts = Program(SOP, (LEVEL,)), shipped("china"), {"complaint.level": level}
    state = decide(program, RunState.new(AT), Start(), facts, AT, calendar).state
    return [(reason.step, reason.text.en) for reason in standing_reasons(program, state, facts, AT, calendar)]


def test_a_step_that_the_gate_speaks_of_is_said_once_in_its_words():
    assert reasons("major") == [
        ("answer", "“Answer” is not done yet"),
        ("confirm", "the manager confirms the level"),
    ]


def test_a_step_still_blocks_where_the_sentence_of_the_gate_does_not_apply():
    assert reasons("normal") == [
        ("confirm", "“Confirm” is not done yet"),
        ("answer", "“Answer” is not done yet"),
    ]
