"""Enrolments: evaluated rule by rule, evaluated again when a fact changes, read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from chassis.outbox import emit
from services.inclusione.events import IscrizioneValutata
from services.inclusione.models import (
    Ammissione,
    Iscrizione,
    PresaInCaricoNota,
    RispostaData,
    ValutazioneFatta,
)
from services.inclusione.queries import iscrizione as queries
from services.inclusione.queries import persone as queries_persone
from services.inclusione.rules.conformita import voce_altra_politica
from services.inclusione.rules.iscrizione import (
    Esito,
    Valutazione,
    Voce,
    valuta_iscrizione,
    verifica_idoneita,
    verifica_risposte,
)
from services.inclusione.rules.misura import PresaInCarico, RegoleMisura
from services.inclusione.schemas.iscrizione import (
    AmmissioneNuova,
    IscrizioneInElenco,
    IscrizioneVista,
    ProfiloVisto,
    RispostaCorpo,
    RispostaVista,
    Risposte,
    ValutazioneVista,
    Valutazioni,
    VoceVista,
)
from services.inclusione.service.misura import regole_di


def leggi_risposte(regole: RegoleMisura, righe: Sequence[RispostaCorpo]) -> dict[str, RispostaCorpo]:
    """The answers by requirement, refused as the rules say."""
    risposte = {riga.requisito: riga for riga in righe}
    verifica_risposte(regole, {codice: (riga.risposta, riga.prova is not None) for codice, riga in risposte.items()})
    return risposte


def preso_in_carico(regole: RegoleMisura, prese: Sequence[PresaInCaricoNota], progetto_id: UUID) -> bool:
    """Whether the taking-on that the measure asks for is known."""
    if regole.presa_in_carico is PresaInCarico.DEL_PROGETTO:
        return any(presa.progetto_id == progetto_id for presa in prese)
    return bool(prese)


async def altra_politica(
    session: AsyncSession,
    regole: RegoleMisura,
    persone: Sequence[UUID],
    misura_id: UUID,
    progetto_id: UUID,
    *,
    iscrizione_id: UUID | None = None,
) -> Voce | None:
    """What the platform knows of other policies; once the path started they touch its compliance, not its start."""
    if not regole.esclude_altre_politiche:
        return None
    if iscrizione_id is not None and await queries.percorso_iniziato(session, iscrizione_id):
        return voce_altra_politica([])
    return voce_altra_politica(await queries.altre_politiche(session, persone, misura_id, progetto_id))


def spiegazione(valutazione: Valutazione) -> list[dict[str, str]]:
    """The explanation of an evaluation as it is kept."""
    return [
        {"regola": voce.regola, "testo": voce.testo, "esito": voce.esito.value, "motivo": voce.motivo}
        for voce in valutazione.voci
    ]


def aggiungi_risposte(
    session: AsyncSession, iscrizione: Iscrizione, righe: Sequence[RispostaCorpo], *, autore: str, now: datetime
) -> None:
    """Keeps answers; earlier ones stay."""
    session.add_all(
        RispostaData(
            iscrizione_id=iscrizione.iscrizione_id,
            requisito=riga.requisito,
            numero=iscrizione.versione,
            risposta=riga.risposta,
            prova=riga.prova.tipo if riga.prova else None,
            riferimento=riga.prova.riferimento if riga.prova else None,
            data_da=autore,
            data_il=now,
        )
        for riga in righe
    )


async def registra_valutazione(session: AsyncSession, iscrizione: Iscrizione, *, causa: str, now: datetime) -> None:
    """Keeps the outcome in the story of the enrolment and tells others of it."""
    session.add(
        ValutazioneFatta(
            iscrizione_id=iscrizione.iscrizione_id,
            numero=iscrizione.versione,
            esito=iscrizione.esito,
            causa=causa,
            spiegazione=iscrizione.spiegazione,
            valutata_il=now,
        )
    )
    await emit(
        session,
        IscrizioneValutata(
            iscrizione_id=iscrizione.iscrizione_id,
            versione=iscrizione.versione,
            persona_id=iscrizione.persona_id,
            progetto_id=iscrizione.progetto_id,
            misura_codice=iscrizione.misura_codice,
            esito=iscrizione.esito,
            valutata_il=now,
        ),
        now=now,
    )


async def rispondi_requisiti(
    session: AsyncSession, iscrizione_id: UUID, corpo: Risposte, *, autore: str, now: datetime
) -> IscrizioneVista:
    """Adds or corrects answers and evaluates the enrolment again.

    Raises:
        NotFound: no such enrolment.
        RequisitoSconosciuto, RispostaSenzaProva: an answer cannot be used; none of them is kept.
    """
    # The person's lock comes first (as for a taking-on that arrives meanwhile): the id alone is read before it.
    letta = await iscrizione_di(session, iscrizione_id)
    await queries_persone.blocca_persona(session, letta.persona_id)
    iscrizione = await queries.iscrizione(session, iscrizione_id, blocca=True)
    assert iscrizione is not None
    regole = await regole_di(session, iscrizione.misura_id, iscrizione.misura_numero)
    nuove = leggi_risposte(regole, corpo.risposte)
    iscrizione.versione += 1
    aggiungi_risposte(session, iscrizione, list(nuove.values()), autore=autore, now=now)
    await session.flush()
    await _rivaluta(session, iscrizione, causa="risposte", now=now, sempre=True)
    return await vista_di(session, iscrizione)


async def rivaluta_persona(
    session: AsyncSession, persona_id: UUID, *, causa: str, now: datetime, esclusa: UUID | None = None
) -> None:
    """Evaluates every enrolment of a person again, under the person's lock; what does not change leaves no trace.

    Args:
        esclusa: the enrolment the fact came from, which it does not touch.
    """
    stesse = await queries_persone.stesse_persone(session, await queries_persone.persona_attuale(session, persona_id))
    for iscrizione in await queries.iscrizioni_della_persona(session, stesse, esclusa=esclusa):
        await _rivaluta(session, iscrizione, causa=causa, now=now, sempre=False)


async def _rivaluta(session: AsyncSession, iscrizione: Iscrizione, *, causa: str, now: datetime, sempre: bool) -> None:
    regole = await regole_di(session, iscrizione.misura_id, iscrizione.misura_numero)
    persona_id = await queries_persone.persona_attuale(session, iscrizione.persona_id)
    stesse = await queries_persone.stesse_persone(session, persona_id)
    prese = await queries_persone.prese_in_carico(session, stesse)
    risposte: Mapping[str, RispostaData] = {
        riga.requisito: riga for riga in await queries.risposte(session, iscrizione.iscrizione_id)
    }
    valutazione = valuta_iscrizione(
        regole,
        {codice: riga.risposta for codice, riga in risposte.items()},
        preso_in_carico=preso_in_carico(regole, prese, iscrizione.progetto_id),
        altra_politica=await altra_politica(
            session,
            regole,
            stesse,
            iscrizione.misura_id,
            iscrizione.progetto_id,
            iscrizione_id=iscrizione.iscrizione_id,
        ),
    )
    spiegata = spiegazione(valutazione)
    if not sempre:
        if spiegata == iscrizione.spiegazione:
            return
        iscrizione.versione += 1
    iscrizione.esito, iscrizione.spiegazione, iscrizione.valutata_il = valutazione.esito, spiegata, now
    await registra_valutazione(session, iscrizione, causa=causa, now=now)


async def ammetti_al_livello(
    session: AsyncSession, iscrizione_id: UUID, corpo: AmmissioneNuova, *, autore: str, now: datetime
) -> IscrizioneVista:
    """Records that a person was selected for a gated level; twice is once.

    Raises:
        NotFound: no such enrolment.
        IscrizioneNonIdonea: only a suitable person is selected.
    """
    iscrizione = await iscrizione_di(session, iscrizione_id)
    verifica_idoneita(iscrizione.esito)
    await queries.segna_ammissione(
        session,
        Ammissione(iscrizione_id=iscrizione_id, livello=corpo.livello, ammessa_da=autore, ammessa_il=now),
    )
    return await vista_di(session, iscrizione)


async def iscrizione_di(session: AsyncSession, iscrizione_id: UUID) -> Iscrizione:
    """An enrolment.

    Raises:
        NotFound: no such enrolment.
    """
    iscrizione = await queries.iscrizione(session, iscrizione_id)
    if iscrizione is None:
        raise NotFound("L'iscrizione non esiste.", field="iscrizione_id")
    return iscrizione


async def leggi_iscrizione(session: AsyncSession, iscrizione_id: UUID) -> IscrizioneVista:
    """An enrolment with its answers and the explanation of its outcome.

    Raises:
        NotFound: no such enrolment.
    """
    return await vista_di(session, await iscrizione_di(session, iscrizione_id))


async def leggi_valutazioni(session: AsyncSession, iscrizione_id: UUID) -> Valutazioni:
    """The story of an enrolment's evaluations, from the first."""
    return Valutazioni(
        items=[
            ValutazioneVista(
                numero=riga.numero,
                esito=riga.esito,
                causa=riga.causa,
                spiegazione=[VoceVista.model_validate(voce) for voce in riga.spiegazione],
                valutata_il=riga.valutata_il,
            )
            for riga in await queries.valutazioni(session, iscrizione_id)
        ]
    )


