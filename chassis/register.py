"""The access register: who read or was refused personal data, for what purpose, when. Append-only."""

from datetime import datetime
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import tables
from chassis.ids import uuid7
from chassis.tokens import Principal


async def register_access(
    session: AsyncSession,
    principal: Principal,
    *,
    oggetto: str,
    oggetto_id: object,
    scopo: str,
    request_id: str,
    now: datetime,
    esito: Literal["consentito", "negato"] = "consentito",
) -> None:
    """Writes one line of the register, in the caller's transaction.

    Args:
        oggetto: the kind of what was read, for example `persona`.
        oggetto_id: its pseudonymous id; never a name or a tax code.
        scopo: the stated purpose of the reading.
        now: the platform's instant.
        esito: `negato` for a refusal; the chassis writes that line in a transaction of its own.
    """
    await session.execute(
        tables.access_register.insert().values(
            registrazione_id=uuid7(),
            soggetto=principal.subject,
            ruoli=" ".join(sorted(principal.roles)),
            oggetto=oggetto,
            oggetto_id=str(oggetto_id),
            scopo=scopo,
            esito=esito,
            request_id=request_id,
            avvenuto_il=now,
        )
    )
