"""The same facts in any order and any batches end in the same points and the same paid hours."""

import random
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis.ids import uuid7
from services.puntiluna.service.accrediti import recupera_punti
from tests.puntiluna.fatti import ADESSO, ANNULLATA, CONFERMATA, ORE, RETTIFICATA, Mondo, ore, presenza
from tests.puntiluna.modello import Evento
from tests.support.service import ServiceUnderTest

pytestmark = pytest.mark.slow

STORIE, ORDINI = 15, 3
INIZIO = ADESSO - timedelta(days=3)


def storia(seme: int, mondo: Mondo, nucleo_id: UUID) -> tuple[list[Evento], list[str]]:
    """Three attendances and two trainings of one person that overlap, some corrected, some taken back.

    The same seed gives the same story, each time with ids of its own.
    """
    caso, persona = random.Random(seme), str(uuid7())
    eventi: list[Evento] = []
    fonti: list[str] = []
    decisioni = caso.sample(range(1, 200), 5)
    for decisa in decisioni[:3]:
        corpo: dict[str, Any] = presenza(
            mondo.progetto_id,
            nucleo_id,
            persona_id=persona,
            inizio=INIZIO + timedelta(minutes=30 * caso.randint(0, 5)),
            minuti=15 * caso.randint(2, 8),
            confermata_il=(ADESSO + timedelta(minutes=decisa)).isoformat(),
        )
        fonti.append(corpo["presenza_id"])
        eventi.append((CONFERMATA, corpo, uuid7()))
        if caso.random() < 0.5:
            corpo = corpo | {"versione": 2, "minuti": 15 * caso.randint(1, 8)}
            eventi.append((RETTIFICATA, corpo, uuid7()))
        if caso.random() < 0.4:
            eventi.append((ANNULLATA, corpo | {"versione": 3, "stato": "annullata"}, uuid7()))
    for decisa in decisioni[3:]:
        inizio = INIZIO + timedelta(minutes=30 * caso.randint(0, 5))
        validate = (ADESSO + timedelta(minutes=decisa)).isoformat()
        detto = ore(persona, inizio, validate_il=validate)
        fonti.append(detto["ore_id"])
        eventi.append((ORE, detto, uuid7()))
        if caso.random() < 0.4:
            eventi.append((ORE, detto | {"versione": 2, "stato": "annullata"}, uuid7()))
    return eventi, fonti


async def fine(servizio: ServiceUnderTest, fonti: list[str]) -> list[tuple[Any, ...]]:
    """Where a story ends: of each source its points, and whether it holds its hours."""
    async with servizio.transaction() as session:
        await recupera_punti(session, now=servizio.clock.now())
        righe = await session.execute(
            sa.text(
                "SELECT f.n, a.stato AS punti, a.dovuto_cent, a.concesso_cent, "
                "CASE WHEN a.annullata THEN NULL ELSE o.stato = 'pagata' END AS ha_le_ore "
                "FROM unnest(CAST(:fonti AS uuid[])) WITH ORDINALITY AS f (id, n) "
                "LEFT JOIN accredito a ON a.presenza_id = f.id LEFT JOIN ora_pagata o ON o.fonte_id = f.id ORDER BY f.n"
            ),
            {"fonti": fonti},
        )
        return [tuple(riga) for riga in righe]


async def test_any_order_and_any_batches_end_alike(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri("10000.00")
    caso = random.Random(20201130)
    contese = 0
    for seme in range(STORIE):
        finali = []
        for _ in range(ORDINI):
            nucleo_id, _ = await mondo.nucleo_moroso()
            eventi, fonti = storia(seme, mondo, nucleo_id)
            eventi += caso.sample(eventi, 2)
            caso.shuffle(eventi)
            taglio = caso.randint(1, len(eventi))
            for parte in (eventi[:taglio], eventi[taglio:]):
                if parte:
                    await puntiluna.deliver_batch(parte)
            stati = await fine(puntiluna, fonti)
            finali.append((stati, await mondo.saldo(nucleo_id)))
        assert finali == finali[:1] * ORDINI, f"story {seme}"
        contese += any(stato[1] == "ora_gia_pagata" for stato in finali[0][0])
    assert contese > 3, "the stories must have contended hours, or nothing was compared"
