"""Solidal: donations and sharing of the pool."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import constraint_name
from chassis.ids import uuid7
from services.puntiluna.models import Donazione, Ripartizione
from services.puntiluna.queries import debiti as queries_debiti
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
    RipartizioneNonValida,
    dividi_donazione,
)
from services.puntiluna.rules.fondi import AttoGiaRegistrato, FondoSconosciuto
from services.puntiluna.rules.registro import Causa, Conto, Libro, Riga, TipoConto, sposta
from services.puntiluna.service.registro import componi_movimento, registra_tutti


@dataclass(frozen=True, slots=True)
class Donatore:
    """Who gives: a household, or a person from the points that they earned without one."""

    nucleo_id: UUID | None
    persona_id: UUID | None
    nucleo_della_persona: UUID | None = None
    """Where the person lives today: to give there is to give to oneself."""


@dataclass(frozen=True, slots=True)
class QuotaDiPunti:
    """What a household receives from the pool (hundredths)."""

    nucleo_id: UUID
    importo_cent: int


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
    destinatario = await _destinatario(session, a_progetto_id, a_nucleo_id)
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


async def ripartisci_solidale(
    session: AsyncSession,
    progetto_id: UUID,
    *,
    atto: str,
    quote: Sequence[QuotaDiPunti],
    autore: str,
    now: datetime,
) -> Ripartizione:
    """Share a project's pool out among households by an act, all of it or nothing.

    Args:
        session: the transaction.
        progetto_id: the project.
        atto: the act's reference, once for each pool.
        quote: the households with what each receives.
        autore: the officer.
        now: the platform's instant.

    Returns:
        The act as registered.

    Raises:
        FondoSconosciuto: bandi never told of the project.
        RipartizioneNonValida: a household appears twice.
        DestinatarioSconosciuto: a household is not known here.
        AttoGiaRegistrato: the act already shared this pool.
        SaldoInsufficiente: the pool does not hold the total.

    Source: DOMAIN, puntiluna, "the pool is shared out by an operator act".
    """
    if len({quota.nucleo_id for quota in quote}) != len(quote):
        raise RipartizioneNonValida("Un nucleo compare due volte nella ripartizione.", field="quote")
    if await queries_progetti.progetto(session, progetto_id) is None:
        raise FondoSconosciuto(f"Il progetto {progetto_id} non ha un fondo punti.")
    for quota in quote:
        await _destinatario(session, None, quota.nucleo_id)
    solidale = conto_solidale(progetto_id)
    ripartizione = Ripartizione(
        ripartizione_id=uuid7(),
        progetto_id=progetto_id,
        atto=atto,
        nuclei=len(quote),
        totale_cent=sum(quota.importo_cent for quota in quote),
        autore=autore,
        ripartita_il=now,
    )
    session.add(ripartizione)
    try:
        await session.flush()
    except Exception as error:
        if constraint_name(error) == "uq_ripartizione_progetto_id_atto":
            raise AttoGiaRegistrato(f"L'atto «{atto}» ha già ripartito questo fondo Solidal.", field="atto") from None
        raise
    movimenti = [
        componi_movimento(
            libro=Libro.PUNTI,
            causa=Causa.RIPARTIZIONE,
            chiave=f"ripartizione:{ripartizione.ripartizione_id}:{quota.nucleo_id}",
            righe=sposta(solidale, Conto(Libro.PUNTI, TipoConto.NUCLEO, str(quota.nucleo_id)), quota.importo_cent),
            accaduto_il=now,
            dettaglio={"ripartizione_id": str(ripartizione.ripartizione_id), "atto": atto},
        )
        for quota in quote
    ]
    await registra_tutti(session, movimenti, now=now)
    return ripartizione


def conto_solidale(progetto_id: UUID) -> Conto:
    """The Solidal pool of a project."""
    return Conto(Libro.PUNTI, TipoConto.SOLIDALE, str(progetto_id), progetto_id)


async def _destinatario(session: AsyncSession, progetto_id: UUID | None, nucleo_id: UUID | None) -> Conto:
    if progetto_id is not None:
        if await queries_progetti.progetto(session, progetto_id) is None:
            raise DestinatarioSconosciuto(f"Il progetto {progetto_id} non ha un fondo Solidal.", field="a_progetto_id")
        return conto_solidale(progetto_id)
    if nucleo_id is None or await queries_debiti.nucleo(session, nucleo_id) is None:
        raise DestinatarioSconosciuto(f"Il nucleo {nucleo_id} non è conosciuto.", field="a_nucleo_id")
    return Conto(Libro.PUNTI, TipoConto.NUCLEO, str(nucleo_id))
