"""The Distinta: what a landlord confirmed in a month, approved, settled, and the same to the cent everywhere."""

import asyncio
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from chassis.ids import uuid7
from tests.puntiluna.fatti import COMUNE, NUCLEO, QUOTA, Mondo, nucleo, problema, quota
from tests.support.service import ServiceUnderTest


async def _confermate(servizio: ServiceUnderTest) -> tuple[Mondo, UUID, str]:
    mondo = await Mondo(servizio).apri()
    famiglia, contratto = await mondo.nucleo_moroso("500.00")
    await mondo.presenza(famiglia, minuti=240)
    await mondo.prenota(famiglia, contratto, "12.00")
    await mondo.prenota(famiglia, contratto, "8.00")
    await servizio.deliver(QUOTA, quota(famiglia, mondo.progetto_id, 33_33))
    lotto = await mondo.lotto()
    await mondo.rispondi(
        lotto["lotto_id"],
        {"protocollo": 1, "esito": "confermata", "riferimento": "=1+1"},
        {"protocollo": 2, "esito": "parziale", "importo": "3.50"},
        {"protocollo": 3, "esito": "confermata"},
    )
    return mondo, famiglia, servizio.clock.now().strftime("%Y-%m")


async def _componi(servizio: ServiceUnderTest, mondo: Mondo, periodo: str, ente: str = COMUNE, **altro: Any) -> Any:
    return await servizio.post(
        "/v1/distinte",
        json={"ente_proprietario": mondo.ente, "periodo": periodo} | altro,
        roles=["funzionario_comune"],
        ente=ente,
    )


async def _muovi(servizio: ServiceUnderTest, distinta_id: str, passo: str, ente: str = COMUNE) -> Any:
    corpo = {"atto": "Mandato 18/2019"} if passo == "liquidazione" else None
    return await servizio.post(
        f"/v1/distinte/{distinta_id}/{passo}", json=corpo, roles=["tesoriere"], ente=ente, sub="tesoriere.prova"
    )


async def _partecipano(servizio: ServiceUnderTest, mondo: Mondo, *enti: str) -> None:
    async with servizio.transaction() as session:
        await session.execute(
            sa.text("UPDATE progetto SET enti = :enti WHERE progetto_id = :progetto"),
            {"enti": list(enti), "progetto": mondo.progetto_id},
        )


async def test_a_distinta_is_composed_approved_and_settled_to_the_cent(puntiluna: ServiceUnderTest) -> None:
    mondo, famiglia, periodo = await _confermate(puntiluna)
    distinta = (await _componi(puntiluna, mondo, periodo)).json()
    assert (distinta["righe"], distinta["totale"], distinta["totale_punti"], distinta["totale_quote"]) == (
        3,
        "48.83",
        "15.50",
        "33.33",
    )
    assert (distinta["stato"], distinta["modo"]) == ("composta", "pagamento")
    prima = await _muovi(puntiluna, distinta["distinta_id"], "liquidazione")
    assert "Approva" in problema(prima, 409, "distinta-non-liquidabile")["rimedio"]
    assert (await _muovi(puntiluna, distinta["distinta_id"], "approvazione")).json()["stato"] == "approvata"
    problema(await _muovi(puntiluna, distinta["distinta_id"], "approvazione"), 409, "distinta-non-approvabile")
    liquidata = (await _muovi(puntiluna, distinta["distinta_id"], "liquidazione")).json()
    assert (liquidata["stato"], liquidata["atto"]) == ("liquidata", "Mandato 18/2019")
    problema(await _muovi(puntiluna, distinta["distinta_id"], "liquidazione"), 409, "distinta-non-liquidabile")
    [evento] = [
        e for e in await puntiluna.emitted("puntiluna.distinta.liquidata.v1") if e["ente_proprietario"] == mondo.ente
    ]
    assert (evento["totale_cent"], evento["righe"], evento["periodo"]) == (4883, 3, periodo)
    cifre = await mondo.cifre()
    assert (cifre["liquidati"], cifre["quote_liquidate"]) == ("15.50", "33.33")
    estratto = await mondo.estratto(famiglia)
    assert [r["stato"] for r in estratto["riduzioni"]] == ["liquidata"] * 3


