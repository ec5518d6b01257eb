"""The call of 2017 for the social management of public housing: 38 applications, two rankings, 33 projects.

Figures of D.d.s. 14207 of 2017-11-15 as IRS2021 tells them (tab. 2.1, par. 2.1); the first ranking is decree 7390 of
2018-05-23, the scorrimento is of November 2018, after the top-up of DGR 741/2018.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from importlib import resources
from typing import Any

from scenari.toolkit import Actor, Stage

NAME = "gestione_sociale_erp_2017"
TITLE = "Gestione sociale dei quartieri ERP (avviso 2017)"
REQUIRES: tuple[str, ...] = ()

BANDO = "GESTIONE-SOCIALE-ERP-2017"
LABORATORI, INCLUSIONE = "LAB", "INC"
DOTAZIONE = {LABORATORI: 187589667, INCLUSIONE: 180000000}
INTEGRAZIONE = {LABORATORI: 216410333, INCLUSIONE: 198705151}
COMMISSARI = ("commissario.a", "commissario.b", "commissario.c")
CRITERI = {
    "A": ("Qualita' del progetto", 3000),
    "B": ("Bisogni del quartiere", 2500),
    "C": ("Partenariato e rete", 2000),
    "D": ("Sostenibilita'", 1500),
    "E": ("Innovazione", 1000),
}
MANTOVA = "COMUNE-MANTOVA"

NOTES = (
    "dotazione iniziale 3675896.67: DERIVATA (7827051.51 - 4151154.84); 1.8 milioni per l'inclusione dalla fonte",
    "noti dalle fonti: Mantova 251983.20, Giussano 241679.72, Bergamo 251989.04, Lonate Pozzolo 119640.70 + 109385.45",
    "sintetici: gli altri importi, la divisione per linea di Mantova, Giussano e Bergamo e quella dell'integrazione",
    "sintetici: punteggi, ordine di arrivo, motivi di non ammissione, nomi dei partner non citati, giorni non stampati",
    "la fonte dice 15 finanziate con i primi fondi e ne elenca 14: la quindicesima e' qui CAPOFILA-15-NON-INDICATO",
)


@dataclass(frozen=True, slots=True)
class Proposta:
    """One of the 38 applications."""

    ordine: int
    arrivo: int
    ente: str
    denominazione: str
    categoria: str
    titolo: str
    comune: str
    quartiere: str
    laboratori: str
    inclusione: str
    accreditati: int
    altri: int
    punti: dict[str, str]
    motivo: str
    esito: str

    @property
    def ammessa(self) -> bool:
        """Say whether the source counts it among the admitted."""
        return not self.motivo


def proposte() -> list[Proposta]:
    """Return the 38 applications in the order in which they arrive (the order is synthetic)."""
    outcomes = {row["ordine"]: row for row in _table("enti_proponenti.csv")}
    found = [
        Proposta(
            ordine=int(row["ordine"]),
            arrivo=int(row["arrivo"]),
            ente=row["ente"],
            denominazione=outcomes[row["ordine"]]["capofila"],
            categoria=row["categoria"],
            titolo=row["titolo"],
            comune=row["comune"],
            quartiere=row["quartiere"],
            laboratori=row["contributo_942_eur"],
            inclusione=row["contributo_913_eur"],
            accreditati=int(row["accreditati"]),
            altri=int(row["altri_partner"]),
            punti={code: row[code] for code in CRITERI},
            motivo=row["motivo_non_ammissione"],
            esito=outcomes[row["ordine"]]["esito"],
        )
        for row in _table("domande_2017.csv")
    ]
    return sorted(found, key=lambda proposta: proposta.arrivo)


async def play(stage: Stage) -> None:
    """Play the call from its publication to the start of Mantova's project."""
    office = stage.actor("funzionario_bandi", subject="ufficio.bandi.regione")
    stories = proposte()
    await _publish(stage, office)
    ids = await _apply(stage, stories)
    await _examine(stage, office, stories, ids)
    await _first_ranking(stage, office, stories)
    await _scorrimento(stage, office, stories)
    await _commit(stage, office)
    await _compare_projects(stage, stories)
    for note in NOTES:
        stage.note(note)


