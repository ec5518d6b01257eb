"""Solidal: donations to a household or to the common pool."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import uuid7
from services.puntiluna.models import Donazione
from services.puntiluna.queries import debiti as queries_debiti
from services.puntiluna.queries import donazioni as queries
from services.puntiluna.queries import progetti as queries_progetti
from services.puntiluna.queries import recuperi as queries_recuperi
from services.puntiluna.queries import registro as queries_registro
from services.puntiluna.rules.donazioni import (
    DestinatarioMancante,
    DestinatarioSconosciuto,
    DonatoreDoppio,
    DonatoreMancante,
    DonatoreNonPersona,
    DonazioneInProprio,
    DonazioneSconosciuta,
    dividi_donazione,
)
from services.puntiluna.rules.registro import Causa, Conto, Libro, Riga, TipoConto
from services.puntiluna.service.registro import componi_movimento, registra_tutti


@dataclass(frozen=True, slots=True)
class Donatore:
    """Who gives: a household, or a person from the points that they earned without one."""

    nucleo_id: UUID | None
    persona_id: UUID | None
    nucleo_della_persona: UUID | None = None
    """Where the person lives today: to give there is to give to oneself."""


async def dona_punti(
    session: AsyncSession,
    donatore: Donatore,
    *,
    a_progetto_id: UUID | None,
    a_nucleo_id: UUID | None,
    importo_cent: int,
    autore: str,
    now: datetime,
) -> Donazione:
    """Give points to a project's pool or to a household: points move, none is issued.

    Args:
        session: the transaction.
        donatore: who gives; of a household, the points that can only be given leave first.
        a_progetto_id: the project whose pool receives.
        a_nucleo_id: the household that receives; it never learns who gave.
        importo_cent: hundredths of a point, 1 or more.
        autore: who registers it.
        now: the platform's instant.

    Returns:
        The donation.

    Raises:
        DonatoreMancante: nobody gives.
        DonatoreDoppio: both a household and a person.
        DonatoreNonPersona: the person is a household.
        DestinatarioMancante: none or two receivers.
        DestinatarioSconosciuto: the household or the project is not known here.
        DonazioneInProprio: a household gives to itself, or a person to their own.
        SaldoInsufficiente: more than it can give.

    Source: DOMAIN, decision 5.
    """
    if donatore.nucleo_id is None and donatore.persona_id is None:
        raise DonatoreMancante("Indica il nucleo o la persona che dona.", field="da_nucleo_id")
    if donatore.nucleo_id is not None and donatore.persona_id is not None:
        raise DonatoreDoppio("Indica il nucleo che dona oppure la persona, non tutti e due.", field="da_persona_id")
    if donatore.persona_id is not None and await queries_debiti.nucleo(session, donatore.persona_id) is not None:
        raise DonatoreNonPersona(
            "L'identificativo è di un nucleo, non di una persona.",
            field="da_persona_id",
            remedy="Per far donare un nucleo indica da_nucleo_id.",
        )
    if (a_progetto_id is None) == (a_nucleo_id is None):
        raise DestinatarioMancante(
            "Una donazione va al fondo Solidal di un progetto oppure a un nucleo.", field="a_progetto_id"
        )
    titolare = donatore.nucleo_id or donatore.persona_id
    if a_nucleo_id is not None and a_nucleo_id in (titolare, donatore.nucleo_della_persona):
        raise DonazioneInProprio("Nessuno può donare al proprio nucleo.", field="a_nucleo_id")
    destinatario = await destinatario_conosciuto(session, a_progetto_id, a_nucleo_id)
    conto_donatore = Conto(Libro.PUNTI, TipoConto.DONATORE, str(titolare))
    conti = [conto_donatore]
    if donatore.nucleo_id is not None:
        conti.append(Conto(Libro.PUNTI, TipoConto.NUCLEO, str(donatore.nucleo_id)))
    ids = [conto.conto_id for conto in conti]
    await queries_registro.apri_conti(session, [*conti, destinatario], now=now)
    saldi = await queries_registro.blocca_saldi(session, [*ids, destinatario.conto_id])
    recuperi = await queries_recuperi.da_recuperare(session, ids)
    liberi = [saldi.get(conto_id, 0) - recuperi.get(conto_id, 0) for conto_id in ids]
    parti = dividi_donazione(importo_cent, donatore_cent=liberi[0], nucleo_cent=liberi[1] if len(liberi) > 1 else 0)
    donazione_id = uuid7()
    movimento = componi_movimento(
        libro=Libro.PUNTI,
        causa=Causa.DONAZIONE,
        chiave=f"donazione:{donazione_id}",
        righe=[
            *(Riga(conto, -parte) for conto, parte in zip(conti, parti, strict=False) if parte),
            Riga(destinatario, importo_cent),
        ],
        accaduto_il=now,
        dettaglio={"donazione_id": str(donazione_id), "verso": "solidale" if a_nucleo_id is None else "nucleo"},
    )
    [movimento_id] = await registra_tutti(session, [movimento], now=now)
    donazione = Donazione(
        donazione_id=donazione_id,
        da_nucleo_id=donatore.nucleo_id,
        da_persona_id=donatore.persona_id,
        a_progetto_id=a_progetto_id,
        a_nucleo_id=a_nucleo_id,
        importo_cent=importo_cent,
        movimento_id=movimento_id,
        registrata_da=autore,
        donata_il=now,
    )
    session.add(donazione)
    await session.flush()
    return donazione


def conto_solidale(progetto_id: UUID) -> Conto:
    """The Solidal pool of a project."""
    return Conto(Libro.PUNTI, TipoConto.SOLIDALE, str(progetto_id), progetto_id)


async def elenca_donazioni(
    session: AsyncSession, nucleo_id: UUID, *, dopo: UUID | None, limite: int
) -> list[Donazione]:
    """Give a page of the donations that a household made, the latest first."""
    return await queries.donazioni_del_nucleo(session, nucleo_id, dopo, limite)


async def leggi_donazione(session: AsyncSession, donazione_id: UUID) -> Donazione:
    """Give a donation.

    Raises:
        DonazioneSconosciuta: there is none.
    """
    donazione = await queries.donazione(session, donazione_id)
    if donazione is None:
        raise DonazioneSconosciuta(f"Nessuna donazione {donazione_id}.")
    return donazione


async def destinatario_conosciuto(session: AsyncSession, progetto_id: UUID | None, nucleo_id: UUID | None) -> Conto:
    """Give the account of who receives: a project's pool, or a household.

    Raises:
        DestinatarioSconosciuto: it is not known here.
    """
    if progetto_id is not None:
        if await queries_progetti.progetto(session, progetto_id) is None:
            raise DestinatarioSconosciuto(f"Il progetto {progetto_id} non ha un fondo Solidal.", field="a_progetto_id")
        return conto_solidale(progetto_id)
    if nucleo_id is None or await queries_debiti.nucleo(session, nucleo_id) is None:
        raise DestinatarioSconosciuto(f"Il nucleo {nucleo_id} non è conosciuto.", field="a_nucleo_id")
    return Conto(Libro.PUNTI, TipoConto.NUCLEO, str(nucleo_id))
