"""What deals tell the running SOP: facts, columns that forms fill, the effect that makes a deal of a lead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from fairway.customers.actions import find_contact
from fairway.customers.models import Account, Contact
from fairway.deals.models import Deal
from fairway.engine.facts import FactSpec, fact
from fairway.people.models import User
from fairway.prepared import Prepared
from fairway.runs import kinds
from fairway.runs.columns import cleaned, put
from fairway.runs.models import Run, Task
from fairway.search.kinds import Kind as FoundKind
from fairway.search.kinds import Said

FACTS: tuple[FactSpec, ...] = (
    fact("deal.name", "text", "商机名称", "Name"),
    fact("deal.amount", "money", "金额", "Amount"),
    fact("deal.list_amount", "money", "目录价", "List price"),
    fact("deal.discount", "percent", "折扣", "Discount"),
    fact("deal.cost", "money", "成本", "Cost"),
    fact("deal.margin", "percent", "毛利率", "Margin"),
    fact("deal.budget", "list", "预算范围", "Budget range"),
    fact("deal.budget_from", "money", "预算下限", "Budget from"),
    fact("deal.budget_to", "money", "预算上限", "Budget to"),
    fact("deal.expected_close", "date", "预计签约", "Expected close"),
    fact("deal.decision_maker_known", "bool", "已知决策人", "Decision maker known"),
    fact("deal.decision_chain", "list", "决策链", "Decision chain"),
    fact("deal.complex", "bool", "复杂需求", "Complex need"),
    fact("deal.custom", "bool", "定制项目", "Custom project"),
    fact("deal.floor_price", "money", "最低价格", "Lowest price"),
    fact("deal.max_payment_days", "int", "最长付款周期(天)", "Longest payment term (days)"),
    fact("deal.min_scope", "text", "最小交付范围", "Least scope"),
    fact("deal.under_floor", "bool", "低于底线", "Under a bottom line"),
    fact("deal.signals", "int", "购买信号数", "Buying signals"),
    fact("deal.days_late", "int", "上线晚于承诺的天数", "Days late"),
    fact("deal.promised_golive", "date", "承诺上线日", "Promised go-live"),
)
COLUMNS = (
    "name", "amount", "list_amount", "cost", "expected_close", "complex", "custom", "floor_price", "max_payment_days",
    "min_scope", "promised_golive",
)  # fmt: skip
FILLABLE = frozenset({f"deal.{column}" for column in COLUMNS} | {"deal.budget", "deal.decision_chain"})
CONFIDENTIAL = frozenset({"deal.cost", "deal.margin", "deal.floor_price", "deal.max_payment_days", "deal.min_scope"})
DECIDES = "decision"


def read(run: Run) -> Mapping[str, Any]:
    """The facts of the run's deal; none before there is one."""
    deal = Deal.objects.filter(run=run).first()
    return facts_of(deal, run) if deal else {}


def facts_of(deal: Deal, run: Run, contacts: Sequence[Contact] | None = None) -> dict[str, Any]:
    """The facts of a deal, typed; two queries, one where the people of its company are known already."""
    facts: dict[str, Any] = {f"deal.{column}": getattr(deal, column) for column in COLUMNS}
    facts["deal.min_scope"] = deal.min_scope or None
    facts["deal.discount"] = share(deal.list_amount, deal.amount)
    facts["deal.margin"] = share(deal.amount, deal.cost)
    facts["deal.budget_from"], facts["deal.budget_to"] = deal.budget_from, deal.budget_to
    known = deal.budget_from is not None or deal.budget_to is not None
    facts["deal.budget"] = {"from": deal.budget_from, "to": deal.budget_to} if known else None
    if contacts is None:
        rows = _CHAIN.rows(deal.account_id)
    else:
        rows = [(one.pk, one.name, one.buying_role) for one in contacts if one.buying_role]
    chain = [{"id": id_, "name": name, "buying_role": role} for id_, name, role in rows]
    facts["deal.decision_chain"] = chain or None
    facts["deal.decision_maker_known"] = any(one["buying_role"] == DECIDES for one in chain)
    facts["deal.under_floor"] = (
        deal.amount is not None and deal.floor_price is not None and deal.amount < deal.floor_price
    )
    facts["deal.signals"] = len(_SIGNALS.rows(run.pk))
    facts["deal.days_late"] = days_late(deal, run)
    return facts


