"""The call of Bollate on two funds: two projects, each of 149,974.67 FSE and 149,625.00 FESR.

Figures of IRS2021, tab. 2.1, tav. 4.4-4.6 and note 49: published on 2020-08-14, closed on 2020-10-30, outcome of
2020-11-30; three public properties lent for the call. In the source the projects have not started: their figures are
targets.
"""

from typing import Any

from scenari.toolkit import Concorso, Stage, membro

NAME = "bollate_rigenerare_competenze"
TITLE = "Rigenerare le competenze (Bollate, 2020)"
REQUIRES: tuple[str, ...] = ()

COMUNE = "COMUNE-BOLLATE"
FSE, FESR = "149974.67", "149625.00"
PROGETTI: dict[str, dict[str, Any]] = {
    "ARCA-DI-NOE": {
        "denominazione": "Arca di Noe",
        "titolo": "Le Groane in tavola",
        "punti": {"Q": "58.00", "R": "30.00"},
        "attesi": [
            ("ORIENTAMENTO", "Beneficiari dell'orientamento (6 ore)", "persone", 14),
            ("FORMAZIONE", "Beneficiari della formazione (150 ore)", "persone", 10),
            ("ATTESTATI", "Attestati", "attestati", 10),
            ("ATTESTATI-IMPRESA", "Attestati dell'accompagnamento all'impresa", "attestati", 4),
        ],
        "spazi": [
            (
                "URBAN-CENTER",
                "Urban Center (parte del piano terra) ed ex Polizia Locale",
                "piazza della Resistenza",
                None,
            ),
            ("AREA-VERDE", "Area verde", "via Origona", 6570),
        ],
    },
    "STRIPES": {
        "denominazione": "Stripes",
        "titolo": "Cultura in Bolla",
        "punti": {"Q": "56.00", "R": "30.00"},
        "attesi": [
            ("ORIENTAMENTO", "Beneficiari dell'orientamento (6 ore)", "persone", 14),
            ("FORMAZIONE", "Beneficiari della formazione (150 ore)", "persone", 10),
            ("TIROCINIO", "Tirocini di sei mesi", "persone", 10),
            ("IMPRESA", "Beneficiari del supporto all'impresa", "persone", 4),
            ("ASSUNTI", "Assunti", "persone", 2),
        ],
        "spazi": [("SPAZIO-UNICO", "Spazio Unico (piano terra del Comune)", "piazza Aldo Moro", None)],
    },
}
PARTNER = (
    membro("AFOL-METROPOLITANA", "AFOL Metropolitana", "OPERATORE_ACCREDITATO"),
    membro("CONSORZIO-SIR", "Consorzio SiR", "IMPRESA_SOCIALE"),
)
QUOTE = (("FSE", "59974.67", "60000.00", "30000.00"), ("FESR", "89625.00", "40000.00", "20000.00"))
NOTES = (
    "dalle fonti: dotazioni, date, importi dei progetti, capofila, partner, attesi, i tre immobili",
    "DERIVATO: 599199.34 = 2 x (149974.67 + 149625.00)",
    "sintetici: criteri e punti, quote dei partner, durata di 24 mesi, quale progetto usa lo Spazio Unico, CUP, ore",
)


async def play(stage: Stage) -> None:
    """Play the call from its publication to the approved plans of its two projects."""
    call = Concorso(stage, "BOLLATE-RIGENERARE-COMPETENZE", COMUNE)
    await stage.at("2020-08-14T09:00:00")
    await call.pubblica(_body(), atto="avviso del 2020-08-14 (sintetico)")
    await stage.at("2020-10-29T11:00:00")
    receipts = {ente: await call.presenta(ente, _content(ente)) for ente in PROGETTI}
    await stage.at("2020-11-16T10:00:00")
    for ente, receipt in receipts.items():
        await call.ammetti(receipt["domanda_id"], PROGETTI[ente]["punti"])
    await stage.at("2020-11-30T12:00:00")
    ranking = await call.approva("esito del 2020-11-30")
    stage.section("esito (30 novembre 2020)")
    stage.expect("domande finanziate", 2, ranking["finanziate"])
    stage.expect("finanziato", "599199.34", ranking["finanziato"])
    await stage.at("2020-12-14T10:00:00")
    projects = await call.progetti()
    for n, ente in enumerate(PROGETTI, 1):
        await _set_up(stage, call, projects[ente], n)
    await _compare(stage, call)
    for note in NOTES:
        stage.note(note)


async def _set_up(stage: Stage, call: Concorso, project: dict[str, Any], n: int) -> None:
    """Give a project its CUP, its plan with the targets, its spaces."""
    ente, path = project["capofila"], f"/progetti/{project['progetto_id']}"
    cup = {"atto": "comunicazione (sintetico)", "cup": f"J89G2000{n:03d}0006"}
    await call.ufficio.post("bandi", f"{path}/cup", cup, step=f"cup {ente}")
    await call.approva_piano(project, _plan(ente), motivo="piano iniziale", atto="presa d'atto (sintetico)")
    for codice, denominazione, indirizzo, mq in PROGETTI[ente]["spazi"]:
        space = {"codice": codice, "denominazione": denominazione, "indirizzo": indirizzo, "titolo": "comodato"}
        space |= {"concedente": COMUNE, "superficie_mq": mq, "dal": "2020-12-14"}
        await call.capofila(ente).post("bandi", f"{path}/spazi", space, step=f"spazio {codice}")
    stage.step(project["titolo"])


