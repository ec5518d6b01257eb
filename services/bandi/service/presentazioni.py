"""Applications presented: the dry run, the protocol under the call's lock, what was presented and its receipt."""

import hashlib
import json
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.outbox import emit
from chassis.pdf import render
from services.bandi import documents, events
from services.bandi.models import Bando, Domanda, DomandaPresentata
from services.bandi.queries import bandi as queries_bandi
from services.bandi.queries import documenti as queries_documenti
from services.bandi.queries import domande as queries
from services.bandi.queries import soccorsi as queries_soccorsi
from services.bandi.queries import sportello as queries_sportello
from services.bandi.rules.adesioni import difetti_adesioni
from services.bandi.rules.bando import Difetto, Modalita, Regole
from services.bandi.rules.difetti import controlla_domanda, difetti_domanda
from services.bandi.rules.documenti import difetti_documenti
from services.bandi.rules.domanda import (
    Contenuto,
    DomandaSconosciuta,
    StatoDomanda,
    controlla_bozza,
    controlla_numero,
    controlla_sostituzione,
    controlla_termini,
    in_termine,
    istante_di_protocollo,
)
from services.bandi.rules.fasi import Operazione
from services.bandi.rules.sportello import StatoPrenotazione
from services.bandi.schemas.domanda import ContenutoDomanda, DifettoVoce, RicevutaDomanda, VerificaDomanda
from services.bandi.service import adesioni, bandi, documenti, domande, fasi, sportello, viste

Tenuta = tuple[StatoPrenotazione | None, int | None]
"""What an application holds of a rolling call: its reservation and its number in the waiting list."""


async def verifica_domanda(session: AsyncSession, domanda_id: UUID, *, now: datetime) -> VerificaDomanda:
    """Say everything that keeps a draft from being presented now, without presenting it."""
    domanda = await domande.nota(session, domanda_id)
    bando = await queries_bandi.bando_per_id(session, domanda.bando_id)
    regole = (await bandi.regole_in_vigore(session, bando)).to_rules()
    contenuto = ContenutoDomanda.model_validate(domanda.bozza).to_rules()
    others = await _other_defects(session, bando, regole, domanda, contenuto)
    found = viste.difetti((*difetti_domanda(regole, contenuto), *others))
    if not in_termine(regole, now):
        found.append(DifettoVoce(campo="bando", regola="termini", messaggio="Il bando ora non riceve domande."))
    if domanda.stato != StatoDomanda.BOZZA:
        found.append(
            DifettoVoce(campo="stato", regola="stato", messaggio=f"La domanda e' {domanda.stato}: non si presenta.")
        )
    return VerificaDomanda(presentabile=not found, regole_versione=bando.regole_versione, difetti=found)


