"""One plan of active inclusion, from enrolment to the third of the allowance that goes to the arrears."""

from typing import Any

from scenari.lunattiva import piano
from scenari.lunattiva.quartiere import ATTESA_S, BANDO, COMUNE, SOLCO, Lunetta
from scenari.toolkit import Actor, Stage

MISURA = "LUNATTIVA-INCLUSIONE"
ORE_FORMAZIONE = 100
COSTO_CENT, INDENNITA_CENT = 2_000_00, 400_00
QUOTA_CENT = 133_33


def _operator(stage: Stage) -> Actor:
    return stage.actor("operatore_accreditato", subject="operatore.formazione", ente=SOLCO)


async def firma(stage: Stage, lunetta: Lunetta) -> str:
    """Enter the measure, enrol the person taken on by the lab, sign the plan; return its id."""
    await stage.at("2019-02-25T10:00:00")
    await lunetta.ufficio.post("inclusione", "/misure", _measure(), step="misura")
    operator = _operator(stage)
    enrolment = {
        "misura_codice": MISURA,
        "progetto_id": lunetta.progetto_id,
        "persona_id": lunetta.adulti[0],
        "risposte": [
            {"requisito": code, "risposta": answer, "prova": {"tipo": "documento_esibito"}}
            for code, answer in (("DISOCCUPATO", "si"), ("MAGGIORENNE", "si"), ("NASPI", "no"))
        ],
    }
    enrolled = await operator.post("inclusione", "/iscrizioni", enrolment, step="iscrizione")
    path = f"/iscrizioni/{enrolled['iscrizione_id']}"

    async def suitable() -> bool:
        read = await operator.get("inclusione", path)
        return bool(read["esito"] == "idoneo")

    await stage.until("la presa in carico che rende idonea l'iscrizione", suitable, timeout_s=ATTESA_S)
    draft = {
        "iscrizione_id": enrolled["iscrizione_id"],
        "piano": {
            "inizio": "2019-03-04",
            "fine": "2019-06-28",
            "servizi": [{"servizio": "FORMAZIONE", "minuti": ORE_FORMAZIONE * 60}],
        },
    }
    pip = await operator.post("inclusione", "/pip", draft, step="piano")
    await stage.at("2019-03-04T08:00:00")
    signatures = {
        "testo_sha256": pip["bozza"]["testo_sha256"],
        "persona": {"metodo": "autografa"},
        "operatore": {"metodo": "digitale"},
    }
    await operator.post("inclusione", f"/pip/{pip['pip_id']}/firme", signatures, step="firme")
    stage.step("piano firmato, dote prenotata")
    return str(pip["pip_id"])


def _measure() -> dict[str, Any]:
    since = "2019-01-01"
    return {
        "codice": MISURA,
        "titolo": "Inclusione attiva del progetto Lunattiva (sintetica)",
        "bando_codice": BANDO,
        "vale_dal": since,
        "atto": "Determina 15/2019 (sintetica)",
        "regole": {
            "requisiti": [
                {"codice": "DISOCCUPATO", "testo": "La persona e' disoccupata."},
                {"codice": "MAGGIORENNE", "testo": "La persona ha compiuto 18 anni."},
                {"codice": "NASPI", "testo": "La persona percepisce la NASpI.", "atteso": "no"},
            ],
            "presa_in_carico": "del_progetto",
            "servizi": [
                {
                    "codice": "FORMAZIONE",
                    "nome": "Formazione permanente",
                    "livello": "consolidamento",
                    "tipo": "formazione",
                    "costi": [{"dal": since, "orario": piano.euro(COSTO_CENT // ORE_FORMAZIONE)}],
                    "da_indennita": True,
                }
            ],
            "indennita": [{"dal": since, "orario": piano.euro(INDENNITA_CENT // ORE_FORMAZIONE)}],
        },
    }


async def conduci(stage: Stage, lunetta: Lunetta, pip_id: str) -> None:
    """Register, sign and validate the hours; sign the pact, liquidate, conclude; wait for the share on the arrears."""
    await stage.at("2019-07-01T09:00:00")
    operator = _operator(stage)
    rows = [
        {"pip_id": pip_id, "servizio_codice": "FORMAZIONE", "inizio": piano.testo(start), "fine": piano.testo(end)}
        for start, end in piano.giornate_di_formazione()
    ]
    registered = await operator.post("inclusione", "/ore/registrazioni", {"righe": rows}, step="ore")
    hours = registered["fatte"]
    signed = {"ore": hours, "metodo": "autografa"}
    await operator.post("inclusione", "/ore/firme", signed, step="firma delle ore")
    second = stage.actor("operatore_accreditato", subject="coordinatrice.formazione", ente=SOLCO)
    await second.post("inclusione", "/ore/validazioni", {"ore": hours}, step="validazione delle ore")
    pact = {"pip_id": pip_id, "metodo": "autografa"}
    signed_pact = await operator.post("inclusione", "/patti", pact, step="patto")
    certified = {"da": COMUNE, "il": "2019-06-20"}
    path = f"/patti/{signed_pact['patto_id']}/certificazione"
    await lunetta.ufficio.post("inclusione", path, certified, step="certificazione della morosita'")
    batch = {"fino_al": "2019-06-30", "atto": "Determina 88/2019 (sintetica)"}
    await lunetta.ufficio.post("inclusione", f"/linee/{lunetta.progetto_id}/lotti", batch, step="liquidazione")
    end = {"motivo": "Percorso concluso"}
    await operator.post("inclusione", f"/pip/{pip_id}/conclusione", end, step="conclusione")

    async def reserved() -> bool:
        page = await lunetta.sportello.get("puntiluna", f"/nuclei/{lunetta.nuclei[0]}/riduzioni")
        return any(row["origine"] == "indennita" for row in page["items"])

    await stage.until("la quota sulla morosita' del nucleo", reserved, timeout_s=ATTESA_S)
    stage.step("piano concluso, quota alla morosita'")


async def confronta(stage: Stage, lunetta: Lunetta, pip_id: str) -> None:
    """Compare the plan, its money, and what the resident sees of it."""
    operator = _operator(stage)
    pip = await operator.get("inclusione", f"/pip/{pip_id}")
    statement = await operator.get("inclusione", f"/pip/{pip_id}/indennita")
    line = await lunetta.ufficio.get("inclusione", f"/linee/{lunetta.progetto_id}")
    resident = stage.actor("residente", subject="residente.lunetta")
    mine = await resident.get("inclusione", "/io/percorsi")
    stage.section("un piano di inclusione attiva")
    stage.expect("stato", "concluso", pip["stato"])
    stage.expect("ore validate", ORE_FORMAZIONE * 60, pip["servizi"][0]["validati_minuti"])
    stage.expect("costo dei servizi", piano.euro(COSTO_CENT), pip["costo_servizi"])
    stage.expect("indennita' liquidata", piano.euro(INDENNITA_CENT), statement["liquidato"])
    stage.expect("un terzo alla morosita'", piano.euro(QUOTA_CENT), statement["quota_morosita"])
    stage.expect("linea 9.1.3 ammessa", "122212.20", line["ammesso"])
    left = 122_212_20 - COSTO_CENT - INDENNITA_CENT
    stage.expect("resta sulla linea", piano.euro(left), line["residuo"])
    stage.expect("la persona vede il suo percorso", [pip_id], [row["pip_id"] for row in mine["items"]])
