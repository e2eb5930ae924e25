"""What leads, deals and complaints have in common: the run, its gate, its events, and the commands on it.

Each resource mounts the same commands under its own address (`POST /deals/42/advance`), so that there is one of each.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema
from pydantic import BaseModel

from fairway.api.asking import now, person, posted, revision_of
from fairway.api.filtering import FilterText
from fairway.api.paging import MOST, Page, RunSort, row_id
from fairway.api.replies import reply
from fairway.api.schemas import (
    Advance,
    AskWaiver,
    Back,
    Close,
    EventOut,
    GateOut,
    LogContact,
    Reassign,
    RunOut,
    Submit,
    Tags,
    Why,
)
from fairway.api.types import MOST_REVISION, Id, ItemId, Key, Moment
from fairway.lists.actions.tags import named, tag_run
from fairway.people.doors import door
from fairway.people.models import User
from fairway.people.scope import scope_of
from fairway.runs import actions
from fairway.runs.models import Event, Run
from fairway.runs.models.run import run_filter
from fairway.runs.permissions import reads_confidential
from fairway.runs.queries import load_run, run_page
from fairway.sops.programs import program_of

RUN_COLUMNS = (
    "run__sop", "run__version_id", "run__stage", "run__grade", "run__owner_id", "run__owner__display_name",
    "run__team_id", "run__outcome", "run__reason", "run__started_at", "run__entered_at", "run__next_due",
    "run__closed_at", "run__revision", "run_id",
)  # fmt: skip
Locate = Callable[[HttpRequest, int], int]
ANSWERS = {200: RunOut}


def facts_in(body: BaseModel, room: str) -> dict[str, Any]:
    """What was sent as facts of a room: what is left out is not there, null empties one."""
    return {f"{room}.{name}": value for name, value in body.model_dump(exclude_unset=True).items()}


class RunFilters(Schema):
    """Filters on where things stand; the same as those of the lists."""

    q: str | None = Field(None, max_length=100, description="Part of a name.")
    owner: Id | None = None
    team: Id | None = None
    stage: str | None = Field(None, max_length=50)
    grade: str | None = Field(None, max_length=1)
    status: str | None = Field(None, pattern="^(open|closed)$")
    outcome: str | None = Field(None, max_length=50)
    late: bool | None = None
    filter: FilterText = None
    created_from: Moment | None = None
    created_to: Moment | None = Field(None, description="Up to and without this time.")
    sort: RunSort | None = Field(None, description="Newest first without.")


def filtered(rows: QuerySet[Any], asked: RunFilters, *, at: datetime, prefix: str = "run__") -> QuerySet[Any]:
    """The rows that the filters leave; what is late is late at `at`."""
    same = {"owner_id": asked.owner, "team_id": asked.team, "stage": asked.stage, "grade": asked.grade}
    for column, value in same.items():
        if value is not None:
            rows = rows.filter(**{f"{prefix}{column}": value})
    if asked.q:
        rows = rows.filter(**{f"{prefix}title__icontains": asked.q})
    if asked.outcome is not None:
        rows = rows.filter(**{f"{prefix}outcome": asked.outcome})
    if asked.status is not None:
        closed = Q(**{f"{prefix}outcome": ""})
        rows = rows.filter(closed if asked.status == "open" else ~closed)
    if asked.late is not None:
        late = Q(**{f"{prefix}outcome": "", f"{prefix}next_due__lt": at})
        rows = rows.filter(late if asked.late else ~late)
    return within(rows, asked.created_from, asked.created_to)


def within(rows: QuerySet[Any], since: datetime | None, until: datetime | None) -> QuerySet[Any]:
    """The rows that were made from `since` on and before `until`."""
    if since is not None:
        rows = rows.filter(created_at__gte=since)
    return rows.filter(created_at__lt=until) if until is not None else rows


def run_part(row: dict[str, Any]) -> dict[str, Any]:
    """Where a run stands, from a row of `.values(*RUN_COLUMNS)`."""
    due, outcome = row["run__next_due"], row["run__outcome"]
    return {
        "run": row["run_id"], "number": number_of(row["run__version_id"], row["run_id"]), "sop": row["run__sop"],
        "stage": row["run__stage"], "grade": row["run__grade"], "owner": row["run__owner_id"],
        "owner_name": row["run__owner__display_name"], "team": row["run__team_id"], "outcome": outcome,
        "reason": row["run__reason"], "started_at": row["run__started_at"], "entered_at": row["run__entered_at"],
        "next_due": due, "closed_at": row["run__closed_at"], "late": bool(due and not outcome and due < now()),
        "revision": row["run__revision"],
    }  # fmt: skip


def number_of(version_id: int, run_id: int) -> str:
    """The number by which people call a run, such as N000042."""
    return f"{program_of(version_id).sop.prefix}{run_id:06d}"


def run_of(run: Run) -> dict[str, Any]:
    """Where a run stands, from the row that an action gave back."""
    due = run.next_due
    return {
        "run": run.pk, "number": number_of(run.version_id, run.pk), "sop": run.sop, "stage": run.stage,
        "grade": run.grade, "owner": run.owner_id, "owner_name": run.owner.display_name if run.owner else None,
        "team": run.team_id, "outcome": run.outcome, "reason": run.reason, "started_at": run.started_at,
        "entered_at": run.entered_at, "next_due": due, "closed_at": run.closed_at,
        "late": bool(due and run.is_open and due < now()), "revision": run.revision,
    }  # fmt: skip


def answered(run: Run) -> HttpResponse:
    """The answer to a command: the run as it is now."""
    return reply(run_of(run), revision=run.revision)


def event_rows(rows: QuerySet[Event], user: User) -> list[dict[str, Any]]:
    """Events with what the person may see of them; two queries at most per run shown."""
    found = list(rows.select_related("by", "run"))
    trusted = {run.pk: reads_confidential(user, run) for run in {event.run for event in found}}
    return [
        {
            "id": event.pk, "run": event.run_id, "seq": event.seq, "kind": event.kind, "at": event.at,
            "by": event.by_id, "by_name": event.by.display_name if event.by else None,
            "data": {k: v for k, v in event.data.items() if trusted[event.run_id] or k != "confidential"},
        }
        for event in found
    ]  # fmt: skip


class EventPage(Schema):
    """Up to `limit` events, those before number `before`."""

    before: int | None = Field(None, ge=0, le=MOST_REVISION)
    limit: int = Field(50, ge=1, le=MOST)


def mount(router: Router, resource: str, locate: Locate) -> None:  # noqa: C901 - one function for each command
    """Mount the reads and commands of runs on a resource's router.

    `resource` names the scope (`deals`); `locate` gives the run of an id that the person may see, or raises.
    """

    @router.get("/{item}/gate", response={200: GateOut}, operation_id=f"{resource}_gate")
    @door(scope=f"{resource}:read")
    def gate(request: HttpRequest, item: ItemId) -> HttpResponse:
        """Say every reason why it cannot go on, who owes it, and where it may go."""
        user = person(request)
        page = run_page(load_run(locate(request, item), user), user, now=now())
        reasons = [
            {
                "code": r.code, "message": r.text, "step": r.step or None, "role": r.role or None, "who": r.who or None,
                "waivable": r.waivable, "waived": r.waived,
            }
            for r in page.reasons
        ]  # fmt: skip
        ways = {"ways_on": [w.key for w in page.ways_on], "ways_back": [w.key for w in page.ways_back]}
        body = {
            "stage": page.run.stage,
            "open": not [r for r in reasons if not r["waived"]],
            **ways,
            "reasons": reasons,
        }
        return reply(body, revision=page.run.revision)

    @router.get("/{item}/events", response={200: list[EventOut]}, operation_id=f"{resource}_events")
    @door(scope=f"{resource}:read")
    def events(request: HttpRequest, item: ItemId, asked: Query[EventPage]) -> HttpResponse:
        """List its events, newest first."""
        user = person(request)
        rows = Event.objects.filter(run=load_run(locate(request, item), user)).order_by("-seq")
        if asked.before is not None:
            rows = rows.filter(seq__lt=asked.before)
        return reply(event_rows(rows[: asked.limit], user))

    @router.post("/{item}/advance", response=ANSWERS, operation_id=f"{resource}_advance")
    @door(scope=f"{resource}:write")
    @posted
    def advance(request: HttpRequest, item: ItemId, body: Advance) -> HttpResponse:
        """Pass the gate to the next stage. Refused with every unmet reason."""
        run = actions.advance(
            locate(request, item), to=body.to, by=person(request), now=now(),
            revision=revision_of(request, body.revision),
        )  # fmt: skip
        return answered(run)

    @router.post("/{item}/back", response=ANSWERS, operation_id=f"{resource}_back")
    @door(scope=f"{resource}:write")
    @posted
    def back(request: HttpRequest, item: ItemId, body: Back) -> HttpResponse:
        """Go back to an earlier stage, saying why."""
        run = actions.go_back(
            locate(request, item), to=body.to, why=body.why, by=person(request), now=now(),
            revision=revision_of(request, body.revision),
        )  # fmt: skip
        return answered(run)

    @router.post("/{item}/close", response=ANSWERS, operation_id=f"{resource}_close")
    @door(scope=f"{resource}:write")
    @posted
    def close(request: HttpRequest, item: ItemId, body: Close) -> HttpResponse:
        """End it with an outcome and a reason of its list."""
        run = actions.close(
            locate(request, item), outcome=body.outcome, reason=body.reason, note=body.note, by=person(request),
            now=now(), revision=revision_of(request, body.revision),
        )  # fmt: skip
        return answered(run)

    @router.post("/{item}/reopen", response=ANSWERS, operation_id=f"{resource}_reopen")
    @door(scope=f"{resource}:write")
    @posted
    def reopen(request: HttpRequest, item: ItemId, body: Why) -> HttpResponse:
        """Open it again on the stage where it ended, saying why."""
        run = actions.reopen(
            locate(request, item), why=body.why, by=person(request), now=now(),
            revision=revision_of(request, body.revision),
        )  # fmt: skip
        return answered(run)

    @router.post("/{item}/reassign", response=ANSWERS, operation_id=f"{resource}_reassign")
    @door(scope=f"{resource}:write")
    @posted
    def reassign(request: HttpRequest, item: ItemId, body: Reassign) -> HttpResponse:
        """Give it another owner, saying why. Stage and clocks stay."""
        run = actions.reassign(
            locate(request, item), owner=User.objects.get(pk=body.owner), why=body.why, by=person(request), now=now(),
            revision=revision_of(request, body.revision),
        )  # fmt: skip
        return answered(run)

    @router.post("/{item}/log-contact", response=ANSWERS, operation_id=f"{resource}_log_contact")
    @door(scope=f"{resource}:write")
    @posted
    def log_contact(request: HttpRequest, item: ItemId, body: LogContact) -> HttpResponse:
        """Log a call, visit, mail or message and what came of it."""
        run = actions.log_contact(
            locate(request, item), outcome=body.outcome, channel=body.channel, note=body.note, task_id=body.task,
            raw=body.values, by=person(request), now=now(), zone=person(request).zone, revision=revision_of(request),
        )  # fmt: skip
        return answered(run)

    @router.post("/{item}/tags", response=ANSWERS, operation_id=f"{resource}_tag")
    @door(scope=f"{resource}:write")
    @posted
    def tag(request: HttpRequest, item: ItemId, body: Tags) -> HttpResponse:
        """Put tags on it, and take others off."""
        run = tag_run(locate(request, item), add=named(body.add), remove=body.remove, by=person(request), now=now())
        return answered(run)

    @router.post("/{item}/steps/{step}", response=ANSWERS, operation_id=f"{resource}_submit_step")
    @door(scope=f"{resource}:write")
    @posted
    def submit_step(request: HttpRequest, item: ItemId, step: Key, body: Submit) -> HttpResponse:
        """Fill the form of a step, or tick it off where it has none."""
        return submitted(request, locate(request, item), step, body)

    @router.post("/{item}/steps/{step}/add", response=ANSWERS, operation_id=f"{resource}_add_step")
    @door(scope=f"{resource}:write")
    @posted
    def add_step(request: HttpRequest, item: ItemId, step: Key) -> HttpResponse:
        """Open one more round of a repeatable step, or an optional step."""
        run = actions.add_step(
            locate(request, item), step=step, by=person(request), now=now(), revision=revision_of(request)
        )
        return answered(run)

    @router.post("/{item}/waivers", response=ANSWERS, operation_id=f"{resource}_ask_waiver")
    @door(scope=f"{resource}:write")
    @posted
    def ask_waiver(request: HttpRequest, item: ItemId, body: AskWaiver) -> HttpResponse:
        """Ask for a way round the named reasons of the gate, saying why."""
        waiver = actions.ask_waiver(
            locate(request, item), codes=body.codes, why=body.why, control=body.control, until=body.until,
            by=person(request), now=now(), revision=revision_of(request, body.revision),
        )  # fmt: skip
        return answered(waiver.run)


def submitted(request: HttpRequest, run_id: int, step: str, body: Submit) -> HttpResponse:
    """Submit a step by its form, or tick it off."""
    user, revision = person(request), revision_of(request, body.revision)
    run = load_run(run_id, user)
    definition = program_of(run.version_id).steps.get(step)
    if definition is not None and definition.form is None:
        done = actions.complete(
            run_id, step=step, task_id=body.task, note=body.note, by=user, now=now(), revision=revision
        )
    else:
        done = actions.submit(
            run_id, step=step, raw=body.values, task_id=body.task, by=user, now=now(), zone=user.zone,
            revision=revision,
        )  # fmt: skip
    return answered(done.run)


class EventsAsked(Page):
    """Events since an id, oldest first: for programs that follow along."""

    run: Id | None = None


events_router = Router(tags=["events"])


@events_router.get("", response={200: list[EventOut]}, operation_id="events_list")
@door(scope="events:read")
def list_events(request: HttpRequest, asked: Query[EventsAsked]) -> HttpResponse:
    """List the events of the runs that one sees, oldest first, after the event with id `after`."""
    user = person(request)
    rows = Event.objects.filter(run_filter(scope_of(user), "run__")).order_by("pk")
    if asked.run is not None:
        rows = rows.filter(run_id=asked.run)
    if asked.after is not None:
        rows = rows.filter(pk__gt=row_id(asked.after))
    return reply(event_rows(rows[: asked.limit], user))


__all__ = ["RUN_COLUMNS", "RunFilters", "events_router", "filtered", "mount", "run_part", "submitted"]
