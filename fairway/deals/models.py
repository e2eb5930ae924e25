"""Deals: what may be sold, to whom, for how much."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from fairway.customers.models import Account, Contact
from fairway.people.models import User
from fairway.people.scope import Scope
from fairway.runs.models import Run
from fairway.runs.models.run import run_filter


class DealQuerySet(models.QuerySet["Deal"]):
    """Reads of deals."""

    def visible_to(self, scope: Scope) -> DealQuerySet:
        """Deals of the runs that a person may see."""
        return self.filter(run_filter(scope, "run__"))


class Deal(models.Model):
    """One deal on its run. Amounts are minor units of `currency`.

    `cost` and the three bottom lines are for the deal's team only (G1).
    """

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="deal")
    name = models.CharField(_("name"), max_length=200)
    account = models.ForeignKey(Account, verbose_name=_("company"), on_delete=models.PROTECT, related_name="deals")
    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), null=True, blank=True, on_delete=models.SET_NULL, related_name="deals"
    )
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    amount = models.BigIntegerField(_("amount"), null=True, blank=True)
    list_amount = models.BigIntegerField(_("list price"), null=True, blank=True)
    cost = models.BigIntegerField(_("cost"), null=True, blank=True)
    budget_from = models.BigIntegerField(_("budget from"), null=True, blank=True)
    budget_to = models.BigIntegerField(_("budget to"), null=True, blank=True)
    expected_close = models.DateField(_("expected close"), null=True, blank=True)
    complex = models.BooleanField(_("complex need"), default=False)
    custom = models.BooleanField(_("custom project"), default=False)
    floor_price = models.BigIntegerField(_("lowest price"), null=True, blank=True)
    max_payment_days = models.PositiveIntegerField(_("longest payment term (days)"), null=True, blank=True)
    min_scope = models.TextField(_("least scope"), blank=True)
    promised_golive = models.DateField(_("promised go-live"), null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[DealQuerySet] = DealQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("deal")
        verbose_name_plural = _("deals")
        ordering = ("-id",)
        indexes = (models.Index("expected_close", name="deal_expected_close"),)

    def __str__(self) -> str:
        return self.name