async def test_a_reduction_is_in_one_distinta_only(puntiluna: ServiceUnderTest) -> None:
    mondo, _, periodo = await _confermate(puntiluna)
    assert (await _componi(puntiluna, mondo, periodo)).status_code == 201
    problema(await _componi(puntiluna, mondo, periodo), 409, "niente-da-liquidare")


async def test_another_month_or_another_landlord_has_nothing_to_settle(puntiluna: ServiceUnderTest) -> None:
    mondo, _, _ = await _confermate(puntiluna)
    problema(await _componi(puntiluna, mondo, "2018-01"), 409, "niente-da-liquidare")
    problema(await _componi(puntiluna, Mondo(puntiluna), "2019-05"), 409, "niente-da-liquidare")
    problema(await _componi(puntiluna, mondo, "2019-13"), 422, "invalid")


async def test_only_the_projects_own_organisations_compose_read_and_settle(puntiluna: ServiceUnderTest) -> None:
    mondo, _, periodo = await _confermate(puntiluna)
    problema(await _componi(puntiluna, mondo, periodo, "COMUNE-CREMONA"), 409, "niente-da-liquidare")
    altrui = await _componi(puntiluna, mondo, periodo, "COMUNE-CREMONA", progetto_id=str(mondo.progetto_id))
    problema(altrui, 403, "fuori-competenza")
    distinta = (await _componi(puntiluna, mondo, periodo, progetto_id=str(mondo.progetto_id))).json()
    for passo in ("approvazione", "liquidazione"):
        problema(await _muovi(puntiluna, distinta["distinta_id"], passo, "COMUNE-CREMONA"), 403, "fuori-competenza")
        problema(await _muovi(puntiluna, str(uuid7()), passo), 404, "distinta-sconosciuta")
    percorso = f"/v1/distinte/{distinta['distinta_id']}"
    for coda in ("", "/righe", "/righe.csv"):
        estraneo = await puntiluna.get(percorso + coda, roles=["tesoriere"], ente="COMUNE-CREMONA")
        problema(estraneo, 403, "fuori-competenza")
        problema(
            await puntiluna.get(f"/v1/distinte/{uuid7()}{coda}", roles=["tesoriere"], ente=COMUNE),
            404,
            "distinta-sconosciuta",
        )
    proprie = await puntiluna.get("/v1/distinte", params={"limit": "500"}, roles=["tesoriere"], ente=COMUNE)
    assert distinta["distinta_id"] in [d["distinta_id"] for d in proprie.json()["items"]]
    altrui = await puntiluna.get("/v1/distinte", roles=["tesoriere"], ente="COMUNE-CREMONA")
    assert altrui.json()["items"] == []


async def test_the_lines_come_page_by_page_and_as_a_safe_csv(puntiluna: ServiceUnderTest) -> None:
    mondo, _, periodo = await _confermate(puntiluna)
    distinta = (await _componi(puntiluna, mondo, periodo)).json()
    percorso = f"/v1/distinte/{distinta['distinta_id']}/righe"
    prima = (await puntiluna.get(percorso, params={"limit": "2"}, roles=["tesoriere"], ente=COMUNE)).json()
    seconda = (
        await puntiluna.get(
            percorso, params={"limit": "2", "cursor": prima["cursor"]}, roles=["tesoriere"], ente=COMUNE
        )
    ).json()
    assert [r["protocollo"] for r in prima["items"] + seconda["items"]] == [1, 2, 3]
    csv = await puntiluna.get(f"{percorso}.csv", roles=["tesoriere"], ente=COMUNE)
    assert csv.headers["content-type"].startswith("text/csv")
    righe = csv.text.split("\r\n")
    assert righe[0] == "protocollo,contratto,origine,confermato,riferimento,risposta"
    assert righe[1].split(",")[3:5] == ["12.00", "'=1+1"], "a cell is never a formula"


