"""The call of 2017 for the social management of public housing: 38 applications, two rankings, 33 projects.

Figures of D.d.s. 14207 of 2017-11-15 as IRS2021 tells them (tab. 2.1, par. 2.1); the first ranking is decree 7390 of
2018-05-23, the scorrimento is of November 2018, after the top-up of DGR 741/2018.
"""

from functools import partial
from typing import Any

from scenari.facts.avviso_2017 import (
    BANDO,
    COMMISSARI,
    CRITERI,
    DOTAZIONE,
    INTEGRAZIONE,
    MANTOVA,
    REGIONE,
    Proposta,
    bando,
    centesimi,
    contenuto,
    euro,
    proposte,
    punti,
    somma,
)
from scenari.toolkit import Actor, Stage, aderiscono, dichiarano

NAME = "gestione_sociale_erp_2017"
TITLE = "Gestione sociale dei quartieri ERP (avviso 2017)"
REQUIRES: tuple[str, ...] = ()

DECRETO = "decreto 16659 del 2020-12-31"
INIZI = ("2018-12-03", "2018-12-20", "2019-01-14")
FINI = {"2018-12-03": "2021-06-02"}

NOTES = (
    "dotazione iniziale 3675896.67: DERIVATA (7827051.51 - 4151154.84); 1.8 milioni per l'inclusione dalla fonte",
    "noti dalle fonti: Mantova 251983.20, Giussano 241679.72, Bergamo 251989.04, Lonate Pozzolo 119640.70 + 109385.45",
    "sintetici: gli altri importi, la divisione per linea di Mantova, Giussano e Bergamo e quella dell'integrazione",
    "sintetici: punteggi, ordine di arrivo, motivi di non ammissione, nomi dei partner non citati, giorni non stampati",
    "sintetici: i giorni d'avvio; quello di Mantova fa cadere i suoi 30 mesi sul termine ultimo della fonte",
    "la fonte dice 15 finanziate con i primi fondi e ne elenca 14: la quindicesima e' qui CAPOFILA-15-NON-INDICATO",
)


async def play(stage: Stage) -> None:
    """Play the call from its publication to the start of Mantova's project."""
    office = stage.actor("funzionario_bandi", subject="ufficio.bandi.regione", ente=REGIONE)
    stories = proposte()
    await _publish(stage, office)
    ids = await _apply(stage, office, stories)
    await _examine(stage, office, stories, ids)
    await _first_ranking(stage, office, stories)
    await _scorrimento(stage, office, stories)
    await _commit(stage, office)
    await _compare_projects(stage, stories)
    await _extend(stage, office)
    for note in NOTES:
        stage.note(note)


async def _publish(stage: Stage, office: Actor) -> None:
    await stage.at("2017-11-15T09:00:00")
    await office.post("bandi", "/bandi", bando(), step="bando")
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
    return somma(linea["dotazione"] for linea in versions["items"][0]["regole"]["linee"])


async def _apply(stage: Stage, office: Actor, stories: list[Proposta]) -> dict[int, str]:
    """Everybody writes at once and their partners accept; they present one after the other, in the order of arrival."""
    await stage.at("2018-02-01T10:00:00")
    drafts = await stage.gather("bozze", [partial(_draft, stage, story) for story in stories])
    ids = {story.ordine: draft["domanda_id"] for story, draft in zip(stories, drafts, strict=True)}
    accepted = await aderiscono(stage, drafts)
    await stage.at("2018-02-15T11:00:00")
    for story in stories:
        lead = _lead(stage, story)
        path = f"/domande/{ids[story.ordine]}/presentazione"
        await lead.post("bandi", path, step=f"presentazione {story.ordine}")
    listed = await office.items("bandi", f"/bandi/{BANDO}/domande")
    stage.step("domande protocollate")
    stage.section("domande")
    stage.expect("domande presentate", 38, len(listed))
    stage.expect("partner che hanno accettato", sum(story.accreditati + story.altri for story in stories), accepted)
    numbers = [row["protocollo"] for row in listed]
    stage.expect(
        "protocolli in ordine e senza buchi", "1-38", "1-38" if numbers == list(range(1, 39)) else str(numbers)
    )
    return ids


async def _draft(stage: Stage, story: Proposta) -> dict[str, Any]:
    body = {"bando": BANDO, "contenuto": contenuto(story)}
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
    admitted = [ids[story.ordine] for story in stories if story.ammessa]
    await dichiarano(stage, BANDO, COMMISSARI, admitted)
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
    punteggi = [{"criterio": code, "punti": punti(story.punteggi[code], shift, CRITERI[code][1])} for code in CRITERI]
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
    stage.expect("fra le finanziate dalla fonte", 15, len(funded & first))
    stage.expect("la sedicesima non ci sta", "fondi_insufficienti", cut["motivo"])
    stage.expect("dopo il taglio (stop)", 17, sum(row["motivo"] == "dopo_il_taglio" for row in rows))
    stage.expect("finanziato entro 3675896.67", True, centesimi(ranking["finanziato"]) <= sum(DOTAZIONE.values()))
    path = f"/bandi/{BANDO}/graduatorie/1/righe/{cut['protocollo']}/spiegazione"
    why = await stage.visitor.get("bandi", path)
    steps = {step["regola"] for step in why["passi"]}
    stage.expect("spiegata con la regola del taglio", True, "taglio.stop" in steps)


