"""Idempotency keys: a repeated POST gets the first answer, and two at once do the thing once.

The key is claimed by an INSERT in the request's own transaction: a second request with the same key waits on that row.
The rendered answer is stored before the commit. A refusal rolls back, so it keeps nothing: nothing was done
(docs/adr, idempotency). Keys live 90 days of real time.
"""

import hashlib
import re
from dataclasses import dataclass

import sqlalchemy as sa
from fastapi import Request, Response
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import tables
from chassis.errors import Conflict, Invalid

RETENTION_DAYS = 90
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_KEPT_HEADERS = ("content-type", "etag", "location", "content-disposition", "content-digest")


class ChiaveRiutilizzata(Conflict):
    """The key was already used for another request."""

    title = "Chiave di idempotenza gia' usata"


@dataclass(frozen=True, slots=True)
class Claim:
    """A key claimed by this request, to be completed with the answer."""

    subject: str
    route: str
    key: str


def read_key(request: Request) -> str | None:
    """The caller's `Idempotency-Key`, if there is one.

    Raises:
        Invalid: the key is empty, too long or not printable ASCII.
    """
    key = request.headers.get("idempotency-key")
    if key is not None and not _KEY.fullmatch(key):
        raise Invalid("La Idempotency-Key deve avere da 1 a 255 caratteri ASCII senza spazi.", field="Idempotency-Key")
    return key


async def fingerprint(request: Request) -> bytes:
    """SHA-256 of what the request asks: path, query and body."""
    digest = hashlib.sha256(f"{request.url.path}?{request.url.query}\n".encode())
    digest.update(await request.body())
    return digest.digest()


_ROW = tables.idempotent_answer
_THIS = sa.and_(
    _ROW.c.soggetto == sa.bindparam("del_soggetto"),
    _ROW.c.rotta == sa.bindparam("della_rotta"),
    _ROW.c.chiave == sa.bindparam("della_chiave"),
)
# These run in every POST: they are built once.
_CLAIM = insert(_ROW).on_conflict_do_nothing().returning(_ROW.c.chiave)
_KEPT = sa.select(_ROW).where(_THIS)
_KEEP = (
    sa.update(_ROW)
    .where(_THIS)
    .values(status=sa.bindparam("lo_status"), headers=sa.bindparam("le_headers"), body=sa.bindparam("il_body"))
)


async def claim_key(session: AsyncSession, claim: Claim, mark: bytes) -> Response | None:
    """Claims a key, or finds the answer it already has.

    Returns:
        None if the key is ours now; otherwise the first answer, with `Idempotency-Hit: true`.

    Raises:
        ChiaveRiutilizzata: the key belongs to a request with another body.
    """
    row = {"soggetto": claim.subject, "rotta": claim.route, "chiave": claim.key, "impronta": mark}
    if await session.scalar(_CLAIM, row) is not None:
        return None
    kept = (await session.execute(_KEPT, _named(claim))).one()
    if bytes(kept.impronta) != mark:
        raise ChiaveRiutilizzata(
            "Questa Idempotency-Key e' gia' stata usata per una richiesta diversa.",
            field="Idempotency-Key",
            remedy="Usare una chiave nuova per ogni nuova operazione.",
        )
    return Response(
        content=bytes(kept.body), status_code=kept.status, headers={**kept.headers, "Idempotency-Hit": "true"}
    )


async def keep_answer(session: AsyncSession, claim: Claim, response: Response) -> None:
    """Stores the rendered answer under the claimed key, in the same transaction as the effect."""
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    answer = {"lo_status": response.status_code, "le_headers": headers, "il_body": bytes(response.body)}
    await session.execute(_KEEP, _named(claim) | answer)


def _named(claim: Claim) -> dict[str, object]:
    return {"del_soggetto": claim.subject, "della_rotta": claim.route, "della_chiave": claim.key}
