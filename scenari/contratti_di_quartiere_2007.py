"""The second regional programme of Contratti di Quartiere (2007): four phases, four axes.

Figures of CDQ2007: the papers of the exploratory phase are due by 2007-10-31; then come the competitive, the
negotiation and the works phases. The source prints no sums: money and proposals are synthetic.
"""

from typing import Any

from scenari.facts.avviso_2017 import REGIONE
from scenari.toolkit import ConcorsoNumeroso, Proposta, Stage, contenuto_singolo, nome

NAME = "contratti_di_quartiere_2007"
TITLE = "Contratti di Quartiere, secondo programma regionale (2007)"
REQUIRES: tuple[str, ...] = ()

BANDO, SECONDA = "CONTRATTI-DI-QUARTIERE-2007", "CONTRATTI-DI-QUARTIERE-2007-CONCORSO"
FASI = ("esplorativa", "concorsuale", "negoziale", "attuativa")
ASSI = tuple(f"ASSE-{n}" for n in range(1, 5))
AMMESSI = tuple(f"COMUNE-PROPONENTE-{n}" for n in range(1, 6))
ESCLUSO = "COMUNE-PROPONENTE-6"
NOTES = (
    "noti dalle fonti: le quattro fasi e il loro ordine, i quattro assi, il termine del 2007-10-31",
    "sintetici: importi, comuni proponenti, criteri, punteggi, atti e giorni delle altre fasi",
    "la fonte non dice la dotazione: nella fase esplorativa resta ignota, nel concorso e' sintetica (8000000.00)",
)


def manifestazione() -> dict[str, Any]:
    """Return the expression of interest that opens the programme: its money is not known yet."""
    return _call(
        {
            "modalita": "manifestazione_di_interesse",
            "apre_il": "2007-07-02T09:00:00+02:00",
            "chiude_il": "2007-10-31T12:00:00+01:00",
            "linee": [_axis(code, None) for code in ASSI],
            "fasi": list(FASI),
            "seconda_fase": SECONDA,
        },
    )


def concorso() -> dict[str, Any]:
    """Return the call of the competitive phase, open to the admitted alone."""
    return _call(
        {
            "modalita": "graduatoria",
            "apre_il": "2008-02-01T09:00:00+01:00",
            "chiude_il": "2008-04-30T12:00:00+02:00",
            "linee": [_axis(code, "2000000.00") for code in ASSI],
            "prima_fase": BANDO,
            "valutazione": {
                "criteri": [
                    {"codice": "DISAGIO", "titolo": "Disagio del quartiere", "punti_massimi": "10.00", "peso": 6000},
                    {"codice": "PROGETTO", "titolo": "Qualita' del progetto", "punti_massimi": "10.00", "peso": 4000},
                ],
                "punteggio_massimo": "100.00",
                "soglia": "50.00",
                "spareggi": [{"tipo": "criterio", "criterio": "DISAGIO"}, {"tipo": "protocollo"}],
            },
            "taglio": "parziale",
        },
    )


def _call(rules: dict[str, Any]) -> dict[str, Any]:
    who = {"capofila_ammessi": ["COMUNE", "ALER"], "domande_per_capofila": 1}
    return {
        "titolo": "2o Programma Regionale Contratti di Quartiere",
        "promotore": "Regione Lombardia",
        "territorio": "Lombardia",
        "regole": {"partenariato": who, "durata_massima_mesi": 48, **rules},
    }


def _axis(code: str, money: str | None) -> dict[str, Any]:
    line = {"codice": code, "azione": code.lower().replace("-", " "), "fondo": "PRERP 2007-09"}
    return line | ({"dotazione": money} if money else {})


def proposta(ente: str, quartiere: str, importo: str, punti: dict[str, str], motivo: str | None = None) -> Proposta:
    """Return the proposal of a municipality for one neighbourhood, on all four axes."""
    title = f"Contratto di quartiere {quartiere} (sintetico)"
    amounts = dict.fromkeys(ASSI, importo)
    return Proposta(ente, contenuto_singolo(ente, "COMUNE", title, 48, amounts, quartiere=quartiere), punti, motivo)


async def play(stage: Stage) -> None:
    """Play the four phases, each opened by its act."""
    interest = ConcorsoNumeroso(stage, BANDO, REGIONE)
    contest = ConcorsoNumeroso(stage, SECONDA, REGIONE)
    await _exploratory(stage, interest)
    too_early = await _competitive(stage, interest, contest)
    await _negotiation_and_works(stage, interest, contest)
    versions = await stage.visitor.get("bandi", f"/bandi/{BANDO}/versioni")
    stage.section("fasi")
    stage.expect("fasi nell'ordine degli atti", list(FASI), [item["regole"]["fase"] for item in versions["items"]])
    stage.expect("concorso prima della sua fase", "fase-non-in-corso", too_early)
    for note in NOTES:
        stage.note(note)


