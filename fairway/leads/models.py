"""Leads: who may buy, where they came from, how well they fit."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fairway.customers.models import Contact
from fairway.customers.normal import company_key, email_key, phone_key
from fairway.people.models import User
from fairway.people.scope import Scope
from fairway.runs.models import Run
from fairway.runs.models.run import run_filter


class Source(models.Model):
    """Where leads come from, in three families (L2). Those of the SOP are there from the start; a firm adds its own."""

    FAMILIES = (("online", _("online")), ("offline", _("offline")), ("internal", _("internal")))

    key = models.CharField(max_length=50, unique=True)
    title_zh = models.CharField(_("name in Chinese"), max_length=100)
    title_en = models.CharField(_("name in English"), max_length=100)
    family = models.CharField(_("family"), max_length=10, choices=FAMILIES)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("lead source")
        verbose_name_plural = _("lead sources")
        ordering = ("family", "key")

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The name in the reader's language."""
        return self.title_zh if (get_language() or "").startswith("zh") else self.title_en


class Campaign(models.Model):
    """Something that the firm does to get leads: a fair, an advertisement. Leads name it on their form.

    `cost` is in minor units of `currency`.
    """

    name = models.CharField(_("name"), max_length=100, unique=True)
    source = models.CharField(_("source"), max_length=50, blank=True)
    cost = models.PositiveBigIntegerField(_("cost"), null=True, blank=True, validators=[MaxValueValidator(10**15)])
    currency = models.CharField(
        _("currency"), max_length=3, default="CNY", validators=[RegexValidator(r"\A[A-Z]{3}\Z")]
    )
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="campaign_ends_after_start",
                violation_error_message=_("The last day comes before the first."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class LeadQuerySet(models.QuerySet["Lead"]):
    """Reads of leads."""

    def visible_to(self, scope: Scope) -> LeadQuerySet:
        """Leads of the runs that a person may see."""
        return self.filter(run_filter(scope, "run__"))


class Lead(models.Model):
    """One lead, on its run from the first day. The `_key` columns are how the same lead is known again (L16)."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="lead")
    company = models.CharField(_("company"), max_length=200)
    company_key = models.CharField(max_length=200, blank=True, editable=False)
    contact_name = models.CharField(_("contact"), max_length=100, blank=True)
    contact_title = models.CharField(_("position"), max_length=100, blank=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    phone_key = models.CharField(max_length=32, blank=True, editable=False)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    email_key = models.CharField(max_length=254, blank=True, editable=False)
    wechat = models.CharField(_("WeChat"), max_length=50, blank=True)
    industry = models.CharField(_("industry"), max_length=50, blank=True)
    company_size = models.CharField(_("company size"), max_length=100, blank=True)
    region = models.CharField(_("region"), max_length=100, blank=True)
    source = models.CharField(_("source"), max_length=50)
    campaign = models.CharField(_("campaign"), max_length=100, blank=True)
    keyword = models.CharField(_("search keyword"), max_length=100, blank=True)
    referrer = models.CharField(_("referred by"), max_length=100, blank=True)
    need = models.TextField(_("need"), blank=True)
    lawful_basis = models.CharField(_("lawful basis"), max_length=50, blank=True)
    score = models.PositiveSmallIntegerField(_("score"), null=True, blank=True)
    bant_grade = models.CharField(_("grade by BANT"), max_length=1, blank=True)
    budget_confirmed = models.BooleanField(_("budget confirmed"), default=False)
    decision_maker_engaged = models.BooleanField(_("decision maker engaged"), default=False)
    need_clear = models.BooleanField(_("need clear"), default=False)
    purchase_months = models.PositiveSmallIntegerField(_("purchase within (months)"), null=True, blank=True)
    mismatch = models.BooleanField(_("does not match"), default=False)
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="leads")
    intake = models.BigIntegerField(null=True, blank=True, editable=False, help_text="The import that brought it.")
    woken_from = models.OneToOneField(
        "self", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="woken_as",
        help_text="The recycled lead that somebody took out of the pool again: once.",
    )  # fmt: skip
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[LeadQuerySet] = LeadQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        ordering = ("-id",)
        indexes = (
            models.Index("company_key", name="lead_company", condition=~Q(company_key="")),
            models.Index("phone_key", name="lead_phone", condition=~Q(phone_key="")),
            models.Index("email_key", name="lead_email", condition=~Q(email_key="")),
            # With what a list reads first, so that it passes over other teams' leads without opening their rows.
            models.Index("source", "id", "run", name="lead_source"),
            models.Index("intake", name="lead_intake", condition=Q(intake__isnull=False)),
        )

    def __str__(self) -> str:
        return self.company

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store it with its keys."""
        self.reckon_keys()
        super().save(*args, **kwargs)

    def reckon_keys(self) -> None:
        """Set the keys by which it is known again; before it is stored."""
        self.company_key = company_key(self.company)
        self.phone_key, self.email_key = phone_key(self.phone), email_key(self.email)

    @property
    def reachable(self) -> bool:
        """Whether there is any way to reach the contact (L1)."""
        return bool(self.phone or self.email or self.wechat)
