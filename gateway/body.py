"""Request bodies: small ones are read whole, so that they can be sent again; large ones flow through."""

import asyncio
from collections.abc import AsyncIterator

from gateway.asgi import Call, ClientGone
from gateway.problems import CorpoTroppoGrande, RichiestaLenta

BUFFERED_BYTES = 64 * 1024


class Body:
    """The body of a request, read from the client under a size limit and a time limit between pieces."""

    __slots__ = ("_call", "_limit", "_silence_s", "_size", "complete", "content", "fault")

    def __init__(self, call: Call, limit: int, silence_s: float) -> None:
        self._call = call
        self._limit = limit
        self._silence_s = silence_s
        self._size = 0
        self.complete = False
        self.content: bytes | None = None
        # Why reading ended early: what flows through is read by the client library, which wraps the exception.
        self.fault: Exception | None = None

    async def prepare(self) -> None:
        """Reads the body if it is small; of a large one, only what has come so far.

        Raises:
            CorpoTroppoGrande: the declared or received size exceeds the limit.
            RichiestaLenta: the client fell silent.
            ClientGone: the client left.
        """
        headers = self._call.headers
        if headers.content_length is None and not headers.chunked:
            self.complete = True
            return
        if headers.content_length is not None and headers.content_length > self._limit:
            raise self._too_large()
        try:
            async with asyncio.timeout(self._silence_s) as silence:
                content, more = await self._piece()
                if more and (headers.content_length or 0) <= BUFFERED_BYTES:
                    pieces = [content]
                    while more and self._size <= BUFFERED_BYTES:
                        silence.reschedule(asyncio.get_running_loop().time() + self._silence_s)
                        piece, more = await self._piece()
                        pieces.append(piece)
                    content = b"".join(pieces)
        except TimeoutError:
            raise _slow() from None
        self.content = content
        self.complete = not more

    async def flow(self) -> AsyncIterator[bytes]:
        """The pieces of a large body, as they come. May be read once."""
        if self.content:
            yield self.content
        self.content = None
        more = True
        while more:
            try:
                async with asyncio.timeout(self._silence_s):
                    piece, more = await self._piece()
            except TimeoutError:
                self.fault = _slow()
                raise self.fault from None
            except (ClientGone, CorpoTroppoGrande) as fault:
                self.fault = fault
                raise
            if piece:
                yield piece
        self.complete = True

    async def _piece(self) -> tuple[bytes, bool]:
        self._call.body_begun = True
        message = await self._call.receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        piece: bytes = message.get("body", b"")
        self._size += len(piece)
        if self._size > self._limit:
            raise self._too_large()
        return piece, message.get("more_body", False)

    def _too_large(self) -> CorpoTroppoGrande:
        return CorpoTroppoGrande(
            f"Il corpo della richiesta supera il limite di {self._limit} byte.",
            remedy="Dividere l'invio in piu' richieste.",
        )


def _slow() -> RichiestaLenta:
    return RichiestaLenta("Il corpo della richiesta non e' arrivato per intero in tempo.", remedy="Ripetere l'invio.")
