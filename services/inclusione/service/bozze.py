"""Drafts of plans: opened, edited, reopened as revisions; the only text of a plan that changes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from chassis.ids import uuid7
from services.inclusione.models import Pip, PipBozza
from services.inclusione.queries import iscrizione as queries_iscrizione
from services.inclusione.queries import pip as queries
from services.inclusione.rules import pip as regole_pip
from services.inclusione.rules.iscrizione import verifica_idoneita
from services.inclusione.rules.pip import BozzaGiaAperta, PipGiaAperto
from services.inclusione.rules.stati import VIVI, StatoPip, TransizioneNonAmmessa
from services.inclusione.schemas.pip import PianoCorpo, PipNuovo
from services.inclusione.service.iscrizione import iscrizione_di
from services.inclusione.service.misura import regole_di
from services.inclusione.service.pip import annota, blocca, verifica
from services.inclusione.service.profilazione import fascia_di


async def apri_pip(session: AsyncSession, corpo: PipNuovo, *, autore: str, now: datetime) -> Pip:
    """Opens a plan in draft for a suitable enrolment.

    Raises:
        NotFound: no such enrolment.
        IscrizioneNonIdonea: the enrolment is not suitable now.
        PipGiaAperto: the enrolment has a living plan.
        ProfiloMancante: the measure profiles and this person was not.
        PianoNonValido, LivelloNonAmmesso, PianoFuoriProgetto, MassimalePercorsoSuperato: see the rules.
    """
    iscrizione = await queries_iscrizione.iscrizione(session, corpo.iscrizione_id, blocca=True)
    if iscrizione is None:
        raise NotFound("L'iscrizione non esiste.", field="iscrizione_id")
    verifica_idoneita(iscrizione.esito)
    if await queries.pip_aperto(session, iscrizione.iscrizione_id) is not None:
        raise PipGiaAperto(
            "L'iscrizione ha gia' un piano aperto.", remedy="Modificare quel piano, oppure chiuderlo prima."
        )
    regole = await regole_di(session, iscrizione.misura_id, iscrizione.misura_numero)
    piano = corpo.piano.piano()
    await verifica(session, iscrizione, regole, piano)
    fascia = await fascia_di(session, iscrizione.iscrizione_id, regole)
    massimale = regole.massimale_percorso_cent
    if fascia is not None and fascia.massimale_percorso_cent is not None:
        massimale = fascia.massimale_percorso_cent
    regole_pip.calcola_preventivo(
        piano,
        regole,
        residuo_persona_cent=regole.massimale_persona_cent,
        massimale_cent=massimale,
        altri_cent=await queries.tenuto_da_altri(session, iscrizione.iscrizione_id, None),
    )
    pip = Pip(
        pip_id=uuid7(),
        versione=1,
        iscrizione_id=iscrizione.iscrizione_id,
        persona_id=iscrizione.persona_id,
        progetto_id=iscrizione.progetto_id,
        misura_id=iscrizione.misura_id,
        misura_numero=iscrizione.misura_numero,
        misura_codice=iscrizione.misura_codice,
        ente=iscrizione.ente,
        stato=StatoPip.BOZZA,
        fascia=None if fascia is None else fascia.codice,
        massimale_percorso_cent=massimale,
        percorso_con_indennita=regole.percorso_con_indennita,
        creato_da=autore,
        creato_il=now,
    )
    session.add(pip)
    await session.flush()
    session.add(_bozza(pip, corpo.piano, autore=autore, now=now))
    annota(session, pip, autore=autore, motivo=None, now=now)
    await session.flush()
    return pip


def _bozza(pip: Pip, piano: PianoCorpo, *, autore: str, now: datetime) -> PipBozza:
    return PipBozza(pip_id=pip.pip_id, piano=piano.model_dump(mode="json"), modificata_da=autore, modificata_il=now)


async def modifica_bozza(
    session: AsyncSession, pip: Pip, bozza: PipBozza, corpo: PianoCorpo, *, autore: str, now: datetime
) -> None:
    """Replaces the draft; its lock and version were checked by the caller.

    Raises:
        PianoNonValido, LivelloNonAmmesso, PianoFuoriProgetto, MassimalePercorsoSuperato: see the rules.
    """
    iscrizione = await iscrizione_di(session, pip.iscrizione_id)
    regole = await regole_di(session, pip.misura_id, pip.misura_numero)
    piano = corpo.piano()
    await verifica(session, iscrizione, regole, piano, pip_id=pip.pip_id)
    regole_pip.calcola_preventivo(
        piano,
        regole,
        residuo_persona_cent=regole.massimale_persona_cent,
        massimale_cent=pip.massimale_percorso_cent,
        altri_cent=await queries.tenuto_da_altri(session, pip.iscrizione_id, pip.pip_id),
    )
    bozza.piano = corpo.model_dump(mode="json")
    pip.versione += 1
    bozza.modificata_da, bozza.modificata_il = autore, now
    await session.flush()


async def apri_revisione(session: AsyncSession, pip_id: UUID, corpo: PianoCorpo, *, autore: str, now: datetime) -> Pip:
    """Opens the draft of the next version of a signed plan; the signed one stays in force until the new is signed.

    Raises:
        NotFound: no such plan.
        BozzaGiaAperta: there is a draft already.
        TransizioneNonAmmessa: the plan is closed.
        PianoNonValido and the other refusals of a plan.
    """
    pip = await blocca(session, pip_id)
    if pip.stato not in VIVI:
        raise TransizioneNonAmmessa(f"Un piano {pip.stato.value} non si rivede piu'.", remedy="Aprire un piano nuovo.")
    if await queries.bozza(session, pip_id) is not None:
        raise BozzaGiaAperta("Il piano ha gia' una bozza aperta.", remedy="Modificare quella bozza.")
    bozza = _bozza(pip, corpo, autore=autore, now=now)
    session.add(bozza)
    await modifica_bozza(session, pip, bozza, corpo, autore=autore, now=now)
    return pip
