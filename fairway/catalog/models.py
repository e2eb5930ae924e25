"""Products with their list prices."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

MOST = 10**15
"""Minor units; ten thousand milliard yuan, and far from the end of the column."""


class Product(models.Model):
    """One thing that is sold. `code` is how other systems know it; `list_price` is in minor units of `currency`."""

    code = models.CharField(_("code"), max_length=50, validators=[RegexValidator(r"\A[A-Za-z0-9][A-Za-z0-9_.-]*\Z")])
    name = models.CharField(_("name"), max_length=200)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    list_price = models.PositiveBigIntegerField(
        _("list price"), null=True, blank=True, validators=[MaxValueValidator(MOST)]
    )
    currency = models.CharField(
        _("currency"), max_length=3, default="CNY", validators=[RegexValidator(r"\A[A-Z]{3}\Z")]
    )
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(
                Lower("code"),
                name="product_code_once",
                violation_error_message=_("Another product has this code."),
                violation_error_code="taken_code",
            ),
        )

    def __str__(self) -> str:
        return self.name
