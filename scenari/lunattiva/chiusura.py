"""How the arrears of the last season were reduced: ALER answers in every way, reconciles, and is paid to the cent.

All of it is synthetic: the source stops at 30 November 2020.
"""

import hashlib
from functools import partial
from typing import Any

from scenari.lunattiva import percorso, piano, spesa
from scenari.lunattiva.quartiere import ALER, ATTESA_S, COMUNE, Lunetta
from scenari.toolkit import Stage

AUTOMATICI = range(10, 30)
"""Households whose standing choice lets their points reduce their arrears by themselves."""
A_MANO = range(30, 40)
PARZIALE, RESPINTA, TACIUTA = 30, 31, 32
DIMENTICATO = piano.NUCLEI - 1
"""A contract that ALER left out of its second snapshot."""
IBAN = {ALER: "IT60X0542811101000000123456", COMUNE: "IT13S0542811101000000123457"}
PERIODO = "2020-12"


def punti_di(nucleo: int) -> int:
    """Return what an adult's household earned by the end (hundredths)."""
    return sum(
        presenza.minuti * piano.PUNTI_ORA_CENT[una.voce] // 60
        for una in piano.attivita()
        if una.diretta
        for presenza in una.presenze
        if presenza.chi == nucleo
    )


def confermati_cent() -> int:
    """Return what ALER confirms in December: all but a half, a refusal and a silence."""
    interi = sum(punti_di(nucleo) for nucleo in (*AUTOMATICI, *A_MANO) if nucleo not in (PARZIALE, RESPINTA, TACIUTA))
    return interi + punti_di(PARZIALE) // 2


async def riduci(stage: Stage, lunetta: Lunetta) -> None:
    """ALER tells the debts anew; thirty households spend all they have, twenty of them by standing choice."""
    await stage.at("2020-12-01T09:00:00")
    await _snapshot(lunetta)
    await stage.at("2020-12-01T10:00:00")
    await stage.gather("scelte permanenti", [partial(_choose, lunetta, number) for number in AUTOMATICI])
    await stage.gather("riduzioni di dicembre", [partial(_reserve, lunetta, number) for number in A_MANO])

    async def reserved() -> bool:
        for number in AUTOMATICI:
            path = f"/nuclei/{lunetta.nuclei[number]}/estratto-conto"
            read = await lunetta.sportello.get("puntiluna", path, params={"limit": 1})
            if read["saldo"] != "0.00":
                return False
        return True

    await stage.until("le riduzioni automatiche", reserved, timeout_s=ATTESA_S)
    stage.step("riduzioni di dicembre prenotate")


async def _snapshot(lunetta: Lunetta) -> None:
    """A whole snapshot as a file: one contract left out, one that nobody has; then an older one, refused."""
    rows = [
        f"{piano.contratto(number)},{piano.euro(max(piano.debito_cent(number) - _already(number), 0))}"
        for number in range(piano.NUCLEI)
        if number != DIMENTICATO
    ]
    content = "\n".join(["contratto_codice,importo", *rows, f"{piano.SCONOSCIUTO},75.00"]) + "\n"
    await lunetta.aler.request(
        "POST",
        "puntiluna",
        "/debiti/rilevazioni/csv",
        params={"tipo": "completa", "al_giorno": "2020-11-30"},
        headers={"Content-Type": "text/csv"},
        content=content.encode(),
        step="debiti al 30 novembre",
        expected=201,
    )
    stale = {
        "tipo": "parziale",
        "al_giorno": "2020-06-30",
        "righe": [{"contratto_codice": piano.contratto(0), "importo": "1.00"}],
    }
    await lunetta.aler.request("POST", "puntiluna", "/debiti/rilevazioni", json=stale, expected=409)


def _already(number: int) -> int:
    """Return what ALER took off a contract's debt in July 2019."""
    if number == spesa.PARZIALE:
        return spesa.PARZIALE_CENT
    if number not in spesa.NUCLEI or number == spesa.RESPINTA:
        return 0
    return spesa.RIDUZIONE_CENT + (percorso.QUOTA_CENT if number == 0 else 0)


async def _choose(lunetta: Lunetta, number: int) -> None:
    path = f"/nuclei/{lunetta.nuclei[number]}/scelta-riduzioni"
    read = await lunetta.sportello.get("puntiluna", path)
    if not read["automatica"]:
        choice = {"automatica": True, "minimo": "5.00", "riserva": "0.00"}
        # Sent again after a crash it may find itself already done: 428 then says so.
        await lunetta.sportello.put("puntiluna", path, choice, expected=(200, 428))


