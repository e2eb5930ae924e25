"""Tasks: what is due, and doing it."""

from datetime import datetime
from typing import Any, Literal

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from fairway.api.asking import now, person, posted
from fairway.api.current import represents
from fairway.api.filtering import FilterText, filtered_by
from fairway.api.paging import Order, Page, page_of
from fairway.api.replies import reply
from fairway.api.runs import ANSWERS, answered, submitted
from fairway.api.schemas import Submit
from fairway.api.types import Body, Id, ItemId, Moment
from fairway.people.doors import door
from fairway.people.models import User
from fairway.people.scope import scope_of
from fairway.runs import actions
from fairway.runs.models import Task
from fairway.runs.queries.today import tasks_of

router = Router(tags=["tasks"])
COLUMNS = (
    "id", "run_id", "run__title", "run__face", "stage", "step", "kind", "role", "round", "item_key", "assignee_id",
    "assignee__display_name", "status", "opened_at", "due_at", "late", "done_at", "done_by_id", "verdict", "note",
    "exception",
)  # fmt: skip
NAMED = {
    "run_id": "run", "run__title": "title", "run__face": "face", "assignee_id": "assignee",
    "assignee__display_name": "assignee_name", "done_by_id": "done_by",
}  # fmt: skip


class TaskOut(Schema):
    """One step asked of somebody."""

    id: int
    run: int
    title: str
    face: str
    stage: str
    step: str
    kind: str
    role: str
    round: int
    item_key: str
    assignee: int | None
    assignee_name: str | None
    status: str
    opened_at: datetime
    due_at: datetime | None
    late: bool
    done_at: datetime | None
    done_by: int | None
    verdict: str
    note: str
    exception: str


class TaskPage(Schema):
    """A page of tasks."""

    items: list[TaskOut]
    next: str | None


class TaskFilters(Schema):
    """`mine`: what is due for oneself, queues of one's roles included (done or void: what was one's own).

    Otherwise the tasks of the runs that one sees.
    """

    mine: bool = True
    run: Id | None = None
    status: str | None = Field(None, pattern="^(open|done|void)$")
    kind: str | None = Field(None, max_length=10)
    late: bool | None = None
    filter: FilterText = None
    sort: Literal["created", "-created", "due", "-due"] | None = Field(None, description="Newest first without.")


class PutOff(Body):
    """Until when, and why."""

    until: Moment
    why: str = Field(max_length=2000)


class HandOver(Body):
    """To whom, and why."""

    to: Id
    why: str = Field(max_length=2000)


ORDERS = {"created": Order("opened_at"), "due": Order("due_at", empty=True)}


def shape(row: dict[str, Any]) -> dict[str, Any]:
    """A task as the API gives it: late from the moment its time is over, and for good."""
    task = {NAMED.get(name, name): row[name] for name in COLUMNS}
    due, is_open = row["due_at"], row["status"] == Task.OPEN
    return {**task, "late": row["late"] or bool(is_open and due and due < now())}


@router.get("", response={200: TaskPage}, operation_id="tasks_list")
@door(scope="tasks:read")
def list_tasks(request: HttpRequest, asked: Query[TaskFilters], page: Query[Page]) -> HttpResponse:
    """List tasks, newest first."""
    user = person(request)
    rows = filtered_by(_of(user, asked), "tasks", asked.filter, user)
    for column, value in (("run_id", asked.run), ("status", asked.status), ("kind", asked.kind)):
        if value is not None:
            rows = rows.filter(**{column: value})
    if asked.late is not None:
        late = Q(late=True) | Q(status=Task.OPEN, due_at__isnull=False, due_at__lt=now())
        rows = rows.filter(late) if asked.late else rows.exclude(late)
    return reply(page_of(rows, COLUMNS, page, shape, sort=asked.sort, orders=ORDERS))


def _of(user: User, asked: TaskFilters) -> QuerySet[Task]:
    """What is due for the person; with `status` done or void, what was; else what they see."""
    seen = Task.objects.visible_to(scope_of(user))
    if not asked.mine:
        return seen
    if asked.status in (None, Task.OPEN):
        return tasks_of(user, now())
    return seen.filter(Q(done_by=user) | Q(assignee=user))


@router.get("/{item}", response={200: TaskOut}, operation_id="tasks_get")
@door(scope="tasks:read")
def get_task(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Give one task."""
    return reply(_given(request, item))


def _given(request: HttpRequest, item: int) -> dict[str, Any]:
    return shape(Task.objects.visible_to(scope_of(person(request))).values(*COLUMNS).get(pk=item))


represents("tasks", _given)
represents("approvals", _given)


@router.post("/{item}/complete", response=ANSWERS, operation_id="tasks_complete")
@door(scope="tasks:write")
@posted
def complete(request: HttpRequest, item: ItemId, body: Submit) -> HttpResponse:
    """Do the task: fill its form, or tick it off where it has none."""
    task = Task.objects.visible_to(scope_of(person(request))).get(pk=item)
    return submitted(request, task.run_id, task.step, body.model_copy(update={"task": task.pk}))


@router.post("/{item}/take", response=ANSWERS, operation_id="tasks_take")
@door(scope="tasks:write")
@posted
def take(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Take a task out of the queue of one's role."""
    Task.objects.visible_to(scope_of(person(request))).values("pk").get(pk=item)
    return answered(actions.take(item, by=person(request), now=now()).run)


@router.post("/{item}/hand-over", response=ANSWERS, operation_id="tasks_hand_over")
@door(scope="tasks:write")
@posted
def hand_over(request: HttpRequest, item: ItemId, body: HandOver) -> HttpResponse:
    """Hand a task to a colleague, saying why."""
    Task.objects.visible_to(scope_of(person(request))).values("pk").get(pk=item)
    to = User.objects.with_roles().get(pk=body.to, is_active=True)
    return answered(actions.hand_over(item, to=to, why=body.why, by=person(request), now=now()).run)


@router.post("/{item}/snooze", response=ANSWERS, operation_id="tasks_snooze")
@door(scope="tasks:write")
@posted
def snooze(request: HttpRequest, item: ItemId, body: PutOff) -> HttpResponse:
    """Put the task off: out of one's own Today until then, saying why. Its clock runs on."""
    Task.objects.visible_to(scope_of(person(request))).values("pk").get(pk=item)
    return answered(actions.snooze(item, until=body.until, why=body.why, by=person(request), now=now()).run)


@router.post("/{item}/wake", response=ANSWERS, operation_id="tasks_wake")
@door(scope="tasks:write")
@posted
def wake(request: HttpRequest, item: ItemId) -> HttpResponse:
    """Take the task up again before its time."""
    Task.objects.visible_to(scope_of(person(request))).values("pk").get(pk=item)
    return answered(actions.wake(item, by=person(request), now=now()).run)
