"""How pages travel: compressed, and never mixed up in a cache with the part that htmx asks for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from fairway.runs.actions.starting import NoVersion


class PageOrPart:
    """Middleware: HTML varies by ``HX-Request`` and is kept by the person's own browser only, checked each time.

    A page that would begin something by an SOP that is out of use, or was never published, says so.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Mark what is a page."""
        response = self.get_response(request)
        if _is_page(response):
            patch_vary_headers(response, ["HX-Request"])
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for a page; the API has its own answer."""
        if not isinstance(error, NoVersion):
            return None
        context = {"title": _("This SOP is not in use"), "sop": str(error)}
        return render(request, "pages/sop_not_used.html", context, status=409)


class CompressPages(GZipMiddleware):
    """Middleware: HTML is compressed; the answers of the API, small and many, are not.

    The library pads each answer by a random length, so that its size tells nothing about the secrets in it.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress a page for a browser that takes it."""
        if not (isinstance(response, HttpResponse) and _is_page(response)):
            return response
        return super().process_response(request, response)


def _is_page(response: HttpResponseBase) -> bool:
    return response.headers.get("Content-Type", "").startswith("text/html")
