"""The phases of a programme: opened by acts, and what depends on the one under way."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.bandi.models import Bando
from services.bandi.queries import bandi as queries_bandi
from services.bandi.queries import domande as queries_domande
from services.bandi.rules.bando import Fase, Modalita, MotivoVersione, Regole, dopo_il_termine
from services.bandi.rules.fasi import Operazione, controlla_ammesso, controlla_apertura, controlla_fase
from services.bandi.schemas.atti import FaseNuova
from services.bandi.schemas.bando import BandoDettaglio
from services.bandi.service import bandi, viste


async def apri_fase(
    session: AsyncSession, codice: str, corpo: FaseNuova, *, autore: str, now: datetime
) -> BandoDettaglio:
    """Open the next phase of a published call, by an act: a new version of its rules.

    Raises:
        BandoSconosciuto, BandoNonPubblicato, FaseNonValida, BandoAncoraAperto, IstruttoriaIncompleta.
    """
    bando = await bandi.bando_pubblicato_bloccato(session, codice)
    before = await bandi.regole_in_vigore(session, bando)
    closes = bando.chiude_il
    controlla_apertura(
        before.to_rules(),
        corpo.fase,
        scaduto=closes is None or now >= dopo_il_termine(closes),
        senza_istruttoria=await queries_domande.protocolli_in_attesa(session, bando.bando_id),
    )
    regole = before.model_copy(update={"fase": corpo.fase})
    await bandi.nuova_versione(session, bando, regole, MotivoVersione.FASE, atto=corpo.atto, autore=autore, now=now)
    return viste.bando_dettaglio(bando, regole, await queries_bandi.linee(session, bando.bando_id))


async def controlla_fase_in_corso(session: AsyncSession, operazione: Operazione, bando: Bando, regole: Regole) -> None:
    """Refuse what the phase under way of the call, or of the programme it belongs to, does not let happen.

    Raises:
        FaseNonInCorso.
    """
    controlla_fase(operazione, Modalita(bando.modalita), await _current(session, regole))


async def controlla_ammesso_alla_prima_fase(session: AsyncSession, regole: Regole, capofila: str) -> None:
    """Refuse a lead that the first phase of the call has not admitted; calls without a first phase admit everybody.

    Raises:
        NonAmmessoAllaPrimaFase.
    """
    if regole.prima_fase is not None:
        first = await bandi.bando_pubblicato(session, regole.prima_fase)
        controlla_ammesso(await queries_domande.ammesso(session, first.bando_id, capofila), regole.prima_fase)


async def _current(session: AsyncSession, regole: Regole) -> Fase | None:
    if regole.prima_fase is None:
        return regole.fase
    first = await bandi.bando_pubblicato(session, regole.prima_fase)
    return (await bandi.regole_in_vigore(session, first)).to_rules().fase
