"""What came of the rows, as files for people: the bad ones with their reasons, the duplicates with what they match."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from fairway.intake.duplicates import KEY_OF
from fairway.intake.fields import Targets
from fairway.intake.models import Import
from fairway.intake.preparing import CHECKED, PROBLEMS, table_of
from fairway.intake.reading import EXTRA, ROW, Table
from fairway.intake.reasons import ERROR, field_name, reason
from fairway.leads.models import Lead
from fairway.people.scope import Scope
from fairway.runs.models.run import run_filter


def bad_rows(problems: pl.DataFrame, table: Table, targets: Targets) -> Iterator[list[Any]]:
    """A heading; row, field, value and reason of each error, then the row as it was: mended, it goes in again."""
    yield [_("Row"), _("Field"), _("Value"), _("Reason"), *table.columns]
    errors = problems.filter(pl.col("level") == ERROR)
    joined = errors.join(table.frame.drop(EXTRA), on=ROW, how="left", maintain_order="left")
    for row, field, code, value, _level, *cells in joined.iter_rows():
        target = targets.by_key.get(field)
        yield [row, field_name(field, target), value or "", reason(code, target, value or ""), *cells]


def kept_bad_rows(intake: Import, targets: Targets) -> Iterator[list[Any]]:
    """The bad rows of an import that was run."""
    return bad_rows(pl.read_parquet(intake.path / PROBLEMS), table_of(intake), targets)


def kept_duplicates(intake: Import) -> pl.DataFrame:
    """The duplicates of an import as far as it has come: row, by, other_row, lead, and the row's company."""
    checked = pl.read_parquet(intake.path / CHECKED).head(intake.place)
    repeats = checked.filter(pl.col("other_row").is_not_null()).select(
        ROW, "by", "other_row", pl.lit(None, dtype=pl.Int64).alias("lead")
    )
    known = [pl.read_parquet(path) for path in sorted(intake.path.glob("known-*.parquet"))]
    return pl.concat([repeats, *known]).sort(ROW).join(checked.select(ROW, "company"), on=ROW, how="left")


def duplicate_rows(duplicates: pl.DataFrame, scope: Scope | None) -> Iterator[list[Any]]:
    """Row, company, by which key, and what it matches; a lead out of the reader's sight is said to exist, not named.

    `scope` None is the person at the machine, who sees all.
    """
    yield [_("Row"), _("Company"), _("Same"), _("Matches")]
    names = lead_names(duplicates.get_column("lead").drop_nulls().unique().to_list(), scope)
    for row, by, other, lead, company in duplicates.select(ROW, "by", "other_row", "lead", "company").iter_rows():
        yield [row, company, key_name(by), match_name(other, lead, names)]


def lead_names(ids: Sequence[int], scope: Scope | None) -> Mapping[int, str]:
    """The companies of those leads that the reader may see. A query for each 900."""
    found: dict[int, str] = {}
    for start in range(0, len(ids), 900):
        leads = Lead.objects.filter(pk__in=ids[start : start + 900])
        if scope is not None:
            leads = leads.filter(run_filter(scope, "run__"))
        found.update(leads.order_by().values_list("pk", "company"))
    return found


def match_name(other: int | None, lead: int | None, names: Mapping[int, str]) -> str:
    """What a duplicate matches, in words."""
    if other is not None:
        return _("row %(row)s of this file") % {"row": other}
    if lead is not None and lead in names:
        return _("lead %(id)s, %(company)s") % {"id": lead, "company": names[lead]}
    return _("a lead of another team")


KEYS = tuple(KEY_OF)
"""By what duplicates may be known."""


def key_name(key: str) -> str:
    """By what two rows are the same, in words."""
    names = {"phone": _("Phone"), "email": _("E-mail"), "company": _("Company"), "external_id": _("External number")}
    return names.get(key, key)
