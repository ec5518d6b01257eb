"""The neighbourhood: the project's lab, its fund, its households, what ALER says they owe."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

from scenari.lunattiva import piano
from scenari.toolkit import Actor, Stage

BANDO = "GESTIONE-SOCIALE-ERP-2017"
COMUNE = "COMUNE-MANTOVA"
ALER = "ALER-BRESCIA-CREMONA-MANTOVA"
SOLCO = "SOLCO-MANTOVA"
FONDO_CENT = 18_000_00
PER_FOGLIO = 56
ATTESA_S = 90.0


@dataclass(slots=True)
class Lunetta:
    """Who and what the story is about."""

    progetto_id: str
    laboratorio_id: str
    ufficio: Actor
    tesoreria: Actor
    sportello: Actor
    aler: Actor
    nuclei: list[str] = field(default_factory=list)
    adulti: list[str] = field(default_factory=list)
    ragazzi: list[str] = field(default_factory=list)

    async def cifre(self) -> dict[str, Any] | None:
        """Return the figures of the project's points, None before its fund is open."""
        answer = await self.ufficio.request(
            "GET", "puntiluna", f"/progetti/{self.progetto_id}/cifre", expected=(200, 404)
        )
        return answer.body if answer.status == 200 else None


async def allestisci(stage: Stage) -> Lunetta:
    """Find what the funded project made by events; set the lab up; fill the fund by an act."""
    await stage.at("2019-01-07T09:00:00")
    projects = await stage.visitor.items("bandi", "/progetti", params={"bando": BANDO})
    progetto_id = next(project["progetto_id"] for project in projects if project["capofila"] == COMUNE)
    office = stage.actor("funzionario_comune", subject="ufficio.casa.mantova", ente=COMUNE)

    async def lab() -> dict[str, Any] | None:
        page = await stage.visitor.get("laboratori", "/laboratori", params={"progetto_id": progetto_id})
        return page["items"][0] if page["items"] else None

    found = await stage.until("il laboratorio del progetto", lab, timeout_s=ATTESA_S)
    lunetta = Lunetta(
        progetto_id=progetto_id,
        laboratorio_id=found["laboratorio_id"],
        ufficio=office,
        tesoreria=stage.actor("tesoriere", subject="tesoreria.mantova", ente=COMUNE),
        sportello=stage.actor("operatore_laboratorio", subject="operatore.lunetta", ente=COMUNE),
        aler=stage.actor("ente_proprietario", subject="gestionale.aler", ente=ALER),
    )
    await _open_lab(stage, lunetta)
    await stage.until("il fondo del progetto", lunetta.cifre, timeout_s=ATTESA_S)
    await stage.until("la linea di inclusione impegnata", partial(_line, lunetta), timeout_s=ATTESA_S)
    act = {"importo": piano.euro(FONDO_CENT), "origine": "progetto", "atto": "Determina 12/2019 (sintetica)"}
    await office.post("puntiluna", f"/progetti/{progetto_id}/alimentazioni", act, step="alimentazione")
    tariff = {
        "progetto_id": progetto_id,
        "tipo": "indiretta",
        "voce": piano.CAG,
        "punti_ora": piano.euro(piano.PUNTI_ORA_CENT[piano.CAG]),
        "dal": "2019-01-01",
    }
    await office.post("puntiluna", "/tariffe", tariff, step="tariffa indiretta")
    stage.step("laboratorio allestito, fondo alimentato")
    return lunetta


async def _line(lunetta: Lunetta) -> dict[str, Any] | None:
    answer = await lunetta.ufficio.request("GET", "inclusione", f"/linee/{lunetta.progetto_id}", expected=(200, 404))
    return answer.body if answer.status == 200 and answer.body["impegnato"] == answer.body["ammesso"] else None


async def _open_lab(stage: Stage, lunetta: Lunetta) -> None:
    path = f"/laboratori/{lunetta.laboratorio_id}"
    read = await stage.visitor.request("GET", "laboratori", path)
    if read.body["stato"] == "da_allestire":
        setting = {
            "nome": "Officina delle Idee",
            "quartiere": "Lunetta",
            "sede": {
                "indirizzo": "Via Canneti 22",
                "comune": "Mantova",
                "proprietario": "Comune di Mantova",
                "dal": "2019-01-07",
            },
            "orari": [{"giorno": day, "apre": "15:00", "chiude": "19:00"} for day in range(1, 6)],
        }
        await lunetta.ufficio.put("laboratori", f"{path}/allestimento", setting, if_match=read.etag)
    member = {"sub": lunetta.sportello.subject, "ruolo": "operatore_sportello", "dal": "2019-01-07"}
    await lunetta.ufficio.post("laboratori", f"{path}/equipe", member, step="equipe")