async def presenta_domanda(session: AsyncSession, domanda_id: UUID, *, now: datetime) -> RicevutaDomanda:
    """Give a draft its protocol number: gapless and in order for each call, under the call's lock.

    Args:
        session: the transaction.
        domanda_id: the draft.
        now: when the request arrived; it decides the deadline, however long the queue for the number is.

    Raises:
        DomandaNonInBozza, FaseNonInCorso, NonAmmessoAllaPrimaFase, BandoScaduto and its kin,
        DomandaIncompleta, TroppeDomande, DomandaNonSostituibile.
    """
    bando_id = (await domande.nota(session, domanda_id)).bando_id
    bando = await queries_bandi.blocca_bando(session, bando_id)
    domanda = await queries.blocca_domanda(session, domanda_id)
    controlla_bozza(StatoDomanda(domanda.stato))
    versione = await bandi.regole_in_vigore(session, bando)
    regole = versione.to_rules()
    controlla_termini(regole, now)
    await fasi.controlla_fase_in_corso(session, Operazione.DOMANDE, bando, regole)
    await fasi.controlla_ammesso_alla_prima_fase(session, regole, domanda.capofila)
    contenuto = ContenutoDomanda.model_validate(domanda.bozza)
    others = await _other_defects(session, bando, regole, domanda, contenuto.to_rules())
    controlla_domanda(regole, contenuto.to_rules(), others)
    replaced = await _replaced(session, domanda)
    count = await queries.conta_presentate(session, bando_id, domanda.capofila)
    controlla_numero(count - (1 if replaced else 0), regole.partenariato.domande_per_capofila)
    if replaced is not None:
        await queries_soccorsi.supera_aperto(session, replaced.domanda_id)
        replaced.stato = StatoDomanda.SOSTITUITA
        replaced.versione += 1
    bando.ultimo_protocollo += 1
    bando.ultimo_protocollo_il = istante_di_protocollo(now, bando.ultimo_protocollo_il)
    domanda.protocollo = bando.ultimo_protocollo
    domanda.presentata_il = now
    domanda.protocollata_il = bando.ultimo_protocollo_il
    domanda.stato = StatoDomanda.PRESENTATA
    domanda.versione += 1
    domanda.aggiornata_il = now
    presentata = await conserva_presentata(session, bando, domanda, contenuto)
    held: Tenuta = (None, None)
    if bando.modalita == Modalita.SPORTELLO:
        if replaced is not None:
            await sportello.rilascia(session, bando, regole, replaced.domanda_id, autore=domanda.autore, now=now)
        asked = {parte.linea: parte.contributo for parte in contenuto.sotto_progetti}
        held = await sportello.prenota(session, bando, regole, domanda, asked, now=now)
    event = events.DomandaPresentata(
        domanda_id=domanda.domanda_id,
        versione=domanda.versione,
        bando_id=bando.bando_id,
        bando_codice=bando.codice,
        protocollo=domanda.protocollo,
        capofila=domanda.capofila,
        presentata_il=now,
        protocollata_il=bando.ultimo_protocollo_il,
        sostituisce=domanda.sostituisce,
    )
    await emit(session, event, now=now)
    return _receipt(domanda, bando, presentata.impronta, held)


async def leggi_ricevuta(session: AsyncSession, domanda_id: UUID) -> RicevutaDomanda:
    """Return the receipt of a presented application.

    Raises:
        DomandaSconosciuta: nothing was presented under that id.
    """
    domanda = await domande.nota(session, domanda_id)
    presentata = await _presented(session, domanda_id)
    bando = await queries_bandi.bando_per_id(session, domanda.bando_id)
    held = await queries_sportello.prenotazione(session, domanda_id)
    return _receipt(
        domanda, bando, presentata.impronta, (StatoPrenotazione(held.stato), held.attesa) if held else (None, None)
    )


async def ricevuta_pdf(session: AsyncSession, domanda_id: UUID) -> tuple[bytes, str]:
    """Return the receipt of a presented application as a document, always the same bytes, and its file name.

    Raises:
        DomandaSconosciuta: nothing was presented under that id.
    """
    receipt = await leggi_ricevuta(session, domanda_id)
    domanda = await domande.nota(session, domanda_id)
    bando = await queries_bandi.bando_per_id(session, domanda.bando_id)
    presentata = await _presented(session, domanda_id)
    files = await queries_documenti.documenti_presentati(session, domanda_id)
    document = documents.ricevuta(
        promotore=bando.promotore or bando.ente_promotore,
        bando=(bando.codice, bando.titolo),
        protocollo=receipt.protocollo,
        presentata_il=receipt.presentata_il,
        protocollata_il=receipt.protocollata_il,
        capofila=domanda.capofila,
        titolo=presentata.titolo,
        contributo_cent=presentata.contributo_cent,
        documenti=[(item.nome, item.impronta) for item in files if item.soccorso is None],
        impronta=receipt.impronta,
    )
    return await render(document), f"ricevuta-{bando.codice}-{receipt.protocollo}.pdf"


async def leggi_presentata(session: AsyncSession, domanda_id: UUID) -> bytes:
    """Return the bytes that were hashed when the application was presented.

    Raises:
        DomandaSconosciuta: nothing was presented under that id.
    """
    return (await _presented(session, domanda_id)).canonico.encode()


async def _presented(session: AsyncSession, domanda_id: UUID) -> DomandaPresentata:
    found = await queries.presentata(session, domanda_id)
    if found is None:
        raise DomandaSconosciuta("La domanda non e' stata presentata: non ha ricevuta.")
    return found


