"""One SOP version under way for one subject."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fairway.customers.models import Account
from fairway.people.models import Team, User
from fairway.people.scope import Scope, q
from fairway.runs.models.participant import Participant
from fairway.sops.models import SopVersion


def new_key() -> str:
    """A name for a run before it has an id: 128 random bits, hex."""
    return secrets.token_hex(16)


class RunQuerySet(models.QuerySet["Run"]):
    """Reads of runs."""

    def visible_to(self, scope: Scope) -> RunQuerySet:
        """The runs that a person may see: own, team's, asked to judge, and leads that nobody owns yet (F1)."""
        return self.filter(run_filter(scope))

    def open(self) -> RunQuerySet:
        """Runs that have not ended."""
        return self.filter(outcome="")


def run_filter(scope: Scope, prefix: str = "") -> Q:
    """The filter of `visible_to` for a table that points to its run; `prefix` such as `run__`."""
    asked = Participant.objects.filter(user_id=scope.user_id or 0).order_by().values("run_id")
    # A table that points to its run has the run's id itself; a run has its own primary key.
    column = f"{prefix.removesuffix('__')}_id" if prefix else "id"
    return q(scope, owner=f"{prefix}owner_id", team=f"{prefix}team_id", participant=(column, asked), pool=True)


class Run(models.Model):
    """Where one lead, deal, account or complaint stands. `revision` is the lock: every write compares and swaps it.

    `event_seq` and `event_head` are the end of its chain of events. `title` is what people call it (a company's
    name), kept here by the domains so that lists of tasks need no join.
    """

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    version = models.ForeignKey(SopVersion, on_delete=models.PROTECT, related_name="runs")
    sop = models.CharField(max_length=50)
    face = models.CharField(max_length=20)
    title = models.CharField(_("name"), max_length=200, blank=True)
    stage = models.CharField(_("stage"), max_length=50)
    visit = models.PositiveIntegerField(default=0)
    owner = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="runs", verbose_name=_("owner")
    )
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="runs", verbose_name=_("team")
    )
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.PROTECT, related_name="runs", verbose_name=_("company")
    )
    grade = models.CharField(_("grade"), max_length=1, blank=True)
    outcome = models.CharField(_("outcome"), max_length=50, blank=True)
    outcome_kind = models.CharField(max_length=10, blank=True)
    reason = models.CharField(_("reason"), max_length=50, blank=True)
    started_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    stage_due = models.DateTimeField(null=True, blank=True)
    next_due = models.DateTimeField(_("next due"), null=True, blank=True)
    moments = models.JSONField(default=dict)
    attempts = models.PositiveIntegerField(default=0)
    silent_streak = models.PositiveIntegerField(default=0)
    reached = models.BooleanField(default=False)
    waived = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    event_seq = models.PositiveIntegerField(default=0)
    event_head = models.CharField(max_length=64, blank=True)

    objects: ClassVar[RunQuerySet] = RunQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ("-id",)
        indexes = (
            models.Index("owner", "face", "next_due", name="run_owner_face", condition=Q(outcome="")),
            # Counts by stage, and lists in order of their clocks, come from this one alone: what they ask about a run
            # stands in it, outcome too, for SQLite looks it up otherwise.
            models.Index(
                "face",
                "team",
                "owner",
                "stage",
                "outcome",
                "next_due",
                "grade",
                name="run_sight",
                condition=Q(outcome=""),
            ),
            models.Index("face", "stage", name="run_face_stage", condition=Q(outcome="")),
            models.Index("sop", "closed_at", name="run_closed", condition=~Q(outcome="")),
        )

    def __str__(self) -> str:
        return f"{self.sop}/{self.pk} {self.title}"

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        return not self.outcome
