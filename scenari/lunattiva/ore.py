"""The hours: activities put in the calendar, sheets registered and confirmed, one corrected, one cancelled."""

from decimal import Decimal
from functools import partial
from itertools import product
from typing import Any

from scenari.lunattiva import piano
from scenari.lunattiva.piano import Attivita, Presenza
from scenari.lunattiva.quartiere import ATTESA_S, Lunetta
from scenari.toolkit import Stage


async def calendario(stage: Stage, lunetta: Lunetta, stagione: int, dal: str) -> list[str]:
    """Put a season's activities in the calendar; return their ids."""
    await stage.at(dal)
    path = f"/laboratori/{lunetta.laboratorio_id}/attivita"
    created = await stage.gather(
        f"calendario {stagione + 1}",
        [
            partial(lunetta.sportello.post, "laboratori", path, _activity(una), step=f"attivita {una.codice}")
            for una in della_stagione(stagione)
        ],
    )
    return [answer["attivita_id"] for answer in created]


async def presenze(stage: Stage, lunetta: Lunetta, stagione: int, ids: list[str], al: str) -> None:
    """Register and confirm a season's sheets, correct the mistakes, and wait for the points."""
    await stage.at(al)
    await stage.gather(
        f"presenze {stagione + 1}",
        [
            partial(_sheet, stage, lunetta, una, attivita_id)
            for una, attivita_id in zip(della_stagione(stagione), ids, strict=True)
        ],
    )
    await _wait_for_points(stage, lunetta, stagione)


def della_stagione(stagione: int) -> list[Attivita]:
    """Return the activities of a season."""
    return [una for una in piano.attivita() if una.stagione == stagione]


async def _wait_for_points(stage: Stage, lunetta: Lunetta, fino_a: int) -> None:
    """Wait until the points of the seasons played so far are all there, no more and no less."""
    elenco = [una for una in piano.attivita() if una.stagione <= fino_a]
    wanted = piano.punti_cent(elenco)

    async def arrived() -> bool:
        figures = await lunetta.cifre()
        issued = figures["punti_emessi"] if figures else "0.00"
        # Played again, the platform already has the points of the later seasons too.
        return issued in (piano.euro(wanted), piano.euro(piano.punti_cent(piano.attivita())))

    await stage.until(f"{piano.euro(wanted)} punti", arrived, timeout_s=ATTESA_S)
    stage.step(f"{piano.euro(wanted)} punti")


def _activity(una: Attivita) -> dict[str, Any]:
    body = {
        "tipo": una.tipo,
        "titolo": una.titolo,
        "luogo": "Officina delle Idee, Via Canneti 22",
        "inizio": piano.testo(una.inizio),
        "fine": piano.testo(una.fine),
    }
    if una.diretta:
        return body | {"fascia": una.voce}
    return body | {"diretta": False, "categoria_indiretta": una.voce}


async def _sheet(stage: Stage, lunetta: Lunetta, una: Attivita, attivita_id: str) -> None:
    """Register a sheet of signatures, then confirm it."""
    people = lunetta.adulti if una.diretta else lunetta.ragazzi
    rows = [
        {"persona_id": people[p.chi], "inizio": piano.testo(p.inizio), "fine": piano.testo(p.fine)}
        for p in _as_written(una)
    ]
    write = _one_by_one if stage.one_by_one else _whole
    written = await write(lunetta, una, attivita_id, rows)
    if una.codice == piano.RETTIFICATA:
        right = una.presenze[0]
        correction = {
            "inizio": piano.testo(right.inizio),
            "fine": piano.testo(right.fine),
            "motivo": "Il foglio firma diceva un'ora di troppo",
        }
        await lunetta.sportello.post("laboratori", f"/presenze/{written[0]}/rettifica", correction, step="rettifica")
    if una.codice == piano.ANNULLATA:
        reason = {"motivo": "La persona non era presente: firma di un altro giorno"}
        await lunetta.sportello.post("laboratori", f"/presenze/{written[-1]}/annullamento", reason, step="annullamento")


async def _whole(lunetta: Lunetta, una: Attivita, attivita_id: str, rows: list[dict[str, str]]) -> list[str]:
    """Register and confirm a sheet in two requests; return the ids of its attendances."""
    written = await lunetta.sportello.post(
        "laboratori", f"/attivita/{attivita_id}/presenze/elenco", {"presenze": rows}, step=f"foglio {una.codice}"
    )
    ids: list[str] = written["items"]
    await lunetta.sportello.post(
        "laboratori",
        f"/laboratori/{lunetta.laboratorio_id}/presenze/conferme",
        {"presenze": ids},
        step=f"conferma {una.codice}",
    )
    return ids


