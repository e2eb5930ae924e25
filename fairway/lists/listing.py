"""What a list is: its rows, its columns, and what may be done with many of them. Registered by name."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise

from fairway.lists.asking import Asker
from fairway.lists.columns import Column, Row
from fairway.lists.deeds import Deed
from fairway.people.scope import Scope


@dataclass(frozen=True)
class Listing:
    """One list. `seen` gives the rows that a person may see, and nothing else ever does.

    `main` is the column that names a row and leads to its page, which `url` gives; `under` is what stands small below
    the name. `search` is what a typed text means. `quick` are the columns that an address may filter by with a name of
    their own (`?owner=me`). `usual` is the filter that holds unless one is given on the same column (`state:open`).
    `subject` is what the SOPs of the rows are about, where the rows stand for runs. `face` is the face of the open runs
    that stand for the rows, where there is one for each: they are counted, and found in order, from an index of the
    runs. `ident` is the column by which the newest come first. `trusted` are the rows whose confidential values the
    person may read. `deeds` may be done with many rows at once. `tagged` is what tags of its rows hang on: the run, the
    account or the contact. `mine` is the column that says whose a row is.
    `edits` says whether the asker changes such rows at all; which of them, the action says.
    """

    key: str
    title: str | Promise
    model: type[Model]
    columns: Mapping[str, Column]
    main: str
    seen: Callable[[Scope], QuerySet[Any]]
    search: Callable[[str, Asker], Q]
    url: Callable[[Row], str]
    quick: tuple[str, ...] = ()
    usual: tuple[str, str] | None = None
    face: str = ""
    ident: str = "pk"
    usual_sort: str = ""
    always: tuple[str, ...] = ()
    trusted: Callable[[Scope], Q] | None = None
    placeholder: str | Promise = ""
    subject: str = ""
    under: Callable[[Row, Asker], Sequence[str]] | None = None
    deeds: tuple[Deed, ...] = ()
    tagged: str = ""
    mine: str = "owner"
    edits: Callable[[Asker], bool] = lambda _asker: False

    @functools.cached_property
    def shown(self) -> tuple[Column, ...]:
        """The columns that may be shown, in their usual order."""
        return tuple(column for column in self.columns.values() if column.shown)

    @functools.cached_property
    def defaults(self) -> tuple[str, ...]:
        """The columns shown to whoever chose none."""
        return tuple(column.key for column in self.shown if column.default or column.key == self.main)

    @property
    def of_runs(self) -> bool:
        """Whether its rows stand for runs, with stages and owners."""
        return bool(self.subject)


def columns(*given: Column) -> Mapping[str, Column]:
    """Columns by key, in order."""
    found = {column.key: column for column in given}
    if len(found) != len(given):
        raise ValueError("a column is there twice")
    return found


_known: dict[str, Listing] = {}


def register(listing: Listing) -> None:
    """Add a list."""
    if _known.setdefault(listing.key, listing) is not listing:
        raise ValueError(f"{listing.key} is registered already")


def listing_of(key: str) -> Listing:
    """The list of that name. Raises KeyError."""
    return _known[key]


def listings() -> Mapping[str, Listing]:
    """Every list, by name."""
    return _known
