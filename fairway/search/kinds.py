"""What may be found, as the domains register it when the app is ready."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.db import models
from django.db.models.signals import post_delete, post_save
from django.utils.functional import Promise

from fairway.runs import kinds as run_kinds
from fairway.search import grams

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Said:
    """What one record says of itself: its name, what stands below it, and every text by which it is found."""

    title: str
    note: str
    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record: `columns` are what is read of it, `said` makes of them what is found.

    `letter` is its own. `run` and `account` name the columns by which it is known who sees it. `resource` is the word
    of its scope in the API, `address` its page, with `{subject}` and `{run}`; `icon` and `order` are for the screen.
    `matched`: its records are looked at for being there twice.
    `columns` that hold facts must not be confidential ones.
    """

    name: str
    letter: str
    model: type[models.Model]
    title: str | Promise
    columns: tuple[str, ...]
    said: Callable[[Mapping[str, Any]], Said]
    resource: str
    address: str
    icon: str
    order: int
    run: str = ""
    account: str = ""
    matched: bool = False

    @property
    def read(self) -> tuple[str, ...]:
        """Every column that an entry is made of, for `.values()`."""
        return tuple(dict.fromkeys(("pk", *self.columns, *filter(None, (self.run, self.account)))))

    def values(self, subject: models.Model) -> dict[str, Any]:
        """The columns of a stored object, those of what it points to as well."""
        return {name: reduce(_step, name.split("__"), subject) for name in self.read}

    def entry(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The columns of the entry of a row of `.values(*read)`."""
        said = self.said(row)
        text, pieces = grams.said("\n".join(filter(None, said.texts)).replace("\x00", ""), self.letter)
        return {
            "kind": self.name, "subject_id": row["pk"], "run_id": row[self.run] if self.run else None,
            "account_id": row[self.account] if self.account else None, "title": said.title[:_LONGEST],
            "note": said.note[:_LONGEST], "text": text, "grams": pieces,
            "unmatched": self.matched,
        }  # fmt: skip


_known: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Add a kind, for an AppConfig's ready(): from now on what the ORM saves or deletes of it is kept in the index.

    Raises ValueError when name or letter are taken, or a column is a confidential fact.
    """
    secret = {name.partition(".")[2] for name in run_kinds.confidential_facts() if name.startswith(f"{kind.name}.")}
    if secret.intersection(kind.columns):
        raise ValueError(f"{kind.name} would let confidential columns be found: {sorted(secret)}")
    if any(one.letter == kind.letter or one.name == kind.name for one in _known.values()):
        raise ValueError(f"{kind.name} or its letter is registered already")
    _known[kind.name] = kind


def listen(saved: Callable[..., None], deleted: Callable[..., None]) -> None:
    """Let these be called whenever the ORM saves or deletes a record of a registered kind."""
    for kind in _known.values():
        post_save.connect(saved, sender=kind.model, dispatch_uid=f"search saved {kind.name}")
        post_delete.connect(deleted, sender=kind.model, dispatch_uid=f"search deleted {kind.name}")


def all_kinds() -> list[Kind]:
    """Every kind, in the order of the screen."""
    return sorted(_known.values(), key=operator.attrgetter("order"))


def kind_of(model: type[models.Model]) -> Kind:
    """The kind of a model. Raises LookupError."""
    for kind in _known.values():
        if kind.model is model:
            return kind
    raise LookupError(model)


def named(name: str) -> Kind:
    """The kind of that name. Raises KeyError."""
    return _known[name]


def _step(subject: Any, name: str) -> Any:
    return None if subject is None else getattr(subject, name)
