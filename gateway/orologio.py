"""The platform clock from outside, on a local platform only: read from, and set on, all four services together."""

import asyncio
from collections.abc import Mapping
from typing import Any

import aiohttp
import orjson

from chassis.errors import Refusal
from gateway.problems import ServizioNonDisponibile
from gateway.upstream import Upstream

_TIMEOUT_S = 5.0
_MEDIA_TYPE = "application/json"


class RefusedByService(Exception):
    """A service refused; its own problem document is the answer."""

    def __init__(self, status: int, content: bytes) -> None:
        super().__init__(f"refused with {status}")
        self.status = status
        self.content = content


class PlatformClock:
    """The clocks of all services.

    Args:
        upstreams: the services.
    """

    def __init__(self, upstreams: Mapping[str, Upstream]) -> None:
        self._upstreams = upstreams

    async def read(self, headers: dict[str, str]) -> dict[str, Any]:
        """The clock of every service.

        Raises:
            ServizioNonDisponibile: a service cannot be reached.
            RefusedByService: a service refused.
        """
        return await self._all("GET", headers, None)

    async def set(self, headers: dict[str, str], content: bytes) -> dict[str, Any]:
        """Sets the clock of every service; all are reached first, so that a dead one leaves the others alone.

        Raises:
            ServizioNonDisponibile, RefusedByService: as `read`.
        """
        await self._all("GET", headers, None)
        return await self._all("PUT", headers, content)

    async def _all(self, method: str, headers: dict[str, str], content: bytes | None) -> dict[str, Any]:
        answers = await asyncio.gather(
            *(_ask(upstream, method, headers, content) for upstream in self._upstreams.values())
        )
        instants = {service: answer.get("adesso") for service, answer in zip(self._upstreams, answers, strict=True)}
        return {"adesso": next(iter(instants.values())), "servizi": instants}


async def _ask(upstream: Upstream, method: str, headers: dict[str, str], content: bytes | None) -> dict[str, Any]:
    sent = headers | ({"content-type": _MEDIA_TYPE} if content is not None else {})
    try:
        status, answer = await upstream.exchange(method, "/orologio", timeout_s=_TIMEOUT_S, headers=sent, data=content)
        if status != 200:
            raise RefusedByService(status, answer)
        document: dict[str, Any] = orjson.loads(answer)
    except (aiohttp.ClientError, TimeoutError, orjson.JSONDecodeError) as error:
        raise _unreachable(upstream) from error
    return document


def _unreachable(upstream: Upstream) -> Refusal:
    return ServizioNonDisponibile(
        f"L'orologio del servizio {upstream.service} non risponde.",
        remedy="Verificare lo stato dei servizi e ripetere: l'operazione puo' essere ripetuta senza danno.",
        retry_after=1,
    )
