"""Vivere, lavorare e fare impresa al Lorenteggio: 69 enrolments, a Dote that cannot overspend, two pots of money.

Figures of IRS2021 par. 4.1.1 (tav. 4.2); unit costs, rates, dates and people are synthetic.
"""

import xml.etree.ElementTree as ET
from datetime import date
from functools import partial
from typing import Any

from scenari import percorsi
from scenari.percorsi import Percorsi, euro, iban_sintetico, mattine, righe_di, servizio
from scenari.toolkit import Stage

NAME = "prolorenteggio"
TITLE = "Vivere, lavorare e fare impresa al Lorenteggio"
REQUIRES: tuple[str, ...] = ()

IDONEI, DONNE, IN_ACCERTAMENTO, NON_IDONEI, SENZA_ESITO = 30, 13, 9, 24, 6
ISCRITTI = IDONEI + IN_ACCERTAMENTO + NON_IDONEI + SENZA_ESITO
SERVIZI_LAVORO = 14
TARIFFA_CENT = 14_10
ORE_ORIENTAMENTO, ORE_CONSOLIDAMENTO, ORE_LAVORO = 18, 124, 24
SI = {"DISOCCUPATO": "si", "MAGGIORENNE": "si", "RESIDENTE": "si", "ALTRE_POLITICHE": "no", "PERMESSO": "si"}
BUONE: dict[str, str | None] = {**SI, "NASPI": "no"}
SVOLTI = mattine(date(2020, 2, 10), 8 * 60, al_giorno=240)

NOTES = (
    "dalla fonte: 69 iscrizioni, 30 idonei (13 donne, 17 uomini), 9 in accertamento, 24 non idonei, 6 senza esito",
    "dalla fonte: 600.000 + 400.000 EUR, massimali 3.000 e 2.000, livelli di 18 e 124 ore",
    "dalla fonte: 30 avviati alla formazione, 14 ai servizi al lavoro",
    "i 6 senza esito nella fonte sono qui iscrizioni senza alcuna risposta: la piattaforma le tiene in accertamento",
    "sintetici: costi orari, tariffa dell'indennita', calendario, ore svolte, motivi di esclusione di ciascuno, IBAN",
    "il Comune di Milano vi figura capofila e AFOL attuatore: la fonte nomina soltanto AFOL",
)


async def play(stage: Stage) -> None:
    """Play the enrolments and the first plans, up to the claim of the operator and the payment of the allowance."""
    storia = await percorsi.affida(
        stage,
        bando="PROLORENTEGGIO",
        misura="PROLORENTEGGIO",
        titolo="Vivere, lavorare e fare impresa al Lorenteggio",
        capofila=("COMUNE-MILANO", "Comune di Milano", "COMUNE"),
        partner=[("AFOL-METROPOLITANA", "AFOL Metropolitana", "OPERATORE_ACCREDITATO")],
        operatore="AFOL-METROPOLITANA",
        linee=[("PAI", "9.1.3", "POR FSE 2014-2020", "1000000.00")],
        luogo=("Milano", "Lorenteggio"),
        mesi=24,
        inizio="2020-01-07",
    )
    await percorsi.approva_misura(storia, titolo=TITLE, vale_dal="2020-01-07", regole=_regole())
    await _ripartisci(storia)
    await percorsi.apri_laboratorio(
        storia,
        ente="COMUNE-MILANO",
        nome="Sportello del Lorenteggio",
        comune="Milano",
        quartiere="Lorenteggio",
        dal="2020-01-07",
        del_progetto=False,
    )
    await percorsi.popola(storia, ISCRITTI, donne=DONNE, sigla="LOR")
    await _iscrivi(storia)
    await _avvia(storia)
    await _paga(storia)
    await _confronta_iscrizioni(storia)
    await _confronta_denaro(storia)
    for note in NOTES:
        stage.note(note)


def _regole() -> dict[str, Any]:
    testi = {
        "DISOCCUPATO": "La persona e' disoccupata.",
        "MAGGIORENNE": "La persona ha compiuto 18 anni.",
        "RESIDENTE": "La persona risiede nel quartiere in condizione di disagio abitativo.",
        "ALTRE_POLITICHE": "La persona e' destinataria di politiche attive finanziate da altri fondi pubblici.",
        "PERMESSO": "Se straniera, la persona ha un titolo di soggiorno in corso di validita'.",
        "NASPI": "La persona percepisce la NASpI.",
    }
    return {
        "requisiti": [{"codice": codice, "testo": testo, "atteso": BUONE[codice]} for codice, testo in testi.items()],
        "servizi": [
            servizio("ACCOGLIENZA", "Accoglienza e definizione del percorso", "base", "accoglienza", "0.00"),
            servizio(
                "ORIENTAMENTO",
                "Orientamento e ricerca attiva",
                "accoglienza_orientamento",
                "orientamento",
                "30.00",
                indennita=True,
            ),
            servizio("COACHING", "Coaching", "consolidamento", "lavoro", "19.00", indennita=True),
            servizio("FORMAZIONE", "Formazione specialistica", "consolidamento", "formazione", "19.00", indennita=True),
        ],
        "livelli": [
            {"livello": "accoglienza_orientamento", "minuti_massimi": 18 * 60, "richiede_ammissione": True},
            {"livello": "consolidamento", "minuti_massimi": 124 * 60, "richiede_ammissione": True},
        ],
        "indennita": [{"dal": percorsi.DAL, "orario": euro(TARIFFA_CENT)}],
        "massimale_percorso": "3000.00",
        "massimale_persona": "2000.00",
    }


