"""Canaries: no name, tax code, account number or condition leaves the service in events, logs, URLs or metrics."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis import tables
from chassis.ids import uuid7
from chassis.logs import JsonFormatter
from chassis.peers import Anagrafica
from tests.inclusione.storia import Storia, ok

LUNEDI = datetime(2019, 3, 4, 8, tzinfo=UTC)
IBAN, COMUNE = "IT60X0542811101000000123456", "FR1420041010050500013M02606"
CANARINI = ("Canarina", "Canarinetti", "CNRCRN80A41F205X", "0542811101", "41010050500013M", "1980-01-01")
CONDIZIONE = "disabilita"


class Registro:
    """Stands for laboratori, and tells more than is needed."""

    async def names_of(self, people: Sequence[UUID], *, purpose: str) -> dict[UUID, Anagrafica]:
        """The whole identity of each person."""
        del purpose
        nascita = datetime(1980, 1, 1, tzinfo=UTC).date()
        return {
            persona: Anagrafica(persona, "Canarina", "Canarinetti", nascita, "CNRCRN80A41F205X") for persona in people
        }


async def test_what_identifies_a_person_stays_in_the_files_made_for_them(
    storia: Storia, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole story, from enrolment to payment file and certificate; then everything that leaves is searched."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(storia.servizio.app.state, "identita", Registro(), raising=False)
    await storia.apri()
    persona_id = uuid7()
    await storia.nucleo(persona_id)
    pip = await storia.attivo(await storia.iscrivi(persona_id), FORMAZIONE=4)
    corpo = {
        "pip_id": pip["pip_id"],
        "metodo": "spid",
        "incolpevole": {"da": storia.capofila, "il": "2019-03-01"},
    }
    ok(await storia.patto(**corpo))
    await storia.convalida(pip["pip_id"], *(storia.ora(LUNEDI + timedelta(days=giorno)) for giorno in range(4)))
    ok(await storia.op("PUT", f"/persone/{persona_id}/iban", json={"iban": IBAN}), 200)
    rifiutato = await storia.op("PUT", f"/persone/{persona_id}/iban", json={"iban": IBAN[:-1]})
    assert rifiutato.status_code == 422
    ok(await storia.op("GET", f"/persone/{persona_id}/iban"), 200)
    linea = f"/linee/{storia.progetto_id}"
    lotto = ok(await storia.comune("POST", f"{linea}/lotti", json={"fino_al": "2019-03-31", "atto": "Det. 1"}))
    percorso = f"{linea}/lotti/{lotto['lotto_id']}/flussi"
    flusso = ok(
        await storia.comune("POST", percorso, json={"debitore": "Comune", "iban": COMUNE, "esecuzione": "2019-04-02"})
    )
    file = await storia.comune("GET", f"{percorso}/{flusso['flusso_id']}/pain001")
    assert b"Canarina Canarinetti" in file.content, "the canary must be where it belongs, or it proves nothing"
    assert IBAN.encode() in file.content
    domanda = ok(
        await storia.op(
            "POST",
            f"{linea}/rimborsi",
            json={"misura_codice": storia.misura, "dal": "2019-03-01", "al": "2019-03-31"},
        )
    )
    attestato = ok(
        await storia.op("POST", "/attestati", json={"pip_id": pip["pip_id"], "servizio_codice": "FORMAZIONE"})
    )
    pdf = await storia.op("GET", f"/attestati/{attestato['attestato_id']}/pdf")
    assert pdf.status_code == 200
    usciti = {
        "events": str(await storia.servizio.emitted()),
        "logs": "\n".join(JsonFormatter("inclusione").format(record) for record in caplog.records),
        "metrics": (await storia.servizio.get("/metrics")).text,
        "public check": (await storia.servizio.get(f"/v1/attestati/verifica/{attestato['codice']}")).text,
        "claim": (await storia.op("GET", f"/rimborsi/{domanda['domanda_id']}/righe.csv")).text,
        "batch": (await storia.comune("GET", percorso)).text + str(flusso) + str(lotto),
        "refusal": rifiutato.text,
        "kept": await _conservato(storia),
    }
    assert all(usciti[dove] for dove in ("events", "metrics", "kept"))
    trovati = [
        (dove, canarino)
        for dove, testo in usciti.items()
        for canarino in (*CANARINI, CONDIZIONE)
        if canarino.lower() in testo.lower()
    ]
    assert not trovati


async def _conservato(storia: Storia) -> str:
    """Every row of every table of the service, idempotent answers and access register too."""
    async with storia.servizio.transaction() as session:
        nomi = (await session.scalars(sa.text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))).all()
        assert tables.access_register.name in nomi
        righe: list[str] = []
        for nome in nomi:
            righe += (await session.scalars(sa.text(f'SELECT t::text FROM "{nome}" t'))).all()
    return "\n".join(righe)
