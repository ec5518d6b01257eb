"""Tenders held elsewhere: their outcome is kept and opens a project."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import uuid7
from services.bandi.models import Domanda
from services.bandi.queries import bandi as queries
from services.bandi.queries import progetti as queries_progetti
from services.bandi.rules.affidamento import controlla_esito
from services.bandi.rules.bando import Modalita
from services.bandi.rules.difetti import controlla_domanda
from services.bandi.rules.domanda import RuoloPartner, StatoDomanda, istante_di_protocollo
from services.bandi.rules.progetto import Concessione
from services.bandi.schemas.atti import EsitoAffidamento
from services.bandi.schemas.domanda import ContenutoDomanda, MembroDomanda, SottoProgettoDomanda
from services.bandi.schemas.progetto import ProgettoDettaglio
from services.bandi.service import bandi, finanziamenti, presentazioni, viste
from services.bandi.service.atti import denaro


async def registra_esito(
    session: AsyncSession, codice: str, corpo: EsitoAffidamento, *, autore: str, now: datetime
) -> ProgettoDettaglio:
    """Keep the outcome of a tender: who won it, with whom, for how much; its project is open at once.

    Raises:
        BandoSconosciuto, BandoNonPubblicato, BandoNonInAffidamento, EsitoNonValido.
        DomandaIncompleta: who won does not satisfy the rules of the call.
    """
    bando = await bandi.bando_pubblicato_bloccato(session, codice)
    regole = (await bandi.regole_in_vigore(session, bando)).to_rules()
    linee = await queries.linee(session, bando.bando_id, lock=True)
    free = queries.libero(linee)
    amounts = controlla_esito(
        Modalita(bando.modalita),
        [(item.linea, item.importo) for item in corpo.importi],
        {linea.codice: None if linea.dotazione_cent is None else free[linea.codice] for linea in linee},
    )
    contenuto = _content(corpo)
    controlla_domanda(regole, contenuto.to_rules())
    bando.ultimo_protocollo += 1
    bando.ultimo_protocollo_il = istante_di_protocollo(now, bando.ultimo_protocollo_il)
    domanda = Domanda(
        domanda_id=uuid7(),
        bando_id=bando.bando_id,
        versione=1,
        stato=StatoDomanda.FINANZIATA,
        capofila=corpo.aggiudicatario.ente,
        bozza=contenuto.model_dump(mode="json"),
        autore=autore,
        creata_il=now,
        aggiornata_il=now,
        protocollo=bando.ultimo_protocollo,
        presentata_il=now,
        protocollata_il=bando.ultimo_protocollo_il,
        sostituisce=None,
        motivo_uscita=None,
    )
    session.add(domanda)
    await session.flush()
    await presentazioni.conserva_presentata(session, bando, domanda, contenuto)
    given = tuple(sorted(amounts.items()))
    grant = Concessione(domanda.domanda_id, bando.ultimo_protocollo, domanda.capofila, given, given)
    await finanziamenti.apri_progetti(session, bando, regole, [grant], atto=corpo.atto, autore=autore, now=now)
    progetto = (await queries_progetti.progetti_delle_domande(session, bando.bando_id))[domanda.domanda_id]
    return viste.progetto_dettaglio(progetto, codice, await denaro(session, progetto.progetto_id))


def _content(corpo: EsitoAffidamento) -> ContenutoDomanda:
    """Write the outcome as the application it would have been."""
    winner = corpo.aggiudicatario
    return ContenutoDomanda(
        titolo=corpo.titolo,
        durata_mesi=corpo.durata_mesi,
        comune=corpo.comune,
        quartiere=corpo.quartiere,
        membri=[
            MembroDomanda(
                ente=member.ente,
                denominazione=member.denominazione,
                categoria=member.categoria,
                ruolo=RuoloPartner.CAPOFILA if member is winner else RuoloPartner.PARTNER,
            )
            for member in (winner, *corpo.altri)
        ],
        sotto_progetti=[
            SottoProgettoDomanda.model_construct(
                linea=item.linea,
                titolo=corpo.titolo,
                costo=item.importo,
                contributo=item.importo,
                cofinanziamento_denaro=0,
                quote=[],
            )
            for item in corpo.importi
        ],
    )
