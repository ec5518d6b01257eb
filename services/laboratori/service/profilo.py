"""Consents, participation forms and disadvantage conditions of a person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import uuid7
from services.laboratori.models import Adesione, CondizionePersona, Consenso, RilevazioneCondizioni
from services.laboratori.queries import condizioni as queries_condizioni
from services.laboratori.queries import persone as queries
from services.laboratori.rules.calendario import PeriodoNonValido, giorno_civile
from services.laboratori.rules.persone import PersonaDiAltroLaboratorio, StatoPersona, verifica_attiva
from services.laboratori.rules.profilo import (
    AdesioneGiaPresente,
    Condizione,
    ConsensoNecessario,
    EsitoRilevazione,
    StatoConsenso,
    TipoConsenso,
    verifica_condizioni,
    verifica_consenso,
)
from services.laboratori.schemas.persone import (
    AdesioneNuova,
    AdesioneVista,
    CondizioniRilevate,
    CondizioniViste,
    ConsensoNuovo,
    ConsensoVisto,
    StoriaConsensi,
)
from services.laboratori.service.laboratori import laboratorio_attivo
from services.laboratori.service.persone import trova_persona

MODULO_ADESIONE = "allegato_2"


async def registra_consenso(
    session: AsyncSession, persona_id: UUID, corpo: ConsensoNuovo, *, autore: str, now: datetime
) -> ConsensoVisto:
    """Write a consent given or taken back. Taking back the one on special categories erases the conditions.

    Raises:
        NotFound: there is no such person.
        PersonaNonAttiva: merged or erased.
        ConsensoAssente: there is nothing to take back.

    Source: DOMAIN laboratori, consents; EU regulation 2016/679 art. 7(3) and 9(2)(a).
    """
    persona = await trova_persona(session, persona_id, lock=True)
    verifica_attiva(StatoPersona(persona.stato))
    ultimo = await queries.ultimo_consenso(session, persona_id, corpo.tipo.value)
    verifica_consenso(StatoConsenso(ultimo) if ultimo else None, corpo.stato)
    consenso = Consenso(
        consenso_id=uuid7(),
        persona_id=persona_id,
        tipo=corpo.tipo.value,
        stato=corpo.stato.value,
        testo_versione=corpo.testo_versione,
        espresso_il=now,
        raccolto_da=autore,
    )
    session.add(consenso)
    await session.flush()
    if corpo.tipo is TipoConsenso.CATEGORIE_PARTICOLARI and corpo.stato is StatoConsenso.RITIRATO:
        async with queries_condizioni.ruolo_condizioni(session):
            await queries_condizioni.cancella(session, persona_id)
    return ConsensoVisto.model_validate(consenso)


async def leggi_consensi(session: AsyncSession, persona_id: UUID) -> StoriaConsensi:
    """Give the history of a person's consents.

    Raises:
        NotFound: there is no such person.
    """
    await trova_persona(session, persona_id)
    return StoriaConsensi(
        items=[ConsensoVisto.model_validate(fatto) for fatto in await queries.consensi(session, persona_id)]
    )


async def registra_adesione(
    session: AsyncSession, laboratorio_id: UUID, corpo: AdesioneNuova, *, autore: str, now: datetime
) -> AdesioneVista:
    """Write down that a person signed the participation form of a lab (Allegato 2).

    Raises:
        NotFound: no such lab or person.
        LaboratorioNonAttivo: the lab is not open.
        PersonaNonAttiva: merged or erased.
        PersonaDiAltroLaboratorio: the lab does not know the person.
        PeriodoNonValido: signed in the future.
        AdesioneGiaPresente: signed already.

    Source: DOMAIN laboratori, a lab recipient is a person with a signed participation form or a confirmed attendance.
    """
    await laboratorio_attivo(session, laboratorio_id, istante=now)
    persona = await trova_persona(session, corpo.persona_id, lock=True)
    verifica_attiva(StatoPersona(persona.stato))
    if await queries.legame(session, corpo.persona_id, laboratorio_id) is None:
        raise PersonaDiAltroLaboratorio("La persona non è seguita da questo laboratorio.", field="persona_id")
    if corpo.firmata_il > giorno_civile(now):
        raise PeriodoNonValido("La firma è nel futuro.", field="firmata_il")
    if await queries.adesione(session, corpo.persona_id, laboratorio_id) is not None:
        raise AdesioneGiaPresente("La persona ha già firmato la scheda di adesione di questo laboratorio.")
    adesione = Adesione(
        adesione_id=uuid7(),
        laboratorio_id=laboratorio_id,
        modulo=MODULO_ADESIONE,
        registrata_il=now,
        registrata_da=autore,
        **corpo.model_dump(),
    )
    session.add(adesione)
    await session.flush()
    return AdesioneVista.model_validate(adesione)


async def rileva_condizioni(
    session: AsyncSession, persona_id: UUID, corpo: CondizioniRilevate, *, autore: str, now: datetime
) -> CondizioniViste:
    """Write what a person answered about disadvantage conditions; the former answer is not kept.

    Conditions are special categories of data: some can be written only with the person's explicit consent.

    Raises:
        NotFound: there is no such person.
        PersonaNonAttiva: merged or erased.
        CondizioniNonValide: the answer contradicts itself.
        ConsensoNecessario: no consent on special categories.

    Source: DOMAIN laboratori, "none identified" differs from "not asked"; EU regulation 2016/679 art. 9(2)(a).
    """
    persona = await trova_persona(session, persona_id, lock=True)
    verifica_attiva(StatoPersona(persona.stato))
    verifica_condizioni(corpo.esito, corpo.condizioni, corpo.principale)
    consenso = await queries.ultimo_consenso(session, persona_id, TipoConsenso.CATEGORIE_PARTICOLARI.value)
    if corpo.condizioni and consenso != StatoConsenso.DATO:
        raise ConsensoNecessario(
            "Le condizioni si scrivono soltanto con il consenso sulle categorie particolari di dati.",
            remedy="Raccogliere il consenso categorie_particolari, poi ripetere.",
        )
    async with queries_condizioni.ruolo_condizioni(session):
        await queries_condizioni.cancella(session, persona_id)
        session.add(
            RilevazioneCondizioni(persona_id=persona_id, esito=corpo.esito.value, rilevata_il=now, rilevata_da=autore)
        )
        await session.flush()
        session.add_all(
            CondizionePersona(
                persona_id=persona_id, condizione=condizione.value, principale=condizione is corpo.principale
            )
            for condizione in corpo.condizioni
        )
    return CondizioniViste(
        chiesta=True,
        esito=corpo.esito,
        condizioni=sorted(corpo.condizioni, key=lambda c: (c is not corpo.principale, c.value)),
        principale=corpo.principale,
        rilevata_il=now,
    )


async def leggi_condizioni(session: AsyncSession, persona_id: UUID) -> CondizioniViste:
    """Give what a person answered about conditions, or that nobody asked.

    Raises:
        NotFound: there is no such person.
    """
    await trova_persona(session, persona_id)
    async with queries_condizioni.ruolo_condizioni(session):
        rilevazione = await queries_condizioni.rilevazione(session, persona_id)
        righe = await queries_condizioni.condizioni(session, persona_id)
    if rilevazione is None:
        return CondizioniViste(chiesta=False, esito=None, condizioni=[], principale=None, rilevata_il=None)
    return CondizioniViste(
        chiesta=True,
        esito=EsitoRilevazione(rilevazione.esito),
        condizioni=[Condizione(riga.condizione) for riga in righe],
        principale=next((Condizione(riga.condizione) for riga in righe if riga.principale), None),
        rilevata_il=rilevazione.rilevata_il,
    )
