"""Money to come in: the payment nodes of a contract, and what was received on each."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from fairway.people.models import User
from fairway.people.scope import Scope
from fairway.runs.models import Record, Run, Task
from fairway.runs.models.run import run_filter


class NodeQuerySet(models.QuerySet["Node"]):
    """Reads of payment nodes."""

    def visible_to(self, scope: Scope) -> NodeQuerySet:
        """Nodes of the runs that a person may see."""
        return self.filter(run_filter(scope, "run__"))

    def unsettled(self) -> NodeQuerySet:
        """Nodes with money still to come."""
        return self.filter(settled_at=None)


class Node(models.Model):
    """One payment node (F21). What is still owed is amount − received − deducted − written off, in minor units."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="nodes")
    task = models.OneToOneField(Task, null=True, blank=True, on_delete=models.SET_NULL, related_name="node")
    key = models.CharField(max_length=50)
    place = models.PositiveSmallIntegerField()
    title = models.CharField(_("node"), max_length=100)
    percent = models.DecimalField(_("percent"), max_digits=7, decimal_places=4)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    amount = models.BigIntegerField(_("amount"))
    planned = models.BigIntegerField(help_text="The whole that this is a part of, when it was split.")
    received = models.BigIntegerField(_("received"), default=0)
    deducted = models.BigIntegerField(_("deducted"), default=0)
    written_off = models.BigIntegerField(_("written off"), default=0)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    objects: ClassVar[NodeQuerySet] = NodeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("payment node")
        verbose_name_plural = _("payment nodes")
        ordering = ("run_id", "place")
        constraints = (
            models.UniqueConstraint("run", "key", name="node_key"),
            models.CheckConstraint(
                condition=models.Q(amount__gte=models.F("received") + models.F("deducted") + models.F("written_off")),
                name="node_not_overpaid",
            ),
        )

    def __str__(self) -> str:
        return f"{self.run_id} {self.title}"

    @property
    def outstanding(self) -> int:
        """What is still owed, in minor units."""
        return self.amount - self.received - self.deducted - self.written_off


class Receipt(models.Model):
    """Money that came in, or was taken off, on one node. Never changed."""

    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="receipts")
    record = models.ForeignKey(Record, null=True, on_delete=models.SET_NULL, related_name="+")
    amount = models.BigIntegerField(_("amount"))
    deduction = models.BigIntegerField(_("deducted"), default=0)
    deduction_kind = models.CharField(max_length=20, blank=True)
    received_on = models.DateField(_("received on"))
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.node_id}: {self.amount}"
