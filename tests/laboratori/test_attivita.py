"""Activities over HTTP: a public calendar, places given one at a time, a waiting list that moves by itself."""

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from chassis.ids import uuid7
from tests.laboratori.esempi import (
    attivita,
    attivita_nuova,
    da_operatrice,
    laboratorio,
    nucleo,
    ore,
    persona,
    presenza,
    tipo,
)
from tests.support.service import ServiceUnderTest

FUTURA = {"inizio": "2019-12-01T08:00:00Z", "fine": "2019-12-01T12:00:00Z"}


async def iscrivi(servizio: ServiceUnderTest, attivita_id: str, persona_id: str, **altro: Any) -> Any:
    return await da_operatrice(
        servizio, "POST", f"/v1/attivita/{attivita_id}/iscrizioni", {"persona_id": persona_id}, **altro
    )


async def ritira(servizio: ServiceUnderTest, iscrizione_id: str, **altro: Any) -> Any:
    return await da_operatrice(servizio, "POST", f"/v1/iscrizioni/{iscrizione_id}/ritiro", **altro)


async def modifica(servizio: ServiceUnderTest, attivita_id: str, **cambi: Any) -> Any:
    return await da_operatrice(
        servizio, "PUT", f"/v1/attivita/{attivita_id}", attivita_nuova(**cambi), headers={"If-Match": "*"}
    )


