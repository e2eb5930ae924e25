"""Spans read from a table, and spans counted from a date that a fact holds."""

from datetime import date, datetime

import pytest
from pydantic import ValidationError

from fairway.engine.calendars import shipped
from fairway.engine.commands import Start
from fairway.engine.decide import decide
from fairway.engine.facts import fact
from fairway.engine.program import Program
from fairway.engine.spec import Due, Sop
from fairway.engine.state import RunState

AT = datetime.fromisoformat("2026-03-02T09:00:00+08:00")
LEVEL = fact("complaint.level", "text", "等级", "Level")
GOLIVE = fact("account.golive_on", "date", "上线日", "Go-live")


def text(word: str) -> dict[str, str]:
    return {"zh-hans": word, "en": word}


def sop(due: dict[str, str]) -> Sop:
    return Sop.model_validate(
        {
            "sop": "tried",
            "title": text("t"),
            "about": text("a"),
            "subject": "complaint",
            "roles": ["service"],
            "tables": {
                "levels": {
                    "title": text("levels"),
                    "rows": [
                        {"key": "normal", "values": {"answer": "24h"}},
                        {"key": "urgent", "values": {"answer": "2h"}},
                    ],
                }
            },
            "stages": [
                {
                    "key": "one",
                    "title": text("one"),
                    "outcome": "done",
                    "steps": [{"key": "answer", "kind": "task", "title": text("answer"), "due": due}],
                }
            ],
            "outcomes": {"done": {"title": text("done"), "kind": "neutral"}},
        }
    )


def due_at(due: dict[str, str], **facts: object) -> datetime | None:
    program = Program(sop(due), (LEVEL, GOLIVE))
    known = {name.replace("__", "."): value for name, value in facts.items()}
    state = decide(program, RunState.new(AT), Start(), known, AT, shipped("china")).state
    return state.tasks[0].due_at


@pytest.mark.parametrize(
    ("level", "hour"), [("normal", "2026-03-03T09:00+08:00"), ("urgent", "2026-03-02T11:00+08:00")]
)
def test_a_table_gives_the_span_by_the_value_of_a_fact(level, hour):
    due = {"within": "table.levels.answer", "by": "complaint.level", "of": "start"}
    assert due_at(due, complaint__level=level) == datetime.fromisoformat(hour)


def test_a_value_without_a_row_has_no_due_time():
    assert due_at({"within": "table.levels.answer", "by": "complaint.level"}, complaint__level="strange") is None


@pytest.mark.parametrize("column", ["table.levels.remedy", "table.none.answer", "table.levels"])
def test_a_column_that_is_not_there_is_refused_where_it_stands(column):
    with pytest.raises(ValidationError) as refused:
        sop({"within": column, "by": "complaint.level"})
    assert refused.value.errors()[0]["loc"][:6] == ("stages", 0, "steps", 0, "due", "within")


def test_spans_of_a_table_need_the_fact_that_chooses():
    with pytest.raises(ValidationError, match="need `by`"):
        sop({"within": "table.levels.answer"})


def test_a_span_counts_from_the_date_of_a_fact():
    due = {"within": "30d", "on": "account.golive_on"}
    at = due_at(due, account__golive_on=date(2026, 3, 10))
    assert at == datetime.fromisoformat("2026-04-09T18:00:00+08:00")


def test_there_is_no_due_time_until_the_date_is_known():
    assert due_at({"within": "30d", "on": "account.golive_on"}) is None


def test_a_due_time_has_one_way_only():
    with pytest.raises(ValidationError, match="one of"):
        Due.model_validate({"within": "1d", "item_date": "due_on"})