async def _compare(stage: Stage, call: Concorso) -> None:
    listed = await stage.visitor.get("bandi", f"/bandi/{call.codice}")
    money = await call.denaro()
    stage.section("denaro")
    stage.expect("dotazione", "600000.00", money["dotazione"])
    stage.expect("fondi", ["POR FSE 2014-2020", "POR FESR 2014-2020"], [linea["fondo"] for linea in money["linee"]])
    stage.expect("dotazione per fondo", ["300000.00", "300000.00"], [linea["dotazione"] for linea in money["linee"]])
    stage.expect("ammesso per fondo", ["299949.34", "299250.00"], [linea["ammesso"] for linea in money["linee"]])
    stage.expect("ammesso in tutto", "599199.34", money["totale"]["ammesso"])
    stage.expect("erogato: non ancora avviati", "0.00", money["totale"]["erogato"])
    stage.expect("pubblicato il", "2020-08-14", str(listed["pubblicato_il"])[:10])
    stage.expect("chiuso il (ora di Roma)", "30/10/2020", str(listed["chiude_a_roma"])[:10])
    spaces = []
    for ente, project in (await call.progetti()).items():
        path = f"/progetti/{project['progetto_id']}"
        stage.section(project["titolo"])
        given = {linea["linea"]: linea["ammesso"] for linea in project["linee"]}
        stage.expect("FSE e FESR", [FSE, FESR], [given["FSE"], given["FESR"]])
        shares = (await stage.visitor.get("bandi", f"{path}/avanzamento"))["quote"]
        stage.expect("enti con una quota", 3, len({share["ente"] for share in shares}))
        targets = (await stage.visitor.get("bandi", f"{path}/indicatori"))["items"]
        stage.expect(
            "attesi",
            [atteso for _, _, _, atteso in PROGETTI[ente]["attesi"]],
            [target["atteso"] for target in targets],
        )
        stage.expect("raggiunti: nessuno ancora", 0, sum(target["rilevazioni"] for target in targets))
        spaces += (await stage.visitor.get("bandi", f"{path}/spazi"))["items"]
    stage.section("immobili")
    stage.expect("immobili in comodato dal Comune", 3, sum(space["titolo"] == "comodato" for space in spaces))
    stage.expect("area verde, metri quadrati", 6570, sum(space["superficie_mq"] or 0 for space in spaces))


def _body() -> dict[str, Any]:
    return {
        "titolo": "Rigenerare le competenze, competenze per la rigenerazione",
        "territorio": "Bollate, quartiere Turati-Verdi",
        "regole": {
            "modalita": "graduatoria",
            "apre_il": "2020-08-14T10:00:00+02:00",
            "chiude_il": "2020-10-30T12:00:00+01:00",
            "linee": [
                _line("FSE", "9.1.3", "POR FSE 2014-2020"),
                _line("FESR", "V.3.c.1.1", "POR FESR 2014-2020"),
            ],
            "partenariato": {
                "capofila_ammessi": ["NON_PROFIT", "IMPRESA_SOCIALE", "TERZO_SETTORE"],
                "membri_minimi": 2,
                "categorie_ammesse": ["OPERATORE_ACCREDITATO", "IMPRESA_SOCIALE", "NON_PROFIT"],
            },
            "valutazione": {
                "criteri": [
                    {"codice": "Q", "titolo": "Qualita' del percorso", "punti_massimi": "60.00"},
                    {"codice": "R", "titolo": "Rigenerazione del quartiere", "punti_massimi": "40.00"},
                ],
                "punteggio_massimo": "100.00",
                "soglia": "60.00",
            },
            "durata_massima_mesi": 24,
            "gestione": {"cup_obbligatorio": True},
        },
    }


def _line(codice: str, azione: str, fondo: str) -> dict[str, Any]:
    return {
        "codice": codice,
        "azione": azione,
        "fondo": fondo,
        "dotazione": "300000.00",
        "massimale": "150000.00",
        "sotto_progetto_obbligatorio": True,
    }


def _content(ente: str) -> dict[str, Any]:
    story = PROGETTI[ente]
    return {
        "titolo": story["titolo"],
        "durata_mesi": 24,
        "comune": "Bollate",
        "quartiere": "Turati-Verdi",
        "membri": [membro(ente, story["denominazione"], "NON_PROFIT", "capofila"), *PARTNER],
        "sotto_progetti": [
            {"linea": "FSE", "titolo": "Formazione e inclusione", "costo": FSE, "contributo": FSE},
            {"linea": "FESR", "titolo": "Avvio d'impresa", "costo": FESR, "contributo": FESR},
        ],
    }


def _plan(ente: str) -> dict[str, Any]:
    """The first plan: the targets of the source, and shares that add up to what each fund admitted."""
    shares = [
        {"linea": linea, "ente": member, "costo": amount, "contributo": amount}
        for linea, *amounts in QUOTE
        for member, amount in zip((ente, *(partner["ente"] for partner in PARTNER)), amounts, strict=True)
    ]
    names = ("codice", "titolo", "unita", "atteso")
    targets = [dict(zip(names, target, strict=True)) for target in PROGETTI[ente]["attesi"]]
    return {"indicatori": targets, "quote": shares}
