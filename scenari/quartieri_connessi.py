"""Quartieri Connessi: nine spaces of public housing, 90 percent paid, the waterfall PON Metro prints.

Figures of PONMETRO, action MI3.3.1.b: planned 562,500.00, admitted 562,500.00, legally binding 442,135.57, paid
164,328.32; contribution 90%, at least 10% of the managers' own; 2017-04-01 / 2019-12-31; start-up of 24 months.
"""

from typing import Any

from scenari.toolkit import Concorso, Stage, UnexpectedAnswer, membro

NAME = "quartieri_connessi"
TITLE = "Quartieri Connessi (Milano, PON Metro MI3.3.1.b)"
REQUIRES: tuple[str, ...] = ()

COMUNE = "COMUNE-MILANO"
GESTORI = "GESTORI-SPAZI"
MODELLI = (
    "Servizi collaborativi a vocazione sociale (portinerie sociali)",
    "Animazione sociale, culturale e creativa a rotazione",
    "Micro-impresa ad alto impatto sociale",
)
IMPEGNI = (("2018-03-15", "300000.00"), ("2018-12-14", "142135.57"))
PAGAMENTI = (("2018-06-29", "100000.00"), ("2019-06-28", "64328.32"))
NOTES = (
    "dalle fonti: i quattro importi, 90 e 10 percento, nove spazi, tre modelli, avvio in 24 mesi, il periodo",
    "DERIVATO: costo 625000.00 = 562500.00 / 0.90",
    "sintetici: codici e nomi degli spazi, chi li gestisce, date e parti di impegni e pagamenti, attivita' per modello",
)


async def play(stage: Stage) -> None:
    """Play the operation from the co-design table to the money PON Metro prints."""
    call = Concorso(stage, "QUARTIERI-CONNESSI", COMUNE)
    await stage.at("2017-01-09T09:00:00")
    await call.pubblica(_body(), atto="avviso di coprogettazione (sintetico)")
    await stage.at("2017-02-15T11:00:00")
    receipt = await call.presenta(GESTORI, _content())
    stage.section("contributo 90, cofinanziamento 10")
    stage.expect("il 91 percento e' rifiutato alla verifica", True, await _too_much(call))
    await stage.at("2017-03-10T10:00:00")
    await call.ammetti(receipt["domanda_id"], {})
    await stage.at("2017-03-20T12:00:00")
    await call.approva("esito della coprogettazione (sintetico)")
    project = (await call.progetti())[GESTORI]
    path = f"/progetti/{project['progetto_id']}"
    await _commit(stage, call, path)
    await _spaces(stage, call, path, project)
    await _pay(stage, call, path)
    await _compare(stage, call, path)
    for note in NOTES:
        stage.note(note)


async def _too_much(call: Concorso) -> bool:
    """Say whether asking for 91 percent is a defect of contribution and of co-financing."""
    content = _content()
    content["sotto_progetti"][0] |= {"contributo": "568750.00", "quote": []}
    lead = call.capofila("GESTORI-DI-PROVA")
    content["membri"][0]["ente"] = "GESTORI-DI-PROVA"
    body = {"bando": call.codice, "contenuto": content}
    draft = await lead.post("bandi", "/domande", body, step="bozza oltre il 90 percento")
    check = await lead.get("bandi", f"/domande/{draft['domanda_id']}/verifica")
    return {"contributo", "cofinanziamento"} <= {defect["regola"] for defect in check["difetti"]}


async def _commit(stage: Stage, call: Concorso, path: str) -> None:
    await stage.at("2017-04-03T09:00:00")
    start = {"atto": "avvio (sintetico)", "inizio": "2017-04-01"}
    started = await call.ufficio.post("bandi", f"{path}/avvio", start, step="avvio")
    stage.section("periodo")
    stage.expect("inizio", "2017-04-01", started["inizio"])
    stage.expect("fine", "2019-12-31", started["fine"])


async def _spaces(stage: Stage, call: Concorso, path: str, project: dict[str, Any]) -> None:
    """Nine spaces lent by the Comune, and a plan with one target: all of them open after 24 months."""
    await stage.at("2017-05-02T10:00:00")
    lead = call.capofila(GESTORI)
    for n in range(1, 10):
        space = {"codice": f"SPAZIO-{n}", "denominazione": f"Spazio ERP {n} (sintetico)", "titolo": "comodato"}
        space |= {"concedente": COMUNE, "dal": "2017-05-02"}
        await lead.post("bandi", f"{path}/spazi", space, step=f"spazio {n}")
    plan = {
        "attivita": [{"codice": f"M{n}", "titolo": title, "linea": "MI331B"} for n, title in enumerate(MODELLI, 1)],
        "indicatori": [{"codice": "SPAZI", "titolo": "Spazi avviati in 24 mesi", "unita": "spazi", "atteso": 9}],
        "quote": [
            {"linea": "MI331B", "ente": GESTORI, "costo": "600000.00", "contributo": "540000.00"},
            {"linea": "MI331B", "ente": COMUNE, "costo": "25000.00", "contributo": "22500.00"},
        ],
    }
    await call.approva_piano(project, plan, motivo="piano iniziale", atto="presa d'atto (sintetico)")


