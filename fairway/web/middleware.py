"""How pages travel: compressed, and never mixed up in a cache with the part that htmx asks for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers


def page_or_part(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: HTML varies by ``HX-Request`` and is kept by the person's own browser only, checked each time."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if _is_page(response):
            patch_vary_headers(response, ["HX-Request"])
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return middleware


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
