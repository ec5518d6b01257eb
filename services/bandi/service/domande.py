"""Applications: drafting, reading, listing, withdrawing, replacing."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import uuid7
from services.bandi.models import Bando, Domanda
from services.bandi.queries import adesioni as queries_adesioni
from services.bandi.queries import bandi as queries_bandi
from services.bandi.queries import documenti as queries_documenti
from services.bandi.queries import domande as queries
from services.bandi.queries import soccorsi as queries_soccorsi
from services.bandi.rules.bando import Modalita
from services.bandi.rules.domanda import (
    DomandaSconosciuta,
    StatoDomanda,
    controlla_bozza,
    controlla_capofila,
    controlla_ritiro,
    controlla_sostituzione,
    controlla_termini,
)
from services.bandi.schemas.domanda import ContenutoDomanda, DomandaDettaglio, DomandaNuova, DomandaVoce
from services.bandi.service import adesioni, bandi, fasi, sportello, viste


async def crea_domanda(
    session: AsyncSession, corpo: DomandaNuova, *, ente: str, autore: str, now: datetime
) -> DomandaDettaglio:
    """Open a draft for the organisation of who calls, which is its lead.

    Raises:
        BandoSconosciuto, CapofilaDiverso, NonAmmessoAllaPrimaFase.
    """
    bando = await bandi.bando_pubblicato(session, corpo.bando)
    controlla_capofila(corpo.contenuto.to_rules(), ente)
    regole = (await bandi.regole_in_vigore(session, bando)).to_rules()
    await fasi.controlla_ammesso_alla_prima_fase(session, regole, ente)
    domanda = _draft(bando, corpo.contenuto, ente=ente, autore=autore, now=now, sostituisce=None)
    session.add(domanda)
    await session.flush()
    return await dettaglio(session, domanda, bando.codice)


async def bozza_bloccata(session: AsyncSession, domanda_id: UUID) -> Domanda:
    """Return an application locked for a change.

    Raises:
        DomandaSconosciuta: there is none with that id.
    """
    await nota(session, domanda_id)
    return await queries.blocca_domanda(session, domanda_id)


async def modifica_domanda(
    session: AsyncSession, domanda: Domanda, contenuto: ContenutoDomanda, *, now: datetime
) -> DomandaDettaglio:
    """Replace what a draft says; the caller has locked it and checked its version.

    Raises:
        DomandaNonInBozza, CapofilaDiverso.
    """
    controlla_bozza(StatoDomanda(domanda.stato))
    controlla_capofila(contenuto.to_rules(), domanda.capofila)
    domanda.bozza = contenuto.model_dump(mode="json")
    domanda.versione += 1
    domanda.aggiornata_il = now
    bando = await queries_bandi.bando_per_id(session, domanda.bando_id)
    return await dettaglio(session, domanda, bando.codice)


async def ritira_domanda(session: AsyncSession, domanda_id: UUID, *, motivo: str, now: datetime) -> DomandaDettaglio:
    """Withdraw a presented application that holds no money.

    Raises:
        DomandaNonRitirabile.
    """
    bando_id = (await nota(session, domanda_id)).bando_id
    bando = await queries_bandi.blocca_bando(session, bando_id)
    domanda = await queries.blocca_domanda(session, domanda_id)
    controlla_ritiro(StatoDomanda(domanda.stato))
    await queries_soccorsi.supera_aperto(session, domanda_id)
    domanda.stato = StatoDomanda.RITIRATA
    domanda.motivo_uscita = motivo
    domanda.versione += 1
    domanda.aggiornata_il = now
    if bando.modalita == Modalita.SPORTELLO:
        regole = (await bandi.regole_in_vigore(session, bando)).to_rules()
        await sportello.rilascia(session, bando, regole, domanda_id, autore=domanda.autore, now=now)
    return await dettaglio(session, domanda, bando.codice)


async def sostituisci_domanda(
    session: AsyncSession, domanda_id: UUID, *, autore: str, now: datetime
) -> DomandaDettaglio:
    """Open a draft that will replace a presented application; the old one stands until the new one is presented.

    Raises:
        DomandaNonSostituibile, BandoScaduto and its kin.
    """
    old = await nota(session, domanda_id)
    controlla_sostituzione(StatoDomanda(old.stato))
    bando = await queries_bandi.bando_per_id(session, old.bando_id)
    controlla_termini((await bandi.regole_in_vigore(session, bando)).to_rules(), now)
    contenuto = ContenutoDomanda.model_validate(old.bozza)
    draft = _draft(bando, contenuto, ente=old.capofila, autore=autore, now=now, sostituisce=old.domanda_id)
    session.add(draft)
    await session.flush()
    await queries_adesioni.copia_adesioni(session, da=old.domanda_id, verso=draft.domanda_id)
    await queries_documenti.copia_documenti(session, da=old.domanda_id, verso=draft.domanda_id, now=now)
    return await dettaglio(session, draft, bando.codice)


async def leggi_domanda(session: AsyncSession, domanda_id: UUID) -> DomandaDettaglio:
    """Return an application with its content."""
    domanda = await nota(session, domanda_id)
    bando = await queries_bandi.bando_per_id(session, domanda.bando_id)
    return await dettaglio(session, domanda, bando.codice)


async def elenco_domande(session: AsyncSession, ente: str, *, dopo: UUID | None, quante: int) -> list[DomandaVoce]:
    """Return the applications led by an organisation, the latest first."""
    rows = await queries.domande_del_capofila(session, ente, dopo=dopo, quante=quante)
    return [viste.domanda_voce(domanda, codice) for domanda, codice in rows]


async def elenco_domande_del_bando(
    session: AsyncSession, codice: str, *, chi: str, stato: StatoDomanda | None, dopo: int | None, quante: int
) -> list[DomandaVoce]:
    """Return the presented applications of a call, in order of protocol; the caller's conflicts are left out.

    Raises:
        BandoSconosciuto.
    """
    bando = await bandi.bando_pubblicato(session, codice)
    found = await queries.domande_del_bando(session, bando.bando_id, chi=chi, stato=stato, dopo=dopo, quante=quante)
    return [viste.domanda_voce(domanda, codice) for domanda in found]


async def nota(session: AsyncSession, domanda_id: UUID) -> Domanda:
    """Return an application.

    Raises:
        DomandaSconosciuta: there is none with that id.
    """
    found = await queries.domanda(session, domanda_id)
    if found is None:
        raise DomandaSconosciuta(f"Non c'e' una domanda con identificativo {domanda_id}.")
    return found


async def dettaglio(session: AsyncSession, domanda: Domanda, bando_codice: str) -> DomandaDettaglio:
    """Return an application with its content: the draft's, or what was presented."""
    presentata = await queries.presentata(session, domanda.domanda_id)
    contenuto = ContenutoDomanda.model_validate(presentata.contenuto if presentata else domanda.bozza)
    return DomandaDettaglio(
        **viste.campi_domanda(domanda, bando_codice),
        versione=domanda.versione,
        contenuto=contenuto,
        adesioni=await adesioni.adesioni_della_domanda(session, domanda, bando_codice, contenuto.to_rules()),
        sostituisce=domanda.sostituisce,
        motivo_uscita=domanda.motivo_uscita,
        impronta=presentata.impronta if presentata else None,
    )


def _draft(
    bando: Bando, contenuto: ContenutoDomanda, *, ente: str, autore: str, now: datetime, sostituisce: UUID | None
) -> Domanda:
    return Domanda(
        domanda_id=uuid7(),
        bando_id=bando.bando_id,
        versione=1,
        stato=StatoDomanda.BOZZA,
        capofila=ente,
        bozza=contenuto.model_dump(mode="json"),
        autore=autore,
        creata_il=now,
        aggiornata_il=now,
        protocollo=None,
        presentata_il=None,
        protocollata_il=None,
        sostituisce=sostituisce,
        motivo_uscita=None,
    )
