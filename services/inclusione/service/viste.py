"""How plans are shown: each as its officer, its operator or its person sees it."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from services.inclusione.models import Pip
from services.inclusione.queries import indennita as queries_indennita
from services.inclusione.queries import persone as queries_persone
from services.inclusione.queries import pip as queries
from services.inclusione.queries import sospensioni as queries_sospensioni
from services.inclusione.rules import pip as regole_pip
from services.inclusione.schemas.indennita import Percorsi, PercorsoVisto
from services.inclusione.schemas.pip import (
    BozzaVista,
    FirmaVista,
    MovimentoVisto,
    PassaggioVisto,
    PianoCorpo,
    PipInElenco,
    PipVisto,
    ServizioVisto,
    SospensioneVista,
    VersioneVista,
)
from services.inclusione.service.misura import regole_di
from services.inclusione.service.pip import preventivo_di, testo_di


def riga_di(pip: Pip) -> PipInElenco:
    """A plan as a row of a list."""
    return PipInElenco(
        pip_id=pip.pip_id,
        versione=pip.versione,
        iscrizione_id=pip.iscrizione_id,
        persona_id=pip.persona_id,
        progetto_id=pip.progetto_id,
        misura_codice=pip.misura_codice,
        misura_numero=pip.misura_numero,
        ente=pip.ente,
        stato=pip.stato,
        numero=pip.numero,
        fascia=pip.fascia,
        inizio=pip.inizio,
        fine=pip.fine,
        riservato_servizi=pip.riservato_servizi_cent,
        riservato_indennita=pip.riservato_indennita_cent,
        costo_servizi=pip.costo_servizi_cent,
        maturato=pip.maturato_cent,
        liquidato=pip.liquidato_cent,
        attivato_il=pip.attivato_il,
        chiuso_il=pip.chiuso_il,
    )


async def pip_di(session: AsyncSession, pip_id: UUID) -> Pip:
    """A plan.

    Raises:
        NotFound: no such plan.
    """
    pip = await queries.pip(session, pip_id)
    if pip is None:
        raise NotFound("Il piano non esiste.", field="pip_id")
    return pip


async def vista_di(session: AsyncSession, pip: Pip) -> PipVisto:
    """A plan with its services, its draft, the movements of its Dote and its steps."""
    return PipVisto(
        **riga_di(pip).model_dump(),
        motivo_chiusura=pip.motivo_chiusura,
        servizi=[ServizioVisto.model_validate(riga) for riga in await queries.servizi(session, [pip.pip_id])],
        sospensioni=[
            SospensioneVista.model_validate(riga)
            for riga in (await queries_sospensioni.sospensioni(session, [pip.pip_id])).get(pip.pip_id, [])
        ],
        bozza=await _bozza(session, pip),
        dote=[
            MovimentoVisto(
                causale=riga.causale,
                servizi=riga.servizi_cent,
                indennita=riga.indennita_cent,
                avvenuto_il=riga.avvenuto_il,
            )
            for riga in await queries.movimenti(session, pip.pip_id)
        ],
        passaggi=[PassaggioVisto.model_validate(riga) for riga in await queries.passaggi(session, pip.pip_id)],
    )


async def _bozza(session: AsyncSession, pip: Pip) -> BozzaVista | None:
    bozza = await queries.bozza(session, pip.pip_id)
    if bozza is None:
        return None
    corpo = PianoCorpo.model_validate(bozza.piano)
    piano = corpo.piano()
    regole = await regole_di(session, pip.misura_id, pip.misura_numero)
    tetto = await queries.tetto(session, pip.persona_id, pip.misura_id)
    preventivo = await preventivo_di(session, pip, piano, regole, tetto)
    testo = testo_di(pip, piano, preventivo)
    precedente = await queries.versione(session, pip.pip_id, pip.numero)
    return BozzaVista(
        numero=pip.numero + 1,
        piano=corpo,
        servizi=preventivo.servizi_cent,
        indennita=preventivo.indennita_cent,
        testo=testo,
        testo_sha256=regole_pip.impronta(testo),
        differenze=[]
        if precedente is None
        else list(regole_pip.differenze(PianoCorpo.model_validate(precedente.piano).piano(), piano)),
    )


async def leggi_versione(session: AsyncSession, pip_id: UUID, numero: int) -> VersioneVista:
    """A signed version with its signatures and what changed from the one before.

    Raises:
        NotFound: no such version.
    """
    versione = await queries.versione(session, pip_id, numero)
    if versione is None:
        raise NotFound(f"Il piano non ha la versione {numero}.")
    corpo = PianoCorpo.model_validate(versione.piano)
    prima = await queries.versione(session, pip_id, numero - 1)
    return VersioneVista(
        numero=versione.numero,
        misura_numero=versione.misura_numero,
        piano=corpo,
        servizi=versione.servizi_cent,
        indennita=versione.indennita_cent,
        testo=versione.testo,
        testo_sha256=versione.testo_sha256,
        firmata_il=versione.firmata_il,
        firme=[FirmaVista.model_validate(firma) for firma in await queries.firme(session, pip_id, numero)],
        differenze=[]
        if prima is None
        else list(regole_pip.differenze(PianoCorpo.model_validate(prima.piano).piano(), corpo.piano())),
    )


async def percorsi_della_persona(session: AsyncSession, persona_id: UUID) -> Percorsi:
    """The plans of a person, as the person sees them."""
    attuale = await queries_persone.persona_attuale(session, persona_id)
    piani = await queries.piani_della_persona(session, await queries_persone.stesse_persone(session, attuale))
    identita = [pip.pip_id for pip in piani]
    versate = await queries_indennita.quota_versata(session, identita)
    previsti: dict[UUID, int] = {}
    validati: dict[UUID, int] = {}
    for riga in await queries.servizi(session, identita):
        previsti[riga.pip_id] = previsti.get(riga.pip_id, 0) + riga.previsti_minuti
        validati[riga.pip_id] = validati.get(riga.pip_id, 0) + riga.validati_minuti
    return Percorsi(
        items=[
            PercorsoVisto(
                pip_id=pip.pip_id,
                progetto_id=pip.progetto_id,
                misura_codice=pip.misura_codice,
                stato=pip.stato.value,
                inizio=pip.inizio,
                fine=pip.fine,
                minuti_previsti=previsti.get(pip.pip_id, 0),
                minuti_validati=validati.get(pip.pip_id, 0),
                maturato=pip.maturato_cent,
                liquidato=pip.liquidato_cent,
                quota_morosita=versate.get(pip.pip_id, 0),
            )
            for pip in piani
        ]
    )
