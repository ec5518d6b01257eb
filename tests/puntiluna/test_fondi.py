"""The fund of a project: opened empty, filled by acts only, never by the project beyond its commitment."""

import asyncio
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis.ids import uuid7
from tests.puntiluna.fatti import ALER, COMUNE, PROGETTO_FINANZIATO, PROGETTO_IMPEGNATO, Mondo, problema, progetto
from tests.support.service import ServiceUnderTest


async def _alimenta(servizio: ServiceUnderTest, progetto_id: UUID, importo: str, **cambi: str) -> object:
    ente = cambi.pop("ente", COMUNE)
    return await servizio.post(
        f"/v1/progetti/{progetto_id}/alimentazioni",
        json={"importo": importo, "origine": "progetto", "atto": f"Determina {uuid7()}"} | cambi,
        roles=["funzionario_comune"],
        ente=ente,
    )


async def test_a_funded_project_opens_an_empty_fund_that_nothing_fills_by_itself(puntiluna: ServiceUnderTest) -> None:
    progetto_id = uuid7()
    await puntiluna.deliver(PROGETTO_FINANZIATO, progetto(progetto_id))
    linee = [{"azione": "9.4.2", "fondo": "FSE", "ammesso_cent": 5_000_00, "impegnato_cent": 5_000_00}]
    await puntiluna.deliver(PROGETTO_IMPEGNATO, progetto(progetto_id, versione=2, linee=linee))
    fondo = (await puntiluna.get(f"/v1/progetti/{progetto_id}/fondo", roles=["tesoriere"])).json()
    assert (fondo["saldo"], fondo["impegnato"], fondo["alimentazioni"]) == ("0.00", "5000.00", [])


async def test_project_events_in_the_wrong_order_keep_the_newest(puntiluna: ServiceUnderTest) -> None:
    progetto_id = uuid7()
    await puntiluna.deliver(PROGETTO_FINANZIATO, progetto(progetto_id, versione=4, titolo="Lunattiva 2.0"))
    await puntiluna.deliver(PROGETTO_IMPEGNATO, progetto(progetto_id, versione=3, titolo="Vecchio"))
    fondo = (await puntiluna.get(f"/v1/progetti/{progetto_id}/fondo", roles=["tesoriere"])).json()
    assert fondo["titolo"] == "Lunattiva 2.0"


