"""Desk accesses: logged one by one or from a sheet, counted by people and by contacts."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import Refusal
from chassis.ids import uuid7
from services.laboratori.models import Accesso
from services.laboratori.queries import accessi as queries
from services.laboratori.queries import persone as queries_persone
from services.laboratori.rules.accessi import Canale, verifica_accesso
from services.laboratori.rules.calendario import inizio_del_giorno, verifica_periodo
from services.laboratori.rules.laboratori import StatoLaboratorio, verifica_attivo
from services.laboratori.rules.nuclei import ElencoRespinto
from services.laboratori.rules.persone import PersonaDiAltroLaboratorio
from services.laboratori.schemas.accessi import AccessiCreati, AccessiPerCanale, AccessoNuovo, RiepilogoAccessi
from services.laboratori.service.laboratori import trova_laboratorio


async def registra_accessi(
    session: AsyncSession, laboratorio_id: UUID, accessi: Sequence[AccessoNuovo], *, operatore: str, now: datetime
) -> AccessiCreati:
    """Log contacts with the lab: all of them, or none with the defects of each row.

    Args:
        laboratorio_id: the lab.
        accessi: up to 500 contacts.
        operatore: subject of who logs.
        now: platform instant.

    Returns:
        How many were logged.

    Raises:
        NotFound: there is no such lab.
        ElencoRespinto: some rows are in the future, before the set-up or about people of another lab.

    Source: DOMAIN laboratori, accesses; people reached and accesses are different numbers.
    """
    laboratorio = await trova_laboratorio(session, laboratorio_id)
    persone = {accesso.persona_id for accesso in accessi if accesso.persona_id is not None}
    conosciute = await queries_persone.conosciute(session, laboratorio_id, persone)
    errori: list[dict[str, str]] = []
    for numero, accesso in enumerate(accessi):
        try:
            verifica_accesso(accesso.avvenuto_il, now=now)
            verifica_attivo(StatoLaboratorio(laboratorio.stato), laboratorio.chiuso_il, istante=accesso.avvenuto_il)
            if accesso.persona_id is not None and accesso.persona_id not in conosciute:
                raise PersonaDiAltroLaboratorio("La persona non è seguita da questo laboratorio.", field="persona_id")
        except Refusal as refusal:
            if len(accessi) == 1:
                raise
            campo = f"accessi.{numero}" + (f".{refusal.field}" if refusal.field else "")
            errori.append({"campo": campo, "messaggio": refusal.detail})
    if errori:
        raise ElencoRespinto(
            f"{len(errori)} accessi su {len(accessi)} non sono validi: non ne è stato scritto nessuno.",
            remedy="Correggere le righe elencate in errori e ripetere.",
            items=errori,
        )
    session.add_all(
        Accesso(
            accesso_id=uuid7(),
            laboratorio_id=laboratorio_id,
            persona_id=accesso.persona_id,
            canale=accesso.canale.value,
            argomento=accesso.argomento,
            minuti=accesso.minuti,
            avvenuto_il=accesso.avvenuto_il,
            operatore=operatore,
            registrato_il=now,
        )
        for accesso in accessi
    )
    await session.flush()
    return AccessiCreati(registrati=len(accessi))


async def riepiloga_accessi(session: AsyncSession, laboratorio_id: UUID, *, dal: date, al: date) -> RiepilogoAccessi:
    """Count accesses and people reached by a lab between two civil days, both inside.

    Raises:
        PeriodoNonValido: the second day comes before the first.

    Source: programmi.json, MILOLAB: 267 people, 872 accesses.
    """
    verifica_periodo(dal, al)
    conti = await queries.conta(
        session, laboratorio_id, inizio_del_giorno(dal), inizio_del_giorno(al + timedelta(days=1))
    )
    totale, *canali = conti
    return RiepilogoAccessi(
        dal=dal,
        al=al,
        accessi=totale.accessi,
        anonimi=totale.anonimi,
        persone=totale.persone,
        minuti=totale.minuti,
        per_canale=[
            AccessiPerCanale(
                canale=Canale(conto.canale or ""), accessi=conto.accessi, persone=conto.persone, minuti=conto.minuti
            )
            for conto in canali
        ],
    )
