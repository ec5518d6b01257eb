"""Rankings: computing, approving, funding by scorrimento, explaining, verifying."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import uuid7
from chassis.outbox import emit
from services.bandi import documents
from services.bandi.events import GraduatoriaApprovata
from services.bandi.models import Bando, Graduatoria, RigaGraduatoria
from services.bandi.queries import bandi as queries_bandi
from services.bandi.queries import domande as queries_domande
from services.bandi.queries import graduatorie as queries
from services.bandi.queries import progetti as queries_progetti
from services.bandi.queries.domande import DomandaDaGraduare
from services.bandi.rules import righe as rules
from services.bandi.rules.bando import Modalita, Regole
from services.bandi.rules.domanda import IN_VALUTAZIONE, PRIMA_DELLA_DECISIONE, StatoDomanda
from services.bandi.rules.graduatoria import calcola_graduatoria, controlla_cambiata, controlla_graduabile
from services.bandi.rules.progetto import IN_CORSO, StatoProgetto
from services.bandi.rules.righe import (
    Candidata,
    Esito,
    GraduatoriaSconosciuta,
    Ingresso,
    RigaPrecedente,
    Uscita,
    documento,
    impronta,
    ingresso_come_valori,
    ingresso_da_valori,
    riga_come_valori,
    riga_da_valori,
)
from services.bandi.rules.spiegazione import spiega_riga
from services.bandi.schemas.graduatoria import (
    AnteprimaGraduatoria,
    GraduatoriaVista,
    PassoVista,
    RigaVista,
    Spiegazione,
    VerificaGraduatoria,
)
from services.bandi.service import bandi, domande, finanziamenti, viste

_USCITE = {
    StatoDomanda.RITIRATA: Uscita.RITIRATA,
    StatoDomanda.RINUNCIATA: Uscita.RINUNCIATA,
    StatoDomanda.REVOCATA: Uscita.REVOCATA,
}
_NON_AMMESSE = frozenset({StatoDomanda.NON_AMMISSIBILE})


async def approva_graduatoria(
    session: AsyncSession, codice: str, *, atto: str, autore: str, now: datetime
) -> GraduatoriaVista:
    """Approve the next version of a call's ranking by an act: store it, fund its rows, open their projects.

    The first version ranks everybody; a later one is a scorrimento, with the money that an integration, a renunciation
    or an economy has freed.

    Raises:
        BandoSconosciuto, BandoNonPubblicato, BandoSenzaGraduatoria, BandoAncoraAperto, NessunaDomanda,
        IstruttoriaIncompleta, ValutazioneIncompleta, GraduatoriaInvariata.
    """
    bando = await bandi.bando_pubblicato_bloccato(session, codice)
    regole = (await bandi.regole_in_vigore(session, bando)).to_rules()
    ingresso = await _inputs(session, bando, regole, now)
    computed = _compute(regole, ingresso)
    controlla_cambiata(computed, _before(ingresso))
    bando.ultima_graduatoria += 1
    bando.versione += 1
    graduatoria = Graduatoria(
        graduatoria_id=uuid7(),
        bando_id=bando.bando_id,
        numero=bando.ultima_graduatoria,
        regole_versione=bando.regole_versione,
        atto=atto,
        approvata_da=autore,
        approvata_il=now,
        righe=len(computed.righe),
        finanziate=computed.finanziate,
        finanziato_cent=computed.finanziato_cent,
        ingresso=ingresso_come_valori(ingresso),
        impronta=impronta(documento(computed)),
    )
    session.add(graduatoria)
    await session.flush()
    await _store_rows(session, graduatoria.graduatoria_id, computed)
    outcomes = {UUID(riga.domanda_id): StatoDomanda(riga.esito.value) for riga in computed.righe}
    await queries_domande.sposta_stati(session, outcomes)
    await finanziamenti.finanzia_progetti(session, bando, regole, computed, atto=atto, autore=autore, now=now)
    event = GraduatoriaApprovata(
        graduatoria_id=graduatoria.graduatoria_id,
        versione=1,
        bando_id=bando.bando_id,
        numero=graduatoria.numero,
        atto=atto,
        righe=graduatoria.righe,
        finanziate=graduatoria.finanziate,
        finanziato_cent=graduatoria.finanziato_cent,
    )
    await emit(session, event, now=now)
    return viste.graduatoria_vista(graduatoria, codice)


async def anteprima_graduatoria(session: AsyncSession, codice: str, *, now: datetime) -> AnteprimaGraduatoria:
    """Compute the ranking as it would be approved now, writing nothing.

    Raises:
        The refusals of ``approva_graduatoria``, but GraduatoriaInvariata.
    """
    bando = await bandi.bando_pubblicato(session, codice)
    regole = (await bandi.regole_in_vigore(session, bando)).to_rules()
    computed = _compute(regole, await _inputs(session, bando, regole, now, lock=False))
    return AnteprimaGraduatoria(
        righe=[viste.riga_vista(riga, order) for order, riga in enumerate(computed.righe[:1000], 1)],
        totale_righe=len(computed.righe),
        finanziate=computed.finanziate,
        finanziato=computed.finanziato_cent,
    )


async def elenco_graduatorie(session: AsyncSession, codice: str) -> list[GraduatoriaVista]:
    """Return the approved versions of a call's ranking, from the first.

    Raises:
        BandoSconosciuto.
    """
    bando = await bandi.bando_pubblicato(session, codice)
    return [viste.graduatoria_vista(item, codice) for item in await queries.graduatorie(session, bando.bando_id)]


async def leggi_graduatoria(session: AsyncSession, codice: str, numero: int) -> GraduatoriaVista:
    """Return an approved version of a call's ranking.

    Raises:
        BandoSconosciuto, GraduatoriaSconosciuta.
    """
    return viste.graduatoria_vista(await _known(session, codice, numero), codice)


async def elenco_righe(session: AsyncSession, codice: str, numero: int, *, dopo: int, quante: int) -> list[RigaVista]:
    """Return rows of an approved ranking, in order.

    Raises:
        BandoSconosciuto, GraduatoriaSconosciuta.
    """
    graduatoria = await _known(session, codice, numero)
    found = await queries.righe(session, graduatoria.graduatoria_id, dopo=dopo, quante=quante)
    return [viste.riga_salvata(riga) for riga in found]


async def csv_graduatoria(session: AsyncSession, codice: str, numero: int) -> bytes:
    """Return an approved ranking as CSV, as open data.

    Raises:
        BandoSconosciuto, GraduatoriaSconosciuta.
    """
    graduatoria = await _known(session, codice, numero)
    found = await queries.righe(session, graduatoria.graduatoria_id, dopo=0, quante=None)
    return documents.csv_graduatoria(codice, numero, [riga_da_valori(riga.contenuto) for riga in found])


async def spiega_riga_pubblica(session: AsyncSession, codice: str, numero: int, protocollo: int) -> Spiegazione:
    """Explain a published row, rule by rule.

    Raises:
        BandoSconosciuto, GraduatoriaSconosciuta.
    """
    graduatoria = await _known(session, codice, numero)
    return await _explain(session, graduatoria, codice, protocollo)


async def spiega_domanda(session: AsyncSession, domanda_id: UUID) -> Spiegazione:
    """Explain an application by the latest approved ranking of its call.

    Raises:
        DomandaSconosciuta, GraduatoriaSconosciuta.
    """
    domanda = await domande.nota(session, domanda_id)
    bando = await queries_bandi.bando_per_id(session, domanda.bando_id)
    if domanda.protocollo is None:
        raise GraduatoriaSconosciuta("La domanda non e' stata presentata: non e' in alcuna graduatoria.")
    graduatoria = await _known(session, bando.codice, bando.ultima_graduatoria)
    return await _explain(session, graduatoria, bando.codice, domanda.protocollo)


async def verifica_graduatoria(session: AsyncSession, codice: str, numero: int) -> VerificaGraduatoria:
    """Compute an approved ranking again from its kept inputs and compare it, byte by byte and row by row.

    Raises:
        BandoSconosciuto, GraduatoriaSconosciuta.
    """
    graduatoria = await _known(session, codice, numero)
    regole = await bandi.regole_della_versione(session, graduatoria.bando_id, graduatoria.regole_versione)
    again = _compute(regole, ingresso_da_valori(graduatoria.ingresso))
    stored = await queries.righe(session, graduatoria.graduatoria_id, dopo=0, quante=None)
    same_rows = [riga_come_valori(riga) for riga in again.righe] == [riga.contenuto for riga in stored]
    computed = impronta(documento(again))
    return VerificaGraduatoria(
        numero=numero,
        identica=same_rows and computed == graduatoria.impronta,
        impronta_approvata=graduatoria.impronta,
        impronta_ricalcolata=computed,
    )


def _compute(regole: Regole, ingresso: Ingresso) -> rules.Graduatoria:
    return calcola_graduatoria(
        regole.valutazione, regole.taglio, ingresso.candidate, dict(ingresso.disponibile), _before(ingresso)
    )


def _before(ingresso: Ingresso) -> dict[int, RigaPrecedente] | None:
    return None if ingresso.precedenti is None else dict(ingresso.precedenti)


async def _inputs(session: AsyncSession, bando: Bando, regole: Regole, now: datetime, *, lock: bool = True) -> Ingresso:
    """Gather what a ranking is computed from, refusing when somebody would be left without a decision."""
    found = await queries_domande.domande_da_graduare(session, bando.bando_id)
    commission = len(await queries_bandi.commissari(session, bando.bando_id))
    scored = bool(regole.valutazione.criteri)
    controlla_graduabile(
        Modalita(bando.modalita),
        scaduto=regole.chiude_il is None or now > regole.chiude_il,
        senza_istruttoria=[item.protocollo for item in found if item.stato in PRIMA_DELLA_DECISIONE],
        senza_scheda=[
            item.protocollo
            for item in found
            if scored and item.stato in IN_VALUTAZIONE and item.schede < max(commission, 1)
        ],
        domande=len(found),
    )
    before = await _rows_before(session, bando)
    projects = await queries_progetti.progetti_delle_domande(session, bando.bando_id, lock=lock)
    under_way = {key: StatoProgetto(progetto.stato) in IN_CORSO for key, progetto in projects.items()}
    linee = await queries_bandi.linee(session, bando.bando_id, lock=lock)
    previous = None
    if before is not None:
        previous = tuple(
            (n, RigaPrecedente(row.posizione, Esito(row.esito), row.ammesso_cent)) for n, row in sorted(before.items())
        )
    return Ingresso(
        candidate=tuple(_candidate(item, before or {}, under_way) for item in found),
        disponibile=tuple(sorted(queries_bandi.libero(linee).items())),
        precedenti=previous,
    )


def _candidate(
    item: DomandaDaGraduare, before: Mapping[int, RigaGraduatoria], under_way: Mapping[UUID, bool]
) -> Candidata:
    row = before.get(item.protocollo)
    uscita = _USCITE.get(item.stato)
    given = row is not None and row.esito == Esito.FINANZIATA and uscita is None
    return Candidata(
        domanda_id=str(item.domanda_id),
        protocollo=item.protocollo,
        capofila=item.capofila,
        titolo=item.titolo,
        ammissibile=item.stato not in _NON_AMMESSE,
        motivi=tuple(item.motivi),
        voti=tuple(sorted((criterio, tuple(voti)) for criterio, voti in item.voti.items())),
        premialita=tuple(item.premialita),
        richiesto=tuple(sorted(item.richiesto.items())),
        costo_cent=item.costo_cent,
        membri=item.membri,
        gia_ammesso=tuple(sorted(row.contenuto["ammesso"].items())) if row is not None and given else (),
        integrabile=under_way.get(item.domanda_id, True),
        uscita=uscita,
    )


async def _rows_before(session: AsyncSession, bando: Bando) -> dict[int, RigaGraduatoria] | None:
    if bando.ultima_graduatoria == 0:
        return None
    last = await queries.graduatoria(session, bando.bando_id, bando.ultima_graduatoria)
    if last is None:
        raise LookupError(bando.ultima_graduatoria)
    rows = await queries.righe(session, last.graduatoria_id, dopo=0, quante=None)
    return {riga.protocollo: riga for riga in rows}


async def _store_rows(session: AsyncSession, graduatoria_id: UUID, computed: rules.Graduatoria) -> None:
    rows = [
        {
            "graduatoria_id": graduatoria_id,
            "ordine": order,
            "protocollo": riga.protocollo,
            "domanda_id": UUID(riga.domanda_id),
            "posizione": riga.posizione,
            "totale_cent": riga.totale_cent,
            "esito": riga.esito,
            "motivo": riga.motivo,
            "cambiamento": riga.cambiamento,
            "ammesso_cent": riga.ammesso_cent,
            "contenuto": riga_come_valori(riga),
        }
        for order, riga in enumerate(computed.righe, 1)
    ]
    await queries.inserisci_righe(session, rows)


async def _explain(session: AsyncSession, graduatoria: Graduatoria, codice: str, protocollo: int) -> Spiegazione:
    stored = await queries.riga(session, graduatoria.graduatoria_id, protocollo)
    if stored is None:
        raise GraduatoriaSconosciuta(f"Il protocollo {protocollo} non e' nella graduatoria {graduatoria.numero}.")
    riga = riga_da_valori(stored.contenuto)
    regole = await bandi.regole_della_versione(session, graduatoria.bando_id, graduatoria.regole_versione)
    same_total = await queries.conta_pari_punti(session, graduatoria.graduatoria_id, riga.totale_cent)
    ties = max(same_total - 1, 0) if riga.posizione is not None else 0
    return Spiegazione(
        bando=codice,
        graduatoria=graduatoria.numero,
        regole_versione=graduatoria.regole_versione,
        atto=graduatoria.atto,
        protocollo=protocollo,
        posizione=riga.posizione,
        esito=riga.esito,
        passi=[
            PassoVista(regola=passo.regola, testo=passo.testo[:2000])
            for passo in spiega_riga(riga, regole, a_pari_punti=ties)
        ],
    )


async def _known(session: AsyncSession, codice: str, numero: int) -> Graduatoria:
    bando = await bandi.bando_pubblicato(session, codice)
    found = await queries.graduatoria(session, bando.bando_id, numero)
    if found is None:
        raise GraduatoriaSconosciuta(
            f"Il bando {codice} non ha una graduatoria numero {numero}.",
            remedy=f"Le graduatorie approvate sono {bando.ultima_graduatoria}.",
        )
    return found