async def _ripartisci(storia: Percorsi) -> None:
    path = f"/linee/{storia.progetto_id}"
    read = await storia.ufficio.request("GET", "inclusione", path)
    if read.body["tetto_servizi"] is None:
        parts = {"servizi": "600000.00", "indennita": "400000.00"}
        await storia.ufficio.put("inclusione", f"{path}/ripartizione", parts, if_match=read.etag)


async def _iscrivi(storia: Percorsi) -> None:
    """The first 13 suitable people are women; reasons of exclusion in turn: registry, occupation, NASpI."""
    await storia.stage.at("2020-01-20T10:00:00")
    esclusioni: list[dict[str, str | None]] = [{"RESIDENTE": "no"}, {"DISOCCUPATO": "no"}, {"NASPI": "si"}]
    casi: list[dict[str, str | None]] = [
        *(BUONE for _ in range(IDONEI)),
        *(BUONE | {"PERMESSO": None} for _ in range(IN_ACCERTAMENTO)),
        *(BUONE | esclusioni[numero % 3] for numero in range(NON_IDONEI)),
        *({} for _ in range(SENZA_ESITO)),
    ]
    await storia.stage.gather(
        "iscrizioni", [partial(percorsi.iscrivi, storia, chi, risposte) for chi, risposte in enumerate(casi)]
    )
    await percorsi.attendi_idonei(storia, range(IDONEI))


async def _avvia(storia: Percorsi) -> None:
    """Select for the two levels, sign the thirty plans, do the first hours; fourteen have job services too."""
    await storia.stage.at("2020-02-03T09:00:00")
    for livello in ("accoglienza_orientamento", "consolidamento"):
        await storia.stage.gather(
            f"selezione {livello}", [partial(_seleziona, storia, chi, livello) for chi in range(IDONEI)]
        )
    await storia.stage.gather("piani", [partial(_piano, storia, chi) for chi in range(IDONEI)])
    await storia.stage.at("2020-02-28T18:00:00")
    righe = []
    for chi in range(IDONEI):
        pip_id = storia.piani[storia.persone[chi]]
        righe += righe_di(pip_id, "FORMAZIONE", SVOLTI)
        if chi < SERVIZI_LAVORO:
            righe += righe_di(pip_id, "COACHING", mattine(date(2020, 2, 17), 120))
    await percorsi.conduci(storia, "di febbraio", righe)


async def _seleziona(storia: Percorsi, chi: int, livello: str) -> None:
    path = f"/iscrizioni/{storia.iscrizioni[storia.persone[chi]]}/ammissioni"
    await storia.operatore.post("inclusione", path, {"livello": livello}, step=f"ammissione {chi} {livello}")


async def _piano(storia: Percorsi, chi: int) -> None:
    lavoro = {"COACHING": ORE_LAVORO * 60} if chi < SERVIZI_LAVORO else {}
    formazione = (ORE_CONSOLIDAMENTO - (ORE_LAVORO if lavoro else 0)) * 60
    minuti = {"ACCOGLIENZA": 120, "ORIENTAMENTO": ORE_ORIENTAMENTO * 60, "FORMAZIONE": formazione, **lavoro}
    await percorsi.firma_piano(storia, chi, inizio="2020-02-03", fine="2020-12-31", minuti=minuti)


