"""Ports of the loopback address that nobody listens on."""

import random
import socket
from contextlib import suppress


def free_port():
    """Return a port that is free now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def steady_port():
    """Return a free port from which no client speaks: one whose server is started again and again.

    Clients get theirs from 32768 on (Linux); one that knocks at such a port while nobody listens may even be given the
    port itself, speak with itself, and keep the server out.
    """
    while True:
        port = random.randrange(15_000, 30_000)
        with socket.socket() as listener, suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port