async def test_a_comune_that_is_the_landlord_is_settled_by_an_internal_entry(puntiluna: ServiceUnderTest) -> None:
    """Of a household's two projects each Comune pays its part: its own house by an entry, the other's by a payment."""
    mondo, altro = await Mondo(puntiluna).apri(), await Mondo(puntiluna).apri()
    mondo.ente = altro.ente = f"COMUNE-{uuid7().hex[-8:].upper()}"
    await _partecipano(puntiluna, altro, mondo.ente)
    famiglia, contratto = await mondo.nucleo_moroso()
    await mondo.presenza(famiglia, minuti=60)
    await altro.presenza(famiglia, minuti=60)
    await mondo.prenota(famiglia, contratto, "10.00")
    lotto = await mondo.lotto()
    await mondo.rispondi(lotto["lotto_id"], {"protocollo": 1, "esito": "confermata"})
    periodo = puntiluna.clock.now().strftime("%Y-%m")
    propria = (await _componi(puntiluna, mondo, periodo, mondo.ente)).json()
    altrui = (await _componi(puntiluna, mondo, periodo)).json()
    assert [(d["modo"], d["ente_pagatore"]) for d in (propria, altrui)] == [
        ("giroconto", mondo.ente),
        ("pagamento", COMUNE),
    ]
    approvata = await _muovi(puntiluna, propria["distinta_id"], "approvazione", mondo.ente)
    assert approvata.json()["stato"] == "approvata"