async def elenca_iscrizioni(
    session: AsyncSession,
    *,
    ente: str | None,
    operatore: bool,
    capofila: bool,
    progetto_id: UUID | None,
    persona_id: UUID | None,
    esito: Esito | None,
    dopo: UUID | None,
    limit: int,
) -> Sequence[Iscrizione]:
    """Enrolments the caller may see, in id order."""
    return await queries.iscrizioni(
        session,
        vede=queries.iscrizioni_di(ente, operatore=operatore, capofila=capofila),
        progetto_id=progetto_id,
        persona_id=persona_id,
        esito=esito,
        dopo=dopo,
        limit=limit,
    )


async def vista_di(session: AsyncSession, iscrizione: Iscrizione) -> IscrizioneVista:
    """An enrolment as it is shown."""
    risposte = await queries.risposte(session, iscrizione.iscrizione_id)
    profilo = await queries.profilo(session, iscrizione.iscrizione_id)
    return IscrizioneVista(
        **IscrizioneInElenco.model_validate(iscrizione).model_dump(),
        operatore=iscrizione.operatore,
        spiegazione=[VoceVista.model_validate(voce) for voce in iscrizione.spiegazione],
        risposte=[RispostaVista.model_validate(riga) for riga in risposte],
        livelli_ammessi=list(await queries.ammissioni(session, iscrizione.iscrizione_id)),
        profilo=None if profilo is None else ProfiloVisto.model_validate(profilo),
    )
