"""What a deed on many rows is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from fairway.lists.asking import Asker
from fairway.lists.columns import Choices, Row

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that a deed wants to know: a choice, or a text. Required unless `optional`."""

    name: str
    label: str | Promise
    choices: Callable[[Asker], Choices] | None = None
    optional: bool = False
    help: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """What may be done with chosen rows. `act` does it to one row, or raises; `may` says to whom it is offered."""

    key: str
    title: str | Promise
    icon: str
    asks: tuple[Ask, ...]
    act: Callable[[Row, Values, Asker], None]
    may: Callable[[Asker], bool] = lambda _asker: True