async def _pay(stage: Stage, call: Concorso, path: str) -> None:
    acts = sorted(
        [(day, "impegni", amount) for day, amount in IMPEGNI]
        + [(day, "pagamenti", amount) for day, amount in PAGAMENTI]
    )
    for day, route, amount in acts:
        await stage.at(f"{day}T10:00:00")
        body = {"atto": f"{route} (sintetico)", "importi": [{"linea": "MI331B", "importo": amount}]}
        await call.ufficio.post("bandi", f"{path}/{route}", body, step=f"{route} {day}")
    await stage.at("2019-07-01T10:00:00")
    result = {"indicatore": "SPAZI", "raggiunto": 9, "rilevato_il": "2019-07-01"}
    await call.capofila(GESTORI).post("bandi", f"{path}/indicatori", result, step="spazi avviati")
    stage.step("impegni e pagamenti")


async def _compare(stage: Stage, call: Concorso, path: str) -> None:
    money = await stage.visitor.get("bandi", f"{path}/avanzamento")
    stage.section("denaro del progetto e del bando")
    expected = {"programmato": "562500.00", "ammesso": "562500.00", "impegnato": "442135.57", "erogato": "164328.32"}
    whole = (await call.denaro())["totale"]
    for stage_of_money, amount in expected.items():
        stage.expect(f"{stage_of_money}, progetto", amount, money["totale"][stage_of_money])
        stage.expect(f"{stage_of_money}, bando", amount, whole[stage_of_money])
        shares = sum(int(share[stage_of_money].replace(".", "")) for share in money["quote"])
        stage.expect(f"{stage_of_money}, somma delle quote", int(amount.replace(".", "")), shares)
    stage.expect("un centesimo oltre l'impegnato", "rifiutato", await _one_more(call, path))
    spaces = (await stage.visitor.get("bandi", f"{path}/spazi"))["items"]
    [target] = (await stage.visitor.get("bandi", f"{path}/indicatori"))["items"]
    plan = await stage.visitor.get("bandi", f"{path}/piani/1")
    stage.section("spazi")
    stage.expect("spazi ERP in uso", 9, len(spaces))
    stage.expect("spazi avviati, attesi e raggiunti", [9, 9], [target["atteso"], target["raggiunto"]])
    stage.expect("modelli", 3, len(plan["piano"]["attivita"]))
    stage.expect("cofinanziamento del piano, percento", 10, _own_share(plan))


def _own_share(plan: dict[str, Any]) -> int:
    cost, grant = (int(plan[name].replace(".", "")) for name in ("costo", "contributo"))
    return 100 * (cost - grant) // cost


async def _one_more(call: Concorso, path: str) -> str:
    """Try to pay a cent more than what is committed and not paid."""
    body = {"atto": "prova", "importi": [{"linea": "MI331B", "importo": "277807.26"}]}
    try:
        await call.ufficio.post("bandi", f"{path}/pagamenti", body, step="un centesimo oltre", expected=409)
    except UnexpectedAnswer as wrong:
        return str(wrong.status)
    return "rifiutato"


def _body() -> dict[str, Any]:
    return {
        "titolo": "Quartieri Connessi",
        "territorio": "Milano",
        "regole": {
            "modalita": "coprogettazione",
            "apre_il": "2017-01-10T09:00:00+01:00",
            "chiude_il": "2017-02-28T12:00:00+01:00",
            "linee": [
                {
                    "codice": "MI331B",
                    "azione": "MI3.3.1.b",
                    "fondo": "PON Metro",
                    "dotazione": "562500.00",
                    "sotto_progetto_obbligatorio": True,
                }
            ],
            "partenariato": {
                "capofila_ammessi": ["NON_PROFIT", "TERZO_SETTORE", "IMPRESA_SOCIALE"],
                "membri_minimi": 2,
                "categorie_ammesse": ["COMUNE", "TERZO_SETTORE", "IMPRESA_SOCIALE", "MICRO_IMPRESA"],
            },
            "contributo": {"quota_massima": 9000, "cofinanziamento_minimo": 1000},
            "termine_ultimo": "2019-12-31",
        },
    }


def _content() -> dict[str, Any]:
    return {
        "titolo": "Quartieri Connessi: nove spazi",
        "durata_mesi": 33,
        "comune": "Milano",
        "membri": [
            membro(GESTORI, "Gestori degli spazi (sintetico)", "TERZO_SETTORE", "capofila"),
            membro(COMUNE, "Comune di Milano", "COMUNE"),
        ],
        "sotto_progetti": [
            {"linea": "MI331B", "titolo": "Avvio degli spazi", "costo": "625000.00", "contributo": "562500.00"}
        ],
    }
