"""Cultura in Bolla, Bollate: orientation, training, six-month placements, help to start a business, two hires hoped.

Figures of IRS2021 tav. 4.6, planned values of a project not yet started there; what is done here is synthetic.
"""

from datetime import date
from functools import partial
from typing import Any

from scenari import percorsi
from scenari.percorsi import Percorsi, mattine, righe_di, servizio
from scenari.toolkit import Stage

NAME = "cultura_in_bolla"
TITLE = "Cultura in Bolla (Turati-Verdi, Bollate)"
REQUIRES: tuple[str, ...] = ()

ORIENTATI, FORMATI, IMPRENDITORI = 14, 10, 4
ORE_ORIENTAMENTO, ORE_FORMAZIONE, ORE_CORSO_IMPRESA, ORE_SUPPORTO = 6, 150, 35, 10
ATTESI = {
    "persone_orientate": ORIENTATI,
    "persone_formate": FORMATI,
    "tirocini": FORMATI,
    "percorsi_impresa": IMPRENDITORI,
    "contratti": 2,
}
FONTE = "IRS2021 tav. 4.6, valori programmati"
COMPETENZE = ["accoglienza", "allestimento"]

NOTES = (
    "dalla fonte, come ATTESI: 6 ore x 14, 150 ore x 10, tirocini di 6 mesi x 10, impresa 35 + 10 ore x 4, 2 assunti",
    "le due assunzioni restano un obiettivo: nessun contratto e' registrato, perche' nessuna fonte lo dice",
    "nella fonte il progetto non e' ancora avviato: tutto cio' che qui e' svolto e' sintetico",
    "il Comune di Bollate vi figura capofila del progetto: la fonte indica Stripes, qui fra i partner",
)


async def play(stage: Stage) -> None:
    """Enter the targets, then walk the planned path with synthetic people, the hires excepted."""
    storia = await _affidato(stage)
    await percorsi.attende(storia, ATTESI, FONTE)
    await percorsi.popola(storia, ORIENTATI, donne=7, sigla="BOL")
    await percorsi.iscrivi_tutti(storia, ORIENTATI, {})
    await stage.at("2021-03-01T08:00:00")
    await stage.gather("piani", [partial(_piano, storia, chi) for chi in range(ORIENTATI)])
    await stage.at("2021-06-30T18:00:00")
    await percorsi.conduci(storia, "di orientamento e formazione", _ore(storia))
    posizione_id = await _posizione(storia)
    await stage.gather("tirocini", [partial(_tirocinio, storia, chi, posizione_id) for chi in range(FORMATI)])
    await stage.gather("percorsi di impresa", [partial(_impresa, storia, chi) for chi in range(IMPRENDITORI)])
    await _confronta(storia, posizione_id)
    for note in NOTES:
        stage.note(note)


async def _affidato(stage: Stage) -> Percorsi:
    storia = await percorsi.affida(
        stage,
        bando="BOLLATE-CULTURA",
        misura="CULTURA-IN-BOLLA",
        titolo="Cultura in Bolla",
        capofila=("COMUNE-BOLLATE", "Comune di Bollate", "COMUNE"),
        partner=[
            ("AFOL-METROPOLITANA", "AFOL Metropolitana", "OPERATORE_ACCREDITATO"),
            ("STRIPES", "Stripes", "IMPRESA_SOCIALE"),
            ("CONSORZIO-SIR", "Consorzio SiR", "IMPRESA_SOCIALE"),
        ],
        operatore="AFOL-METROPOLITANA",
        linee=[("FSE", "9.1.3", "POR FSE 2014-2020", "149974.67"), ("FESR", "V.3.c.1.1", "POR FESR", "149625.00")],
        luogo=("Bollate", "Turati-Verdi"),
        mesi=24,
        inizio="2021-02-02",
    )
    regole = {
        "servizi": [
            servizio("ORIENTAMENTO", "Orientamento", "accoglienza_orientamento", "orientamento", "30.00"),
            servizio("FORMAZIONE", "Produzione culturale", "consolidamento", "formazione", "12.00"),
            servizio("TUTORAGGIO", "Tutoraggio del tirocinio", "consolidamento", "tirocinio", "30.00"),
            servizio("CORSO-IMPRESA", "Formazione all'impresa", "consolidamento", "impresa", "12.00"),
            servizio("SUPPORTO-IMPRESA", "Supporto all'impresa", "consolidamento", "impresa", "30.00"),
        ]
    }
    await percorsi.approva_misura(storia, titolo=TITLE, vale_dal="2021-01-01", regole=regole)
    await percorsi.apri_laboratorio(
        storia,
        ente="COMUNE-BOLLATE",
        nome="Sportello di Cultura in Bolla",
        comune="Bollate",
        quartiere="Turati-Verdi",
        dal="2021-02-02",
        del_progetto=False,
    )
    return storia


