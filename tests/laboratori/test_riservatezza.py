"""What is told of a person leaves no trace where it must not: canaries are planted and searched for."""

import io
import logging
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.logs import JsonFormatter
from tests.laboratori.esempi import (
    attivita,
    codice_fiscale,
    da_operatrice,
    laboratorio,
    nucleo,
    presenza,
    tipo,
)
from tests.support.service import ServiceUnderTest

NOME, COGNOME, TELEFONO = "Zyxcanarino", "Qwvcanarini", "+39 999 8887776"
NASCITA = "1971-05-10"
CODICE = codice_fiscale("QWVZYX71E10E897")
CANARINI = (NOME, COGNOME, CODICE, CODICE.lower(), NASCITA, TELEFONO, "8887776")
CONDIZIONE = "vittima_di_violenza"


@pytest.fixture
def diario() -> Any:
    """Everything the process logs, from debug up, as its JSON lines."""
    buffer = io.StringIO()
    handler = logging.StreamHandler(buffer)
    handler.setFormatter(JsonFormatter("laboratori"))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield buffer
    root.removeHandler(handler)
    root.setLevel(before)


async def righe_di(servizio: ServiceUnderTest, *tabelle: str) -> str:
    async with servizio.transaction() as session:
        righe = [
            str(riga)
            for tabella in tabelle
            for riga in await session.execute(sa.text(f"SELECT {tabella}::text FROM {tabella}"))
        ]
    assert righe
    return "\n".join(righe)


async def test_nothing_that_names_a_person_reaches_events_register_or_logs(
    laboratori: ServiceUnderTest, diario: io.StringIO
) -> None:
    lab, altro = await laboratorio(laboratori), await laboratorio(laboratori, operatori=["estranea"])
    scheda = {
        "nome": NOME,
        "cognome": COGNOME,
        "data_nascita": NASCITA,
        "codice_fiscale": CODICE,
        "telefono": TELEFONO,
    }
    percorso = f"/v1/laboratori/{lab}/persone"
    chi = (await da_operatrice(laboratori, "POST", percorso, scheda)).json()["persona_id"]
    rifiuti = [
        await da_operatrice(laboratori, "POST", percorso, scheda),
        await da_operatrice(laboratori, "POST", percorso, scheda | {"codice_fiscale": None}),
        await da_operatrice(laboratori, "POST", percorso, scheda | {"codice_fiscale": CODICE[:15] + "?"}),
        await da_operatrice(laboratori, "POST", percorso, scheda | {"data_nascita": "1971-05-11"}),
        await da_operatrice(laboratori, "POST", f"/v1/laboratori/{altro}/persone", scheda),
        await da_operatrice(laboratori, "GET", f"/v1/persone/{chi}", sub="estranea"),
        await da_operatrice(
            laboratori,
            "POST",
            f"/v1/laboratori/{altro}/prese-in-carico",
            {"persona_id": chi, "data_nascita": "1971-05-11"},
            sub="estranea",
        ),
    ]
    assert all(r.status_code >= 400 for r in rifiuti)
    for rifiuto in rifiuti:
        assert not [canarino for canarino in CANARINI if canarino in rifiuto.text], rifiuto.text
    casa = await nucleo(laboratori, lab, chi)
    await da_operatrice(laboratori, "POST", f"/v1/laboratori/{lab}/prese-in-carico", {"persona_id": chi})
    consenso = {"tipo": "categorie_particolari", "stato": "dato", "testo_versione": "V1"}
    await da_operatrice(laboratori, "POST", f"/v1/persone/{chi}/consensi", consenso)
    condizioni = {"esito": "presenti", "condizioni": [CONDIZIONE], "principale": CONDIZIONE}
    assert (await da_operatrice(laboratori, "PUT", f"/v1/persone/{chi}/condizioni", condizioni)).status_code == 200
    await da_operatrice(laboratori, "POST", "/v1/persone/ricerche", {"codice_fiscale": CODICE, "testo": COGNOME})
    cosa = await attivita(laboratori, lab)
    presenza_id = await presenza(laboratori, cosa, chi)
    for coda, corpo in (
        ("conferma", None),
        ("rettifica", {"inizio": "2019-11-18T08:00:00Z", "fine": "2019-11-18T09:00:00Z", "motivo": "x"}),
        ("annullamento", {"motivo": "x"}),
    ):
        fatto = await da_operatrice(laboratori, "POST", f"/v1/presenze/{presenza_id}/{coda}", corpo)
        assert fatto.status_code == 200
    elenco = {"nuclei": [{"membri": [{"persona": scheda, "dal": "2019-01-01"}]}]}
    respinto = await da_operatrice(laboratori, "POST", f"/v1/laboratori/{lab}/nuclei/elenco", elenco)
    assert tipo(respinto) == "elenco-respinto"
    eventi = [e for e in await laboratori.emitted() if e.get("persona_id") == chi or e.get("nucleo_id") == casa]
    assert len(eventi) >= 5

    dove = {
        "refusal of a list": respinto.text,
        "events and register": await righe_di(laboratori, "outbox", "registro_accessi"),
        "metrics": (await laboratori.get("/metrics")).text,
        "logs": diario.getvalue(),
    }
    assert dove["logs"]
    for luogo, testo in dove.items():
        assert not [canarino for canarino in (*CANARINI, CONDIZIONE) if canarino in testo], luogo


async def test_an_error_of_the_database_is_logged_without_the_values_it_repeats(
    laboratori: ServiceUnderTest, diario: io.StringIO
) -> None:
    lab = await laboratorio(laboratori)
    corpo = {"nome": NOME, "cognome": "Guastatori", "data_nascita": "1970-02-02"}
    await da_operatrice(laboratori, "POST", f"/v1/laboratori/{lab}/persone", corpo)
    try:
        async with laboratori.transaction() as session:
            await session.execute(sa.text("UPDATE persona SET stato = 'unita' WHERE nome = :nome"), {"nome": NOME})
    except sa.exc.IntegrityError:
        logging.getLogger("prova").exception("unforeseen")
    righe = [riga for riga in diario.getvalue().splitlines() if "unforeseen" in riga]
    assert len(righe) == 1
    assert "DETAIL: (omesso)" in righe[0]
    assert NOME not in righe[0]
    assert "Guastatori" not in righe[0]
