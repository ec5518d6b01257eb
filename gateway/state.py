"""The state of the platform as the gateway sees it: each service asked, in parallel and not more than once a second."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import aiohttp

from gateway.upstream import Upstream

_TIMEOUT_S = 1.5
_KEPT_S = 1.0


class PlatformState:
    """Asks every service whether it is ready."""

    def __init__(self, upstreams: Mapping[str, Upstream]) -> None:
        self._upstreams = upstreams
        self._lock = asyncio.Lock()
        self._known: dict[str, Any] | None = None
        self._known_at = 0.0

    async def read(self) -> dict[str, Any]:
        """`stato` of the whole and `servizi`, each `ok` or `non_disponibile`."""
        async with self._lock:
            if self._known is None or time.monotonic() - self._known_at > _KEPT_S:
                ready = await asyncio.gather(*(_is_ready(upstream) for upstream in self._upstreams.values()))
                services = {
                    service: "ok" if answer else "non_disponibile"
                    for service, answer in zip(self._upstreams, ready, strict=True)
                }
                self._known = {"stato": "ok" if all(ready) else "degradato", "servizi": services}
                self._known_at = time.monotonic()
            return self._known


async def _is_ready(upstream: Upstream) -> bool:
    try:
        status, _ = await upstream.fetch("/readyz", timeout_s=_TIMEOUT_S)
    except (aiohttp.ClientError, TimeoutError):
        return False
    return status == 200
