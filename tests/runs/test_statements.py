"""Statements made once write what the ORM writes."""

from datetime import UTC, datetime

import pytest

from fairway.runs.models import Event, Job, Record, Run, Task, Visit
from fairway.runs.statements import add, update

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)


def row(one):
    return type(one).objects.filter(pk=one.pk).values().get()


@pytest.mark.parametrize(
    ("model", "fresh"),
    [
        (Run, {"key": "another"}), (Event, {"seq": 99}), (Visit, {"number": 99, "left_at": NOW, "waived": ["码"]}),
        (Task, {"item": {"金额": 1}}), (Record, {"number": 99}),
    ],
)  # fmt: skip
def test_a_row_reads_back_as_the_orm_would_have_written_it(lead, model, fresh):
    stored = model.objects.filter(**({} if model is Run else {"run": lead.run})).first()
    wanted = {field.attname: getattr(stored, field.attname) for field in model._meta.concrete_fields} | fresh
    copy = model(**{**wanted, "id": None})
    add([copy])
    assert copy.pk not in {None, stored.pk}
    assert not copy._state.adding
    assert row(copy) == {**wanted, "id": copy.pk}


def test_many_rows_get_each_their_own_id(lead):
    rows = [Job(kind="tell", key=f"k{n}", payload={"n": n}, created_at=NOW, due_at=NOW) for n in range(20)]
    add(rows)
    assert [row(one)["payload"] for one in rows] == [{"n": n} for n in range(20)]
    add([])


def test_an_update_says_how_many_rows_matched_and_leaves_others_alone(lead):
    rows = [Job(kind="tell", key=f"k{n}", payload={}, created_at=NOW, due_at=NOW) for n in range(3)]
    add(rows)
    ids = [one.pk for one in rows]
    values = {"payload": {"x": [1, None]}, "due_at": NOW, "leased_until": None, "error": "it's 100 %"}
    assert update(Job, {"id": ids[:2], "run_id": None, "status": "waiting"}, values) == 2
    assert row(rows[0]) == {**row(rows[2]), **values, "id": ids[0], "key": "k0"}
    assert row(rows[2])["error"] == ""
    assert update(Job, {"id": ids, "status": "dead"}, values) == 0
