"""Everything that a company and the firm have with each other, as far as the reader may see each of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from fairway.contracts.models import Contract
from fairway.customers.models import Account, Contact
from fairway.people.models import User
from fairway.people.scope import scope_of
from fairway.receivables.models import Node
from fairway.runs.models import Run, Task
from fairway.runs.queries.lists import number_of
from fairway.runs.texts import outcome_title, say, stage_title, step_title
from fairway.sops.programs import program_of

RUNS, ROWS = 200, 50
MEETINGS = ("contact", "meet")
FACES = ("deal", "lead", "complaint", "account")


@dataclass(frozen=True, slots=True)
class Dealing:
    """One run as a line."""

    run: Run
    number: str
    url: str
    sop: str
    stage: str
    amount: int | None
    currency: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """One time that somebody was reached, visited or met."""

    url: str
    title: str
    run: str
    at: datetime
    who: str


@dataclass
class Dealings:
    """All of it. `runs` by face, in the order of the page; `stats` are figures with their labels."""

    runs: list[tuple[str, list[Dealing]]]
    contracts: list[tuple[Contract, str]]
    nodes: list[tuple[Node, str]]
    meetings: list[Meeting]
    stats: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing."""
        return not self.runs


def dealings_of(account: Account, user: User, *, now: datetime, contact: Contact | None = None) -> Dealings:
    """What the reader may see of it, narrowed to the runs of one contact where given; four queries."""
    seen = Run.objects.visible_to(scope_of(user)).filter(account=account)
    if contact is not None:
        seen = seen.filter(Q(deal__contact=contact))
    rows = list(
        seen.select_related("owner", "deal", "lead", "complaint").defer("moments", "waived").order_by("-id")[:RUNS]
    )
    urls = {run.pk: _url(run) for run in rows}
    lines = [_line(run, urls[run.pk]) for run in rows]
    grouped = [(title, [one for one in lines if one.run.face == face]) for face, title in _faces()]
    ids = [run.pk for run in rows]
    contracts = list(Contract.objects.filter(run_id__in=ids).order_by("-id")[:ROWS])
    nodes = list(Node.objects.filter(run_id__in=ids).select_related("task").order_by("run_id", "place")[:ROWS])
    found = Dealings(
        [(title, some) for title, some in grouped if some], [(one, urls[one.run_id]) for one in contracts],
        [(one, urls[one.run_id]) for one in nodes], _meetings(rows, urls),
    )  # fmt: skip
    found.stats = _stats(lines, nodes, now)
    return found


def _faces() -> list[tuple[str, str]]:
    titles = {"deal": _("Deals"), "lead": _("Leads"), "complaint": _("Complaints"), "account": _("Customer care")}
    return [(face, titles[face]) for face in FACES]


def _url(run: Run) -> str:
    """The page of a run whose subject came with it."""
    for name, path in (("deal", "deals"), ("lead", "leads"), ("complaint", "complaints")):
        if run.face == name and hasattr(run, name):
            return f"/{path}/{getattr(run, name).pk}"
    return f"/runs/{run.pk}"


def _line(run: Run, url: str) -> Dealing:
    program = program_of(run.version_id)
    stage = stage_title(program, run.stage) if run.is_open else outcome_title(program, run.outcome)
    deal = run.deal if run.face == "deal" and hasattr(run, "deal") else None
    return Dealing(
        run, number_of(run), url, say(program.sop.title), stage, deal.amount if deal else None,
        deal.currency if deal else "CNY",
    )  # fmt: skip


def _meetings(runs: Sequence[Run], urls: dict[int, str]) -> list[Meeting]:
    by_id = {run.pk: run for run in runs}
    done = Task.objects.filter(run_id__in=list(by_id), kind__in=MEETINGS, status=Task.DONE).select_related("done_by")
    return [
        Meeting(
            urls[one.run_id], step_title(program_of(by_id[one.run_id].version_id), one.step, one.item),
            by_id[one.run_id].title, one.done_at, one.done_by.display_name if one.done_by else "",
        )
        for one in done.order_by("-done_at")[:20]
        if one.done_at is not None
    ]  # fmt: skip


def _stats(lines: Sequence[Dealing], nodes: Sequence[Node], now: datetime) -> list[dict[str, Any]]:
    """The figures at the top, of deals in the currency that most have."""
    deals = [one for one in lines if one.run.face == "deal"]
    codes = [one.currency for one in deals]
    currency = max(set(codes), key=codes.count) if codes else "CNY"

    def total(some: Sequence[Dealing]) -> int:
        return sum(one.amount or 0 for one in some if one.currency == currency)

    open_ = [one for one in deals if one.run.is_open]
    won = [one for one in deals if one.run.outcome_kind == "won"]
    complaints = [one for one in lines if one.run.face == "complaint" and one.run.is_open]
    owed = [one for one in nodes if one.settled_at is None and one.currency == currency]
    late = [one for one in owed if one.task is not None and one.task.due_at is not None and one.task.due_at < now]

    def figure(label: str, number: int, money: int | None, tone: str = "") -> dict[str, Any]:
        return {"label": label, "count": number, "money": money, "currency": currency, "tone": tone}

    return [
        figure(_("Open deals"), len(open_), total(open_)),
        figure(_("Won"), len(won), total(won), "good" if won else ""),
        figure(_("Still owed"), len(owed), sum(one.outstanding for one in owed)),
        figure(_("Overdue"), len(late), sum(one.outstanding for one in late), "bad" if late else ""),
        figure(_("Open complaints"), len(complaints), None, "warn" if complaints else ""),
    ]