async def _publish(stage: Stage, office: Actor) -> None:
    await stage.at("2017-11-15T09:00:00")
    await office.post("bandi", "/bandi", _call(), step="bando")
    act = {"atto": "D.d.s. 14207 del 2017-11-15"}
    await office.post("bandi", f"/bandi/{BANDO}/pubblicazione", act, step="pubblicazione")
    commission = {"atto": "nomina della commissione (sintetico)", "commissari": list(COMMISSARI)}
    await office.post("bandi", f"/bandi/{BANDO}/commissione", commission, step="commissione")
    stage.step("bando pubblicato")
    listed = await stage.visitor.get("bandi", f"/bandi/{BANDO}")
    stage.section("bando")
    stage.expect("dotazione iniziale", "3675896.67", await _initial(stage))
    stage.expect("linee", ["9.4.2", "9.1.3"], [linea["azione"] for linea in listed["linee"]])


async def _initial(stage: Stage) -> str:
    """Return the money of the call's first version, as anybody reads it."""
    versions = await stage.visitor.get("bandi", f"/bandi/{BANDO}/versioni")
    return _sum(linea["dotazione"] for linea in versions["items"][0]["regole"]["linee"])


async def _apply(stage: Stage, stories: list[Proposta]) -> dict[int, str]:
    """Everybody writes at once; they present one after the other, in the order of arrival."""
    await stage.at("2018-02-01T10:00:00")
    drafts = await stage.gather("bozze", [partial(_draft, stage, story) for story in stories])
    ids = {story.ordine: draft["domanda_id"] for story, draft in zip(stories, drafts, strict=True)}
    await stage.at("2018-02-15T11:00:00")
    receipts: list[dict[str, Any]] = []
    for story in stories:
        lead = _lead(stage, story)
        path = f"/domande/{ids[story.ordine]}/presentazione"
        receipts.append(await lead.post("bandi", path, step=f"presentazione {story.ordine}"))
    stage.step("38 domande protocollate")
    stage.section("domande")
    stage.expect("domande presentate", 38, len(receipts))
    stage.expect("protocolli senza buchi", list(range(1, 39)), [receipt["protocollo"] for receipt in receipts])
    return ids


async def _draft(stage: Stage, story: Proposta) -> dict[str, Any]:
    body = {"bando": BANDO, "contenuto": _content(story)}
    answer: dict[str, Any] = await _lead(stage, story).post("bandi", "/domande", body, step=f"bozza {story.ordine}")
    return answer


async def _examine(stage: Stage, office: Actor, stories: list[Proposta], ids: dict[int, str]) -> None:
    await stage.at("2018-03-15T10:00:00")
    decisions = await stage.gather(
        "istruttoria", [partial(_decide, office, story, ids[story.ordine]) for story in stories]
    )
    not_admitted = [decision for decision in decisions if decision["esito"] == "non_ammissibile"]
    stage.section("istruttoria")
    stage.expect("non ammesse", 5, len(not_admitted))
    stage.expect("non ammesse con i motivi", 5, sum(bool(decision["motivi"]) for decision in not_admitted))
    await stage.at("2018-04-16T10:00:00")
    sheets = [
        partial(_score, stage, name, shift, story, ids[story.ordine])
        for story in stories
        if story.ammessa
        for shift, name in zip((-25, 0, 25), COMMISSARI, strict=True)
    ]
    await stage.gather("schede dei commissari", sheets)


async def _decide(office: Actor, story: Proposta, domanda_id: str) -> dict[str, Any]:
    body = {"esito": "ammissibile"} if story.ammessa else {"esito": "non_ammissibile", "motivi": [story.motivo]}
    answer: dict[str, Any] = await office.post(
        "bandi", f"/domande/{domanda_id}/istruttoria", body, step=f"istruttoria {story.ordine}"
    )
    return answer


async def _score(stage: Stage, name: str, shift: int, story: Proposta, domanda_id: str) -> None:
    """Sign a sheet; the three commissioners differ by a quarter of a point, their mean is the figure of the story."""
    punteggi = [{"criterio": code, "punti": _points(story.punti[code], shift, CRITERI[code][1])} for code in CRITERI]
    commissioner = stage.actor("commissario", subject=name)
    path = f"/domande/{domanda_id}/schede"
    await commissioner.post("bandi", path, {"punteggi": punteggi}, step=f"scheda {story.ordine} {name}")


