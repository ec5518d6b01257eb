"""Lineage: which fund and which donations paid a reduction, and where a donation or a fund went."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.tokens import Principal
from services.puntiluna.models import Donazione, Riduzione
from services.puntiluna.queries import distinte as queries_distinte
from services.puntiluna.queries import donazioni as queries_donazioni
from services.puntiluna.queries import progetti as queries_progetti
from services.puntiluna.queries import provenienza as queries
from services.puntiluna.queries import riduzioni as queries_riduzioni
from services.puntiluna.rules.donazioni import DonazioneSconosciuta
from services.puntiluna.rules.fondi import FondoSconosciuto
from services.puntiluna.rules.provenienza import Fonte, Partita, Tracciato, per_progetto, rintraccia, unisci
from services.puntiluna.rules.registro import Conto, Libro, TipoConto, conto_id_di
from services.puntiluna.rules.riduzioni import OrigineRiduzione, RiduzioneSconosciuta, StatoRiduzione

INTERE = frozenset({StatoRiduzione.CONFERMATA, StatoRiduzione.LIQUIDATA})


@dataclass(frozen=True, slots=True)
class Destinazione:
    """Where some points of a donation or of a fund are (hundredths): held, reserved, or a landlord's answer."""

    dove: str
    ente_proprietario: str | None
    importo_cent: int


async def attribuisci(session: AsyncSession, riduzioni: Sequence[Riduzione]) -> None:
    """Write, of each confirmed reduction, which projects pay it: those whose funds issued its points.

    Args:
        session: the transaction; the landlord of the reductions is locked.
        riduzioni: confirmed ones, whose movements are posted.

    Source: ADR 0080; DOMAIN, "which fund or donor paid this reduction".
    """
    con_punti = [r for r in riduzioni if r.origine == OrigineRiduzione.PUNTI]
    fonti = [
        (r.riduzione_id, quota.progetto_id, r.confermato_cent)
        for r in riduzioni
        if r.quota_id is not None and (quota := await queries_riduzioni.quota(session, r.quota_id)) is not None
    ]
    if con_punti:
        tracciato = await _rintraccia(session, {conto_punti(r.nucleo_id) for r in con_punti})
        for riduzione in con_punti:
            partite = tracciato.riduzioni[riduzione.riduzione_id].fonti(riduzione.confermato_cent)
            fonti += [(riduzione.riduzione_id, p, importo) for p, importo in per_progetto(partite).items()]
    await queries.scrivi_fonti(session, fonti)


async def controlla_riduzione(session: AsyncSession, riduzione_id: UUID, principal: Principal) -> None:
    """Refuse a reduction of a household of others, that none of the organisation's projects pays.

    Raises:
        RiduzioneSconosciuta: there is none for the caller.
    """
    riduzione = await queries_riduzioni.riduzione(session, riduzione_id)
    if riduzione is None or principal.ente is None:
        raise _sconosciuta(riduzione_id)
    progetti = await queries_distinte.progetti_della_riduzione(session, riduzione_id)
    if riduzione.progetto_id is not None:
        progetti.append(riduzione.progetto_id)
    if not await queries_distinte.progetti_dell_ente(session, principal.ente, progetti):
        raise _sconosciuta(riduzione_id)


async def leggi_provenienza(session: AsyncSession, riduzione_id: UUID) -> tuple[Riduzione, list[Partita]]:
    """Say which funds and donations paid a reduction, or would pay it if it were confirmed whole.

    Returns:
        The reduction and its sources, the oldest points first.

    Raises:
        RiduzioneSconosciuta: there is none.
    """
    riduzione = await queries_riduzioni.riduzione(session, riduzione_id)
    if riduzione is None:
        raise _sconosciuta(riduzione_id)
    return riduzione, await _fonti(session, riduzione)


