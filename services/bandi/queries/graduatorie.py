"""Rankings: reading, listing, storing."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from chassis.bulk import insert_many
from services.bandi.models import BandoVersione, Graduatoria, MovimentoProgetto, Progetto, RigaGraduatoria
from services.bandi.rules.bando import MotivoVersione
from services.bandi.rules.progetto import TipoMovimento
from services.bandi.rules.righe import Causa, Esito, RigaPrecedente, TipoCausa
from services.bandi.schemas.bando import RegoleBando


def _light() -> sa.Select[Graduatoria]:
    """Select versions without their inputs: megabytes that only a verification reads."""
    return sa.select(Graduatoria).options(sa.orm.defer(Graduatoria.ingresso, raiseload=True))  # type: ignore[arg-type]


async def ingresso(session: AsyncSession, graduatoria_id: UUID) -> dict[str, Any]:
    """Return what a version was computed from, as plain values."""
    statement = sa.select(col(Graduatoria.ingresso)).where(col(Graduatoria.graduatoria_id) == graduatoria_id)
    return dict((await session.scalars(statement)).one())


async def cause(session: AsyncSession, bando_id: UUID, dopo: Graduatoria) -> list[Causa]:
    """Return what has brought or freed money of a call since a version of its ranking, in order of time.

    Versions of the rules are counted by number, acts on projects by the time in their ids: both are written under the
    call's lock, as the ranking was.
    """
    integrations = (
        sa.select(BandoVersione)
        .where(
            col(BandoVersione.bando_id) == bando_id,
            col(BandoVersione.numero) >= dopo.regole_versione,
            col(BandoVersione.motivo).in_([motivo.value for motivo in MotivoVersione]),
        )
        .order_by(col(BandoVersione.numero))
    )
    found: list[Causa] = []
    before = 0
    for version in await session.scalars(integrations):
        money = sum(linea.dotazione or 0 for linea in RegoleBando.model_validate(version.regole).linee)
        if version.numero > dopo.regole_versione and version.motivo == MotivoVersione.INTEGRAZIONE:
            found.append(Causa(TipoCausa.INTEGRAZIONE, version.atto, None, money - before))
        before = money
    acts = (
        sa.select(
            col(MovimentoProgetto.tipo),
            col(MovimentoProgetto.atto),
            col(Progetto.codice),
            col(MovimentoProgetto.importi),
        )
        .join(Progetto, col(Progetto.progetto_id) == col(MovimentoProgetto.progetto_id))
        .where(
            col(Progetto.bando_id) == bando_id,
            col(MovimentoProgetto.movimento_id) > dopo.graduatoria_id,
            col(MovimentoProgetto.tipo).in_(list(_CAUSES)),
        )
        .order_by(col(MovimentoProgetto.movimento_id))
    )
    for tipo, atto, codice, importi in await session.execute(acts):
        cents = sum(importi.values())
        if cents or tipo in {TipoMovimento.RINUNCIA, TipoMovimento.REVOCA}:
            found.append(Causa(_CAUSES[TipoMovimento(tipo)], atto, codice, cents))
    return found


_CAUSES = {
    TipoMovimento.RINUNCIA: TipoCausa.RINUNCIA,
    TipoMovimento.REVOCA: TipoCausa.REVOCA,
    TipoMovimento.RENDICONTO: TipoCausa.ECONOMIA,
    TipoMovimento.CONCLUSIONE: TipoCausa.ECONOMIA,
    TipoMovimento.RECUPERO: TipoCausa.RECUPERO,
}


async def graduatoria(session: AsyncSession, bando_id: UUID, numero: int) -> Graduatoria | None:
    """Return a version of a call's ranking."""
    statement = _light().where(col(Graduatoria.bando_id) == bando_id, col(Graduatoria.numero) == numero)
    found: Graduatoria | None = await session.scalar(statement)
    return found


