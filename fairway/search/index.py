"""Keeping the index: in the transaction of the record itself, one by one or as a set.

Whatever the ORM saves is kept by its signals. Writers that go round it (`runs.statements`, `runs.copying`) call `add`
and `add_rows`. `fairway verify` names every record that was forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Exists, Max, OuterRef

from fairway.customers.models import Account
from fairway.prepared import Prepared
from fairway.runs.copying import insert
from fairway.runs.statements import add as add_objects
from fairway.runs.verify import Fault
from fairway.search import kinds
from fairway.search.kinds import Kind
from fairway.search.models import Entry

COLUMNS = ("kind", "subject_id", "run_id", "account_id", "title", "note", "text", "grams", "unmatched")
_MUTABLE = COLUMNS[2:-1]
_AT_ONCE = 1000
_FTS = "INSERT INTO search_fts (rowid, grams)"
_KEPT = Prepared(
    lambda kind, subject: Entry.objects.filter(kind=kind, subject_id=subject).order_by().values_list("id", *_MUTABLE)
)


def add(subject: models.Model) -> None:
    """Enter a record that was just made: one statement, two on SQLite."""
    kind = kinds.kind_of(type(subject))
    _add(kind.entry(kind.values(subject)))


def put(subject: models.Model) -> bool:
    """Enter a record, or mend its entry; False, and nothing written, when its entry says so already."""
    kind = kinds.kind_of(type(subject))
    entry = kind.entry(kind.values(subject))
    found = _KEPT.first(kind.name, subject.pk)
    if found is not None and found[1:] == tuple(entry[name] for name in _MUTABLE):
        return False
    if found is None:
        _add(entry)
    else:
        Entry.objects.filter(pk=found[0]).update(**entry)
    return True


def add_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Enter new records that were written as a set: values in the order of `columns`, as `copying.insert` takes them.

    The kind's own columns have to be among them; `id` is the primary key.
    """
    kind = kinds.kind_of(model)
    places = {name: columns.index("id" if name == "pk" else name) for name in kind.read}
    _insert([kind.entry({name: row[place] for name, place in places.items()}) for row in rows])


def saved(sender: type[models.Model], instance: models.Model, created: bool, raw: bool = False, **_: Any) -> None:
    """The ORM saved a record: signal."""
    if raw:
        return
    if created:
        add(instance)
        return
    if put(instance) and isinstance(instance, Account):
        _renamed(instance)


def deleted(sender: type[models.Model], instance: models.Model, **_: Any) -> None:
    """The ORM deleted a record: signal."""
    Entry.objects.filter(kind=kinds.kind_of(sender).name, subject_id=instance.pk).delete()


def _renamed(account: Account) -> None:
    """What is found by the name of its company, too, is entered anew."""
    for kind in kinds.all_kinds():
        if "account__name" in kind.columns:
            for one in kind.model._default_manager.filter(account=account).select_related("account"):  # noqa: SLF001
                put(one)


def fill() -> int:
    """Enter what is not in the index yet, as a set; return how many. Nothing is written where nothing is missing."""
    count = 0
    for kind in kinds.all_kinds():
        if Entry.objects.filter(kind=kind.name).count() == kind.model._default_manager.count():  # noqa: SLF001
            continue
        while numbers := list(_missing(kind).order_by("pk").values_list("pk", flat=True)[:_AT_ONCE]):
            with transaction.atomic():
                # Read whole before it is written: nothing may be asked of PostgreSQL while rows are copied in.
                _insert([kind.entry(row) for row in _rows(kind, numbers)])
            count += len(numbers)
    return count


def rebuild() -> int:
    """Make the whole index anew, in one transaction; return how many entries it has."""
    with transaction.atomic():
        Entry.objects.all().delete()
        return fill()


def _rows(kind: Kind, numbers: Sequence[int]) -> models.QuerySet[Any]:
    return kind.model._default_manager.filter(pk__in=numbers).values(*kind.read)  # noqa: SLF001


def _add(entry: Mapping[str, Any]) -> None:
    row = Entry(**entry)
    add_objects([row])
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"{_FTS} VALUES (%s, %s)", [row.pk, row.grams])


def _insert(entries: Sequence[Mapping[str, Any]]) -> None:
    # FTS5 takes rows as a set at a quarter of what it takes them for one by one, as a trigger would bring them.
    last = Entry.objects.aggregate(top=Max("pk"))["top"] or 0 if connection.vendor == "sqlite" else 0
    insert(Entry, COLUMNS, ([entry[name] for name in COLUMNS] for entry in entries))
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"{_FTS} SELECT id, grams FROM search_entry WHERE id > %s", [last])  # noqa: S608


def _entries(kind: Kind) -> models.QuerySet[Entry]:
    return Entry.objects.filter(kind=kind.name, subject_id=OuterRef("pk"))


def _missing(kind: Kind) -> models.QuerySet[Any]:
    return kind.model._default_manager.filter(~Exists(_entries(kind)))  # noqa: SLF001 - whatever its manager


def found_by_their_words(now: datetime) -> Iterator[Fault]:
    """Every record has its entry, with what it says now; there is no entry of what is gone."""
    for kind in kinds.all_kinds():
        for number in _missing(kind).values_list("pk", flat=True).iterator():
            yield Fault("search", f"{kind.name} {number}", "is in no search")
        subjects = kind.model._default_manager  # noqa: SLF001 - whatever its manager
        gone = Entry.objects.filter(kind=kind.name).exclude(Exists(subjects.filter(pk=OuterRef("subject_id"))))
        for number in gone.values_list("subject_id", flat=True).iterator():
            yield Fault("search", f"{kind.name} {number}", "is gone, and is found all the same")
        yield from _outdated(kind)


def _outdated(kind: Kind) -> Iterator[Fault]:
    last, subjects = 0, kind.model._default_manager  # noqa: SLF001 - whatever its manager
    while rows := list(subjects.filter(pk__gt=last).order_by("pk").values(*kind.read)[:_AT_ONCE]):
        first, last = rows[0]["pk"], rows[-1]["pk"]
        kept = Entry.objects.filter(kind=kind.name, subject_id__range=(first, last))
        stored = {number: said for number, *said in kept.order_by().values_list("subject_id", "text", "run_id")}
        for row in rows:
            entry = kind.entry(row)
            said = [entry["text"], entry["run_id"]]
            if stored.get(row["pk"], said) != said:
                yield Fault("search", f"{kind.name} {row['pk']}", "is found by what it said before")