async def _other_defects(
    session: AsyncSession, bando: Bando, regole: Regole, domanda: Domanda, contenuto: Contenuto
) -> tuple[Difetto, ...]:
    """Find what is wrong beside the content of a draft: consents and documents."""
    stati = await adesioni.stati_adesioni(session, domanda, bando.codice, contenuto)
    uploaded = await documenti.della_bozza(session, domanda.domanda_id)
    return (*difetti_adesioni(contenuto, stati), *difetti_documenti(regole.documenti, uploaded))


async def _replaced(session: AsyncSession, domanda: Domanda) -> Domanda | None:
    if domanda.sostituisce is None:
        return None
    old = await queries.blocca_domanda(session, domanda.sostituisce)
    controlla_sostituzione(StatoDomanda(old.stato))
    return old


async def conserva_presentata(
    session: AsyncSession, bando: Bando, domanda: Domanda, contenuto: ContenutoDomanda
) -> DomandaPresentata:
    """Keep what is presented as it is: content, partnership, amounts, documents, and the hash that the receipt carries.

    The text that is hashed names the files by their own hashes and the consents by their terms: none of them can be
    exchanged afterwards.
    """
    values = contenuto.model_dump(mode="json")
    consents = await adesioni.adesioni_della_domanda(session, domanda, bando.codice, contenuto.to_rules())
    canonical = json.dumps(
        {
            "bando": bando.codice,
            "regole_versione": bando.regole_versione,
            "capofila": domanda.capofila,
            "contenuto": values,
            "adesioni": [{"ente": item.ente, "condizioni": item.condizioni} for item in consents],
            "documenti": documenti.canonici(list(await queries_documenti.documenti(session, domanda.domanda_id))),
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    presentata = DomandaPresentata(
        domanda_id=domanda.domanda_id,
        regole_versione=bando.regole_versione,
        titolo=contenuto.titolo or "",
        comune=contenuto.comune,
        quartiere=contenuto.quartiere,
        durata_mesi=contenuto.durata_mesi or 0,
        membri=sum(membro.ruolo != "sostenitore" for membro in contenuto.membri),
        costo_cent=sum(parte.costo for parte in contenuto.sotto_progetti),
        contributo_cent=sum(parte.contributo for parte in contenuto.sotto_progetti),
        contenuto=values,
        canonico=canonical,
        impronta=hashlib.sha256(canonical.encode()).hexdigest(),
    )
    session.add(presentata)
    await session.flush()
    membri = [
        {
            "domanda_id": domanda.domanda_id,
            "ente": membro.ente,
            "ordine": order,
            "denominazione": membro.denominazione,
            "categoria": membro.categoria,
            "ruolo": membro.ruolo,
        }
        for order, membro in enumerate(contenuto.membri, 1)
    ]
    parti = [
        {
            "domanda_id": domanda.domanda_id,
            "linea": parte.linea,
            "titolo": parte.titolo,
            "costo_cent": parte.costo,
            "contributo_cent": parte.contributo,
            "cofinanziamento_denaro_cent": parte.cofinanziamento_denaro,
        }
        for parte in contenuto.sotto_progetti
    ]
    quote = [
        {
            "domanda_id": domanda.domanda_id,
            "linea": parte.linea,
            "ente": quota.ente,
            "costo_cent": quota.costo_cent,
            "contributo_cent": quota.contributo_cent,
        }
        for parte in contenuto.to_rules().sotto_progetti
        for quota in parte.quote_di(domanda.capofila)
    ]
    await queries.inserisci_parti(session, membri, parti, quote)
    await queries_documenti.congela_documenti(session, domanda.domanda_id, soccorso=None)
    return presentata


def _receipt(domanda: Domanda, bando: Bando, impronta: str, held: Tenuta) -> RicevutaDomanda:
    if domanda.protocollo is None or domanda.presentata_il is None or domanda.protocollata_il is None:
        raise DomandaSconosciuta("La domanda non e' stata presentata: non ha ricevuta.")
    return RicevutaDomanda(
        domanda_id=domanda.domanda_id,
        bando=bando.codice,
        protocollo=domanda.protocollo,
        presentata_il=domanda.presentata_il,
        protocollata_il=domanda.protocollata_il,
        impronta=impronta,
        sostituisce=domanda.sostituisce,
        prenotazione=held[0],
        attesa=held[1],
    )
