"""PASS, Giussano: pacts DO UT DES by which a third of what one receives lowers the household's blameless arrears.

Figures of IRS2021 par. 4.2.2 (tav. 4.9); people, hours, amounts and arrears are synthetic.
"""

from datetime import date
from functools import partial
from typing import Any

from scenari import percorsi
from scenari.percorsi import ATTESA_S, Percorsi, euro, mattine, righe_di, servizio
from scenari.toolkit import Actor, Stage

NAME = "pass_giussano"
TITLE = "PASS - Progettazione Attiva Spazi Sociali (Giussano)"
REQUIRES: tuple[str, ...] = ("gestione_sociale_erp_2017",)

COMUNE, ALER = "COMUNE-GIUSSANO", "ALER-COMO-MONZA-VARESE-BUSTO"
PERSONE, NEL_GRUPPO = 15, 3
ORE, TARIFFA_CENT, CONTRIBUTO_CENT, DEBITO_CENT = 30, 6_00, 300_00, 1_800_00
ATTESI = {"contratti_trimestrali": 8, "patti_individuali": 20, "patti_di_gruppo": 2}
FONTE = "IRS2021 tav. 4.9, attesi della scheda"
SESSIONI = mattine(date(2019, 10, 7), ORE * 60)

NOTES = (
    "dalla fonte: 15 persone nell'inclusione attiva; un terzo di indennita' o contributo alla morosita' incolpevole",
    "dalla fonte, come ATTESI e non come risultati: 8 esperienze trimestrali, 20 patti individuali, 2 di gruppo",
    "sintetici: chi firma quale patto, ore, tariffe, contributo, morosita' di ciascuno, certificazioni, calendario",
)


async def play(stage: Stage) -> None:
    """Play from the first pacts to the shares that reach the landlord's arrears."""
    await stage.at("2019-09-02T09:00:00")
    storia = await percorsi.finanziato(
        stage, bando="GESTIONE-SOCIALE-ERP-2017", capofila=COMUNE, misura="PASS-INCLUSIONE"
    )
    await percorsi.approva_misura(storia, titolo=TITLE, vale_dal="2019-09-01", regole=_regole())
    await percorsi.attende(storia, ATTESI, FONTE)
    await percorsi.apri_laboratorio(
        storia,
        ente=COMUNE,
        nome="Laboratorio PASS",
        comune="Giussano",
        quartiere="Giussano",
        dal="2019-09-02",
        del_progetto=True,
    )
    await percorsi.popola(storia, PERSONE, donne=8, proprietario=ALER, sigla="GIU")
    aler = stage.actor("ente_proprietario", subject="gestionale.aler.como", ente=ALER)
    await _comunica_debiti(storia, aler)
    await percorsi.iscrivi_tutti(storia, PERSONE, {"DISOCCUPATO": "si"})
    await stage.at("2019-10-01T09:00:00")
    await stage.gather("piani", [partial(_piano, storia, chi) for chi in range(PERSONE)])
    await _firma_patti(storia)
    await stage.at("2019-10-31T18:00:00")
    righe = [riga for pip_id in storia.in_ordine() for riga in righe_di(pip_id, "FORMAZIONE", SESSIONI)]
    await percorsi.conduci(storia, "di ottobre", righe)
    lotto = await _liquida(storia)
    await _conferma(storia, aler)
    await _confronta(storia, lotto)
    for note in NOTES:
        stage.note(note)


def _regole() -> dict[str, Any]:
    return {
        "requisiti": [{"codice": "DISOCCUPATO", "testo": "La persona e' disoccupata."}],
        "servizi": [
            servizio("FORMAZIONE", "Formazione e attivazione", "consolidamento", "formazione", "15.00", indennita=True)
        ],
        "indennita": [{"dal": percorsi.DAL, "orario": euro(TARIFFA_CENT)}],
        "quota_patto": "1/3",
    }


async def _comunica_debiti(storia: Percorsi, aler: Actor) -> None:
    """The landlord tells what each contract owes, and every contract finds its household."""
    righe = [{"contratto_codice": f"GIU-{chi + 1:04d}", "importo": euro(DEBITO_CENT)} for chi in range(PERSONE)]
    snapshot = {"tipo": "completa", "al_giorno": "2019-08-31", "righe": righe}
    await aler.post("puntiluna", "/debiti/rilevazioni", snapshot, step="debiti")

    async def matched() -> bool:
        page = await aler.get("puntiluna", "/debiti/non-abbinati", params={"limit": 1})
        return not page["items"]

    await storia.stage.until("ogni contratto con il suo nucleo", matched, timeout_s=ATTESA_S)


async def _piano(storia: Percorsi, chi: int) -> None:
    await percorsi.firma_piano(storia, chi, inizio="2019-10-01", fine="2020-03-31", minuti={"FORMAZIONE": ORE * 60})


