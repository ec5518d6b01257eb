"""Hours through their routes: inside the plan, signed, validated by a second person, never overlapping, paid once."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col

from chassis.errors import NotFound
from chassis.ids import uuid7
from services.inclusione.models import Ora
from tests.inclusione.storia import APRILE, MARZO, Storia, ok, rifiuto

LUNEDI = datetime(2019, 3, 4, 8, tzinfo=UTC)


async def test_an_hour_is_registered_signed_and_validated_by_somebody_else(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=10)
    esito = await storia.registra(pip["pip_id"], storia.ora(LUNEDI, 90))
    [ore_id] = esito["fatte"]
    non_firmata = await storia.valida([ore_id])
    assert [riga["tipo"] for riga in non_firmata["rifiutate"]] == ["stato-ora-non-ammesso"]
    await storia.firma_ore([ore_id])
    propria = await storia.valida([ore_id], sub="op-1")
    assert [riga["tipo"] for riga in propria["rifiutate"]] == ["validazione-propria"]
    assert (await storia.valida([ore_id]))["fatte"] == [ore_id]
    di_nuovo = await storia.valida([ore_id])
    assert [riga["tipo"] for riga in di_nuovo["rifiutate"]] == ["stato-ora-non-ammesso"]
    pip = await storia.pip(pip["pip_id"])
    assert (pip["costo_servizi"], pip["maturato"]) == ("30.00", "6.00")
    assert pip["servizi"] == [
        {"servizio_codice": "FORMAZIONE", "previsti_minuti": 600, "registrati_minuti": 90, "validati_minuti": 90}
    ]
    [evento] = await storia.eventi("ore.validate", ore_id=ore_id)
    assert (evento["minuti"], evento["indennizzata"], evento["stato"], evento["versione"]) == (90, True, "validata", 3)
    assert evento["cumulabile"] is False


async def test_the_same_hour_twice_in_one_validation_is_validated_once(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=10)
    esito = await storia.registra(pip["pip_id"], storia.ora(LUNEDI))
    await storia.firma_ore(esito["fatte"])
    validate = await storia.valida(esito["fatte"] * 2)
    assert (validate["fatte"], len(validate["rifiutate"])) == (esito["fatte"], 1)
    assert (await storia.pip(pip["pip_id"]))["maturato"] == "4.00"


@pytest.mark.parametrize(
    ("ora", "status", "tipo"),
    [
        ({"fine": "2019-03-04T08:20:00Z"}, 422, "ora-non-valida"),
        ({"categoria_indiretta": "monitoraggio"}, 422, "ora-non-valida"),
        ({"servizio_codice": None}, 422, "ora-non-valida"),
        ({"inizio": "2019-07-01T08:00:00Z", "fine": "2019-07-01T09:00:00Z"}, 409, "ora-futura"),
        ({"inizio": "2019-02-28T08:00:00Z", "fine": "2019-02-28T09:00:00Z"}, 409, "ora-fuori-piano"),
        ({"servizio_codice": "ACCOGLIENZA"}, 409, "ore-piano-esaurite"),
        ({"fine": "2019-03-04T19:00:00Z"}, 409, "ore-piano-esaurite"),
    ],
)
async def test_an_hour_outside_the_rules_is_refused_and_leaves_nothing(
    storia: Storia, ora: dict[str, Any], status: int, tipo: str
) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=10)
    storia.servizio.set_clock(APRILE)
    corpo = storia.ora(LUNEDI) | ora
    rifiuto(await storia.op("POST", f"/pip/{pip['pip_id']}/ore", json=corpo), status, tipo)
    insieme = await storia.registra(pip["pip_id"], corpo, storia.ora(LUNEDI + timedelta(days=1)))
    assert [riga["tipo"] for riga in insieme["rifiutate"]] == [tipo]
    assert len(insieme["fatte"]) == 1
    elenco = ok(await storia.op("GET", f"/pip/{pip['pip_id']}/ore"), 200)
    assert [riga["ore_id"] for riga in elenco["items"]] == insieme["fatte"]


async def test_a_person_is_not_in_two_places_at_once_whatever_the_plan_and_the_operator(storia: Storia) -> None:
    altra = Storia(storia.servizio)
    await storia.apri()
    await altra.apri()
    persona_id = uuid7()
    mio = await storia.attivo(await storia.iscrivi(persona_id), FORMAZIONE=10)
    altrui = await altra.attivo(await altra.iscrivi(persona_id), FORMAZIONE=10)
    await storia.registra(mio["pip_id"], storia.ora(LUNEDI, 60))
    mezza_dentro = altra.ora(LUNEDI + timedelta(minutes=45), 60)
    subito_dopo = altra.ora(LUNEDI + timedelta(minutes=60), 60)
    esito = await altra.registra(altrui["pip_id"], mezza_dentro, subito_dopo)
    assert [(riga["riga"], riga["tipo"]) for riga in esito["rifiutate"]] == [(0, "ora-sovrapposta")]
    rifiuto(await altra.op("POST", f"/pip/{altrui['pip_id']}/ore", json=mezza_dentro), 409, "ora-sovrapposta")


async def test_an_annulled_hour_frees_its_interval_and_its_minutes(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=1)
    [ore_id] = await storia.convalida(pip["pip_id"], storia.ora(LUNEDI))
    annullata = ok(await storia.op("POST", f"/ore/{ore_id}/annullamento", json={"motivo": "Registro errato"}))
    assert (annullata["stato"], annullata["indennita"], annullata["costo"]) == ("annullata", "0.00", "0.00")
    rifiuto(
        await storia.op("POST", f"/ore/{ore_id}/annullamento", json={"motivo": "Ancora"}),
        409,
        "stato-ora-non-ammesso",
    )
    pip = await storia.pip(pip["pip_id"])
    assert (pip["maturato"], pip["costo_servizi"]) == ("0.00", "0.00")
    assert pip["servizi"][0]["registrati_minuti"] == pip["servizi"][0]["validati_minuti"] == 0
    await storia.convalida(pip["pip_id"], storia.ora(LUNEDI))
    eventi = await storia.eventi("ore.validate", ore_id=ore_id)
    assert [(evento["stato"], evento["versione"]) for evento in eventi] == [("validata", 3), ("annullata", 4)]


async def test_an_hour_never_validated_is_annulled_without_telling_anybody(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=1)
    [ore_id] = (await storia.registra(pip["pip_id"], storia.ora(LUNEDI)))["fatte"]
    ok(await storia.op("POST", f"/ore/{ore_id}/annullamento", json={"motivo": "Errore"}))
    assert await storia.eventi("ore.validate", ore_id=ore_id) == []


async def test_indirect_hours_are_recorded_validated_and_never_paid(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=1)
    indiretta = storia.ora(LUNEDI, 120, None, categoria_indiretta="ricerca_aziende")
    insieme = storia.ora(LUNEDI + timedelta(minutes=30), 60, None, categoria_indiretta="monitoraggio")
    esito = await storia.registra(pip["pip_id"], indiretta, insieme, storia.ora(LUNEDI))
    assert len(esito["fatte"]) == 3
    firmate = await storia.firma_ore(esito["fatte"][:2])
    assert [riga["tipo"] for riga in firmate["rifiutate"]] == ["stato-ora-non-ammesso"] * 2
    assert len((await storia.valida(esito["fatte"][:2]))["fatte"]) == 2
    pip = await storia.pip(pip["pip_id"])
    assert (pip["costo_servizi"], pip["maturato"], pip["servizi"][0]["registrati_minuti"]) == ("0.00", "0.00", 60)
    assert await storia.eventi("ore.validate", pip_id=pip["pip_id"]) == []
    elenco = ok(await storia.op("GET", f"/pip/{pip['pip_id']}/ore"), 200)["items"]
    assert [riga["categoria_indiretta"] for riga in elenco if not riga["diretta"]] == [
        "ricerca_aziende",
        "monitoraggio",
    ]


async def test_hours_belong_to_an_active_plan(storia: Storia) -> None:
    await storia.apri()
    bozza = await storia.bozza(FORMAZIONE=10)
    storia.servizio.set_clock(APRILE)
    percorso = f"/pip/{bozza['pip_id']}/ore"
    rifiuto(await storia.op("POST", percorso, json=storia.ora(LUNEDI)), 409, "pip-non-attivo")
    storia.servizio.set_clock(MARZO)
    pip = ok(await storia.firma(bozza))
    await storia.convalida(pip["pip_id"], storia.ora(LUNEDI))
    ok(await storia.op("POST", f"/pip/{pip['pip_id']}/conclusione", json={"motivo": "Fine"}))
    rifiuto(await storia.op("POST", percorso, json=storia.ora(LUNEDI + timedelta(days=1))), 409, "pip-non-attivo")


async def test_a_plan_with_hours_in_suspense_is_not_closed(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=10)
    esito = await storia.registra(pip["pip_id"], storia.ora(LUNEDI))
    for chiusura in ("conclusione", "rinuncia"):
        risposta = await storia.op("POST", f"/pip/{pip['pip_id']}/{chiusura}", json={"motivo": "Fine"})
        rifiuto(risposta, 409, "ore-in-sospeso")
    ok(await storia.op("POST", f"/ore/{esito['fatte'][0]}/annullamento", json={"motivo": "Non fatta"}))
    ok(await storia.op("POST", f"/pip/{pip['pip_id']}/conclusione", json={"motivo": "Fine"}))


async def test_the_last_hour_of_a_plan_registered_by_many_at_once_is_registered_once(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=1)
    storia.servizio.set_clock(APRILE)
    risposte = await asyncio.gather(
        *(
            storia.op("POST", f"/pip/{pip['pip_id']}/ore", json=storia.ora(LUNEDI + timedelta(days=giorno)))
            for giorno in range(8)
        )
    )
    assert sorted(risposta.status_code for risposta in risposte) == [201] + [409] * 7


async def test_hours_validated_by_two_people_at_once_accrue_once(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=20)
    ore = [storia.ora(LUNEDI + timedelta(days=giorno)) for giorno in range(10)]
    fatte = (await storia.registra(pip["pip_id"], *ore))["fatte"]
    await storia.firma_ore(fatte)
    esiti = await asyncio.gather(storia.valida(fatte), storia.valida(fatte[::-1], sub="op-3"))
    assert sum(len(esito["fatte"]) for esito in esiti) == 10
    assert (await storia.pip(pip["pip_id"]))["maturato"] == "40.00"
    assert len(await storia.eventi("ore.validate", pip_id=pip["pip_id"])) == 10


async def test_the_allowance_stops_at_what_the_plan_reserved_and_the_hours_still_count(storia: Storia) -> None:
    await storia.apri(massimale_persona="6.00")
    pip = await storia.attivo(FORMAZIONE=10)
    ore = [storia.ora(LUNEDI + timedelta(days=giorno)) for giorno in range(3)]
    fatte = await storia.convalida(pip["pip_id"], *ore)
    pip = await storia.pip(pip["pip_id"])
    assert (pip["maturato"], pip["costo_servizi"], pip["servizi"][0]["validati_minuti"]) == ("6.00", "60.00", 180)
    eventi = await storia.eventi("ore.validate", pip_id=pip["pip_id"])
    assert [evento["indennizzata"] for evento in eventi] == [True, True, False]
    assert [evento["ore_id"] for evento in eventi] == fatte


async def test_rows_of_others_are_refused_as_if_they_did_not_exist(storia: Storia) -> None:
    altra = Storia(storia.servizio)
    await storia.apri()
    await altra.apri()
    pip = await storia.attivo(FORMAZIONE=10)
    mie = (await storia.registra(pip["pip_id"], storia.ora(LUNEDI)))["fatte"]
    for esito in (
        await altra.registra(pip["pip_id"], storia.ora(LUNEDI + timedelta(days=1))),
        await altra.firma_ore(mie),
        await altra.valida(mie),
        await altra.valida([str(uuid7())]),
    ):
        assert esito["fatte"] == []
        assert [riga["tipo"] for riga in esito["rifiutate"]] == ["not-found"]
    rifiuto(await altra.op("POST", f"/pip/{pip['pip_id']}/ore", json=storia.ora(LUNEDI)), 403, "forbidden")
    rifiuto(await altra.op("GET", f"/pip/{pip['pip_id']}/ore"), 403, "forbidden")
    rifiuto(await altra.op("POST", f"/ore/{mie[0]}/annullamento", json={"motivo": "x"}), 403, "forbidden")
    rifiuto(await storia.op("POST", f"/ore/{uuid7()}/annullamento", json={"motivo": "x"}), 404, "not-found")


async def test_the_lead_may_be_the_second_person_that_validates(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=10)
    fatte = (await storia.registra(pip["pip_id"], storia.ora(LUNEDI)))["fatte"]
    await storia.firma_ore(fatte)
    assert ok(await storia.comune("POST", "/ore/validazioni", json={"ore": fatte}))["fatte"] == fatte


async def test_an_hour_already_paid_with_points_leaves_the_allowance_before_it_is_liquidated(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=10)
    prima, seconda = await storia.convalida(pip["pip_id"], storia.ora(LUNEDI), storia.ora(LUNEDI + timedelta(days=1)))
    for versione in (1, 1, 2):
        await gia_pagata(storia, prima, versione)
    estratto = ok(await storia.op("GET", f"/pip/{pip['pip_id']}/indennita"), 200)
    assert (estratto["maturato"], estratto["saldo"]) == ("4.00", "4.00")
    assert [(voce["tipo"], voce["importo"]) for voce in estratto["voci"] if voce["ore_id"] == prima] == [
        ("maturazione", "4.00"),
        ("storno", "-4.00"),
    ]
    letta = await storia.pip(pip["pip_id"])
    assert (letta["costo_servizi"], letta["servizi"][0]["validati_minuti"]) == ("40.00", 120)
    eventi = await storia.eventi("ore.validate", ore_id=prima)
    assert [(evento["indennizzata"], evento["stato"]) for evento in eventi] == [(True, "validata"), (False, "validata")]
    righe = ok(await storia.op("GET", f"/pip/{pip['pip_id']}/ore"), 200)["items"]
    assert {riga["ore_id"]: riga["gia_pagata_da"] for riga in righe} == {prima: "puntiluna", seconda: None}
    annullata = ok(await storia.op("POST", f"/ore/{prima}/annullamento", json={"motivo": "Registro errato"}))
    assert annullata["stato"] == "annullata"
    assert (await storia.pip(pip["pip_id"]))["maturato"] == "4.00"


async def test_a_measure_may_let_an_hour_earn_points_too(storia: Storia) -> None:
    await storia.apri(ora_anche_punti=True)
    pip = await storia.attivo(FORMAZIONE=10)
    [ore_id] = await storia.convalida(pip["pip_id"], storia.ora(LUNEDI))
    await gia_pagata(storia, ore_id)
    assert (await storia.pip(pip["pip_id"]))["maturato"] == "4.00"
    [evento] = await storia.eventi("ore.validate", ore_id=ore_id)
    assert evento["cumulabile"] is True


async def test_an_event_about_an_unknown_hour_is_refused_and_not_lost(storia: Storia) -> None:
    await storia.apri()
    with pytest.raises(NotFound):
        await gia_pagata(storia, str(uuid7()))


async def test_the_hours_of_a_merged_person_move_to_the_present_id(storia: Storia) -> None:
    await storia.apri()
    assorbita, attuale = uuid7(), uuid7()
    pip = await storia.attivo(await storia.iscrivi(assorbita), FORMAZIONE=10)
    [ore_id] = await storia.convalida(pip["pip_id"], storia.ora(LUNEDI))
    unione = {"persona_id": str(attuale), "versione": 2, "assorbita_id": str(assorbita)}
    await storia.servizio.deliver("laboratori.persona.unita.v1", unione)
    altro = Storia(storia.servizio)
    await altro.apri()
    secondo = await altro.attivo(await altro.iscrivi(attuale), FORMAZIONE=10)
    esito = await altro.registra(secondo["pip_id"], altro.ora(LUNEDI))
    assert [riga["tipo"] for riga in esito["rifiutate"]] == ["ora-sovrapposta"]
    async with storia.servizio.transaction() as session:
        ora = await session.get(Ora, ore_id)
        assert ora is not None
        assert ora.persona_id == attuale


async def test_hours_are_listed_in_order_of_time_page_by_page(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=10)
    giorni = [LUNEDI + timedelta(days=giorno) for giorno in (4, 1, 3, 0, 2)]
    await storia.registra(pip["pip_id"], *(storia.ora(giorno) for giorno in giorni))
    trovati: list[str] = []
    cursor: str | None = None
    while True:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        pagina = ok(await storia.op("GET", f"/pip/{pip['pip_id']}/ore", params=params), 200)
        trovati += [riga["inizio"] for riga in pagina["items"]]
        cursor = pagina["cursor"]
        if not cursor:
            break
    assert trovati == [giorno.isoformat().replace("+00:00", "Z") for giorno in sorted(giorni)]


async def test_the_database_itself_refuses_an_overlap_an_own_validation_and_a_paid_indirect_hour(
    storia: Storia,
) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=10)
    esito = await storia.registra(
        pip["pip_id"],
        storia.ora(LUNEDI),
        storia.ora(LUNEDI + timedelta(days=1)),
        storia.ora(LUNEDI, 60, None, categoria_indiretta="monitoraggio"),
    )
    prima, _, indiretta = esito["fatte"]
    domani = LUNEDI + timedelta(days=1)
    for ore_id, valori in (
        (prima, {"inizio": domani, "fine": domani + timedelta(hours=1), "giorno": domani.date()}),
        (prima, {"validata_da": "op-1"}),
        (prima, {"giorno": LUNEDI.date().replace(month=2)}),
        (indiretta, {"costo_cent": 1}),
    ):
        with pytest.raises(sa.exc.IntegrityError, match=r"ck_ora_|ora_senza_sovrapposizioni"):
            async with storia.servizio.transaction() as session:
                await session.execute(sa.update(Ora).where(col(Ora.ore_id) == ore_id).values(**valori))


async def gia_pagata(storia: Storia, ore_id: str, versione: int = 1) -> None:
    """puntiluna says the hour was paid with points."""
    await storia.servizio.deliver(
        "puntiluna.ora.gia_pagata.v1",
        {
            "ora_id": str(uuid7()),
            "versione": versione,
            "ore_id": ore_id,
            "persona_id": str(uuid7()),
            "inizio": "2019-03-04T08:00:00Z",
            "fine": "2019-03-04T09:00:00Z",
            "pagata_da": "puntiluna",
        },
    )


@pytest.mark.parametrize("anno", ["0001", "1899", "2200", "9999"])
async def test_a_day_without_a_civil_calendar_is_bad_input_and_not_a_failure(storia: Storia, anno: str) -> None:
    await storia.apri()
    iscrizione = await storia.iscrivi()
    corpo = {
        "iscrizione_id": iscrizione["iscrizione_id"],
        "piano": storia.piano(FORMAZIONE=1) | {"inizio": f"{anno}-12-31", "fine": f"{anno}-12-31"},
    }
    assert (await storia.op("POST", "/pip", json=corpo)).status_code == 422
    ora = {"servizio_codice": "FORMAZIONE", "inizio": f"{anno}-12-31T23:00:00Z", "fine": f"{anno}-12-31T23:59:00Z"}
    pip = await storia.attivo(iscrizione, FORMAZIONE=1)
    assert (await storia.op("POST", f"/pip/{pip['pip_id']}/ore", json=ora)).status_code == 422
