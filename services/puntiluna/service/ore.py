"""The arbiter of paid person-hours, between attendances and validated training hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import uuid7
from chassis.outbox import emit
from services.puntiluna.events import OraGiaPagata, OraLiberata
from services.puntiluna.queries import ore as queries
from services.puntiluna.queries.ore import OraDaScrivere, OraLetta
from services.puntiluna.rules.accrediti import Presenza
from services.puntiluna.rules.ore import Fonte, Pretesa, StatoOra, arbitra


@dataclass(frozen=True, slots=True)
class Richiesta:
    """An attendance that wants its hours (`dovuta`), or wants them no more."""

    presenza: Presenza
    dovuta: bool
    gia_nota: bool


@dataclass(frozen=True, slots=True)
class OreValidate:
    """Validated training hours as told by inclusione; only paid ones claim their hours."""

    ore_id: UUID
    versione: int
    persona_id: UUID
    inizio: datetime
    fine: datetime
    pagate: bool
    annullate: bool
    validate_il: datetime


async def assegna_presenze(
    session: AsyncSession, richieste: Sequence[Richiesta], *, contese: frozenset[UUID], now: datetime
) -> dict[UUID, bool]:
    """Claim, move or free the hours of attendances; persons are already locked.

    Args:
        session: the transaction.
        richieste: the attendances under evaluation.
        contese: persons with other claims in the same time.
        now: the platform's instant.

    Returns:
        For the attendances touched by an arbitration (also others than these), whether they hold their hours.
    """
    da_arbitrare = set(contese) | _sovrapposte(richieste)
    da_arbitrare |= {r.presenza.persona_id for r in richieste if r.gia_nota}
    semplici = []
    da_valutare = []
    for richiesta in richieste:
        presenza = richiesta.presenza
        if presenza.inizio >= presenza.fine:
            continue
        if presenza.persona_id in da_arbitrare:
            stato = StatoOra.CEDUTA if richiesta.dovuta else StatoOra.ANNULLATA
            da_valutare.append(_da_scrivere(presenza, stato))
        elif richiesta.dovuta:
            semplici.append(_da_scrivere(presenza, StatoOra.PAGATA))
    await queries.scrivi_ore(session, [*semplici, *da_valutare], now=now)
    if not da_valutare:
        return {}
    return await riassegna(session, sorted(da_arbitrare), now=now)


async def riserva_ore(session: AsyncSession, validate: OreValidate, *, now: datetime) -> dict[UUID, bool]:
    """Claim or free the hours of a training; the person is already locked.

    Args:
        session: the transaction.
        validate: the hours; only what is newer than what is known counts.
        now: the platform's instant.

    Returns:
        For the attendances touched by the arbitration, whether they hold their hours.
    """
    nota = await queries.ora_della_fonte(session, Fonte.ORE, validate.ore_id)
    if nota is not None and nota.versione_fonte >= validate.versione:
        return {}
    if validate.inizio >= validate.fine:
        return {}
    stato = StatoOra.CEDUTA if validate.pagate else StatoOra.ANNULLATA
    if nota is not None and nota.stato is StatoOra.RINUNCIATA and not validate.annullate:
        # Without an allowance because it was told to yield: it still claims, should the other one go.
        stato = StatoOra.RINUNCIATA
    pretesa = Pretesa(Fonte.ORE, validate.ore_id, validate.inizio, validate.fine, validate.validate_il)
    da_scrivere = OraDaScrivere(uuid7(), validate.versione, validate.persona_id, stato, pretesa)
    await queries.scrivi_ore(session, [da_scrivere], now=now)
    persone = {validate.persona_id} | ({nota.persona_id} if nota is not None else set())
    return await riassegna(session, sorted(persone), now=now)


async def riassegna(session: AsyncSession, persone: Sequence[UUID], *, now: datetime) -> dict[UUID, bool]:
    """Arbitrate all the claims of some persons again and write what changed.

    Args:
        session: the transaction; the persons are already locked.
        persone: the persons.
        now: the platform's instant.

    Returns:
        For the attendances that changed, whether they hold their hours.
    """
    lette = await queries.pretese_delle_persone(session, persone)
    cambi: list[tuple[UUID, StatoOra, UUID | None]] = []
    eventi: list[OraGiaPagata | OraLiberata] = []
    presenze: dict[UUID, bool] = {}
    for persona in persone:
        sue = [ora for ora in lette if ora.persona_id == persona]
        esito = arbitra([ora.pretesa for ora in sue])
        for ora in sue:
            chi = esito[ora.pretesa.fonte_id]
            if ora.pretesa.fonte is Fonte.PRESENZA:
                nuovo = StatoOra.PAGATA if chi is None else StatoOra.CEDUTA
                if (nuovo, chi) != (ora.stato, ora.pagata_da):
                    presenze[ora.pretesa.fonte_id] = chi is None
            else:
                nuovo = StatoOra.PAGATA if chi is None else StatoOra.RINUNCIATA
                eventi += _da_dire(ora, chi)
            if (nuovo, chi) != (ora.stato, ora.pagata_da):
                cambi.append((ora.ora_id, nuovo, chi))
    await queries.sposta_ore(session, cambi, now=now)
    await emit(session, *eventi, now=now)
    return presenze


def _da_dire(ora: OraLetta, chi: UUID | None) -> list[OraGiaPagata | OraLiberata]:
    """What inclusione is told of training hours: that they yield, or that they may be paid again."""
    if (chi is None) is (ora.stato is not StatoOra.RINUNCIATA):
        return []
    dati: dict[str, Any] = {
        "versione": ora.versione + 1,
        "ora_id": ora.ora_id,
        "ore_id": ora.pretesa.fonte_id,
        "persona_id": ora.persona_id,
        "inizio": ora.pretesa.inizio,
        "fine": ora.pretesa.fine,
    }
    return [OraLiberata(**dati) if chi is None else OraGiaPagata(**dati, pagata_da=chi)]


def _sovrapposte(richieste: Sequence[Richiesta]) -> set[UUID]:
    """Persons with two overlapping attendances in the same batch."""
    per_persona: dict[UUID, list[Presenza]] = {}
    for richiesta in richieste:
        if richiesta.dovuta:
            per_persona.setdefault(richiesta.presenza.persona_id, []).append(richiesta.presenza)
    trovate = set()
    for persona, presenze in per_persona.items():
        in_ordine = sorted(presenze, key=lambda p: p.inizio)
        if any(a.fine > b.inizio for a, b in pairwise(in_ordine)):
            trovate.add(persona)
    return trovate


def _da_scrivere(presenza: Presenza, stato: StatoOra) -> OraDaScrivere:
    pretesa = Pretesa(Fonte.PRESENZA, presenza.presenza_id, presenza.inizio, presenza.fine, presenza.confermata_il)
    return OraDaScrivere(uuid7(), presenza.versione, presenza.persona_id, stato, pretesa)