async def tutte(servizio: ServiceUnderTest, attivita_id: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursore = ""
    while True:
        pagina = await da_operatrice(servizio, "GET", f"/v1/attivita/{attivita_id}/iscrizioni?limit=500{cursore}")
        items += pagina.json()["items"]
        if not pagina.json()["cursor"]:
            return items
        cursore = f"&cursor={pagina.json()['cursor']}"


async def residente(servizio: ServiceUnderTest, lab: str, sub: str) -> str:
    """A resident with a household, tied to their access."""
    chi = await persona(servizio, lab)
    await nucleo(servizio, lab, chi)
    risposta = await da_operatrice(servizio, "POST", f"/v1/persone/{chi}/identita", {"sub": sub})
    assert risposta.status_code == 200
    return chi


async def test_the_calendar_of_a_month_is_public_and_follows_the_time_of_lombardy(
    laboratori: ServiceUnderTest,
) -> None:
    lab = await laboratorio(laboratori)
    # 23:30 UTC of 31 October is half past midnight of 1 November in Lombardy.
    novembre = await attivita(laboratori, lab, inizio="2017-10-31T23:30:00Z", fine="2017-11-01T02:00:00Z")
    ottobre = await attivita(laboratori, lab, inizio="2017-10-31T20:00:00Z", fine="2017-10-31T22:45:00Z")
    lunga = await attivita(laboratori, lab, inizio="2017-09-01T08:00:00Z", fine="2017-12-20T17:00:00Z")

    async def del_mese(mese: str) -> list[str]:
        risposta = await laboratori.get(f"/v1/calendario?mese={mese}&laboratorio_id={lab}")
        return [voce["attivita_id"] for voce in risposta.json()["items"]]

    assert await del_mese("2017-11") == [lunga, novembre]
    assert await del_mese("2017-10") == [lunga, ottobre]
    assert await del_mese("2018-01") == []


async def test_the_calendar_is_read_page_by_page(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    attese = [
        await attivita(laboratori, lab, inizio=f"2015-03-{n:02}T08:00:00Z", fine=f"2015-03-{n:02}T10:00:00Z")
        for n in (2, 3, 3, 4, 5)
    ]
    percorso = f"/v1/calendario?mese=2015-03&laboratorio_id={lab}&limit=2"
    lette: list[str] = []
    cursore = ""
    while True:
        pagina = (await laboratori.get(percorso + cursore)).json()
        lette += [voce["attivita_id"] for voce in pagina["items"]]
        if not pagina["cursor"]:
            break
        cursore = f"&cursor={pagina['cursor']}"
    assert lette == attese


async def test_the_calendar_is_cut_by_town_and_neighbourhood(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    cosa = await attivita(laboratori, lab, inizio="2016-05-03T08:00:00Z", fine="2016-05-03T10:00:00Z")
    for filtro, attese in (
        ("comune=Mantova", [cosa]),
        ("comune=Mantova&quartiere=Lunetta", [cosa]),
        ("quartiere=Te%20Brunetti", []),
    ):
        risposta = await laboratori.get(f"/v1/calendario?mese=2016-05&{filtro}")
        assert [voce["attivita_id"] for voce in risposta.json()["items"]] == attese


@pytest.mark.parametrize("mese", ["2019-13", "2019-00", "1800-01", "9999-01"])
async def test_a_month_that_is_not_one_is_refused(laboratori: ServiceUnderTest, mese: str) -> None:
    risposta = await laboratori.get(f"/v1/calendario?mese={mese}")
    assert (risposta.status_code, tipo(risposta)) == (422, "mese-non-valido")


@pytest.mark.parametrize(
    "cambi",
    [
        {"fine": "2019-11-18T08:00:00Z"},
        {"fine": "2021-11-18T08:00:00Z"},
        {"categoria_indiretta": "centro_aggregazione_giovanile"},
        {"diretta": False, "fascia": "nessuna"},
        {"diretta": False, "categoria_indiretta": "centro_aggregazione_giovanile"},
    ],
)
async def test_an_activity_that_does_not_hold_together_is_refused(
    laboratori: ServiceUnderTest, cambi: dict[str, Any]
) -> None:
    lab = await laboratorio(laboratori)
    risposta = await da_operatrice(laboratori, "POST", f"/v1/laboratori/{lab}/attivita", attivita_nuova(**cambi))
    assert (risposta.status_code, tipo(risposta)) == (422, "attivita-non-valida")


async def test_who_comes_after_the_places_are_taken_waits_and_moves_up_by_itself(
    laboratori: ServiceUnderTest,
) -> None:
    lab = await laboratorio(laboratori)
    cosa = await attivita(laboratori, lab, capienza=2, **FUTURA)
    persone = [await persona(laboratori, lab) for _ in range(4)]
    iscritte = [(await iscrivi(laboratori, cosa, chi)).json() for chi in persone]
    assert [(i["numero"], i["stato"]) for i in iscritte] == [
        (1, "iscritta"),
        (2, "iscritta"),
        (3, "in_attesa"),
        (4, "in_attesa"),
    ]
    assert (await laboratori.get(f"/v1/attivita/{cosa}")).json()["posti_liberi"] == 0
    await ritira(laboratori, iscritte[0]["iscrizione_id"])
    assert [i["stato"] for i in await tutte(laboratori, cosa)] == ["ritirata", "iscritta", "iscritta", "in_attesa"]
    await ritira(laboratori, iscritte[3]["iscrizione_id"])
    await ritira(laboratori, iscritte[1]["iscrizione_id"])
    assert (await laboratori.get(f"/v1/attivita/{cosa}")).json()["posti_liberi"] == 1
    torna = (await iscrivi(laboratori, cosa, persone[0])).json()
    assert (torna["numero"], torna["stato"]) == (5, "iscritta")


@pytest.mark.slow
async def test_five_hundred_at_once_for_fifty_places_and_thirty_withdrawals_promote_the_right_thirty(
    laboratori: ServiceUnderTest,
) -> None:
    lab = await laboratorio(laboratori)
    cosa = await attivita(laboratori, lab, capienza=50, **FUTURA)
    membri = [
        {
            "persona": {
                "nome": f"Prova{n:03}",
                "cognome": f"Lista{n:03}",
                "data_nascita": f"19{40 + n % 50}-03-01",
                "forza_duplicato": True,
            },
            "dal": "2010-01-01",
        }
        for n in range(500)
    ]
    nuclei = [{"membri": membri[n : n + 25]} for n in range(0, 500, 25)]
    creati = await da_operatrice(laboratori, "POST", f"/v1/laboratori/{lab}/nuclei/elenco", {"nuclei": nuclei})
    persone = [chi for casa in creati.json()["items"] for chi in casa["persone"]]
    coda = asyncio.Semaphore(40)

    async def una(chi: str) -> Any:
        async with coda:
            return await iscrivi(laboratori, cosa, chi)

    risposte = await asyncio.gather(*(una(chi) for chi in persone))
    assert {r.status_code for r in risposte} == {201}
    iscrizioni = await tutte(laboratori, cosa)
    assert [i["numero"] for i in iscrizioni] == list(range(1, 501))
    assert [i["stato"] for i in iscrizioni] == ["iscritta"] * 50 + ["in_attesa"] * 450
    ritirate = [i["iscrizione_id"] for i in iscrizioni[10:40]]
    esiti = await asyncio.gather(*(ritira(laboratori, iscrizione_id) for iscrizione_id in ritirate))
    assert {r.status_code for r in esiti} == {200}
    dopo = await tutte(laboratori, cosa)
    attesi = ["iscritta"] * 10 + ["ritirata"] * 30 + ["iscritta"] * 10 + ["iscritta"] * 30 + ["in_attesa"] * 420
    assert [i["stato"] for i in dopo] == attesi
    assert [i["numero"] for i in dopo if i["promossa_il"]] == list(range(51, 81))


async def test_more_places_promote_who_waits_and_fewer_take_nobodys_away(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    cosa = await attivita(laboratori, lab, capienza=1, **FUTURA)
    for _ in range(4):
        await iscrivi(laboratori, cosa, await persona(laboratori, lab))
    assert (await modifica(laboratori, cosa, capienza=3, **FUTURA)).json()["posti_liberi"] == 0
    assert [i["stato"] for i in await tutte(laboratori, cosa)] == ["iscritta"] * 3 + ["in_attesa"]
    meno = await modifica(laboratori, cosa, capienza=2, **FUTURA)
    assert (meno.status_code, tipo(meno)) == (409, "capienza-insufficiente")
    assert (await modifica(laboratori, cosa, capienza=None, **FUTURA)).json()["posti_liberi"] is None
    assert {i["stato"] for i in await tutte(laboratori, cosa)} == {"iscritta"}


async def test_the_same_person_is_registered_once_even_concurrently(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    cosa, chi = await attivita(laboratori, lab, **FUTURA), await persona(laboratori, lab)
    risposte = await asyncio.gather(*(iscrivi(laboratori, cosa, chi) for _ in range(4)))
    assert sorted(r.status_code for r in risposte) == [201, 409, 409, 409]
    assert {tipo(r) for r in risposte if r.status_code == 409} == {"gia-iscritta"}


async def test_a_registration_is_withdrawn_once(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    cosa = await attivita(laboratori, lab, **FUTURA)
    iscritta = (await iscrivi(laboratori, cosa, await persona(laboratori, lab))).json()["iscrizione_id"]
    assert (await ritira(laboratori, iscritta)).json()["stato"] == "ritirata"
    assert tipo(await ritira(laboratori, iscritta)) == "iscrizione-gia-ritirata"
    assert (await ritira(laboratori, str(uuid7()))).status_code == 404


async def test_nobody_registers_to_what_is_over_or_cancelled(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    chi = await persona(laboratori, lab)
    finita = await attivita(laboratori, lab)
    assert tipo(await iscrivi(laboratori, finita, chi)) == "iscrizioni-chiuse"
    percorso = f"/v1/attivita/{finita}/annullamento"
    assert (await da_operatrice(laboratori, "POST", percorso)).status_code == 428
    annullata = await da_operatrice(laboratori, "POST", percorso, headers={"If-Match": '"v1"'})
    assert annullata.json()["stato"] == "annullata"
    assert tipo(await iscrivi(laboratori, finita, chi)) == "attivita-annullata"
    registrata = await da_operatrice(laboratori, "POST", f"/v1/attivita/{finita}/presenze", ore(chi))
    assert tipo(registrata) == "attivita-annullata"
    assert tipo(await modifica(laboratori, finita)) == "attivita-annullata"
    ancora = await da_operatrice(laboratori, "POST", percorso, headers={"If-Match": "*"})
    assert tipo(ancora) == "attivita-annullata"


async def test_the_tariff_does_not_change_under_confirmed_hours(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    cosa = await attivita(laboratori, lab)
    presenza_id = await presenza(laboratori, cosa, await persona(laboratori, lab))
    assert (await modifica(laboratori, cosa, fascia="silver")).json()["fascia"] == "silver"
    await da_operatrice(laboratori, "POST", f"/v1/presenze/{presenza_id}/conferma")
    rifiuto = await modifica(laboratori, cosa, fascia="gold")
    assert (rifiuto.status_code, tipo(rifiuto)) == (409, "tariffa-non-modificabile")
    assert (await modifica(laboratori, cosa, fascia="silver", titolo="Nuovo titolo")).status_code == 200


async def test_a_new_time_leaves_no_registered_hour_outside(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    cosa = await attivita(laboratori, lab)
    presenza_id = await presenza(laboratori, cosa, await persona(laboratori, lab), "09:00", "11:00")
    dentro = {"inizio": "2019-11-18T09:00:00Z", "fine": "2019-11-18T11:00:00Z"}
    for fuori in ({"inizio": "2019-11-18T09:15:00Z"}, {"fine": "2019-11-18T10:45:00Z"}):
        rifiuto = await modifica(laboratori, cosa, **(dentro | fuori))
        assert (rifiuto.status_code, tipo(rifiuto)) == (409, "presenze-fuori-orario")
    assert (await modifica(laboratori, cosa, **dentro)).status_code == 200
    await da_operatrice(laboratori, "POST", f"/v1/presenze/{presenza_id}/annullamento", {"motivo": "x"})
    altrove = {"inizio": "2019-11-19T09:00:00Z", "fine": "2019-11-19T11:00:00Z"}
    assert (await modifica(laboratori, cosa, **altrove)).status_code == 200


async def test_an_activity_with_confirmed_hours_took_place_and_is_not_cancelled(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    cosa = await attivita(laboratori, lab)
    presenza_id = await presenza(laboratori, cosa, await persona(laboratori, lab))
    await da_operatrice(laboratori, "POST", f"/v1/presenze/{presenza_id}/conferma")
    annullamento = f"/v1/attivita/{cosa}/annullamento"
    rifiuto = await da_operatrice(laboratori, "POST", annullamento, headers={"If-Match": "*"})
    assert (rifiuto.status_code, tipo(rifiuto)) == (409, "attivita-con-ore-confermate")
    await da_operatrice(laboratori, "POST", f"/v1/presenze/{presenza_id}/annullamento", {"motivo": "x"})
    annullata = await da_operatrice(laboratori, "POST", annullamento, headers={"If-Match": "*"})
    assert annullata.json()["stato"] == "annullata"


async def test_nobody_registers_to_an_activity_of_a_lab_that_will_be_closed(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    cosa, chi = await attivita(laboratori, lab, **FUTURA), await persona(laboratori, lab)
    await laboratori.post(f"/v1/laboratori/{lab}/chiusura", roles=["amministratore"], headers={"If-Match": "*"})
    rifiuto = await iscrivi(laboratori, cosa, chi)
    assert (rifiuto.status_code, tipo(rifiuto)) == (409, "laboratorio-non-attivo")


async def test_a_resident_registers_only_who_lives_with_them(laboratori: ServiceUnderTest) -> None:
    lab, altro = await laboratorio(laboratori), await laboratorio(laboratori, operatori=["vicina"])
    cosa = await attivita(laboratori, altro, sub="vicina", **FUTURA)
    io = await residente(laboratori, lab, "residente.iscrive")
    estranea = await persona(laboratori, lab)
    percorso = f"/v1/attivita/{cosa}/iscrizioni"
    chi_sono: dict[str, Any] = {"roles": ["residente"], "sub": "residente.iscrive"}
    vietata = await laboratori.post(percorso, json={"persona_id": estranea}, **chi_sono)
    assert vietata.status_code == 403
    ignoto = await laboratori.post(percorso, json={"persona_id": io}, roles=["residente"], sub="ignoto")
    assert ignoto.status_code == 403
    mia = await laboratori.post(percorso, json={"persona_id": io}, **chi_sono)
    assert mia.status_code == 201
    # The lab of the activity knows the person from now on.
    assert (await da_operatrice(laboratori, "GET", f"/v1/persone/{io}", sub="vicina")).status_code == 200
    sua = await iscrivi(laboratori, await attivita(laboratori, lab, **FUTURA), estranea)
    altrui = f"/v1/iscrizioni/{sua.json()['iscrizione_id']}/ritiro"
    assert (await laboratori.post(altrui, **chi_sono)).status_code == 403
    propria = f"/v1/iscrizioni/{mia.json()['iscrizione_id']}/ritiro"
    assert (await laboratori.post(propria, **chi_sono)).status_code == 200


async def test_an_operator_registers_only_people_their_lab_knows(laboratori: ServiceUnderTest) -> None:
    lab, altro = await laboratorio(laboratori), await laboratorio(laboratori, operatori=["vicina"])
    cosa = await attivita(laboratori, altro, sub="vicina", **FUTURA)
    chi = await persona(laboratori, lab)
    assert (await iscrivi(laboratori, cosa, chi)).status_code == 403
    ignota = await iscrivi(laboratori, cosa, chi, sub="vicina")
    assert (ignota.status_code, tipo(ignota)) == (403, "persona-di-altro-laboratorio")


async def test_an_attendance_of_who_was_registered_names_the_registration(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    cosa = await attivita(laboratori, lab, inizio="2019-11-20T08:00:00Z", fine="2019-11-20T12:00:00Z")
    iscritta, di_passaggio = await persona(laboratori, lab), await persona(laboratori, lab)
    iscrizione = (await iscrivi(laboratori, cosa, iscritta)).json()["iscrizione_id"]
    righe = [ore(chi, giorno="2019-11-20") for chi in (iscritta, di_passaggio)]
    await da_operatrice(laboratori, "POST", f"/v1/attivita/{cosa}/presenze/elenco", {"presenze": righe})
    async with laboratori.transaction() as session:
        trovate = await session.execute(
            sa.text("SELECT persona_id::text, iscrizione_id::text FROM presenza WHERE attivita_id = :id"), {"id": cosa}
        )
        assert {riga[0]: riga[1] for riga in trovate} == {iscritta: iscrizione, di_passaggio: None}


@pytest.mark.parametrize(
    ("comando", "vincolo"),
    [
        ("UPDATE attivita SET capienza = 1, iscritti = 2", "mai_oltre_la_capienza"),
        ("UPDATE attivita SET capienza = 3, iscritti = 2, in_attesa = 1", "si_attende_solo_se_pieno"),
        ("UPDATE attivita SET diretta = false", "categoria_se_indiretta"),
    ],
)
async def test_the_database_itself_keeps_places_and_tariff_in_order(
    laboratori: ServiceUnderTest, comando: str, vincolo: str
) -> None:
    await attivita(laboratori, await laboratorio(laboratori))
    with pytest.raises(IntegrityError, match=vincolo):
        async with laboratori.transaction() as session:
            await session.execute(sa.text(comando))
