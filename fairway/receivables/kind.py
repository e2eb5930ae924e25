"""What receivables tell the running SOP."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db.models import F, Sum

from fairway.engine.facts import FactSpec, fact
from fairway.receivables.models import Node
from fairway.runs import kinds
from fairway.runs.models import Run

FACTS: tuple[FactSpec, ...] = (
    fact("receivables.planned", "bool", "已有回款计划", "Payments planned"),
    fact("receivables.settled", "bool", "全部结清", "All settled"),
    fact("receivables.outstanding", "money", "未收金额", "Still owed"),
    fact("receivables.overdue", "money", "逾期金额", "Overdue"),
    fact("receivables.days_overdue", "int", "逾期天数", "Days overdue"),
    fact("receivables.on_hold", "bool", "暂停新订单", "New orders on hold"),
)
OWED = F("amount") - F("received") - F("deducted") - F("written_off")


def read(run: Run) -> Mapping[str, Any]:
    """The facts of the run's payment nodes; two queries."""
    now = datetime.now(UTC)
    nodes = list(Node.objects.filter(run=run).annotate(owed=OWED).values_list("owed", "settled_at", "task__due_at"))
    late = [(owed, due) for owed, settled, due in nodes if settled is None and due is not None and due < now]
    return {
        "receivables.planned": bool(nodes),
        "receivables.settled": bool(nodes) and all(settled is not None for _, settled, _ in nodes),
        "receivables.outstanding": sum(owed for owed, _, _ in nodes),
        "receivables.overdue": sum(owed for owed, _ in late),
        "receivables.days_overdue": max(((now - due).days for _, due in late), default=0),
        "receivables.on_hold": bool(run.account and run.account.on_hold),
    }


def overdue_of(account_id: int, now: datetime) -> int:
    """What a company owes past its due times over all its runs, in minor units."""
    late = Node.objects.unsettled().filter(run__account_id=account_id, task__due_at__lt=now)
    return late.aggregate(total=Sum(OWED))["total"] or 0


ROOM = kinds.Room("receivables", FACTS, read)