async def popola(stage: Stage, lunetta: Lunetta) -> None:
    """Register the 671 households, a sheet at a time; the first one's adult is taken on for a plan."""
    await stage.at("2019-01-14T10:00:00")
    sheets = [
        [_household(number) for number in range(first, min(first + PER_FOGLIO, piano.NUCLEI))]
        for first in range(0, piano.NUCLEI, PER_FOGLIO)
    ]
    path = f"/laboratori/{lunetta.laboratorio_id}/nuclei/elenco"
    answers = await stage.gather(
        "nuclei",
        [
            partial(lunetta.sportello.post, "laboratori", path, {"nuclei": sheet}, step=f"nuclei {number}")
            for number, sheet in enumerate(sheets)
        ],
    )
    created = [item for answer in answers for item in answer["items"]]
    lunetta.nuclei = [item["nucleo_id"] for item in created]
    lunetta.adulti = [item["persone"][0] for item in created]
    lunetta.ragazzi = [item["persone"][1] for item in created[1 : 1 + piano.RAGAZZI]]
    resident = {"sub": "residente.lunetta"}
    await lunetta.sportello.post(
        "laboratori", f"/persone/{lunetta.adulti[0]}/identita", resident, step="accesso del residente"
    )


def _household(number: int) -> dict[str, Any]:
    members = [
        {
            "persona": {
                "nome": "Persona",
                "cognome": f"Sintetica {number + 1:03d}",
                "data_nascita": (date(1940, 1, 1) + timedelta(days=17 * number)).isoformat(),
                "provincia": "MN",
            },
            "ruolo": "intestatario",
            "dal": "2010-01-01",
            "presa_in_carico": number == 0,
        }
    ]
    if 1 <= number <= piano.RAGAZZI:
        child = {
            "nome": "Ragazzo",
            "cognome": f"Sintetico {number:03d}",
            "data_nascita": (date(2006, 5, 1) + timedelta(days=40 * number)).isoformat(),
        }
        members.append({"persona": child, "ruolo": "componente", "dal": "2010-01-01"})
    return {
        "membri": members,
        "contratti": [{"contratto_codice": piano.contratto(number), "ente_proprietario": ALER, "dal": "2010-01-01"}],
    }


async def comunica_debiti(stage: Stage, lunetta: Lunetta) -> None:
    """ALER pushes what every contract owes, zero included, and every contract finds its household."""
    await stage.at("2019-01-31T18:00:00")
    rows = [
        {"contratto_codice": piano.contratto(number), "importo": piano.euro(piano.debito_cent(number))}
        for number in range(piano.NUCLEI)
    ]
    snapshot = {"tipo": "completa", "al_giorno": "2019-01-31", "righe": rows}
    await lunetta.aler.post("puntiluna", "/debiti/rilevazioni", snapshot, step="debiti")

    async def matched() -> bool:
        page = await lunetta.aler.get("puntiluna", "/debiti/non-abbinati", params={"limit": 2})
        # Played again, the platform already has what the last snapshot told too.
        return all(row["contratto_codice"] == piano.SCONOSCIUTO for row in page["items"])

    await stage.until("ogni contratto con il suo nucleo", matched, timeout_s=ATTESA_S)
    stage.step("morosita' comunicata")


async def confronta(stage: Stage, lunetta: Lunetta) -> None:
    """Compare lab, households and arrears with the source."""
    lab = await stage.visitor.get("laboratori", f"/laboratori/{lunetta.laboratorio_id}")
    households = await lunetta.sportello.items(
        "laboratori", f"/laboratori/{lunetta.laboratorio_id}/nuclei", params={"limit": 500}
    )
    snapshots = await lunetta.aler.get("puntiluna", "/debiti/rilevazioni")
    stage.section("quartiere")
    stage.expect("laboratorio nato dal progetto", "attivo", lab["stato"])
    stage.expect("nuclei", 671, len(households))
    stage.expect("contratti comunicati da ALER", 671, snapshots["items"][-1]["righe"])
    stage.expect("nuclei morosi", 388, sum(piano.debito_cent(number) > 0 for number in range(piano.NUCLEI)))
    stage.expect(
        "morosita' comunicata",
        piano.euro(sum(piano.debito_cent(number) for number in range(piano.NUCLEI))),
        snapshots["items"][-1]["totale"],
    )
