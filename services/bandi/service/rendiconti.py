"""The final account of a project: tried by anybody who may read it, presented by the lead, decided by the office."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.bandi import events
from services.bandi.models import Progetto, ProgettoLinea, Rendiconto, RendicontoLinea
from services.bandi.queries import progetti as queries_progetti
from services.bandi.queries import spese as queries
from services.bandi.rules.bando import CENTO_PER_CENTO_BP, Regole
from services.bandi.rules.progetto import (
    Avanzamento,
    StatoProgetto,
    TipoMovimento,
    controlla_conclusione,
    controlla_in_corso,
)
from services.bandi.rules.spesa import (
    Limite,
    Preventivo,
    RendicontoMancante,
    Spesa,
    Spettanza,
    StatoRendiconto,
    controlla_da_rendicontare,
    spetta,
)
from services.bandi.schemas.spesa import RendicontoLineaVista, RendicontoVista
from services.bandi.service.atti import denaro, muovi, registra
from services.bandi.service.conti import preventivi, quote_di_costo
from services.bandi.service.progetti import (
    avanza_chi_attende,
    bloccato,
    bloccato_con_il_bando,
    noto,
    racconta,
    regole_del_progetto,
)


async def presenta_rendiconto(
    session: AsyncSession, progetto_id: UUID, *, relazione: str, autore: str, now: datetime
) -> RendicontoVista:
    """Present the final account: the expenses are those admitted, nothing more is declared.

    Raises:
        ProgettoSconosciuto, ProgettoNonInCorso, ProgettoNonImpegnato, ProgettoNonAvviato, RendicontoPresentato,
        SpeseDaEsaminare.
    """
    progetto = await bloccato(session, progetto_id)
    controlla_in_corso(StatoProgetto(progetto.stato))
    controlla_conclusione(StatoProgetto(progetto.stato), progetto.inizio)
    waiting = [made.numero for made, examined in await queries.dichiarazioni(session, progetto_id) if examined is None]
    last = await queries.ultimo_rendiconto(session, progetto_id)
    controlla_da_rendicontare(
        da_esaminare=waiting, presentato=last is not None and last.stato != StatoRendiconto.RINVIATO
    )
    account = Rendiconto(
        progetto_id=progetto_id,
        numero=1 if last is None else last.numero + 1,
        stato=StatoRendiconto.PRESENTATO,
        relazione=relazione,
        presentato_da=autore,
        presentato_il=now,
        atto=None,
        motivo=None,
        deciso_da=None,
        deciso_il=None,
    )
    session.add(account)
    await session.flush()
    return await _view(session, progetto, account)


async def approva_rendiconto(
    session: AsyncSession, progetto_id: UUID, *, atto: str, autore: str, now: datetime
) -> RendicontoVista:
    """Approve the final account by an act: what is not due returns to the call, what is due beyond the paid is paid.

    Co-financing is checked here, at its rate and in its cash part: where it falls short the contribution falls with
    it. What was paid beyond the due is to be recovered once the project is concluded.

    Raises:
        ProgettoSconosciuto, ProgettoNonInCorso, RendicontoMancante.
    """
    progetto = await bloccato_con_il_bando(session, progetto_id)
    controlla_in_corso(StatoProgetto(progetto.stato))
    account = await _presented(session, progetto_id)
    linee = await denaro(session, progetto_id)
    outcome = await _outcome(session, progetto, linee)
    after = {}
    for linea in linee:
        held = outcome[linea.linea]
        kept = max(held.spettante_cent, linea.erogato_cent)
        after[linea.linea] = Avanzamento(linea.programmato_cent, kept, kept, linea.erogato_cent)
    freed = {codice: held.economia_cent for codice, held in outcome.items()}
    await muovi(session, linee, after, dovuti=await _earned_by_partner(session, progetto))
    for linea in linee:
        linea.da_recuperare_cent = outcome[linea.linea].da_recuperare_cent
    account.stato, account.atto, account.deciso_da, account.deciso_il = StatoRendiconto.APPROVATO, atto, autore, now
    progetto.stato = StatoProgetto.RENDICONTATO
    await session.flush()
    await queries.scrivi_rendiconto(
        session, [_row(progetto_id, account.numero, codice, held).model_dump() for codice, held in outcome.items()]
    )
    registra(session, progetto, TipoMovimento.RENDICONTO, atto, importi=freed, autore=autore, now=now)
    await racconta(session, progetto, linee, events.ProgettoImpegnato, now=now)
    await avanza_chi_attende(session, progetto, autore=autore, now=now)
    return await _view(session, progetto, account)


async def rinvia_rendiconto(
    session: AsyncSession, progetto_id: UUID, *, atto: str, motivo: str, autore: str, now: datetime
) -> RendicontoVista:
    """Send the final account back to the lead, saying what is missing: expenses may be declared again.

    Raises:
        ProgettoSconosciuto, RendicontoMancante.
    """
    progetto = await bloccato(session, progetto_id)
    account = await _presented(session, progetto_id)
    account.stato, account.atto, account.motivo = StatoRendiconto.RINVIATO, atto, motivo
    account.deciso_da, account.deciso_il = autore, now
    await session.flush()
    return await _view(session, progetto, account)


async def leggi_rendiconto(session: AsyncSession, progetto_id: UUID) -> RendicontoVista:
    """Return the last final account; until one is approved its amounts are those of today.

    Raises:
        ProgettoSconosciuto.
    """
    progetto = await noto(session, progetto_id)
    return await _view(session, progetto, await queries.ultimo_rendiconto(session, progetto_id))


async def _presented(session: AsyncSession, progetto_id: UUID) -> Rendiconto:
    account = await queries.ultimo_rendiconto(session, progetto_id)
    if account is None or account.stato != StatoRendiconto.PRESENTATO:
        raise RendicontoMancante(
            "Non c'e' un rendiconto presentato da decidere.", remedy="Attendere che il capofila lo presenti."
        )
    return account


async def _outcome(session: AsyncSession, progetto: Progetto, linee: list[ProgettoLinea]) -> dict[str, Spettanza]:
    regole: Regole = await regole_del_progetto(session, progetto)
    spent = await queries.spese_per_linea(session, progetto.progetto_id)
    budget = await preventivi(session, progetto)
    return {
        codice: spetta(
            spent[codice][0] if codice in spent else Spesa(),
            budget.get(codice, Preventivo(0, 0, 0)),
            regole.contributo,
            ammesso_cent=linea.ammesso_cent,
            impegnato_cent=linea.impegnato_cent,
            erogato_cent=linea.erogato_cent,
        )
        for codice, linea in queries_progetti.cascata(linee).items()
    }


async def _earned_by_partner(session: AsyncSession, progetto: Progetto) -> dict[str, dict[str, int]]:
    """Return, by line and partner, the cents its own admitted expenses earned at the rate of its own budget."""
    spent = await queries.ammesso_per_quota(session, progetto.progetto_id)
    earned: dict[str, dict[str, int]] = {}
    for quota in await quote_di_costo(session, progetto):
        cost = spent.get((quota.linea, quota.ente), 0)
        earned.setdefault(quota.linea, {})[quota.ente] = cost * quota.contributo_cent // max(quota.costo_cent, 1)
    return earned


def _row(progetto_id: UUID, numero: int, linea: str, held: Spettanza) -> RendicontoLinea:
    return RendicontoLinea(
        progetto_id=progetto_id,
        numero=numero,
        linea=linea,
        costo_cent=held.spesa.costo_cent,
        in_natura_cent=held.spesa.in_natura_cent,
        spettante_cent=held.spettante_cent,
        limite=held.limite,
        economia_cent=held.economia_cent,
        da_recuperare_cent=held.da_recuperare_cent,
    )


async def _view(session: AsyncSession, progetto: Progetto, account: Rendiconto | None) -> RendicontoVista:
    linee = await denaro(session, progetto.progetto_id)
    if account is not None and account.stato == StatoRendiconto.APPROVATO:
        kept = await queries.linee_del_rendiconto(session, progetto.progetto_id, account.numero)
        outcome = {
            row.linea: Spettanza(
                Spesa(row.costo_cent, row.in_natura_cent),
                row.spettante_cent,
                Limite(row.limite),
                row.economia_cent,
                row.da_recuperare_cent,
            )
            for row in kept
        }
    else:
        outcome = await _outcome(session, progetto, linee)
    paid = {linea.linea: linea.erogato_cent for linea in linee}
    return RendicontoVista(
        progetto_id=progetto.progetto_id,
        numero=0 if account is None else account.numero,
        stato=None if account is None else StatoRendiconto(account.stato),
        relazione=None if account is None else account.relazione,
        atto=None if account is None else account.atto,
        motivo=None if account is None else account.motivo,
        presentato_il=None if account is None else account.presentato_il,
        deciso_il=None if account is None else account.deciso_il,
        linee=[
            RendicontoLineaVista(
                linea=codice,
                costo=held.spesa.costo_cent,
                in_natura=held.spesa.in_natura_cent,
                spettante=held.spettante_cent,
                limite=held.limite,
                cofinanziamento=held.cofinanziamento_cent,
                cofinanziamento_in_denaro=held.denaro_cent,
                quota_cofinanziamento=held.cofinanziamento_cent * CENTO_PER_CENTO_BP // max(1, held.spesa.costo_cent),
                economia=held.economia_cent,
                saldo=max(0, held.spettante_cent - paid[codice]),
                da_recuperare=held.da_recuperare_cent,
            )
            for codice, held in outcome.items()
        ],
    )
