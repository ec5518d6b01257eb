"""The office's decision on admissibility and the commission's score sheets."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import uuid7
from services.bandi.models import Bando, Domanda, Istruttoria, Punteggio
from services.bandi.queries import bandi as queries_bandi
from services.bandi.queries import domande as queries
from services.bandi.rules.bando import Difetto, Modalita, Regole
from services.bandi.rules.domanda import (
    EsitoIstruttoria,
    PunteggioNonValido,
    SchedaGiaFirmata,
    StatoDomanda,
    controlla_istruttoria,
)
from services.bandi.rules.scheda import controlla_scheda
from services.bandi.schemas.domanda import (
    IstruttoriaNuova,
    IstruttoriaVista,
    PunteggioVista,
    SchedaNuova,
    SchedaVista,
    SchedeDomanda,
)
from services.bandi.service import bandi, domande, sportello, viste


async def decidi_ammissibilita(
    session: AsyncSession, domanda_id: UUID, corpo: IstruttoriaNuova, *, autore: str, now: datetime
) -> IstruttoriaVista:
    """Record the office's decision on a presented application, with its reasons and the bonuses it verified.

    Raises:
        DomandaSconosciuta, IstruttoriaNonAperta, MotiviMancanti, PremialitaSconosciuta.
    """
    bando, domanda, regole = await _under_examination(session, domanda_id, shared=False)
    controlla_istruttoria(StatoDomanda(domanda.stato), corpo.esito, corpo.motivi, corpo.premialita, regole.valutazione)
    admitted = corpo.esito is EsitoIstruttoria.AMMISSIBILE
    domanda.stato = StatoDomanda.AMMISSIBILE if admitted else StatoDomanda.NON_AMMISSIBILE
    domanda.versione += 1
    session.add(
        Istruttoria(
            domanda_id=domanda_id,
            esito=corpo.esito,
            motivi=list(corpo.motivi),
            premialita=list(corpo.premialita),
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
        decisa_il=now,
    )


async def firma_scheda(
    session: AsyncSession, domanda_id: UUID, corpo: SchedaNuova, *, commissario: str, now: datetime
) -> SchedaVista:
    """Record a commissioner's signed sheet: one for each application, locked.

    Raises:
        DomandaSconosciuta, DomandaNonValutabile, PunteggioNonValido, SchedaGiaFirmata.
    """
    _, domanda, regole = await _under_examination(session, domanda_id, shared=True)
    punteggi = {item.criterio: item.punti for item in corpo.punteggi}
    controlla_scheda(StatoDomanda(domanda.stato), regole.valutazione, punteggi)
    _check_repeated([item.criterio for item in corpo.punteggi])
    scheda_id = uuid7()
    signed = await queries.inserisci_scheda(
        session,
        {"scheda_id": scheda_id, "domanda_id": domanda_id, "commissario": commissario, "firmata_il": now},
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
