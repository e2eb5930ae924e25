"""Products: what the firm sells, with list prices."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fairway.catalog import actions, queries
from fairway.catalog.models import Product
from fairway.people.errors import Refused
from fairway.people.queries import changes, page_of
from fairway.web.changes import change_rows
from fairway.web.forms.catalog import ProductForm
from fairway.web.lists import page_number
from fairway.web.views.admin_people import LATEST, for_admins
from fairway.web.views.person import person
from fairway.web.views.refusals import add_reasons


@for_admins
def product_list(request: HttpRequest) -> HttpResponse:
    """Show the products, and add one."""
    form = ProductForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            product = actions.add_product(**form.cleaned_data, by=person(request), now=timezone.now())
        except Refused as refused:
            add_reasons(form, refused)
        else:
            messages.success(request, _("%(name)s is added.") % {"name": product})
            return redirect("admin-products")
    text = request.GET.get("q", "").strip()[:100]
    search = {"name": "q", "type": "search", "label": _("Search"), "value": text}
    page = page_of(queries.products(text=text), page_number(request))
    context = {
        "title": _("Products"), "form": form, "page": page, "search": search, "text": text,
        "changes": change_rows(changes(kind="product")[:LATEST]),
    }  # fmt: skip
    return render(request, "pages/admin/products.html", context, status=422 if form.errors else 200)


@for_admins
def product_page(request: HttpRequest, product_id: int) -> HttpResponse:
    """Change one product."""
    product = get_object_or_404(Product, pk=product_id)
    initial = {name: getattr(product, name) for name in actions.FIELDS}
    form = ProductForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_product(product.pk, **form.cleaned_data, by=person(request), now=timezone.now())
        except Refused as refused:
            add_reasons(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("admin-products")
    context = {
        "title": str(product), "product": product, "form": form,
        "changes": change_rows(changes(kind="product", subject_id=product.pk)[:LATEST]),
    }  # fmt: skip
    return render(request, "pages/admin/product.html", context, status=422 if form.errors else 200)


@require_POST
@for_admins
def product_activate(request: HttpRequest, product_id: int) -> HttpResponse:
    """Let forms offer it, or no longer."""
    product = get_object_or_404(Product, pk=product_id)
    active = request.POST.get("active") == "1"
    actions.change_product(product.pk, active=active, by=person(request), now=timezone.now())
    messages.success(request, _("It can be chosen again.") if active else _("It is no longer offered."))
    return redirect("admin-products")