async def _firma_patti(storia: Percorsi) -> None:
    """Twelve people sign alone, three as a group; the Comune certifies that the arrears are blameless."""
    gruppo = {"titolo": "Cura del cortile (sintetico)", "impegni": ["cura_spazi"], "quota": "1/3"}
    path = f"/linee/{storia.progetto_id}/patti-di-gruppo"
    aperto = await storia.operatore.post("inclusione", path, gruppo, step="patto di gruppo")
    await storia.stage.gather(
        "patti",
        [
            partial(_patto, storia, chi, aperto["gruppo_id"] if chi >= PERSONE - NEL_GRUPPO else None)
            for chi in range(PERSONE)
        ],
    )


async def _patto(storia: Percorsi, chi: int, gruppo_id: str | None) -> None:
    corpo = {
        "pip_id": storia.piani[storia.persone[chi]],
        "gruppo_id": gruppo_id,
        "impegni": ["rientro_morosita", "formazione"],
        "metodo": "autografa",
    }
    firmato = await storia.operatore.post("inclusione", "/patti", corpo, step=f"patto {chi}")
    certificata = {"da": COMUNE, "il": "2019-09-30"}
    path = f"/patti/{firmato['patto_id']}/certificazione"
    await storia.ufficio.post("inclusione", path, certificata, step=f"certificazione {chi}")


async def _liquida(storia: Percorsi) -> dict[str, Any]:
    """Grant one contribution, pay it with the allowances, wait for the shares on the arrears."""
    contributo = {
        "iscrizione_id": storia.iscrizioni[storia.persone[0]],
        "importo": euro(CONTRIBUTO_CENT),
        "giorno": "2019-10-31",
        "atto": "determina (sintetica)",
    }
    await storia.ufficio.post("inclusione", "/contributi", contributo, step="contributo")
    lotto = {"fino_al": "2019-10-31", "atto": "determina di liquidazione (sintetica)"}
    path = f"/linee/{storia.progetto_id}/lotti"
    fatto: dict[str, Any] = await storia.ufficio.post("inclusione", path, lotto, step="lotto")

    async def arrived() -> bool:
        quote = [await _quote(storia, chi) for chi in range(PERSONE)]
        return all(quote) and len(quote[0]) == 2

    await storia.stage.until("le quote sulla morosita' dei nuclei", arrived, timeout_s=ATTESA_S)
    return fatto


async def _conferma(storia: Percorsi, aler: Actor) -> None:
    """The landlord pulls the shares and confirms each of them: nothing is left to expire."""
    await storia.stage.at("2019-11-04T09:00:00")
    prelevato = await aler.post("puntiluna", "/lotti", step="lotto del proprietario")
    righe = [
        {"protocollo": riga["protocollo"], "riferimento": f"ALER-{riga['protocollo']}", "esito": "confermata"}
        for riga in prelevato["lotto"]["righe"]
    ]
    path = f"/lotti/{prelevato['lotto']['lotto_id']}/risposte"
    await aler.post("puntiluna", path, {"righe": righe}, step="risposte del proprietario")
    storia.stage.step("quote confermate dal proprietario")


async def _quote(storia: Percorsi, chi: int) -> list[dict[str, Any]]:
    assert storia.sportello is not None
    page = await storia.sportello.get("puntiluna", f"/nuclei/{storia.nuclei[chi]}/riduzioni")
    return [riga for riga in page["items"] if riga["origine"] == "indennita"]


async def _confronta(storia: Percorsi, lotto: dict[str, Any]) -> None:
    indennita = ORE * TARIFFA_CENT
    totale, quota = PERSONE * indennita + CONTRIBUTO_CENT, PERSONE * indennita // 3 + CONTRIBUTO_CENT // 3
    tutte = [riga for chi in range(PERSONE) for riga in await _quote(storia, chi)]
    patti = await storia.ufficio.items("inclusione", f"/linee/{storia.progetto_id}/patti")
    storia.stage.section("un terzo alla morosita' incolpevole")
    storia.stage.expect("persone nell'inclusione attiva", 15, len({patto["persona_id"] for patto in patti}))
    storia.stage.expect("liquidato, contributo compreso", euro(totale), lotto["totale"])
    storia.stage.expect("un terzo alla morosita'", euro(quota), lotto["quota_morosita"])
    storia.stage.expect("arrivato sulle posizioni debitorie", euro(quota), _somma(tutte))
    storia.stage.expect("confermate dal proprietario", ["confermata"], sorted({riga["stato"] for riga in tutte}))
    storia.stage.expect(
        "patti con la certificazione di chi e quando", PERSONE, sum(bool(p["incolpevole"]) for p in patti)
    )
    svolti = {
        "patti_individuali": PERSONE - NEL_GRUPPO,
        "patti_di_gruppo": 1,
        "contratti_trimestrali": 0,
        "piani_avviati": PERSONE,
    }
    await percorsi.confronta_obiettivi(storia, ATTESI, svolti)


def _somma(righe: list[dict[str, Any]]) -> str:
    return euro(sum(int(riga["importo"].replace(".", "")) for riga in righe))
