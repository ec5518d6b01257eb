"""Plans: drafted, signed, started, revised, closed; the signature reserves the Dote in the same transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from chassis.ids import uuid7
from chassis.italian import ROMA
from chassis.outbox import emit
from services.inclusione.events import PipAttivato, PipConcluso, PipRinunciato
from services.inclusione.models import (
    DoteMovimento,
    Iscrizione,
    Pip,
    PipBozza,
    PipFirma,
    PipPassaggio,
    PipServizio,
    PipVersione,
    TettoPersona,
)
from services.inclusione.queries import iscrizione as queries_iscrizione
from services.inclusione.queries import ore as queries_ore
from services.inclusione.queries import persone as queries_persone
from services.inclusione.queries import pip as queries
from services.inclusione.queries import progetto as queries_progetto
from services.inclusione.queries import sospensioni as queries_sospensioni
from services.inclusione.rules import dote
from services.inclusione.rules import pip as regole_pip
from services.inclusione.rules.conformita import verifica_aumento
from services.inclusione.rules.dote import Causale, LineaChiusa
from services.inclusione.rules.iscrizione import verifica_idoneita
from services.inclusione.rules.misura import RegoleMisura
from services.inclusione.rules.ore import OreInSospeso
from services.inclusione.rules.pip import NessunaBozza, Piano, Preventivo
from services.inclusione.rules.stati import StatoPip, verifica_transizione
from services.inclusione.schemas.pip import FirmeNuove, PianoCorpo
from services.inclusione.service.conformita import valuta_percorso
from services.inclusione.service.iscrizione import rivaluta_persona
from services.inclusione.service.misura import regole_di
from services.inclusione.service.progetto import progetto_di, regola

CAUSALI = {
    StatoPip.CONCLUSO: Causale.CONCLUSIONE,
    StatoPip.RINUNCIATO: Causale.RINUNCIA,
    StatoPip.DECADUTO: Causale.DECADENZA,
}


def annota(session: AsyncSession, pip: Pip, *, autore: str, motivo: str | None, now: datetime) -> None:
    """Writes down a step in the life of a plan."""
    session.add(
        PipPassaggio(
            pip_id=pip.pip_id, versione=pip.versione, stato=pip.stato, autore=autore, motivo=motivo, avvenuto_il=now
        )
    )


async def verifica(
    session: AsyncSession, iscrizione: Iscrizione, regole: RegoleMisura, piano: Piano, *, pip_id: UUID | None = None
) -> None:
    """Refuses a plan outside its measure, the levels the person was selected for, or the dates of its project.

    The hours of a level are those of the path: what earlier plans of the enrolment gave counts.

    Args:
        pip_id: the plan, when it is revised: the days it stood still do not count in its length.
    """
    ammissioni = await queries_iscrizione.ammissioni(session, iscrizione.iscrizione_id)
    sospesi = 0 if pip_id is None else await queries_sospensioni.giorni_sospesi(session, pip_id)
    altri = await queries.validati_da_altri(session, iscrizione.iscrizione_id, pip_id)
    regole_pip.verifica_piano(piano, regole, ammissioni=ammissioni, sospesi=sospesi, altri=altri)
    progetto = await progetto_di(session, iscrizione.progetto_id)
    regole_pip.verifica_date_progetto(piano, inizio=progetto.inizio, fine=progetto.fine)


async def bozza_di(session: AsyncSession, pip_id: UUID) -> tuple[Pip, PipBozza]:
    """A plan under its lock, with its draft.

    Raises:
        NotFound: no such plan.
        NessunaBozza: nothing to edit or sign.
    """
    pip = await blocca(session, pip_id)
    bozza = await queries.bozza(session, pip_id)
    if bozza is None:
        raise NessunaBozza(
            "Il piano non ha una bozza aperta.", remedy="Aprire una revisione per cambiare un piano firmato."
        )
    return pip, bozza


async def blocca(session: AsyncSession, pip_id: UUID) -> Pip:
    """A plan under its lock.

    Raises:
        NotFound: no such plan.
    """
    pip = await queries.blocca_pip(session, pip_id)
    if pip is None:
        raise NotFound("Il piano non esiste.", field="pip_id")
    return pip


async def preventivo_di(
    session: AsyncSession, pip: Pip, piano: Piano, regole: RegoleMisura, tetto: TettoPersona | None
) -> Preventivo:
    """What a version of a plan must be able to pay, with what the person may still have now."""
    attuale = await queries_persone.persona_attuale(session, pip.persona_id)
    stesse = await queries_persone.stesse_persone(session, attuale)
    altrove = await queries.riservato_altrove(session, stesse, pip.misura_id, pip.persona_id)
    gia = tetto.riservato_cent if tetto is not None else 0
    residuo = regole.massimale_persona_cent - altrove - gia + pip.riservato_indennita_cent
    usato = max(pip.maturato_cent, pip.liquidato_cent)
    preventivo = regole_pip.calcola_preventivo(
        piano,
        regole,
        residuo_persona_cent=residuo,
        usato_cent=usato,
        massimale_cent=pip.massimale_percorso_cent,
        altri_cent=await queries.tenuto_da_altri(session, pip.iscrizione_id, pip.pip_id),
    )
    return replace(preventivo, servizi_cent=max(preventivo.servizi_cent, pip.rimborsato_cent))


def testo_di(pip: Pip, piano: Piano, preventivo: Preventivo) -> str:
    """The text of the next version of a plan."""
    return regole_pip.componi_testo(
        pip=str(pip.pip_id),
        numero=pip.numero + 1,
        persona=str(pip.persona_id),
        misura=pip.misura_codice,
        misura_numero=pip.misura_numero,
        piano=piano,
        preventivo=preventivo,
    )


async def firma_pip(session: AsyncSession, pip_id: UUID, corpo: FirmeNuove, *, autore: str, now: datetime) -> Pip:
    """Signs the draft: freezes it, reserves the Dote (or the difference), starts the plan if its day has come.

    All in one transaction: either the version is signed and its money held, or nothing happened.

    Raises:
        NotFound: no such plan.
        NessunaBozza: nothing to sign.
        TransizioneNonAmmessa: the plan is closed.
        IscrizioneNonIdonea: the enrolment is not suitable now.
        PercorsoNonConforme: a revision takes more while a requirement to be kept is not.
        FirmaSuAltroTesto: the signed hash is not that of the draft as it is now.
        RevisioneSottoIlFatto: the new version would leave out registered hours.
        LineaChiusa, LineaEsaurita: the money is not there.
        PianoNonValido and the other refusals of a plan.

    Source: DOMAIN part inclusione (Dote: reserves the project's line when the PIP is signed).
    """
    letto = await queries.pip(session, pip_id)
    if letto is None:
        raise NotFound("Il piano non esiste.", field="pip_id")
    await queries_persone.blocca_persona(session, await queries_persone.persona_attuale(session, letto.persona_id))
    iscrizione = await queries_iscrizione.iscrizione(session, letto.iscrizione_id, blocca=True)
    assert iscrizione is not None
    pip, bozza = await bozza_di(session, pip_id)
    if pip.stato is StatoPip.BOZZA:
        verifica_transizione(pip.stato, StatoPip.FIRMATO)
    verifica_idoneita(iscrizione.esito)
    regole = await regole_di(session, pip.misura_id, pip.misura_numero)
    piano = PianoCorpo.model_validate(bozza.piano).piano()
    await verifica(session, iscrizione, regole, piano, pip_id=pip_id)
    servizi = {riga.servizio_codice: riga for riga in await queries.servizi(session, [pip_id])}
    regole_pip.verifica_revisione(
        piano,
        {codice: riga.registrati_minuti for codice, riga in servizi.items() if riga.registrati_minuti},
        await queries_ore.giorni_con_ore(session, pip_id),
    )
    tetto = await blocca_tetto(session, pip, regole)
    preventivo = await preventivo_di(session, pip, piano, regole, tetto)
    testo = testo_di(pip, piano, preventivo)
    regole_pip.verifica_firma(testo, corpo.testo_sha256)
    if pip.numero > 0:
        in_piu = preventivo.totale_cent - pip.riservato_servizi_cent - pip.riservato_indennita_cent
        verifica_aumento((await valuta_percorso(session, iscrizione)).esito, in_piu_cent=in_piu)
    causale = Causale.FIRMA if pip.numero == 0 else Causale.REVISIONE
    pip.numero += 1
    pip.inizio, pip.fine = piano.inizio, piano.fine
    session.add(
        PipVersione(
            pip_id=pip_id,
            numero=pip.numero,
            misura_numero=pip.misura_numero,
            piano=bozza.piano,
            servizi_cent=preventivo.servizi_cent,
            indennita_cent=preventivo.indennita_cent,
            testo=testo,
            testo_sha256=corpo.testo_sha256,
            firmata_il=now,
        )
    )
    for chi, firma in (("persona", corpo.persona), ("operatore", corpo.operatore)):
        session.add(
            PipFirma(
                pip_id=pip_id,
                numero=pip.numero,
                chi=chi,
                metodo=firma.metodo,
                testo_sha256=corpo.testo_sha256,
                raccolta_da=autore,
                firmata_il=now,
            )
        )
    _aggiorna_servizi(session, pip, piano, servizi)
    await session.delete(bozza)
    pip.versione += 1
    if pip.stato is StatoPip.BOZZA:
        pip.stato = StatoPip.FIRMATO
    annota(session, pip, autore=autore, motivo=f"firma della versione {pip.numero}", now=now)
    if pip.stato is StatoPip.FIRMATO and piano.inizio <= now.astimezone(ROMA).date():
        await attiva(session, pip, autore=autore, now=now)
    if causale is Causale.FIRMA:
        await rivaluta_persona(session, pip.persona_id, causa="altra_politica", now=now, esclusa=pip.iscrizione_id)
    await sposta_dote(session, pip, tetto, preventivo, causale=causale, now=now)
    return pip


def _aggiorna_servizi(session: AsyncSession, pip: Pip, piano: Piano, servizi: dict[str, PipServizio]) -> None:
    previsti = {servizio.servizio: servizio.minuti for servizio in piano.servizi}
    for codice in previsti.keys() | servizi.keys():
        riga = servizi.get(codice)
        if riga is None:
            session.add(PipServizio(pip_id=pip.pip_id, servizio_codice=codice, previsti_minuti=previsti[codice]))
        else:
            riga.previsti_minuti = previsti.get(codice, 0)


async def blocca_tetto(session: AsyncSession, pip: Pip, regole: RegoleMisura) -> TettoPersona:
    """The person's cap in the measure, under its lock."""
    tetti = await queries.blocca_tetti(session, [(pip.persona_id, pip.misura_id, regole.massimale_persona_cent)])
    return tetti[pip.persona_id, pip.misura_id]


async def sposta_dote(
    session: AsyncSession, pip: Pip, tetto: TettoPersona, nuova: Preventivo, *, causale: Causale, now: datetime
) -> None:
    """Makes the plan hold exactly `nuova`, taking the difference from its line or giving it back.

    Everything else is written first: the line is the hottest lock, held only from here to the commit.
    """
    servizi = nuova.servizi_cent - pip.riservato_servizi_cent
    indennita = nuova.indennita_cent - pip.riservato_indennita_cent
    if servizi == 0 and indennita == 0:
        await session.flush()
        return
    tetto.riservato_cent += indennita
    pip.riservato_servizi_cent, pip.riservato_indennita_cent = nuova.servizi_cent, nuova.indennita_cent
    session.add(
        DoteMovimento(
            movimento_id=uuid7(),
            pip_id=pip.pip_id,
            progetto_id=pip.progetto_id,
            causale=causale,
            servizi_cent=servizi,
            indennita_cent=indennita,
            avvenuto_il=now,
        )
    )
    await session.flush()
    linea = await queries_progetto.blocca_linea(session, pip.progetto_id)
    if linea is None:
        raise LineaChiusa("Il progetto non ha una linea di inclusione.", remedy="Verificare il progetto.")
    dopo = dote.prenota(regola(linea), servizi, indennita)
    linea.riservato_servizi_cent = dopo.riservato_servizi_cent
    linea.riservato_indennita_cent = dopo.riservato_indennita_cent
    linea.capienza_cent = dote.capienza(linea.impegnato_cent, dopo.riservato_cent)
    linea.versione += 1
    await session.flush()


async def attiva(session: AsyncSession, pip: Pip, *, autore: str, now: datetime) -> None:
    """Starts a signed plan whose day has come; its lock is held.

    Raises:
        TransizioneNonAmmessa: the plan is not waiting to start.
    """
    verifica_transizione(pip.stato, StatoPip.ATTIVO, atto="attivazione")
    pip.stato, pip.attivato_il = StatoPip.ATTIVO, now
    pip.versione += 1
    annota(session, pip, autore=autore, motivo=None, now=now)
    await emit(session, _evento(PipAttivato, pip, now), now=now)


async def attiva_piani(session: AsyncSession, *, now: datetime) -> None:
    """Starts every signed plan whose first day has come, as many as one transaction should."""
    for pip in await queries.da_attivare(session, now.astimezone(ROMA).date(), 200):
        await attiva(session, pip, autore="orologio", now=now)
    await session.flush()


def _evento(
    tipo: type[PipAttivato] | type[PipConcluso] | type[PipRinunciato], pip: Pip, attivato_il: datetime
) -> PipAttivato | PipConcluso | PipRinunciato:
    return tipo(
        pip_id=pip.pip_id,
        versione=pip.versione,
        iscrizione_id=pip.iscrizione_id,
        persona_id=pip.persona_id,
        progetto_id=pip.progetto_id,
        misura_codice=pip.misura_codice,
        stato=pip.stato,
        attivato_il=attivato_il,
        concluso_il=pip.chiuso_il,
    )


async def chiudi_pip(
    session: AsyncSession, pip_id: UUID, stato: StatoPip, *, motivo: str, autore: str, now: datetime
) -> Pip:
    """Ends a plan (concluso, rinunciato or decaduto) and gives back what it did not use.

    Raises:
        NotFound: no such plan.
        TransizioneNonAmmessa: the plan's state does not allow it.
        OreInSospeso: hours are neither validated nor annulled.

    Source: DOMAIN part inclusione ("what is not used returns").
    """
    letto = await queries.pip(session, pip_id)
    if letto is not None:
        await queries_persone.blocca_persona(session, await queries_persone.persona_attuale(session, letto.persona_id))
    pip = await blocca(session, pip_id)
    verifica_transizione(pip.stato, stato)
    sospese = await queries_ore.in_sospeso(session, pip_id)
    if sospese:
        raise OreInSospeso(
            f"Il piano ha {sospese} ore registrate e non ancora validate.",
            remedy="Validare o annullare quelle ore, poi chiudere il piano.",
        )
    bozza = await queries.bozza(session, pip_id)
    if bozza is not None:
        await session.delete(bozza)
    if pip.stato is StatoPip.SOSPESO:
        await queries_sospensioni.termina(session, pip_id, now.astimezone(ROMA).date(), autore=autore, now=now)
    pip.stato, pip.chiuso_il, pip.motivo_chiusura = stato, now, motivo
    pip.versione += 1
    annota(session, pip, autore=autore, motivo=motivo, now=now)
    if pip.numero > 0:
        if pip.attivato_il is not None:  # whoever never heard of its start does not hear of its end
            tipo = PipRinunciato if stato is StatoPip.RINUNCIATO else PipConcluso
            await emit(session, _evento(tipo, pip, pip.attivato_il), now=now)
        await rivaluta_persona(session, pip.persona_id, causa="altra_politica", now=now, esclusa=pip.iscrizione_id)
        await libera_inutilizzato(session, pip, causale=CAUSALI[stato], now=now)
    await session.flush()
    return pip


async def libera_inutilizzato(session: AsyncSession, pip: Pip, *, causale: Causale, now: datetime) -> None:
    """Lets a closed plan hold only what its validated hours cost, or was already paid for them; its lock is held.

    What was paid and then corrected stays held: nobody has given it back.
    """
    regole = await regole_di(session, pip.misura_id, pip.misura_numero)
    tetto = await blocca_tetto(session, pip, regole)
    usato = Preventivo(max(pip.costo_servizi_cent, pip.rimborsato_cent), max(pip.maturato_cent, pip.liquidato_cent))
    await sposta_dote(session, pip, tetto, usato, causale=causale, now=now)


async def elenca_piani(
    session: AsyncSession,
    *,
    ente: str | None,
    operatore: bool,
    capofila: bool,
    progetto_id: UUID | None,
    stato: StatoPip | None,
    dopo: UUID | None,
    limit: int,
) -> Sequence[Pip]:
    """Plans the caller may see, in id order."""
    return await queries.piani(
        session,
        vede=queries.piani_di(ente, operatore=operatore, capofila=capofila),
        progetto_id=progetto_id,
        stato=stato,
        dopo=dopo,
        limit=limit,
    )
