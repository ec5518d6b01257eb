"""Rankings: computing, approving, funding by scorrimento."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import uuid7
from chassis.outbox import emit
from services.bandi.events import GraduatoriaApprovata
from services.bandi.models import Bando, Graduatoria
from services.bandi.queries import bandi as queries_bandi
from services.bandi.queries import dichiarazioni as queries_dichiarazioni
from services.bandi.queries import domande as queries_domande
from services.bandi.queries import graduabili
from services.bandi.queries import graduatorie as queries
from services.bandi.queries import progetti as queries_progetti
from services.bandi.queries.graduabili import DomandaDaGraduare
from services.bandi.rules import righe as rules
from services.bandi.rules.approvazione import (
    controlla_cambiata,
    controlla_finestre_precedenti,
    controlla_forma_graduatoria,
    controlla_graduabile,
    denaro_della_finestra,
    finestra_da_graduare,
)
from services.bandi.rules.bando import Finestra, Modalita, Regole, dopo_il_termine
from services.bandi.rules.dichiarazioni import EsitoDichiarazione, controlla_accesso
from services.bandi.rules.domanda import IN_VALUTAZIONE, PRIMA_DELLA_DECISIONE, StatoDomanda
from services.bandi.rules.fasi import Operazione
from services.bandi.rules.graduatoria import calcola_graduatoria
from services.bandi.rules.progetto import IN_CORSO, StatoProgetto
from services.bandi.rules.righe import (
    Candidata,
    Esito,
    Ingresso,
    RigaPrecedente,
    Uscita,
    documento,
    impronta,
    ingresso_come_valori,
    testo_riga,
)
from services.bandi.rules.scheda import schede_attese
from services.bandi.schemas.graduatoria import (
    AnteprimaGraduatoria,
    GraduatoriaVista,
)
from services.bandi.service import bandi, fasi, finanziamenti, viste

_USCITE = {
    StatoDomanda.RITIRATA: Uscita.RITIRATA,
    StatoDomanda.RINUNCIATA: Uscita.RINUNCIATA,
    StatoDomanda.REVOCATA: Uscita.REVOCATA,
}
_NON_AMMESSE = frozenset({StatoDomanda.NON_AMMISSIBILE})


async def approva_graduatoria(
    session: AsyncSession, codice: str, *, finestra: str | None, atto: str, autore: str, now: datetime
) -> GraduatoriaVista:
    """Approve the next version of a call's ranking by an act: store it, fund its rows, open their projects.

    The first version ranks everybody; a later one is a scorrimento, with the money that an integration, a renunciation
    or an economy has freed. A call by windows ranks one window at a time; what a window leaves goes to the next, or is
    kept for it, as the call's rules say.

    Raises:
        BandoSconosciuto, BandoNonPubblicato, FaseNonInCorso, FinestraNonValida, BandoSenzaGraduatoria,
        FinestraPrecedenteDaGraduare, BandoAncoraAperto, NessunaDomanda, IstruttoriaIncompleta,
        ValutazioneIncompleta, GraduatoriaInvariata.
    """
    bando = await bandi.bando_pubblicato_bloccato(session, codice)
    regole = (await bandi.regole_in_vigore(session, bando)).to_rules()
    ingresso = await _inputs(session, bando, regole, finestra, now)
    computed, texts = await asyncio.to_thread(_compute, regole, ingresso)
    bando.ultima_graduatoria += 1
    bando.versione += 1
    values: dict[str, Any] = {
        "graduatoria_id": uuid7(),
        "bando_id": bando.bando_id,
        "numero": bando.ultima_graduatoria,
        "finestra": finestra,
        "regole_versione": bando.regole_versione,
        "atto": atto,
        "approvata_da": autore,
        "approvata_il": now,
        "righe": len(computed.righe),
        "finanziate": computed.finanziate,
        "finanziato_cent": computed.finanziato_cent,
        "ingresso": ingresso_come_valori(ingresso),
        "cause": [causa.come_valori() for causa in await _causes(session, bando, finestra, computed)],
        "impronta": impronta(documento(computed, texts)),
    }
    graduatoria = Graduatoria(**values)
    await queries.inserisci_graduatoria(session, values, _rows(graduatoria.graduatoria_id, computed, texts))
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


async def _causes(
    session: AsyncSession, bando: Bando, finestra: str | None, computed: rules.Graduatoria
) -> list[rules.Causa]:
    """Return why there is a further version: money brought or freed since the last one, applications withdrawn."""
    last = await queries.ultima_graduatoria(session, bando.bando_id, finestra)
    if last is None:
        return []
    withdrawn = [
        rules.Causa(rules.TipoCausa.RITIRO, None, str(riga.protocollo), 0)
        for riga in computed.righe
        if riga.esito is Esito.RITIRATA and riga.cambiamento is rules.Cambiamento.USCITA
    ]
    return [*await queries.cause(session, bando.bando_id, last), *withdrawn]


def _compute(regole: Regole, ingresso: Ingresso) -> tuple[rules.Graduatoria, list[str]]:
    """Compute a ranking and the text of its rows; ten thousand take a second, so it runs beside the event loop.

    Raises:
        GraduatoriaInvariata.
    """
    computed = ricalcola(regole, ingresso)
    controlla_cambiata(computed, precedenti(ingresso))
    return computed, [testo_riga(riga) for riga in computed.righe]


async def anteprima_graduatoria(
    session: AsyncSession, codice: str, *, finestra: str | None, chi: str, now: datetime
) -> AnteprimaGraduatoria:
    """Compute the ranking as it would be approved now, writing nothing.

    Raises:
        ConflittoDichiarato: the caller is in conflict with an application of the call.
        The refusals of ``approva_graduatoria``, but GraduatoriaInvariata.
    """
    bando = await bandi.bando_pubblicato(session, codice)
    for subjects in (await queries_dichiarazioni.in_conflitto(session, bando.bando_id)).values():
        if chi in subjects:
            controlla_accesso(EsitoDichiarazione.CONFLITTO)
    regole = (await bandi.regole_in_vigore(session, bando)).to_rules()
    inputs = await _inputs(session, bando, regole, finestra, now, lock=False)
    computed = await asyncio.to_thread(ricalcola, regole, inputs)
    return AnteprimaGraduatoria(
        righe=[viste.riga_vista(riga, order) for order, riga in enumerate(computed.righe[:1000], 1)],
        totale_righe=len(computed.righe),
        finanziate=computed.finanziate,
        finanziato=computed.finanziato_cent,
    )


async def _inputs(
    session: AsyncSession,
    bando: Bando,
    regole: Regole,
    finestra: str | None,
    now: datetime,
    *,
    lock: bool = True,
) -> Ingresso:
    """Gather what a ranking is computed from, refusing when somebody would be left without a decision."""
    controlla_forma_graduatoria(regole)
    await fasi.controlla_fase_in_corso(session, Operazione.GRADUATORIA, bando, regole)
    window = finestra_da_graduare(regole, finestra)
    everybody = await graduabili.domande_da_graduare(session, bando.bando_id)
    found = everybody if window is None else [item for item in everybody if _inside(window, item)]
    unranked = [item for item in everybody if item.stato in PRIMA_DELLA_DECISIONE | IN_VALUTAZIONE]
    controlla_finestre_precedenti(
        regole, window, {item.codice: sum(_inside(item, one) for one in unranked) for item in regole.finestre}
    )
    closes = window.chiude_il if window is not None else regole.chiude_il
    commission = set(await queries_bandi.commissari(session, bando.bando_id))
    conflicts = await queries_dichiarazioni.in_conflitto(session, bando.bando_id)
    scored = bool(regole.valutazione.criteri)
    controlla_graduabile(
        Modalita(bando.modalita),
        scaduto=closes is None or now >= dopo_il_termine(closes),
        senza_istruttoria=[item.protocollo for item in found if item.stato in PRIMA_DELLA_DECISIONE],
        senza_scheda=[
            item.protocollo
            for item in found
            if scored
            and item.stato in IN_VALUTAZIONE
            and item.schede
            < schede_attese(
                regole.valutazione, len(commission), len(commission & conflicts.get(item.domanda_id, set()))
            )
        ],
        domande=len(found),
    )
    before = await _rows_before(session, bando, finestra)
    projects = await queries_progetti.progetti_delle_domande(session, bando.bando_id, lock=lock)
    under_way = {str(key): StatoProgetto(progetto.stato) in IN_CORSO for key, progetto in projects.items()}
    money = await queries_progetti.linee_dei_progetti(session, [progetto.progetto_id for progetto in projects.values()])
    held = {
        str(key): tuple((linea.linea, linea.ammesso_cent) for linea in money[progetto.progetto_id])
        for key, progetto in projects.items()
    }
    linee = await queries_bandi.linee(session, bando.bando_id, lock=lock)
    by_window = {item.codice: _held_in(item, everybody, held) for item in regole.finestre}
    free = denaro_della_finestra(queries_bandi.libero(linee), regole, window, by_window)
    previous = None if before is None else tuple(sorted(before.items(), key=itemgetter(0)))
    return Ingresso(
        candidate=tuple(_candidate(item, before or {}, held, under_way) for item in found),
        disponibile=tuple(sorted(free.items())),
        precedenti=previous,
    )


def _inside(window: Finestra, item: DomandaDaGraduare) -> bool:
    return window.apre_il <= item.presentata_il < dopo_il_termine(window.chiude_il)


def _held_in(
    window: Finestra, everybody: Sequence[DomandaDaGraduare], held: Mapping[str, tuple[tuple[str, int], ...]]
) -> Counter[str]:
    """Return the cents of each line that the projects of a window hold."""
    found: Counter[str] = Counter()
    for item in everybody:
        if item.domanda_id in held and _inside(window, item):
            found.update(dict(held[item.domanda_id]))
    return found


def _candidate(
    item: DomandaDaGraduare,
    before: Mapping[int, RigaPrecedente],
    held: Mapping[str, tuple[tuple[str, int], ...]],
    under_way: Mapping[str, bool],
) -> Candidata:
    row = before.get(item.protocollo)
    uscita = _USCITE.get(item.stato)
    given = row is not None and row.esito is Esito.FINANZIATA and uscita is None
    return Candidata(
        domanda_id=item.domanda_id,
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
        gia_ammesso=held[item.domanda_id] if given else (),
        integrabile=under_way.get(item.domanda_id, True),
        uscita=uscita,
    )


async def _rows_before(session: AsyncSession, bando: Bando, finestra: str | None) -> dict[int, RigaPrecedente] | None:
    last = await queries.ultima_graduatoria(session, bando.bando_id, finestra)
    return None if last is None else await queries.righe_precedenti(session, last.graduatoria_id)


def _rows(graduatoria_id: UUID, computed: rules.Graduatoria, texts: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {
            "graduatoria_id": graduatoria_id,
            "ordine": order,
            "protocollo": riga.protocollo,
            "domanda_id": riga.domanda_id,
            "posizione": riga.posizione,
            "totale_cent": riga.totale_cent,
            "esito": riga.esito,
            "motivo": riga.motivo,
            "cambiamento": riga.cambiamento,
            "ammesso_cent": riga.ammesso_cent,
            "contenuto": orjson.Fragment(text),
        }
        for order, (riga, text) in enumerate(zip(computed.righe, texts, strict=True), 1)
    ]


def ricalcola(regole: Regole, ingresso: Ingresso) -> rules.Graduatoria:
    """Compute a ranking from its kept inputs: the same inputs give the same ranking."""
    return calcola_graduatoria(
        regole.valutazione, regole.taglio, ingresso.candidate, dict(ingresso.disponibile), precedenti(ingresso)
    )


def precedenti(ingresso: Ingresso) -> dict[int, RigaPrecedente] | None:
    """Return what the previous version said, by protocol number, None for a first version."""
    return None if ingresso.precedenti is None else dict(ingresso.precedenti)
