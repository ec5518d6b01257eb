"""Lunattiva, Lunetta (Mantova): hours of community activity become points, points become less arrears.

Figures of IRS2021 par. 4.2.1 (tav. 4.7 and 4.8) and of the press of 2019; people, dates and contracts are synthetic.
"""

from scenari.lunattiva import chiusura, ore, percorso, quartiere, spesa
from scenari.toolkit import Stage

NAME = "lunattiva"
TITLE = "Lunattiva (Lunetta, Mantova)"
REQUIRES: tuple[str, ...] = ("gestione_sociale_erp_2017",)

NOTES = (
    "dalla fonte: 671 nuclei, 388 morosi, 104 utenti attivi, 70 eventi e laboratori, tariffe 5 / x2 / x4",
    "dalla fonte: oltre 3.500 ore e 17.891 punti al 30 novembre 2020",
    "sintetici: persone, contratti, importi della morosita', calendario, ore di ogni fascia, il piano PIP",
    "sintetici: le riduzioni di dicembre 2020, le risposte di ALER, la riconciliazione, gli IBAN",
    "la tariffa delle attivita' indirette (1,50 punti l'ora) e' dedotta: la fonte non la stampa",
    "nessun nome e' di una persona reale: si chiamano tutti Persona Sintetica",
)


async def play(stage: Stage) -> None:
    """Play the story from January 2019 to 30 November 2020, and the last reductions until February 2021."""
    lunetta = await quartiere.allestisci(stage)
    await quartiere.popola(stage, lunetta)
    await quartiere.comunica_debiti(stage, lunetta)
    prime = await ore.calendario(stage, lunetta, 0, "2019-02-01T09:00:00")
    piano_pip = await percorso.firma(stage, lunetta)
    await ore.presenze(stage, lunetta, 0, prime, "2019-06-30T20:00:00")
    await percorso.conduci(stage, lunetta, piano_pip)
    await spesa.dona(stage, lunetta)
    await spesa.riduci(stage, lunetta)
    seconde = await ore.calendario(stage, lunetta, 1, "2019-09-01T09:00:00")
    await ore.presenze(stage, lunetta, 1, seconde, "2019-12-31T12:00:00")
    terze = await ore.calendario(stage, lunetta, 2, "2020-06-03T09:00:00")
    await ore.presenze(stage, lunetta, 2, terze, "2020-11-30T23:00:00")
    await chiusura.riduci(stage, lunetta)
    batch = await chiusura.rispondi(stage, lunetta)
    reconciliation = await chiusura.riconcilia(stage, lunetta, batch)
    await chiusura.paga(stage, lunetta)
    await quartiere.confronta(stage, lunetta)
    await ore.confronta(stage, lunetta)
    await spesa.confronta(stage, lunetta)
    await chiusura.confronta(stage, lunetta, batch, reconciliation)
    await percorso.confronta(stage, lunetta, piano_pip)
    for note in NOTES:
        stage.note(note)