async def _reserve(lunetta: Lunetta, number: int) -> None:
    body = {
        "ente_proprietario": ALER,
        "contratto_codice": piano.contratto(number),
        "importo": piano.euro(punti_di(number)),
    }
    path = f"/nuclei/{lunetta.nuclei[number]}/riduzioni"
    await lunetta.sportello.post("puntiluna", path, body, step=f"riduzione di dicembre {number}")


async def rispondi(stage: Stage, lunetta: Lunetta) -> dict[str, Any]:
    """ALER pulls, answers, repeats itself, contradicts itself, is silent on one line and answers it too late."""
    await stage.at("2020-12-02T08:00:00")
    batch: dict[str, Any] = (await lunetta.aler.post("puntiluna", "/lotti", step="lotto di dicembre"))["lotto"]
    path = f"/lotti/{batch['lotto_id']}/risposte"
    await stage.at("2020-12-10T11:00:00")
    answers = [_answer(row) for row in batch["righe"] if row["contratto_codice"] != piano.contratto(TACIUTA)]
    body = {"impronta": batch["impronta"], "righe": answers}
    await lunetta.aler.post("puntiluna", path, body, step="risposte di dicembre")
    await lunetta.aler.post("puntiluna", path, body, step="le stesse risposte, di nuovo")
    refused = next(row for row in batch["righe"] if row["contratto_codice"] == piano.contratto(RESPINTA))
    second_thoughts = {"righe": [{"protocollo": refused["protocollo"], "esito": "confermata"}]}
    await lunetta.aler.post("puntiluna", path, second_thoughts, step="ripensamento")
    forged = {"impronta": "0" * 64, "righe": answers[:1]}
    await lunetta.aler.request("POST", "puntiluna", path, json=forged, expected=409)
    await stage.at("2021-02-05T09:00:00")

    async def expired() -> bool:
        read = await lunetta.aler.get("puntiluna", f"/lotti/{batch['lotto_id']}")
        return all(row["stato"] != "prenotata" for row in read["righe"])

    await stage.until("la riga senza risposta scade", expired, timeout_s=ATTESA_S)
    silent = next(row for row in batch["righe"] if row["contratto_codice"] == piano.contratto(TACIUTA))
    late = {"righe": [{"protocollo": silent["protocollo"], "esito": "confermata"}]}
    await lunetta.aler.post("puntiluna", path, late, step="risposta tardiva")
    stage.step("ALER ha risposto in ogni modo")
    return batch


