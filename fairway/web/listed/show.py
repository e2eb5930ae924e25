"""Answering with the page of a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from fairway.lists.errors import Misread
from fairway.lists.listing import listing_of
from fairway.web.listed.page import ListPage
from fairway.web.views.person import person


def show(request: HttpRequest, key: str, template: str, more: Mapping[str, Any]) -> HttpResponse:
    """The page of a list; `more` is what its template shows besides. What cannot be understood is said, with 422."""
    listing = listing_of(key)
    try:
        page = ListPage(listing, request, person(request), timezone.now())
        if address := page.composed() or page.home():
            return redirect(address)
        context = page.context()
    except Misread as misread:
        context = {"title": str(listing.title), "listing": listing, "misread": str(misread)}
        return render(request, template, {**more, **context}, status=422)
    return render(request, template, {**more, **context}, status=422 if page.wrong else 200)
