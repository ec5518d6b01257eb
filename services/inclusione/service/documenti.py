"""Documents of a plan: what they say is gathered here, the name comes from laboratori and goes no further."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from chassis.peers import Anagrafica
from services.inclusione.documents.piano import Intestatario, PianoFirmato, RigaFirma, RigaRequisito, RigaServizio
from services.inclusione.models import Pip
from services.inclusione.queries import iscrizione as queries_iscrizione
from services.inclusione.queries import misura as queries_misura
from services.inclusione.queries import pip as queries
from services.inclusione.rules import pip as regole_pip
from services.inclusione.rules.misura import RegoleMisura
from services.inclusione.schemas.pip import PianoCorpo
from services.inclusione.service.iscrizione import iscrizione_di
from services.inclusione.service.misura import regole_di
from services.inclusione.service.progetto import progetto_di
from services.inclusione.service.viste import pip_di


async def piano_firmato(session: AsyncSession, pip_id: UUID, numero: int) -> tuple[PianoFirmato, UUID]:
    """A signed version as its documents print it, and the pseudonymous id of the person.

    Raises:
        NotFound: no such plan or version.
    """
    pip = await pip_di(session, pip_id)
    versione = await queries.versione(session, pip_id, numero)
    if versione is None:
        raise NotFound(f"Il piano non ha la versione {numero}.")
    prima = await queries.versione(session, pip_id, numero - 1)
    regole = await regole_di(session, pip.misura_id, versione.misura_numero)
    piano = PianoCorpo.model_validate(versione.piano).piano()
    progetto = await progetto_di(session, pip.progetto_id)
    misura = await queries_misura.misura(session, pip.misura_codice)
    iscrizione = await iscrizione_di(session, pip.iscrizione_id)
    firmato = PianoFirmato(
        pip=str(pip_id),
        numero=numero,
        misura=pip.misura_codice,
        titolo_misura=misura.titolo if misura is not None else pip.misura_codice,
        misura_numero=versione.misura_numero,
        progetto=f"{progetto.titolo} ({progetto.codice})",
        ente=pip.ente,
        fascia=pip.fascia,
        inizio=piano.inizio,
        fine=piano.fine,
        servizi=_servizi(piano, regole),
        servizi_cent=versione.servizi_cent,
        indennita_cent=versione.indennita_cent,
        testo_sha256=versione.testo_sha256,
        firme=[
            RigaFirma(firma.chi, firma.metodo.value, firma.firmata_il)
            for firma in await queries.firme(session, pip_id, numero)
        ],
        differenze=[]
        if prima is None
        else list(regole_pip.differenze(PianoCorpo.model_validate(prima.piano).piano(), piano)),
        requisiti=await _requisiti(session, pip, regole),
        quota_patto=str(regole.quota_patto),
        esito=iscrizione.esito.value.replace("_", " "),
    )
    return firmato, pip.persona_id


def _servizi(piano: regole_pip.Piano, regole: RegoleMisura) -> list[RigaServizio]:
    righe = []
    for pianificato in piano.servizi:
        servizio = regole.servizio(pianificato.servizio)
        assert servizio is not None  # a signed version holds only services of its measure's version
        righe.append(
            RigaServizio(
                servizio.codice, servizio.nome, servizio.livello.value, pianificato.minuti, servizio.da_indennita
            )
        )
    return righe


async def _requisiti(session: AsyncSession, pip: Pip, regole: RegoleMisura) -> list[RigaRequisito]:
    date = {riga.requisito: riga for riga in await queries_iscrizione.risposte(session, pip.iscrizione_id)}
    righe = []
    for requisito in regole.requisiti:
        riga = date.get(requisito.codice)
        risposta = "da verificare" if riga is None else riga.risposta.value.replace("_", " ")
        prova = "-" if riga is None or riga.prova is None else riga.prova.value.replace("_", " ")
        righe.append(RigaRequisito(requisito.testo, risposta, prova))
    return righe


def intestatario_di(persona_id: UUID, anagrafiche: dict[UUID, Anagrafica]) -> Intestatario:
    """Whose name a document prints; the pseudonymous id for whoever was erased."""
    anagrafica = anagrafiche.get(persona_id)
    if anagrafica is None:
        return Intestatario(f"persona {persona_id}", None, None)
    return Intestatario(anagrafica.per_esteso, anagrafica.data_nascita, anagrafica.codice_fiscale)
