"""Documents: reading, writing, freezing, and the files of the store that nothing names any more."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from chassis.ids import uuid7
from services.bandi.models import Deposito, Documento, DocumentoPresentato


async def documenti(session: AsyncSession, domanda_id: UUID) -> Sequence[Documento]:
    """Return the documents being prepared for an application, in order of announcement."""
    statement = (
        sa.select(Documento).where(col(Documento.domanda_id) == domanda_id).order_by(col(Documento.documento_id))
    )
    return (await session.scalars(statement)).all()


async def documenti_presentati(session: AsyncSession, domanda_id: UUID) -> Sequence[DocumentoPresentato]:
    """Return the documents of a presented application, in order of announcement."""
    statement = (
        sa.select(DocumentoPresentato)
        .where(col(DocumentoPresentato.domanda_id) == domanda_id)
        .order_by(col(DocumentoPresentato.documento_id))
    )
    return (await session.scalars(statement)).all()


async def documento(session: AsyncSession, domanda_id: UUID, documento_id: UUID) -> Documento | None:
    """Return a document being prepared, read again."""
    found: Documento | None = await session.get(Documento, documento_id, populate_existing=True)
    return found if found is not None and found.domanda_id == domanda_id else None


async def documento_presentato(
    session: AsyncSession, domanda_id: UUID, documento_id: UUID
) -> DocumentoPresentato | None:
    """Return a document that was presented."""
    found: DocumentoPresentato | None = await session.get(DocumentoPresentato, documento_id)
    return found if found is not None and found.domanda_id == domanda_id else None


async def chiave(session: AsyncSession, deposito_id: UUID) -> str:
    """Return the key of a file of the store."""
    statement = sa.select(col(Deposito.chiave)).where(col(Deposito.deposito_id) == deposito_id)
    return str((await session.scalars(statement)).one())


async def congela_documenti(session: AsyncSession, domanda_id: UUID, soccorso: int | None) -> None:
    """Move the documents whose file has come from what is being prepared to what was presented."""
    names = ["documento_id", "domanda_id", "richiesto", "nome", "deposito_id", "formato", "media_type", "dimensione"]
    names += ["impronta", "caricato_da", "caricato_il"]
    moved = sa.select(*(getattr(Documento, name) for name in names), sa.literal(soccorso, sa.Integer)).where(
        col(Documento.domanda_id) == domanda_id, col(Documento.deposito_id).is_not(None)
    )
    await session.execute(insert(DocumentoPresentato).from_select([*names, "soccorso"], moved))
    await session.execute(sa.delete(Documento).where(col(Documento.domanda_id) == domanda_id))


async def copia_documenti(session: AsyncSession, *, da: UUID, verso: UUID, now: datetime) -> None:
    """Give a draft the documents another application presented; both name the same files."""
    kept = ("richiesto", "nome", "deposito_id", "formato", "media_type", "dimensione", "impronta")
    copies = [
        {name: getattr(found, name) for name in (*kept, "caricato_da", "caricato_il")}
        | {"documento_id": uuid7(), "domanda_id": verso, "creato_il": now}
        for found in await documenti_presentati(session, da)
    ]
    if copies:
        await session.execute(insert(Documento), copies)


async def depositi_orfani(session: AsyncSession, prima_del: datetime, quanti: int) -> Sequence[Deposito]:
    """Return files of the store that no document names, put before an instant; locked, those of another run skipped."""
    statement = (
        sa.select(Deposito)
        .where(
            col(Deposito.creato_il) < prima_del,
            ~sa.exists().where(col(Documento.deposito_id) == col(Deposito.deposito_id)),
            ~sa.exists().where(col(DocumentoPresentato.deposito_id) == col(Deposito.deposito_id)),
        )
        .order_by(col(Deposito.creato_il))
        .limit(quanti)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(statement)).all()
