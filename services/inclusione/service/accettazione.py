"""Enrolments made: by an accredited operator at the desk or on the phone, by the person over the web."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import uuid7
from chassis.italian import ROMA
from chassis.tokens import Principal
from services.inclusione.models import Iscrizione, Progetto
from services.inclusione.queries import iscrizione as queries
from services.inclusione.queries import persone as queries_persone
from services.inclusione.rules.iscrizione import (
    Canale,
    MisuraDiAltroBando,
    OperatoreNonPartner,
    PersonaCancellata,
    PersonaGiaIscritta,
    TipoProva,
    valuta_iscrizione,
)
from services.inclusione.rules.misura import Risposta
from services.inclusione.schemas.iscrizione import (
    IscrizioneDelResidente,
    IscrizioneNuova,
    IscrizioneVista,
    Prova,
    RispostaCorpo,
)
from services.inclusione.service.iscrizione import (
    aggiungi_risposte,
    altra_politica,
    leggi_risposte,
    preso_in_carico,
    registra_valutazione,
    spiegazione,
    vista_di,
)
from services.inclusione.service.misura import misura_in_vigore, regole_di
from services.inclusione.service.progetto import e_partner, progetto_di

OPERATORE_ACCREDITATO = "OPERATORE_ACCREDITATO"
RESIDENTE = "residente"
"""Who answered, when it was the person: their `sub` is known to laboratori alone."""


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
    return await _iscrivi(
        session, progetto, corpo, ente=principal.ente or "", canale=corpo.canale, autore=principal.subject, now=now
    )


async def iscrivi_residente(
    session: AsyncSession, corpo: IscrizioneDelResidente, persona_id: UUID, *, now: datetime
) -> IscrizioneVista:
    """Enrols, by web, the person who calls: every yes or no is their own declaration, the operator checks it.

    Raises:
        NotFound: no such project or measure here.
        OperatoreNonPartner: the chosen operator is not an accredited one of the partnership.
        MisuraDiAltroBando, PersonaCancellata, PersonaGiaIscritta, RequisitoSconosciuto: as at the desk.
    """
    progetto = await progetto_di(session, corpo.progetto_id)
    if not any(
        voce.get("ente") == corpo.ente and voce.get("categoria") == OPERATORE_ACCREDITATO for voce in progetto.partner
    ):
        raise OperatoreNonPartner(
            f"{corpo.ente} non e' un operatore accreditato del partenariato del progetto.",
            field="ente",
            remedy="Scegliere uno degli operatori del progetto.",
        )
    prova = Prova(tipo=TipoProva.AUTOCERTIFICAZIONE)
    nuova = IscrizioneNuova(
        misura_codice=corpo.misura_codice,
        progetto_id=corpo.progetto_id,
        persona_id=persona_id,
        canale=Canale.WEB,
        risposte=[
            RispostaCorpo(
                requisito=riga.requisito,
                risposta=riga.risposta,
                prova=None if riga.risposta is Risposta.DA_VERIFICARE else prova,
            )
            for riga in corpo.risposte
        ],
    )
    return await _iscrivi(session, progetto, nuova, ente=corpo.ente, canale=Canale.WEB, autore=RESIDENTE, now=now)


async def _iscrivi(
    session: AsyncSession,
    progetto: Progetto,
    corpo: IscrizioneNuova,
    *,
    ente: str,
    canale: Canale,
    autore: str,
    now: datetime,
) -> IscrizioneVista:
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
    risposte = leggi_risposte(regole, corpo.risposte)
    prese = await queries_persone.prese_in_carico(session, stesse)
    valutazione = valuta_iscrizione(
        regole,
        {codice: risposta.risposta for codice, risposta in risposte.items()},
        preso_in_carico=preso_in_carico(regole, prese, progetto.progetto_id),
        altra_politica=await altra_politica(session, regole, stesse, misura.misura_id, progetto.progetto_id),
    )
    iscrizione = Iscrizione(
        iscrizione_id=uuid7(),
        versione=1,
        misura_id=misura.misura_id,
        misura_numero=versione.numero,
        misura_codice=misura.codice,
        progetto_id=progetto.progetto_id,
        persona_id=persona_id,
        ente=ente,
        operatore=autore,
        canale=canale,
        esito=valutazione.esito,
        spiegazione=spiegazione(valutazione),
        iscritta_il=now,
        valutata_il=now,
    )
    if not await queries.aggiungi_iscrizione(session, iscrizione):
        raise PersonaGiaIscritta(
            f"La persona e' gia' iscritta alla misura {misura.codice} in questo progetto.",
            field="persona_id",
            remedy="Aggiornare le risposte dell'iscrizione esistente.",
        )
    aggiungi_risposte(session, iscrizione, list(risposte.values()), autore=autore, now=now)
    await registra_valutazione(session, iscrizione, causa="iscrizione", now=now)
    await session.flush()
    return await vista_di(session, iscrizione)
