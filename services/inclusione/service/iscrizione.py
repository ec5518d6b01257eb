"""Enrolments: made by an accredited operator, evaluated rule by rule, evaluated again when a fact changes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from chassis.ids import uuid7
from chassis.outbox import emit
from chassis.tokens import Principal
from services.inclusione.events import IscrizioneValutata
from services.inclusione.models import Ammissione, Iscrizione, PresaInCaricoNota, RispostaData, ValutazioneFatta
from services.inclusione.queries import iscrizione as queries
from services.inclusione.queries import persone as queries_persone
from services.inclusione.rules.iscrizione import (
    Esito,
    MisuraDiAltroBando,
    OperatoreNonPartner,
    PersonaCancellata,
    PersonaGiaIscritta,
    Valutazione,
    valuta_iscrizione,
    verifica_idoneita,
    verifica_risposte,
)
from services.inclusione.rules.misura import PresaInCarico, RegoleMisura
from services.inclusione.rules.ore import ROMA
from services.inclusione.schemas.iscrizione import (
    AmmissioneNuova,
    IscrizioneInElenco,
    IscrizioneNuova,
    IscrizioneVista,
    RispostaCorpo,
    RispostaVista,
    Risposte,
    ValutazioneVista,
    Valutazioni,
    VoceVista,
)
from services.inclusione.service.misura import misura_in_vigore, regole_di
from services.inclusione.service.progetto import e_partner, progetto_di


async def iscrivi_persona(
    session: AsyncSession, corpo: IscrizioneNuova, *, principal: Principal, now: datetime
) -> IscrizioneVista:
    """Enrols a person in a measure of a project and evaluates the enrolment at once.

    Raises:
        NotFound: no such project or measure here.
        OperatoreNonPartner: the operator's organisation is not in the partnership.
        MisuraDiAltroBando: the measure is of another call.
        PersonaCancellata: the person asked to be erased.
        PersonaGiaIscritta: the person has an enrolment to that measure in that project.
        RequisitoSconosciuto, RispostaSenzaProva: an answer cannot be used.
    """
    progetto = await progetto_di(session, corpo.progetto_id)
    if not e_partner(progetto, principal):
        raise OperatoreNonPartner(
            "L'ente di chi chiama non fa parte del partenariato del progetto.",
            field="progetto_id",
            remedy="Iscrivere le persone nei progetti di cui l'ente e' partner.",
        )
    misura, versione = await misura_in_vigore(session, corpo.misura_codice, now.astimezone(ROMA).date())
    if misura.bando_codice is not None and misura.bando_codice != progetto.bando_codice:
        raise MisuraDiAltroBando(
            f"La misura {misura.codice} vale per il bando {misura.bando_codice}, il progetto e' del bando "
            f"{progetto.bando_codice}.",
            field="misura_codice",
            remedy="Usare una misura del bando del progetto.",
        )
    regole = await regole_di(session, misura.misura_id, versione.numero)
    await queries_persone.blocca_persona(session, corpo.persona_id)
    persona_id = await queries_persone.persona_attuale(session, corpo.persona_id)
    stesse = await queries_persone.stesse_persone(session, persona_id)
    if await queries_persone.cancellata(session, stesse):
        raise PersonaCancellata(
            "La persona ha chiesto la cancellazione: non si registra nulla di nuovo.", field="persona_id"
        )
    risposte = _leggi_risposte(regole, corpo.risposte)
    prese = await queries_persone.prese_in_carico(session, stesse)
    valutazione = valuta_iscrizione(
        regole,
        {codice: risposta.risposta for codice, risposta in risposte.items()},
        preso_in_carico=_preso_in_carico(regole, prese, progetto.progetto_id),
    )
    iscrizione = Iscrizione(
        iscrizione_id=uuid7(),
        versione=1,
        misura_id=misura.misura_id,
        misura_numero=versione.numero,
        misura_codice=misura.codice,
        progetto_id=progetto.progetto_id,
        persona_id=persona_id,
        ente=principal.ente or "",
        operatore=principal.subject,
        canale=corpo.canale,
        esito=valutazione.esito,
        spiegazione=_spiegazione(valutazione),
        iscritta_il=now,
        valutata_il=now,
    )
    if not await queries.aggiungi_iscrizione(session, iscrizione):
        raise PersonaGiaIscritta(
            f"La persona e' gia' iscritta alla misura {misura.codice} in questo progetto.",
            field="persona_id",
            remedy="Aggiornare le risposte dell'iscrizione esistente.",
        )
    _aggiungi_risposte(session, iscrizione, list(risposte.values()), autore=principal.subject, now=now)
    await _registra_valutazione(session, iscrizione, causa="iscrizione", now=now)
    await session.flush()
    return await _vista(session, iscrizione)


def _leggi_risposte(regole: RegoleMisura, righe: Sequence[RispostaCorpo]) -> dict[str, RispostaCorpo]:
    risposte = {riga.requisito: riga for riga in righe}
    verifica_risposte(regole, {codice: (riga.risposta, riga.prova is not None) for codice, riga in risposte.items()})
    return risposte


def _preso_in_carico(regole: RegoleMisura, prese: Sequence[PresaInCaricoNota], progetto_id: UUID) -> bool:
    if regole.presa_in_carico is PresaInCarico.DEL_PROGETTO:
        return any(presa.progetto_id == progetto_id for presa in prese)
    return bool(prese)


def _spiegazione(valutazione: Valutazione) -> list[dict[str, str]]:
    return [
        {"regola": voce.regola, "testo": voce.testo, "esito": voce.esito.value, "motivo": voce.motivo}
        for voce in valutazione.voci
    ]


def _aggiungi_risposte(
    session: AsyncSession, iscrizione: Iscrizione, righe: Sequence[RispostaCorpo], *, autore: str, now: datetime
) -> None:
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


async def _registra_valutazione(session: AsyncSession, iscrizione: Iscrizione, *, causa: str, now: datetime) -> None:
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
    nuove = _leggi_risposte(regole, corpo.risposte)
    iscrizione.versione += 1
    _aggiungi_risposte(session, iscrizione, list(nuove.values()), autore=autore, now=now)
    await session.flush()
    await _rivaluta(session, iscrizione, causa="risposte", now=now, sempre=True)
    return await _vista(session, iscrizione)


async def rivaluta_persona(session: AsyncSession, persona_id: UUID, *, causa: str, now: datetime) -> None:
    """Evaluates every enrolment of a person again, under the person's lock; what does not change leaves no trace."""
    stesse = await queries_persone.stesse_persone(session, await queries_persone.persona_attuale(session, persona_id))
    for iscrizione in await queries.iscrizioni_della_persona(session, stesse):
        await _rivaluta(session, iscrizione, causa=causa, now=now, sempre=False)


