"""What complaints and customers tell the running SOP."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from fairway.care.models import Complaint
from fairway.customers.actions import change_account
from fairway.customers.models import Account
from fairway.engine.facts import FactSpec, fact
from fairway.people.models import User
from fairway.runs import kinds
from fairway.runs.columns import cleaned, put
from fairway.runs.facts import Lazily
from fairway.runs.models import Run
from fairway.search.kinds import Kind as FoundKind
from fairway.search.kinds import Said

LEVELS = ("normal", "major", "urgent")
SERIOUS = ("major", "urgent")
CATEGORIES = ("quality", "delivery", "function", "attitude", "price", "terms")
SEARCHED_CONTENT = 200
"""So much of what is complained of is looked through by the search."""

COMPLAINT_FACTS: tuple[FactSpec, ...] = (
    fact("complaint.level", "enum", "投诉等级", "Level", LEVELS),
    fact("complaint.category", "enum", "问题类别", "Kind of problem", CATEGORIES),
    fact("complaint.channel", "enum", "投诉渠道", "Channel"),
    fact("complaint.content", "text", "投诉内容", "What is complained of"),
    fact("complaint.demand", "text", "客户诉求", "What the customer asks for"),
    fact("complaint.complainant", "text", "投诉人", "Complainant"),
    fact("complaint.compensation", "money", "补偿金额", "Compensation"),
    fact("complaint.satisfied", "bool", "客户满意", "Customer satisfied"),
    fact("complaint.root_cause", "text", "根本原因", "Root cause"),
    fact("complaint.responsible", "enum", "责任方", "Responsible"),
    fact("complaint.solved", "bool", "已解决", "Solved"),
)
COMPLAINT_COLUMNS = tuple(spec.name.partition(".")[2] for spec in COMPLAINT_FACTS)
COMPLAINT_FILLABLE = frozenset(spec.name for spec in COMPLAINT_FACTS)

ACCOUNT_FACTS: tuple[FactSpec, ...] = (
    fact("account.name", "text", "公司名称", "Company"),
    fact("account.tier", "enum", "客户级别", "Customer grade", ("A", "B", "C")),
    fact("account.open_complaints", "int", "未结客诉", "Open complaints"),
    fact("account.serious_complaints", "int", "未结重大客诉", "Open serious complaints"),
    fact("account.overdue", "money", "逾期金额", "Overdue"),
    fact("account.satisfaction", "int", "满意度", "Satisfaction"),
    fact("account.term_end", "date", "合同到期日", "End of term"),
    fact("account.on_hold", "bool", "暂停新订单", "New orders on hold"),
    fact("account.golive_on", "date", "上线日期", "Live since"),
    fact("account.health", "int", "健康度", "Health"),
    fact("account.history", "text", "历史合作", "Dealings so far"),
)
ACCOUNT_FILLABLE = frozenset(
    {"account.name", "account.tier", "account.satisfaction", "account.term_end", "account.on_hold", "account.golive_on"}
)
HEALTHY, PER_COMPLAINT, PER_SERIOUS, FOR_OVERDUE, UNHAPPY = 100, 10, 20, 20, 20


def read_complaint(run: Run) -> Mapping[str, Any]:
    """The facts of the run's complaint."""
    complaint = Complaint.objects.filter(run=run).first()
    if complaint is None:
        return {}
    values = {f"complaint.{column}": getattr(complaint, column) for column in COMPLAINT_COLUMNS}
    return {name: value if value != "" else None for name, value in values.items()}


