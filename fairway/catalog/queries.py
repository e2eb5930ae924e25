"""Reads of products. Everybody who is signed in may know what the firm sells."""

from django.db.models import Q, QuerySet

from fairway.catalog.models import Product


def products(*, text: str = "", active: bool | None = None) -> QuerySet[Product]:
    """Products by name, those in use first; `text` is part of a name or code."""
    found = Product.objects.order_by("-active", "name", "id")
    if active is not None:
        found = found.filter(active=active)
    return found.filter(Q(name__icontains=text) | Q(code__icontains=text)) if text else found
