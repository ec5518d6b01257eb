"""Pacts of groups, pacts without a plan, arrears certified later, contributions and their share."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.ids import uuid7
from tests.inclusione.storia import APRILE, Storia, ok, rifiuto

LUNEDI = datetime(2019, 3, 4, 8, tzinfo=UTC)
CERTIFICATA = {"da": "COMUNE-X", "il": "2019-03-01"}


async def lotto(storia: Storia) -> Any:
    """The lead liquidates March."""
    corpo = {"fino_al": "2019-03-31", "atto": "Det. 1/2019"}
    return await storia.comune("POST", f"/linee/{storia.progetto_id}/lotti", json=corpo)


async def iscritto(storia: Storia) -> dict[str, Any]:
    """An enrolled person whose household is known."""
    persona_id = uuid7()
    await storia.nucleo(persona_id)
    return await storia.iscrivi(persona_id)


async def concede(storia: Storia, iscrizione: dict[str, Any], importo: str) -> Any:
    """The lead grants a contribution."""
    corpo = {
        "iscrizione_id": iscrizione["iscrizione_id"],
        "importo": importo,
        "giorno": "2019-03-15",
        "atto": "Det. 7/2019",
    }
    return await storia.comune("POST", "/contributi", json=corpo)


async def test_a_group_signs_together_and_each_person_under_a_pact_of_their_own(storia: Storia) -> None:
    await storia.apri()
    percorso = f"/linee/{storia.progetto_id}/patti-di-gruppo"
    corpo = {"titolo": "Cortile del civico 8", "impegni": ["cura_spazi"], "quota": "1/4"}
    gruppo = ok(await storia.op("POST", percorso, json=corpo))
    rifiuto(await storia.op("POST", percorso, json=corpo | {"impegni": ["cura_spazi"] * 2}), 422, "impegni-ripetuti")
    rifiuto(await storia.op("POST", percorso, json=corpo | {"quota": "5/4"}), 422, "patto-non-valido")
    firmati = []
    for _ in range(3):
        iscrizione = await iscritto(storia)
        adesione = {
            "iscrizione_id": iscrizione["iscrizione_id"],
            "gruppo_id": gruppo["gruppo_id"],
            "metodo": "autografa",
        }
        firmati.append(ok(await storia.op("POST", "/patti", json=adesione)))
    assert {(patto["quota"], *patto["impegni"]) for patto in firmati} == {("1/4", "cura_spazi")}
    ok(await storia.op("POST", f"/patti/{firmati[0]['patto_id']}/cessazione"))
    letto = ok(await storia.comune("GET", f"/patti-di-gruppo/{gruppo['gruppo_id']}"), 200)
    assert letto["aderenti"] == 2
    elenco = ok(await storia.op("GET", f"/linee/{storia.progetto_id}/patti?gruppo_id={gruppo['gruppo_id']}"), 200)
    assert [patto["patto_id"] for patto in elenco["items"]] == [patto["patto_id"] for patto in firmati]
    assert ok(await storia.op("POST", f"/patti-di-gruppo/{gruppo['gruppo_id']}/cessazione"))["stato"] == "cessato"
    altro = {"iscrizione_id": (await iscritto(storia))["iscrizione_id"], "metodo": "spid"}
    adesione = altro | {"gruppo_id": gruppo["gruppo_id"]}
    rifiuto(await storia.op("POST", "/patti", json=adesione), 409, "gruppo-di-altro-progetto")
    estraneo = Storia(storia.servizio)
    rifiuto(await estraneo.op("GET", f"/patti-di-gruppo/{gruppo['gruppo_id']}"), 403, "forbidden")
    rifiuto(await storia.op("POST", "/patti", json={"metodo": "spid"}), 422, "invalid")


async def test_arrears_certified_later_give_their_share_from_then_on(storia: Storia) -> None:
    await storia.apri()
    iscrizione = await iscritto(storia)
    patto = ok(
        await storia.op("POST", "/patti", json={"iscrizione_id": iscrizione["iscrizione_id"], "metodo": "autografa"})
    )
    ok(await concede(storia, iscrizione, "90.00"))
    assert ok(await lotto(storia))["quota_morosita"] == "0.00"
    storia.servizio.set_clock(APRILE)
    percorso = f"/patti/{patto['patto_id']}/certificazione"
    rifiuto(await storia.comune("POST", percorso, json=CERTIFICATA | {"il": "2019-04-02"}), 422, "patto-non-valido")
    certificato = ok(await storia.comune("POST", percorso, json=CERTIFICATA))
    assert certificato["incolpevole"] == CERTIFICATA
    ok(await concede(storia, iscrizione, "30.00"))
    assert ok(await lotto(storia))["quota_morosita"] == "10.00"


async def test_a_contribution_is_paid_with_the_batches_and_its_third_goes_to_the_arrears(storia: Storia) -> None:
    await storia.apri(10_000_00)
    iscrizione = await iscritto(storia)
    corpo = {"iscrizione_id": iscrizione["iscrizione_id"], "metodo": "autografa", "incolpevole": CERTIFICATA}
    rifiuto(await storia.op("POST", "/patti", json=corpo), 403, "certificazione-riservata")
    ok(await storia.patto(**corpo))
    contributo = ok(await concede(storia, iscrizione, "300.00"))
    assert contributo["stato"] == "concesso"
    assert (await storia.linea())["residuo"] == "9700.00"
    pagato = ok(await lotto(storia))
    (riga,) = pagato["liquidazioni"]
    assert (riga["pip_id"], riga["contributo_id"]) == (None, contributo["contributo_id"])
    assert (riga["importo"], riga["quota_morosita"], riga["netto"]) == ("300.00", "100.00", "200.00")
    rifiuto(await lotto(storia), 409, "niente-da-liquidare")
    letto = ok(await storia.op("GET", f"/contributi/{contributo['contributo_id']}"), 200)
    assert letto["stato"] == "liquidato"
    revoca = {"motivo": "Rinuncia"}
    percorso = f"/contributi/{contributo['contributo_id']}/revoca"
    rifiuto(await storia.comune("POST", percorso, json=revoca), 409, "contributo-non-revocabile")
    (quota,) = await storia.eventi("indennita.quota_morosita", persona_id=iscrizione["persona_id"])
    assert quota["importo_cent"] == 100_00
    assert not await storia.eventi("indennita.liquidata", persona_id=iscrizione["persona_id"])


async def test_a_revoked_contribution_gives_its_money_back(storia: Storia) -> None:
    await storia.apri(1_000_00, massimale_persona="500.00")
    iscrizione = await iscritto(storia)
    rifiuto(await concede(storia, iscrizione, "500.01"), 409, "massimale-persona-superato")
    rifiuto(await concede(storia, iscrizione, "0.00"), 422, "invalid")
    contributo = ok(await concede(storia, iscrizione, "500.00"))
    ok(await storia.comune("POST", f"/contributi/{contributo['contributo_id']}/revoca", json={"motivo": "Errore"}))
    assert (await storia.linea())["residuo"] == "1000.00"
    ok(await concede(storia, iscrizione, "500.00"))


async def test_contributions_and_plans_at_once_never_pass_the_line_nor_the_persons_cap(storia: Storia) -> None:
    await storia.apri(1_000_00, massimale_percorso="300.00", massimale_persona="200.00")
    iscrizioni = [await iscritto(storia) for _ in range(6)]
    piani = [await storia.bozza(iscrizione, FORMAZIONE=10) for iscrizione in iscrizioni]
    concesse = [concede(storia, iscrizione, "170.00") for iscrizione in iscrizioni]
    risposte = await asyncio.gather(*concesse, *(storia.firma(pip) for pip in piani))
    assert {risposta.status_code for risposta in risposte} <= {201, 409, 503}
    assert any(risposta.status_code == 201 for risposta in risposte)
    async with storia.servizio.transaction() as session:
        linea = (
            await session.execute(
                sa.text(
                    "SELECT riservato_servizi_cent + riservato_indennita_cent AS tutto,"
                    " riservato_indennita_cent AS ind, capienza_cent FROM linea WHERE progetto_id = :p"
                ),
                {"p": storia.progetto_id},
            )
        ).one()
        somme = (
            await session.execute(
                sa.text(
                    "SELECT coalesce((SELECT sum(riservato_indennita_cent) FROM pip WHERE progetto_id = :p), 0)"
                    " + coalesce((SELECT sum(importo_cent) FROM contributo WHERE progetto_id = :p), 0)"
                ),
                {"p": storia.progetto_id},
            )
        ).scalar_one()
    assert linea.tutto <= linea.capienza_cent == 1_000_00
    assert linea.ind == somme


@pytest.mark.parametrize("metodo", ["GET", "POST"])
async def test_contributions_of_others_are_refused(storia: Storia, metodo: str) -> None:
    await storia.apri()
    contributo = ok(await concede(storia, await iscritto(storia), "10.00"))
    altro = Storia(storia.servizio)
    coda, corpo = ("", None) if metodo == "GET" else ("/revoca", {"motivo": "?"})
    percorso = f"/contributi/{contributo['contributo_id']}{coda}"
    rifiuto(await altro.comune(metodo, percorso, json=corpo), 403, "forbidden")
    rifiuto(await storia.comune(metodo, f"/contributi/{uuid7()}{coda}", json=corpo), 404, "not-found")
