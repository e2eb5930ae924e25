"""Every row checked as a set: mended, read field by field over the distinct values, judged by the rules of L1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

import polars as pl

from fairway.customers.normal import company_key, email_key, phone_key
from fairway.intake import cells, words
from fairway.intake.fieldmap import FieldMap, columns_in, is_composed
from fairway.intake.fields import BESIDE, LEAD, SCORE, Target, Targets
from fairway.intake.reading import EXTRA, ROW, Table
from fairway.intake.reasons import ERROR, level_of


def problem_columns() -> dict[str, type[pl.DataType]]:
    """The columns of a table of problems. A function, so that the library of tables loads when a file is read."""
    return {ROW: pl.Int64, "field": pl.String, "code": pl.String, "value": pl.String, "level": pl.String}


AS_WRITTEN = " as written"
_EDGES = " \t\r\n\u3000\u00a0\u200b\u200c\u200d\ufeff\u2028\u2029'\u00ad"
_WIDE = {
    chr(code): chr(code - 0xFEE0)
    for start, end in (("０", "９"), ("Ａ", "Ｚ"), ("ａ", "ｚ"))
    for code in range(ord(start), ord(end) + 1)
}
_WIDE |= {"\u3000": " ", "\u00a0": " ", "＠": "@", "＋": "+", "－": "-", "．": "."}
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a check needs to know beside the file: whom leads may be given to (names made alike), when and where it is,
    and whether sources that nobody knows become new ones.
    """

    now: datetime
    zone: tzinfo
    owners: Mapping[str, int] = field(default_factory=dict)
    teams: Mapping[str, int] = field(default_factory=dict)
    new_sources: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """`frame`: the good rows, a column of text for each field that is mapped (null: nothing), and the keys of
    duplicates. `problems`: row, field, code, value, level; an error keeps its row out of `frame`.
    """

    frame: pl.DataFrame
    problems: pl.DataFrame
    total: int

    @property
    def rejected(self) -> int:
        """How many rows are kept out."""
        return self.total - self.frame.height


class _Sheet:
    """The table while it is checked: columns read so far, problems found so far."""

    def __init__(self, table: Table) -> None:
        self.rows = table.frame.get_column(ROW)
        self.columns: dict[str, pl.Series] = {}
        self.problems: list[pl.DataFrame] = []

    def add_problems(self, key: str, codes: pl.Series, values: pl.Series) -> None:
        """Note a problem wherever `codes` holds one."""
        found = pl.DataFrame({ROW: self.rows, "code": codes, "value": values}).filter(
            pl.col("code").is_not_null() & (pl.col("code") != "")
        )
        if found.height:
            levels = found.get_column("code").replace_strict(
                {code: level_of(code) for code in found.get_column("code").unique()}, return_dtype=pl.String
            )
            found = found.with_columns(pl.lit(key).alias("field"), levels.alias("level"))
            self.problems.append(found.select(pl.col(name).cast(kind) for name, kind in problem_columns().items()))

    def refuse_where(self, key: str, code: str, where: pl.Series, values: pl.Series | None = None) -> None:
        """Note the problem in the rows where the mask is true."""
        codes = pl.Series([code]).new_from_index(0, len(where)).set(~where, None)
        self.add_problems(key, codes, values if values is not None else self.nothing())

    def nothing(self) -> pl.Series:
        """A column in which nothing stands."""
        return pl.Series([None], dtype=pl.String).new_from_index(0, len(self.rows))

    def found(self) -> pl.DataFrame:
        """The problems found so far."""
        return pl.concat(self.problems) if self.problems else pl.DataFrame(schema=problem_columns())

    def get(self, key: str) -> pl.Series:
        """The column of a field; empty where it is not mapped."""
        return self.columns.get(key, self.nothing())


def check(table: Table, fieldmap: FieldMap, targets: Targets, around: Surroundings) -> Checked:
    """Check every row. One pass per field over its distinct values; no query."""
    sheet = _Sheet(table)
    sheet.refuse_where("row", "too_many_cells", table.frame.get_column(EXTRA).fill_null("") != "")
    for target in targets.by_key.values():
        if target.key in fieldmap.columns or target.key in fieldmap.defaults:
            _read_field(sheet, table, fieldmap, target, around)
    _require(sheet)
    _require_points(sheet, targets, fieldmap)
    problems = sheet.found().sort(ROW, maintain_order=True)
    frame = pl.DataFrame({ROW: sheet.rows, **sheet.columns}).with_columns(_keys(sheet))
    bad = problems.filter(pl.col("level") == ERROR).get_column(ROW).unique()
    return Checked(frame.filter(~pl.col(ROW).is_in(bad.implode())), problems, table.frame.height)


def raw_column(table: Table, text: str) -> pl.Series:
    """What a value of the mapping gives for each row: a column, or a text composed of columns."""
    if not is_composed(text) or text in table.columns:
        return table.frame.get_column(text)
    parts: list[pl.Expr] = []
    rest = text
    for name in columns_in(text):
        before, _, rest = rest.partition("{" + name + "}")
        parts += [pl.lit(before), pl.col(name).fill_null("").str.strip_chars(_EDGES)]
    blank = pl.all_horizontal(pl.col(columns_in(text)).fill_null("").str.strip_chars(_EDGES) == "")
    whole = pl.concat_str([*parts, pl.lit(rest)])
    return table.frame.select(pl.when(blank).then(None).otherwise(whole).alias("whole")).get_column("whole")


