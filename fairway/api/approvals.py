"""Approvals and waivers: what one is asked to judge."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Field, Query, Router, Schema

from fairway.api.asking import now, person, posted, revision_of
from fairway.api.paging import Page, page_of
from fairway.api.replies import reply
from fairway.api.runs import ANSWERS, answered
from fairway.api.schemas import MoreJudge, Verdict, Why
from fairway.api.tasks import COLUMNS, TaskOut, TaskPage, shape
from fairway.api.types import Body, Id, ItemId
from fairway.people.doors import door
from fairway.people.models import User
from fairway.people.scope import scope_of
from fairway.runs import actions
from fairway.runs.models import Task, Waiver
from fairway.runs.models.run import run_filter
from fairway.runs.queries.approvals import approval_of, judged_lines, verdicts_before
from fairway.runs.queries.today import tasks_of
from fairway.runs.references import more_choices

router = Router(tags=["approvals"])
waivers = Router(tags=["approvals"])
WAIVER_COLUMNS = (
    "id", "run_id", "run__title", "stage", "codes", "reasons", "why", "control", "until", "role", "judge_id",
    "asked_by_id", "asked_at", "verdict", "decided_by_id", "decided_at", "note",
)  # fmt: skip
WAIVER_NAMES = {
    "run_id": "run", "run__title": "title", "judge_id": "judge", "asked_by_id": "asked_by",
    "decided_by_id": "decided_by",
}  # fmt: skip


class JudgedLine(Schema):
    """One field of what is judged."""

    label: str
    text: str


class VerdictOut(Schema):
    """A verdict that was given before; `withdrawn` when it was taken back instead."""

    by: int | None
    at: datetime | None
    verdict: str
    note: str


class ApprovalOut(Schema):
    """What is needed to decide."""

    task: TaskOut
    judge_on: str
    judged: list[JudgedLine]
    verdicts: list[VerdictOut]


class WaiverOut(Schema):
    """A waiver asked for."""

    id: int
    run: int
    title: str
    stage: str
    codes: list[str]
    reasons: list[str]
    why: str
    control: str
    until: datetime | None
    role: str
    judge: int | None
    asked_by: int
    asked_at: datetime
    verdict: str
    decided_by: int | None
    decided_at: datetime | None
    note: str


class WaiverPage(Schema):
    """A page of waivers."""

    items: list[WaiverOut]
    next: str | None


class WaiverFilters(Schema):
    """Filters of the list of waivers."""

    run: Id | None = None
    verdict: str | None = Field(None, pattern="^(asked|granted|refused|withdrawn)$")


class DecideWaiver(Body):
    """Grant it or not."""

    grant: bool
    note: str = Field("", max_length=2000)


def shape_waiver(row: dict[str, Any]) -> dict[str, Any]:
    """A waiver as the API gives it."""
    return {WAIVER_NAMES.get(name, name): row[name] for name in WAIVER_COLUMNS}


@router.get("", response={200: TaskPage}, operation_id="approvals_list")
@door(scope="approvals:read")
def list_approvals(request: HttpRequest, page: Query[Page]) -> HttpResponse:
    """List the approvals that wait for oneself."""
    rows = tasks_of(person(request), now()).filter(kind="approve")
    return reply(page_of(rows, COLUMNS, page, shape))


@router.post("/{item}", response=ANSWERS, operation_id="approvals_decide")
@door(scope="approvals:write")
@posted
def decide(request: HttpRequest, item: ItemId, body: Verdict) -> HttpResponse:
    """Approve, send back or reject."""
    user = person(request)
    Task.objects.visible_to(scope_of(user)).values("pk").get(pk=item)
    done = actions.decide_approval(
        item,
        verdict=body.verdict,
        note=body.note,
        raw=body.values,
        to=body.to,
        by=user,
        now=now(),
        zone=user.zone,
        revision=revision_of(request),
    )
    return answered(done.run)


@router.get("/{item}", response={200: ApprovalOut}, operation_id="approvals_get")
@door(scope="approvals:read")
def get_approval(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Give one approval with what is needed to decide: what is judged as one may see it, and the verdicts so far."""
    user = person(request)
    seen = Task.objects.visible_to(scope_of(user)).filter(kind="approve").select_related("run__owner")
    task = seen.get(pk=item)
    one = approval_of(task, user)
    lines = judged_lines(one, language=get_language() or "zh-hans", zone=user.zone, more=more_choices())
    return reply(
        {
            "task": shape(Task.objects.values(*COLUMNS).get(pk=item)), "judge_on": one.judge_on,
            "judged": [{"label": label, "text": text} for label, text in lines],
            "verdicts": [
                {"by": given.done_by_id, "at": given.done_at, "verdict": given.verdict, "note": given.note}
                for given in verdicts_before(task)
            ],
        }
    )  # fmt: skip


@router.post("/{item}/judges", response=ANSWERS, operation_id="approvals_add_judge")
@door(scope="approvals:write")
@posted
def add_judge(request: HttpRequest, item: ItemId, body: MoreJudge) -> HttpResponse:
    """Ask one more person to judge."""
    user = person(request)
    Task.objects.visible_to(scope_of(user)).values("pk").get(pk=item)
    judge = User.objects.with_roles().get(pk=body.judge, is_active=True)
    revision = revision_of(request)
    return answered(actions.add_judge(item, judge=judge, why=body.why, by=user, now=now(), revision=revision).run)


@router.post("/{item}/withdraw", response=ANSWERS, operation_id="approvals_withdraw")
@door(scope="approvals:write")
@posted
def withdraw(request: HttpRequest, item: ItemId, body: Why) -> HttpResponse:
    """Take back what one put before the judges and is not decided yet."""
    user = person(request)
    Task.objects.visible_to(scope_of(user)).values("pk").get(pk=item)
    revision = revision_of(request)
    return answered(actions.withdraw_approval(item, why=body.why, by=user, now=now(), revision=revision))


@waivers.get("", response={200: WaiverPage}, operation_id="waivers_list")
@door(scope="approvals:read")
def list_waivers(request: HttpRequest, asked: Query[WaiverFilters], page: Query[Page]) -> HttpResponse:
    """List the waivers of the runs that one sees, newest first."""
    rows = Waiver.objects.filter(run_filter(scope_of(person(request)), "run__"))
    if asked.run is not None:
        rows = rows.filter(run_id=asked.run)
    if asked.verdict is not None:
        rows = rows.filter(verdict=asked.verdict)
    return reply(page_of(rows, WAIVER_COLUMNS, page, shape_waiver))


@waivers.post("/{item}/decide", response=ANSWERS, operation_id="waivers_decide")
@door(scope="approvals:write")
@posted
def decide_waiver(request: HttpRequest, item: ItemId, body: DecideWaiver) -> HttpResponse:
    """Grant or refuse a waiver."""
    _seen(request, item)
    waiver = actions.decide_waiver(item, grant=body.grant, note=body.note, by=person(request), now=now())
    return answered(waiver.run)


@waivers.post("/{item}/withdraw", response=ANSWERS, operation_id="waivers_withdraw")
@door(scope="approvals:write")
@posted
def withdraw_waiver(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Take back a waiver that one asked for."""
    _seen(request, item)
    return answered(actions.withdraw_waiver(item, by=person(request), now=now()).run)


def _seen(request: HttpRequest, item: ItemId) -> None:
    Waiver.objects.filter(run_filter(scope_of(person(request)), "run__")).values("pk").get(pk=item)
