"""A load generator: so many connections kept alive, raw sockets, the next request when the last was answered.

It shares the cores with what it measures, so it does as little as it can: about 50 microseconds a request.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figures:
    """What one load measured: requests a second, milliseconds at the median and at the 99th percentile, failures."""

    rate: float
    p50: float
    p99: float
    failed: int
    sample: bytes


Request = Callable[[int, int], bytes]


@dataclass
class _Connection:
    """One connection: what has come of the answer, and when its request went out."""

    number: int
    socket: socket.socket
    sent: int = 0
    began: float = 0.0
    come: bytearray = field(default_factory=bytearray)

    def ask(self, request: Request) -> None:
        """Send the next request."""
        body = request(self.number, self.sent)
        self.come.clear()
        self.sent += 1
        self.began = time.perf_counter()
        self.socket.sendall(body)

    def answered(self) -> bool:
        """Take in what came; whether the answer is whole. Raises ConnectionError when the server hung up."""
        part = self.socket.recv(1 << 18)
        if not part:
            raise ConnectionError("the server closed a connection")
        self.come += part
        end = self.come.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = bytes(self.come[:end]).lower()
        at = head.find(b"content-length:")
        if at >= 0:
            return len(self.come) - end - 4 >= int(head[at + 15 :].split(b"\r\n", 1)[0])
        return b"transfer-encoding: chunked" not in head or self.come.endswith(b"\r\n0\r\n\r\n")


def measure(port: int, request: Request, *, connections: int = 8, seconds: float = 4.0, most: int = 20_000) -> Figures:
    """Send `request(connection, number)` over each connection for so long (and at most `most` in all)."""
    times: list[float] = []
    bad: list[bytes] = []
    with selectors.DefaultSelector() as waiting:
        opened = [
            _Connection(number, socket.create_connection(("127.0.0.1", port), 30)) for number in range(connections)
        ]
        began = time.perf_counter()
        for one in opened:
            one.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            waiting.register(one.socket, selectors.EVENT_READ, one)
            one.ask(request)
        under_way = len(opened)
        while under_way:
            ready = waiting.select(30)
            if not ready:
                raise TimeoutError("no answer within 30 seconds")
            for key, _events in ready:
                one = key.data
                if not one.answered():
                    continue
                now = time.perf_counter()
                times.append(now - one.began)
                if not one.come.startswith((b"HTTP/1.1 2", b"HTTP/1.0 2")):
                    bad.append(bytes(one.come[:700]))
                if now - began < seconds and len(times) + under_way <= most:
                    one.ask(request)
                else:
                    waiting.unregister(one.socket)
                    one.socket.close()
                    under_way -= 1
        took = time.perf_counter() - began
    ordered = sorted(times)
    return Figures(
        rate=len(times) / took, p50=ordered[len(ordered) // 2] * 1000, p99=ordered[int(len(ordered) * 0.99)] * 1000,
        failed=len(bad), sample=bad[0] if bad else b"",
    )  # fmt: skip


def http(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """One request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{key}: {value}" for key, value in headers.items())]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
