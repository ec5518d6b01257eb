"""Profiles: the measure's scoring table gives an enrolled person points and a band, and says why."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inclusione.models import ProfiloFatto
from services.inclusione.queries import iscrizione as queries
from services.inclusione.rules.misura import RegoleMisura
from services.inclusione.rules.profilazione import Fascia, ProfilazioneNonPrevista, ProfiloMancante, profila
from services.inclusione.schemas.iscrizione import ProfiloNuovo, ProfiloVisto
from services.inclusione.service.iscrizione import iscrizione_di
from services.inclusione.service.misura import regole_di


async def profila_persona(
    session: AsyncSession, iscrizione_id: UUID, corpo: ProfiloNuovo, *, autore: str, now: datetime
) -> ProfiloVisto:
    """Profiles an enrolled person by the table of the enrolment's version of the measure; earlier profiles stay.

    Raises:
        NotFound: no such enrolment.
        ProfilazioneNonPrevista: the measure has no scoring table.
        ProfiloIncompleto: the answers do not fill the table exactly.
    """
    letta = await iscrizione_di(session, iscrizione_id)
    iscrizione = await queries.iscrizione(session, letta.iscrizione_id, blocca=True)
    assert iscrizione is not None
    regole = await regole_di(session, iscrizione.misura_id, iscrizione.misura_numero)
    if regole.profilazione is None:
        raise ProfilazioneNonPrevista(
            f"La misura {iscrizione.misura_codice} non profila le persone.", remedy="Aprire il piano senza profilo."
        )
    profilo = profila(regole.profilazione, {riga.voce: riga.opzione for riga in corpo.risposte})
    ultimo = await queries.profilo(session, iscrizione_id)
    fatto = ProfiloFatto(
        iscrizione_id=iscrizione_id,
        numero=1 if ultimo is None else ultimo.numero + 1,
        misura_numero=iscrizione.misura_numero,
        punti=profilo.punti,
        fascia=profilo.fascia.codice,
        voci=[
            {
                "voce": voce.voce,
                "testo": voce.testo,
                "opzione": voce.opzione,
                "risposta": voce.risposta,
                "punti": voce.punti,
            }
            for voce in profilo.voci
        ],
        profilata_da=autore,
        profilata_il=now,
    )
    session.add(fatto)
    await session.flush()
    return ProfiloVisto.model_validate(fatto)


async def fascia_di(session: AsyncSession, iscrizione_id: UUID, regole: RegoleMisura) -> Fascia | None:
    """The band an enrolled person is in; None when the measure does not profile.

    Raises:
        ProfiloMancante: the measure profiles and this person was not.
    """
    if regole.profilazione is None:
        return None
    profilo = await queries.profilo(session, iscrizione_id)
    fascia = None if profilo is None else regole.profilazione.fascia(profilo.fascia)
    if fascia is None:
        raise ProfiloMancante(
            "La misura profila le persone prima del piano, e questa non ha ancora un profilo.",
            remedy="Rispondere alla tabella dei punteggi della misura.",
        )
    return fascia
