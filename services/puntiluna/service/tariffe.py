"""Tariffs and limits: entered by offices, never changed, in force from their day on."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import constraint_name
from chassis.ids import uuid7
from chassis.ruoli import Ruolo
from chassis.tokens import Principal
from services.puntiluna.models import AvvisoLimite, LimitePunti, TariffaPunti
from services.puntiluna.queries import progetti as queries
from services.puntiluna.rules.fondi import FuoriCompetenza, ProgettoSconosciuto
from services.puntiluna.rules.tariffe import (
    AmbitoLimite,
    TariffaGiaPresente,
    TipoTariffa,
    controlla_limite,
    controlla_voce,
)
from services.puntiluna.service.progetti import controlla_competenza


async def controlla_gestione(session: AsyncSession, progetto_id: UUID | None, principal: Principal) -> None:
    """Refuse who may not set tariffs or limits: for all projects the administrator, for one its own officers.

    Raises:
        ProgettoSconosciuto: bandi never told of the project.
        FuoriCompetenza: another project's officer, or an officer speaking for all projects.
    """
    if principal.has(Ruolo.AMMINISTRATORE):
        return
    if progetto_id is None:
        raise FuoriCompetenza(
            "Ciò che vale per tutti i progetti lo decide l'amministratore.", remedy="Indica il progetto del tuo ente."
        )
    if await queries.progetto(session, progetto_id) is None:
        raise ProgettoSconosciuto(f"Il progetto {progetto_id} non ha un fondo punti.", field="progetto_id")
    await controlla_competenza(session, progetto_id, principal)


async def elenca_avvisi(session: AsyncSession, progetto_id: UUID) -> Sequence[tuple[AvvisoLimite, str]]:
    """Give the last 500 limits that a project's attendances went over, each with what it adds up."""
    return await queries.avvisi(session, progetto_id, 500)


async def crea_tariffa(
    session: AsyncSession,
    *,
    progetto_id: UUID | None,
    tipo: TipoTariffa,
    voce: str,
    punti_ora_cent: int,
    dal: date,
    autore: str,
    now: datetime,
) -> TariffaPunti:
    """Enter a tariff from a day on; attendances that had none are evaluated again by themselves.

    Args:
        session: the transaction.
        progetto_id: the project it is for, None for all.
        tipo: band or indirect category.
        voce: the band or the category.
        punti_ora_cent: hundredths of a point an hour.
        dal: first day.
        autore: the officer.
        now: the platform's instant.

    Returns:
        The tariff.

    Raises:
        TariffaNonValida: the band does not exist.
        TariffaGiaPresente: the entry already has a tariff from that day.
    """
    controlla_voce(tipo, voce)
    tariffa = TariffaPunti(
        tariffa_id=uuid7(),
        progetto_id=progetto_id,
        tipo=str(tipo),
        voce=voce,
        punti_ora_cent=punti_ora_cent,
        dal=dal,
        autore=autore,
        creata_il=now,
    )
    session.add(tariffa)
    try:
        await session.flush()
    except Exception as error:
        if constraint_name(error) == "uq_tariffa_voce_dal":
            raise TariffaGiaPresente(
                f"La voce «{voce}» ha già una tariffa dal {dal.isoformat()}.",
                field="dal",
                remedy="Indica un giorno diverso: le tariffe già in vigore non si cambiano.",
            ) from None
        raise
    return tariffa


async def elenca_tariffe(session: AsyncSession, *, progetto_id: UUID | None, limite: int) -> list[TariffaPunti]:
    """Give the tariffs, general ones and those of a project if one is named."""
    return await queries.tariffe(session, progetto_id, limite)


async def crea_limite(
    session: AsyncSession,
    *,
    progetto_id: UUID | None,
    ambito: AmbitoLimite,
    attivita_id: UUID | None,
    massimo_cent: int,
    rigido: bool,
    dal: date,
    al: date | None,
    autore: str,
    now: datetime,
) -> LimitePunti:
    """Enter a limit on points; it speaks of the attendances evaluated from now on.

    Args:
        session: the transaction.
        progetto_id: the project, None for all.
        ambito: what it adds up.
        attivita_id: one activity, only with `attivita`.
        massimo_cent: hundredths of a point.
        rigido: refuses if true, warns otherwise.
        dal: first day of the attendances it speaks of.
        al: last day, or None.
        autore: the officer.
        now: the platform's instant.

    Returns:
        The limit.

    Raises:
        LimiteNonValido: it cannot be applied as written.
    """
    controlla_limite(ambito, attivita_id, dal, al)
    limite = LimitePunti(
        limite_id=uuid7(),
        progetto_id=progetto_id,
        ambito=str(ambito),
        attivita_id=attivita_id,
        massimo_cent=massimo_cent,
        rigido=rigido,
        dal=dal,
        al=al,
        autore=autore,
        creato_il=now,
    )
    session.add(limite)
    await session.flush()
    return limite


async def elenca_limiti(session: AsyncSession, *, limite: int) -> Sequence[LimitePunti]:
    """Give the limits in order of id."""
    return await queries.limiti(session, limite)