async def _one_by_one(lunetta: Lunetta, una: Attivita, attivita_id: str, rows: list[dict[str, str]]) -> list[str]:
    """Register and confirm a sheet with two requests for each of its rows; return the ids of its attendances."""
    ids: list[str] = []
    for number, row in enumerate(rows):
        written = await lunetta.sportello.post(
            "laboratori", f"/attivita/{attivita_id}/presenze", row, step=f"riga {una.codice} {number}"
        )
        ids.append(written["presenza_id"])
        await lunetta.sportello.post(
            "laboratori", f"/presenze/{ids[-1]}/conferma", step=f"conferma riga {una.codice} {number}"
        )
    return ids


def _as_written(una: Attivita) -> tuple[Presenza, ...]:
    """Return the sheet as it was written, with its two mistakes."""
    if una.codice == piano.RETTIFICATA:
        first = una.presenze[0]
        return (Presenza(first.chi, first.inizio, una.fine), *una.presenze[1:])
    if una.codice == piano.ANNULLATA:
        first = una.presenze[0]
        return (*una.presenze, Presenza(piano.ASSENTE, first.inizio, first.fine))
    return una.presenze


async def confronta(stage: Stage, lunetta: Lunetta) -> None:
    """Compare hours and points with the source."""
    figures = await lunetta.cifre()
    assert figures is not None
    elenco = piano.attivita()
    indirect = piano.minuti_di(elenco, piano.CAG)
    fund = await lunetta.ufficio.get("puntiluna", f"/progetti/{lunetta.progetto_id}/fondo")
    public = await stage.visitor.get("puntiluna", f"/progetti/{lunetta.progetto_id}/cifre-pubbliche")
    stage.section("ore e punti al 30 novembre 2020")
    stage.expect("punti", "17891.00", figures["punti_emessi"])
    stage.expect("controvalore pubblicato", "17891.00", public["controvalore"])
    stage.expect("ore confermate", piano.euro(piano.minuti_di(elenco) * 100 // 60), figures["ore"])
    stage.expect("di attivita' indirette", piano.euro(indirect * 100 // 60), figures["ore_indirette"])
    dei_nuclei = Decimal(figures["ore"]) - Decimal(figures["ore_indirette"])
    stage.expect("piu' di 3.500 ore dei nuclei", True, dei_nuclei > 3500)
    stage.expect("presenze che hanno dato punti", sum(len(una.presenze) for una in elenco), figures["presenze"])
    stage.expect("utenti attivi", 104, figures["persone"])
    stage.expect("eventi e laboratori", 70, await _in_calendar(stage, lunetta))
    stage.expect("il fondo e' stato riempito da un atto solo", 1, len(fund["alimentazioni"]))
    stage.expect("alimentato meno emesso resta nel fondo", "109.00", fund["saldo"])
    stage.expect("punti in attesa del fondo", "0.00", figures["in_attesa_fondo"])
    await _compare_corrections(stage, lunetta)


async def _in_calendar(stage: Stage, lunetta: Lunetta) -> int:
    """Count the activities of the lab, as anybody reads them in the public calendar."""
    found: set[str] = set()
    for anno, mese in product(range(piano.STAGIONI[0].dal.year, piano.STAGIONI[-1].dal.year + 1), range(1, 13)):
        params = {"mese": f"{anno}-{mese:02d}", "laboratorio_id": lunetta.laboratorio_id, "limit": 500}
        rows = await stage.visitor.items("laboratori", "/calendario", params=params)
        found.update(row["attivita_id"] for row in rows)
    return len(found)


async def _compare_corrections(stage: Stage, lunetta: Lunetta) -> None:
    """Find the two corrected sheets again, by their activity, and what they gave."""
    elenco = {una.codice: una for una in piano.attivita()}
    found = {}
    for code, state in ((piano.RETTIFICATA, "confermata"), (piano.ANNULLATA, "annullata")):
        una = elenco[code]
        params = {"dal": piano.testo(una.inizio), "al": piano.testo(una.fine), "stato": state, "limit": 500}
        rows = await lunetta.sportello.items(
            "laboratori", f"/laboratori/{lunetta.laboratorio_id}/presenze", params=params
        )
        chi = una.presenze[0].chi if state == "confermata" else piano.ASSENTE
        found[code] = next(row for row in rows if row["persona_id"] == lunetta.adulti[chi])
    corrected = await lunetta.ufficio.get("puntiluna", f"/accrediti/{found[piano.RETTIFICATA]['presenza_id']}")
    cancelled = await lunetta.ufficio.get("puntiluna", f"/accrediti/{found[piano.ANNULLATA]['presenza_id']}")
    stage.expect("presenza rettificata: da 4 a 3 ore", 180, found[piano.RETTIFICATA]["minuti"])
    stage.expect("punti della presenza rettificata", "15.00", corrected["concessi"])
    stage.expect("punti della presenza annullata", "0.00", cancelled["concessi"])
