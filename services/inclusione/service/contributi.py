"""Contributions that help a person to start: granted once within the person's cap and the line, paid in a batch."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import Invalid, NotFound
from chassis.ids import uuid7
from services.inclusione.models import Contributo
from services.inclusione.queries import iscrizione as queries_iscrizione
from services.inclusione.queries import patti as queries
from services.inclusione.queries import persone as queries_persone
from services.inclusione.queries import pip as queries_pip
from services.inclusione.queries import progetto as queries_progetto
from services.inclusione.rules import dote
from services.inclusione.rules import patti as regole_patti
from services.inclusione.rules.iscrizione import verifica_idoneita
from services.inclusione.rules.patti import MassimalePersonaSuperato, StatoContributo
from services.inclusione.schemas.patti import ContributoNuovo, ContributoVisto
from services.inclusione.service.iscrizione import iscrizione_di
from services.inclusione.service.misura import regole_di
from services.inclusione.service.progetto import regola


async def concedi_contributo(
    session: AsyncSession, corpo: ContributoNuovo, *, autore: str, now: datetime
) -> ContributoVisto:
    """Grants a contribution: it is held on the line and under the person's cap at once, and paid in a batch.

    Raises:
        NotFound: no such enrolment.
        IscrizioneNonIdonea: the enrolment is not suitable now.
        MassimalePersonaSuperato: with it the person would hold more than one person may.
        LineaChiusa, LineaEsaurita: the money is not there.

    Source: DOMAIN part inclusione ("contributo di attivazione"); counted with the allowance: ADR 0071.
    """
    iscrizione = await queries_iscrizione.iscrizione(session, corpo.iscrizione_id, blocca=True)
    if iscrizione is None:
        raise NotFound("L'iscrizione non esiste.", field="iscrizione_id")
    verifica_idoneita(iscrizione.esito)
    if corpo.importo == 0:
        raise Invalid("Un contributo e' maggiore di zero.", field="importo")
    contributo = Contributo(
        contributo_id=uuid7(),
        versione=1,
        iscrizione_id=iscrizione.iscrizione_id,
        persona_id=iscrizione.persona_id,
        misura_id=iscrizione.misura_id,
        progetto_id=iscrizione.progetto_id,
        ente=iscrizione.ente,
        importo_cent=corpo.importo,
        giorno=corpo.giorno,
        atto=corpo.atto,
        stato=StatoContributo.CONCESSO,
        concesso_da=autore,
        concesso_il=now,
    )
    session.add(contributo)
    await _tieni(session, contributo, iscrizione.misura_numero, corpo.importo)
    return _vista(contributo)


async def _tieni(session: AsyncSession, contributo: Contributo, misura_numero: int, cent: int) -> None:
    """Holds cents of a contribution under the person's cap and on the line, or gives them back."""
    regole = await regole_di(session, contributo.misura_id, misura_numero)
    chiave = (contributo.persona_id, contributo.misura_id)
    tetto = (await queries_pip.blocca_tetti(session, [(*chiave, regole.massimale_persona_cent)]))[chiave]
    attuale = await queries_persone.persona_attuale(session, contributo.persona_id)
    stesse = await queries_persone.stesse_persone(session, attuale)
    altrove = await queries_pip.riservato_altrove(session, stesse, contributo.misura_id, contributo.persona_id)
    if cent > 0 and tetto.riservato_cent + altrove + cent > tetto.tetto_cent:
        raise MassimalePersonaSuperato(
            "Con questo contributo la persona terrebbe piu' del massimale per persona della misura.",
            field="importo",
            remedy="Ridurre il contributo, oppure le ore con indennita' del piano.",
        )
    tetto.riservato_cent += cent
    tetto.maturato_cent += cent
    await session.flush()
    linea = await queries_progetto.blocca_linea(session, contributo.progetto_id)
    if linea is None:
        raise dote.LineaChiusa("Il progetto non ha una linea di inclusione.", remedy="Verificare il progetto.")
    dopo = dote.prenota(regola(linea), 0, cent)
    linea.riservato_indennita_cent = dopo.riservato_indennita_cent
    linea.capienza_cent = dote.capienza(linea.impegnato_cent, dopo.riservato_cent)
    linea.versione += 1
    await session.flush()


async def revoca_contributo(
    session: AsyncSession, contributo_id: UUID, *, motivo: str, now: datetime
) -> ContributoVisto:
    """Takes back a contribution not yet paid: its money returns to the line.

    Raises:
        NotFound: no such contribution.
        ContributoNonRevocabile: it was paid or revoked.
    """
    contributo = await queries.contributo(session, contributo_id, blocca=True)
    if contributo is None:
        raise NotFound("Il contributo non esiste.", field="contributo_id")
    regole_patti.verifica_revoca(contributo.stato)
    contributo.stato, contributo.revocato_il, contributo.motivo = StatoContributo.REVOCATO, now, motivo
    contributo.versione += 1
    iscrizione = await iscrizione_di(session, contributo.iscrizione_id)
    await _tieni(session, contributo, iscrizione.misura_numero, -contributo.importo_cent)
    return _vista(contributo)


async def leggi_contributo(session: AsyncSession, contributo_id: UUID) -> ContributoVisto:
    """A contribution.

    Raises:
        NotFound: no such contribution.
    """
    contributo = await queries.contributo(session, contributo_id)
    if contributo is None:
        raise NotFound("Il contributo non esiste.", field="contributo_id")
    return _vista(contributo)


def _vista(contributo: Contributo) -> ContributoVisto:
    return ContributoVisto.model_validate(contributo.model_dump() | {"importo": contributo.importo_cent})
