"""Applications, decisions and sheets: reading, listing and locking."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.bandi.models import (
    Bando,
    DichiarazioneInteresse,
    Domanda,
    DomandaPresentata,
    Istruttoria,
    Membro,
    Punteggio,
    QuotaMembro,
    Scheda,
    SottoProgetto,
)
from services.bandi.rules.dichiarazioni import EsitoDichiarazione
from services.bandi.rules.domanda import AMMESSE, FUORI, PRIMA_DELLA_DECISIONE, StatoDomanda


async def domanda(session: AsyncSession, domanda_id: UUID) -> Domanda | None:
    """Return an application."""
    found: Domanda | None = await session.get(Domanda, domanda_id)
    return found


async def blocca_domanda(session: AsyncSession, domanda_id: UUID) -> Domanda:
    """Return an application, which exists, locked for writing and read again."""
    statement = (
        sa.select(Domanda)
        .where(col(Domanda.domanda_id) == domanda_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(statement)).one()


async def presentata(session: AsyncSession, domanda_id: UUID) -> DomandaPresentata | None:
    """Return what was presented, if anything was."""
    found: DomandaPresentata | None = await session.get(DomandaPresentata, domanda_id)
    return found


async def conta_presentate(session: AsyncSession, bando_id: UUID, capofila: str) -> int:
    """Count the applications of a lead that take part in a call."""
    statement = (
        sa.select(sa.func.count())
        .select_from(Domanda)
        .where(
            col(Domanda.bando_id) == bando_id,
            col(Domanda.capofila) == capofila,
            col(Domanda.stato).not_in([stato.value for stato in FUORI]),
        )
    )
    return await session.scalar(statement) or 0


async def protocolli_in_attesa(session: AsyncSession, bando_id: UUID) -> Sequence[int]:
    """Return the protocol numbers of a call's applications that wait for a decision on their admissibility."""
    statement = sa.select(col(Domanda.protocollo)).where(
        col(Domanda.bando_id) == bando_id,
        col(Domanda.stato).in_([stato.value for stato in PRIMA_DELLA_DECISIONE]),
    )
    return [number for number in await session.scalars(statement) if number is not None]


async def ammesso(session: AsyncSession, bando_id: UUID, capofila: str) -> bool:
    """Say whether a call has admitted an application of that lead which still takes part in it."""
    statement = sa.select(
        sa.exists().where(
            col(Domanda.bando_id) == bando_id,
            col(Domanda.capofila) == capofila,
            col(Domanda.stato).in_([stato.value for stato in AMMESSE]),
        )
    )
    return bool(await session.scalar(statement))


async def domande_del_capofila(
    session: AsyncSession, capofila: str, *, dopo: UUID | None, quante: int
) -> list[tuple[Domanda, str]]:
    """Return the applications of an organisation, the latest first, with the code of their call."""
    statement = (
        sa.select(Domanda, col(Bando.codice))
        .join(Bando, col(Bando.bando_id) == col(Domanda.bando_id))
        .where(col(Domanda.capofila) == capofila)
        .order_by(col(Domanda.domanda_id).desc())
        .limit(quante)
    )
    if dopo is not None:
        statement = statement.where(col(Domanda.domanda_id) < dopo)
    return [(found, codice) for found, codice in (await session.execute(statement)).all()]


async def domande_del_bando(
    session: AsyncSession, bando_id: UUID, *, chi: str, stato: StatoDomanda | None, dopo: int | None, quante: int
) -> Sequence[Domanda]:
    """Return the presented applications of a call in order of protocol, less those somebody is in conflict with."""
    conflict = sa.exists().where(
        col(DichiarazioneInteresse.domanda_id) == col(Domanda.domanda_id),
        col(DichiarazioneInteresse.commissario) == chi,
        col(DichiarazioneInteresse.esito) == EsitoDichiarazione.CONFLITTO,
    )
    statement = (
        sa.select(Domanda)
        .where(col(Domanda.bando_id) == bando_id, col(Domanda.protocollo).is_not(None), ~conflict)
        .order_by(col(Domanda.protocollo))
        .limit(quante)
    )
    if stato is not None:
        statement = statement.where(col(Domanda.stato) == stato)
    if dopo is not None:
        statement = statement.where(col(Domanda.protocollo) > dopo)
    return (await session.scalars(statement)).all()