async def _first_ranking(stage: Stage, office: Actor, stories: list[Proposta]) -> None:
    await stage.at("2018-05-23T12:00:00")
    act = {"atto": "decreto 7390 del 2018-05-23"}
    ranking = await office.post("bandi", f"/bandi/{BANDO}/graduatorie", act, step="prima graduatoria")
    rows = await stage.visitor.items("bandi", f"/bandi/{BANDO}/graduatorie/1/righe")
    funded = {row["capofila"] for row in rows if row["esito"] == "finanziata"}
    cut = next(row for row in rows if row["posizione"] == 16)
    stage.step("prima graduatoria")
    stage.section("prima graduatoria (decreto 7390 del 2018-05-23)")
    stage.expect("righe", 38, ranking["righe"])
    stage.expect("in graduatoria", 33, sum(row["posizione"] is not None for row in rows))
    stage.expect("finanziate", 15, ranking["finanziate"])
    first = {story.ente for story in stories if story.esito == "finanziata_prima_graduatoria"}
    stage.expect("sono le 15 della fonte", sorted(first), sorted(funded))
    stage.expect("la sedicesima non ci sta", "fondi_insufficienti", cut["motivo"])
    stage.expect("dopo il taglio (stop)", 17, sum(row["motivo"] == "dopo_il_taglio" for row in rows))
    stage.expect("finanziato entro 3675896.67", True, _cents(ranking["finanziato"]) <= sum(DOTAZIONE.values()))
    path = f"/bandi/{BANDO}/graduatorie/1/righe/{cut['protocollo']}/spiegazione"
    why = await stage.visitor.get("bandi", path)
    steps = {step["regola"] for step in why["passi"]}
    stage.expect("spiegata con la regola del taglio", True, "taglio.stop" in steps)


async def _scorrimento(stage: Stage, office: Actor, stories: list[Proposta]) -> None:
    await stage.at("2018-11-05T12:00:00")
    top_up = {
        "atto": "DGR 741/2018",
        "importi": [{"linea": linea, "importo": _euro(cents)} for linea, cents in INTEGRAZIONE.items()],
    }
    topped_up = await office.post("bandi", f"/bandi/{BANDO}/integrazioni", top_up, step="integrazione")
    more = _cents(topped_up["dotazione"]) - _cents(await _initial(stage))
    await stage.at("2018-11-20T12:00:00")
    act = {"atto": "scorrimento, novembre 2018 (integrazione: DGR 741/2018)"}
    ranking = await office.post("bandi", f"/bandi/{BANDO}/graduatorie", act, step="scorrimento")
    rows = await stage.visitor.items("bandi", f"/bandi/{BANDO}/graduatorie/2/righe")
    moved = {row["capofila"] for row in rows if row["cambiamento"] == "finanziata_per_scorrimento"}
    stage.step("scorrimento")
    stage.section("scorrimento (novembre 2018)")
    stage.expect("integrazione", "4151154.84", _euro(more))
    stage.expect("finanziate in tutto", 33, ranking["finanziate"])
    stage.expect("finanziate dallo scorrimento", 18, len(moved))
    second = {story.ente for story in stories if story.esito == "finanziata_scorrimento"}
    stage.expect("sono le 18 della fonte", sorted(second), sorted(moved))
    stage.expect("finanziato", "7827051.51", ranking["finanziato"])
    for number in (1, 2):
        check = await office.get("bandi", f"/bandi/{BANDO}/graduatorie/{number}/verifica")
        stage.expect(f"graduatoria {number} ricalcolata: stessi byte", True, check["identica"])
    content = await stage.visitor.get("bandi", f"/bandi/{BANDO}/graduatorie/2/csv")
    stage.expect("righe del CSV aperto (con l'intestazione)", 39, len(content.splitlines()))


async def _commit(stage: Stage, office: Actor) -> None:
    """Commit the money of every project and start Mantova's."""
    await stage.at("2018-12-10T10:00:00")
    projects = await stage.visitor.items("bandi", "/progetti", params={"bando": BANDO})
    await stage.gather("impegni", [partial(_commit_one, office, project) for project in projects])
    await stage.at("2018-12-20T09:00:00")
    mantova = next(project for project in projects if project["capofila"] == MANTOVA)
    start = {"atto": "comunicazione di avvio (sintetico)", "inizio": "2018-12-20"}
    await office.post("bandi", f"/progetti/{mantova['progetto_id']}/avvio", start, step="avvio Mantova")
    stage.step("Mantova avviata")


async def _commit_one(office: Actor, project: dict[str, Any]) -> None:
    amounts = [{"linea": linea["linea"], "importo": linea["ammesso"]} for linea in project["linee"]]
    body = {"atto": "impegno di spesa (sintetico)", "importi": amounts}
    path = f"/progetti/{project['progetto_id']}/impegni"
    await office.post("bandi", path, body, step=f"impegno {project['codice']}")


