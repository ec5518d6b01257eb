"""Writes who read personal data, and why, beside every reading."""

from chassis.http import Ctx
from chassis.register import register_access


async def annota(ctx: Ctx, oggetto: str, oggetto_id: object, scopo: str) -> None:
    """Write one line of the access register in the request's transaction.

    Args:
        ctx: the request.
        oggetto: kind of what was read.
        oggetto_id: its pseudonymous id.
        scopo: why.
    """
    await register_access(
        ctx.session,
        ctx.principal,
        oggetto=oggetto,
        oggetto_id=oggetto_id,
        scopo=scopo,
        request_id=ctx.request_id,
        now=ctx.now,
    )
