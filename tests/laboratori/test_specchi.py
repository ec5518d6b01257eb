"""Mirrors of inclusione: late, repeated and out-of-order events converge to the newest."""

from itertools import permutations
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from chassis.ids import uuid7
from tests.laboratori.esempi import progetto
from tests.support.service import ServiceUnderTest


def pip(pip_id: str, versione: int, stato: str) -> tuple[str, dict[str, Any]]:
    fatto = {"attivo": "attivato", "concluso": "concluso", "rinunciato": "rinunciato"}[stato]
    return f"inclusione.pip.{fatto}.v1", {
        "pip_id": pip_id,
        "versione": versione,
        "iscrizione_id": str(uuid7()),
        "persona_id": str(uuid7()),
        "progetto_id": str(uuid7()),
        "misura_codice": "PROLORENTEGGIO",
        "stato": stato,
        "attivato_il": "2020-02-01T09:00:00Z",
        "concluso_il": None if stato == "attivo" else "2020-09-01T09:00:00Z",
        "campo_di_domani": True,
    }


async def test_a_pip_ends_as_last_told_in_whatever_order_it_is_told(laboratori: ServiceUnderTest) -> None:
    for ordine in permutations(range(3)):
        pip_id = str(uuid7())
        eventi = [pip(pip_id, 1, "attivo"), pip(pip_id, 2, "attivo"), pip(pip_id, 3, "concluso")]
        for numero in (*ordine, 0):
            await laboratori.deliver(*eventi[numero])
        async with laboratori.transaction() as session:
            righe = await session.execute(
                sa.text("SELECT stato, versione FROM percorso_pip WHERE pip_id = :id"), {"id": pip_id}
            )
            assert [tuple(riga) for riga in righe] == [("concluso", 3)]


async def test_an_enrolment_is_mirrored_as_last_judged(laboratori: ServiceUnderTest) -> None:
    corpo = {
        "iscrizione_id": str(uuid7()),
        "versione": 2,
        "persona_id": str(uuid7()),
        "progetto_id": str(uuid7()),
        "misura_codice": "PROLORENTEGGIO",
        "esito": "idoneo",
        "valutata_il": "2020-02-01T09:00:00Z",
    }
    await laboratori.deliver("inclusione.iscrizione.valutata.v1", corpo)
    await laboratori.deliver("inclusione.iscrizione.valutata.v1", corpo | {"versione": 1, "esito": "in_accertamento"})
    async with laboratori.transaction() as session:
        esito = await session.scalar(
            sa.text("SELECT esito FROM iscrizione_inclusione WHERE iscrizione_id = :id"),
            {"id": corpo["iscrizione_id"]},
        )
    assert esito == "idoneo"


async def test_an_event_without_its_form_is_refused_whole(laboratori: ServiceUnderTest) -> None:
    with pytest.raises(ValidationError):
        await laboratori.deliver("bandi.progetto.finanziato.v1", progetto(linee="nessuna"))
