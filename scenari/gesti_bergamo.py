"""G.E.S.T.I. Sociali, Bergamo: the inclusion part, with its targets and what was reached only in part.

Figures of IRS2021 par. 4.2.3 (tav. 4.10), all of them targets; what is reached here is synthetic.
"""

from datetime import date
from functools import partial
from typing import Any

from scenari import percorsi
from scenari.percorsi import Percorsi, mattine, righe_di, servizio
from scenari.toolkit import Stage

NAME = "gesti_bergamo"
TITLE = "G.E.S.T.I. Sociali (Grumello al Piano, Bergamo): inclusione"
REQUIRES: tuple[str, ...] = ("gestione_sociale_erp_2017",)

COMUNE = "COMUNE-BERGAMO"
ATTESI = {"patti_individuali": 34, "persone_orientate": 34}
FONTE = "IRS2021 tav. 4.10, attesi della scheda"
PATTI, ORIENTATI = 20, 15

NOTES = (
    "dalla fonte, come ATTESI: 34 patti di corresponsabilita', 34 partecipanti all'orientamento",
    "la fonte dice che l'inclusione fu raggiunta solo in parte, senza numeri: 20 patti e 15 orientati sono sintetici",
    "sintetici: persone, ore, calendario, costi",
)


async def play(stage: Stage) -> None:
    """Enter the targets, sign pacts with people who have no plan yet, orient some of them."""
    await stage.at("2019-09-09T09:00:00")
    storia = await percorsi.finanziato(
        stage, bando="GESTIONE-SOCIALE-ERP-2017", capofila=COMUNE, misura="GESTI-INCLUSIONE"
    )
    regole = {
        "servizi": [
            servizio("ORIENTAMENTO", "Orientamento", "accoglienza_orientamento", "orientamento", "30.00"),
        ]
    }
    await percorsi.approva_misura(storia, titolo=TITLE, vale_dal="2019-09-01", regole=regole)
    await percorsi.attende(storia, ATTESI, FONTE)
    await percorsi.apri_laboratorio(
        storia,
        ente=COMUNE,
        nome="Laboratorio G.E.S.T.I. Sociali",
        comune="Bergamo",
        quartiere="Grumello al Piano",
        dal="2019-09-09",
        del_progetto=True,
    )
    await percorsi.popola(storia, PATTI, donne=11, sigla="BGO")
    await percorsi.iscrivi_tutti(storia, PATTI, {})
    await _nuclei_noti(storia)
    await stage.gather("patti", [partial(_patto, storia, chi) for chi in range(PATTI)])
    await stage.at("2019-10-01T09:00:00")
    await stage.gather("piani", [partial(_piano, storia, chi) for chi in range(ORIENTATI)])
    await stage.at("2019-10-31T18:00:00")
    sessioni = mattine(date(2019, 10, 7), 6 * 60, al_giorno=180)
    righe = [riga for pip_id in storia.in_ordine() for riga in righe_di(pip_id, "ORIENTAMENTO", sessioni)]
    await percorsi.conduci(storia, "di orientamento", righe)
    await percorsi.confronta_obiettivi(storia, ATTESI, {"patti_individuali": PATTI, "persone_orientate": ORIENTATI})
    letti = await storia.risultati()
    parziali = [nome for nome in ATTESI if letti[nome][1] < (letti[nome][0] or 0)]
    stage.expect("raggiunti solo in parte, come dice la fonte", sorted(ATTESI), sorted(parziali))
    for note in NOTES:
        stage.note(note)


async def _nuclei_noti(storia: Percorsi) -> None:
    """Wait until the households are known: a pact is about their arrears."""

    async def known() -> bool:
        answer = await storia.operatore.request(
            "POST",
            "inclusione",
            "/patti",
            json=_corpo(storia, PATTI - 1),
            step=f"patto {PATTI - 1}",
            expected=(201, 409),
        )
        return answer.status == 201

    await storia.stage.until("i nuclei delle persone", known, timeout_s=percorsi.ATTESA_S)


def _corpo(storia: Percorsi, chi: int) -> dict[str, Any]:
    return {
        "iscrizione_id": storia.iscrizioni[storia.persone[chi]],
        "impegni": ["cura_spazi", "servizi_ai_vicini"],
        "quota": "1/3",
        "metodo": "autografa",
    }


async def _patto(storia: Percorsi, chi: int) -> None:
    await storia.operatore.post("inclusione", "/patti", _corpo(storia, chi), step=f"patto {chi}")


async def _piano(storia: Percorsi, chi: int) -> None:
    await percorsi.firma_piano(storia, chi, inizio="2019-10-01", fine="2019-12-31", minuti={"ORIENTAMENTO": 6 * 60})
