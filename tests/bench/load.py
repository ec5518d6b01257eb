"""A small load generator: keep-alive connections that ask the same thing as fast as they are answered, or at a rate.

Runs in a process of its own: `python load.py PORT PATH CONNECTIONS SECONDS [RATE]`, the headers to send on standard
input; prints one JSON object: requests a second, p50 and p99 in milliseconds, and how many answers were not 200.
"""

import asyncio
import json
import sys
import time
from typing import Final, cast

import uvloop

END: Final = b"\r\n\r\n"


class Asker(asyncio.Protocol):
    """One connection: sends a request, waits for the whole answer, sends the next."""

    def __init__(self, request: bytes, until: float, pause_s: float) -> None:
        self._request = request
        self._until = until
        self._pause_s = pause_s
        self._buffer = b""
        self._expected = -1
        self._sent_at = 0.0
        self.times: list[float] = []
        self.wrong = 0
        self.done = asyncio.get_running_loop().create_future()
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Sends the first request."""
        self._transport = cast(asyncio.WriteTransport, transport)  # uvloop's does not say so
        self._ask()

    def data_received(self, data: bytes) -> None:
        """Takes a piece of an answer."""
        self._buffer += data
        if self._expected < 0:
            end = self._buffer.find(END)
            if end < 0:
                return
            head = self._buffer[:end].lower()
            if not head.startswith(b"http/1.1 200"):
                self.wrong += 1
            length = head.index(b"content-length:") + 15
            self._expected = end + 4 + int(head[length:].split(b"\r\n", 1)[0])
        if len(self._buffer) >= self._expected:
            self._buffer = b""
            self._expected = -1
            self._answered()

    def connection_lost(self, exc: Exception | None) -> None:
        """The other side closed."""
        del exc
        if not self.done.done():
            self.wrong += 1
            self.done.set_result(None)

    def _answered(self) -> None:
        now = time.perf_counter()
        self.times.append(now - self._sent_at)
        if now >= self._until:
            if not self.done.done():
                self.done.set_result(None)
        elif self._pause_s:
            asyncio.get_running_loop().call_later(max(0.0, self._sent_at + self._pause_s - now), self._ask)
        else:
            self._ask()

    def _ask(self) -> None:
        assert self._transport is not None
        self._sent_at = time.perf_counter()
        self._transport.write(self._request)


async def run(port: int, path: str, headers: str, connections: int, seconds: float, rate: float) -> dict[str, float]:
    """Asks for `seconds` over `connections`; at `rate` requests a second in all, or without a pause when 0."""
    lines = "".join(f"{line}\r\n" for line in headers.splitlines() if line)
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{lines}\r\n".encode()
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    pause_s = connections / rate if rate else 0.0
    askers: list[Asker] = []
    for number in range(connections):
        _, asker = await loop.create_connection(lambda: Asker(request, began + seconds, pause_s), "127.0.0.1", port)
        askers.append(asker)
        if pause_s and number < connections - 1:
            await asyncio.sleep(pause_s / connections)
    await asyncio.wait_for(asyncio.gather(*(asker.done for asker in askers)), seconds + 30)
    took = time.perf_counter() - began
    times = sorted(moment for asker in askers for moment in asker.times)
    return {
        "rate": len(times) / took,
        "p50_ms": times[len(times) // 2] * 1000,
        "p99_ms": times[int(len(times) * 0.99)] * 1000,
        "wrong": sum(asker.wrong for asker in askers),
    }


if __name__ == "__main__":
    port, path, connections, seconds = sys.argv[1:5]
    rate = float(sys.argv[5]) if len(sys.argv) > 5 else 0.0
    told = uvloop.run(run(int(port), path, sys.stdin.read(), int(connections), float(seconds), rate))
    print(json.dumps(told))
