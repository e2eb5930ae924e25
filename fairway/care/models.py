"""Complaints, and the care of won customers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from fairway.customers.models import Account
from fairway.people.models import User
from fairway.people.scope import Scope
from fairway.runs.models import Run
from fairway.runs.models.run import run_filter


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    """Reads of complaints."""

    def visible_to(self, scope: Scope) -> ComplaintQuerySet:
        """Complaints of the runs that a person may see."""
        return self.filter(run_filter(scope, "run__"))


class Complaint(models.Model):
    """One complaint on its run (F24). Its clocks run from `received_at`, which is when its run started."""

    LEVELS = (("normal", _("normal")), ("major", _("major")), ("urgent", _("urgent")))

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="complaint")
    account = models.ForeignKey(
        Account, verbose_name=_("company"), null=True, blank=True, on_delete=models.PROTECT, related_name="complaints"
    )
    level = models.CharField(_("level"), max_length=10, default="normal", choices=LEVELS)
    category = models.CharField(_("kind of problem"), max_length=30, blank=True)
    channel = models.CharField(_("channel"), max_length=20, blank=True)
    content = models.TextField(_("what is complained of"), blank=True)
    demand = models.TextField(_("what the customer asks for"), blank=True)
    complainant = models.CharField(_("complainant"), max_length=200, blank=True)
    root_cause = models.TextField(_("root cause"), blank=True)
    responsible = models.CharField(_("responsible"), max_length=30, blank=True)
    compensation = models.BigIntegerField(_("compensation"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    solved = models.BooleanField(_("solved"), default=False)
    satisfied = models.BooleanField(_("satisfied"), null=True, blank=True)
    received_at = models.DateTimeField(_("received at"))
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[ComplaintQuerySet] = ComplaintQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        ordering = ("-id",)
        indexes = (models.Index("account", "level", name="complaint_account"),)

    def __str__(self) -> str:
        return f"{self.pk} {self.category}"