async def ultima_graduatoria(session: AsyncSession, bando_id: UUID, finestra: str | None) -> Graduatoria | None:
    """Return the latest version of a call's ranking, or of one of its windows."""
    statement = (
        _light()
        .where(col(Graduatoria.bando_id) == bando_id, col(Graduatoria.finestra).is_not_distinct_from(finestra))
        .order_by(col(Graduatoria.numero).desc())
        .limit(1)
    )
    found: Graduatoria | None = await session.scalar(statement)
    return found


async def ultima_della_domanda(session: AsyncSession, domanda_id: UUID) -> Graduatoria | None:
    """Return the latest ranking an application is in."""
    statement = (
        _light()
        .join(RigaGraduatoria, col(RigaGraduatoria.graduatoria_id) == col(Graduatoria.graduatoria_id))
        .where(col(RigaGraduatoria.domanda_id) == domanda_id)
        .order_by(col(Graduatoria.numero).desc())
        .limit(1)
    )
    found: Graduatoria | None = await session.scalar(statement)
    return found


async def graduatorie(session: AsyncSession, bando_id: UUID) -> Sequence[Graduatoria]:
    """Return the versions of a call's ranking, from the first, at most a thousand; their inputs stay unread."""
    statement = _light().where(col(Graduatoria.bando_id) == bando_id).order_by(col(Graduatoria.numero)).limit(1000)
    return (await session.scalars(statement)).all()


async def righe(
    session: AsyncSession, graduatoria_id: UUID, *, dopo: int, quante: int | None
) -> Sequence[RigaGraduatoria]:
    """Return rows of a ranking in order, after a given order number (0 for the start)."""
    statement = (
        sa.select(RigaGraduatoria)
        .where(col(RigaGraduatoria.graduatoria_id) == graduatoria_id, col(RigaGraduatoria.ordine) > dopo)
        .order_by(col(RigaGraduatoria.ordine))
        .limit(quante)
    )
    return (await session.scalars(statement)).all()


async def riga(session: AsyncSession, graduatoria_id: UUID, protocollo: int) -> RigaGraduatoria | None:
    """Return the row of an application, by its protocol number."""
    statement = sa.select(RigaGraduatoria).where(
        col(RigaGraduatoria.graduatoria_id) == graduatoria_id, col(RigaGraduatoria.protocollo) == protocollo
    )
    found: RigaGraduatoria | None = await session.scalar(statement)
    return found


async def conta_pari_punti(session: AsyncSession, graduatoria_id: UUID, totale_cent: int | None) -> int:
    """Count the ranked rows with a total; they are one at least when it comes from one of them."""
    if totale_cent is None:
        return 0
    statement = (
        sa.select(sa.func.count())
        .select_from(RigaGraduatoria)
        .where(
            col(RigaGraduatoria.graduatoria_id) == graduatoria_id,
            col(RigaGraduatoria.totale_cent) == totale_cent,
            col(RigaGraduatoria.posizione).is_not(None),
        )
    )
    return await session.scalar(statement) or 0


async def inserisci_graduatoria(session: AsyncSession, values: dict[str, Any], righe: Sequence[dict[str, Any]]) -> None:
    """Insert a version of a ranking with its rows."""
    await session.execute(sa.insert(Graduatoria), [values])
    await insert_many(session, RigaGraduatoria, righe)


async def righe_precedenti(session: AsyncSession, graduatoria_id: UUID) -> dict[int, RigaPrecedente]:
    """Return what a version says of each application, by protocol number."""
    statement = sa.select(
        col(RigaGraduatoria.protocollo),
        col(RigaGraduatoria.posizione),
        col(RigaGraduatoria.esito),
        col(RigaGraduatoria.ammesso_cent),
    ).where(col(RigaGraduatoria.graduatoria_id) == graduatoria_id)
    return {
        protocollo: RigaPrecedente(posizione, Esito(esito), ammesso)
        for protocollo, posizione, esito, ammesso in await session.execute(statement)
    }