def _pip(storia: Percorsi, chi: int) -> str:
    return storia.piani[storia.persone[chi]]


async def _piano(storia: Percorsi, chi: int) -> None:
    minuti = {"ORIENTAMENTO": ORE_ORIENTAMENTO * 60}
    if chi < FORMATI:
        minuti |= {"FORMAZIONE": ORE_FORMAZIONE * 60, "TUTORAGGIO": 4 * 60}
    if chi < IMPRENDITORI:
        minuti |= {"CORSO-IMPRESA": ORE_CORSO_IMPRESA * 60, "SUPPORTO-IMPRESA": ORE_SUPPORTO * 60}
    await percorsi.firma_piano(storia, chi, inizio="2021-03-01", fine="2022-03-31", minuti=minuti)


def _ore(storia: Percorsi) -> list[dict[str, str]]:
    calendario = {
        "ORIENTAMENTO": (ORIENTATI, mattine(date(2021, 3, 1), ORE_ORIENTAMENTO * 60, al_giorno=180)),
        "FORMAZIONE": (FORMATI, mattine(date(2021, 3, 8), ORE_FORMAZIONE * 60)),
        "CORSO-IMPRESA": (IMPRENDITORI, mattine(date(2021, 5, 3), ORE_CORSO_IMPRESA * 60)),
        "SUPPORTO-IMPRESA": (IMPRENDITORI, mattine(date(2021, 6, 1), ORE_SUPPORTO * 60, al_giorno=120)),
    }
    return [
        riga
        for codice, (quanti, sessioni) in calendario.items()
        for chi in range(quanti)
        for riga in righe_di(_pip(storia, chi), codice, sessioni)
    ]


async def _posizione(storia: Percorsi) -> str:
    """Open ten places with a host firm; the trained people declare what they can do and when."""
    firma = {"denominazione": "Teatro di quartiere (sintetico)", "comune": "Bollate", "settore": "cultura"}
    azienda = await storia.operatore.post("inclusione", "/aziende", firma, step="azienda")
    corpo = {
        "tipo": "tirocinio",
        "mansione": "Aiuto all'organizzazione di eventi",
        "competenze": COMPETENZE,
        "fasce": ["pomeriggio", "sera"],
        "posti": FORMATI,
    }
    path = f"/aziende/{azienda['azienda_id']}/posizioni"
    aperta = await storia.operatore.post("inclusione", path, corpo, step="posizione")
    for chi in range(FORMATI):
        declared = {"competenze": COMPETENZE[: 1 + chi % 2], "fasce": ["sera"]}
        await storia.operatore.put("inclusione", f"/persone/{storia.persone[chi]}/disponibilita", declared)
    return str(aperta["posizione_id"])


async def _tirocinio(storia: Percorsi, chi: int, posizione_id: str) -> None:
    corpo = {
        "pip_id": _pip(storia, chi),
        "posizione_id": posizione_id,
        "tutor": storia.operatore.subject,
        "dal": "2021-07-01",
        "al": "2021-12-31",
    }
    await storia.operatore.post("inclusione", "/tirocini", corpo, step=f"tirocinio {chi}")


async def _impresa(storia: Percorsi, chi: int) -> None:
    corpo = {"pip_id": _pip(storia, chi), "dal": "2021-05-03", "mesi": 12}
    await storia.operatore.post("inclusione", "/imprese", corpo, step=f"impresa {chi}")


async def _confronta(storia: Percorsi, posizione_id: str) -> None:
    svolti: dict[str, int] = {**ATTESI, "contratti": 0}
    await percorsi.confronta_obiettivi(storia, ATTESI, svolti)
    linea = await storia.linea()
    tirocini: list[dict[str, Any]] = []
    for chi in range(FORMATI):
        letti = await storia.operatore.get("inclusione", f"/pip/{_pip(storia, chi)}/tirocini")
        tirocini += letti["items"]
    ripetuto = {
        "pip_id": _pip(storia, ORIENTATI - 1),
        "posizione_id": posizione_id,
        "tutor": storia.operatore.subject,
        "dal": "2021-07-01",
        "al": "2021-12-31",
    }
    pieno = await storia.operatore.request("POST", "inclusione", "/tirocini", json=ripetuto, expected=409)
    storia.stage.section("tirocini")
    storia.stage.expect("tirocini di sei mesi", FORMATI, sum(riga["al"] == "2021-12-31" for riga in tirocini))
    storia.stage.expect("l'undicesimo non ha posto", "urn:quartieri:problema:posizione-chiusa", pieno.body["type"])
    storia.stage.expect("indennita' per i tirocini", "0.00", linea["riservato_indennita"])
