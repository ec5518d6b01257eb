"""Debts pushed by landlords: whole snapshots, stale ones refused, unknown contracts waiting, absence never zero."""

from datetime import timedelta
from typing import Any

import pytest

from chassis.ids import uuid7
from services.puntiluna.jobs import scadono_le_riduzioni, si_prenotano_quote
from services.puntiluna.queries.debiti import nuclei_con_quote
from tests.puntiluna.fatti import NUCLEO, QUOTA, Mondo, nucleo, problema, quota
from tests.support.service import ServiceUnderTest


async def _invia(servizio: ServiceUnderTest, mondo: Mondo, **cambi: Any) -> Any:
    corpo = {"tipo": "parziale", "al_giorno": "2019-05-01", "righe": [{"contratto_codice": "X-1", "importo": "1.00"}]}
    return await servizio.post(
        "/v1/debiti/rilevazioni", json=corpo | cambi, roles=["ente_proprietario"], ente=mondo.ente
    )


async def test_a_snapshot_older_than_the_last_is_refused_and_the_same_day_is_accepted(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo = Mondo(puntiluna)
    assert (await _invia(puntiluna, mondo)).status_code == 201
    assert (await _invia(puntiluna, mondo)).status_code == 201
    rifiuto = problema(await _invia(puntiluna, mondo, al_giorno="2019-04-30"), 409, "rilevazione-superata")
    assert rifiuto["campo"] == "al_giorno"
    elenco = await puntiluna.get("/v1/debiti/rilevazioni", roles=["ente_proprietario"], ente=mondo.ente)
    assert len(elenco.json()["items"]) == 2


async def test_a_snapshot_of_a_day_to_come_or_with_a_contract_twice_is_refused_whole(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo = Mondo(puntiluna)
    domani = (puntiluna.clock.now() + timedelta(days=2)).date().isoformat()
    problema(await _invia(puntiluna, mondo, al_giorno=domani), 422, "rilevazione-futura")
    riga = {"contratto_codice": "X-1", "importo": "1.00"}
    rifiuto = problema(await _invia(puntiluna, mondo, righe=[riga, riga]), 422, "contratto-ripetuto")
    assert rifiuto["campo"] == "righe.1.contratto_codice"
    enormi = [{"contratto_codice": codice, "importo": "9999999999999.99"} for codice in ("X-1", "X-2")]
    problema(await _invia(puntiluna, mondo, righe=enormi), 422, "rilevazione-oltre-misura")
    elenco = await puntiluna.get("/v1/debiti/rilevazioni", roles=["ente_proprietario"], ente=mondo.ente)
    assert elenco.json()["items"] == []


async def test_an_unknown_contract_waits_and_is_matched_when_its_household_arrives(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo = await Mondo(puntiluna).apri()
    esito = await mondo.debiti({"NUOVO-1": "300.00", "NUOVO-2": "0.00"})
    assert (esito["righe"], esito["totale"], esito["non_abbinate"]) == (2, "300.00", 2)
    famiglia = uuid7()
    await puntiluna.deliver(NUCLEO, nucleo(famiglia, mondo.progetto_id, (mondo.ente, "NUOVO-1")))
    elenco = await puntiluna.get("/v1/debiti/non-abbinati", roles=["ente_proprietario"], ente=mondo.ente)
    assert [riga["contratto_codice"] for riga in elenco.json()["items"]] == ["NUOVO-2"]
    assert (await mondo.estratto(famiglia))["morosita"][0]["comunicato"] == "300.00"


async def test_a_contract_missing_from_a_full_snapshot_is_not_communicated_and_never_zero(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, contratto = await mondo.nucleo_moroso("200.00")
    esito = await mondo.debiti({"ALTRO-9": "5.00"}, tipo="completa", al_giorno="2019-05-10")
    assert esito["non_comunicate"] == 1
    await mondo.presenza(famiglia)
    assert await mondo.saldo(famiglia) == "10.00", "still in arrears: it does not become a donor"
    assert (await mondo.prenota(famiglia, contratto, "10.00"))["stato"] == "prenotata"


async def test_a_contract_that_passes_to_another_household_is_no_longer_the_first_ones_once_told(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, contratto = await mondo.nucleo_moroso()
    await mondo.presenza(famiglia)
    await puntiluna.deliver(NUCLEO, nucleo(famiglia, mondo.progetto_id, versione=3))
    await puntiluna.deliver(NUCLEO, nucleo(famiglia, mondo.progetto_id, (mondo.ente, contratto), versione=2))
    risposta = await puntiluna.post(
        f"/v1/nuclei/{famiglia}/riduzioni",
        json={"ente_proprietario": mondo.ente, "contratto_codice": contratto, "importo": "1.00"},
        roles=["operatore_laboratorio"],
    )
    problema(risposta, 404, "contratto-sconosciuto")


async def test_some_thousands_of_contracts_arrive_at_once(puntiluna: ServiceUnderTest) -> None:
    mondo = Mondo(puntiluna)
    esito = await mondo.debiti({f"K-{numero}": f"{numero}.50" for numero in range(5000)}, tipo="completa")
    assert (esito["righe"], esito["totale"]) == (5000, "12500000.00")
    visti: list[str] = []
    cursor = None
    while True:
        parametri = {"limit": "500"} | ({"cursor": cursor} if cursor else {})
        pagina = await puntiluna.get(
            "/v1/debiti/non-abbinati", params=parametri, roles=["ente_proprietario"], ente=mondo.ente
        )
        visti += [riga["contratto_codice"] for riga in pagina.json()["items"]]
        cursor = pagina.json().get("cursor")
        if not cursor:
            break
    assert len(set(visti)) == 5000


async def test_the_share_of_an_allowance_is_reserved_as_real_money_apart_from_points(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, contratto = await mondo.nucleo_moroso("100.00")
    await mondo.presenza(famiglia)
    detta = quota(famiglia, mondo.progetto_id, 66_66)
    await puntiluna.deliver(QUOTA, detta)
    await puntiluna.deliver(QUOTA, detta)
    estratto = await mondo.estratto(famiglia)
    assert (estratto["saldo"], estratto["quote_disponibili"]) == ("10.00", "0.00")
    [riduzione] = estratto["riduzioni"]
    assert (riduzione["origine"], riduzione["importo"], riduzione["contratto_codice"]) == (
        "indennita",
        "66.66",
        contratto,
    )
    lotto = await mondo.lotto()
    await mondo.rispondi(lotto["lotto_id"], {"protocollo": 1, "esito": "confermata"})
    estratto = await mondo.estratto(famiglia)
    assert (estratto["quote_confermate"], estratto["spesi"], estratto["saldo"]) == ("66.66", "0.00", "10.00")
    [evento] = [
        e for e in await puntiluna.emitted("puntiluna.riduzione.confermata.v1") if e["nucleo_id"] == str(famiglia)
    ]
    assert evento["origine"] == "indennita"


async def test_a_share_waits_for_its_debt_and_what_is_refused_is_reserved_again_on_the_next_snapshot(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, contratto = await mondo.nucleo_moroso(None)
    await puntiluna.deliver(QUOTA, quota(famiglia, mondo.progetto_id, 50_00))
    assert (await mondo.estratto(famiglia))["quote_disponibili"] == "50.00"
    await mondo.debiti({contratto: "30.00"})
    estratto = await mondo.estratto(famiglia)
    assert (estratto["quote_disponibili"], estratto["riduzioni"][0]["importo"]) == ("20.00", "30.00")
    lotto = await mondo.lotto()
    await mondo.rispondi(lotto["lotto_id"], {"protocollo": 1, "esito": "respinta", "motivo": "altro"})
    assert (await mondo.estratto(famiglia))["quote_disponibili"] == "50.00"
    await mondo.debiti({contratto: "80.00"}, al_giorno="2019-05-02")
    assert (await mondo.estratto(famiglia))["quote_disponibili"] == "0.00"


async def test_each_of_several_shares_says_the_debt_that_the_ones_before_it_left(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, contratto = await mondo.nucleo_moroso(None)
    for cent in (10_00, 20_00):
        await puntiluna.deliver(QUOTA, quota(famiglia, mondo.progetto_id, cent))
    await mondo.debiti({contratto: "500.00"})
    await puntiluna.run_job(si_prenotano_quote)
    righe = (await mondo.estratto(famiglia))["riduzioni"]
    assert [(r["importo"], r["debito_prima"]) for r in reversed(righe)] == [("10.00", "500.00"), ("20.00", "490.00")]


async def test_a_share_that_came_before_the_household_is_reserved_by_itself(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia = uuid7()
    await puntiluna.deliver(QUOTA, quota(famiglia, mondo.progetto_id, 10_00))
    await puntiluna.deliver(QUOTA, quota(famiglia, mondo.progetto_id, 0))
    await mondo.debiti({"TARDI-1": "10.00"})
    await puntiluna.deliver(NUCLEO, nucleo(famiglia, mondo.progetto_id, (mondo.ente, "TARDI-1")))
    await puntiluna.run_job(si_prenotano_quote)
    assert [r["importo"] for r in (await mondo.estratto(famiglia))["riduzioni"]] == ["10.00"]


@pytest.mark.parametrize(
    "risposta", [{"esito": "respinta", "motivo": "contenzioso"}, {"esito": "parziale", "importo": "10.00"}, None]
)
async def test_a_share_that_its_landlord_did_not_take_waits_for_a_newer_debt(
    puntiluna: ServiceUnderTest, risposta: dict[str, str] | None
) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, contratto = await mondo.nucleo_moroso("30.00")
    await puntiluna.deliver(QUOTA, quota(famiglia, mondo.progetto_id, 30_00))
    lotto = await mondo.lotto()
    adesso = puntiluna.clock.now()
    try:
        if risposta is None:
            puntiluna.set_clock(adesso + timedelta(days=60, seconds=60))
            await puntiluna.run_job(scadono_le_riduzioni)
        else:
            await mondo.rispondi(lotto["lotto_id"], {"protocollo": 1} | risposta)
        await puntiluna.run_job(si_prenotano_quote)
        assert len((await mondo.estratto(famiglia))["riduzioni"]) == 1
        await mondo.debiti({contratto: "25.00"}, al_giorno="2019-05-02")
        await puntiluna.run_job(si_prenotano_quote)
        nuova = (await mondo.estratto(famiglia))["riduzioni"][0]
        ancora_dovuto = "15.00" if risposta and risposta["esito"] == "parziale" else "25.00"
        assert (nuova["stato"], nuova["importo"]) == ("prenotata", ancora_dovuto)
    finally:
        puntiluna.set_clock(adesso)


async def test_households_whose_debt_is_all_reserved_do_not_keep_others_waiting(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri()
    ferma, _ = await mondo.nucleo_moroso("10.00")
    await puntiluna.deliver(QUOTA, quota(ferma, mondo.progetto_id, 30_00))
    altra = uuid7()
    await puntiluna.deliver(QUOTA, quota(altra, mondo.progetto_id, 30_00))
    await mondo.debiti({"ALTRA-1": "10.00"})
    await puntiluna.deliver(NUCLEO, nucleo(altra, mondo.progetto_id, (mondo.ente, "ALTRA-1")))
    async with puntiluna.transaction() as session:
        assert await nuclei_con_quote(session, mondo.ente, 1) == [altra]
