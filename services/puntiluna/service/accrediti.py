"""Attendances become points: evaluated, tested against limits and other claims on the same hours, then aligned."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.puntiluna.queries import accrediti as queries
from services.puntiluna.queries import persone as queries_persone
from services.puntiluna.queries import recuperi as queries_recuperi
from services.puntiluna.queries import registro as queries_registro
from services.puntiluna.queries.accrediti import AccreditoLetto, Contesto
from services.puntiluna.rules.accrediti import (
    AccreditoNonRivalutabile,
    AccreditoSconosciuto,
    Presenza,
    Spettanza,
    StatoAccredito,
    valuta,
)
from services.puntiluna.rules.registro import Causa, Conto, Libro, TipoConto, sposta
from services.puntiluna.service import ore
from services.puntiluna.service.allineamento import Lavoro, allinea_lavori, registra_e_scrivi, scheda_di
from services.puntiluna.service.limiti import applica_limiti_ai_lavori
from services.puntiluna.service.registro import componi_movimento, registra

IN_ATTESA_PER_VOLTA = 500
RECUPERI_PER_VOLTA = 200
RIVALUTATE_PER_VOLTA = 200

Arrivo = tuple[Presenza, UUID | None]
"""An attendance and the event that told it."""


async def applica_presenze(session: AsyncSession, arrivi: Sequence[Arrivo], *, now: datetime) -> None:
    """Apply attendances in any order: only what is newer than what is known counts, a cancellation is remembered.

    Args:
        session: the transaction.
        arrivi: attendances as told by their labs, with the event that told each.
        now: the platform's instant.

    Source: DOMAIN, puntiluna and decisions 3, 5, 6, 7; ADR 0044.
    """
    ultimi: dict[UUID, Arrivo] = {}
    for arrivo in arrivi:
        noto = ultimi.get(arrivo[0].presenza_id)
        if noto is None or noto[0].versione < arrivo[0].versione:
            ultimi[arrivo[0].presenza_id] = arrivo
    presenze = [presenza for presenza, _ in ultimi.values()]
    await queries.blocca_chiavi(session, [f"persona:{p.persona_id}" for p in presenze])
    contesto = await queries.leggi_contesto(session, presenze)
    if contesto.unite:
        presenze = [replace(p, persona_id=contesto.unite.get(p.persona_id, p.persona_id)) for p in presenze]
        ultimi = {p.presenza_id: (p, ultimi[p.presenza_id][1]) for p in presenze}
        await queries.blocca_chiavi(session, [f"persona:{p.persona_id}" for p in presenze])
        contesto = await queries.leggi_contesto(session, presenze)
    note = list(contesto.versioni)
    precedenti = await queries.blocca_accrediti(session, note)
    lavori = []
    for presenza, evento in ultimi.values():
        precedente = precedenti.get(presenza.presenza_id)
        if precedente is None or precedente.presenza.versione < presenza.versione:
            lavori.append(Lavoro(presenza, evento, precedente, valuta(presenza, contesto.tariffe)))
    await _porta_a_termine(session, lavori, contesto, now=now)


async def rivaluta(session: AsyncSession, presenze: Sequence[UUID], *, now: datetime) -> None:
    """Evaluate known attendances again: a tariff arrived, or a limit changed.

    Args:
        session: the transaction.
        presenze: their ids.
        now: the platform's instant.
    """
    persone = await queries.persone_delle_presenze(session, presenze)
    await queries.blocca_chiavi(session, [f"persona:{persona}" for persona in persone])
    letti = await queries.blocca_accrediti(session, presenze)
    contesto = await queries.leggi_contesto(session, [letto.presenza for letto in letti.values()])
    lavori = [Lavoro(letto.presenza, None, letto, valuta(letto.presenza, contesto.tariffe)) for letto in letti.values()]
    await _porta_a_termine(session, lavori, contesto, now=now)


async def rivaluta_accredito(session: AsyncSession, presenza_id: UUID, *, now: datetime) -> AccreditoLetto:
    """Evaluate one attendance again at an officer's request.

    Args:
        session: the transaction.
        presenza_id: the attendance.
        now: the platform's instant.

    Returns:
        The attendance after the evaluation.

    Raises:
        AccreditoSconosciuto: it never arrived here.
        AccreditoNonRivalutabile: it neither lacks a tariff nor was over a limit.
    """
    persone = await queries.persone_delle_presenze(session, [presenza_id])
    await queries.blocca_chiavi(session, [f"persona:{persona}" for persona in persone])
    letto = (await queries.blocca_accrediti(session, [presenza_id])).get(presenza_id)
    if letto is None:
        raise AccreditoSconosciuto(f"Nessuna presenza {presenza_id} è arrivata al registro dei punti.")
    if letto.stato not in {StatoAccredito.OLTRE_LIMITE, StatoAccredito.SENZA_TARIFFA}:
        raise AccreditoNonRivalutabile(
            f"La presenza è {letto.stato}: si rivaluta solo ciò che manca di tariffa o supera un limite.",
        )
    await rivaluta(session, [presenza_id], now=now)
    return (await queries.blocca_accrediti(session, [presenza_id]))[presenza_id]


async def leggi_accredito(session: AsyncSession, presenza_id: UUID) -> AccreditoLetto:
    """Give an attendance with the points it gave.

    Raises:
        AccreditoSconosciuto: it never arrived here.
    """
    letto = await queries.accredito(session, presenza_id)
    if letto is None:
        raise AccreditoSconosciuto(f"Nessuna presenza {presenza_id} è arrivata al registro dei punti.")
    return letto


async def rivaluta_senza_tariffa(session: AsyncSession, *, now: datetime) -> int:
    """Evaluate the attendances whose tariff has arrived; returns how many were looked at."""
    presenze = await queries.senza_tariffa(session, RIVALUTATE_PER_VOLTA)
    if presenze:
        await rivaluta(session, presenze, now=now)
    return len(presenze)


async def applica_ore(session: AsyncSession, validate: ore.OreValidate, *, now: datetime) -> None:
    """Apply validated training hours: they take their person-hours, give way, or free them.

    Args:
        session: the transaction.
        validate: the hours as told by inclusione.
        now: the platform's instant.

    Source: DOMAIN, decision 3.
    """
    await queries.blocca_chiavi(session, [f"persona:{validate.persona_id}"])
    resta = await queries_persone.chi_resta(session, validate.persona_id)
    if resta != validate.persona_id:
        validate = replace(validate, persona_id=resta)
        await queries.blocca_chiavi(session, [f"persona:{resta}"])
    await allinea_riassegnate(session, await ore.riserva_ore(session, validate, now=now), now=now)


async def allinea_riassegnate(session: AsyncSession, riassegnate: dict[UUID, bool], *, now: datetime) -> None:
    """Bring the points of attendances to what an arbitration of their hours decided.

    Args:
        session: the transaction; their persons are already locked.
        riassegnate: for each attendance, whether it holds its hours.
        now: the platform's instant.
    """
    if not riassegnate:
        return
    contesto = await queries.leggi_contesto(session, [])
    lavori, contesto = await _lavori_riassegnati(session, riassegnate, [], contesto, now=now)
    await allinea_lavori(session, lavori, contesto, now=now)


async def prepara_attese(session: AsyncSession, progetto_id: UUID, altri: Sequence[Conto], *, now: datetime) -> None:
    """Lock the points that wait for a fund with their accounts and some others, before the fund moves.

    Args:
        session: the transaction.
        progetto_id: the project.
        altri: the accounts that the coming movement touches.
        now: the platform's instant.
    """
    letti = await queries.blocca_in_attesa(session, progetto_id, IN_ATTESA_PER_VOLTA)
    await queries_registro.apri_conti(session, altri, now=now)
    conti = {letto.conto.conto_id for letto in letti if letto.conto is not None} | {c.conto_id for c in altri}
    await queries_registro.blocca_saldi(session, list(conti))


async def avanza_attese(session: AsyncSession, progetto_id: UUID, *, now: datetime) -> int:
    """Post the points that wait for a project's fund, in order of confirmation, as far as the fund reaches.

    Args:
        session: the transaction.
        progetto_id: the project.
        now: the platform's instant.

    Returns:
        How many attendances were credited.
    """
    fatti = 0
    while True:
        letti = await queries.blocca_in_attesa(session, progetto_id, IN_ATTESA_PER_VOLTA)
        fondo = Conto(Libro.PUNTI, TipoConto.FONDO, str(progetto_id), progetto_id)
        conti = [letto.conto for letto in letti if letto.conto is not None]
        if not conti:
            return fatti
        saldi = await queries_registro.blocca_saldi(session, [fondo.conto_id, *{c.conto_id for c in conti}])
        resta = saldi.get(fondo.conto_id, 0)
        schede = []
        for letto in letti:
            manca = letto.dovuto_cent - letto.concesso_cent
            if manca > resta:
                break
            resta -= manca
            spettanza = Spettanza(letto.dovuto_cent, StatoAccredito.ACCREDITATO)
            scheda = scheda_di(Lavoro(letto.presenza, None, letto, spettanza))
            scheda.conto, scheda.fondo, scheda.da_accreditare_cent = letto.conto, letto.fondo, manca
            schede.append(scheda)
        await registra_e_scrivi(session, schede, [], con_coda=frozenset(), now=now)
        fatti += len(schede)
        if len(schede) < len(letti) or len(letti) < IN_ATTESA_PER_VOLTA:
            return fatti


async def avanza_tutte_le_attese(session: AsyncSession, *, now: datetime) -> int:
    """Post what waits in every project whose fund holds something; returns how many attendances were credited."""
    return sum([await avanza_attese(session, p, now=now) for p in await queries.progetti_in_attesa(session)])


async def recupera_punti(session: AsyncSession, *, now: datetime) -> int:
    """Take back, from accounts that hold something again, points that had been reversed after they were spent.

    Args:
        session: the transaction.
        now: the platform's instant.

    Returns:
        How many recoveries advanced.
    """
    recuperi = await queries_recuperi.blocca_recuperi_possibili(session, RECUPERI_PER_VOLTA)
    conti = await queries_registro.conti_per_id(session, list({i for r in recuperi for i in (r.conto_id, r.fondo_id)}))
    saldi = await queries_registro.blocca_saldi(session, list({r.conto_id for r in recuperi}))
    movimenti = []
    for recupero in recuperi:
        importo = min(recupero.residuo_cent, saldi[recupero.conto_id])
        if importo <= 0:
            continue
        saldi[recupero.conto_id] -= importo
        recupero.residuo_cent -= importo
        recupero.movimenti += 1
        movimenti.append(
            componi_movimento(
                libro=Libro.PUNTI,
                causa=Causa.RECUPERO,
                chiave=f"recupero:{recupero.recupero_id}:{recupero.movimenti}",
                righe=sposta(conti[recupero.conto_id], conti[recupero.fondo_id], importo),
                accaduto_il=now,
                dettaglio={"presenza_id": str(recupero.presenza_id)},
            )
        )
    await session.flush()
    await registra(session, movimenti, now=now)
    return len(movimenti)


async def _porta_a_termine(session: AsyncSession, lavori: list[Lavoro], contesto: Contesto, *, now: datetime) -> None:
    if not lavori:
        return
    if contesto.limiti:
        await applica_limiti_ai_lavori(session, lavori, contesto.limiti, now=now)
    riassegnate = await ore.assegna_presenze(
        session,
        [ore.Richiesta(lavoro.presenza, lavoro.dovuto, lavoro.precedente is not None) for lavoro in lavori],
        contese=contesto.contese,
        now=now,
    )
    lavori, contesto = await _lavori_riassegnati(session, riassegnate, lavori, contesto, now=now)
    await allinea_lavori(session, lavori, contesto, now=now)


async def _lavori_riassegnati(
    session: AsyncSession, riassegnate: dict[UUID, bool], lavori: list[Lavoro], contesto: Contesto, *, now: datetime
) -> tuple[list[Lavoro], Contesto]:
    """Fold the outcome of the arbitration in: who lost its hours is due nothing, who got them back is due again.

    Who got them back passes the limits like everybody; whom a limit refuses frees the hours, that are arbitrated again.
    """
    per_presenza = {lavoro.presenza.presenza_id: lavoro for lavoro in lavori}
    while riassegnate:
        altre = [presenza_id for presenza_id in riassegnate if presenza_id not in per_presenza]
        letti = await queries.blocca_accrediti(session, altre)
        if letti:
            intorno = await queries.leggi_contesto(session, [letto.presenza for letto in letti.values()])
            contesto = replace(
                contesto,
                contratti=contesto.contratti | intorno.contratti,
                con_coda=contesto.con_coda | intorno.con_coda,
            )
        for presenza_id, letto in letti.items():
            per_presenza[presenza_id] = Lavoro(letto.presenza, None, letto, valuta(letto.presenza, contesto.tariffe))
        riprese: dict[UUID, Lavoro] = {}
        for presenza_id, ha_le_ore in riassegnate.items():
            lavoro = per_presenza.get(presenza_id)
            if lavoro is None:
                continue
            if not ha_le_ore:
                if lavoro.dovuto:
                    lavoro.spettanza = Spettanza(
                        0, StatoAccredito.ORA_GIA_PAGATA, "le stesse ore sono già pagate altrove"
                    )
            elif presenza_id in letti or lavoro.spettanza.stato is StatoAccredito.ORA_GIA_PAGATA:
                lavoro.spettanza = valuta(lavoro.presenza, contesto.tariffe)
                riprese[presenza_id] = lavoro
        if not (riprese and contesto.limiti):
            break
        decisi = [lavoro for presenza_id, lavoro in per_presenza.items() if presenza_id not in riprese]
        rifiutati = await applica_limiti_ai_lavori(
            session, list(riprese.values()), contesto.limiti, now=now, gia_decisi=decisi
        )
        riassegnate = await ore.assegna_presenze(
            session,
            [ore.Richiesta(r.presenza, dovuta=False, gia_nota=True) for r in rifiutati],
            contese=frozenset(),
            now=now,
        )
    return list(per_presenza.values()), contesto
