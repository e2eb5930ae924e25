"""Views that are kept, and tags."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from fairway.customers.models import Account, Contact
from fairway.people.models import Team, User
from fairway.people.roles import role_choices
from fairway.people.scope import Scope
from fairway.runs.models import Run


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Reads of kept views."""

    def visible_to(self, scope: Scope, above: Iterable[int] = ()) -> SavedViewQuerySet:
        """One's own, those of one's teams and the teams `above`, and those of one's roles.

        An administrator sees what is shared, too, but nobody else's own ones.
        """
        if scope.user_id is None:
            return self.none()
        teams = sorted({*scope.team_ids, *above})
        found = Q(owner_id=scope.user_id) | Q(team_id__in=teams) | Q(role__in=sorted(scope.roles))
        return self.filter(found | Q(team__isnull=False) | ~Q(role="")) if scope.is_admin else self.filter(found)


class SavedView(models.Model):
    """A view of a list under a name. `query` is the address that asks for it.

    Without team and role it is its owner's alone; with a team everybody in it has it; with a role it is what holders of
    the role see when they open the list and chose nothing else.
    """

    listing = models.CharField(max_length=20)
    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(max_length=4000, blank=True)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="saved_views")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="saved_views")
    role = models.CharField(_("role"), max_length=20, blank=True, choices=role_choices())
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=0)

    objects: ClassVar[SavedViewQuerySet] = SavedViewQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ("name", "id")
        indexes = (
            models.Index("owner", "listing", name="view_owner"),
            models.Index("team", "listing", name="view_team", condition=Q(team__isnull=False)),
        )
        constraints = (
            models.UniqueConstraint("listing", "role", name="view_of_role", condition=~Q(role="")),
            models.CheckConstraint(condition=Q(team__isnull=True) | Q(role=""), name="view_team_or_role"),
        )

    def __str__(self) -> str:
        return self.name


class ViewMark(models.Model):
    """What a person made of a view: `pinned` to the head of the list, or `home`, with which the list opens."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="marks")
    pinned = models.BooleanField(default=False)
    home = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("mark on a view")
        verbose_name_plural = _("marks on views")
        constraints = (models.UniqueConstraint("user", "view", name="view_mark_once"),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.view_id}"


class Tag(models.Model):
    """A word that people put on records."""

    name = models.CharField(_("name"), max_length=30)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ("name",)
        constraints = (models.UniqueConstraint(Lower("name"), name="tag_name_once"),)

    def __str__(self) -> str:
        return self.name


class Tagging(models.Model):
    """A tag on a run (a lead keeps it when it becomes a deal), a company or a contact: just one of them."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="taggings")
    run = models.ForeignKey(Run, null=True, on_delete=models.CASCADE, related_name="taggings")
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="taggings")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.CASCADE, related_name="taggings")
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("tag on a record")
        verbose_name_plural = _("tags on records")
        constraints = (
            models.UniqueConstraint("run", "tag", name="tagging_run", condition=Q(run__isnull=False)),
            models.UniqueConstraint("account", "tag", name="tagging_account", condition=Q(account__isnull=False)),
            models.UniqueConstraint("contact", "tag", name="tagging_contact", condition=Q(contact__isnull=False)),
            models.CheckConstraint(
                condition=(
                    Q(run__isnull=False, account__isnull=True, contact__isnull=True)
                    | Q(run__isnull=True, account__isnull=False, contact__isnull=True)
                    | Q(run__isnull=True, account__isnull=True, contact__isnull=False)
                ),
                name="tagging_one",
            ),
        )

    def __str__(self) -> str:
        return f"{self.tag_id} {self.run_id or self.account_id or self.contact_id}"
