"""Companies and the people at them, shared by leads, deals and care."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fairway.customers.normal import company_key, email_key, phone_key
from fairway.people.models import Team, User
from fairway.people.scope import Scope, q


class AccountQuerySet(models.QuerySet["Account"]):
    """Reads of companies."""

    def visible_to(self, scope: Scope) -> AccountQuerySet:
        """Companies of one's own and one's team, those that nobody owns, and those of runs one takes part in."""
        asked = Account.objects.filter(runs__participants__user_id=scope.user_id or 0).order_by().values("id")
        return self.filter(q(scope, participant=("id", asked), pool=True))


class Account(models.Model):
    """A customer's company (F03). `name_key` is how the same company is known again."""

    TIERS = (("A", "A"), ("B", "B"), ("C", "C"))

    name = models.CharField(_("name"), max_length=200)
    name_key = models.CharField(max_length=200, db_index=True, editable=False)
    legal_name = models.CharField(_("registered name"), max_length=200, blank=True)
    uscc = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    industry = models.CharField(_("industry"), max_length=50, blank=True)
    size = models.CharField(_("size"), max_length=100, blank=True)
    region = models.CharField(_("region"), max_length=100, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    website = models.CharField(_("website"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    tier = models.CharField(_("customer grade"), max_length=1, blank=True, choices=TIERS)
    parent = models.ForeignKey(
        "self", verbose_name=_("group"), null=True, blank=True, on_delete=models.PROTECT, related_name="branches"
    )
    satisfaction = models.PositiveSmallIntegerField(_("satisfaction"), null=True, blank=True)
    term_end = models.DateField(_("end of term"), null=True, blank=True)
    golive_on = models.DateField(_("go-live"), null=True, blank=True)
    on_hold = models.BooleanField(_("new orders on hold"), default=False)
    remark = models.TextField(_("remark"), blank=True)
    owner = models.ForeignKey(
        User, verbose_name=_("owner"), null=True, blank=True, on_delete=models.PROTECT, related_name="accounts"
    )
    team = models.ForeignKey(
        Team, verbose_name=_("team"), null=True, blank=True, on_delete=models.PROTECT, related_name="accounts"
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    archived_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects: ClassVar[AccountQuerySet] = AccountQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        ordering = ("-id",)
        indexes = (
            models.Index("owner", name="account_owner"),
            models.Index("team", name="account_team"),
            models.Index("uscc", name="account_uscc", condition=~Q(uscc="")),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store it with its key."""
        self.name_key = company_key(self.name)
        super().save(*args, **kwargs)


class ContactQuerySet(models.QuerySet["Contact"]):
    """Reads of contacts."""

    def visible_to(self, scope: Scope) -> ContactQuerySet:
        """Contacts of the companies that one sees."""
        return self.filter(account__in=Account.objects.visible_to(scope).order_by().values("id"))


class Contact(models.Model):
    """A person at a company, with the part they play in buying (F04)."""

    ROLES = (
        ("decision", _("decides")),
        ("influence", _("influences")),
        ("user", _("uses")),
        ("technical", _("technical gatekeeper")),
        ("purchasing", _("purchasing")),
        ("blocker", _("blocks")),
    )
    ATTITUDES = (("support", _("supports")), ("neutral", _("neutral")), ("oppose", _("opposes")))

    account = models.ForeignKey(Account, verbose_name=_("company"), on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(_("name"), max_length=100)
    department = models.CharField(_("department"), max_length=100, blank=True)
    title = models.CharField(_("position"), max_length=100, blank=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    phone_key = models.CharField(max_length=32, blank=True, editable=False)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    email_key = models.CharField(max_length=254, blank=True, editable=False)
    wechat = models.CharField(_("WeChat"), max_length=50, blank=True)
    buying_role = models.CharField(_("role in buying"), max_length=12, blank=True, choices=ROLES)
    attitude = models.CharField(_("stance"), max_length=8, blank=True, choices=ATTITUDES)
    influence = models.PositiveSmallIntegerField(_("influence (1-5)"), null=True, blank=True)
    reports_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    concerns = models.TextField(_("concerns"), blank=True)
    no_contact = models.BooleanField(_("do not contact"), default=False)
    left_company = models.BooleanField(_("has left the company"), default=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=0)

    objects: ClassVar[ContactQuerySet] = ContactQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ("name", "id")
        indexes = (
            models.Index("phone_key", name="contact_phone", condition=~Q(phone_key="")),
            models.Index("email_key", name="contact_email", condition=~Q(email_key="")),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store it with its keys."""
        self.phone_key, self.email_key = phone_key(self.phone), email_key(self.email)
        super().save(*args, **kwargs)


class CustomerChange(models.Model):
    """What was changed on a company or contact: who, when, and the values before and after. Append-only."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="changes")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="changes")
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("change of a company")
        verbose_name_plural = _("changes of companies")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.kind} {self.account_id}"
