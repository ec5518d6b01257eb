"""Households followed over time: members who come and go, contracts that begin and end."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from chassis.ids import uuid7
from chassis.outbox import emit
from services.laboratori.models import Contratto, Nucleo, PersonaLaboratorio
from services.laboratori.queries import nuclei as queries
from services.laboratori.queries import persone as queries_persone
from services.laboratori.rules.calendario import Periodo, giorno_civile, verifica_periodo
from services.laboratori.rules.nuclei import (
    NonInNucleo,
    verifica_cessazione,
    verifica_spazio,
    verifica_uscita,
)
from services.laboratori.schemas.nuclei import (
    ContrattoNuovo,
    ContrattoVisto,
    MembroNuovo,
    NucleoInElenco,
    NucleoNuovo,
    NucleoVisto,
)
from services.laboratori.service.censimento import VINCOLI, componi, contratto_assegnato, evento_nucleo, leggi_elenco
from services.laboratori.service.laboratori import laboratorio_attivo
from services.laboratori.service.persone import segna_presa_in_carico
from services.laboratori.service.vincoli import rifiuti_del_database


async def trova_nucleo(session: AsyncSession, nucleo_id: UUID, *, lock: bool = False) -> Nucleo:
    """Give a household.

    Raises:
        NotFound: there is none with that id.
    """
    found = await queries.nucleo(session, nucleo_id, lock=lock)
    if found is None:
        raise NotFound("Il nucleo non esiste.", field="nucleo_id")
    return found


async def aggiorna_nucleo(session: AsyncSession, nucleo: Nucleo, *, now: datetime) -> NucleoVisto:
    """Give a locked household its next version, and tell everybody its whole state."""
    nucleo.versione += 1
    async with rifiuti_del_database(session, VINCOLI):
        pass
    membri = list(await queries.membri(session, [nucleo.nucleo_id]))
    contratti = list(await queries.contratti(session, [nucleo.nucleo_id]))
    progetto_id = await queries.progetto_del_nucleo(session, nucleo.nucleo_id)
    await emit(session, evento_nucleo(nucleo, progetto_id, membri, contratti), now=now)
    return NucleoVisto.di(nucleo, membri, contratti)


async def leggi_nucleo(session: AsyncSession, nucleo_id: UUID) -> NucleoVisto:
    """Give a household with its history.

    Raises:
        NotFound: there is none with that id.
    """
    nucleo = await trova_nucleo(session, nucleo_id)
    return NucleoVisto.di(
        nucleo, list(await queries.membri(session, [nucleo_id])), list(await queries.contratti(session, [nucleo_id]))
    )


async def elenca_nuclei(
    session: AsyncSession, laboratorio_id: UUID, *, dopo: UUID | None, limite: int, now: datetime
) -> list[NucleoInElenco]:
    """Give the households a lab follows, by id, without names."""
    trovati = await queries.nuclei_del_laboratorio(session, laboratorio_id, dopo=dopo, limite=limite)
    ids = [nucleo.nucleo_id for nucleo in trovati]
    oggi = giorno_civile(now)
    persone = dict.fromkeys(ids, 0)
    for membro in await queries.membri(session, ids):
        persone[membro.nucleo_id] += Periodo(membro.dal, membro.al).contiene(oggi)
    contratti: dict[UUID, list[ContrattoVisto]] = {nucleo_id: [] for nucleo_id in ids}
    for contratto in await queries.contratti(session, ids):
        contratti[contratto.nucleo_id].append(ContrattoVisto.model_validate(contratto))
    return [
        NucleoInElenco(
            nucleo_id=nucleo.nucleo_id,
            versione=nucleo.versione,
            persone=persone[nucleo.nucleo_id],
            contratti=contratti[nucleo.nucleo_id],
        )
        for nucleo in trovati
    ]


async def aggiunge_membro(
    session: AsyncSession, nucleo_id: UUID, corpo: MembroNuovo, *, autore: str, now: datetime
) -> NucleoVisto:
    """Put a person, new or known to the lab, into a household.

    Raises:
        NotFound: no such household or person.
        PersonaNonAttiva: merged or erased.
        PersonaDiAltroLaboratorio: the lab does not know the person.
        GiaInNucleo: the person is in a household in that period.
        NucleoPieno: the history is as long as it can be told.
        Refusal: those of a registration, if the person is new.

    Source: DOMAIN laboratori, household with members over time.
    """
    trovato = await trova_nucleo(session, nucleo_id)
    laboratorio = await laboratorio_attivo(session, trovato.laboratorio_id, istante=now)
    finto = NucleoNuovo(membri=[corpo])
    elenco = await leggi_elenco(session, laboratorio.laboratorio_id, [finto], autore=autore, now=now)
    nucleo = await trova_nucleo(session, nucleo_id, lock=True)
    verifica_spazio(len(await queries.membri(session, [nucleo_id])), campo="persona_id")
    bozza = componi(elenco, 0, finto, nucleo)
    if elenco.errori:
        raise elenco.errori[0][1]
    async with rifiuti_del_database(session, VINCOLI):
        session.add_all(elenco.nuove.values())
        await session.flush()
        legami = {
            persona.persona_id: PersonaLaboratorio(
                persona_id=persona.persona_id, laboratorio_id=laboratorio.laboratorio_id, conosciuta_il=now
            )
            for persona in elenco.nuove.values()
        }
        session.add_all([*legami.values(), *bozza.membri])
    if corpo.presa_in_carico:
        persona = bozza.persone[0]
        legame = legami.get(persona.persona_id) or await queries_persone.legame(
            session, persona.persona_id, laboratorio.laboratorio_id
        )
        if legame is not None and legame.presa_in_carico_il is None:
            evento = segna_presa_in_carico(persona, legame, laboratorio, nucleo_id=nucleo_id, autore=autore, now=now)
            await emit(session, evento, now=now)
    return await aggiorna_nucleo(session, nucleo, now=now)


async def registra_uscita(
    session: AsyncSession, nucleo_id: UUID, persona_id: UUID, *, al: date, now: datetime
) -> NucleoVisto:
    """Tell the last day of a person in a household, inside. Attendances up to then keep giving to it.

    Raises:
        NotFound: no such household.
        NonInNucleo: the person is not in it, or the day comes before the first.

    Source: DOMAIN decision 7.
    """
    nucleo = await trova_nucleo(session, nucleo_id, lock=True)
    suoi = [m for m in await queries.membri(session, [nucleo_id]) if m.persona_id == persona_id]
    if not suoi:
        raise NonInNucleo("La persona non fa parte del nucleo.", field="persona_id")
    ultimo = suoi[-1]
    verifica_uscita(ultimo.dal, ultimo.al, al)
    ultimo.al = al
    return await aggiorna_nucleo(session, nucleo, now=now)


async def aggiunge_contratto(
    session: AsyncSession, nucleo_id: UUID, corpo: ContrattoNuovo, *, now: datetime
) -> NucleoVisto:
    """Add a tenancy contract to a household.

    Raises:
        NotFound: no such household.
        PeriodoNonValido: it ends before it begins.
        ContrattoGiaAssegnato: the contract is a household's in that period.
        NucleoPieno: the history is as long as it can be told.

    Source: DOMAIN laboratori, tenancy contracts with landlord.
    """
    nucleo = await trova_nucleo(session, nucleo_id, lock=True)
    periodo = verifica_periodo(corpo.dal, corpo.al)
    verifica_spazio(len(await queries.contratti(session, [nucleo_id])), campo="contratto_codice")
    chiave = (corpo.ente_proprietario, corpo.contratto_codice)
    altri = await queries.contratti_con_codice(session, [chiave])
    if any(periodo.incontra(Periodo(altro.dal, altro.al)) for altro in altri):
        raise contratto_assegnato()
    session.add(Contratto(contratto_id=uuid7(), nucleo_id=nucleo_id, **corpo.model_dump()))
    return await aggiorna_nucleo(session, nucleo, now=now)


async def cessa_contratto(
    session: AsyncSession, nucleo_id: UUID, contratto_id: UUID, *, al: date, now: datetime
) -> NucleoVisto:
    """Tell the last day of a tenancy contract, inside.

    Raises:
        NotFound: no such household, or the contract is not its own.
        ContrattoGiaCessato: ended already, or the day comes before the first.

    Source: DOMAIN laboratori, a change of contract reaches puntiluna by `nucleo.aggiornato`.
    """
    nucleo = await trova_nucleo(session, nucleo_id, lock=True)
    suoi = [c for c in await queries.contratti(session, [nucleo_id]) if c.contratto_id == contratto_id]
    if not suoi:
        raise NotFound("Il contratto non è di questo nucleo.", field="contratto_id")
    verifica_cessazione(suoi[0].dal, suoi[0].al, al)
    suoi[0].al = al
    return await aggiorna_nucleo(session, nucleo, now=now)
