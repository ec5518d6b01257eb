"""Mirrors of what `inclusione` tells: only newer versions are taken."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.laboratori.models import IscrizioneInclusione, PercorsoPip
from services.laboratori.queries import specchi as queries


async def rispecchia_iscrizione(session: AsyncSession, valori: dict[str, Any]) -> None:
    """Take in what is told of an enrolment, unless something newer was told already.

    Source: DOMAIN laboratori, evaluation from people here plus the PIP facts that arrive as events.
    """
    await queries.scrivi_se_piu_recente(session, IscrizioneInclusione, "iscrizione_id", valori)


async def rispecchia_pip(session: AsyncSession, valori: dict[str, Any]) -> None:
    """Take in what is told of a PIP, unless something newer was told already.

    Source: DOMAIN laboratori, evaluation from people here plus the PIP facts that arrive as events.
    """
    await queries.scrivi_se_piu_recente(session, PercorsoPip, "pip_id", valori)
