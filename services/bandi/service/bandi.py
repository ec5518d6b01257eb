"""Calls: drafting, publishing, appointing a commission, reading."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import uuid7
from chassis.outbox import emit
from services.bandi.events import BandoPubblicato
from services.bandi.models import Bando, BandoVersione, Linea
from services.bandi.queries import bandi as queries
from services.bandi.queries.bandi import FiltriBandi
from services.bandi.rules.bando import (
    BandoGiaPubblicato,
    BandoNonPubblicato,
    BandoSconosciuto,
    CodiceBandoGiaUsato,
    Modalita,
    MotivoVersione,
    PubblicazioneTardiva,
    Regole,
    StatoBando,
    controlla_ufficio,
    dopo_il_termine,
    ora_di_roma,
)
from services.bandi.rules.contraddizioni import controlla_regole
from services.bandi.rules.fasi import controlla_prima_fase
from services.bandi.schemas.atti import Commissione, CommissioneNuova
from services.bandi.schemas.bando import (
    BandoDettaglio,
    BandoNuovo,
    BandoVersioneVoce,
    BandoVoce,
    RegoleBando,
    TestataBando,
)
from services.bandi.service import viste


async def crea_bando(
    session: AsyncSession, corpo: BandoNuovo, *, ente: str, autore: str, now: datetime
) -> BandoDettaglio:
    """Open the draft of a call for the body of who calls: its promoter, or the managing body it delegates.

    Raises:
        BandoDiAltroEnte: the call would be of another body.
        RegoleContraddittorie: the rules cannot hold together.
        CodiceBandoGiaUsato: another call has the code.
    """
    controlla_ufficio(ente, corpo.ente_promotore, corpo.regole.organismo_intermedio)
    controlla_regole(corpo.regole.to_rules())
    values = {
        "bando_id": uuid7(),
        "codice": corpo.codice,
        "versione": 1,
        "stato": StatoBando.BOZZA,
        "regole_versione": 0,
        "ultimo_protocollo": 0,
        "ultima_graduatoria": 0,
        "creato_da": autore,
        "creato_il": now,
        **_draft_values(corpo, now),
    }
    if not await queries.inserisci_bando(session, values):
        raise CodiceBandoGiaUsato(
            f"Esiste gia' un bando con codice {corpo.codice}.", field="codice", remedy="Scegliere un altro codice."
        )
    return viste.bando_dettaglio(await noto(session, corpo.codice), corpo.regole, [])


async def modifica_bozza(bando: Bando, corpo: TestataBando, *, ente: str, now: datetime) -> BandoDettaglio:
    """Replace what a draft says; the caller has locked it and checked its version and its body.

    Raises:
        BandoGiaPubblicato, RegoleContraddittorie.
        BandoDiAltroEnte: the draft would pass to another body.
    """
    controlla_bozza(bando)
    controlla_ufficio(ente, corpo.ente_promotore, corpo.regole.organismo_intermedio)
    controlla_regole(corpo.regole.to_rules())
    for name, value in _draft_values(corpo, now).items():
        setattr(bando, name, value)
    bando.versione += 1
    return viste.bando_dettaglio(bando, corpo.regole, [])


async def bozza_bloccata(session: AsyncSession, codice: str) -> Bando:
    """Return a call locked for a change.

    Raises:
        BandoSconosciuto: there is none with that code.
    """
    found = await queries.bando_bloccato(session, codice)
    if found is None:
        raise _unknown(codice)
    return found


async def leggi_bozza(session: AsyncSession, codice: str) -> BandoDettaglio:
    """Return a call as its office sees it, draft or published.

    Raises:
        BandoSconosciuto: there is none with that code.
    """
    bando = await noto(session, codice)
    return viste.bando_dettaglio(
        bando, await regole_in_vigore(session, bando), await queries.linee(session, bando.bando_id)
    )


async def pubblica_bando(
    session: AsyncSession, codice: str, *, atto: str, autore: str, now: datetime
) -> BandoDettaglio:
    """Publish a draft: its rules become version 1 and its lines receive their money.

    Raises:
        BandoSconosciuto, BandoGiaPubblicato, PubblicazioneTardiva, PrimaFaseNonValida.
    """
    bando = await bozza_bloccata(session, codice)
    controlla_bozza(bando)
    if bando.chiude_il is not None and now >= dopo_il_termine(bando.chiude_il):
        raise PubblicazioneTardiva(
            f"Il bando chiuderebbe il {ora_di_roma(bando.chiude_il)}, prima di essere pubblicato.",
            remedy="Correggere i termini nella bozza.",
        )
    regole = RegoleBando.model_validate(bando.bozza)
    regole = regole.model_copy(update={"fase": regole.fasi[0] if regole.fasi else None})
    if regole.prima_fase is not None:
        first = await queries.bando(session, regole.prima_fase)
        known = first is not None and first.stato == StatoBando.PUBBLICATO
        first_rules = (await regole_in_vigore(session, first)).to_rules() if first is not None and known else None
        controlla_prima_fase(codice, regole.prima_fase, first_rules)
    bando.stato = StatoBando.PUBBLICATO
    bando.pubblicato_il = now
    linee = [
        Linea(
            bando_id=bando.bando_id,
            codice=linea.codice,
            ordine=order,
            azione=linea.azione,
            fondo=linea.fondo,
            dotazione_cent=linea.dotazione,
            assegnato_cent=0,
            prenotato_cent=0,
        )
        for order, linea in enumerate(regole.linee, 1)
    ]
    session.add_all(linee)
    await nuova_versione(session, bando, regole, MotivoVersione.PUBBLICAZIONE, atto=atto, autore=autore, now=now)
    return viste.bando_dettaglio(bando, regole, linee)


async def nomina_commissione(
    session: AsyncSession, codice: str, corpo: CommissioneNuova, *, now: datetime
) -> Commissione:
    """Appoint commissioners to a published call; who is one already stays.

    Raises:
        BandoSconosciuto, BandoNonPubblicato.
    """
    bando = await bando_pubblicato_bloccato(session, codice)
    rows = [
        {"bando_id": bando.bando_id, "soggetto": soggetto, "atto": corpo.atto, "nominato_il": now}
        for soggetto in dict.fromkeys(corpo.commissari)
    ]
    await queries.nomina(session, rows)
    return Commissione(commissari=list(await queries.commissari(session, bando.bando_id)))


async def elenco_bandi(
    session: AsyncSession, filtri: FiltriBandi, *, dopo: tuple[datetime, UUID] | None, quanti: int
) -> list[BandoVoce]:
    """Return published calls, the latest first."""
    rows = await queries.elenco_bandi(session, filtri, dopo=dopo, quanti=quanti)
    return [viste.bando_voce(bando, dotazione, assegnato) for bando, dotazione, assegnato in rows]


async def leggi_bando(session: AsyncSession, codice: str) -> BandoDettaglio:
    """Return a published call with the rules in force.

    Raises:
        BandoSconosciuto: there is none published with that code.
    """
    bando = await bando_pubblicato(session, codice)
    return viste.bando_dettaglio(
        bando, await regole_in_vigore(session, bando), await queries.linee(session, bando.bando_id)
    )


async def elenco_versioni(session: AsyncSession, codice: str) -> list[BandoVersioneVoce]:
    """Return every version of a published call with its act, from the first.

    Raises:
        BandoSconosciuto: there is none published with that code.
    """
    bando = await bando_pubblicato(session, codice)
    return [
        BandoVersioneVoce(
            numero=item.numero,
            motivo=MotivoVersione(item.motivo),
            atto=item.atto,
            creata_il=item.creata_il,
            regole=RegoleBando.model_validate(item.regole),
        )
        for item in await queries.versioni(session, bando.bando_id)
    ]


async def bando_pubblicato(session: AsyncSession, codice: str) -> Bando:
    """Return a published call.

    Raises:
        BandoSconosciuto: there is none published with that code; a draft is not told from nothing.
    """
    found = await queries.bando(session, codice)
    if found is None or found.stato != StatoBando.PUBBLICATO:
        raise _unknown(codice)
    return found


async def bando_pubblicato_bloccato(session: AsyncSession, codice: str) -> Bando:
    """Return a published call, locked.

    Raises:
        BandoSconosciuto, BandoNonPubblicato.
    """
    found = await bozza_bloccata(session, codice)
    if found.stato != StatoBando.PUBBLICATO:
        raise BandoNonPubblicato(f"Il bando {codice} e' ancora in bozza.", remedy="Pubblicarlo con il suo atto.")
    return found


async def regole_in_vigore(session: AsyncSession, bando: Bando) -> RegoleBando:
    """Return the rules of a call: the last version's, or the draft's."""
    if bando.regole_versione == 0:
        return RegoleBando.model_validate(bando.bozza)
    return RegoleBando.model_validate((await queries.versione(session, bando.bando_id, bando.regole_versione)).regole)


async def regole_della_versione(session: AsyncSession, bando_id: UUID, numero: int) -> Regole:
    """Return the rules of a version, as the domain sees them."""
    return RegoleBando.model_validate((await queries.versione(session, bando_id, numero)).regole).to_rules()


def controlla_bozza(bando: Bando) -> None:
    """Refuse to edit what is published.

    Raises:
        BandoGiaPubblicato: the call is no longer a draft.
    """
    if bando.stato != StatoBando.BOZZA:
        raise BandoGiaPubblicato(
            f"Il bando {bando.codice} e' gia' pubblicato.",
            remedy="Un bando pubblicato cambia solo con un atto: integrazione o proroga.",
        )


async def nuova_versione(
    session: AsyncSession,
    bando: Bando,
    regole: RegoleBando,
    motivo: MotivoVersione,
    *,
    atto: str,
    autore: str,
    now: datetime,
) -> None:
    """Give a call its next version of rules, with the act that decided it, and tell it as an event."""
    bando.regole_versione += 1
    bando.versione += 1
    bando.aggiornato_il = now
    session.add(
        BandoVersione(
            bando_id=bando.bando_id,
            numero=bando.regole_versione,
            motivo=motivo,
            atto=atto,
            regole=regole.model_dump(mode="json"),
            creata_da=autore,
            creata_il=now,
        )
    )
    await session.flush()
    event = BandoPubblicato(
        bando_id=bando.bando_id,
        versione=bando.versione,
        codice=bando.codice,
        titolo=bando.titolo,
        modalita=Modalita(bando.modalita),
        apre_il=bando.apre_il,
        chiude_il=bando.chiude_il,
        dotazione_cent=regole.to_rules().dotazione_cent,
    )
    await emit(session, event, now=now)


def _draft_values(corpo: TestataBando, now: datetime) -> dict[str, Any]:
    return {
        "titolo": corpo.titolo,
        "descrizione": corpo.descrizione,
        "ente_promotore": corpo.ente_promotore,
        "promotore": corpo.promotore,
        "organismo_intermedio": corpo.regole.organismo_intermedio,
        "territorio": corpo.territorio,
        "modalita": corpo.regole.modalita,
        "apre_il": corpo.regole.apre_il,
        "chiude_il": corpo.regole.chiude_il,
        "bozza": corpo.regole.model_dump(mode="json"),
        "aggiornato_il": now,
    }


async def noto(session: AsyncSession, codice: str) -> Bando:
    """Return a call, draft or published.

    Raises:
        BandoSconosciuto: there is none with that code.
    """
    found = await queries.bando(session, codice)
    if found is None:
        raise _unknown(codice)
    return found


def _unknown(codice: str) -> BandoSconosciuto:
    return BandoSconosciuto(
        f"Non c'e' un bando pubblicato con codice {codice}.", remedy="Cercarlo nell'elenco dei bandi."
    )
