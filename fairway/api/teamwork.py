"""Comments and followers."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema
from pydantic import model_validator

from fairway.api.asking import now, person, posted
from fairway.api.paging import Page, page_of
from fairway.api.replies import reply
from fairway.api.types import Body, Id, ItemId
from fairway.people.doors import door
from fairway.people.scope import scope_of
from fairway.teamwork import actions
from fairway.teamwork.models import Comment, Follower
from fairway.teamwork.subjects import Subject, load, of_row

router = Router(tags=["comments"])
follows = Router(tags=["comments"])
COMMENT = (
    "id", "run_id", "account_id", "contact_id", "stage", "text", "by_id", "by__display_name", "at", "edited_at",
    "removed_at",
)  # fmt: skip
FOLLOW = ("id", "run_id", "account_id", "contact_id", "user_id", "user__display_name", "since")
NAMED = {
    "run_id": "run", "account_id": "company", "contact_id": "contact", "by_id": "by", "by__display_name": "by_name",
    "user_id": "user", "user__display_name": "user_name",
}  # fmt: skip


class CommentOut(Schema):
    """A comment on exactly one of run, company, contact. A removed one has no text any more."""

    id: int
    run: int | None
    company: int | None
    contact: int | None
    stage: str
    text: str
    by: int
    by_name: str
    at: datetime
    edited_at: datetime | None
    removed_at: datetime | None


class CommentPage(Schema):
    """A page of comments."""

    items: list[CommentOut]
    next: str | None


class FollowOut(Schema):
    """Somebody who is told what becomes of a record."""

    id: int
    run: int | None
    company: int | None
    contact: int | None
    user: int
    user_name: str
    since: datetime


class FollowPage(Schema):
    """A page of followers."""

    items: list[FollowOut]
    next: str | None


class About(Schema):
    """Filters: what it is about."""

    run: Id | None = None
    company: Id | None = None
    contact: Id | None = None


class OneSubject(Body):
    """What it is about: exactly one of the three."""

    run: Id | None = None
    company: Id | None = None
    contact: Id | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> "OneSubject":
        if len([one for one in (self.run, self.company, self.contact) if one is not None]) != 1:
            raise ValueError("exactly one of run, company, contact")
        return self

    def subject(self, request: HttpRequest) -> Subject:
        """What is meant. Raises ObjectDoesNotExist for what the person may not see."""
        kinds = (("run", self.run), ("account", self.company), ("contact", self.contact))
        kind, id_ = next((kind, id_) for kind, id_ in kinds if id_ is not None)
        return load(kind, id_, person(request))


class NewComment(OneSubject):
    """A comment. `@` and a name mentions a colleague; `anyway` keeps it though one of them may not see the record."""

    text: str = Field(min_length=1, max_length=10_000)
    anyway: bool = False


class ChangedComment(Body):
    """Other words for one's own comment."""

    text: str = Field(min_length=1, max_length=10_000)
    anyway: bool = False


def shape(row: dict[str, Any]) -> dict[str, Any]:
    """A comment or follower as the API gives it."""
    return {NAMED.get(name, name): value for name, value in row.items()}


def _narrowed(rows: Any, asked: About) -> Any:
    for column, value in (("run_id", asked.run), ("account_id", asked.company), ("contact_id", asked.contact)):
        if value is not None:
            rows = rows.filter(**{column: value})
    return rows


def _one(request: HttpRequest, item: int, *, status: int = 200) -> HttpResponse:
    rows = Comment.objects.visible_to(scope_of(person(request)))
    return reply(shape(rows.values(*COMMENT).get(pk=item)), status=status)


@router.get("", response={200: CommentPage}, operation_id="comments_list")
@door(scope="comments:read")
def list_comments(request: HttpRequest, asked: Query[About], page: Query[Page]) -> HttpResponse:
    """List comments on what one sees, newest first."""
    rows = _narrowed(Comment.objects.visible_to(scope_of(person(request))), asked)
    return reply(page_of(rows, COMMENT, page, shape))


@router.post("", response={201: CommentOut}, operation_id="comments_add")
@door(scope="comments:write")
@posted
def add_comment(request: HttpRequest, body: NewComment) -> HttpResponse:
    """Say something on a record; who is mentioned is told."""
    made = actions.comment(body.subject(request), body.text, by=person(request), now=now(), anyway=body.anyway)
    return _one(request, made.pk, status=201)


@router.get("/{item}", response={200: CommentOut}, operation_id="comments_get")
@door(scope="comments:read")
def get_comment(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Give one comment."""
    return _one(request, item)


@router.patch("/{item}", response={200: CommentOut}, operation_id="comments_change")
@door(scope="comments:write")
def change_comment(request: HttpRequest, item: ItemId, body: ChangedComment) -> HttpResponse:
    """Change one's own words within a day; what they were is kept."""
    Comment.objects.visible_to(scope_of(person(request))).values("pk").get(pk=item)
    actions.edit(item, body.text, by=person(request), now=now(), anyway=body.anyway)
    return _one(request, item)


@router.delete("/{item}", response={204: None}, operation_id="comments_remove")
@door(scope="comments:write")
def remove_comment(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Take a comment away; its place stays."""
    Comment.objects.visible_to(scope_of(person(request))).values("pk").get(pk=item)
    actions.remove(item, by=person(request), now=now())
    return HttpResponse(status=204)


@follows.get("", response={200: FollowPage}, operation_id="followers_list")
@door(scope="comments:read")
def list_followers(request: HttpRequest, asked: Query[About], page: Query[Page]) -> HttpResponse:
    """List who follows what one sees, newest first."""
    rows = _narrowed(Follower.objects.visible_to(scope_of(person(request))), asked)
    return reply(page_of(rows, FOLLOW, page, shape))


@follows.post("", response={201: FollowOut}, operation_id="followers_add")
@door(scope="comments:write")
@posted
def follow(request: HttpRequest, body: OneSubject) -> HttpResponse:
    """Follow a record: be told what becomes of it."""
    found = actions.follow(body.subject(request), by=person(request), now=now())
    return reply(shape(Follower.objects.values(*FOLLOW).get(pk=found.pk)), status=201)


@follows.delete("/{item}", response={204: None}, operation_id="followers_remove")
@door(scope="comments:write")
def unfollow(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Follow no longer; only oneself."""
    user = person(request)
    found = Follower.objects.select_related("run", "account", "contact__account").get(pk=item, user=user)
    actions.unfollow(of_row(found), by=user)
    return HttpResponse(status=204)