async def _compare_projects(stage: Stage, stories: list[Proposta]) -> None:
    money = await stage.visitor.get("bandi", f"/bandi/{BANDO}/avanzamento")
    projects = await stage.visitor.items("bandi", "/progetti", params={"bando": BANDO})
    by_lead = {project["capofila"]: project for project in projects}
    stage.section("progetti e denaro")
    stage.expect("progetti", 33, money["progetti"])
    stage.expect("operazioni", 66, money["operazioni"])
    stage.expect("dotazione in tutto", "7827051.51", money["dotazione"])
    stage.expect("programmato", "7827051.51", money["totale"]["programmato"])
    stage.expect("ammesso", "7827051.51", money["totale"]["ammesso"])
    stage.expect("impegnato", "7827051.51", money["totale"]["impegnato"])
    known = {
        "Mantova": (MANTOVA, "251983.20"),
        "Giussano": ("COMUNE-GIUSSANO", "241679.72"),
        "Bergamo": ("COMUNE-BERGAMO", "251989.04"),
        "Lonate Pozzolo": ("COMUNE-LONATE-POZZOLO", "229026.15"),
    }
    for name, (ente, amount) in known.items():
        stage.expect(name, amount, _sum(linea["ammesso"] for linea in by_lead[ente]["linee"]))
    lonate = {linea["azione"]: linea["ammesso"] for linea in by_lead["COMUNE-LONATE-POZZOLO"]["linee"]}
    stage.expect("Lonate Pozzolo, laboratori (9.4.2)", "119640.70", lonate["9.4.2"])
    stage.expect("Lonate Pozzolo, inclusione (9.1.3)", "109385.45", lonate["9.1.3"])
    funded = [story for story in stories if story.ammessa]
    others, accredited = sum(story.altri for story in funded), sum(story.accreditati for story in funded)
    details = await stage.gather(
        "partenariati", [partial(stage.visitor.get, "bandi", f"/progetti/{p['progetto_id']}") for p in projects]
    )
    members = [m for detail in details for m in detail["membri"] if m["ruolo"] == "partner"]
    obtained = sum(member["categoria"] != "OPERATORE_ACCREDITATO" for member in members)
    stage.expect("partner non accreditati, oltre ai capofila", 185, obtained)
    stage.expect("quota dei non accreditati, percento", 76, round(100 * obtained / len(members)))
    stage.expect("partner in tutto", others + accredited, len(members))


def _lead(stage: Stage, story: Proposta) -> Actor:
    return stage.actor("proponente", subject=f"proponente.{story.ordine:02d}", ente=story.ente)


def _call() -> dict[str, Any]:
    return {
        "codice": BANDO,
        "titolo": "Progettare la gestione sociale dei quartieri ERP in Lombardia",
        "ente_promotore": "Regione Lombardia",
        "territorio": "Lombardia",
        "regole": {
            "modalita": "graduatoria",
            "apre_il": "2017-12-01T10:00:00+01:00",
            "chiude_il": "2018-02-15T12:00:00+01:00",
            "linee": [
                _line(LABORATORI, "9.4.2"),
                _line(INCLUSIONE, "9.1.3"),
            ],
            "partenariato": {
                "capofila_ammessi": ["COMUNE", "ALER"],
                "membri_minimi": 3,
                "categorie_ammesse": [
                    "COMUNE",
                    "ALER",
                    "OPERATORE_ACCREDITATO",
                    "TERZO_SETTORE",
                    "IMPRESA_SOCIALE",
                    "ENTE_RELIGIOSO",
                ],
                "categorie_richieste": [{"categoria": "OPERATORE_ACCREDITATO", "minimo": 1}],
            },
            "contributo": {"massimale_progetto": "252000.00"},
            "valutazione": {
                "criteri": [
                    {"codice": code, "titolo": title, "punti_massimi": _euro(top)}
                    for code, (title, top) in CRITERI.items()
                ],
                "punteggio_massimo": "100.00",
                "soglia": "60.00",
                "spareggi": [
                    {"tipo": "criterio", "criterio": "A"},
                    {"tipo": "contributo_minore"},
                    {"tipo": "protocollo"},
                ],
            },
            "taglio": "stop",
            "durata_massima_mesi": 24,
            "termine_ultimo": "2020-12-19",
        },
    }


def _line(code: str, action: str) -> dict[str, Any]:
    return {
        "codice": code,
        "azione": action,
        "fondo": "POR FSE 2014-2020",
        "dotazione": _euro(DOTAZIONE[code]),
        "sotto_progetto_obbligatorio": True,
    }


