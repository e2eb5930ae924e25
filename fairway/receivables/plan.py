"""The payment plan: nodes from the contract, tasks to them, receipts on them, and what is taken off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from fairway.engine.commands import Complete
from fairway.engine.conditions import Unmet
from fairway.engine.refused import Refused
from fairway.engine.spec import Text
from fairway.receivables.models import Node, Receipt
from fairway.receivables.money import split
from fairway.runs.models import Record, Task
from fairway.runs.turn import Turn


def plan_payments(turn: Turn, *, argument: str | None = None, value: str | None = None) -> None:
    """Make the nodes of the contract, amounts split by largest remainders; a run that has them keeps them (D3)."""
    if Node.objects.filter(run=turn.run).exists():
        return
    nodes: list[dict[str, Any]] = [node for node in turn.facts.get("contract.nodes") or [] if isinstance(node, dict)]
    amount = turn.facts.get("contract.amount")
    if not nodes or amount is None:
        turn.rows.tell(("finance", "admin"), "no_payment_plan", {})
        return
    shares = [Decimal(str(node.get("percent") or 0)) for node in nodes]
    parts = split(int(amount), shares)
    Node.objects.bulk_create(
        [
            Node(
                run=turn.run, key=key_of(node, place), place=place, title=str(node.get("title") or key_of(node, place)),
                percent=share, amount=part, planned=int(amount), currency=turn.facts.get("contract.currency") or "CNY",
            )
            for place, (node, share, part) in enumerate(zip(nodes, shares, parts, strict=True), start=1)
        ]
    )  # fmt: skip
    turn.facts.forget("receivables")


def key_of(node: dict[str, Any], place: int) -> str:
    """How an entry of the contract's nodes is identified, the way the engine does it."""
    return str(node.get("key") or place)


def link_tasks(turn: Turn, tasks: Sequence[Task]) -> None:
    """Tie the tasks of kind `pay` that just opened to their nodes."""
    by_key = {task.item_key: task for task in tasks}
    for node in Node.objects.filter(run=turn.run, key__in=by_key):
        node.task = by_key[node.key]
        node.save(update_fields=["task"])


def receive(turn: Turn, task: Task, record: Record) -> bool:
    """Take a receipt on the task's node: part payments add up; settled, the task is done (D3).

    Raises Refused for more than is owed. What was deducted counts as settled, by its kind.
    """
    node = Node.objects.select_for_update().filter(task=task).first()
    if node is None:
        raise _no(
            "receivables.no_node", f"“{task.step}”没有对应的回款节点", f"There is no payment node for “{task.step}”"
        )
    amount, deduction = int(record.values.get("amount") or 0), int(record.values.get("deduction") or 0)
    if amount + deduction > node.outstanding:
        owed = f"{node.outstanding / 100:,.2f}"
        raise _no("receivables.too_much", f"该节点只剩 {owed} 未收", f"Only {owed} is still owed on this node")
    kind = str(record.values.get("deduction_kind") or "")
    node.received += amount
    if kind == "write_off":
        node.written_off += deduction
    else:
        node.deducted += deduction
    if node.outstanding == 0:
        node.settled_at = turn.now
    node.save()
    receipt = Receipt(
        node=node, amount=amount, deduction=deduction, deduction_kind=kind, at=turn.now, by=turn.by,
        received_on=date.fromisoformat(str(record.values.get("received_on") or turn.now.date().isoformat())),
    )  # fmt: skip
    receipt.save()
    turn.facts.forget("receivables")
    return node.outstanding == 0


def deduct_penalty(turn: Turn, *, argument: str | None = None, value: str | None = None) -> None:
    """Take the penalty for delay off the last node: days late × the contract's percent of that node (D5).

    Never more than is still owed on it; taken once.
    """
    node = Node.objects.filter(run=turn.run).order_by("-place").first()
    days = int(turn.facts.get("deal.days_late") or 0)
    percent = turn.facts.get("contract.penalty_percent")
    if node is None or not days or percent is None or node.receipts.filter(deduction_kind="penalty").exists():
        return
    penalty = min(int(Decimal(node.amount) * days * Decimal(percent) / 100), node.outstanding)
    if penalty <= 0:
        return
    node.deducted += penalty
    node.settled_at = turn.now if node.outstanding == 0 else None
    node.save(update_fields=["deducted", "settled_at"])
    Receipt.objects.create(
        node=node, amount=0, deduction=penalty, deduction_kind="penalty", received_on=turn.now.date(), at=turn.now
    )
    turn.facts.forget("receivables")
    if node.settled_at is not None and node.task is not None and node.task.status == Task.OPEN:
        turn.decide(Complete(node.task.step, node.task.pk))


def hold_orders(turn: Turn, *, argument: str | None = None, value: str | None = None) -> None:
    """Hold new orders of the company (D4: 30 days late)."""
    _set_hold(turn, held=True)


def release_orders(turn: Turn, *, argument: str | None = None, value: str | None = None) -> None:
    """Take orders of the company again."""
    _set_hold(turn, held=False)


def _set_hold(turn: Turn, *, held: bool) -> None:
    account = turn.run.account
    if account is not None and account.on_hold != held:
        account.on_hold = held
        account.save(update_fields=["on_hold"])
        turn.filled["account.on_hold"] = (not held, held)
        turn.facts.forget("account")


def _no(code: str, zh: str, en: str) -> Refused:
    return Refused([Unmet(code, Text(zh_hans=zh, en=en), waivable=False)])
