"""How much one token may ask: docs/decisions/009-api-rate.md."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from ninja.throttling import BaseThrottle

WINDOW_SECONDS = 60


class Windows:
    """Requests by caller in the present window; what the window before counted is dropped with it."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._window = 0
        self._counts: dict[str, int] = {}

    def add(self, caller: str) -> int:
        """Count one request; return how many the caller has made in this window."""
        window = int(self._clock() // WINDOW_SECONDS)
        with self._lock:
            if window != self._window:
                self._window, self._counts = window, {}
            count = self._counts[caller] = self._counts.get(caller, 0) + 1
        return count

    def left(self) -> int:
        """Seconds until the window ends, at least one."""
        return max(1, round(WINDOW_SECONDS - self._clock() % WINDOW_SECONDS))


class Limit(BaseThrottle):
    """So many requests a minute for each token, or for each person who calls from a page; 0 means no limit."""

    def __init__(self, windows: Windows | None = None) -> None:
        self.windows = windows or Windows()

    def allow_request(self, request: HttpRequest) -> bool:
        """Count the request and say whether it may go on."""
        most: int = settings.API_REQUESTS_A_MINUTE
        return not most or self.windows.add(_caller(request)) <= most

    def wait(self) -> float:
        """Seconds until the caller may go on."""
        return self.windows.left()


def _caller(request: HttpRequest) -> str:
    token = getattr(request, "api_token", None)
    return f"token {token.pk}" if token is not None else f"user {request.user.pk}"