def _answer(row: dict[str, Any]) -> dict[str, Any]:
    line = {"protocollo": row["protocollo"], "riferimento": f"ALER-2020-{row['protocollo']}"}
    if row["contratto_codice"] == piano.contratto(PARZIALE):
        return line | {"esito": "parziale", "importo": piano.euro(punti_di(PARZIALE) // 2)}
    if row["contratto_codice"] == piano.contratto(RESPINTA):
        return line | {"esito": "respinta", "motivo": "contratto_cessato"}
    return line | {"esito": "confermata"}


async def riconcilia(stage: Stage, lunetta: Lunetta, batch: dict[str, Any]) -> str:
    """ALER sends what its own books say, with the late line in and one amount wrong; return the reconciliation."""
    await stage.at("2021-02-06T09:00:00")
    rows = [
        {
            "protocollo": row["protocollo"],
            "contratto_codice": row["contratto_codice"],
            "importo": row["importo"],
        }
        for row in batch["righe"]
        if row["contratto_codice"] != piano.contratto(RESPINTA)
    ]
    body = {"dal": "2020-12-01", "al": "2021-02-06", "righe": rows}
    done = await lunetta.aler.post("puntiluna", "/riconciliazioni", body, step="riconciliazione")
    return str(done["riconciliazione_id"])


async def paga(stage: Stage, lunetta: Lunetta) -> None:
    """The office composes, the treasury approves, orders the transfer and settles."""
    await stage.at("2021-02-08T10:00:00")
    registry = stage.actor("amministratore", subject="anagrafe.enti")
    for actor, ente, nome in (
        (registry, ALER, "ALER Brescia Cremona Mantova"),
        (registry, COMUNE, "Comune di Mantova"),
    ):
        answer = await actor.request("GET", "puntiluna", f"/enti/{ente}", expected=(200, 404))
        if answer.status == 404:
            account = {"nome": nome, "iban": IBAN[ente]}
            await actor.put("puntiluna", f"/enti/{ente}", account, expected=(200, 428))
    group = {"ente_proprietario": ALER, "periodo": PERIODO}
    distinta = await lunetta.ufficio.post("puntiluna", "/distinte", group, step="distinta di dicembre")
    path = f"/distinte/{distinta['distinta_id']}"
    await lunetta.tesoreria.post("puntiluna", f"{path}/approvazione", step="approvazione di dicembre")
    await lunetta.tesoreria.post("puntiluna", f"{path}/pagamento", {"esecuzione": "2021-02-10"}, step="pagamento")
    await stage.at("2021-02-10T12:00:00")
    order = {"atto": "Mandato 77/2021 (sintetico)"}
    await lunetta.tesoreria.post("puntiluna", f"{path}/liquidazione", order, step="liquidazione di dicembre")
    stage.step("ALER pagata")


async def confronta(stage: Stage, lunetta: Lunetta, batch: dict[str, Any], riconciliazione_id: str) -> None:
    """Compare batch, answers, reconciliation, payment, lineage and totals."""
    stage.section("dicembre 2020: ALER risponde in ogni modo")
    snapshot = (await lunetta.aler.get("puntiluna", "/debiti/rilevazioni"))["items"][0]
    stage.expect("contratti non comunicati", 1, snapshot["non_comunicate"])
    unmatched = await lunetta.aler.items("puntiluna", "/debiti/non-abbinati")
    stage.expect("contratti non abbinati", [piano.SCONOSCIUTO], [row["contratto_codice"] for row in unmatched])
    text = [f"{ALER}|{batch['numero']}"]
    text += [f"{row['protocollo']}|{row['contratto_codice']}|{row['importo']}" for row in batch["righe"]]
    stage.expect(
        "impronta del lotto ricalcolata", batch["impronta"], hashlib.sha256("\n".join(text).encode()).hexdigest()
    )
    stage.expect("lotto firmato", 3, len(batch["firma"].split(".")))
    read = await lunetta.aler.get("puntiluna", f"/lotti/{batch['lotto_id']}")
    states = [row["stato"] for row in read["righe"]]
    stage.expect("righe", len(AUTOMATICI) + len(A_MANO), len(states))
    stage.expect("confermate e pagate", len(AUTOMATICI) + len(A_MANO) - 2, states.count("liquidata"))
    stage.expect("respinte", 1, states.count("respinta"))
    stage.expect("scadute senza risposta", 1, states.count("scaduta"))
    stage.expect("confermato", piano.euro(confermati_cent()), _somma(row["confermato"] for row in read["righe"]))
    path = f"/riconciliazioni/{riconciliazione_id}/differenze"
    found = await lunetta.aler.items("puntiluna", path)
    stage.expect(
        "differenze con l'atto proposto",
        ["correggi_importo", "prenota_di_nuovo"],
        sorted(row["atto_proposto"] for row in found),
    )
    await _compare_money(stage, lunetta)


async def _compare_money(stage: Stage, lunetta: Lunetta) -> None:
    """The same cents in landlord's lines, Distinte, bank file, fund and ledger."""
    stage.section("i totali tornano al centesimo")
    distinte = {row["periodo"]: row for row in await lunetta.tesoreria.items("puntiluna", "/distinte")}
    luglio = (len(spesa.NUCLEI) - 2) * spesa.RIDUZIONE_CENT + spesa.PARZIALE_CENT
    december = distinte[PERIODO]
    stage.expect("distinta di dicembre", piano.euro(confermati_cent()), december["totale"])
    stage.expect("composta e approvata da due persone", True, december["composta_da"] != december["approvata_da"])
    transfer = await lunetta.tesoreria.get("puntiluna", f"/distinte/{december['distinta_id']}/pagamento")
    file = await lunetta.tesoreria.request("GET", "puntiluna", f"/distinte/{december['distinta_id']}/pagamento.xml")
    stage.expect("bonifico", december["totale"], transfer["importo"])
    stage.expect("file per la banca", transfer["impronta"], hashlib.sha256(file.content).hexdigest())
    figures = await lunetta.cifre()
    assert figures is not None
    totale = luglio + confermati_cent()
    stage.expect("punti liquidati nelle cifre del progetto", piano.euro(totale), figures["liquidati"])
    where = await lunetta.ufficio.get("puntiluna", f"/progetti/{lunetta.progetto_id}/fondo/destinazioni")
    paid = {row["dove"]: row["importo"] for row in where["destinazioni"]}
    stage.expect("ogni punto emesso ha la sua destinazione", "17891.00", where["totale"])
    stage.expect("liquidati secondo la provenienza", piano.euro(totale), paid["liquidati"])
    stage.expect("nessun punto sospeso", None, paid.get("prenotati") or paid.get("confermati"))
    pdf = await lunetta.sportello.request(
        "GET", "puntiluna", f"/nuclei/{lunetta.nuclei[AUTOMATICI[0]]}/estratto-conto.pdf"
    )
    stage.expect("estratto conto stampato", "application/pdf", pdf.headers["content-type"])


def _somma(importi: Any) -> str:
    return piano.euro(sum(int(importo.replace(".", "")) for importo in importi))
