"""CUP and plans of a project: asked for by the lead, approved by the office, compared by anybody."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.money import format_cents
from services.bandi import events
from services.bandi.models import Piano, PianoQuota, Progetto, Rimodulazione
from services.bandi.queries import piani as queries
from services.bandi.queries import progetti as queries_progetti
from services.bandi.queries import spese as queries_spese
from services.bandi.rules import piano as rules
from services.bandi.rules.bando import Difetto, Regole
from services.bandi.rules.domanda import RuoloPartner
from services.bandi.rules.gestione import CupGiaUsato, leggi_cup
from services.bandi.rules.piano import (
    PianoSconosciuto,
    RimodulazioneGiaChiesta,
    RimodulazioneSconosciuta,
    RimodulazioneSuperata,
    StatoRimodulazione,
    confronta,
    controlla_piano,
    controlla_richiesta_aperta,
    difetti_piano,
)
from services.bandi.rules.progetto import StatoProgetto, TipoMovimento, controlla_in_corso
from services.bandi.rules.quote import ridisegna
from services.bandi.schemas.piano import (
    ConfrontoPiani,
    ContenutoPiano,
    DifferenzaVista,
    PianiVista,
    PianoVista,
    PianoVoce,
    RimodulazioneNuova,
    RimodulazioneVista,
    RimodulazioniVista,
)
from services.bandi.schemas.progetto import ProgettoDettaglio
from services.bandi.service.atti import denaro, registra
from services.bandi.service.conti import righe_quote
from services.bandi.service.progetti import bloccato, noto, racconta, regole_del_progetto


async def registra_cup(
    session: AsyncSession, progetto_id: UUID, *, cup: str, atto: str, autore: str, now: datetime
) -> ProgettoDettaglio:
    """Give a project its CUP, or correct it, by an act; no two projects that hold their funding share one.

    Raises:
        ProgettoSconosciuto, ProgettoNonInCorso, CupNonValido, CupGiaUsato.
    """
    code = leggi_cup(cup)
    progetto = await bloccato(session, progetto_id)
    controlla_in_corso(StatoProgetto(progetto.stato))
    await queries.blocca_cup(session, code)
    other = await queries.progetto_con_cup(session, code, progetto_id)
    if other is not None:
        raise CupGiaUsato(
            f"Il CUP {code} e' gia' del progetto {other}.",
            field="cup",
            remedy="Verificare il codice: ogni progetto finanziato ha il suo CUP.",
        )
    progetto.cup = code
    registra(session, progetto, TipoMovimento.CUP, atto, autore=autore, now=now)
    return await racconta(session, progetto, await denaro(session, progetto_id), _fact(progetto), now=now)


async def chiedi_rimodulazione(
    session: AsyncSession, progetto_id: UUID, corpo: RimodulazioneNuova, *, autore: str, now: datetime
) -> RimodulazioneVista:
    """Ask for a first plan, or for another one in its place.

    Raises:
        ProgettoSconosciuto, ProgettoNonInCorso, RimodulazioneGiaChiesta, PianoNonValido.
    """
    progetto = await bloccato(session, progetto_id)
    controlla_in_corso(StatoProgetto(progetto.stato))
    made, still_open = await queries.rimodulazioni_contate(session, progetto_id)
    if still_open:
        raise RimodulazioneGiaChiesta(
            f"La richiesta {made} attende ancora la decisione dell'ufficio.",
            remedy="Ritirarla, o attendere la decisione, prima di presentarne un'altra.",
        )
    controlla_piano(await _defects(session, progetto, corpo.piano, await regole_del_progetto(session, progetto)))
    request = Rimodulazione(
        progetto_id=progetto_id,
        numero=made + 1,
        stato=StatoRimodulazione.CHIESTA,
        base=progetto.piano,
        motivo=corpo.motivo,
        contenuto=corpo.piano.model_dump(mode="json"),
        chiesta_da=autore,
        chiesta_il=now,
        atto=None,
        motivo_decisione=None,
        decisa_da=None,
        decisa_il=None,
    )
    session.add(request)
    await session.flush()
    return rimodulazione_vista(request)


async def approva_rimodulazione(
    session: AsyncSession, progetto_id: UUID, numero: int, *, atto: str, autore: str, now: datetime
) -> PianoVista:
    """Approve a request by an act: the next plan, immutable; the partners' shares are drawn again on it.

    Raises:
        ProgettoSconosciuto, ProgettoNonInCorso, RimodulazioneSconosciuta, RimodulazioneGiaDecisa,
        RimodulazioneSuperata.
    """
    progetto = await bloccato(session, progetto_id)
    controlla_in_corso(StatoProgetto(progetto.stato))
    request = await _open_request(session, progetto_id, numero)
    content = ContenutoPiano.model_validate(request.contenuto)
    defects = await _defects(session, progetto, content, await regole_del_progetto(session, progetto))
    if request.base != progetto.piano or defects:
        raise RimodulazioneSuperata(
            defects[0].messaggio if defects else f"Nel frattempo e' stato approvato il piano {progetto.piano}.",
            remedy="Respingere la richiesta: il capofila ne presenta una sul piano e sugli importi di oggi.",
            items=[defect.item() for defect in defects],
        )
    plan = content.to_rules()
    progetto.piano += 1
    row = Piano(
        progetto_id=progetto_id,
        numero=progetto.piano,
        richiesta=numero,
        atto=atto,
        contenuto=content.model_dump(mode="json", include={"attivita", "indicatori"}),
        costo_cent=plan.costo_cent,
        contributo_cent=plan.contributo_cent,
        approvato_da=autore,
        approvato_il=now,
    )
    await queries.scrivi_piano(session, row.model_dump(), _quota_rows(progetto, plan))
    await _redraw(session, progetto, plan)
    _decide(request, StatoRimodulazione.APPROVATA, atto, None, autore, now)
    registra(session, progetto, TipoMovimento.PIANO, atto, autore=autore, now=now)
    await racconta(session, progetto, await denaro(session, progetto_id), _fact(progetto), now=now)
    return PianoVista(**_plan_fields(row), piano=content)


async def respingi_rimodulazione(
    session: AsyncSession, progetto_id: UUID, numero: int, *, atto: str, motivo: str, autore: str, now: datetime
) -> RimodulazioneVista:
    """Reject a request by an act, with the reason; the plan in force stays.

    Raises:
        ProgettoSconosciuto, RimodulazioneSconosciuta, RimodulazioneGiaDecisa.
    """
    await bloccato(session, progetto_id)
    request = await _open_request(session, progetto_id, numero)
    _decide(request, StatoRimodulazione.RESPINTA, atto, motivo, autore, now)
    await session.flush()
    return rimodulazione_vista(request)


async def ritira_rimodulazione(
    session: AsyncSession, progetto_id: UUID, numero: int, *, autore: str, now: datetime
) -> RimodulazioneVista:
    """Take back a request that was not decided yet.

    Raises:
        ProgettoSconosciuto, RimodulazioneSconosciuta, RimodulazioneGiaDecisa.
    """
    await bloccato(session, progetto_id)
    request = await _open_request(session, progetto_id, numero)
    _decide(request, StatoRimodulazione.RITIRATA, None, None, autore, now)
    await session.flush()
    return rimodulazione_vista(request)


async def elenco_rimodulazioni(session: AsyncSession, progetto_id: UUID) -> RimodulazioniVista:
    """Return the requests of a project, from the first.

    Raises:
        ProgettoSconosciuto.
    """
    await noto(session, progetto_id)
    found = await queries.rimodulazioni(session, progetto_id)
    return RimodulazioniVista(items=[rimodulazione_vista(request) for request in found])


async def elenco_piani(session: AsyncSession, progetto_id: UUID) -> PianiVista:
    """Return the approved plans of a project, from the first.

    Raises:
        ProgettoSconosciuto.
    """
    await noto(session, progetto_id)
    return PianiVista(items=[PianoVoce(**_plan_fields(row)) for row in await queries.piani(session, progetto_id)])


async def leggi_piano(session: AsyncSession, progetto_id: UUID, numero: int) -> PianoVista:
    """Return an approved plan.

    Raises:
        ProgettoSconosciuto, PianoSconosciuto.
    """
    await noto(session, progetto_id)
    row = await queries.piano(session, progetto_id, numero)
    if row is None:
        raise PianoSconosciuto(f"Il progetto non ha un piano {numero}.")
    quote = [
        {
            "linea": quota.linea,
            "ente": quota.ente,
            "costo": format_cents(quota.costo_cent),
            "contributo": format_cents(quota.contributo_cent),
        }
        for quota in await queries.quote_del_piano(session, progetto_id, numero)
    ]
    return PianoVista(**_plan_fields(row), piano=ContenutoPiano.model_validate(row.contenuto | {"quote": quote}))


async def confronta_piani(session: AsyncSession, progetto_id: UUID, *, prima: int, dopo: int) -> ConfrontoPiani:
    """Return what changes from an approved plan to another.

    Raises:
        ProgettoSconosciuto, PianoSconosciuto.
    """
    first = await leggi_piano(session, progetto_id, prima)
    second = await leggi_piano(session, progetto_id, dopo)
    return ConfrontoPiani(
        prima=prima,
        dopo=dopo,
        costo_prima=first.costo,
        costo_dopo=second.costo,
        contributo_prima=first.contributo,
        contributo_dopo=second.contributo,
        differenze=[
            DifferenzaVista(dove=found.dove[:200], prima=found.prima, dopo=found.dopo)
            for found in confronta(first.piano.to_rules(), second.piano.to_rules())
        ],
    )


async def piano_in_vigore(session: AsyncSession, progetto: Progetto) -> rules.Piano | None:
    """Return the plan a project follows now, None before the first."""
    if progetto.piano == 0:
        return None
    return (await leggi_piano(session, progetto.progetto_id, progetto.piano)).piano.to_rules()


def rimodulazione_vista(request: Rimodulazione) -> RimodulazioneVista:
    """Return a request as callers see it."""
    return RimodulazioneVista(
        progetto_id=request.progetto_id,
        numero=request.numero,
        stato=StatoRimodulazione(request.stato),
        base=request.base,
        motivo=request.motivo,
        piano=ContenutoPiano.model_validate(request.contenuto),
        chiesta_il=request.chiesta_il,
        atto=request.atto,
        motivo_decisione=request.motivo_decisione,
        decisa_il=request.decisa_il,
    )


async def _defects(
    session: AsyncSession, progetto: Progetto, content: ContenutoPiano, regole: Regole
) -> tuple[Difetto, ...]:
    linee = queries_progetti.cascata(await denaro(session, progetto.progetto_id))
    shares = await queries.quote_partner(session, progetto.progetto_id)
    paid = {(q.linea, q.ente): q.erogato_cent for rows in shares.values() for q in rows if q.erogato_cent}
    for codice, linea in linee.items():
        if codice not in shares and linea.erogato_cent:  # a line nobody has divided is all its lead's
            paid[codice, progetto.capofila] = linea.erogato_cent
    members = [m["ente"] for m in progetto.membri if m["ruolo"] != RuoloPartner.SOSTENITORE]
    days = (progetto.inizio, progetto.fine) if progetto.inizio is not None and progetto.fine is not None else None
    return difetti_piano(
        content.to_rules(),
        linee=linee,
        pagati=paid,
        spesi=await queries_spese.ammesso_per_quota(session, progetto.progetto_id),
        membri=members,
        contributo=regole.contributo,
        giorni=days,
    )


async def _open_request(session: AsyncSession, progetto_id: UUID, numero: int) -> Rimodulazione:
    request = await queries.rimodulazione(session, progetto_id, numero)
    if request is None:
        raise RimodulazioneSconosciuta(f"Il progetto non ha una richiesta di rimodulazione {numero}.")
    controlla_richiesta_aperta(StatoRimodulazione(request.stato), numero)
    return request


def _decide(
    request: Rimodulazione, stato: StatoRimodulazione, atto: str | None, motivo: str | None, autore: str, now: datetime
) -> None:
    request.stato, request.atto, request.motivo_decisione = stato, atto, motivo
    request.decisa_da, request.decisa_il = autore, now


async def _redraw(session: AsyncSession, progetto: Progetto, plan: rules.Piano) -> None:
    """Draw the partners' shares again on the new budget, line by line."""
    before = await queries.quote_partner(session, progetto.progetto_id)
    rows = []
    for codice, linea in queries_progetti.cascata(await denaro(session, progetto.progetto_id)).items():
        known = {quota.ente: quota.erogato_cent for quota in before.get(codice, [])}
        drawn = ridisegna(linea, _contributions(plan, codice), known or {progetto.capofila: linea.erogato_cent})
        rows += righe_quote(progetto.progetto_id, codice, list(drawn), drawn)
    await queries.cancella_quote(session, progetto.progetto_id)
    await queries.inserisci_quote(session, rows)


def _contributions(plan: rules.Piano, linea: str) -> Mapping[str, int]:
    return {quota.ente: quota.contributo_cent for quota in plan.della_linea(linea)}


def _quota_rows(progetto: Progetto, plan: rules.Piano) -> list[dict[str, object]]:
    return [
        PianoQuota(
            progetto_id=progetto.progetto_id,
            numero=progetto.piano,
            linea=quota.linea,
            ente=quota.ente,
            ordine=order,
            costo_cent=quota.costo_cent,
            contributo_cent=quota.contributo_cent,
        ).model_dump()
        for order, quota in enumerate(plan.quote, 1)
    ]


def _plan_fields(row: Piano) -> dict[str, object]:
    return {
        "numero": row.numero,
        "atto": row.atto,
        "richiesta": row.richiesta,
        "costo": row.costo_cent,
        "contributo": row.contributo_cent,
        "approvato_il": row.approvato_il,
    }


def _fact(progetto: Progetto) -> type[events.ProgettoStato]:
    """Return the event that tells the state of a project under way."""
    committed = progetto.stato == StatoProgetto.IMPEGNATO
    return events.ProgettoImpegnato if committed else events.ProgettoFinanziato
