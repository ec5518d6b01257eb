"""Declarations of the commissioners, without which nobody examines an application."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.bandi.queries import dichiarazioni as queries
from services.bandi.rules.dichiarazioni import DomandaNonDichiarabile, EsitoDichiarazione, controlla_dichiarazione
from services.bandi.schemas.valutazione import DichiarazioneVista, DichiarazioniNuove, DichiarazioniScritte
from services.bandi.service import bandi


async def dichiara_interessi(
    session: AsyncSession, codice: str, corpo: DichiarazioniNuove, *, commissario: str, ente: str | None, now: datetime
) -> DichiarazioniScritte:
    """Record what a commissioner declares of some applications of a call: all of it or nothing.

    Raises:
        BandoSconosciuto, DomandaNonDichiarabile, MotivoDelConflitto, CommissarioDellEnte, DichiarazioneGiaResa,
        ConflittoTardivo.
    """
    bando = await bandi.bando_pubblicato(session, codice)
    wanted = {item.domanda_id: item for item in corpo.dichiarazioni}
    known = await queries.presentate_al_bando(session, bando.bando_id, list(wanted))
    if len(wanted) != len(corpo.dichiarazioni) or known != wanted.keys():
        raise DomandaNonDichiarabile(
            "Ogni dichiarazione riguarda, una volta sola, una domanda presentata a questo bando.",
            field="dichiarazioni",
            remedy="Leggere l'elenco delle domande da dichiarare del bando.",
        )
    before = await queries.dichiarate(session, list(wanted), commissario)
    signed = await queries.firmate(session, list(wanted), commissario)
    own = await queries.a_cui_partecipa(session, list(wanted), ente) if ente is not None else set()
    righe = [
        {
            "domanda_id": item.domanda_id,
            "commissario": commissario,
            "esito": item.esito,
            "motivo": item.motivo,
            "dichiarata_il": now,
        }
        for item in wanted.values()
        if controlla_dichiarazione(
            before.get(item.domanda_id),
            item.esito,
            item.motivo,
            firmata=item.domanda_id in signed,
            ente_partecipa=item.domanda_id in own,
        )
    ]
    await queries.inserisci_dichiarazioni(session, righe)
    return DichiarazioniScritte(registrate=len(righe))


async def elenco_dichiarazioni(
    session: AsyncSession, codice: str, *, commissario: str | None, dopo: tuple[int, str] | None, quante: int
) -> list[DichiarazioneVista]:
    """Return the presented applications of a call with what each commissioner, or one, has declared.

    Raises:
        BandoSconosciuto.
    """
    bando = await bandi.bando_pubblicato(session, codice)
    found = await queries.da_dichiarare(session, bando.bando_id, commissario=commissario, dopo=dopo, quante=quante)
    return [
        DichiarazioneVista(
            domanda_id=item.domanda_id,
            protocollo=item.protocollo,
            capofila=item.capofila,
            enti=item.enti,
            commissario=item.commissario,
            esito=EsitoDichiarazione(item.dichiarazione.esito) if item.dichiarazione else None,
            motivo=item.dichiarazione.motivo if item.dichiarazione else None,
            dichiarata_il=item.dichiarazione.dichiarata_il if item.dichiarazione else None,
        )
        for item in found
    ]
