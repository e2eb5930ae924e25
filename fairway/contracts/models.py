"""Contracts: what was agreed, in the terms that are summed, dated and checked (F15)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from fairway.people.scope import Scope
from fairway.runs.models import Run
from fairway.runs.models.run import run_filter


class ContractQuerySet(models.QuerySet["Contract"]):
    """Reads of contracts."""

    def visible_to(self, scope: Scope) -> ContractQuerySet:
        """Contracts of the runs that a person may see."""
        return self.filter(run_filter(scope, "run__"))


class Contract(models.Model):
    """The contract of one run, as its latest draft says. `nodes` are the payment nodes as they were agreed."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="contract")
    number = models.CharField(_("number"), max_length=50, blank=True, db_index=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    amount = models.BigIntegerField(_("amount"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    nodes = models.JSONField(_("payment nodes"), default=list)
    nonstandard = models.BooleanField(_("departs from the standard terms"), default=False)
    acceptance_days = models.PositiveIntegerField(_("days to accept"), null=True, blank=True)
    penalty_percent = models.DecimalField(_("penalty a day (%)"), max_digits=6, decimal_places=3, null=True, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    created_at = models.DateTimeField()

    objects: ClassVar[ContractQuerySet] = ContractQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.number or self.name
