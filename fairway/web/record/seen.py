"""The run of a page with what its page shows beside it, by one prepared query."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Model
from django.http import Http404
from django.utils import timezone

from fairway.care.models import Complaint
from fairway.customers.models import Account, Contact
from fairway.deals.models import Deal
from fairway.leads.models import Lead
from fairway.people.models import User
from fairway.prepared import Prepared, Row, columns_of, made
from fairway.runs.models import Run
from fairway.runs.permissions import sees
from fairway.runs.queries.reads import people
from fairway.sops.models import SopVersion

VERSION = ("id", "key", "number")
PARTS: tuple[tuple[str, type[Model]], ...] = (
    ("account", Account), ("lead", Lead), ("deal", Deal), ("deal__contact", Contact), ("complaint", Complaint),
)  # fmt: skip
NAMES = (
    *columns_of(Run), *(f"version__{name}" for name in VERSION),
    *(name for prefix, model in PARTS for name in columns_of(model, f"{prefix}__")),
)  # fmt: skip
_RUN = Prepared(lambda id_, *, by: Run.objects.filter(**{by: id_}).order_by().values_list(*NAMES)[:1])


def run_seen(user: User, *, by: str, id_: int) -> Run:
    """The run by its id (`pk`) or that of its subject (`deal`), with owner, version, company, lead, deal and complaint.

    Raises Http404 for one that is not there, or not for this person to see; at most two queries.
    """
    row = _RUN.first(id_, by=f"{by}__pk" if by != "pk" else by)
    if row is None:
        raise Http404
    width = len(columns_of(Run))
    run, rest = made(Run, row[:width]), row[width:]
    if not sees(user, run):
        raise Http404
    run.owner = people([run.owner_id], timezone.now()).get(run.owner_id or 0)
    run.version, rest = _first(SopVersion, rest, VERSION)
    found: dict[str, Any] = {}
    for prefix, model in PARTS:
        found[prefix], rest = _first(model, rest, columns_of(model))
    run.account = found["account"]
    # What a query with its joins would have left: a subject that is not there is known not to be.
    cache = run._state.fields_cache  # noqa: SLF001 - as select_related fills it
    for name in ("lead", "deal", "complaint"):
        cache[name] = found[name]
        if found[name] is not None:
            found[name].run = run
    if found["deal"] is not None:
        found["deal"].contact = found["deal__contact"]
        if run.account is not None and found["deal"].account_id == run.account_id:
            found["deal"].account = run.account
    return run


def _first(model: type[Model], row: Row, names: Sequence[str]) -> tuple[Any, Row]:
    """The object that the first columns make, None where there is none; and the columns behind them."""
    own, rest = row[: len(names)], row[len(names) :]
    return (made(model, own, names) if own[0] is not None else None), rest
