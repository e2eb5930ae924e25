"""The summary of open runs by face, team, owner and stage: installed, counted anew, folded.

Counting the runs themselves costs by what is stored: 9.5 ms for the 17,000 leads of one team. The triggers are laid
down after every migration, because Django makes SQLite's tables anew when they change and drops the triggers with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Sum
from django.db.models.functions import Coalesce

from fairway.runs.models import Run
from fairway.runs.models.tally import Tally

FOLDED_FROM = 500
PLACE = ("face", "team_id", "owner_id", "stage")

_PLACE_OF = "{row}.face, COALESCE({row}.team_id, 0), COALESCE({row}.owner_id, 0), {row}.stage"
_COLUMNS = "({row}.face, {row}.team_id, {row}.owner_id, {row}.stage, {row}.outcome)"
_CHANGED = f"{_COLUMNS.format(row='OLD')} IS NOT {_COLUMNS.format(row='NEW')}"


def _sqlite_add(row: str, by: int) -> str:
    same = (
        f"face = {row}.face AND team_id = COALESCE({row}.team_id, 0) AND owner_id = COALESCE({row}.owner_id, 0) "
        f"AND stage = {row}.stage AND {row}.outcome = ''"
    )
    return (
        f"INSERT INTO runs_tally (face, team_id, owner_id, stage, count) SELECT {_PLACE_OF.format(row=row)}, 0 "  # noqa: S608 - no value of anybody's
        f"WHERE {row}.outcome = '' AND NOT EXISTS (SELECT 1 FROM runs_tally WHERE {same}); "
        f"UPDATE runs_tally SET count = count + ({by}) WHERE {same};"
    )


SQLITE = (
    "DROP TRIGGER IF EXISTS runs_tally_added",
    "DROP TRIGGER IF EXISTS runs_tally_changed",
    "DROP TRIGGER IF EXISTS runs_tally_removed",
    f"CREATE TRIGGER runs_tally_added AFTER INSERT ON runs_run BEGIN {_sqlite_add('NEW', 1)} END",
    (
        "CREATE TRIGGER runs_tally_changed AFTER UPDATE OF face, team_id, owner_id, stage, outcome ON runs_run "
        f"WHEN {_CHANGED} BEGIN {_sqlite_add('OLD', -1)} {_sqlite_add('NEW', 1)} END"
    ),
    f"CREATE TRIGGER runs_tally_removed AFTER DELETE ON runs_run BEGIN {_sqlite_add('OLD', -1)} END",
)


def _postgres_part(rows: str, sign: str) -> str:
    return f"SELECT {_PLACE_OF.format(row='r')}, {sign}1 AS n FROM {rows} r WHERE r.outcome = ''"  # noqa: S608


def _postgres_write(parts: str) -> str:
    return (
        "INSERT INTO runs_tally (face, team_id, owner_id, stage, count) "  # noqa: S608 - no value of anybody's
        "SELECT face, team, owner, stage, SUM(n) "
        f"FROM ({parts}) AS moved (face, team, owner, stage, n) GROUP BY 1, 2, 3, 4 HAVING SUM(n) <> 0"
    )


POSTGRES = (
    f"""
CREATE OR REPLACE FUNCTION runs_tally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN {_postgres_write(_postgres_part("added", ""))};
  ELSIF TG_OP = 'DELETE' THEN {_postgres_write(_postgres_part("gone", "-"))};
  ELSE {_postgres_write(_postgres_part("added", "") + " UNION ALL " + _postgres_part("gone", "-"))};
  END IF;
  RETURN NULL;
END $$
""",
    (
        "CREATE OR REPLACE TRIGGER runs_tally_added AFTER INSERT ON runs_run "
        "REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION runs_tally()"
    ),
    (
        "CREATE OR REPLACE TRIGGER runs_tally_changed AFTER UPDATE ON runs_run "
        "REFERENCING OLD TABLE AS gone NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION runs_tally()"
    ),
    (
        "CREATE OR REPLACE TRIGGER runs_tally_removed AFTER DELETE ON runs_run "
        "REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION runs_tally()"
    ),
)


def install(**_signal: Any) -> None:
    """Lay down the triggers and count anew. A receiver of `post_migrate`."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in POSTGRES if connection.vendor == "postgresql" else SQLITE:
            cursor.execute(statement)
        recount()


def recount() -> None:
    """Count everything anew."""
    with transaction.atomic():
        Tally.objects.all().delete()
        Tally.objects.bulk_create(Tally(**dict(zip((*PLACE, "count"), row, strict=True))) for row in _counted())


def fold(_now: datetime) -> int:
    """Add up what lies in many rows, where it is worth it; return how many rows it became. The worker's."""
    if connection.vendor != "postgresql" or Tally.objects.order_by()[: FOLDED_FROM + 1].count() <= FOLDED_FROM:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH gone AS (DELETE FROM runs_tally RETURNING face, team_id, owner_id, stage, count) "
            "INSERT INTO runs_tally (face, team_id, owner_id, stage, count) "
            "SELECT face, team_id, owner_id, stage, SUM(count) FROM gone GROUP BY 1, 2, 3, 4 HAVING SUM(count) <> 0"
        )
        return int(cursor.rowcount)


def wrong_places() -> Iterator[tuple[str, int, int]]:
    """Places whose summary is not what is there: the place in words, what the summary says, what is there."""
    rows = Tally.objects.order_by().values_list(*PLACE).annotate(Sum("count"))
    said = {row[:4]: int(row[4]) for row in rows}
    there = {row[:4]: int(row[4]) for row in _counted()}
    for place in sorted(said.keys() | there.keys()):
        if said.get(place, 0) != there.get(place, 0):
            yield "/".join(map(str, place)), said.get(place, 0), there.get(place, 0)


def _counted() -> Iterator[tuple[Any, ...]]:
    runs = Run.objects.open().order_by()
    grouped = runs.values_list("face", Coalesce("team_id", 0), Coalesce("owner_id", 0), "stage")
    yield from grouped.annotate(Count("pk"))
