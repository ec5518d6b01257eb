"""The integrated programmes of Milan: two presented, two approved, 7 operations, 5,992,092.82 of 6,000,000 euro.

Figures of IRS2021, tab. 2.1 and par. 2.2.1: call D.d.s. 9570 of 2020-08-05, outcome D.d.s. 13386 of 2020-11-05, not
started in the source. RL-RISULTATI tells the neighbourhoods.
"""

from typing import Any

from scenari.toolkit import Concorso, Stage, importi, membro

NAME = "programmi_integrati_milano"
TITLE = "Programmi integrati di innovazione sociale (Milano, 2020)"
REQUIRES: tuple[str, ...] = ()

REGIONE = "REGIONE-LOMBARDIA"
CONTRIBUTI = {"COMUNE-MILANO": "2996092.82", "ALER-MILANO": "2996000.00"}
PROGRAMMI: dict[str, dict[str, Any]] = {
    "COMUNE-MILANO": {
        "denominazione": "Comune di Milano",
        "categoria": "COMUNE",
        "titolo": "C.A.S.A.",
        "operazioni": ["Gratosoglio", "San Siro", "Mazzini", "Molise Calvairate"],
    },
    "ALER-MILANO": {
        "denominazione": "ALER Milano",
        "categoria": "ALER",
        "titolo": "REACTION!",
        "operazioni": ["Gorla-Precotto (RIVIVI)", "Lorenteggio (RIATTIVA)", "Gallaratese (RIMARGINA)"],
    },
}
PARTNER = membro("PARTNER-SINTETICO", "Ente del terzo settore (sintetico)", "TERZO_SETTORE")
NOTES = (
    "dalle fonti: atti e date, dotazione, due programmi presentati e approvati, 7 operazioni, 5992092.82",
    "sintetici: come l'importo si divide fra i due programmi e fra gli enti, criteri e punti, durata di 24 mesi",
    "IRS2021 conta 7 operazioni, RL-RISULTATI 8 interventi: qui manca Giambellino-Lorenteggio, contato in modi diversi",
    "RL-RISULTATI dice anche 7.5 milioni di investimento e 950 destinatari a fine 2022 per i due programmi insieme",
)


async def play(stage: Stage) -> None:
    """Play the call from its publication to the approved plans of the two programmes."""
    call = Concorso(stage, "PROGRAMMI-INTEGRATI-MILANO-2020", REGIONE)
    await stage.at("2020-08-05T09:00:00")
    await call.pubblica(_body(), atto="D.d.s. 9570 del 2020-08-05")
    await stage.at("2020-09-25T11:00:00")
    receipts = {ente: await call.presenta(ente, _content(ente)) for ente in PROGRAMMI}
    await stage.at("2020-10-20T10:00:00")
    for receipt, points in zip(receipts.values(), ("85.00", "80.00"), strict=True):
        await call.ammetti(receipt["domanda_id"], {"Q": points})
    await stage.at("2020-11-05T12:00:00")
    ranking = await call.approva("D.d.s. 13386 del 2020-11-05")
    stage.section("esito (D.d.s. 13386 del 2020-11-05)")
    stage.expect("programmi presentati", 2, ranking["righe"])
    stage.expect("programmi approvati", 2, ranking["finanziate"])
    stage.expect("finanziato", "5992092.82", ranking["finanziato"])
    await stage.at("2020-11-20T10:00:00")
    projects = await call.progetti()
    operations = 0
    for n, ente in enumerate(PROGRAMMI, 1):
        operations += await _set_up(stage, call, projects[ente], n)
    money = await call.denaro()
    stage.section("denaro e operazioni")
    stage.expect("operazioni", 7, operations)
    stage.expect("dotazione", "6000000.00", money["dotazione"])
    stage.expect("ammesso", "5992092.82", money["totale"]["ammesso"])
    stage.expect("impegnato", "5992092.82", money["totale"]["impegnato"])
    stage.expect("erogato: non ancora avviati", "0.00", money["totale"]["erogato"])
    listed = await stage.visitor.get("bandi", f"/bandi/{call.codice}")
    total, given = (int(listed[name].replace(".", "")) for name in ("dotazione", "assegnato"))
    stage.expect("resta al bando, centesimi", 790718, total - given)
    for note in NOTES:
        stage.note(note)


async def _set_up(stage: Stage, call: Concorso, project: dict[str, Any], n: int) -> int:
    """Give a programme its CUP, its plan and its commitment; return how many operations its plan publishes."""
    ente, path = project["capofila"], f"/progetti/{project['progetto_id']}"
    cup = {"atto": "comunicazione (sintetico)", "cup": f"B49G2000{n:03d}0009"}
    await call.ufficio.post("bandi", f"{path}/cup", cup, step=f"cup {ente}")
    await call.approva_piano(project, _plan(ente), motivo="piano iniziale", atto="presa d'atto (sintetico)")
    act = importi(project["linee"], "ammesso", "impegno di spesa (sintetico)")
    await call.ufficio.post("bandi", f"{path}/impegni", act, step=f"impegno {ente}")
    plan = await stage.visitor.get("bandi", f"{path}/piani/1")
    stage.step(project["titolo"])
    return len(plan["piano"]["attivita"])


def _body() -> dict[str, Any]:
    return {
        "titolo": "Programmi integrati di innovazione sociale e welfare locale nella citta' di Milano",
        "territorio": "Milano",
        "regole": {
            "modalita": "graduatoria",
            "apre_il": "2020-08-05T10:00:00+02:00",
            "chiude_il": "2020-09-30T12:00:00+02:00",
            "linee": [
                {
                    "codice": "LAB",
                    "azione": "9.4.2",
                    "fondo": "POR FSE 2014-2020",
                    "dotazione": "6000000.00",
                    "sotto_progetto_obbligatorio": True,
                }
            ],
            "partenariato": {
                "capofila_ammessi": ["COMUNE", "ALER"],
                "membri_minimi": 2,
                "categorie_ammesse": ["TERZO_SETTORE"],
                "domande_per_capofila": 1,
            },
            "valutazione": {
                "criteri": [{"codice": "Q", "titolo": "Qualita' del programma", "punti_massimi": "100.00"}],
                "punteggio_massimo": "100.00",
                "soglia": "60.00",
            },
            "durata_massima_mesi": 24,
            "gestione": {"cup_obbligatorio": True, "rendiconto_obbligatorio": True},
        },
    }


def _content(ente: str) -> dict[str, Any]:
    story = PROGRAMMI[ente]
    amount = CONTRIBUTI[ente]
    return {
        "titolo": story["titolo"],
        "durata_mesi": 24,
        "comune": "Milano",
        "membri": [membro(ente, story["denominazione"], story["categoria"], "capofila"), PARTNER],
        "sotto_progetti": [{"linea": "LAB", "titolo": story["titolo"], "costo": amount, "contributo": amount}],
    }


def _plan(ente: str) -> dict[str, Any]:
    """The first plan: an activity for each operation, all the money of the lead."""
    amount = CONTRIBUTI[ente]
    return {
        "attivita": [
            {"codice": f"OP-{n}", "titolo": place, "linea": "LAB"}
            for n, place in enumerate(PROGRAMMI[ente]["operazioni"], 1)
        ],
        "quote": [{"linea": "LAB", "ente": ente, "costo": amount, "contributo": amount}],
    }
