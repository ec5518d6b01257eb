"""Le Groane in tavola, Bollate: orientation, training with certificates, a year of accompaniment to an enterprise.

Figures of IRS2021 tav. 4.5, planned values of a project not yet started there; what is done here is synthetic.
"""

from datetime import date
from functools import partial
from typing import Any

from scenari import percorsi
from scenari.percorsi import Percorsi, mattine, righe_di, servizio
from scenari.toolkit import Stage

NAME = "groane_in_tavola"
TITLE = "Le Groane in tavola (Turati-Verdi, Bollate)"
REQUIRES: tuple[str, ...] = ()

ORIENTATI, FORMATI, IMPRENDITORI = 14, 10, 4
ORE_ORIENTAMENTO, ORE_FORMAZIONE, ORE_IMPRESA, MESI_IMPRESA = 6, 150, 24, 12
ATTESI = {
    "persone_orientate": ORIENTATI,
    "persone_formate": FORMATI,
    "attestati": 10,
    "percorsi_impresa": IMPRENDITORI,
    "attestati_impresa": 4,
}
FONTE = "IRS2021 tav. 4.5, valori programmati"

NOTES = (
    "dalla fonte, come ATTESI: 6 ore x 14, 150 ore x 10, 10 attestati, 12 mesi di accompagnamento x 4 con attestato",
    "dalla fonte: FSE 149.974,67 e FESR 149.625,00; l'azione 9.1.3 e' qui sull'intero FSE",
    "nella fonte il progetto non e' ancora avviato: tutto cio' che qui e' svolto e' sintetico",
    "sintetici: date, persone, costi orari, ore di accompagnamento (la fonte dice solo i mesi)",
    "il Comune di Bollate vi figura capofila del progetto: la fonte indica Arca di Noe, qui fra i partner",
)


async def play(stage: Stage) -> None:
    """Enter the targets, then walk the whole planned path with synthetic people."""
    storia = await affidato(stage)
    await percorsi.attende(storia, ATTESI, FONTE)
    await percorsi.popola(storia, ORIENTATI, donne=9, sigla="GRO")
    await percorsi.iscrivi_tutti(storia, ORIENTATI, {})
    await stage.at("2021-03-01T08:00:00")
    await stage.gather("piani", [partial(_piano, storia, chi) for chi in range(ORIENTATI)])
    await stage.at("2021-06-30T18:00:00")
    await percorsi.conduci(storia, "di orientamento e formazione", _ore(storia))
    codici = await percorsi.attestati(storia, range(FORMATI), "FORMAZIONE")
    await stage.gather("percorsi di impresa", [partial(_impresa, storia, chi) for chi in range(IMPRENDITORI)])
    await stage.at("2022-03-31T18:00:00")
    righe = [
        riga
        for chi in range(IMPRENDITORI)
        for riga in righe_di(_pip(storia, chi), "IMPRESA", mattine(date(2021, 9, 6), ORE_IMPRESA * 60, al_giorno=120))
    ]
    await percorsi.conduci(storia, "di accompagnamento", righe)
    codici += await percorsi.attestati(storia, range(IMPRENDITORI), "IMPRESA", "impresa")
    await _confronta(storia, codici)
    for note in NOTES:
        stage.note(note)


