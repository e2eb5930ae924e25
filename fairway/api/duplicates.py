"""Records that may be the same, and merges."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from fairway.api.asking import now, person, posted
from fairway.api.problems import Problem
from fairway.api.replies import reply
from fairway.api.types import Body, Id, ItemId
from fairway.duplicates import doing, finding
from fairway.duplicates.models import Merge
from fairway.people import tokens
from fairway.people.doors import door

router = Router(tags=["duplicates"])
merges = Router(tags=["duplicates"])
RESOURCES = {"account": "companies", "contact": "contacts", "lead": "leads"}
KINDS = {"company": "account", "contact": "contact", "lead": "lead"}
NAMES = {kind: name for name, kind in KINDS.items()}
MOST = 200


class DuplicatesAsked(Schema):
    """Which pairs."""

    kind: Literal["company", "contact", "lead"]
    limit: int = Field(50, ge=1, le=MOST)


class PairOut(Schema):
    """Two records that may be the same; every point doubles the odds that they are. `reasons` speak for it."""

    id: int
    kind: str
    first: int
    first_name: str
    second: int
    second_name: str
    points: float
    reasons: list[str]
    state: str


class Pairs(Schema):
    """Pairs of which one sees both, the surest first."""

    items: list[PairOut]


class MergeIn(Body):
    """Which record goes into this one, and the fields whose values come from it; without, the gaps are filled."""

    gone: Id
    take: list[str] | None = Field(None, max_length=50)


class MergeOut(Schema):
    """A merge; `left` says, after it was undone, what was touched since and stayed."""

    id: int
    kind: str
    kept: int
    gone: int
    at: datetime
    moved: int
    undone_at: datetime | None
    left: list[str]


def shape(done: Merge) -> dict[str, Any]:
    """A merge as the API gives it."""
    return {
        "id": done.pk, "kind": NAMES[done.kind], "kept": done.kept_id, "gone": done.gone_id, "at": done.at,
        "moved": len(done.moved), "undone_at": done.undone_at, "left": done.left,
    }  # fmt: skip


@router.get("", response={200: Pairs}, operation_id="duplicates_list")
@door(scope="duplicates:read")
def list_pairs(request: HttpRequest, asked: Query[DuplicatesAsked]) -> HttpResponse:
    """List records that may be the same, the surest first."""
    kind = KINDS[asked.kind]
    _check(request, f"{RESOURCES[kind]}:read")
    rows = [
        {
            "id": one.pair.pk, "kind": asked.kind, "first": one.first.id, "first_name": one.first.title,
            "second": one.second.id, "second_name": one.second.title, "points": one.pair.bits,
            "reasons": one.pair.reasons, "state": one.pair.state,
        }
        for one in finding.review(kind, by=person(request), most=asked.limit)
    ]  # fmt: skip
    return reply({"items": rows})


class Decided(Schema):
    """How a pair stands."""

    id: int
    state: str


@router.post("/{item}/apart", response={200: Decided}, operation_id="duplicates_apart")
@door(scope="duplicates:write")
@posted
def apart(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Say that two are not the same; it is remembered."""
    pair = finding.set_apart(item, by=person(request), now=now())
    return reply({"id": pair.pk, "state": pair.state})


@merges.get("/{item}", response={200: MergeOut}, operation_id="merges_get")
@door(scope="duplicates:read")
def get_merge(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Give one merge."""
    return reply(shape(doing.seen(item, by=person(request))))


@merges.post("/{item}/undo", response={200: MergeOut}, operation_id="merges_undo")
@door(scope="duplicates:write")
@posted
def undo(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Take them apart again."""
    done = doing.seen(item, by=person(request))
    _check(request, f"{RESOURCES[done.kind]}:write")
    return reply(shape(doing.undo(item, by=person(request), now=now())))


def mount(to: Router, kind: str) -> None:
    """Mount the merge of one kind under its own address."""
    resource = RESOURCES[kind]

    @to.post("/{item}/merge", response={200: MergeOut}, operation_id=f"{resource}_merge", tags=[resource])
    @door(scope=f"{resource}:write")
    @posted
    def merge(request: HttpRequest, item: ItemId, body: MergeIn) -> HttpResponse:
        """Take another record into this one, with all that hangs on it; it can be undone."""
        return reply(shape(doing.merge(kind, item, body.gone, by=person(request), now=now(), take=body.take)))


def _check(request: HttpRequest, scope: str) -> None:
    token = getattr(request, "api_token", None)
    if token is not None and not tokens.may(token, scope):
        raise Problem(403, "scope", f"The token lacks the scope {scope}.")
