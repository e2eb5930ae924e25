"""The WSGI application that `fairway serve` hands to granian."""

import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fairway.settings")

LONGEST_WAIT_SECONDS = 0.25
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def one_at_a_time(application: Application) -> Application:
    """Let one thread of this process answer while the others wait, none of them longer than a quarter of a second.

    Python runs one thread at a time anyway. Threads that take turns in the middle of a request, at each of its twenty
    queries, do half as much in all: 162 moves of a stage a second with four threads a process, 307 with one. A request
    that takes long (an export, a check of a document) does not hold the others up, nor does a body that is streamed.
    """
    turn = threading.Lock()

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        mine = turn.acquire(timeout=LONGEST_WAIT_SECONDS)
        try:
            return application(environ, start_response)
        finally:
            if mine:
                turn.release()

    return answer


application = one_at_a_time(get_wsgi_application())