async def _exploratory(stage: Stage, interest: ConcorsoNumeroso) -> None:
    await stage.at("2007-06-18T10:00:00")
    await interest.pubblica(manifestazione(), atto="DGR del programma (sintetico)")
    published = await interest.letto()
    stories = [proposta(ente, f"Quartiere {n}", "400000.00", {}) for n, ente in enumerate(AMMESSI, 1)]
    stories.append(proposta(ESCLUSO, "Quartiere 6", "400000.00", {}, "quartiere non di edilizia pubblica (sintetico)"))
    await stage.at("2007-10-31T11:45:00")
    ids = await interest.presentano(stories)
    await stage.at("2007-10-31T12:00:01")
    late = await interest.rifiutata(proposta("COMUNE-TARDIVO", "Quartiere 7", "1.00", {}), "in ritardo", 409)
    await stage.at("2007-12-10T10:00:00")
    decisions = await interest.esamina(stories, ids)
    stage.section("fase esplorativa")
    stage.expect("assi", list(ASSI), [line["codice"] for line in published["linee"]])
    stage.expect("dotazione ignota", [None] * 4, [line["dotazione"] for line in published["linee"]])
    stage.expect("presentate il 2007-10-31, entro il termine", 6, len(ids))
    stage.expect("un secondo dopo", "bando-scaduto", late)
    stage.expect("ammessi", 5, sum(item["esito"] == "ammissibile" for item in decisions))


async def _competitive(stage: Stage, interest: ConcorsoNumeroso, contest: ConcorsoNumeroso) -> str:
    await stage.at("2008-01-14T10:00:00")
    await contest.pubblica(concorso(), atto="bando della fase concorsuale (sintetico)")
    await stage.at("2008-02-01T09:00:00")
    stories = [
        proposta(ente, f"Quartiere {n}", "450000.00", {"DISAGIO": f"{10 - n}.00", "PROGETTO": "8.00"})
        for n, ente in enumerate(AMMESSI, 1)
    ]
    too_early = await contest.rifiutata(stories[0], "prima della fase", 409)
    await _open(interest, "concorsuale")
    await stage.at("2008-04-10T10:00:00")
    body = {"bando": SECONDA, "contenuto": dict(proposta(ESCLUSO, "Quartiere 6", "1.00", {}).contenuto)}
    lead = contest.capofila(ESCLUSO)
    answer = await lead.request("POST", "bandi", "/domande", json=body, step="non ammesso", expected=409)
    out = nome(answer)
    ids = await contest.presentano(stories)
    await stage.at("2008-05-20T10:00:00")
    await contest.esamina(stories, ids)
    await contest.valuta(stories, ids)
    ranking = await contest.gradua("graduatoria del concorso (sintetico)")
    rows = await contest.righe(1)
    stage.section("fase concorsuale")
    stage.expect("chi non e' ammesso non si presenta", "non-ammesso-alla-prima-fase", out)
    stage.expect("domande degli ammessi", 5, ranking["righe"])
    stage.expect("finanziate, l'ultima in parte", 5, ranking["finanziate"])
    stage.expect("la prima (pesi 60 e 40)", "86.00", rows[0]["totale"])
    stage.expect("la quinta riceve cio' che resta", "finanziata_in_parte", rows[4]["motivo"])
    stage.expect("cio' che resta su un asse", "200000.00", rows[4]["ammesso"][0]["importo"])
    stage.expect("assegnato", "8000000.00", ranking["finanziato"])
    return too_early


async def _negotiation_and_works(stage: Stage, interest: ConcorsoNumeroso, contest: ConcorsoNumeroso) -> None:
    await stage.at("2008-06-16T10:00:00")
    await _open(interest, "negoziale")
    project = (await contest.progetti())[AMMESSI[0]]
    body = {"atto": "impegno (sintetico)", "importi": [{"linea": ASSI[0], "importo": "450000.00"}]}
    path = f"/progetti/{project['progetto_id']}/impegni"
    answer = await interest.ufficio.request("POST", "bandi", path, json=body, step="impegno in negoziato", expected=409)
    await stage.at("2008-12-15T10:00:00")
    await _open(interest, "attuativa")
    done = await interest.ufficio.post("bandi", path, body, step="impegno")
    stage.section("fasi negoziale e attuativa")
    stage.expect("impegno durante il negoziato: rifiutato", 409, answer.status)
    stage.expect("impegno nella fase attuativa", "450000.00", done["linee"][0]["impegnato"])


async def _open(interest: ConcorsoNumeroso, fase: str) -> None:
    body = {"fase": fase, "atto": f"apertura della fase {fase} (sintetico)"}
    await interest.ufficio.post("bandi", f"/bandi/{BANDO}/fasi", body, step=f"fase {fase}")