_CHAIN = Prepared(
    lambda account_id: (
        Contact.objects.filter(account_id=account_id).exclude(buying_role="").values_list("id", "name", "buying_role")
    )
)
_SIGNALS = Prepared(
    lambda run_id: (
        Task.objects.filter(run_id=run_id, step="signals", status=Task.DONE).order_by().values_list("id")[:1000]
    )
)


def share(whole: int | None, part: int | None) -> Decimal | None:
    """What is missing of the part to the whole, in percent, exact, for gates compare it."""
    if not whole or part is None:
        return None
    return Decimal(whole - part) * 100 / whole


def days_late(deal: Deal, run: Run) -> int:
    """Days by which go-live came after the promised date; 0 when in time or not live yet (D5)."""
    live = run.moments.get("golive")
    if deal.promised_golive is None or live is None:
        return 0
    return max(0, (_day(datetime.fromisoformat(live)) - deal.promised_golive).days)


def _day(at: datetime) -> date:
    return at.astimezone(ZoneInfo("Asia/Shanghai")).date()


def fill(run: Run, values: Mapping[str, Any], *, by: User | None, now: datetime) -> Mapping[str, tuple[Any, Any]]:
    """Write filled columns and the decision chain; say what changed."""
    deal = Deal.objects.select_related("account").filter(run=run).first()
    if deal is None:
        return {}
    columns = cleaned(Deal, values, (f"deal.{column}" for column in COLUMNS))
    budget, chain = values.get("deal.budget"), values.get("deal.decision_chain")
    if isinstance(budget, Mapping) or "deal.budget" in values:
        ends = budget or {}
        columns.update(budget_from=ends.get("from"), budget_to=ends.get("to"))
    changed = put(deal, "deal", columns)
    if changed:
        deal.save(update_fields=[name.partition(".")[2] for name in changed])
    if chain:
        keep_chain(deal.account, chain, by=by, now=now)
        changed["deal.decision_chain"] = (None, len(chain))
    return changed


def keep_chain(account: Account, chain: Iterable[Any], *, by: User | None, now: datetime) -> None:
    """Let the people of a decision chain be contacts of the company, found again by phone, mailbox or name (N3)."""
    for entry in chain:
        if not isinstance(entry, Mapping) or not entry.get("name"):
            continue
        found = find_contact(
            account,
            name=str(entry["name"]),
            phone=str(entry.get("phone") or ""),
            email=str(entry.get("email") or ""),
        )
        contact = found or Contact(account=account, name=str(entry["name"]), created_at=now, created_by=by)
        for column in ("title", "department", "phone", "email", "wechat", "buying_role", "attitude", "concerns"):
            if entry.get(column):
                setattr(contact, column, str(entry[column]))
        if entry.get("influence"):
            contact.influence = int(entry["influence"])
        contact.save()


def locate(runs: Sequence[int]) -> Mapping[int, str]:
    """The page of each deal, by run."""
    return {
        run_id: f"/deals/{deal_id}"
        for run_id, deal_id in Deal.objects.filter(run_id__in=list(runs)).order_by().values_list("run_id", "id")
    }


def existing_contacts(ids: Iterable[int]) -> set[int]:
    """Those of the contacts that there are."""
    return set(Contact.objects.filter(pk__in=list(ids)).values_list("pk", flat=True))


def existing_accounts(ids: Iterable[int]) -> set[int]:
    """Those of the companies that there are."""
    return set(Account.objects.filter(pk__in=list(ids)).values_list("pk", flat=True))


def said(row: Mapping[str, Any]) -> Said:
    """What a deal is found by: its name and its company."""
    company = row["account__name"] or ""
    return Said(row["name"], company if company != row["name"] else "", (row["name"], company))


FOUND = FoundKind(
    "deal", "d", Deal, _("Deals"), ("name", "account__name"), said, resource="deals", address="/deals/{subject}",
    icon="briefcase", order=2, run="run_id", account="account_id",
)  # fmt: skip
ROOM = kinds.Room("deal", FACTS, read, fill=fill, fillable=FILLABLE, confidential=CONFIDENTIAL)
FACE = kinds.Face("deal", _("Deal"), locate)