async def test_partners_read_a_distinta_but_only_who_pays_disposes_of_it_and_never_the_landlord(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo, _, periodo = await _confermate(puntiluna)
    await _partecipano(puntiluna, mondo, COMUNE, "COMUNE-CREMONA", mondo.ente)
    problema(await _componi(puntiluna, mondo, periodo, mondo.ente), 403, "proprietario-non-paga")
    distinta = (await _componi(puntiluna, mondo, periodo)).json()
    percorso = f"/v1/distinte/{distinta['distinta_id']}"
    for ente in ("COMUNE-CREMONA", mondo.ente):
        assert (await puntiluna.get(percorso, roles=["tesoriere"], ente=ente)).status_code == 200
        for passo, corpo in (
            ("approvazione", None),
            ("liquidazione", {"atto": "Mandato 1"}),
            ("pagamento", {"esecuzione": "2099-01-01"}),
            ("annullamento", {"motivo": "x"}),
        ):
            altrui = await puntiluna.post(
                f"{percorso}/{passo}", json=corpo, roles=["tesoriere"], ente=ente, sub="altrui"
            )
            problema(altrui, 403, "fuori-competenza")
    ufficio = await puntiluna.post(
        f"{percorso}/approvazione", roles=["funzionario_comune"], ente=COMUNE, sub="altra.persona"
    )
    assert ufficio.status_code == 403, "an office composes, a treasurer approves"
    assert (await _muovi(puntiluna, distinta["distinta_id"], "approvazione")).status_code == 200


async def test_the_fund_that_issued_the_points_pays_wherever_the_household_lives(
    puntiluna: ServiceUnderTest,
) -> None:
    """A household of no project, paid by two funds of two Comuni: a part in each one's Distinta, settled apart."""
    primo, altro = await Mondo(puntiluna).apri(), await Mondo(puntiluna).apri()
    async with puntiluna.transaction() as session:
        await session.execute(
            sa.text("UPDATE progetto SET enti = '{COMUNE-CREMONA}' WHERE progetto_id = :progetto"),
            {"progetto": altro.progetto_id},
        )
    famiglia, contratto = uuid7(), f"C-{uuid7().hex[-10:]}"
    await puntiluna.deliver(NUCLEO, nucleo(famiglia, None, (primo.ente, contratto)))
    await primo.debiti({contratto: "500.00"})
    await primo.presenza(famiglia, minuti=120)
    await altro.presenza(famiglia, minuti=60)
    await primo.prenota(famiglia, contratto, "12.00")
    lotto = await primo.lotto()
    await primo.rispondi(lotto["lotto_id"], {"protocollo": 1, "esito": "confermata"})
    periodo = puntiluna.clock.now().strftime("%Y-%m")
    propria = (await _componi(puntiluna, primo, periodo)).json()
    cremonese = (await _componi(puntiluna, primo, periodo, "COMUNE-CREMONA")).json()
    assert (propria["totale"], cremonese["totale"]) == ("10.00", "2.00")
    await _muovi(puntiluna, propria["distinta_id"], "approvazione")
    await _muovi(puntiluna, propria["distinta_id"], "liquidazione")
    [riduzione] = (await primo.estratto(famiglia))["riduzioni"]
    assert riduzione["stato"] == "confermata", "the other Comune still owes its part"
    assert ((await primo.cifre())["liquidati"], (await altro.cifre())["confermati"]) == ("10.00", "2.00")
    await _muovi(puntiluna, cremonese["distinta_id"], "approvazione", "COMUNE-CREMONA")
    await _muovi(puntiluna, cremonese["distinta_id"], "liquidazione", "COMUNE-CREMONA")
    [riduzione] = (await primo.estratto(famiglia))["riduzioni"]
    assert riduzione["stato"] == "liquidata"


async def test_who_composed_a_distinta_does_not_approve_it(puntiluna: ServiceUnderTest) -> None:
    mondo, _, periodo = await _confermate(puntiluna)
    distinta = (await _componi(puntiluna, mondo, periodo)).json()
    stessa = await puntiluna.post(
        f"/v1/distinte/{distinta['distinta_id']}/approvazione", roles=["tesoriere"], ente=COMUNE
    )
    problema(stessa, 403, "approvatore-non-terzo")
    assert (await _muovi(puntiluna, distinta["distinta_id"], "approvazione")).status_code == 200


async def test_a_cancelled_distinta_frees_its_lines(puntiluna: ServiceUnderTest) -> None:
    mondo, _, periodo = await _confermate(puntiluna)
    prima = (await _componi(puntiluna, mondo, periodo)).json()
    percorso = f"/v1/distinte/{prima['distinta_id']}"
    annullata = await puntiluna.post(
        f"{percorso}/annullamento", json={"motivo": "Periodo sbagliato"}, roles=["tesoriere"], ente=COMUNE
    )
    assert (annullata.json()["stato"], annullata.json()["motivo"]) == ("annullata", "Periodo sbagliato")
    riletta = await puntiluna.get(percorso, roles=["tesoriere"], ente=COMUNE)
    assert riletta.json()["stato"] == "annullata"
    problema(await puntiluna.get(percorso, roles=["tesoriere"], ente="COMUNE-CREMONA"), 403, "fuori-competenza")
    seconda = (await _componi(puntiluna, mondo, periodo)).json()
    assert seconda["totale"] == prima["totale"]
    await _muovi(puntiluna, seconda["distinta_id"], "approvazione")
    await _muovi(puntiluna, seconda["distinta_id"], "liquidazione")
    tardi = await puntiluna.post(
        f"/v1/distinte/{seconda['distinta_id']}/annullamento", json={"motivo": "x"}, roles=["tesoriere"], ente=COMUNE
    )
    problema(tardi, 409, "distinta-non-annullabile")


async def test_a_distinta_leaves_out_the_rows_of_other_comuni(puntiluna: ServiceUnderTest) -> None:
    mondo, _, periodo = await _confermate(puntiluna)
    altro, altrui, _ = await _confermate(puntiluna)
    async with puntiluna.transaction() as session:
        await session.execute(
            sa.text("UPDATE progetto SET enti = '{COMUNE-CREMONA}' WHERE progetto_id = :progetto"),
            {"progetto": altro.progetto_id},
        )
        await session.execute(
            sa.text("UPDATE riduzione SET ente_proprietario = :ente, protocollo = protocollo + 9 WHERE nucleo_id = :n"),
            {"ente": mondo.ente, "n": altrui},
        )
    propria = (await _componi(puntiluna, mondo, periodo)).json()
    cremonese = (await _componi(puntiluna, mondo, periodo, "COMUNE-CREMONA")).json()
    assert [propria["righe"], cremonese["righe"]] == [3, 3]


async def test_two_who_compose_at_once_never_share_a_line(puntiluna: ServiceUnderTest) -> None:
    mondo, _, periodo = await _confermate(puntiluna)
    insieme = await asyncio.gather(*(_componi(puntiluna, mondo, periodo) for _ in range(4)))
    assert sorted(risposta.status_code for risposta in insieme) == [201, 409, 409, 409]
    async with puntiluna.transaction() as session:
        diverse = await session.scalar(
            sa.text(
                "SELECT count(*) FROM riduzione r WHERE r.confermato_cent <> coalesce((SELECT sum(importo_cent) "
                "FROM fonte_riduzione f WHERE f.riduzione_id = r.riduzione_id), 0) AND r.ente_proprietario = :ente"
            ),
            {"ente": mondo.ente},
        )
    assert diverse == 0, "what the projects pay is what was confirmed"