def mended(raw: pl.Series) -> pl.Series:
    """Without space at the edges, full-width digits and letters as usual ones, and null where nothing is meant."""
    text = raw.str.replace_many(list(_WIDE), list(_WIDE.values())).str.strip_chars(_EDGES)
    folded = text.str.to_lowercase().is_in(list(words.BLANK))
    return text.set(folded.fill_null(value=True), None)


def distinct(values: pl.Series, read: cells.Reader) -> tuple[pl.Series, pl.Series]:
    """What `read` makes of each value, asked once for each distinct one: the values kept and the codes."""
    different = values.drop_nulls().unique()
    found = [read(one) for one in different]
    lookup = pl.DataFrame(
        {"raw": different, "kept": [kept for kept, _ in found], "code": [code for _, code in found]},
        schema={"raw": pl.String, "kept": pl.String, "code": pl.String},
    )
    joined = values.rename("raw").to_frame().join(lookup, on="raw", how="left", maintain_order="left")
    return joined.get_column("kept"), joined.get_column("code")


def _read_field(sheet: _Sheet, table: Table, fieldmap: FieldMap, target: Target, around: Surroundings) -> None:
    source = fieldmap.columns.get(target.key)
    raw = raw_column(table, source) if source else sheet.nothing()
    text = mended(raw)
    if target.key in fieldmap.defaults:
        text = text.fill_null(fieldmap.defaults[target.key])
    sheet.refuse_where(
        target.key, "characters", raw.str.contains(_REPLACEMENT, literal=True).fill_null(value=False), raw
    )
    kept, codes = distinct(text, _reader(target, fieldmap, around))
    sheet.add_problems(target.key, codes.set(codes == "new_source", None), raw)
    sheet.columns[target.key] = kept
    if target.kind == "choice":
        # What the file said is not lost: it goes into the history of the lead where another word is kept.
        sheet.columns[f"{target.key}{AS_WRITTEN}"] = text.set((text == kept).fill_null(value=True), None)


def _reader(target: Target, fieldmap: FieldMap, around: Surroundings) -> cells.Reader:
    values = fieldmap.values.get(target.key, {})
    match target.kind:
        case "phone":
            return cells.phone_cell
        case "email":
            return cells.email_cell
        case "choice":
            return cells.choice_reader(target, values, new_allowed=around.new_sources)
        case "size":
            return cells.size_reader(target, values)
        case "points":
            return cells.points_reader(target)
        case "int":
            return cells.number_reader(target)
        case "date":
            return cells.moment_reader(around.now.isoformat(), around.zone)
        case "owner":
            return cells.name_reader(around.owners, "unknown_owner")
        case "team":
            return cells.name_reader(around.teams, "unknown_team")
    return cells.text_reader(target.limit)


def _require(sheet: _Sheet) -> None:
    """Nothing is saved without a source, one way to reach the contact, and a name (L1)."""
    company, contact = sheet.get("company"), sheet.get("contact_name")
    # A private customer is the company and the contact at once.
    sheet.columns["company"] = company.fill_null(contact)
    sheet.columns["named"] = company
    errors = sheet.found().filter(pl.col("level") == ERROR)
    said = {
        key: sheet.rows.is_in(errors.filter(pl.col("field") == key).get_column(ROW).implode())
        for key in ("source", "company")
    }
    sheet.refuse_where("source", "no_source", sheet.get("source").is_null() & ~said["source"])
    reach = sheet.get("phone").is_null() & sheet.get("email").is_null() & sheet.get("wechat").is_null()
    sheet.refuse_where("phone", "unreachable", reach)
    sheet.refuse_where("company", "no_company", sheet.columns["company"].is_null() & ~said["company"])


def _require_points(sheet: _Sheet, targets: Targets, fieldmap: FieldMap) -> None:
    """A score card comes whole or not at all: a row that has some of its points must have them all."""
    if not targets.criteria or not all(key in fieldmap.columns for key in targets.criteria):
        for target in targets.of(SCORE):
            sheet.columns.pop(target.key, None)
        return
    given = pl.DataFrame({key: sheet.columns[key].is_not_null() for key in targets.criteria})
    some = given.select(pl.any_horizontal(pl.all())).to_series()
    problems = sheet.found()
    for key in targets.criteria:
        said = sheet.rows.is_in(problems.filter(pl.col("field") == key).get_column(ROW).implode())
        sheet.refuse_where(key, "points_missing", some & ~given.get_column(key) & ~said)


def _keys(sheet: _Sheet) -> list[pl.Series]:
    """By what a duplicate is known. A person without a company is not the same as another of that name."""
    return [
        distinct(sheet.get("phone"), lambda text: (phone_key(text) or None, ""))[0].rename("phone_key"),
        distinct(sheet.get("email"), lambda text: (email_key(text) or None, ""))[0].rename("email_key"),
        distinct(sheet.get("named"), lambda text: (company_key(text) or None, ""))[0].rename("company_key"),
    ]


def mapped_fields(targets: Targets, fieldmap: FieldMap) -> list[Target]:
    """The fields that the mapping fills, those of the lead first."""
    return [
        one
        for group in (LEAD, SCORE, BESIDE)
        for one in targets.of(group)
        if one.key in fieldmap.columns or one.key in fieldmap.defaults
    ]
