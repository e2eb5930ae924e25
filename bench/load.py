"""A load generator: so many connections kept alive, raw sockets, the next request when the last was answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figures:
    """What one load measured: requests a second, milliseconds at the median and at the 99th percentile, failures."""

    rate: float
    p50: float
    p99: float
    failed: int
    sample: bytes


Request = Callable[[int, int], bytes]


def measure(port: int, request: Request, *, connections: int = 8, seconds: float = 4.0, most: int = 20_000) -> Figures:
    """Send `request(connection, number)` over each connection for so long (and at most `most` in all)."""
    return asyncio.run(_measure(port, request, connections, seconds, most))


async def _measure(port: int, request: Request, connections: int, seconds: float, most: int) -> Figures:
    times: list[float] = []
    bad: list[bytes] = []
    end = time.perf_counter() + seconds

    async def one(connection: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        number = 0
        while time.perf_counter() < end and number < most // connections:
            began = time.perf_counter()
            writer.write(request(connection, number))
            head = await reader.readuntil(b"\r\n\r\n")
            body = await _body(reader, head)
            times.append(time.perf_counter() - began)
            if not head.startswith((b"HTTP/1.1 2", b"HTTP/1.0 2")):
                bad.append(head[:200] + body[:500])
            number += 1
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(one(connection) for connection in range(connections)))
    took = time.perf_counter() - began
    ordered = sorted(times) or [0.0]
    return Figures(
        rate=len(times) / took, p50=ordered[len(ordered) // 2] * 1000, p99=ordered[int(len(ordered) * 0.99)] * 1000,
        failed=len(bad), sample=bad[0] if bad else b"",
    )  # fmt: skip


async def _body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    lower = head.lower()
    if b"transfer-encoding: chunked" in lower:
        parts = []
        while True:
            size = int((await reader.readline()).strip() or b"0", 16)
            parts.append(await reader.readexactly(size + 2))
            if size == 0:
                return b"".join(parts)
    at = lower.find(b"content-length:")
    length = int(lower[at + 15 : lower.index(b"\r\n", at)]) if at >= 0 else 0
    return await reader.readexactly(length) if length else b""


def http(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """One request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{key}: {value}" for key, value in headers.items())]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
