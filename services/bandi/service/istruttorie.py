"""The office's decision on admissibility and the commission's score sheets."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import uuid7
from services.bandi.models import Bando, Domanda, Istruttoria, Punteggio
from services.bandi.queries import bandi as queries_bandi
from services.bandi.queries import dichiarazioni as queries_dichiarazioni
from services.bandi.queries import documenti as queries_documenti
from services.bandi.queries import domande as queries
from services.bandi.rules.bando import Difetto, MetodoPunteggio, Modalita, Regole
from services.bandi.rules.controlli import controlla_scostamento, rilievi_della_macchina
from services.bandi.rules.domanda import (
    DomandaSconosciuta,
    EsitoIstruttoria,
    PunteggioNonValido,
    SchedaGiaFirmata,
    StatoDomanda,
    controlla_istruttoria,
)
from services.bandi.rules.scheda import controlla_motivazioni, controlla_numero_schede, controlla_scheda
from services.bandi.schemas.domanda import (
    IstruttoriaNuova,
    IstruttoriaVista,
    PunteggioVista,
    SchedaNuova,
    SchedaVista,
    SchedeDomanda,
)
from services.bandi.schemas.valutazione import ControlliDomanda
from services.bandi.service import bandi, domande, soccorsi, sportello, viste


async def decidi_ammissibilita(
    session: AsyncSession, domanda_id: UUID, corpo: IstruttoriaNuova, *, autore: str, now: datetime
) -> IstruttoriaVista:
    """Record the office's decision on a presented application, with its reasons and the bonuses it verified.

    Raises:
        DomandaSconosciuta, IntegrazioneInCorso, IstruttoriaNonAperta, MotiviMancanti, PremialitaSconosciuta,
        ScostamentoNonMotivato.
    """
    bando, domanda, regole = await _under_examination(session, domanda_id, shared=False)
    controlla_istruttoria(StatoDomanda(domanda.stato), corpo.esito, corpo.motivi, corpo.premialita, regole.valutazione)
    _, rilievi = await _findings(session, bando, domanda)
    controlla_scostamento(corpo.esito, rilievi, corpo.scostamento)
    admitted = corpo.esito is EsitoIstruttoria.AMMISSIBILE
    domanda.stato = StatoDomanda.AMMISSIBILE if admitted else StatoDomanda.NON_AMMISSIBILE
    domanda.versione += 1
    session.add(
        Istruttoria(
            domanda_id=domanda_id,
            esito=corpo.esito,
            motivi=list(corpo.motivi),
            premialita=list(corpo.premialita),
            rilievi=[{"campo": r.campo, "regola": r.regola, "messaggio": r.messaggio} for r in rilievi],
            scostamento=corpo.scostamento,
            decisa_da=autore,
            decisa_il=now,
        )
    )
    if bando.modalita == Modalita.SPORTELLO:
        if admitted:
            await sportello.ammetti(session, bando, regole, domanda, autore=autore, now=now)
        else:
            await sportello.rilascia(session, bando, regole, domanda_id, autore=autore, now=now)
    return IstruttoriaVista(
        domanda_id=domanda_id,
        stato=StatoDomanda(domanda.stato),
        esito=corpo.esito,
        motivi=corpo.motivi,
        premialita=corpo.premialita,
        rilievi=viste.difetti(rilievi),
        scostamento=corpo.scostamento,
        decisa_il=now,
    )


async def controlli_domanda(session: AsyncSession, domanda_id: UUID) -> ControlliDomanda:
    """Say what the machine finds in a presented application, with the rules it was presented under.

    Raises:
        DomandaSconosciuta: nothing was presented under that id.
    """
    domanda = await domande.nota(session, domanda_id)
    bando = await queries_bandi.bando_per_id(session, domanda.bando_id)
    versione, rilievi = await _findings(session, bando, domanda)
    return ControlliDomanda(conforme=not rilievi, regole_versione=versione, rilievi=viste.difetti(rilievi))


async def _findings(session: AsyncSession, bando: Bando, domanda: Domanda) -> tuple[int, tuple[Difetto, ...]]:
    """Check what was presented, and what has completed it since, by the rules it was presented under."""
    presentata = await queries.presentata(session, domanda.domanda_id)
    if presentata is None or domanda.presentata_il is None:
        raise DomandaSconosciuta("La domanda non e' stata presentata: non c'e' nulla da controllare.")
    regole = await bandi.regole_della_versione(session, bando.bando_id, presentata.regole_versione)
    files = await queries_documenti.documenti_presentati(session, domanda.domanda_id)
    count = await queries.conta_presentate(session, bando.bando_id, domanda.capofila)
    return presentata.regole_versione, rilievi_della_macchina(
        regole,
        await soccorsi.contenuto_completo(session, domanda.domanda_id),
        presentata_il=domanda.presentata_il,
        documenti=[found.richiesto for found in files],
        domande_del_capofila=count,
    )


async def firma_scheda(
    session: AsyncSession, domanda_id: UUID, corpo: SchedaNuova, *, commissario: str, now: datetime
) -> SchedaVista:
    """Record a commissioner's signed sheet: one for each application, locked.

    Raises:
        DomandaSconosciuta, DomandaNonValutabile, PunteggioNonValido, MotivazioneMancante, SchedaGiaFirmata,
        SchedaCollegialeGiaFirmata, SchedaInPiu, DichiarazioniIncomplete.
    """
    bando, domanda, regole = await _under_examination(session, domanda_id, shared=True)
    punteggi = {item.criterio: item.punti for item in corpo.punteggi}
    controlla_scheda(StatoDomanda(domanda.stato), regole.valutazione, punteggi)
    _check_repeated([item.criterio for item in corpo.punteggi])
    controlla_motivazioni(regole.valutazione, {item.criterio: item.motivazione for item in corpo.punteggi})
    signed_by = {scheda.commissario for scheda in await queries.schede(session, domanda_id)}
    if commissario not in signed_by:
        silent = await queries_dichiarazioni.senza_dichiarazione(session, bando.bando_id, domanda_id)
        controlla_numero_schede(regole.valutazione, len(signed_by), silent)
    scheda_id = uuid7()
    signed = await queries.inserisci_scheda(
        session,
        {"scheda_id": scheda_id, "domanda_id": domanda_id, "commissario": commissario, "firmata_il": now}
        | {"collegiale": regole.valutazione.metodo is MetodoPunteggio.COLLEGIALE},
        [
            {
                "scheda_id": scheda_id,
                "criterio": item.criterio,
                "punti_cent": item.punti,
                "motivazione": item.motivazione,
            }
            for item in corpo.punteggi
        ],
    )
    if not signed:
        raise SchedaGiaFirmata(
            "Questo commissario ha gia' firmato la scheda di questa domanda.",
            remedy="Una scheda firmata non si cambia: consultarla.",
        )
    if domanda.stato != StatoDomanda.VALUTATA:
        domanda.stato = StatoDomanda.VALUTATA
        domanda.versione += 1
    return SchedaVista(
        scheda_id=scheda_id,
        domanda_id=domanda_id,
        commissario=commissario,
        firmata_il=now,
        punteggi=[
            PunteggioVista(criterio=item.criterio, punti=item.punti, motivazione=item.motivazione)
            for item in corpo.punteggi
        ],
    )


async def elenco_schede(session: AsyncSession, domanda_id: UUID) -> SchedeDomanda:
    """Return the signed sheets of an application.

    Raises:
        DomandaSconosciuta.
    """
    await domande.nota(session, domanda_id)
    found = await queries.schede(session, domanda_id)
    scores: dict[UUID, list[Punteggio]] = {scheda.scheda_id: [] for scheda in found}
    for punteggio in await queries.punteggi(session, list(scores)):
        scores[punteggio.scheda_id].append(punteggio)
    return SchedeDomanda(items=[viste.scheda_vista(scheda, scores[scheda.scheda_id]) for scheda in found])


async def _under_examination(session: AsyncSession, domanda_id: UUID, *, shared: bool) -> tuple[Bando, Domanda, Regole]:
    """Return an application locked, while no ranking of its call can be made, with its call and its rules."""
    bando_id = (await domande.nota(session, domanda_id)).bando_id
    bando = await queries_bandi.blocca_bando(session, bando_id, shared=shared)
    domanda = await queries.blocca_domanda(session, domanda_id)
    return bando, domanda, (await bandi.regole_in_vigore(session, bando)).to_rules()


def _check_repeated(criteri: Sequence[str]) -> None:
    repeated = [
        Difetto(f"punteggi.{codice}", "criteri", f"Il criterio {codice} ha {times} punteggi.")
        for codice, times in Counter(criteri).items()
        if times > 1
    ]
    if repeated:
        raise PunteggioNonValido(
            repeated[0].messaggio, field=repeated[0].campo, items=[difetto.item() for difetto in repeated]
        )
