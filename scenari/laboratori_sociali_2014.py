"""The experiment of 2014: fifteen proposals of twelve municipalities, all funded, 733,322.26 EUR.

Figures of IRS2021 par. 1.4 (DGR X/1592 of 2014-03-28): twelve of the twenty-three municipalities that could apply did;
Brescia, Cinisello Balsamo and Milano presented two proposals each; the activities end by 2015.
"""

from typing import Any

from scenari.facts.avviso_2017 import REGIONE, centesimi, euro, somma
from scenari.toolkit import ConcorsoNumeroso, Proposta, Stage, contenuto_singolo

NAME = "laboratori_sociali_2014"
TITLE = "Laboratori sociali di quartiere (sperimentazione 2014)"
REQUIRES: tuple[str, ...] = ()

BANDO = "LABORATORI-SOCIALI-2014"
DOTAZIONE = "733322.26"
LINEA = "SPERIMENTAZIONE"
DUE_PROPOSTE = ("Brescia", "Cinisello Balsamo", "Milano")
COMUNI = (*DUE_PROPOSTE, *(f"Comune ammissibile {n}" for n in range(4, 24)))
PARTECIPANTI = COMUNI[:12]
NOTES = (
    "noti dalle fonti: 733322.26 euro, 15 proposte di 12 comuni su 23, le due proposte di Brescia, Cinisello e Milano",
    "sintetici: importi delle proposte, nomi degli altri comuni, criteri, punteggi, durata, giorni diversi dalla DGR",
)


def codice_ente(comune: str) -> str:
    """Return the code of a municipality."""
    return f"COMUNE-{comune.upper().replace(' ', '-')}"


def bando() -> dict[str, Any]:
    """Return the call as its office drafts it."""
    return {
        "titolo": "Laboratori Sociali di Quartiere - Nuovi Spazi di Attivazione Sociale",
        "promotore": "Regione Lombardia",
        "territorio": "23 comuni ammissibili",
        "regole": {
            "modalita": "graduatoria",
            "apre_il": "2014-04-07T09:00:00+02:00",
            "chiude_il": "2014-05-30T12:00:00+02:00",
            "linee": [
                {"codice": LINEA, "azione": "sperimentazione", "fondo": "bilancio regionale", "dotazione": DOTAZIONE}
            ],
            "partenariato": {
                "capofila_ammessi": ["COMUNE"],
                "capofila_nominati": [codice_ente(comune) for comune in COMUNI],
                "membri_massimi": 1,
                "domande_per_capofila": 2,
            },
            "valutazione": {
                "criteri": [{"codice": "QUALITA", "titolo": "Qualita' della proposta", "punti_massimi": "100.00"}],
                "punteggio_massimo": "100.00",
                "soglia": "60.00",
                "spareggi": [{"tipo": "contributo_minore"}, {"tipo": "protocollo"}],
            },
            "durata_massima_mesi": 18,
            "termine_ultimo": "2015-12-31",
        },
    }


def proposte() -> list[Proposta]:
    """Return the fifteen proposals; the amounts add up to the money of the call, to the cent."""
    names = [(comune, 1) for comune in PARTECIPANTI] + [(comune, 2) for comune in DUE_PROPOSTE]
    share, rest = divmod(centesimi(DOTAZIONE), len(names))
    return [
        Proposta(
            codice_ente(comune),
            contenuto_singolo(
                codice_ente(comune),
                "COMUNE",
                f"Laboratorio sociale di {comune}, proposta {number}",
                18,
                {LINEA: euro(share + (rest if n == 0 else 0))},
                comune=comune,
            ),
            {"QUALITA": f"{90 - n}.00"},
        )
        for n, (comune, number) in enumerate(names)
    ]


async def play(stage: Stage) -> None:
    """Play the call from its publication to its fifteen projects."""
    call = ConcorsoNumeroso(stage, BANDO, REGIONE)
    office = call.ufficio
    stories = proposte()
    await stage.at("2014-03-28T10:00:00")
    await call.pubblica(bando(), atto="DGR X/1592 del 2014-03-28")
    published = await call.letto()
    stage.section("bando")
    stage.expect("dotazione", DOTAZIONE, published["dotazione"])
    stage.expect("comuni ammissibili", 23, len(published["regole"]["partenariato"]["capofila_nominati"]))
    await stage.at("2014-05-20T10:00:00")
    ids = await call.presentano(stories)
    third = await call.rifiutata(stories[0], "terza proposta", 409)
    outside = Proposta("COMUNE-NON-AMMISSIBILE", stories[0].contenuto, {})
    lead = {**stories[0].contenuto["membri"][0], "ente": outside.ente}
    outside = Proposta(outside.ente, {**stories[0].contenuto, "membri": [lead]}, {})
    elsewhere = await call.rifiutata(outside, "comune non ammissibile", 422)
    await stage.at("2014-06-16T10:00:00")
    await call.esamina(stories, ids)
    await call.valuta(stories, ids)
    await stage.at("2014-07-07T10:00:00")
    ranking = await call.gradua("graduatoria, luglio 2014 (sintetico)")
    listed = await office.items("bandi", f"/bandi/{BANDO}/domande")
    money = await stage.visitor.get("bandi", f"/bandi/{BANDO}/avanzamento")
    projects = await call.elenco_progetti()
    stage.step("graduatoria approvata")
    stage.section("domande e graduatoria")
    stage.expect("proposte presentate", 15, len(listed))
    stage.expect("comuni che si presentano", 12, len({row["capofila"] for row in listed}))
    twice = [ente for ente in map(codice_ente, COMUNI) if sum(row["capofila"] == ente for row in listed) == 2]
    stage.expect("comuni con due proposte", [codice_ente(comune) for comune in DUE_PROPOSTE], twice)
    stage.expect("terza proposta di Brescia", "troppe-domande", third)
    stage.expect("comune non ammissibile", "domanda-incompleta", elsewhere)
    stage.expect("finanziate", 15, ranking["finanziate"])
    stage.expect("finanziato", DOTAZIONE, ranking["finanziato"])
    stage.section("progetti e denaro")
    stage.expect("progetti", 15, money["progetti"])
    stage.expect("ammesso", DOTAZIONE, money["totale"]["ammesso"])
    stage.expect("somma dei progetti", DOTAZIONE, somma(p["linee"][0]["ammesso"] for p in projects))
    await stage.at("2014-09-01T09:00:00")
    first = next(project for project in projects if project["capofila"] == "COMUNE-BRESCIA")
    amounts = [{"linea": line["linea"], "importo": line["ammesso"]} for line in first["linee"]]
    path = f"/progetti/{first['progetto_id']}"
    await office.post("bandi", f"{path}/impegni", {"atto": "impegno (sintetico)", "importi": amounts}, step="impegno")
    start = {"atto": "avvio (sintetico)", "inizio": "2014-09-01"}
    started = await office.post("bandi", f"{path}/avvio", start, step="avvio")
    stage.expect("fine entro il 2015, non a 18 mesi", "2015-12-31", started["fine"])
    for note in NOTES:
        stage.note(note)
