"""What contracts tell the running SOP: their facts, and the columns that the draft fills."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from fairway.contracts.models import Contract
from fairway.engine.facts import FactSpec, fact
from fairway.people.models import User
from fairway.runs import kinds
from fairway.runs.columns import cleaned, put
from fairway.runs.models import Run
from fairway.search.kinds import Kind as FoundKind
from fairway.search.kinds import Said

FACTS: tuple[FactSpec, ...] = (
    fact("contract.number", "text", "合同编号", "Contract number"),
    fact("contract.name", "text", "合同名称", "Contract"),
    fact("contract.amount", "money", "合同金额", "Contract amount"),
    fact("contract.nodes", "list", "回款节点", "Payment nodes"),
    fact("contract.nodes_percent", "percent", "节点比例合计", "Sum of the nodes"),
    fact("contract.nonstandard", "bool", "非标条款", "Departs from the standard terms"),
    fact("contract.acceptance_days", "int", "验收天数", "Days to accept"),
    fact("contract.penalty_percent", "percent", "每日违约金比例", "Penalty a day"),
    fact("contract.starts_on", "date", "开始日期", "From"),
    fact("contract.ends_on", "date", "结束日期", "Until"),
    fact("contract.dates_in_order", "bool", "日期先后正确", "Dates in order"),
    fact("contract.signed_on", "date", "签订日期", "Signed on"),
)
COLUMNS = (
    "number", "name", "amount", "nodes", "nonstandard", "acceptance_days", "penalty_percent", "starts_on", "ends_on",
    "signed_on",
)  # fmt: skip
FILLABLE = frozenset(f"contract.{column}" for column in COLUMNS)


def read(run: Run) -> Mapping[str, Any]:
    """The facts of the run's contract; none before it was drafted."""
    contract = Contract.objects.filter(run=run).first()
    return facts_of(contract) if contract else {}


def facts_of(contract: Contract) -> dict[str, Any]:
    """The facts of a contract, typed."""
    facts = {f"contract.{column}": getattr(contract, column) for column in COLUMNS}
    facts["contract.number"] = contract.number or None
    facts["contract.nodes_percent"] = percent_of(contract.nodes)
    facts["contract.dates_in_order"] = in_order(contract)
    return facts


def percent_of(nodes: list[Any]) -> Decimal | None:
    """The sum of the nodes' percentages, exactly; None without nodes or when one is no number (G6)."""
    try:
        return sum((Decimal(str(node["percent"])) for node in nodes), Decimal(0)) if nodes else None
    except (InvalidOperation, KeyError, TypeError):
        return None


def in_order(contract: Contract) -> bool:
    """Whether the dates that are known do not cross: signed no later than the end, start before end (G6)."""
    if contract.starts_on and contract.ends_on and contract.starts_on > contract.ends_on:
        return False
    return not (contract.signed_on and contract.ends_on and contract.signed_on > contract.ends_on)


def fill(run: Run, values: Mapping[str, Any], *, by: User | None, now: datetime) -> Mapping[str, tuple[Any, Any]]:
    """Write what the draft says; the first draft makes the contract."""
    contract = Contract.objects.filter(run=run).first() or Contract(run=run, created_at=now)
    changed = put(contract, "contract", cleaned(Contract, values, FILLABLE))
    if changed or contract.pk is None:
        contract.save()
    return changed


def said(row: Mapping[str, Any]) -> Said:
    """What a contract is found by: its number and its name."""
    return Said(row["number"] or row["name"], row["name"] if row["number"] else "", (row["number"], row["name"]))


FOUND = FoundKind(
    "contract", "t", Contract, _("Contracts"), ("number", "name"), said, resource="deals", address="/runs/{run}",
    icon="file-invoice", order=6, run="run_id",
)  # fmt: skip
ROOM = kinds.Room("contract", FACTS, read, fill=fill, fillable=FILLABLE)
