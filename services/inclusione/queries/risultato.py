"""Enterprise paths, certificates, targets, and what is counted beside them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.inclusione.models import (
    Attestato,
    Contratto,
    Impresa,
    ImpresaTraguardo,
    Iscrizione,
    Obiettivo,
    Ora,
    Patto,
    PattoGruppo,
    Pip,
    Tirocinio,
)
from services.inclusione.rules.attestato import TipoAttestato
from services.inclusione.rules.iscrizione import Esito
from services.inclusione.rules.risultato import Indicatore
from services.inclusione.rules.stati import StatoOra
from services.inclusione.rules.tirocinio import MESI_TRIMESTRE, StatoTirocinio


async def aggiungi_impresa(session: AsyncSession, nuova: Impresa) -> bool:
    """Adds an enterprise path; False if the plan has one under way."""
    added = await session.scalar(
        insert(Impresa).values(nuova.model_dump()).on_conflict_do_nothing().returning(col(Impresa.impresa_id))
    )
    return added is not None


async def impresa(session: AsyncSession, impresa_id: UUID, *, blocca: bool = False) -> Impresa | None:
    """An enterprise path, under its lock if asked."""
    return await session.get(Impresa, impresa_id, with_for_update=blocca, populate_existing=blocca)


async def traguardi(session: AsyncSession, impresa_id: UUID) -> Sequence[ImpresaTraguardo]:
    """The milestones of an enterprise path, in order of day."""
    found = await session.scalars(
        sa.select(ImpresaTraguardo)
        .where(col(ImpresaTraguardo.impresa_id) == impresa_id)
        .order_by(col(ImpresaTraguardo.raggiunto_il), col(ImpresaTraguardo.registrato_il))
    )
    return found.all()


async def aggiungi_traguardo(session: AsyncSession, nuovo: ImpresaTraguardo) -> bool:
    """Adds a milestone; False if it was met already."""
    added = await session.scalar(
        insert(ImpresaTraguardo)
        .values(nuovo.model_dump())
        .on_conflict_do_nothing()
        .returning(col(ImpresaTraguardo.impresa_id))
    )
    return added is not None


async def aggiungi_attestato(session: AsyncSession, nuovo: Attestato) -> bool:
    """Adds a certificate; False if one is in force for that course and person."""
    added = await session.scalar(
        insert(Attestato).values(nuovo.model_dump()).on_conflict_do_nothing().returning(col(Attestato.attestato_id))
    )
    return added is not None


async def attestato(session: AsyncSession, attestato_id: UUID, *, blocca: bool = False) -> Attestato | None:
    """A certificate, under its lock if asked."""
    return await session.get(Attestato, attestato_id, with_for_update=blocca, populate_existing=blocca)


async def attestato_con_codice(session: AsyncSession, codice: str) -> Attestato | None:
    """The certificate with a verification code."""
    return await session.scalar(sa.select(Attestato).where(col(Attestato.codice) == codice))


async def attestati(session: AsyncSession, pip_id: UUID) -> Sequence[Attestato]:
    """The certificates of a plan."""
    found = await session.scalars(
        sa.select(Attestato).where(col(Attestato.pip_id) == pip_id).order_by(col(Attestato.attestato_id)).limit(100)
    )
    return found.all()


async def obiettivo(session: AsyncSession, progetto_id: UUID, indicatore: Indicatore) -> Obiettivo | None:
    """The target of an indicator, under its lock."""
    return await session.get(Obiettivo, (progetto_id, indicatore), with_for_update=True, populate_existing=True)


async def obiettivi(session: AsyncSession, progetto_id: UUID) -> dict[Indicatore, Obiettivo]:
    """The targets of a project."""
    found = await session.scalars(sa.select(Obiettivo).where(col(Obiettivo.progetto_id) == progetto_id))
    return {riga.indicatore: riga for riga in found}


async def conteggi(session: AsyncSession, progetto_id: UUID) -> dict[Indicatore, int]:
    """What was recorded of a project, but the people by kind of service."""

    def quanti(tabella: Any, *condizioni: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
        return (
            sa.select(sa.func.count())
            .select_from(tabella)
            .where(col(tabella.progetto_id) == progetto_id, *condizioni)
            .scalar_subquery()
        )

    in_vigore = col(Attestato.revocato_il).is_(None)
    domande = {
        Indicatore.ISCRIZIONI: quanti(Iscrizione),
        Indicatore.IDONEI: quanti(Iscrizione, col(Iscrizione.esito) == Esito.IDONEO),
        Indicatore.PIANI_AVVIATI: quanti(Pip, col(Pip.attivato_il).is_not(None)),
        Indicatore.PATTI_INDIVIDUALI: quanti(Patto, col(Patto.gruppo_id).is_(None)),
        Indicatore.PATTI_DI_GRUPPO: quanti(PattoGruppo),
        Indicatore.TIROCINI: quanti(Tirocinio, col(Tirocinio.stato) != StatoTirocinio.INTERROTTO),
        Indicatore.ATTESTATI: quanti(Attestato, in_vigore, col(Attestato.tipo) != TipoAttestato.IMPRESA),
        Indicatore.ATTESTATI_IMPRESA: quanti(Attestato, in_vigore, col(Attestato.tipo) == TipoAttestato.IMPRESA),
        Indicatore.PERCORSI_IMPRESA: quanti(Impresa, col(Impresa.stato) != StatoTirocinio.INTERROTTO),
        Indicatore.CONTRATTI: quanti(Contratto, col(Contratto.annullato_il).is_(None)),
        Indicatore.CONTRATTI_TRIMESTRALI: quanti(
            Contratto, col(Contratto.annullato_il).is_(None), col(Contratto.mesi) == MESI_TRIMESTRE
        ),
    }
    riga = (await session.execute(sa.select(*(domanda.label(nome.value) for nome, domanda in domande.items())))).one()
    return {nome: int(valore) for nome, valore in zip(domande, riga, strict=True)}


async def persone_per_servizio(session: AsyncSession, progetto_id: UUID) -> Sequence[tuple[UUID, int, str, UUID]]:
    """Who has validated hours of which service: measure, version, code of the service, person."""
    rows = await session.execute(
        sa.select(col(Pip.misura_id), col(Pip.misura_numero), col(Ora.servizio_codice), col(Ora.persona_id))
        .join(Ora, col(Ora.pip_id) == col(Pip.pip_id))
        .where(col(Pip.progetto_id) == progetto_id, col(Ora.diretta), col(Ora.stato) == StatoOra.VALIDATA)
        .distinct()
    )
    return [(row[0], row[1], row[2] or "", row[3]) for row in rows]
