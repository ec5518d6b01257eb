"""Uploads: the body of a request, of any size up to a limit, put aside in a file before the transaction begins.

Nothing is believed of it: neither its name nor its declared type nor its declared length.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from fastapi import Request
from starlette.requests import ClientDisconnect

from chassis.errors import BadRequest, TooLarge

MEMORY_BYTES = 2**20
# What is too large is still read, and thrown away: who is answered while sending sees a broken connection, not the 413.
DRAINED_BYTES = 64 * 2**20
SILENCE_S = 30.0
WHOLE_S = 300.0


class FileTroppoGrande(TooLarge):
    """The file is larger than this resource accepts."""

    title = "File troppo grande"


class FileVuoto(BadRequest):
    """The request carries no byte."""

    title = "File vuoto"


class CaricamentoInterrotto(BadRequest):
    """The file did not arrive whole."""

    title = "Caricamento interrotto"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was received whole: open for reading, its size in bytes, its SHA-256 in hexadecimal."""

    file: IO[bytes]
    size: int
    sha256: str


@asynccontextmanager
async def received(request: Request, limit: int) -> AsyncIterator[Upload]:
    """Receives the body of a request into a file that is gone when the block ends; a small one stays in memory.

    Args:
        limit: the largest file, in bytes.

    Raises:
        FileTroppoGrande: it is larger, or says that it will be.
        FileVuoto: it has no byte.
        CaricamentoInterrotto: the caller left, or fell silent.
    """
    declared = request.headers.get("content-length", "")
    size = int(declared) if declared.isdigit() else 0
    if size > DRAINED_BYTES:
        raise _too_large(limit)
    refused, digest, size = size > limit, hashlib.sha256(), 0
    with SpooledTemporaryFile(max_size=MEMORY_BYTES) as file:
        try:
            async with asyncio.timeout(WHOLE_S), asyncio.timeout(SILENCE_S) as silence:
                async for piece in request.stream():
                    silence.reschedule(asyncio.get_running_loop().time() + SILENCE_S)
                    size += len(piece)
                    refused = refused or size > limit
                    if size > DRAINED_BYTES:
                        raise _too_large(limit)
                    if not refused:
                        digest.update(piece)
                        file.write(piece)
        except (ClientDisconnect, TimeoutError):
            raise CaricamentoInterrotto(
                "Il file non e' arrivato per intero.", remedy="Ripetere il caricamento."
            ) from None
        if refused:
            raise _too_large(limit)
        if size == 0:
            raise FileVuoto("Il file e' vuoto.", remedy="Inviare il contenuto del file come corpo della richiesta.")
        yield Upload(file, size, digest.hexdigest())


def upload_body(description: str) -> dict[str, Any]:
    """What the document says of the body of a route that takes a file."""
    content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    return {"required": True, "description": description, "content": content}


def _too_large(limit: int) -> FileTroppoGrande:
    return FileTroppoGrande(
        f"Il file supera il massimo di {limit // 2**20} MiB.", remedy="Ridurre il file o dividerlo in piu' documenti."
    )
