"""Comments and followers, on a run (lead, deal, complaint, care), a company or a contact."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fairway.customers.models import Account, Contact
from fairway.people.models import User
from fairway.people.scope import Scope
from fairway.runs.models import Run
from fairway.runs.models.run import run_filter

ONE_SUBJECT = (
    Q(run__isnull=False, account__isnull=True, contact__isnull=True)
    | Q(run__isnull=True, account__isnull=False, contact__isnull=True)
    | Q(run__isnull=True, account__isnull=True, contact__isnull=False)
)
MOST = 10_000
"""Characters of one comment."""


def subject_filter(scope: Scope) -> Q:
    """The filter of `visible_to` for a table that points to a subject."""
    accounts = Account.objects.visible_to(scope).order_by().values("id")
    return (
        (Q(run__isnull=False) & run_filter(scope, "run__"))
        | Q(account__in=accounts)
        | Q(contact__account__in=accounts)
    )  # fmt: skip


class CommentQuerySet(models.QuerySet["Comment"]):
    """Reads of comments."""

    def visible_to(self, scope: Scope) -> CommentQuerySet:
        """Comments on what a person may see."""
        return self.filter(subject_filter(scope))


class Comment(models.Model):
    """One comment. A removed one keeps its place without its words, and its words in the history.

    `stage` is the run's when it was written; `revision` counts its changes.
    """

    run = models.ForeignKey(Run, null=True, blank=True, on_delete=models.CASCADE, related_name="comments")
    account = models.ForeignKey(Account, null=True, blank=True, on_delete=models.CASCADE, related_name="comments")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.CASCADE, related_name="comments")
    stage = models.CharField(max_length=50, blank=True)
    text = models.TextField(_("comment"), max_length=MOST)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects: ClassVar[CommentQuerySet] = CommentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ("-id",)
        constraints = (models.CheckConstraint(condition=ONE_SUBJECT, name="comment_subject"),)

    def __str__(self) -> str:
        return f"{self.pk} {self.text[:40]}"


class CommentChange(models.Model):
    """What became of a comment: who edited or removed it when, and what it said before. Append-only."""

    EDITED, REMOVED = "edited", "removed"

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=10)
    before = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("change of a comment")
        verbose_name_plural = _("changes of comments")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.comment_id} {self.kind}"


class Mention(models.Model):
    """A person whom a comment names and who was told of it."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = (models.UniqueConstraint("comment", "user", name="mention_once"),)

    def __str__(self) -> str:
        return f"{self.comment_id} {self.user_id}"


class FollowerQuerySet(models.QuerySet["Follower"]):
    """Reads of followers."""

    def visible_to(self, scope: Scope) -> FollowerQuerySet:
        """Followers of what a person may see."""
        return self.filter(subject_filter(scope))


class Follower(models.Model):
    """A person who wants to be told what becomes of a record."""

    run = models.ForeignKey(Run, null=True, blank=True, on_delete=models.CASCADE, related_name="followers")
    account = models.ForeignKey(Account, null=True, blank=True, on_delete=models.CASCADE, related_name="followers")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.CASCADE, related_name="followers")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="follows")
    since = models.DateTimeField()

    objects: ClassVar[FollowerQuerySet] = FollowerQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("follower")
        verbose_name_plural = _("followers")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(condition=ONE_SUBJECT, name="follower_subject"),
            models.UniqueConstraint("run", "user", name="follower_run", condition=Q(run__isnull=False)),
            models.UniqueConstraint("account", "user", name="follower_account", condition=Q(account__isnull=False)),
            models.UniqueConstraint("contact", "user", name="follower_contact", condition=Q(contact__isnull=False)),
        )

    def __str__(self) -> str:
        return f"{self.user_id} follows"
