"""Pairs that may be the same, and merges with all that it takes to undo them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fairway.people.models import User

KINDS = (("account", _("Companies")), ("contact", _("Contacts")), ("lead", _("Leads")))


class Pair(models.Model):
    """Two records of a kind that may be the same (L16): the evidence in bits, and the fields that speak for it.

    What somebody said are two stays two, however often it is found again.
    """

    OPEN, APART, MERGED = "open", "apart", "merged"
    STATES = ((OPEN, _("open")), (APART, _("not the same")), (MERGED, _("merged")))

    kind = models.CharField(max_length=10, choices=KINDS)
    first = models.BigIntegerField()
    second = models.BigIntegerField()
    bits = models.FloatField()
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=6, choices=STATES, default=OPEN)
    found_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        constraints = (
            models.UniqueConstraint("kind", "first", "second", name="pair_once"),
            models.CheckConstraint(condition=Q(first__lt=models.F("second")), name="pair_in_order"),
        )
        indexes = (
            models.Index(fields=("kind", "-bits"), name="pair_open", condition=Q(state="open")),
            models.Index("second", "kind", name="pair_second"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.first} = {self.second}"


class Merge(models.Model):
    """One record taken into another. `gone` is its row, `moved` what hung on it: `[model, column, id, sequence]`.

    `fields` holds, by column of the record kept, the value before and after; `dropped` are rows that it has already
    (a follower of both). `left` says, after it was undone, what others had touched since and stayed.
    """

    kind = models.CharField(max_length=10, choices=KINDS)
    kept_id = models.BigIntegerField(db_index=True)
    kept_name = models.CharField(max_length=200)
    gone_id = models.BigIntegerField(db_index=True)
    gone_name = models.CharField(max_length=200)
    gone = models.JSONField(default=dict)
    fields = models.JSONField(default=dict)
    moved = models.JSONField(default=list)
    dropped = models.JSONField(default=list)
    left = models.JSONField(default=list)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.gone_name} → {self.kept_name}"
