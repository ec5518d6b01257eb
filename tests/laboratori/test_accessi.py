"""Desk accesses: people reached and contacts are different numbers."""

from typing import Any

from tests.laboratori.esempi import COMUNE, da_operatrice, laboratorio, persona, tipo
from tests.support.service import ServiceUnderTest


def accesso(persona_id: str | None = None, **cambi: Any) -> dict[str, Any]:
    return {
        "persona_id": persona_id,
        "canale": "in_presenza",
        "argomento": "casa",
        "minuti": 20,
        "avvenuto_il": "2019-11-18T09:00:00Z",
    } | cambi


async def elenco(servizio: ServiceUnderTest, lab: str, *accessi: dict[str, Any]) -> Any:
    corpo = {"accessi": list(accessi)}
    return await da_operatrice(servizio, "POST", f"/v1/laboratori/{lab}/accessi/elenco", corpo)


async def riepilogo(servizio: ServiceUnderTest, lab: str, dal: str, al: str, **altro: Any) -> Any:
    percorso = f"/v1/laboratori/{lab}/accessi/riepilogo?dal={dal}&al={al}"
    return await da_operatrice(servizio, "GET", percorso, **altro)


async def test_people_reached_and_accesses_are_counted_apart(laboratori: ServiceUnderTest) -> None:
    """MILOLAB, IRS2021 table 4.1: 267 people, 872 accesses."""
    lab = await laboratorio(laboratori)
    nuclei = [
        {
            "membri": [
                {
                    "persona": {
                        "nome": f"N{n:03}",
                        "cognome": f"C{n:03}x{n % 7}",
                        "data_nascita": "1960-01-01",
                        "forza_duplicato": True,
                    },
                    "dal": "2010-01-01",
                }
            ]
        }
        for n in range(267)
    ]
    creati = await da_operatrice(laboratori, "POST", f"/v1/laboratori/{lab}/nuclei/elenco", {"nuclei": nuclei})
    persone = [casa["persone"][0] for casa in creati.json()["items"]]
    canali = ("in_presenza", "telefono", "whatsapp", "cortile")
    righe = [accesso(persone[n % 267] if n < 801 else None, canale=canali[n % 4]) for n in range(872)]
    assert (await elenco(laboratori, lab, *righe[:500])).json() == {"registrati": 500}
    assert (await elenco(laboratori, lab, *righe[500:])).json() == {"registrati": 372}
    letto = (await riepilogo(laboratori, lab, "2019-11-18", "2019-11-18")).json()
    assert (letto["accessi"], letto["persone"], letto["anonimi"]) == (872, 267, 71)
    assert letto["minuti"] == 872 * 20
    assert {c["canale"]: c["accessi"] for c in letto["per_canale"]} == dict.fromkeys(canali, 218)


async def test_a_day_of_the_summary_is_a_day_of_lombardy(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    for istante in ("2019-10-31T22:59:00Z", "2019-10-31T23:00:00Z", "2019-11-01T22:59:00Z", "2019-11-01T23:00:00Z"):
        await da_operatrice(laboratori, "POST", f"/v1/laboratori/{lab}/accessi", accesso(avvenuto_il=istante))
    assert (await riepilogo(laboratori, lab, "2019-11-01", "2019-11-01")).json()["accessi"] == 2
    vuoto = (await riepilogo(laboratori, lab, "2018-01-01", "2018-01-31")).json()
    assert (vuoto["accessi"], vuoto["persone"], vuoto["per_canale"]) == (0, 0, [])
    rovescio = await riepilogo(laboratori, lab, "2019-11-02", "2019-11-01")
    assert tipo(rovescio) == "periodo-non-valido"


async def test_a_sheet_of_accesses_is_written_whole_or_not_at_all(laboratori: ServiceUnderTest) -> None:
    lab, altro = await laboratorio(laboratori), await laboratorio(laboratori)
    estranea = await persona(laboratori, altro)
    righe = [accesso(), accesso(avvenuto_il="2019-11-20T10:30:00Z"), accesso(estranea)]
    risposta = await elenco(laboratori, lab, *righe)
    assert tipo(risposta) == "elenco-respinto"
    assert [voce["campo"] for voce in risposta.json()["errori"]] == ["accessi.1.avvenuto_il", "accessi.2.persona_id"]
    assert (await riepilogo(laboratori, lab, "2019-01-01", "2019-12-31")).json()["accessi"] == 0


async def test_one_wrong_access_is_refused_by_its_own_name(laboratori: ServiceUnderTest) -> None:
    lab, altro = await laboratorio(laboratori), await laboratorio(laboratori)
    percorso = f"/v1/laboratori/{lab}/accessi"
    futuro = await da_operatrice(laboratori, "POST", percorso, accesso(avvenuto_il="2019-11-21T09:00:00Z"))
    assert (futuro.status_code, tipo(futuro)) == (422, "accesso-futuro")
    altrui = await da_operatrice(laboratori, "POST", percorso, accesso(await persona(laboratori, altro)))
    assert (altrui.status_code, tipo(altrui)) == (403, "persona-di-altro-laboratorio")
    storto = await da_operatrice(laboratori, "POST", percorso, accesso(canale="piccione"))
    assert tipo(storto) == "invalid"


async def test_the_summary_is_for_the_lab_and_for_who_manages_it(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    percorso = f"/v1/laboratori/{lab}/accessi/riepilogo?dal=2019-01-01&al=2019-12-31"
    assert (await laboratori.get(percorso, roles=["funzionario_comune"], ente=COMUNE)).status_code == 200
    assert (await laboratori.get(percorso, roles=["funzionario_comune"], ente="COMUNE-X")).status_code == 403
    assert (await riepilogo(laboratori, lab, "2019-01-01", "2019-12-31", sub="estranea")).status_code == 403