def complaint_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Column values from facts that a form filled."""
    return cleaned(Complaint, values, COMPLAINT_FILLABLE)


def fill_complaint(
    run: Run, values: Mapping[str, Any], *, by: User | None, now: datetime
) -> Mapping[str, tuple[Any, Any]]:  # fmt: skip
    """Write filled columns; say what changed."""
    complaint = Complaint.objects.filter(run=run).first()
    if complaint is None:
        return {}
    changed = put(complaint, "complaint", complaint_values(values))
    if changed:
        complaint.save(update_fields=[name.partition(".")[2] for name in changed])
    return changed


def read_account(run: Run) -> Mapping[str, Any]:
    """The facts of the company that the run is about; at most three queries, none before one of them is asked for."""
    if run.account_id is None:
        return {}
    account = run.account or Account.objects.get(pk=run.account_id)

    @functools.cache
    def levels() -> tuple[str, ...]:
        others = Complaint.objects.filter(account=account, run__outcome="").exclude(run=run)
        return tuple(others.values_list("level", flat=True))

    @functools.cache
    def overdue() -> int:
        return kinds.sum_of("account.overdue", account.pk, datetime.now(UTC))

    def serious() -> int:
        return sum(level in SERIOUS for level in levels())

    return Lazily(
        {
            "account.name": lambda: account.name,
            "account.tier": lambda: account.tier or None,
            "account.open_complaints": lambda: len(levels()),
            "account.serious_complaints": serious,
            "account.overdue": overdue,
            "account.satisfaction": lambda: account.satisfaction,
            "account.term_end": lambda: account.term_end,
            "account.on_hold": lambda: account.on_hold,
            "account.golive_on": lambda: account.golive_on,
            "account.health": lambda: _health(len(levels()), serious(), overdue(), account.satisfaction),
            "account.history": lambda: _history(account),
        }
    )


def _health(open_: int, serious: int, overdue: int, satisfaction: int | None) -> int:
    """0 to 100: what is open, serious, overdue and unhappy takes away."""
    unhappy = UNHAPPY * (3 - satisfaction) if satisfaction is not None and satisfaction < 3 else 0
    lost = PER_COMPLAINT * open_ + PER_SERIOUS * serious + (FOR_OVERDUE if overdue else 0) + unhappy
    return max(0, HEALTHY - lost)


def _history(account: Account) -> str | None:
    runs = Run.objects.filter(account=account).order_by("started_at").values_list("title", "started_at", "outcome")
    return "\n".join(f"{at:%Y-%m-%d} {title} {outcome}".strip() for title, at, outcome in runs[:50]) or None


def fill_account(
    run: Run, values: Mapping[str, Any], *, by: User | None, now: datetime
) -> Mapping[str, tuple[Any, Any]]:  # fmt: skip
    """Write what a form says about the company, on its own record too; say what changed."""
    if run.account_id is None:
        return {}
    account = Account.objects.get(pk=run.account_id)
    wanted: dict[str, Any] = {}
    for name, value in values.items():
        if name in ACCOUNT_FILLABLE and not (name == "account.name" and not value):
            wanted[name.partition(".")[2]] = value if value is not None or name != "account.tier" else ""
    changed = {
        f"account.{column}": (getattr(account, column), value)
        for column, value in wanted.items()
        if getattr(account, column) != value
    }
    if changed:
        change_account(account.pk, wanted, by=None, now=now)
    return changed


def locate_complaints(runs: Sequence[int]) -> Mapping[int, str]:
    """The page of each complaint, by run."""
    rows = Complaint.objects.filter(run_id__in=list(runs)).order_by().values_list("run_id", "id")
    return {run_id: f"/complaints/{complaint_id}" for run_id, complaint_id in rows}


def locate_accounts(runs: Sequence[int]) -> Mapping[int, str]:
    """The page of each company in care, by run."""
    rows = Run.objects.filter(pk__in=list(runs), account__isnull=False).order_by().values_list("id", "account_id")
    return {run_id: f"/accounts/{account_id}" for run_id, account_id in rows}


def said(row: Mapping[str, Any]) -> Said:
    """What a complaint is found by: the company, who complains, and how the story begins."""
    company, content = row["account__name"] or "", row["content"][:SEARCHED_CONTENT]
    title = company or row["complainant"] or content
    return Said(title, row["complainant"] if company else "", (company, row["complainant"], content))


FOUND = FoundKind(
    "complaint", "p", Complaint, _("Complaints"), ("complainant", "content", "account__name"), said,
    resource="complaints", address="/complaints/{subject}", icon="headset", order=5, run="run_id",
    account="account_id",
)  # fmt: skip
COMPLAINT_ROOM = kinds.Room(
    "complaint", COMPLAINT_FACTS, read_complaint, fill=fill_complaint, fillable=COMPLAINT_FILLABLE
)
ACCOUNT_ROOM = kinds.Room("account", ACCOUNT_FACTS, read_account, fill=fill_account, fillable=ACCOUNT_FILLABLE)
COMPLAINT_FACE = kinds.Face("complaint", _("Complaint"), locate_complaints)
ACCOUNT_FACE = kinds.Face("account", _("Customer care"), locate_accounts)