async def destinazioni_della_donazione(
    session: AsyncSession, donazione_id: UUID
) -> tuple[Donazione, list[Destinazione]]:
    """Say where the points of a donation are now, without naming who received them.

    Raises:
        DonazioneSconosciuta: there is none.
    """
    donazione = await queries_donazioni.donazione(session, donazione_id)
    if donazione is None:
        raise DonazioneSconosciuta(f"Nessuna donazione {donazione_id}.")
    valle = await queries.conti_a_valle(session, await queries.conti_del_movimento(session, donazione.movimento_id))
    tracciato = await _rintraccia(session, valle)
    return donazione, await _destinazioni(
        session, tracciato, lambda fonte: donazione_id in fonte.donazioni, donazione.importo_cent
    )


async def destinazioni_del_fondo(session: AsyncSession, progetto_id: UUID) -> tuple[int, list[Destinazione]]:
    """Say where the points that a project's fund issued are now.

    Returns:
        How many are out of the fund (hundredths), and where they are.

    Raises:
        FondoSconosciuto: bandi never told of the project.
    """
    progetto = await queries_progetti.progetto(session, progetto_id)
    if progetto is None:
        raise FondoSconosciuto(f"Il progetto {progetto_id} non ha un fondo punti.")
    fondo = Conto(Libro.PUNTI, TipoConto.FONDO, str(progetto_id)).conto_id
    tracciato = await _rintraccia(session, [c for c in await queries.conti_a_valle(session, [fondo]) if c != fondo])
    destinazioni = await _destinazioni(session, tracciato, lambda fonte: fonte.progetto_id == progetto_id, None)
    return sum(d.importo_cent for d in destinazioni), destinazioni


def conto_punti(nucleo_id: UUID) -> UUID:
    """The id of a household's account of points."""
    return conto_id_di(Libro.PUNTI, TipoConto.NUCLEO, str(nucleo_id))


async def _fonti(session: AsyncSession, riduzione: Riduzione) -> list[Partita]:
    quanto = riduzione.confermato_cent if riduzione.stato in INTERE else riduzione.importo_cent
    if riduzione.quota_id is not None:
        quota = await queries_riduzioni.quota(session, riduzione.quota_id)
        return [] if quota is None else [Partita(Fonte(quota.progetto_id), quanto)]
    tracciato = await _rintraccia(session, [conto_punti(riduzione.nucleo_id)])
    return unisci(tracciato.riduzioni[riduzione.riduzione_id].fonti(quanto))


async def _rintraccia(session: AsyncSession, conti: Iterable[UUID]) -> Tracciato:
    monte = await queries.conti_a_monte(session, list(conti))
    return rintraccia(await queries.movimenti_dei_conti(session, monte))


async def _destinazioni(
    session: AsyncSession, tracciato: Tracciato, scelta: Callable[[Fonte], bool], tutto_cent: int | None
) -> list[Destinazione]:
    somme: dict[tuple[str, str | None], int] = {}

    def somma(dove: str, ente: str | None, partite: Iterable[Partita]) -> None:
        importo = sum(p.importo_cent for p in partite if scelta(p.fonte))
        if importo:
            somme[dove, ente] = somme.get((dove, ente), 0) + importo

    tipi = await queries.tipi_dei_conti(session, list(tracciato.giacenze))
    for conto, partite in tracciato.giacenze.items():
        somma(tipi[conto], None, partite)
    for riduzione in await queries_riduzioni.riduzioni(session, list(tracciato.riduzioni)):
        tasca = tracciato.riduzioni[riduzione.riduzione_id]
        if riduzione.stato == StatoRiduzione.PRENOTATA:
            somma("prenotati", riduzione.ente_proprietario, tasca.prenotate)
        elif riduzione.stato in INTERE:
            dove = "liquidati" if riduzione.stato == StatoRiduzione.LIQUIDATA else "confermati"
            somma(dove, riduzione.ente_proprietario, tasca.fonti(riduzione.confermato_cent))
    tornati = (tutto_cent or 0) - sum(somme.values())
    if tutto_cent is not None and tornati > 0:
        somme["tornati_al_fondo", None] = tornati
    return [Destinazione(dove, ente, importo) for (dove, ente), importo in sorted(somme.items(), key=str)]


def _sconosciuta(riduzione_id: UUID) -> RiduzioneSconosciuta:
    return RiduzioneSconosciuta(f"Nessuna riduzione {riduzione_id} nei progetti del tuo ente.")
