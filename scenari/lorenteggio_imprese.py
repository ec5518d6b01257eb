"""Enterprises of Lorenteggio: a call by windows, eight projects in the first, the second extended by an act.

Figures of IRS2021 tav. 4.3: POR FESR, 1,200,000 EUR, at most 100,000 EUR each; the second window, closing on
2020-12-31, was extended to 2021-03-15.
"""

from typing import Any

from scenari.facts.avviso_2017 import centesimi, euro
from scenari.toolkit import ConcorsoNumeroso, Proposta, Stage, contenuto_singolo

NAME = "lorenteggio_imprese"
TITLE = "Imprese al Lorenteggio: avvio e rafforzamento (a finestre)"
REQUIRES: tuple[str, ...] = ()

BANDO = "LORENTEGGIO-IMPRESE"
MILANO = "COMUNE-MILANO"
LINEA = "IMPRESE"
MASSIMALE = "100000.00"
PRIMA, SECONDA = "PRIMA", "SECONDA"
CATEGORIE = ("MICRO_IMPRESA", "PICCOLA_IMPRESA", "PERSONA_FISICA", "MEDIA_IMPRESA")
NOTES = (
    "noti dalle fonti: 1200000 euro, massimale 100000, 8 progetti nella prima finestra, proroga al 2021-03-15",
    "sintetici: i termini della prima finestra e l'apertura della seconda, imprese, importi, punteggi, atti",
    "sintetico: le domande della seconda finestra, di cui la fonte non dice l'esito",
)


def bando() -> dict[str, Any]:
    """Return the call as its office drafts it."""
    return {
        "titolo": "Sostegno all'avvio e al rafforzamento di imprese con effetti socialmente desiderabili",
        "promotore": "Comune di Milano",
        "territorio": "Milano Lorenteggio-Giambellino",
        "regole": {
            "modalita": "finestre",
            "apre_il": "2019-10-01T09:00:00+02:00",
            "chiude_il": "2020-12-31T23:59:59+01:00",
            "linee": [
                {"codice": LINEA, "azione": "V.3.c.1.1", "fondo": "POR FESR 2014-2020", "dotazione": "1200000.00"}
            ],
            "partenariato": {
                "capofila_ammessi": list(CATEGORIE),
                "membri_massimi": 1,
                "domande_per_capofila": 1,
            },
            "contributo": {"massimale_progetto": MASSIMALE},
            "valutazione": {
                "criteri": [{"codice": "EFFETTI", "titolo": "Effetti sociali", "punti_massimi": "100.00"}],
                "punteggio_massimo": "100.00",
                "soglia": "60.00",
            },
            "finestre": [
                {
                    "codice": PRIMA,
                    "apre_il": "2019-10-01T09:00:00+02:00",
                    "chiude_il": "2019-12-31T23:59:59+01:00",
                },
                {
                    "codice": SECONDA,
                    "apre_il": "2020-09-15T09:00:00+02:00",
                    "chiude_il": "2020-12-31T23:59:59+01:00",
                },
            ],
            "durata_massima_mesi": 24,
        },
    }


def impresa(finestra: str, n: int, importo: str, punti: str = "75.00") -> Proposta:
    """Return the application of an enterprise, or of a person who will found one."""
    ente, category = f"IMPRESA-{finestra}-{n}", CATEGORIE[n % len(CATEGORIE)]
    content = contenuto_singolo(
        ente,
        category,
        f"Impresa {n} della finestra {finestra.lower()} (sintetica)",
        24,
        {LINEA: importo},
        comune="Milano",
        quartiere="Lorenteggio",
    )
    return Proposta(ente, content, {"EFFETTI": punti})


async def play(stage: Stage) -> None:
    """Play both windows: the first with its eight projects, the second with its extension."""
    call = ConcorsoNumeroso(stage, BANDO, MILANO)
    await stage.at("2019-09-02T10:00:00")
    await call.pubblica(bando(), atto="determinazione di approvazione dell'avviso (sintetico)")
    published = await call.letto()
    stage.section("bando")
    stage.expect("dotazione", "1200000.00", published["dotazione"])
    stage.expect("chi si presenta", sorted(CATEGORIE), sorted(published["regole"]["partenariato"]["capofila_ammessi"]))
    await _first(stage, call)
    await _second(stage, call)
    for note in NOTES:
        stage.note(note)


