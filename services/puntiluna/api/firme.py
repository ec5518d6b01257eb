"""Digests of bodies (RFC 9530): what arrives is checked if it carries one, what landlords keep leaves with one."""

import hashlib
import re
from base64 import b64decode, b64encode
from binascii import Error as BinasciiError

from fastapi import Response

from chassis.http import Ctx
from chassis.types import View
from services.puntiluna.rules.debiti import CorpoAlterato

_DIGEST = re.compile(r"(sha-256|sha-512)=:([A-Za-z0-9+/=]{1,100}):")


def con_digest(vista: View) -> Response:
    """Answer with a body and the digest of its bytes."""
    corpo = vista.model_dump_json().encode()
    digest = b64encode(hashlib.sha256(corpo).digest()).decode()
    return Response(corpo, media_type="application/json", headers={"Content-Digest": f"sha-256=:{digest}:"})


async def controlla_digest(ctx: Ctx) -> None:
    """Refuse a body that is not the one its `Content-Digest` speaks of; without the header nothing is checked.

    Raises:
        CorpoAlterato: the digest cannot be read, or is of another body.
    """
    dichiarato = ctx.request.headers.get("content-digest")
    if dichiarato is None:
        return
    corpo = await ctx.request.body()
    trovati = _DIGEST.findall(dichiarato)
    if not trovati or not all(_uguale(nome, valore, corpo) for nome, valore in trovati):
        raise CorpoAlterato(
            "Il corpo ricevuto non è quello di cui parla Content-Digest.",
            field="Content-Digest",
            remedy="Ricalcola l'impronta sui byte inviati (sha-256 in base64) e ripeti l'invio.",
        )


def _uguale(nome: str, valore: str, corpo: bytes) -> bool:
    try:
        return b64decode(valore, validate=True) == hashlib.new(nome.replace("-", ""), corpo).digest()
    except BinasciiError:
        return False
