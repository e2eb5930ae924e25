"""Finding records: what has all the words, of what the person may see, the best of each kind."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from fairway.customers.models import Account
from fairway.people.models import User
from fairway.people.scope import Scope, scope_of
from fairway.runs.models import Run
from fairway.runs.texts import outcome_title, stage_title
from fairway.search import kinds
from fairway.search.grams import asked, squeezed, words
from fairway.search.kinds import Kind
from fairway.search.models import Entry
from fairway.sops.programs import program_of

LONGEST = 100
"""Characters of a query that are looked at."""
SHOWN = 5
LOOKED_AT = 100
"""So many of the newest of each kind are looked at before those that the person sees are looked through."""
MOST_SEEN = 500
_NUMBER = re.compile(r"[A-Za-z]0*([0-9]{1,15})")
_DIGITS_OF_ID = 19
_RUN_COLUMNS = ("id", "title", "face", "version_id", "stage", "outcome", "grade", "owner__display_name")
_ENTRY_COLUMNS = ("id", "kind", "subject_id", "run_id", "account_id", "title", "note", "text")


@dataclass(frozen=True, slots=True)
class Hit:
    """One record found. `number`, `state` and `grade` are of its run, empty where it has none."""

    kind: Kind
    id: int
    title: str
    note: str
    url: str
    number: str = ""
    state: str = ""
    grade: str = ""
    owner: str = ""
    run: int | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    kind: str
    subject_id: int
    run_id: int | None
    account_id: int | None
    title: str
    note: str
    text: str


def too_short(text: str) -> bool:
    """Whether the text says too little to look for: less than two characters, or than three digits."""
    return not asked(text[:LONGEST]) and _NUMBER.fullmatch(text.strip()) is None


def find(text: str, *, by: User, most: int = SHOWN, among: Collection[str] | None = None) -> list[Hit]:
    """What the person may see with every word of the text, at most `most` of each kind, the best first.

    `among` names the kinds; all without. A number such as N000042 finds what its run is. At most seven queries
    whatever is found, three as a rule.
    """
    chosen = [kind for kind in kinds.all_kinds() if among is None or kind.name in among]
    text = text.replace("\x00", "")[:LONGEST].strip()
    number = _NUMBER.fullmatch(text)
    rows = _by_number(int(number[1]), chosen) if number else []
    wanted = asked(text)
    looked_for = [squeezed(word) for word in words(text)]
    if wanted:
        rows += _by_words(wanted, looked_for, chosen)
    rows = list({row.id: row for row in rows}.values())
    if not rows:
        return []
    seen = _Sight(by, rows)
    found = {kind.name: [row for row in rows if row.kind == kind.name and seen.sees(row)] for kind in chosen}
    short = [k for k in chosen if len(found[k.name]) < most and _count(rows, k) >= LOOKED_AT] if wanted else []
    if short and not scope_of(by).is_admin:
        more = _among_seen(looked_for, short, scope_of(by))
        seen.add(more)
        for row in more:
            if row.id not in {one.id for one in found[row.kind]} and seen.sees(row):
                found[row.kind].append(row)
    # A lead that became a deal is found as the deal.
    deals = {row.run_id for row in found.get("deal", ())}
    name = squeezed(text)
    return [
        seen.hit(kind, row)
        for kind in chosen
        for row in sorted(
            (row for row in found[kind.name] if kind.name != "lead" or row.run_id not in deals),
            key=lambda row: _rank(row, name),
        )[:most]
    ]  # fmt: skip


def known(addresses: Iterable[str], *, by: User) -> list[Hit]:
    """The records of these addresses (`/leads/7`) that the person may see, in their order. Three queries at most."""
    places = {kind.address.partition("{")[0]: kind for kind in kinds.all_kinds() if "{subject}" in kind.address}
    wanted: list[tuple[str, int]] = []
    for address in list(addresses)[: SHOWN * 2]:
        start, _slash, number = address.rpartition("/")
        if f"{start}/" in places and number.isascii() and number.isdigit() and len(number) < _DIGITS_OF_ID:
            wanted.append((places[f"{start}/"].name, int(number)))
    found = {name: records(name, [one for kind, one in wanted if kind == name], by=by) for name, _number in wanted}
    return [found[name][number] for name, number in wanted if number in found[name]]


def records(kind: str, numbers: Collection[int], *, by: User) -> dict[int, Hit]:
    """The records of a kind that the person may see, by number. Two queries."""
    rows = _rows(Entry.objects.filter(kind=kind, subject_id__in=numbers).order_by())
    seen = _Sight(by, rows)
    return {row.subject_id: seen.hit(kinds.named(kind), row) for row in rows if seen.sees(row)}


def subjects_with(kind: Kind, pieces: Iterable[str], *, most: int) -> set[int]:
    """The newest records of a kind in which a piece stands as it is: at most `most` for each piece. One query."""
    parts: list[str] = []
    values: list[Any] = []
    for piece in map(squeezed, pieces):
        wanted = asked(piece)
        if wanted:
            sql, given = _part(kind, wanted, [piece], most)
            parts.append(sql)
            values.extend(given)
    if not parts:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return {row[2] for row in cursor.fetchall()}


def _rank(row: _Row, name: str) -> tuple[int, int]:
    """Named just so, then what begins so, then the rest; the newest first."""
    title = squeezed(row.title)
    return 0 if title == name else 1 if title.startswith(name) else 2, -row.subject_id


def _count(rows: Iterable[_Row], kind: Kind) -> int:
    return sum(row.kind == kind.name for row in rows)


def _by_words(wanted: Sequence[str], looked_for: Sequence[str], chosen: Sequence[Kind]) -> list[_Row]:
    """The newest entries of each kind that have all pieces, and the words as they stand. One query."""
    parts: list[str] = []
    values: list[Any] = []
    for kind in chosen:
        sql, given = _part(kind, wanted, looked_for, LOOKED_AT)
        parts.append(sql)
        values.extend(given)
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return [_Row(*row) for row in cursor.fetchall()]


def _part(kind: Kind, wanted: Sequence[str], looked_for: Sequence[str], most: int) -> tuple[str, list[Any]]:
    """The newest entries of one kind that have all pieces and in which the words stand; a subquery, for its own end."""
    columns = ", ".join(f"e.{name}" for name in _ENTRY_COLUMNS)
    if connection.vendor == "postgresql":
        has, order = "strpos(e.text, %s) > 0", "e.id"
        source = "search_entry e WHERE string_to_array(e.grams, ' ') @> %s"
    else:
        has, order = "instr(e.text, %s) > 0", "search_fts.rowid"
        source = "search_fts JOIN search_entry e ON e.id = search_fts.rowid WHERE search_fts MATCH %s"
    tests = "".join(f" AND {has}" for _ in looked_for)
    sql = f"SELECT * FROM (SELECT {columns} FROM {source}{tests} ORDER BY {order} DESC LIMIT {most}) p"  # noqa: S608 - our own names
    return sql, [_pieces(kind, wanted), *looked_for]


def _pieces(kind: Kind, wanted: Sequence[str]) -> Any:
    pieces = [kind.letter + piece for piece in wanted]
    return pieces if connection.vendor == "postgresql" else " ".join(f'"{piece}"' for piece in pieces)


def _by_number(run_id: int, chosen: Sequence[Kind]) -> list[_Row]:
    names = [kind.name for kind in chosen if kind.run]
    return _rows(Entry.objects.filter(run_id=run_id, kind__in=names).order_by("id"))


def _among_seen(looked_for: Sequence[str], short: Sequence[Kind], scope: Scope) -> list[_Row]:
    """What the person sees is looked through, where of the newest with these words they see too few."""
    said = Q()
    for word in looked_for:
        said &= Q(text__contains=word)
    # Named by neither kind nor order, so that the database begins with what is seen: by that there is an index.
    rows: list[_Row] = []
    if any(kind.run for kind in short):
        runs = Run.objects.visible_to(scope).order_by().values("id")
        rows += _rows(Entry.objects.filter(said, run__in=runs).order_by()[:MOST_SEEN])
    if not all(kind.run for kind in short):
        accounts = Account.objects.visible_to(scope).filter(archived_at=None).order_by().values("id")
        rows += _rows(Entry.objects.filter(said, account__in=accounts).order_by()[:MOST_SEEN])
    names = {kind.name for kind in short}
    return [row for row in rows if row.kind in names]


def _rows(entries: QuerySet[Entry]) -> list[_Row]:
    return [_Row(*row) for row in entries.values_list(*_ENTRY_COLUMNS)]


class _Sight:
    """What the person sees of the rows: two queries, one for those with a run and one for those with a company."""

    def __init__(self, user: User, rows: Sequence[_Row]) -> None:
        self.scope = scope_of(user)
        self.runs: dict[int, Mapping[str, Any]] = {}
        self.accounts: dict[int, str] = {}
        self.add(rows)

    def add(self, rows: Iterable[_Row]) -> None:
        """Ask for rows that came later."""
        rows = list(rows)
        runs = {row.run_id for row in rows if row.run_id is not None} - self.runs.keys()
        accounts = {row.account_id or 0 for row in rows if row.run_id is None} - self.accounts.keys()
        if runs:
            visible = Run.objects.visible_to(self.scope).filter(pk__in=runs).order_by()
            self.runs.update((row["id"], row) for row in visible.values(*_RUN_COLUMNS))
        if accounts:
            visible_accounts = Account.objects.visible_to(self.scope).filter(pk__in=accounts, archived_at=None)
            owned = visible_accounts.order_by().values_list("id", "owner__display_name")
            self.accounts.update((number, owner or "") for number, owner in owned)

    def sees(self, row: _Row) -> bool:
        """Whether the person may see it."""
        return row.run_id in self.runs if row.run_id is not None else row.account_id in self.accounts

    def hit(self, kind: Kind, row: _Row) -> Hit:
        """The record as it is shown."""
        url = kind.address.format(subject=row.subject_id, run=row.run_id)
        if row.run_id is None:
            owner = self.accounts[row.account_id or 0]
            return Hit(kind, row.subject_id, row.title, row.note, url, owner=owner)
        run = self.runs[row.run_id]
        program = program_of(run["version_id"])
        state = outcome_title(program, run["outcome"]) if run["outcome"] else stage_title(program, run["stage"])
        return Hit(
            kind, row.subject_id, row.title or run["title"], row.note, url, f"{program.sop.prefix}{row.run_id:06d}",
            state, run["grade"], run["owner__display_name"] or "", row.run_id,
        )  # fmt: skip
