"""Turns: a route that is heavy, or that everybody calls at once, lets in a few requests at a time, in order of arrival.

Who waits holds no database connection: a queue of hundreds would otherwise exhaust the pool, and the last ones of a
call that closes would be sent away although they came in time (ADR 0057).
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from chassis.errors import Unavailable

WAIT_S = 25.0  # less than what the gateway waits for a service


class Gate:
    """The turns of one route in one process.

    Args:
        places: how many requests are inside at a time.
        wait_s: how long a request waits for its turn.
    """

    def __init__(self, places: int, wait_s: float = WAIT_S) -> None:
        self._turns = asyncio.Semaphore(places)
        self._wait_s = wait_s

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Waits for a turn, first come first served, and gives it back.

        Raises:
            Unavailable: the turn did not come in time.
        """
        try:
            async with asyncio.timeout(self._wait_s):
                await self._turns.acquire()
        except TimeoutError:
            raise Unavailable(
                "Troppe richieste insieme per questa operazione: nulla e' stato scritto.",
                remedy="Ripetere la richiesta fra qualche secondo, con la stessa Idempotency-Key.",
                retry_after=2,
            ) from None
        try:
            yield
        finally:
            self._turns.release()
