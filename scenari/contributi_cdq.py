"""Grants to associations of the five Contratti di Quartiere of Milano: 94,000 EUR for 2017/2018 and 80,000 for 2019.

Figures of MILANO2017: the two sums, the five neighbourhoods, the municipal budget. The rest is synthetic.
"""

from typing import Any

from scenari.facts.avviso_2017 import euro
from scenari.toolkit import ConcorsoNumeroso, Proposta, Stage, contenuto_singolo

NAME = "contributi_cdq"
TITLE = "Contributi negli ambiti CdQ di Milano (2017/2018 e 2019)"
REQUIRES: tuple[str, ...] = ()

MILANO = "COMUNE-MILANO"
QUARTIERI = ("San Siro", "Molise-Calvairate", "Gratosoglio", "Ponte Lambro", "Mazzini")
LINEA = "CONTRIBUTI"
EDIZIONI: dict[str, dict[str, str]] = {
    "CONTRIBUTI-CDQ-2017": {
        "annualita": "2017/2018",
        "dotazione": "94000.00",
        "taglio": "parziale",
        "apre": "2017-11-06",
        "durante": "2017-11-20",
        "chiude": "2017-12-04",
        "esamina": "2017-12-18",
        "approva": "2018-01-15",
    },
    "CONTRIBUTI-CDQ-2019": {
        "annualita": "2019",
        "dotazione": "80000.00",
        "taglio": "salta",
        "apre": "2019-02-04",
        "durante": "2019-02-18",
        "chiude": "2019-03-04",
        "esamina": "2019-03-18",
        "approva": "2019-04-15",
    },
}
NOTES = (
    "noti dalle fonti: 94000 euro (2017/2018) e 80000 euro (2019), bilancio comunale, cinque quartieri",
    "sintetici: associazioni, importi, criteri, punteggi, regola del taglio, giorni e atti",
)


def bando(codice: str) -> dict[str, Any]:
    """Return one edition of the call."""
    edition = EDIZIONI[codice]
    return {
        "titolo": f"Bando dei contributi ambiti CdQ annualita' {edition['annualita']}",
        "promotore": "Comune di Milano",
        "territorio": "Milano: " + ", ".join(QUARTIERI),
        "regole": {
            "modalita": "graduatoria",
            "apre_il": f"{edition['apre']}T09:00:00+01:00",
            "chiude_il": f"{edition['chiude']}T12:00:00+01:00",
            "linee": [
                {
                    "codice": LINEA,
                    "azione": "contributi",
                    "fondo": "bilancio comunale",
                    "dotazione": edition["dotazione"],
                }
            ],
            "partenariato": {
                "capofila_ammessi": ["NON_PROFIT", "TERZO_SETTORE", "IMPRESA_SOCIALE", "ENTE_RELIGIOSO"],
                "membri_massimi": 1,
                "domande_per_capofila": 1,
            },
            "contributo": {"massimale_progetto": "12000.00"},
            "valutazione": {
                "criteri": [
                    {"codice": "UTILITA", "titolo": "Utilita' per gli abitanti", "punti_massimi": "60.00"},
                    {"codice": "RETE", "titolo": "Rete di quartiere", "punti_massimi": "40.00"},
                ],
                "punteggio_massimo": "100.00",
                "soglia": "50.00",
                "spareggi": [
                    {"tipo": "criterio", "criterio": "UTILITA"},
                    {"tipo": "contributo_minore"},
                    {"tipo": "protocollo"},
                ],
            },
            "taglio": edition["taglio"],
            "durata_massima_mesi": 12,
        },
    }


def proposte() -> list[Proposta]:
    """Return two associations for each neighbourhood; the last one of all asks little, and scores least."""
    stories = []
    for n in range(10):
        place = QUARTIERI[n % len(QUARTIERI)]
        ente = f"ASSOCIAZIONE-{n + 1}"
        asked = euro(1_050_000 if n < 9 else 400_000)
        title = f"Associazione {n + 1} di {place} (sintetica)"
        content = contenuto_singolo(ente, "NON_PROFIT", title, 12, {LINEA: asked}, comune="Milano", quartiere=place)
        stories.append(Proposta(ente, content, {"UTILITA": f"{58 - n}.00", "RETE": "30.00"}))
    return stories


async def play(stage: Stage) -> None:
    """Play both editions: the first gives what is left in part, the second skips who does not fit."""
    for codice, edition in EDIZIONI.items():
        call = ConcorsoNumeroso(stage, codice, MILANO)
        stories = proposte()
        await stage.at(f"{edition['apre']}T08:00:00")
        await call.pubblica(bando(codice), atto="determinazione (sintetico)")
        published = await call.letto()
        await stage.at(f"{edition['durante']}T10:00:00")
        ids = await call.presentano(stories)
        await stage.at(f"{edition['esamina']}T10:00:00")
        await call.esamina(stories, ids)
        await call.valuta(stories, ids)
        await stage.at(f"{edition['approva']}T10:00:00")
        ranking = await call.gradua("determinazione di approvazione (sintetico)")
        rows = await call.righe(1)
        stage.step(codice)
        stage.section(f"annualita' {edition['annualita']}")
        stage.expect("dotazione", edition["dotazione"], published["dotazione"])
        stage.expect("quartieri", 5, len({p["quartiere"] for p in await call.elenco_progetti()}))
        if edition["taglio"] == "parziale":
            stage.expect("finanziato: tutto, l'ultima in parte", edition["dotazione"], ranking["finanziato"])
            stage.expect("la nona riceve cio' che resta", "10000.00", rows[8]["ammesso"][0]["importo"])
            stage.expect("la decima viene dopo il taglio", "dopo_il_taglio", rows[9]["motivo"])
        else:
            stage.expect("finanziato", "77500.00", ranking["finanziato"])
            stage.expect("le saltate", ["fondi_insufficienti"] * 2, [row["motivo"] for row in rows[7:9]])
            stage.expect("chi chiede meno, dopo di loro", "finanziata", rows[9]["esito"])
    for note in NOTES:
        stage.note(note)
