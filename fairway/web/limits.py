"""How often one visitor may ask for a public page."""

from __future__ import annotations

from allauth.core.internal.httpkit import get_client_ip
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

WINDOW = 60  # seconds


def too_often(request: HttpRequest, name: str, *, most: int) -> bool:
    """Whether this visitor (by address) asked for `name` more than `most` times within the present minute."""
    address = get_client_ip(request) or "unknown"
    window = int(timezone.now().timestamp()) // WINDOW
    key = f"limit:{name}:{address}:{window}"
    if cache.add(key, 1, timeout=2 * WINDOW):
        return False
    try:
        return cache.incr(key) > most
    except ValueError:  # forgotten in between: the minute begins anew
        return False