async def test_an_act_fills_the_fund_and_tells_it(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri(None, impegnato_cent=1_000_00)
    atto = await mondo.alimenta("600.00", atto="Det. 12/2019")
    assert (atto["importo"], atto["origine"], atto["atto"]) == ("600.00", "progetto", "Det. 12/2019")
    eventi = await puntiluna.emitted("puntiluna.fondo.alimentato.v1")
    evento = next(e for e in eventi if e["progetto_id"] == str(mondo.progetto_id))
    assert (evento["versione"], evento["importo_cent"], evento["saldo_punti_cent"]) == (2, 60_000, 60_000)


async def test_the_project_never_gives_more_than_it_committed_but_others_may(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri("600.00", impegnato_cent=1_000_00)
    rifiuto = problema(await _alimenta(puntiluna, mondo.progetto_id, "400.01"), 409, "impegnato-superato")
    assert "400.00" in rifiuto["detail"]
    assert "comune" in rifiuto["rimedio"]
    await mondo.alimenta("400.00")
    await mondo.alimenta("5000.00", origine="comune")
    await mondo.alimenta("1.00", origine="altro")
    assert (await mondo.cifre())["saldo_fondo"] == "6001.00"


async def test_the_database_itself_refuses_more_than_the_commitment(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri(None, impegnato_cent=100)
    with pytest.raises(sa.exc.IntegrityError, match="entro_impegnato"):
        async with puntiluna.transaction() as session:
            await session.execute(
                sa.text("UPDATE progetto SET da_progetto_cent = 101 WHERE progetto_id = :p"), {"p": mondo.progetto_id}
            )


async def test_a_commitment_that_shrinks_stops_new_acts_without_undoing_old_ones(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri("600.00", impegnato_cent=1_000_00)
    linee = [{"azione": "9.4.2", "fondo": "FSE", "ammesso_cent": 0, "impegnato_cent": 100_00}]
    await puntiluna.deliver(PROGETTO_IMPEGNATO, progetto(mondo.progetto_id, versione=3, linee=linee))
    problema(await _alimenta(puntiluna, mondo.progetto_id, "0.01"), 409, "impegnato-superato")
    assert (await mondo.cifre())["saldo_fondo"] == "600.00"


async def test_the_same_act_fills_a_fund_once(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri(None)
    await mondo.alimenta("10.00", atto="Det. 7")
    problema(await _alimenta(puntiluna, mondo.progetto_id, "10.00", atto="Det. 7"), 409, "atto-gia-registrato")


async def test_the_acts_of_a_fund_never_exceed_what_the_platform_can_hold(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri(None)
    await mondo.alimenta("9999999999999.99", origine="comune")
    rifiuto = await _alimenta(puntiluna, mondo.progetto_id, "0.01", origine="comune")
    problema(rifiuto, 409, "fondo-oltre-misura")
    fondo = await puntiluna.get(f"/v1/progetti/{mondo.progetto_id}/fondo", roles=["tesoriere"])
    assert fondo.json()["saldo"] == "9999999999999.99"


@pytest.mark.parametrize("stato", ["revocato", "rinunciato"])
async def test_the_fund_of_a_revoked_or_given_up_project_is_not_filled(puntiluna: ServiceUnderTest, stato: str) -> None:
    mondo = await Mondo(puntiluna).apri(None)
    await puntiluna.deliver("bandi.progetto.revocato.v1", progetto(mondo.progetto_id, versione=9, stato=stato))
    problema(await _alimenta(puntiluna, mondo.progetto_id, "1.00", origine="comune"), 409, f"progetto-{stato}")


async def test_only_officers_of_the_projects_organisations_fill_its_fund(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri(None)
    estraneo = await _alimenta(puntiluna, mondo.progetto_id, "1.00", ente="COMUNE-CREMONA")
    problema(estraneo, 403, "fuori-competenza")
    partner = await _alimenta(puntiluna, mondo.progetto_id, "1.00", ente=ALER)
    assert partner.status_code == 201  # type: ignore[attr-defined]
    problema(await _alimenta(puntiluna, uuid7(), "1.00"), 404, "fondo-sconosciuto")
    ignoto = await puntiluna.get(f"/v1/progetti/{uuid7()}/fondo", roles=["tesoriere"])
    problema(ignoto, 404, "fondo-sconosciuto")
    problema(await puntiluna.get(f"/v1/progetti/{uuid7()}/cifre-pubbliche"), 404, "fondo-sconosciuto")


async def test_acts_at_the_same_time_never_exceed_the_commitment(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri(None, impegnato_cent=100_00)
    risposte = await asyncio.gather(*(_alimenta(puntiluna, mondo.progetto_id, "30.00") for _ in range(8)))
    assert sorted(r.status_code for r in risposte) == [201] * 3 + [409] * 5  # type: ignore[attr-defined]
    assert (await mondo.cifre())["saldo_fondo"] == "90.00"


async def test_the_list_of_funds_goes_page_by_page(puntiluna: ServiceUnderTest) -> None:
    for _ in range(3):
        await Mondo(puntiluna).apri(None)
    visti: list[str] = []
    cursor = None
    while True:
        parametri = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        pagina = (await puntiluna.get("/v1/fondi", params=parametri, roles=["valutatore"])).json()
        visti += [fondo["progetto_id"] for fondo in pagina["items"]]
        cursor = pagina.get("cursor")
        if not cursor:
            break
    assert len(visti) == len(set(visti)) >= 3
    assert visti == sorted(visti)


async def test_published_figures_are_totals_that_anybody_reads(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, _ = await mondo.nucleo_moroso()
    await mondo.presenza(famiglia)
    pubbliche = (await puntiluna.get(f"/v1/progetti/{mondo.progetto_id}/cifre-pubbliche")).json()
    assert (pubbliche["punti_emessi"], pubbliche["controvalore"], pubbliche["ore"]) == ("10.00", "10.00", "2.00")
    assert "nuclei" not in pubbliche
