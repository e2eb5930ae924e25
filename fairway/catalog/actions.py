"""Keeping the products."""

from datetime import datetime
from typing import Any

from fairway.catalog.models import Product
from fairway.people import audit
from fairway.people.actions.access import require_admin
from fairway.people.actions.checked import check_fields, one_change
from fairway.people.models import User

FIELDS = ("code", "name", "unit", "list_price", "currency", "active")


def add_product(*, by: User | None, now: datetime, **fields: Any) -> Product:
    """Add a product; FIELDS, `list_price` in minor units or None. Raises Forbidden, Refused, TypeError (a field)."""
    require_admin(by)
    product = Product(**_known(fields))
    with one_change():
        check_fields(product, FIELDS)
        product.save()
        audit.record("product.added", by=by, now=now, kind="product", subject_id=product.pk, name=str(product),
                     after={name: getattr(product, name) for name in FIELDS})  # fmt: skip
    return product


def change_product(product_id: int, *, by: User | None, now: datetime, **fields: Any) -> Product:
    """Change FIELDS of a product; the same again writes nothing. What was quoted before keeps its price.

    Raises Forbidden, Refused, Product.DoesNotExist, TypeError for an unknown field.
    """
    require_admin(by)
    wanted = _known(fields)
    with one_change():
        product = Product.objects.select_for_update().get(pk=product_id)
        before = {name: getattr(product, name) for name, value in wanted.items() if getattr(product, name) != value}
        if before:
            for name in before:
                setattr(product, name, wanted[name])
            check_fields(product, FIELDS)
            product.save(update_fields=list(before))
            audit.record("product.changed", by=by, now=now, kind="product", subject_id=product.pk, name=str(product),
                         before=before, after={name: wanted[name] for name in before})  # fmt: skip
    return product


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(fields) - set(FIELDS):
        raise TypeError(f"No such field: {', '.join(sorted(unknown))}")
    return {name: value.strip() if isinstance(value, str) else value for name, value in fields.items()}
