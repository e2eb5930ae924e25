"""What a list has in its columns: of which kind each is, where it is read, and what may be done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, IntegerField, Value, When
from django.db.models.expressions import Combinable
from django.utils.functional import Promise

from fairway.lists.asking import Asker
from fairway.lists.tree import Leaf

Choices = Sequence[tuple[str, str | Promise]]
Row = Mapping[str, Any]

TEXT, CHOICE, FLAG, NUMBER, MONEY, DAY, MOMENT = "text", "choice", "flag", "number", "money", "day", "moment"
PERSON, TEAM, TAGS = "person", "team", "tags"
SUMMED = frozenset({NUMBER, MONEY})
GROUPED = frozenset({CHOICE, FLAG, PERSON, TEAM, DAY, MOMENT})


@dataclass(frozen=True)
class Column:
    """One column. `path` is where the ORM reads it; a path through `run__` can be asked of the run alone.

    `default`: whether it is shown unless one chooses. `shown` False: to filter by only. `condition` is for what no
    plain comparison says: it takes the leaf, the asker and the prefix of the run's columns. `choices` are (value, name)
    pairs. `value` makes what is shown out of the row, where that is not what the path holds; `needs` are the paths that
    it reads besides. `confidential` is for those alone who may read it (`Listing.trusted`). `order` makes an
    expression to sort by other than `order_path` (usually the path), which gives whole numbers. `edit` is the name of
    the field that a typed value goes to, where it may be changed in the list. `look` is how a page shows it, where its
    kind does not say.
    """

    key: str
    title: str | Promise
    kind: str
    path: str = ""
    default: bool = False
    shown: bool = True
    sortable: bool = True
    filterable: bool = True
    summed: bool = False
    averaged: bool = False
    confidential: bool = False
    nullable: bool = False
    choices: Callable[[Asker], Choices] | None = None
    condition: Callable[[Leaf, Asker, str], Any] | None = None
    value: Callable[[Row, Asker], Any] | None = None
    needs: tuple[str, ...] = ()
    order: Callable[[str], Combinable] | None = None
    order_path: str = ""
    edit: str = ""
    on_run: bool | None = None
    look: str = ""

    @property
    def of_run(self) -> bool:
        """Whether the run alone answers for it."""
        return self.path.startswith("run__") if self.on_run is None else self.on_run

    @property
    def ordered_by_run(self) -> bool:
        """Whether an index of the runs has its order, and Python compares its values as the database does."""
        return self.of_run and (self.kind == MOMENT or self.look == "grade" or self.order is not None)

    def choosable(self, asker: Asker) -> Choices:
        """The choices there are, made once for an asker; none where any value may be."""
        make = self.choices
        if make is None:
            return ()
        found: Choices = asker.remember(f"choices of {make!r}", lambda: make(asker))
        return found

    @property
    def groupable(self) -> bool:
        """Whether rows may be put together by it."""
        return self.kind in GROUPED and bool(self.path) and not self.confidential

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that is read to show it."""
        return (self.path, *self.needs) if self.path else self.needs

    def ordering(self, prefix: str = "run__") -> Combinable:
        """What its rows are sorted by; `prefix` stands before the columns of the run."""
        return self.order(prefix) if self.order else F(inside(self.order_path or self.path, prefix))


def inside(path: str, prefix: str) -> str:
    """A path through the run as it is called where the run's columns have this prefix."""
    return f"{prefix}{path.removeprefix('run__')}" if path.startswith("run__") else path


def in_order(path: str, keys: Sequence[str]) -> Combinable:
    """An expression that sorts by the place of the value in a list; others come last."""
    places = [When(**{path: key}, then=Value(place)) for place, key in enumerate(keys)]
    return Case(*places, default=Value(len(keys)), output_field=IntegerField())
