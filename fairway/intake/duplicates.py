"""Which rows are there already: within the file, and among the leads. Exact keys, looked up as sets (L16)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import polars as pl
from django.db import connection
from django.db.models.expressions import RawSQL

from fairway.intake.fields import EXTERNAL
from fairway.intake.models import ImportedRow
from fairway.intake.reading import ROW
from fairway.leads.models import Lead

KEY_OF = {"phone": "phone_key", "email": "email_key", "company": "company_key", EXTERNAL: EXTERNAL}


def _columns() -> dict[str, type[pl.DataType]]:
    return {ROW: pl.Int64, "by": pl.String, "other_row": pl.Int64, "lead": pl.Int64}


"""A duplicate: its row, the key by which it is known, and the row of the file or the lead that it repeats."""
_AT_ONCE = 100_000


def external_of(signature: str, number: str) -> str:
    """A number of another system, apart from the same number of a system whose files look different."""
    return f"{signature[:16]}:{number}"


def repeated_rows(frame: pl.DataFrame, match: Sequence[str]) -> pl.DataFrame:
    """Rows that repeat an earlier one, with the first that has the same key. `frame` holds the good rows only."""
    found = [_repeats(frame, name) for name in match if KEY_OF[name] in frame.columns]
    return _once(found)


def _repeats(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    key = KEY_OF[name]
    return (
        frame.select(ROW, key)
        .drop_nulls(key)
        .with_columns(pl.col(ROW).min().over(key).alias("other_row"))
        .filter(pl.col("other_row") < pl.col(ROW))
        .select(ROW, pl.lit(name).alias("by"), "other_row", pl.lit(None, dtype=pl.Int64).alias("lead"))
    )


def known_rows(frame: pl.DataFrame, match: Sequence[str], signature: str) -> pl.DataFrame:
    """Rows whose lead is there already, with the newest such lead. One query for each key of `match`."""
    found = [_known(frame, name, signature) for name in match if KEY_OF[name] in frame.columns and frame.height]
    return _once(found)


def _known(frame: pl.DataFrame, name: str, signature: str) -> pl.DataFrame:
    key = KEY_OF[name]
    values = frame.get_column(key).drop_nulls().unique().to_list()
    leads = dict(_external(values, signature) if name == EXTERNAL else _by_key(key, values))
    if not leads:
        return pl.DataFrame(schema=_columns())
    there = pl.DataFrame({key: list(leads), "lead": list(leads.values())}, schema={key: pl.String, "lead": pl.Int64})
    return (
        frame.select(ROW, key)
        .join(there, on=key, how="inner", maintain_order="left")
        .select(ROW, pl.lit(name).alias("by"), pl.lit(None, dtype=pl.Int64).alias("other_row"), "lead")
    )


def _by_key(key: str, values: Sequence[str]) -> Iterator[tuple[str, int]]:
    # The index leaves blank keys out; saying so lets the database use it.
    there = Lead.objects.exclude(**{key: ""})
    for some in _batches(values):
        yield from there.filter(**{f"{key}__in": _among(some)}).order_by("id").values_list(key, "id")


def _external(values: Sequence[str], signature: str) -> Iterator[tuple[str, int]]:
    short = {external_of(signature, value): value for value in values}
    there = ImportedRow.objects.exclude(external="")
    for some in _batches(list(short)):
        rows = there.filter(external__in=_among(some)).order_by("id").values_list("external", "lead_id")
        yield from ((short[external], lead) for external, lead in rows)


def _among(values: Sequence[str]) -> RawSQL:
    """The values as a table of one parameter: a list of them would meet the limits on parameters."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::text[])", [list(values)])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(values)])


def _batches(values: Sequence[Any]) -> Iterator[list[Any]]:
    rest = iter(values)
    while some := list(islice(rest, _AT_ONCE)):
        yield some


def _once(found: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Each row once, by the first key that told."""
    if not found:
        return pl.DataFrame(schema=_columns())
    return pl.concat(found).unique(ROW, keep="first", maintain_order=True).sort(ROW)
