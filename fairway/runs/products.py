"""What the firm sells, as choices of a list of an SOP's document."""

from __future__ import annotations

from fairway.catalog.models import Product
from fairway.engine.spec import Choice, Text
from fairway.prepared import Prepared


def offered_products() -> list[Choice]:
    """The products in use, for fields that take the list `product`: by code, with their name. One query."""
    return [Choice(key=code, title=Text(zh_hans=name, en=name)) for code, name in _OFFERED.rows()]


_OFFERED = Prepared(lambda: Product.objects.filter(active=True).order_by("name", "pk").values_list("code", "name"))
