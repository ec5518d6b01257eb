"""A load generator for routes that write: as `load.py`, but each request has a path and a body of its own.

`python -m tests.bench.posts PORT FILE CONNECTIONS SECONDS`, the headers to send on standard input; FILE has a request
on each line, path and body divided by a tab, and each is sent once. Prints one JSON object, as `load.py` does.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import uvloop

from tests.bench.load import Asker


class Poster(Asker):
    """One connection: sends the next request of the common list."""

    def __init__(self, requests: Iterator[bytes], until: float) -> None:
        super().__init__(b"", until, 0.0)
        self._requests = requests

    def _ask(self) -> None:
        self._request = next(self._requests)
        super()._ask()


def read(path: Path, headers: str) -> list[bytes]:
    """The requests of a file, whole."""
    lines = "".join(f"{line}\r\n" for line in headers.splitlines() if line)
    made = []
    for row in path.read_text("utf-8").splitlines():
        where, body = row.split("\t")
        head = f"POST {where} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        made.append(f"{head}Content-Length: {len(body.encode())}\r\n{lines}\r\n{body}".encode())
    return made


async def run(port: int, path: Path, headers: str, connections: int, seconds: float) -> dict[str, float]:
    """Sends for `seconds` over `connections`."""
    requests = iter(read(path, headers))
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    posters: list[Poster] = []
    for _ in range(connections):
        _, poster = await loop.create_connection(lambda: Poster(requests, began + seconds), "127.0.0.1", port)
        posters.append(poster)
    await asyncio.wait_for(asyncio.gather(*(poster.done for poster in posters)), seconds + 60)
    took = time.perf_counter() - began
    times = sorted(moment for poster in posters for moment in poster.times)
    return {
        "rate": len(times) / took,
        "p50_ms": times[len(times) // 2] * 1000,
        "p99_ms": times[int(len(times) * 0.99)] * 1000,
        "wrong": sum(poster.wrong for poster in posters),
    }


if __name__ == "__main__":
    port, file, connections, seconds = sys.argv[1:5]
    print(json.dumps(uvloop.run(run(int(port), Path(file), sys.stdin.read(), int(connections), float(seconds)))))
