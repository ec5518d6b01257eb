"""Pacts of people and of groups: the share of what is received that goes to the arrears."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import Invalid, NotFound
from chassis.ids import uuid7
from chassis.italian import ROMA
from chassis.ruoli import Ruolo
from chassis.tokens import Principal
from services.inclusione.models import Iscrizione, Patto, PattoGruppo
from services.inclusione.queries import patti as queries
from services.inclusione.queries import persone as queries_persone
from services.inclusione.rules import indennita as regole_indennita
from services.inclusione.rules import patti as regole_patti
from services.inclusione.rules.indennita import NucleoSconosciuto, PattoGiaAttivo, PattoNonValido, StatoPatto
from services.inclusione.rules.misura import Quota
from services.inclusione.rules.patti import GruppoDiAltroProgetto
from services.inclusione.schemas.misura import leggi_quota
from services.inclusione.schemas.patti import (
    Certificazione,
    GruppoNuovo,
    GruppoVisto,
    PattoNuovo,
    PattoVisto,
)
from services.inclusione.service.iscrizione import iscrizione_di
from services.inclusione.service.misura import regole_di
from services.inclusione.service.progetto import progetto_di
from services.inclusione.service.viste import pip_di


async def iscrizione_del_patto(session: AsyncSession, corpo: PattoNuovo) -> Iscrizione:
    """The enrolment a pact rests on, named itself or by its plan.

    Raises:
        Invalid: both are named, or none.
        NotFound: no such plan or enrolment.
    """
    if (corpo.pip_id is None) == (corpo.iscrizione_id is None):
        raise Invalid(
            "Un patto e' di un piano oppure di un'iscrizione.", field="pip_id", remedy="Indicare uno solo dei due."
        )
    if corpo.iscrizione_id is not None:
        return await iscrizione_di(session, corpo.iscrizione_id)
    assert corpo.pip_id is not None
    return await iscrizione_di(session, (await pip_di(session, corpo.pip_id)).iscrizione_id)


async def firma_patto(session: AsyncSession, corpo: PattoNuovo, *, principal: Principal, now: datetime) -> PattoVisto:
    """Signs a pact: from now on a share of what the person receives goes to the household's arrears.

    Raises:
        Invalid, NotFound: no plan or enrolment is named, or it does not exist.
        PattoNonValido: the share is not between nothing and everything, or the certification is of a future day.
        CertificazioneRiservata: whoever is not the officer of the lead certifies the arrears.
        GruppoDiAltroProgetto: the group is of another project, or over.
        NucleoSconosciuto: no household of the person is known today.
        PattoGiaAttivo: the person has an active pact in the project.

    Source: DOMAIN part inclusione (Patti; "only to arrears certified as incolpevole, by whom, when").
    """
    iscrizione = await iscrizione_del_patto(session, corpo)
    progetto = await progetto_di(session, iscrizione.progetto_id)
    regole_patti.verifica_certificante(
        certifica=corpo.incolpevole is not None,
        del_capofila=principal.has(Ruolo.FUNZIONARIO_COMUNE) and principal.ente == progetto.capofila,
    )
    regole = await regole_di(session, iscrizione.misura_id, iscrizione.misura_numero)
    gruppo = await _gruppo_aperto(session, corpo.gruppo_id, iscrizione.progetto_id)
    quota = leggi_quota(corpo.quota) if corpo.quota else _quota_di(gruppo) or regole.quota_patto
    regole_indennita.verifica_quota(quota)
    regole_patti.verifica_impegni(corpo.impegni)
    oggi = now.astimezone(ROMA).date()
    _verifica_certificazione(corpo.incolpevole, oggi)
    attuale = await queries_persone.persona_attuale(session, iscrizione.persona_id)
    nucleo_id = await queries_persone.nucleo_del(session, await queries_persone.stesse_persone(session, attuale), oggi)
    if nucleo_id is None:
        raise NucleoSconosciuto(
            "Il nucleo della persona non e' ancora noto: il patto riguarda la morosita' del nucleo.",
            remedy="Registrare il nucleo presso il laboratorio e riprovare fra poco.",
        )
    patto = Patto(
        patto_id=uuid7(),
        versione=1,
        persona_id=iscrizione.persona_id,
        nucleo_id=nucleo_id,
        progetto_id=iscrizione.progetto_id,
        gruppo_id=corpo.gruppo_id,
        ente=iscrizione.ente,
        impegni=list(corpo.impegni) or (list(gruppo.impegni) if gruppo else []),
        quota_numeratore=quota.numeratore,
        quota_denominatore=quota.denominatore,
        metodo=corpo.metodo,
        stato=StatoPatto.ATTIVO,
        incolpevole_certificata_da=corpo.incolpevole.da if corpo.incolpevole else None,
        incolpevole_certificata_il=corpo.incolpevole.il if corpo.incolpevole else None,
        firmato_da=principal.subject,
        firmato_il=now,
    )
    if not await queries.aggiungi_patto(session, patto):
        raise PattoGiaAttivo(
            "La persona ha gia' un patto attivo in questo progetto.", remedy="Far cessare prima quel patto."
        )
    return vista_del_patto(patto)


async def _gruppo_aperto(session: AsyncSession, gruppo_id: UUID | None, progetto_id: UUID) -> PattoGruppo | None:
    if gruppo_id is None:
        return None
    gruppo = await _gruppo(session, gruppo_id, blocca=True)
    if gruppo.progetto_id != progetto_id or gruppo.stato is not StatoPatto.ATTIVO:
        raise GruppoDiAltroProgetto(
            "Il patto di gruppo e' di un altro progetto, oppure e' cessato.",
            field="gruppo_id",
            remedy="Scegliere un gruppo attivo del progetto della persona.",
        )
    return gruppo


def _quota_di(gruppo: PattoGruppo | None) -> Quota | None:
    return None if gruppo is None else Quota(gruppo.quota_numeratore, gruppo.quota_denominatore)


def _verifica_certificazione(certificazione: Certificazione | None, oggi: date) -> None:
    if certificazione is not None and certificazione.il > oggi:
        raise PattoNonValido(
            "La certificazione porta una data futura.", field="incolpevole", remedy="Correggere la data."
        )


async def certifica_patto(session: AsyncSession, patto_id: UUID, corpo: Certificazione, *, now: datetime) -> PattoVisto:
    """Writes who certified that a pact's arrears are blameless, and when: later payments give their share.

    Raises:
        NotFound: no such pact.
        PattoNonValido: the certification is of a future day, or the pact is over.
    """
    patto = await queries.patto(session, patto_id, blocca=True)
    if patto is None:
        raise _assente()
    _verifica_certificazione(corpo, now.astimezone(ROMA).date())
    if patto.stato is not StatoPatto.ATTIVO:
        raise PattoNonValido("Il patto e' cessato.", field="patto_id", remedy="Firmare un patto nuovo.")
    patto.incolpevole_certificata_da, patto.incolpevole_certificata_il = corpo.da, corpo.il
    patto.versione += 1
    await session.flush()
    return vista_del_patto(patto)


async def cessa_patto(session: AsyncSession, patto_id: UUID, *, now: datetime) -> PattoVisto:
    """Ends a pact: later payments go whole to the person; twice is once.

    Raises:
        NotFound: no such pact.
    """
    patto = await queries.patto(session, patto_id, blocca=True)
    if patto is None:
        raise _assente()
    if patto.stato is StatoPatto.ATTIVO:
        patto.stato, patto.cessato_il = StatoPatto.CESSATO, now
        patto.versione += 1
        await session.flush()
    return vista_del_patto(patto)


async def leggi_patto(session: AsyncSession, patto_id: UUID) -> PattoVisto:
    """A pact and what it gave so far.

    Raises:
        NotFound: no such pact.
    """
    patto = await queries.patto(session, patto_id)
    if patto is None:
        raise _assente()
    return vista_del_patto(patto)


async def elenca_patti(
    session: AsyncSession, progetto_id: UUID, *, ente: str | None, gruppo_id: UUID | None, dopo: UUID | None, limit: int
) -> Sequence[PattoVisto]:
    """The pacts of a project, of one operator or one group if asked."""
    righe = await queries.patti(session, progetto_id, ente=ente, gruppo_id=gruppo_id, dopo=dopo, limit=limit)
    return [vista_del_patto(patto) for patto in righe]


def _assente() -> NotFound:
    return NotFound("Il patto non esiste.", field="patto_id")


def vista_del_patto(patto: Patto) -> PattoVisto:
    """A pact as it is shown."""
    certificata = patto.incolpevole_certificata_da is not None and patto.incolpevole_certificata_il is not None
    return PattoVisto(
        patto_id=patto.patto_id,
        versione=patto.versione,
        persona_id=patto.persona_id,
        nucleo_id=patto.nucleo_id,
        progetto_id=patto.progetto_id,
        gruppo_id=patto.gruppo_id,
        ente=patto.ente,
        impegni=patto.impegni,
        quota=str(Quota(patto.quota_numeratore, patto.quota_denominatore)),
        stato=patto.stato,
        incolpevole=Certificazione.model_validate(
            {"da": patto.incolpevole_certificata_da, "il": patto.incolpevole_certificata_il}
        )
        if certificata
        else None,
        lordo=patto.lordo_cent,
        versato=patto.versato_cent,
        firmato_il=patto.firmato_il,
        cessato_il=patto.cessato_il,
    )


async def apri_gruppo(
    session: AsyncSession, progetto_id: UUID, corpo: GruppoNuovo, *, ente: str, autore: str, now: datetime
) -> GruppoVisto:
    """Opens a group pact; people join it by signing a pact of their own.

    Raises:
        NotFound: no such project here.
        PattoNonValido, ImpegniRipetuti: see the rules.
    """
    await progetto_di(session, progetto_id)
    quota = leggi_quota(corpo.quota)
    regole_indennita.verifica_quota(quota)
    regole_patti.verifica_impegni(corpo.impegni)
    gruppo = PattoGruppo(
        gruppo_id=uuid7(),
        versione=1,
        progetto_id=progetto_id,
        ente=ente,
        titolo=corpo.titolo,
        impegni=list(corpo.impegni),
        quota_numeratore=quota.numeratore,
        quota_denominatore=quota.denominatore,
        stato=StatoPatto.ATTIVO,
        aperto_da=autore,
        aperto_il=now,
    )
    session.add(gruppo)
    await session.flush()
    return await _vista_del_gruppo(session, gruppo)


async def cessa_gruppo(session: AsyncSession, gruppo_id: UUID, *, now: datetime) -> GruppoVisto:
    """Ends a group pact: nobody joins it any more, the pacts signed under it go on; twice is once.

    Raises:
        NotFound: no such group pact.
    """
    gruppo = await _gruppo(session, gruppo_id, blocca=True)
    if gruppo.stato is StatoPatto.ATTIVO:
        gruppo.stato, gruppo.cessato_il = StatoPatto.CESSATO, now
        gruppo.versione += 1
        await session.flush()
    return await _vista_del_gruppo(session, gruppo)


async def leggi_gruppo(session: AsyncSession, gruppo_id: UUID) -> GruppoVisto:
    """A group pact and how many joined it.

    Raises:
        NotFound: no such group pact.
    """
    return await _vista_del_gruppo(session, await _gruppo(session, gruppo_id))


async def _gruppo(session: AsyncSession, gruppo_id: UUID, *, blocca: bool = False) -> PattoGruppo:
    gruppo = await queries.gruppo(session, gruppo_id, blocca=blocca)
    if gruppo is None:
        raise NotFound("Il patto di gruppo non esiste.", field="gruppo_id")
    return gruppo


async def _vista_del_gruppo(session: AsyncSession, gruppo: PattoGruppo) -> GruppoVisto:
    return GruppoVisto(
        gruppo_id=gruppo.gruppo_id,
        versione=gruppo.versione,
        progetto_id=gruppo.progetto_id,
        ente=gruppo.ente,
        titolo=gruppo.titolo,
        impegni=gruppo.impegni,
        quota=str(Quota(gruppo.quota_numeratore, gruppo.quota_denominatore)),
        stato=gruppo.stato,
        aderenti=await queries.aderenti(session, gruppo.gruppo_id),
        aperto_il=gruppo.aperto_il,
        cessato_il=gruppo.cessato_il,
    )
