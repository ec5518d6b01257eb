"""The answers of the partners: reading and writing."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.bandi.models import AdesionePartner, Bando, Domanda
from services.bandi.rules.domanda import RuoloPartner


async def adesioni(session: AsyncSession, domanda_id: UUID) -> dict[str, AdesionePartner]:
    """Return the answers to an application, by organisation."""
    statement = sa.select(AdesionePartner).where(col(AdesionePartner.domanda_id) == domanda_id)
    return {found.ente: found for found in (await session.scalars(statement)).all()}


async def scrivi_adesione(session: AsyncSession, valori: dict[str, Any]) -> None:
    """Write the answer of a partner over its previous one."""
    statement = insert(AdesionePartner).values(**valori)
    changed = {name: statement.excluded[name] for name in valori if name not in {"domanda_id", "ente"}}
    await session.execute(statement.on_conflict_do_update(index_elements=["domanda_id", "ente"], set_=changed))


async def copia_adesioni(session: AsyncSession, da: UUID, verso: UUID) -> None:
    """Give a draft the answers another application has."""
    columns: list[Any] = [col(AdesionePartner.ente), col(AdesionePartner.esito), col(AdesionePartner.motivo)]
    columns += [col(AdesionePartner.condizioni), col(AdesionePartner.decisa_da), col(AdesionePartner.decisa_il)]
    found = sa.select(sa.literal(verso, sa.Uuid), *columns).where(col(AdesionePartner.domanda_id) == da)
    names = ["domanda_id", "ente", "esito", "motivo", "condizioni", "decisa_da", "decisa_il"]
    await session.execute(insert(AdesionePartner).from_select(names, found))


async def inviti(
    session: AsyncSession, ente: str, *, dopo: UUID | None, quante: int
) -> Sequence[tuple[Domanda, str, AdesionePartner | None]]:
    """Return the applications that name an organisation among the partners, the latest first, with its answer."""
    named = sa.literal([{"ente": ente, "ruolo": RuoloPartner.PARTNER.value}], JSONB)
    statement = (
        sa.select(Domanda, col(Bando.codice), AdesionePartner)
        .join(Bando, col(Bando.bando_id) == col(Domanda.bando_id))
        .outerjoin(
            AdesionePartner,
            sa.and_(col(AdesionePartner.domanda_id) == col(Domanda.domanda_id), col(AdesionePartner.ente) == ente),
        )
        .where(col(Domanda.bozza)["membri"].op("@>")(named))
        .order_by(col(Domanda.domanda_id).desc())
        .limit(quante)
    )
    if dopo is not None:
        statement = statement.where(col(Domanda.domanda_id) < dopo)
    return [(domanda, codice, risposta) for domanda, codice, risposta in (await session.execute(statement)).all()]