async def affidato(stage: Stage) -> Percorsi:
    """Enter the project and its measure, open its desk."""
    storia = await percorsi.affida(
        stage,
        bando="BOLLATE-GROANE",
        misura="GROANE-IN-TAVOLA",
        titolo="Le Groane in tavola",
        capofila=("COMUNE-BOLLATE", "Comune di Bollate", "COMUNE"),
        partner=[
            ("AFOL-METROPOLITANA", "AFOL Metropolitana", "OPERATORE_ACCREDITATO"),
            ("ARCA-DI-NOE", "Arca di Noe", "IMPRESA_SOCIALE"),
            ("CONSORZIO-SIR", "Consorzio SiR", "IMPRESA_SOCIALE"),
        ],
        operatore="AFOL-METROPOLITANA",
        linee=[("FSE", "9.1.3", "POR FSE 2014-2020", "149974.67"), ("FESR", "V.3.c.1.1", "POR FESR", "149625.00")],
        luogo=("Bollate", "Turati-Verdi"),
        mesi=24,
        inizio="2021-02-01",
    )
    regole = {
        "servizi": [
            servizio("ORIENTAMENTO", "Orientamento", "accoglienza_orientamento", "orientamento", "30.00"),
            servizio("FORMAZIONE", "Ristorazione e orto sociale", "consolidamento", "formazione", "12.00"),
            servizio("IMPRESA", "Accompagnamento all'impresa", "consolidamento", "impresa", "30.00"),
        ]
    }
    await percorsi.approva_misura(storia, titolo=TITLE, vale_dal="2021-01-01", regole=regole)
    await percorsi.apri_laboratorio(
        storia,
        ente="COMUNE-BOLLATE",
        nome="Sportello delle Groane",
        comune="Bollate",
        quartiere="Turati-Verdi",
        dal="2021-02-01",
        del_progetto=False,
    )
    return storia


def _pip(storia: Percorsi, chi: int) -> str:
    return storia.piani[storia.persone[chi]]


async def _piano(storia: Percorsi, chi: int) -> None:
    minuti = {"ORIENTAMENTO": ORE_ORIENTAMENTO * 60}
    if chi < FORMATI:
        minuti["FORMAZIONE"] = ORE_FORMAZIONE * 60
    if chi < IMPRENDITORI:
        minuti["IMPRESA"] = ORE_IMPRESA * 60
    await percorsi.firma_piano(storia, chi, inizio="2021-03-01", fine="2022-06-30", minuti=minuti)


def _ore(storia: Percorsi) -> list[dict[str, str]]:
    orientamento = mattine(date(2021, 3, 1), ORE_ORIENTAMENTO * 60, al_giorno=180)
    formazione = mattine(date(2021, 3, 8), ORE_FORMAZIONE * 60)
    righe = []
    for chi in range(ORIENTATI):
        righe += righe_di(_pip(storia, chi), "ORIENTAMENTO", orientamento)
        righe += righe_di(_pip(storia, chi), "FORMAZIONE", formazione) if chi < FORMATI else []
    return righe


async def _impresa(storia: Percorsi, chi: int) -> dict[str, Any]:
    corpo = {"pip_id": _pip(storia, chi), "dal": "2021-04-01", "mesi": MESI_IMPRESA}
    avviata: dict[str, Any] = await storia.operatore.post("inclusione", "/imprese", corpo, step=f"impresa {chi}")
    traguardo = {"traguardo": "piano_di_impresa", "raggiunto_il": "2021-06-15"}
    path = f"/imprese/{avviata['impresa_id']}/traguardi"
    await storia.operatore.post("inclusione", path, traguardo, step=f"traguardo {chi}")
    return avviata


async def _confronta(storia: Percorsi, codici: list[str]) -> None:
    controlli = await storia.stage.gather(
        "verifica degli attestati",
        [
            partial(storia.stage.visitor.get, "inclusione", f"/attestati/verifica/{codice}")
            for codice in (*codici, "CODICE-INESISTENTE")
        ],
    )
    linea = await storia.linea()
    spesa = ORIENTATI * ORE_ORIENTAMENTO * 30 + FORMATI * ORE_FORMAZIONE * 12 + IMPRENDITORI * ORE_IMPRESA * 30
    await percorsi.confronta_obiettivi(storia, ATTESI, ATTESI)
    storia.stage.section("attestati e denaro")
    storia.stage.expect("attestati che chiunque verifica", 14, sum(esito["valido"] for esito in controlli))
    storia.stage.expect("ore sull'attestato di un corso", "150.00", controlli[0]["ore"])
    storia.stage.expect("un codice inventato non vale", False, controlli[-1]["valido"])
    storia.stage.expect("prenotato per i servizi", f"{spesa}.00", linea["riservato_servizi"])
    storia.stage.expect("linea FSE", "149974.67", linea["ammesso"])