async def _paga(storia: Percorsi) -> None:
    """Pay the allowance of February by a file for the bank; claim the cost of the services, cut one hour."""
    await storia.stage.at("2020-03-10T10:00:00")
    lotto = {"fino_al": "2020-02-29", "atto": "determina (sintetica)"}
    path = f"/linee/{storia.progetto_id}/lotti"
    fatto = await storia.ufficio.post("inclusione", path, lotto, step="lotto")
    await storia.stage.gather("IBAN", [partial(_iban, storia, chi) for chi in range(IDONEI)])
    flusso = {"debitore": "Comune di Milano", "iban": iban_sintetico(999), "esecuzione": "2020-03-12"}
    path = f"{path}/{fatto['lotto_id']}/flussi"
    inviato = await storia.ufficio.post("inclusione", path, flusso, step="flusso")
    file = await storia.ufficio.get("inclusione", f"{path}/{inviato['flusso_id']}/pain001")
    nodi = ET.fromstring(file).iter()  # noqa: S314 - made by the platform under test
    importi = [nodo.text for nodo in nodi if nodo.tag.endswith("}InstdAmt")]
    chiesta = {"misura_codice": storia.misura, "dal": "2020-02-01", "al": "2020-02-29"}
    path = f"/linee/{storia.progetto_id}/rimborsi"
    domanda = await storia.operatore.post("inclusione", path, chiesta, step="rimborso")
    intera = await storia.ufficio.get("inclusione", f"/rimborsi/{domanda['domanda_id']}")
    taglio = {"ore_id": intera["voci"][0]["ore_id"], "ammesso": "0.00", "motivo": "Registro senza firma (sintetico)"}
    istruttoria = {"atto": "istruttoria (sintetica)", "tagli": [taglio]}
    esito = await storia.ufficio.post(
        "inclusione", f"/rimborsi/{domanda['domanda_id']}/istruttoria", istruttoria, step="istruttoria"
    )
    ore = IDONEI * 8 + SERVIZI_LAVORO * 2
    storia.stage.section("indennita' e rendicontazione di febbraio")
    storia.stage.expect("indennita' liquidata", euro(ore * TARIFFA_CENT), fatto["totale"])
    storia.stage.expect("pagamenti nel file per la banca", IDONEI, len(importi))
    storia.stage.expect("totale del file", euro(ore * TARIFFA_CENT), inviato["totale"])
    storia.stage.expect("chiesto dall'operatore", euro(ore * 19_00), esito["chiesto"])
    storia.stage.expect("tagliata un'ora di quattro", euro(4 * 19_00), esito["tagliato"])
    storia.stage.expect("ammesso", euro((ore - 4) * 19_00), esito["ammesso"])


async def _iban(storia: Percorsi, chi: int) -> None:
    await storia.operatore.put("inclusione", f"/persone/{storia.persone[chi]}/iban", {"iban": iban_sintetico(chi + 1)})


async def _confronta_iscrizioni(storia: Percorsi) -> None:
    assert storia.sportello is not None
    params = {"progetto_id": storia.progetto_id, "limit": 500}
    righe = await storia.operatore.items("inclusione", "/iscrizioni", params=params)
    per_esito = {esito: [r for r in righe if r["esito"] == esito] for esito in ("idoneo", "in_accertamento")}
    dettagli = await storia.stage.gather(
        "iscrizioni in accertamento",
        [
            partial(storia.operatore.get, "inclusione", f"/iscrizioni/{riga['iscrizione_id']}")
            for riga in per_esito["in_accertamento"]
        ],
    )
    schede = await storia.stage.gather(
        "schede degli idonei",
        [partial(storia.sportello.get, "laboratori", f"/persone/{riga['persona_id']}") for riga in per_esito["idoneo"]],
    )
    risultati = await storia.risultati()
    storia.stage.section("iscrizioni")
    storia.stage.expect("iscrizioni", 69, len(righe))
    storia.stage.expect("idonei", 30, len(per_esito["idoneo"]))
    storia.stage.expect("donne", 13, sum(scheda["genere"] == "donna" for scheda in schede))
    storia.stage.expect("uomini", 17, sum(scheda["genere"] == "uomo" for scheda in schede))
    storia.stage.expect("in accertamento", 9, sum(bool(dettaglio["risposte"]) for dettaglio in dettagli))
    storia.stage.expect("senza esito nella fonte", 6, sum(not dettaglio["risposte"] for dettaglio in dettagli))
    storia.stage.expect("non idonei", 24, sum(riga["esito"] == "non_idoneo" for riga in righe))
    storia.stage.expect("avviati alla formazione", 30, risultati["persone_formate"][1])
    storia.stage.expect("ai servizi al lavoro", 14, risultati["persone_servizi_lavoro"][1])


async def _confronta_denaro(storia: Percorsi) -> None:
    linea = await storia.linea()
    piani = await storia.operatore.items("inclusione", "/pip", params={"progetto_id": storia.progetto_id})
    costo = ORE_ORIENTAMENTO * 30_00 + ORE_CONSOLIDAMENTO * 19_00
    storia.stage.section("la dote")
    storia.stage.expect("politiche attive", "600000.00", linea["tetto_servizi"])
    storia.stage.expect("indennita'", "400000.00", linea["tetto_indennita"])
    storia.stage.expect("ogni percorso sotto 3.000 EUR", [euro(costo)], sorted({p["riservato_servizi"] for p in piani}))
    storia.stage.expect(
        "indennita' fermata a 2.000 EUR", ["2000.00"], sorted({p["riservato_indennita"] for p in piani})
    )
    storia.stage.expect("prenotato per i servizi", euro(IDONEI * costo), linea["riservato_servizi"])
    storia.stage.expect("prenotato per le indennita'", euro(IDONEI * 2_000_00), linea["riservato_indennita"])
    resto = 1_000_000_00 - IDONEI * (costo + 2_000_00)
    storia.stage.expect("resta fino a esaurimento", euro(resto), linea["residuo"])