async def _scorrimento(stage: Stage, office: Actor, stories: list[Proposta]) -> None:
    await stage.at("2018-11-05T12:00:00")
    top_up = {
        "atto": "DGR 741/2018",
        "importi": [{"linea": linea, "importo": euro(cents)} for linea, cents in INTEGRAZIONE.items()],
    }
    topped_up = await office.post("bandi", f"/bandi/{BANDO}/integrazioni", top_up, step="integrazione")
    more = centesimi(topped_up["dotazione"]) - centesimi(await _initial(stage))
    await stage.at("2018-11-20T12:00:00")
    act = {"atto": "scorrimento, novembre 2018 (integrazione: DGR 741/2018)"}
    ranking = await office.post("bandi", f"/bandi/{BANDO}/graduatorie", act, step="scorrimento")
    rows = await stage.visitor.items("bandi", f"/bandi/{BANDO}/graduatorie/2/righe")
    moved = {row["capofila"] for row in rows if row["cambiamento"] == "finanziata_per_scorrimento"}
    stage.step("scorrimento")
    stage.section("scorrimento (novembre 2018)")
    stage.expect("integrazione", "4151154.84", euro(more))
    stage.expect("finanziate in tutto", 33, ranking["finanziate"])
    stage.expect("finanziate dallo scorrimento", 18, len(moved))
    second = {story.ente for story in stories if story.esito == "finanziata_scorrimento"}
    stage.expect("fra le 18 della fonte", 18, len(moved & second))
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


async def _extend(stage: Stage, office: Actor) -> None:
    """Start the other projects, then let decree 16659 give all of them six months more, within 30 from their start."""
    await stage.at("2019-01-31T10:00:00")
    projects = await stage.visitor.items("bandi", "/progetti", params={"bando": BANDO})
    others = [project for project in projects if project["capofila"] != MANTOVA]
    starts = {project["codice"]: INIZI[n % len(INIZI)] for n, project in enumerate(others)}
    await stage.gather("avvii", [partial(_start, office, project, starts[project["codice"]]) for project in others])
    mantova = next(project for project in projects if project["capofila"] == MANTOVA)
    starts[mantova["codice"]] = "2018-12-20"
    await stage.at("2020-12-31T09:00:00")
    before = await office.request(
        "POST",
        "bandi",
        f"/progetti/{mantova['progetto_id']}/proroghe",
        json=_until("2021-06-19"),
        step="proroga prima del decreto",
        expected=(200, 409),
    )
    act = {"atto": DECRETO, "durata_massima_mesi": 30, "termine_ultimo": "2021-06-19"}
    longer = await office.post("bandi", f"/bandi/{BANDO}/proroghe", act, step="proroga del bando")
    extended = await stage.gather(
        "proroghe", [partial(_extend_one, office, project, starts[project["codice"]]) for project in projects]
    )
    ends = {project["codice"]: project["fine"] for project in extended}
    duty = {"tipo": "disseminazione", "descrizione": "Pubblicare i risultati (sintetico)", "entro": "2021-06-19"}
    imposed = await office.post("bandi", f"/progetti/{mantova['progetto_id']}/obblighi", duty, step="obbligo Mantova")
    stage.step("progetti prorogati")
    stage.section("proroga di sei mesi (decreto 16659 del 2020-12-31)")
    stage.expect("prima del decreto la proroga e' rifiutata", 409, before.status)
    rules = longer["regole"]
    stage.expect("30 mesi e mai dopo il", [30, "2021-06-19"], [rules["durata_massima_mesi"], rules["termine_ultimo"]])
    stage.expect("progetti prorogati", 33, len(ends))
    stage.expect("Mantova, avviata il 2018-12-20, finisce il", "2021-06-19", ends[mantova["codice"]])
    early = [ends[codice] for codice, start in starts.items() if start == "2018-12-03"]
    stage.expect("avviati il 2018-12-03: 30 mesi, fino al", {"2021-06-02"}, set(early))
    late = [ends[codice] for codice, start in starts.items() if start > "2018-12-20"]
    stage.expect("avviati dopo: il termine ultimo", {"2021-06-19"}, set(late))
    stage.expect("Mantova deve raccontare i risultati entro", "2021-06-19", imposed["entro"])
    one_more = await office.request(
        "POST",
        "bandi",
        f"/progetti/{mantova['progetto_id']}/proroghe",
        json=_until("2021-06-20"),
        step="un giorno oltre",
        expected=(200, 409),
    )
    stage.expect("un giorno oltre e' rifiutato", 409, one_more.status)


def _until(end: str) -> dict[str, str]:
    return {"atto": DECRETO, "fine": end}


async def _start(office: Actor, project: dict[str, Any], start: str) -> None:
    body = {"atto": "comunicazione di avvio (sintetico)", "inizio": start}
    path = f"/progetti/{project['progetto_id']}/avvio"
    await office.post("bandi", path, body, step=f"avvio {project['codice']}")


async def _extend_one(office: Actor, project: dict[str, Any], start: str) -> dict[str, Any]:
    end = FINI.get(start, "2021-06-19")
    path = f"/progetti/{project['progetto_id']}/proroghe"
    answer: dict[str, Any] = await office.post("bandi", path, _until(end), step=f"proroga {project['codice']}")
    return answer


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
        stage.expect(name, amount, somma(linea["ammesso"] for linea in by_lead[ente]["linee"]))
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