async def _first(stage: Stage, call: ConcorsoNumeroso) -> None:
    stories = [impresa(PRIMA, n, euro(9_000_000 + 100_000 * n)) for n in range(1, 9)]
    await stage.at("2019-11-20T10:00:00")
    ids = await call.presentano(stories, "prima finestra")
    above = await call.rifiutata(impresa(PRIMA, 9, "100000.01"), "oltre il massimale", 422)
    await stage.at("2020-02-03T10:00:00")
    await call.esamina(stories, ids)
    await call.valuta(stories, ids)
    between = await call.rifiutata(impresa(PRIMA, 10, MASSIMALE), "fra le finestre", 409)
    await stage.at("2020-03-02T10:00:00")
    ranking = await call.gradua("graduatoria della prima finestra (sintetico)", PRIMA)
    stage.step("prima finestra")
    stage.section("prima finestra")
    stage.expect("progetti", 8, ranking["finanziate"])
    funded = [row for row in await call.righe(1) if row["esito"] == "finanziata"]
    stage.expect("imprese diverse", 8, len({row["capofila"] for row in funded}))
    stage.expect("oltre 100000 euro", "domanda-incompleta", above)
    stage.expect("fra una finestra e l'altra", "bando-non-ancora-aperto", between)


async def _second(stage: Stage, call: ConcorsoNumeroso) -> None:
    early = [impresa(SECONDA, n, MASSIMALE, f"{90 - n}.00") for n in (1, 2)]
    await stage.at("2020-12-10T10:00:00")
    ids = await call.presentano(early, "seconda finestra")
    await stage.at("2020-12-28T10:00:00")
    act = {
        "atto": "proroga della seconda finestra (sintetico)",
        "finestra": SECONDA,
        "chiude_il": "2021-03-15T23:59:59+01:00",
    }
    extended = await call.ufficio.post("bandi", f"/bandi/{BANDO}/proroghe", act, step="proroga")
    await stage.at("2021-02-10T10:00:00")
    late = [impresa(SECONDA, n, MASSIMALE, f"{90 - n}.00") for n in (3, 4)]
    more = await call.presentano(late, "dopo la proroga")
    await stage.at("2021-03-16T00:00:00")
    outside = await call.rifiutata(impresa(SECONDA, 5, MASSIMALE), "dopo il nuovo termine", 409)
    stories, everybody = [*early, *late], [*ids, *more]
    await stage.at("2021-04-12T10:00:00")
    await call.esamina(stories, everybody)
    await call.valuta(stories, everybody)
    ranking = await call.gradua("graduatoria della seconda finestra (sintetico)", SECONDA)
    versions = await stage.visitor.get("bandi", f"/bandi/{BANDO}/versioni")
    stage.step("seconda finestra")
    stage.section("seconda finestra")
    before = versions["items"][0]["regole"]["finestre"][1]["chiude_il"]
    stage.expect("chiusura prevista (UTC)", "2020-12-31T22:59:59Z", before)
    stage.expect("chiusura prorogata, a Roma", "15/03/2021 alle 23:59:59 (ora di Roma)", _closing(extended))
    stage.expect("versioni del bando", ["pubblicazione", "proroga"], [item["motivo"] for item in versions["items"]])
    stage.expect("domande fra il vecchio e il nuovo termine", 2, len(more))
    stage.expect("un istante dopo il nuovo termine", "bando-scaduto", outside)
    money = await stage.visitor.get("bandi", f"/bandi/{BANDO}/avanzamento")
    left = 120_000_000 - centesimi(money["totale"]["ammesso"])
    first = next(row for row in (await call.righe(1))[-1:])
    stage.expect("la seconda ha cio' che la prima lascia", "444000.00", first["residuo"][0]["importo"])
    stage.expect("finanziate nella seconda", 4, ranking["finanziate"])
    stage.expect("dotazione mai superata", True, left >= 0)


def _closing(call: dict[str, Any]) -> str:
    return str(next(item["chiude_a_roma"] for item in call["finestre"] if item["codice"] == SECONDA))