def _content(story: Proposta) -> dict[str, Any]:
    content = {
        "titolo": story.titolo,
        "durata_mesi": 24,
        "membri": list(_members(story)),
        "sotto_progetti": [
            _part(LABORATORI, "Laboratorio sociale", story.laboratori),
            _part(INCLUSIONE, "Inclusione attiva", story.inclusione),
        ],
    }
    places = {"comune": story.comune, "quartiere": story.quartiere}
    return content | {name: value for name, value in places.items() if value}


def _part(code: str, title: str, amount: str) -> dict[str, Any]:
    return {"linea": code, "titolo": title, "costo": amount, "contributo": amount}


REAL_PARTNERS: dict[str, tuple[tuple[str, str, str], ...]] = {
    MANTOVA: (
        ("SOLCO-MANTOVA", "Sol.Co Mantova", "OPERATORE_ACCREDITATO"),
        ("ALER-BRESCIA-CREMONA-MANTOVA", "ALER Brescia Cremona Mantova", "ALER"),
        ("AGAPE-ONLUS", "Agape Onlus", "TERZO_SETTORE"),
        ("CSVM-LOMBARDIA-SUD", "CSVM Lombardia Sud", "TERZO_SETTORE"),
    ),
    "COMUNE-GIUSSANO": (
        ("MESTIERI-LOMBARDIA", "Mestieri Lombardia", "OPERATORE_ACCREDITATO"),
        ("ALER-COMO-MONZA-VARESE-BUSTO", "ALER Como Monza Varese Busto Arsizio", "ALER"),
        ("SPAZIO-GIOVANI", "Spazio Giovani Onlus", "IMPRESA_SOCIALE"),
        ("FONDAZIONE-RESIDENZA-AMICA", "Fondazione Residenza Amica Onlus", "TERZO_SETTORE"),
        ("IL-GIRASOLE", "Il Girasole", "TERZO_SETTORE"),
        ("FATA", "F.A.T.A.", "TERZO_SETTORE"),
        ("CONSORZIO-SIS", "Consorzio SIS", "IMPRESA_SOCIALE"),
        ("COMUNITA-PASTORALE-S-PAOLO", "Comunita Pastorale S. Paolo - Caritas", "ENTE_RELIGIOSO"),
    ),
    "COMUNE-BERGAMO": (
        ("ABF-BERGAMO", "Azienda Bergamasca Formazione", "OPERATORE_ACCREDITATO"),
        ("ALER-BERGAMO-LECCO-SONDRIO", "ALER Bergamo", "ALER"),
    ),
}
SYNTHETIC = ("TERZO_SETTORE", "IMPRESA_SOCIALE", "TERZO_SETTORE", "ENTE_RELIGIOSO", "COMUNE", "TERZO_SETTORE")


def _members(story: Proposta) -> Iterator[dict[str, str]]:
    """Yield the partnership: the lead, then the partners named by the sources, or synthetic ones."""
    yield _member(story.ente, story.denominazione, story.categoria, "capofila")
    if story.ente in REAL_PARTNERS:
        for code, name, category in REAL_PARTNERS[story.ente]:
            yield _member(code, name, category, "partner")
        return
    for n in range(1, story.accreditati + 1):
        code = f"ACCREDITATO-{story.ordine:02d}-{n}"
        yield _member(code, f"Operatore accreditato {n} ({story.ente}, sintetico)", "OPERATORE_ACCREDITATO", "partner")
    for n in range(1, story.altri + 1):
        code, category = f"PARTNER-{story.ordine:02d}-{n}", SYNTHETIC[(n - 1) % len(SYNTHETIC)]
        yield _member(code, f"Partner {n} ({story.ente}, sintetico)", category, "partner")


def _member(code: str, name: str, category: str, role: str) -> dict[str, str]:
    return {"ente": code, "denominazione": name, "categoria": category, "ruolo": role}


def _points(text: str, shift: int, top: int) -> str:
    """Return a score moved by a shift in hundredths, unless it would leave the scale on either side."""
    points = _cents(text)
    return _euro(points + shift) if abs(shift) <= points <= top - abs(shift) else _euro(points)


def _table(name: str) -> list[dict[str, str]]:
    text = resources.files("scenari.facts").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _cents(text: str) -> int:
    return int(text.replace(".", ""))


def _euro(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _sum(amounts: Iterator[str]) -> str:
    return _euro(sum(_cents(amount) for amount in amounts))
