"""What a project reports beside its money: works, spaces, dwellings, results, duties."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import uuid7
from chassis.italian import ROMA
from services.bandi.models import Obbligo, ProspettoAlloggi, RisultatoIndicatore, Spazio, StatoLavori
from services.bandi.queries import monitoraggio as queries
from services.bandi.rules.monitoraggio import (
    Canone,
    ObbligoGiaAdempiuto,
    ObbligoSconosciuto,
    SpazioGiaPresente,
    SpazioGiaRestituito,
    SpazioSconosciuto,
    controlla_alloggi,
    controlla_giorno,
    controlla_indicatore,
    controlla_lavori,
    controlla_restituzione,
    controlla_spazio,
)
from services.bandi.schemas.monitoraggio import (
    AdempimentoNuovo,
    AlloggiCanone,
    AlloggiNuovi,
    AlloggiProgetto,
    IndicatoreVista,
    IndicatoriProgetto,
    LavoriNuovi,
    LavoriProgetto,
    LavoriVista,
    ObblighiProgetto,
    ObbligoNuovo,
    ObbligoVista,
    RisultatoNuovo,
    SpazioNuovo,
    SpazioVista,
    SpaziProgetto,
)
from services.bandi.service.piani import piano_in_vigore
from services.bandi.service.progetti import bloccato, noto


async def registra_lavori(
    session: AsyncSession, progetto_id: UUID, corpo: LavoriNuovi, *, autore: str, now: datetime
) -> LavoriVista:
    """Record how far the works of a block are.

    Raises:
        ProgettoSconosciuto, GiornoFuturo, RilevazioneAnteriore, LavoriInCalo.
    """
    await bloccato(session, progetto_id)
    controlla_giorno(corpo.rilevato_il, _today(now), "rilevato_il")
    last = await queries.ultimo_lavoro(session, progetto_id, corpo.ambito, corpo.blocco)
    controlla_lavori(last, corpo.rilevato_il, corpo.percento, corpo.motivo)
    row = StatoLavori(
        progetto_id=progetto_id,
        numero=await queries.ultimo_numero(session, StatoLavori, progetto_id) + 1,
        ambito=corpo.ambito,
        blocco=corpo.blocco,
        percento=corpo.percento,
        alloggi=corpo.alloggi,
        rilevato_il=corpo.rilevato_il,
        motivo=corpo.motivo,
        registrato_da=autore,
        registrato_il=now,
    )
    session.add(row)
    await session.flush()
    return LavoriVista.model_validate(row)


async def leggi_lavori(session: AsyncSession, progetto_id: UUID) -> LavoriProgetto:
    """Return the works of a project: the last survey of each block, and all of them in order.

    Raises:
        ProgettoSconosciuto.
    """
    await noto(session, progetto_id)
    story = [LavoriVista.model_validate(row) for row in await queries.lavori(session, progetto_id)]
    last = {(item.ambito, item.blocco): item for item in story}
    return LavoriProgetto(attuale=[last[key] for key in sorted(last)], storia=story)


async def registra_spazio(
    session: AsyncSession, progetto_id: UUID, corpo: SpazioNuovo, *, autore: str, now: datetime
) -> SpazioVista:
    """Record a space the project uses, and by what right.

    Raises:
        ProgettoSconosciuto, ComodatoSenzaConcedente, RestituzioneAnteriore, SpazioGiaPresente.
    """
    await bloccato(session, progetto_id)
    controlla_spazio(corpo.titolo, corpo.concedente)
    if corpo.al is not None:
        controlla_restituzione(corpo.dal, corpo.al)
    if await queries.spazio(session, progetto_id, corpo.codice) is not None:
        raise SpazioGiaPresente(
            f"Il progetto ha gia' uno spazio {corpo.codice}.", field="codice", remedy="Scegliere un altro codice."
        )
    row = Spazio(progetto_id=progetto_id, registrato_da=autore, registrato_il=now, **corpo.model_dump())
    session.add(row)
    await session.flush()
    return SpazioVista.model_validate(row)


async def restituisci_spazio(session: AsyncSession, progetto_id: UUID, codice: str, *, al: date) -> SpazioVista:
    """Record the last day of use of a space.

    Raises:
        ProgettoSconosciuto, SpazioSconosciuto, SpazioGiaRestituito, RestituzioneAnteriore.
    """
    await bloccato(session, progetto_id)
    row = await queries.spazio(session, progetto_id, codice)
    if row is None:
        raise SpazioSconosciuto(f"Il progetto non ha uno spazio {codice}.")
    if row.al is not None:
        raise SpazioGiaRestituito(f"Lo spazio {codice} e' gia' restituito il {row.al.isoformat()}.", field="al")
    controlla_restituzione(row.dal, al)
    row.al = al
    await session.flush()
    return SpazioVista.model_validate(row)


async def elenco_spazi(session: AsyncSession, progetto_id: UUID) -> SpaziProgetto:
    """Return the spaces of a project, in order of code.

    Raises:
        ProgettoSconosciuto.
    """
    await noto(session, progetto_id)
    return SpaziProgetto(items=[SpazioVista.model_validate(row) for row in await queries.spazi(session, progetto_id)])


async def registra_alloggi(
    session: AsyncSession, progetto_id: UUID, corpo: AlloggiNuovi, *, autore: str, now: datetime
) -> AlloggiProgetto:
    """Record the dwellings before and after by kind of rent; those at social rent never become fewer.

    Raises:
        ProgettoSconosciuto, AlloggiNonValidi, AlloggiSocialiRidotti.
    """
    await bloccato(session, progetto_id)
    in_force = await queries.prospetto(session, progetto_id)
    social = sum(row.prima for row in in_force if row.canone == Canone.SOCIALE)
    controlla_alloggi([item.to_rules() for item in corpo.alloggi], social)
    number = await queries.ultimo_numero(session, ProspettoAlloggi, progetto_id) + 1
    rows = [
        ProspettoAlloggi(
            progetto_id=progetto_id,
            numero=number,
            canone=item.canone,
            prima=item.prima,
            dopo=item.dopo,
            registrato_da=autore,
            registrato_il=now,
        ).model_dump()
        for item in corpo.alloggi
    ]
    await queries.scrivi_prospetto(session, rows)
    return await leggi_alloggi(session, progetto_id)


async def leggi_alloggi(session: AsyncSession, progetto_id: UUID) -> AlloggiProgetto:
    """Return the sheet of dwellings in force.

    Raises:
        ProgettoSconosciuto.
    """
    await noto(session, progetto_id)
    rows = await queries.prospetto(session, progetto_id)
    return AlloggiProgetto(
        numero=rows[0].numero if rows else 0,
        alloggi=[AlloggiCanone(canone=Canone(row.canone), prima=row.prima, dopo=row.dopo) for row in rows],
        totale_prima=sum(row.prima for row in rows),
        totale_dopo=sum(row.dopo for row in rows),
    )


async def registra_risultato(
    session: AsyncSession, progetto_id: UUID, corpo: RisultatoNuovo, *, autore: str, now: datetime
) -> IndicatoriProgetto:
    """Record what was reached of a target of the plan in force.

    Raises:
        ProgettoSconosciuto, GiornoFuturo, IndicatoreSconosciuto.
    """
    progetto = await bloccato(session, progetto_id)
    controlla_giorno(corpo.rilevato_il, _today(now), "rilevato_il")
    plan = await piano_in_vigore(session, progetto)
    targets = {item.codice: item.atteso for item in plan.indicatori} if plan is not None else {}
    controlla_indicatore(corpo.indicatore, targets)
    row = RisultatoIndicatore(
        progetto_id=progetto_id,
        indicatore=corpo.indicatore,
        numero=await queries.ultimo_numero(session, RisultatoIndicatore, progetto_id) + 1,
        raggiunto=corpo.raggiunto,
        rilevato_il=corpo.rilevato_il,
        nota=corpo.nota,
        registrato_da=autore,
        registrato_il=now,
    )
    session.add(row)
    await session.flush()
    return await leggi_indicatori(session, progetto_id)


async def leggi_indicatori(session: AsyncSession, progetto_id: UUID) -> IndicatoriProgetto:
    """Return targets against results of the plan in force.

    Raises:
        ProgettoSconosciuto.
    """
    progetto = await noto(session, progetto_id)
    plan = await piano_in_vigore(session, progetto)
    found = await queries.ultimi_risultati(session, progetto_id)
    items = []
    for target in plan.indicatori if plan is not None else ():
        last, times = found.get(target.codice, (None, 0))
        items.append(
            IndicatoreVista(
                codice=target.codice,
                titolo=target.titolo,
                unita=target.unita,
                atteso=target.atteso,
                raggiunto=None if last is None else last.raggiunto,
                rilevato_il=None if last is None else last.rilevato_il,
                rilevazioni=times,
            )
        )
    return IndicatoriProgetto(piano=progetto.piano, items=items)


async def impone_obbligo(
    session: AsyncSession, progetto_id: UUID, corpo: ObbligoNuovo, *, autore: str, now: datetime
) -> ObbligoVista:
    """Give a project a duty of dissemination or continuity with its term.

    Raises:
        ProgettoSconosciuto.
    """
    await bloccato(session, progetto_id)
    row = Obbligo(
        obbligo_id=uuid7(),
        progetto_id=progetto_id,
        adempiuto_il=None,
        prova=None,
        registrato_da=autore,
        registrato_il=now,
        **corpo.model_dump(),
    )
    session.add(row)
    await session.flush()
    return _duty(row, _today(now))


async def adempie_obbligo(
    session: AsyncSession, progetto_id: UUID, obbligo_id: UUID, corpo: AdempimentoNuovo, *, now: datetime
) -> ObbligoVista:
    """Record that a duty was fulfilled, with its proof.

    Raises:
        ProgettoSconosciuto, ObbligoSconosciuto, ObbligoGiaAdempiuto, GiornoFuturo.
    """
    await bloccato(session, progetto_id)
    row = await queries.obbligo(session, obbligo_id)
    if row is None or row.progetto_id != progetto_id:
        raise ObbligoSconosciuto(f"Il progetto non ha un obbligo con identificativo {obbligo_id}.")
    if row.adempiuto_il is not None:
        raise ObbligoGiaAdempiuto(f"L'obbligo e' gia' adempiuto il {row.adempiuto_il.isoformat()}.")
    controlla_giorno(corpo.adempiuto_il, _today(now), "adempiuto_il")
    row.adempiuto_il, row.prova = corpo.adempiuto_il, corpo.prova
    await session.flush()
    return _duty(row, _today(now))


async def elenco_obblighi(session: AsyncSession, progetto_id: UUID, *, now: datetime) -> ObblighiProgetto:
    """Return the duties of a project, by term.

    Raises:
        ProgettoSconosciuto.
    """
    await noto(session, progetto_id)
    return ObblighiProgetto(items=[_duty(row, _today(now)) for row in await queries.obblighi(session, progetto_id)])


def _duty(row: Obbligo, today: date) -> ObbligoVista:
    values = row.model_dump(include=set(ObbligoVista.model_fields) - {"scaduto"})
    return ObbligoVista(**values, scaduto=row.adempiuto_il is None and row.entro < today)


def _today(now: datetime) -> date:
    return now.astimezone(ROMA).date()
