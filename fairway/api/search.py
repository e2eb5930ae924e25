"""Finding any record."""

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from fairway.api.asking import person
from fairway.api.replies import reply
from fairway.people import tokens
from fairway.people.doors import door
from fairway.search import kinds, queries
from fairway.search.queries import Hit

router = Router(tags=["search"])
MOST = 50
KindName = Literal["lead", "deal", "company", "contact", "complaint", "contract"]
NAMES = {"account": "company"}
"""Kinds that the API calls otherwise."""


class SearchAsked(Schema):
    """What is looked for."""

    q: str = Field(max_length=queries.LONGEST, description="Every word has to be there: two characters or more.")
    kind: KindName | None = Field(None, description="Only records of this kind.")
    limit: int = Field(20, ge=1, le=MOST, description="Records of each kind at the most.")


class HitOut(Schema):
    """A record that was found; `run`, `number`, `state`, `grade` are of its run, where it has one."""

    kind: KindName
    id: int
    title: str
    note: str
    run: int | None
    number: str
    state: str
    grade: str
    owner_name: str


class Hits(Schema):
    """What was found, by kind, the best first."""

    items: list[HitOut]


def shape(hit: Hit) -> dict[str, Any]:
    """A record found as the API gives it."""
    return {
        "kind": NAMES.get(hit.kind.name, hit.kind.name), "id": hit.id, "title": hit.title, "note": hit.note,
        "run": hit.run, "number": hit.number, "state": hit.state, "grade": hit.grade, "owner_name": hit.owner,
    }  # fmt: skip


@router.get("", response={200: Hits}, operation_id="search")
@door(scope="search:read")
def search(request: HttpRequest, asked: Query[SearchAsked]) -> HttpResponse:
    """Find records by words, phone or number, of the kinds that the token may read."""
    among = [
        kind.name for kind in kinds.all_kinds()
        if asked.kind in (None, NAMES.get(kind.name, kind.name)) and _may_read(request, kind.resource)
    ]  # fmt: skip
    found = queries.find(asked.q, by=person(request), most=asked.limit, among=among)
    return reply({"items": [shape(hit) for hit in found]})


def _may_read(request: HttpRequest, resource: str) -> bool:
    """Whether the token, if there is one, reaches as far; a session reaches as far as its person."""
    token = getattr(request, "api_token", None)
    return token is None or tokens.may(token, f"{resource}:read")
