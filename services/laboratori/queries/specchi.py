"""Mirrors of other services' facts."""

from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from services.laboratori.models import IscrizioneInclusione, PercorsoPip


async def scrivi_se_piu_recente(
    session: AsyncSession,
    model: type[IscrizioneInclusione] | type[PercorsoPip],
    chiave: str,
    valori: dict[str, Any],
) -> None:
    """Writes the row, or replaces it if its version is older; in one statement, so that order does not matter."""
    table: type[SQLModel] = model
    statement = insert(table).values(**valori)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[chiave],
            set_={name: statement.excluded[name] for name in valori if name != chiave},
            where=col(model.versione) < statement.excluded["versione"],
        )
    )
