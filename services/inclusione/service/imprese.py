"""The path to a business of one's own: accompaniment, milestones, end."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import Invalid, NotFound
from chassis.ids import uuid7
from chassis.italian import ROMA
from services.inclusione.models import Impresa, ImpresaTraguardo
from services.inclusione.queries import pip as queries_pip
from services.inclusione.queries import risultato as queries
from services.inclusione.rules import tirocinio as regole_tirocinio
from services.inclusione.rules.misura import TipoServizio
from services.inclusione.rules.ore import PipNonAttivo
from services.inclusione.rules.stati import StatoPip
from services.inclusione.rules.tirocinio import ImpresaGiaAvviata, StatoTirocinio, TraguardoGiaRaggiunto
from services.inclusione.schemas.risultato import ImpresaNuova, ImpresaVista, TraguardoNuovo, TraguardoVisto
from services.inclusione.service.misura import regole_di
from services.inclusione.service.viste import pip_di


async def avvia_impresa(session: AsyncSession, corpo: ImpresaNuova, *, now: datetime) -> ImpresaVista:
    """Starts the accompaniment of the person of a plan to a business of their own.

    Raises:
        NotFound: no such plan.
        PipNonAttivo: the plan is not under way.
        ImpresaGiaAvviata: the plan has a path under way.
    """
    pip = await pip_di(session, corpo.pip_id)
    if pip.stato is not StatoPip.ATTIVO:
        raise PipNonAttivo(
            f"Il piano e' {pip.stato.value}: un percorso di impresa comincia su un piano attivo.", field="pip_id"
        )
    impresa = Impresa(
        impresa_id=uuid7(),
        versione=1,
        pip_id=pip.pip_id,
        persona_id=pip.persona_id,
        progetto_id=pip.progetto_id,
        dal=corpo.dal,
        mesi=corpo.mesi,
        stato=StatoTirocinio.ATTIVO,
        avviata_il=now,
    )
    if not await queries.aggiungi_impresa(session, impresa):
        raise ImpresaGiaAvviata(
            "Il piano ha gia' un percorso di impresa attivo.", field="pip_id", remedy="Continuare quel percorso."
        )
    return await vista_dell_impresa(session, impresa)


async def impresa_di(session: AsyncSession, impresa_id: UUID, *, blocca: bool = False) -> Impresa:
    """An enterprise path, under its lock if asked.

    Raises:
        NotFound: no such path.
    """
    impresa = await queries.impresa(session, impresa_id, blocca=blocca)
    if impresa is None:
        raise NotFound("Il percorso di impresa non esiste.", field="impresa_id")
    return impresa


async def raggiunge_traguardo(
    session: AsyncSession, impresa_id: UUID, corpo: TraguardoNuovo, *, autore: str, now: datetime
) -> ImpresaVista:
    """Writes down a milestone met.

    Raises:
        NotFound: no such path.
        StatoTirocinioNonAmmesso: the path is over.
        Invalid: the day is after today or before the path.
        TraguardoGiaRaggiunto: it was written already.
    """
    impresa = await impresa_di(session, impresa_id, blocca=True)
    regole_tirocinio.verifica_passo_tirocinio(impresa.stato, StatoTirocinio.CONCLUSO)
    if not impresa.dal <= corpo.raggiunto_il <= now.astimezone(ROMA).date():
        raise Invalid(
            "Il giorno del traguardo e' dopo oggi, oppure prima dell'inizio del percorso.", field="raggiunto_il"
        )
    traguardo = ImpresaTraguardo(
        impresa_id=impresa_id,
        traguardo=corpo.traguardo,
        raggiunto_il=corpo.raggiunto_il,
        registrato_da=autore,
        registrato_il=now,
    )
    if not await queries.aggiungi_traguardo(session, traguardo):
        raise TraguardoGiaRaggiunto("Il traguardo e' gia' registrato.", field="traguardo")
    impresa.versione += 1
    await session.flush()
    return await vista_dell_impresa(session, impresa)


async def finisce_impresa(
    session: AsyncSession, impresa_id: UUID, stato: StatoTirocinio, *, motivo: str, now: datetime
) -> ImpresaVista:
    """Ends an enterprise path.

    Raises:
        NotFound: no such path.
        StatoTirocinioNonAmmesso: it is over.
    """
    impresa = await impresa_di(session, impresa_id, blocca=True)
    regole_tirocinio.verifica_passo_tirocinio(impresa.stato, stato)
    impresa.stato, impresa.finita_il, impresa.motivo = stato, now, motivo
    impresa.versione += 1
    await session.flush()
    return await vista_dell_impresa(session, impresa)


async def vista_dell_impresa(session: AsyncSession, impresa: Impresa) -> ImpresaVista:
    """An enterprise path with its milestones and the accompaniment really given: validated hours of its services."""
    pip = await pip_di(session, impresa.pip_id)
    regole = await regole_di(session, pip.misura_id, pip.misura_numero)
    di_impresa = {servizio.codice for servizio in regole.servizi if servizio.tipo is TipoServizio.IMPRESA}
    return ImpresaVista(
        impresa_id=impresa.impresa_id,
        versione=impresa.versione,
        pip_id=impresa.pip_id,
        persona_id=impresa.persona_id,
        progetto_id=impresa.progetto_id,
        dal=impresa.dal,
        mesi=impresa.mesi,
        stato=impresa.stato,
        minuti_accompagnamento=sum(
            riga.validati_minuti
            for riga in await queries_pip.servizi(session, [pip.pip_id])
            if riga.servizio_codice in di_impresa
        ),
        traguardi=[
            TraguardoVisto.model_validate(riga) for riga in await queries.traguardi(session, impresa.impresa_id)
        ],
        motivo=impresa.motivo,
        avviata_il=impresa.avviata_il,
        finita_il=impresa.finita_il,
    )