async def _rivaluta(session: AsyncSession, iscrizione: Iscrizione, *, causa: str, now: datetime, sempre: bool) -> None:
    regole = await regole_di(session, iscrizione.misura_id, iscrizione.misura_numero)
    persona_id = await queries_persone.persona_attuale(session, iscrizione.persona_id)
    prese = await queries_persone.prese_in_carico(session, await queries_persone.stesse_persone(session, persona_id))
    risposte: Mapping[str, RispostaData] = {
        riga.requisito: riga for riga in await queries.risposte(session, iscrizione.iscrizione_id)
    }
    valutazione = valuta_iscrizione(
        regole,
        {codice: riga.risposta for codice, riga in risposte.items()},
        preso_in_carico=_preso_in_carico(regole, prese, iscrizione.progetto_id),
    )
    spiegazione = _spiegazione(valutazione)
    if not sempre:
        if spiegazione == iscrizione.spiegazione:
            return
        iscrizione.versione += 1
    iscrizione.esito, iscrizione.spiegazione, iscrizione.valutata_il = valutazione.esito, spiegazione, now
    await _registra_valutazione(session, iscrizione, causa=causa, now=now)


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
    return await _vista(session, iscrizione)


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
    return await _vista(session, await iscrizione_di(session, iscrizione_id))


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


async def _vista(session: AsyncSession, iscrizione: Iscrizione) -> IscrizioneVista:
    risposte = await queries.risposte(session, iscrizione.iscrizione_id)
    return IscrizioneVista(
        **IscrizioneInElenco.model_validate(iscrizione).model_dump(),
        operatore=iscrizione.operatore,
        spiegazione=[VoceVista.model_validate(voce) for voce in iscrizione.spiegazione],
        risposte=[RispostaVista.model_validate(riga) for riga in risposte],
        livelli_ammessi=list(await queries.ammissioni(session, iscrizione.iscrizione_id)),
    )
