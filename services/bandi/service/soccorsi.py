"""Requests to complete an application: asked by the office, answered by the lead in time, or expired."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.bandi.models import Domanda, Soccorso
from services.bandi.queries import bandi as queries_bandi
from services.bandi.queries import documenti as queries_documenti
from services.bandi.queries import domande as queries_domande
from services.bandi.queries import soccorsi as queries
from services.bandi.rules.bando import ora_di_roma
from services.bandi.rules.domanda import Contenuto, DomandaSconosciuta, StatoDomanda
from services.bandi.rules.soccorso import (
    Richiesta,
    StatoSoccorso,
    TipoRichiesta,
    contenuto_integrato,
    controlla_arrivo,
    controlla_richiesta,
    controlla_risposta,
    termine_del_soccorso,
)
from services.bandi.schemas.domanda import ContenutoDomanda
from services.bandi.schemas.soccorso import RichiestaVista, RispostaIntegrazione, SoccorsiDomanda, SoccorsoNuovo
from services.bandi.schemas.soccorso import SoccorsoVista as Vista
from services.bandi.service import bandi, documenti

PER_VOLTA = 200


async def chiedi_integrazione(
    session: AsyncSession, domanda_id: UUID, corpo: SoccorsoNuovo, *, autore: str, now: datetime
) -> Vista:
    """Ask the lead to complete an application within a term; meanwhile nobody decides on it.

    Raises:
        SoccorsoNonPossibile, RichiestaNonValida.
    """
    domanda = await queries_domande.blocca_domanda(session, domanda_id)
    bando = await queries_bandi.bando_per_id(session, domanda.bando_id)
    regole = (await bandi.regole_in_vigore(session, bando)).to_rules()
    before = await queries.soccorsi(session, domanda_id)
    contenuto = completa(ContenutoDomanda.model_validate(domanda.bozza).to_rules(), before)
    giorni = corpo.giorni or regole.soccorso_giorni
    richieste = [item.to_rules() for item in corpo.richieste]
    controlla_richiesta(StatoDomanda(domanda.stato), regole, contenuto, richieste, giorni)
    soccorso = Soccorso(
        domanda_id=domanda_id,
        numero=len(before) + 1,
        stato=StatoSoccorso.APERTO,
        richieste=[item.model_dump(mode="json") for item in corpo.richieste],
        giorni=giorni,
        scade_il=termine_del_soccorso(now, giorni),
        chiesto_da=autore,
        chiesto_il=now,
        risposto_da=None,
        risposto_il=None,
        campi=None,
        chiarimenti=None,
        canonico=None,
        impronta=None,
    )
    session.add(soccorso)
    _move(domanda, StatoDomanda.IN_INTEGRAZIONE, now)
    await session.flush()
    return _view(soccorso)


async def rispondi_integrazione(
    session: AsyncSession, domanda_id: UUID, corpo: RispostaIntegrazione, *, autore: str, now: datetime
) -> Vista:
    """Record the answer to the open request, with the documents uploaded since: from now on it does not change.

    Args:
        session: the transaction.
        domanda_id: the application.
        corpo: fields and clarifications.
        autore: who answers for the lead.
        now: when the answer arrived; it decides the term.

    Raises:
        SoccorsoNonAperto, SoccorsoScaduto, RispostaIncompleta.
    """
    domanda = await queries_domande.blocca_domanda(session, domanda_id)
    found = [item for item in await queries.soccorsi(session, domanda_id) if item.stato == StatoSoccorso.APERTO]
    controlla_arrivo(StatoDomanda(domanda.stato), found[0].scade_il if found else None, now)
    soccorso = found[0]
    uploaded = [item for item in await queries_documenti.documenti(session, domanda_id) if item.deposito_id is not None]
    controlla_risposta(_asked(soccorso), {item.richiesto for item in uploaded}, corpo.campi(), corpo.chiarimenti)
    canonical = json.dumps(
        {
            "domanda": str(domanda_id),
            "soccorso": soccorso.numero,
            "campi": corpo.campi(),
            "chiarimenti": corpo.chiarimenti,
            "documenti": documenti.canonici(uploaded),
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    await queries_documenti.congela_documenti(session, domanda_id, soccorso.numero)
    soccorso.stato = StatoSoccorso.RISPOSTO
    soccorso.risposto_da = autore
    soccorso.risposto_il = now
    soccorso.campi = corpo.campi()
    soccorso.chiarimenti = list(corpo.chiarimenti)
    soccorso.canonico = canonical
    soccorso.impronta = hashlib.sha256(canonical.encode()).hexdigest()
    _move(domanda, StatoDomanda.PRESENTATA, now)
    await session.flush()
    return _view(soccorso)


async def fai_scadere_soccorsi(session: AsyncSession, now: datetime) -> None:
    """Close the requests whose term is over without an answer: the office decides on what was presented."""
    for domanda_id in await queries.scaduti(session, now - timedelta(seconds=1), PER_VOLTA):
        domanda = await queries_domande.blocca_domanda(session, domanda_id)
        for soccorso in await queries.soccorsi(session, domanda_id):
            if soccorso.stato == StatoSoccorso.APERTO:
                soccorso.stato = StatoSoccorso.SCADUTO
                await queries.scarta_preparati(session, domanda_id)
                if domanda.stato == StatoDomanda.IN_INTEGRAZIONE:
                    _move(domanda, StatoDomanda.PRESENTATA, now)


async def elenco_soccorsi(session: AsyncSession, domanda_id: UUID) -> SoccorsiDomanda:
    """Return the requests made of an application and their answers."""
    return SoccorsiDomanda(items=[_view(item) for item in await queries.soccorsi(session, domanda_id)])


async def contenuto_completo(session: AsyncSession, domanda_id: UUID) -> Contenuto:
    """Return what was presented, completed by what answers have given since.

    Raises:
        DomandaSconosciuta: nothing was presented under that id.
    """
    presentata = await queries_domande.presentata(session, domanda_id)
    if presentata is None:
        raise DomandaSconosciuta("La domanda non e' stata presentata: non c'e' nulla da controllare.")
    contenuto = ContenutoDomanda.model_validate(presentata.contenuto).to_rules()
    return completa(contenuto, await queries.soccorsi(session, domanda_id))


def completa(contenuto: Contenuto, soccorsi: Sequence[Soccorso]) -> Contenuto:
    """Return a content with the fields that answers have given."""
    return contenuto_integrato(contenuto, [item.campi for item in soccorsi if item.campi])


def _move(domanda: Domanda, stato: StatoDomanda, now: datetime) -> None:
    domanda.stato = stato
    domanda.versione += 1
    domanda.aggiornata_il = now


def _asked(soccorso: Soccorso) -> list[Richiesta]:
    return [Richiesta(TipoRichiesta(item["tipo"]), item["oggetto"], item["testo"]) for item in soccorso.richieste]


def _view(soccorso: Soccorso) -> Vista:
    campi = soccorso.campi or {}
    return Vista(
        numero=soccorso.numero,
        stato=StatoSoccorso(soccorso.stato),
        richieste=[RichiestaVista(**item) for item in soccorso.richieste],
        chiesto_il=soccorso.chiesto_il,
        scade_il=soccorso.scade_il,
        scade_a_roma=ora_di_roma(soccorso.scade_il),
        risposto_il=soccorso.risposto_il,
        comune=campi.get("comune"),
        quartiere=campi.get("quartiere"),
        chiarimenti=soccorso.chiarimenti or [],
        impronta=soccorso.impronta,
    )
