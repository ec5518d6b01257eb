"""What the points do: a donation to the pool, reductions that ALER confirms, cuts or refuses, the Distinta settled."""

from functools import partial
from typing import Any

from scenari.lunattiva import percorso, piano
from scenari.lunattiva.quartiere import ALER, Lunetta
from scenari.toolkit import Stage

DONATRICE = 90
"""A household without arrears: what it earns it can only give."""
DONATI_CENT, RIPARTITI_CENT = 60_00, 25_00
RIDUZIONE_CENT, PARZIALE_CENT = 60_00, 35_00
NUCLEI = range(10)
PARZIALE, RESPINTA = 8, 9


async def dona(stage: Stage, lunetta: Lunetta) -> None:
    """A household gives to the pool; an act shares a part of it out."""
    await stage.at("2019-07-05T16:00:00")
    gift = {
        "importo": piano.euro(DONATI_CENT),
        "a_progetto_id": lunetta.progetto_id,
        "da_nucleo_id": lunetta.nuclei[DONATRICE],
    }
    await lunetta.sportello.post("puntiluna", "/donazioni", gift, step="donazione Solidal")
    act = {
        "atto": "Determina 92/2019 (sintetica)",
        "quote": [{"nucleo_id": lunetta.nuclei[1], "importo": piano.euro(RIPARTITI_CENT)}],
    }
    await lunetta.ufficio.post("puntiluna", f"/progetti/{lunetta.progetto_id}/ripartizioni", act, step="ripartizione")


async def riduci(stage: Stage, lunetta: Lunetta) -> None:
    """Ten households reserve a reduction; ALER pulls and answers; the Comune settles the Distinta of the month."""
    await stage.at("2019-07-08T16:00:00")
    await stage.gather("riduzioni", [partial(_reserve, lunetta, number) for number in NUCLEI])
    await stage.at("2019-07-15T08:00:00")
    pulled = await lunetta.aler.post("puntiluna", "/lotti", step="lotto")
    batch = pulled["lotto"]
    await stage.at("2019-07-25T11:00:00")
    answers = {"righe": [_answer(row) for row in batch["righe"]]}
    await lunetta.aler.post("puntiluna", f"/lotti/{batch['lotto_id']}/risposte", answers, step="risposte")
    await stage.at("2019-08-05T10:00:00")
    group = {"ente_proprietario": ALER, "periodo": "2019-07", "progetto_id": lunetta.progetto_id}
    distinta = await lunetta.ufficio.post("puntiluna", "/distinte", group, step="distinta")
    path = f"/distinte/{distinta['distinta_id']}"
    await lunetta.tesoreria.post("puntiluna", f"{path}/approvazione", step="approvazione")
    order = {"atto": "Mandato 1040/2019 (sintetico)"}
    await lunetta.tesoreria.post("puntiluna", f"{path}/liquidazione", order, step="liquidazione")
    stage.step("distinta liquidata")


async def _reserve(lunetta: Lunetta, number: int) -> None:
    body = {
        "ente_proprietario": ALER,
        "contratto_codice": piano.contratto(number),
        "importo": piano.euro(RIDUZIONE_CENT),
    }
    path = f"/nuclei/{lunetta.nuclei[number]}/riduzioni"
    await lunetta.sportello.post("puntiluna", path, body, step=f"riduzione {number}")


def _answer(row: dict[str, Any]) -> dict[str, Any]:
    """Answer a line: one is cut, one is refused, the others are confirmed whole."""
    line = {"protocollo": row["protocollo"], "riferimento": f"ALER-{row['protocollo']}"}
    if row["contratto_codice"] == piano.contratto(PARZIALE):
        return line | {"esito": "parziale", "importo": piano.euro(PARZIALE_CENT)}
    if row["contratto_codice"] == piano.contratto(RESPINTA):
        return line | {"esito": "respinta", "motivo": "contenzioso"}
    return line | {"esito": "confermata"}


async def confronta(stage: Stage, lunetta: Lunetta) -> None:
    """Compare reductions, pool, Distinta, statements and the register itself."""
    whole = len(NUCLEI) - 2
    confirmed = whole * RIDUZIONE_CENT + PARZIALE_CENT
    figures = await lunetta.cifre()
    assert figures is not None
    distinte = [row for row in await lunetta.tesoreria.items("puntiluna", "/distinte") if row["periodo"] == "2019-07"]
    stage.section("riduzioni della morosita' e distinta")
    stage.expect("quote di indennita' liquidate", piano.euro(percorso.QUOTA_CENT), figures["quote_liquidate"])
    stage.expect("nessun punto resta prenotato", "0.00", figures["prenotati"])
    stage.expect("fondo Solidal", piano.euro(DONATI_CENT - RIPARTITI_CENT), figures["saldo_solidale"])
    stage.expect("distinte di luglio", 1, len(distinte))
    stage.expect("distinta liquidata ad ALER", "liquidata", distinte[0]["stato"])
    stage.expect("righe della distinta", whole + 2, distinte[0]["righe"])
    stage.expect("totale della distinta", piano.euro(confirmed + percorso.QUOTA_CENT), distinte[0]["totale"])
    empty = await lunetta.aler.request("POST", "puntiluna", "/lotti")
    stage.expect("altri lotti da prelevare", None, empty.body["lotto"])
    await _compare_statements(stage, lunetta)
    await _compare_register(stage)


async def _compare_statements(stage: Stage, lunetta: Lunetta) -> None:
    async def statement(number: int) -> dict[str, Any]:
        read: dict[str, Any] = await lunetta.sportello.get(
            "puntiluna", f"/nuclei/{lunetta.nuclei[number]}/estratto-conto"
        )
        return read

    refused, cut, gave = await statement(RESPINTA), await statement(PARZIALE), await statement(DONATRICE)
    stage.expect("respinta: i punti tornano", "0.00", refused["spesi"])
    stage.expect("respinta: lo stato della riduzione", ["respinta"], [row["stato"] for row in refused["riduzioni"]])
    stage.expect("confermata in parte", piano.euro(PARZIALE_CENT), cut["spesi"])
    stage.expect("donati a Solidal", piano.euro(DONATI_CENT), gave["donati"])
    stage.expect("chi non ha morosita' puo' solo donare", "0.00", gave["saldo"])
    resident = stage.actor("residente", subject="residente.lunetta")
    mine = await resident.get("puntiluna", f"/nuclei/{lunetta.nuclei[0]}/estratto-conto")
    arrears = mine["morosita"][0]
    reduced = RIDUZIONE_CENT + percorso.QUOTA_CENT
    before = piano.debito_cent(0)
    stage.expect("il residente: morosita' prima", piano.euro(before), arrears["iniziale"])
    stage.expect("il residente: ridotta di punti e quota", piano.euro(reduced), arrears["ridotto"])
    stage.expect("il residente: morosita' dopo", piano.euro(before - reduced), arrears["residuo"])


async def _compare_register(stage: Stage) -> None:
    operations = stage.actor("operazioni", subject="operazioni.prova")

    async def sealed() -> bool:
        state = await operations.get("puntiluna", "/registro")
        return all(book["non_sigillati"] == 0 for book in state["libri"])

    await stage.until("ogni movimento sigillato", sealed)
    check = await operations.get("puntiluna", "/registro/verifica")
    stage.expect("il registro e' in ordine", True, check["in_ordine"])