async def inserisci_parti(
    session: AsyncSession, membri: list[dict[str, Any]], parti: list[dict[str, Any]], quote: list[dict[str, Any]]
) -> None:
    """Insert the partnership of a presented application, its sub-projects and who does what of each."""
    await session.execute(insert(Membro), membri)
    await session.execute(insert(SottoProgetto), parti)
    await session.execute(insert(QuotaMembro), quote)


async def istruttoria(session: AsyncSession, domanda_id: UUID) -> Istruttoria | None:
    """Return the decision on an application, if there is one."""
    found: Istruttoria | None = await session.get(Istruttoria, domanda_id)
    return found


async def inserisci_scheda(session: AsyncSession, scheda: dict[str, Any], punteggi: list[dict[str, Any]]) -> bool:
    """Insert a signed sheet with its scores; False when the commissioner has signed one already."""
    statement = (
        insert(Scheda)
        .values(**scheda)
        .on_conflict_do_nothing(index_elements=["domanda_id", "commissario"])
        .returning(col(Scheda.scheda_id))
    )
    if await session.scalar(statement) is None:
        return False
    await session.execute(insert(Punteggio), punteggi)
    return True


async def schede(session: AsyncSession, domanda_id: UUID) -> Sequence[Scheda]:
    """Return the signed sheets of an application, in order of signature."""
    statement = (
        sa.select(Scheda)
        .where(col(Scheda.domanda_id) == domanda_id)
        .order_by(col(Scheda.firmata_il), col(Scheda.scheda_id))
    )
    return (await session.scalars(statement)).all()


async def punteggi(session: AsyncSession, scheda_ids: Sequence[UUID]) -> Sequence[Punteggio]:
    """Return the scores of some sheets, in order of criterion."""
    statement = sa.select(Punteggio).where(col(Punteggio.scheda_id).in_(scheda_ids)).order_by(col(Punteggio.criterio))
    return (await session.scalars(statement)).all()


async def sposta_stati(session: AsyncSession, stati: dict[UUID, StatoDomanda]) -> None:
    """Move many applications to their new state in one statement; those already there keep their version."""
    if not stati:
        return
    given = (
        sa.func.unnest(
            sa.cast(sa.literal([str(key) for key in stati], sa.ARRAY(sa.Text)), sa.ARRAY(sa.Uuid)),
            sa.literal([stato.value for stato in stati.values()], sa.ARRAY(sa.Text)),
        )
        .table_valued("domanda_id", "stato", name="dato")
        .render_derived()
    )
    await session.execute(
        sa.update(Domanda)
        .where(col(Domanda.domanda_id) == given.c.domanda_id, col(Domanda.stato) != given.c.stato)
        .values(stato=given.c.stato, versione=col(Domanda.versione) + 1)
        .execution_options(synchronize_session=False)
    )


async def domande(session: AsyncSession, domanda_ids: Sequence[UUID]) -> Sequence[Domanda]:
    """Return some applications, in order of protocol."""
    statement = sa.select(Domanda).where(col(Domanda.domanda_id).in_(domanda_ids)).order_by(col(Domanda.protocollo))
    return (await session.scalars(statement)).all()


async def richieste(session: AsyncSession, domanda_ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    """Return the cents some presented applications ask of each line."""
    statement = sa.select(SottoProgetto).where(col(SottoProgetto.domanda_id).in_(domanda_ids))
    found: dict[UUID, dict[str, int]] = {domanda_id: {} for domanda_id in domanda_ids}
    for parte in (await session.scalars(statement)).all():
        found[parte.domanda_id][parte.linea] = parte.contributo_cent
    return found
