"""Attendances over HTTP: registered, confirmed once, corrected by new facts, never in two places at once."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, ProgrammingError

from tests.laboratori.esempi import (
    attivita,
    da_operatrice,
    eventi_di,
    in_equipe,
    laboratorio,
    nucleo,
    ore,
    persona,
    presenza,
    tipo,
)
from tests.support.service import ServiceUnderTest

CONFERMATA = "laboratori.presenza.confermata.v1"
RETTIFICATA = "laboratori.presenza.rettificata.v1"
ANNULLATA = "laboratori.presenza.annullata.v1"


async def conferma(servizio: ServiceUnderTest, presenza_id: str, **altro: Any) -> Any:
    return await da_operatrice(servizio, "POST", f"/v1/presenze/{presenza_id}/conferma", **altro)


async def test_a_confirmed_attendance_tells_the_household_the_tariff_and_the_minutes(
    laboratori: ServiceUnderTest,
) -> None:
    lab = await laboratorio(laboratori)
    chi = await persona(laboratori, lab)
    casa = await nucleo(laboratori, lab, chi)
    cosa = await attivita(laboratori, lab, fascia="silver")
    presenza_id = await presenza(laboratori, cosa, chi, "08:00", "10:15")

    risposta = await conferma(laboratori, presenza_id)

    assert risposta.status_code == 200
    assert (risposta.json()["stato"], risposta.json()["versione"]) == ("confermata", 2)
    assert await eventi_di(laboratori, CONFERMATA, "presenza_id", presenza_id) == [
        {
            "presenza_id": presenza_id,
            "versione": 2,
            "stato": "confermata",
            "laboratorio_id": lab,
            "progetto_id": None,
            "attivita_id": cosa,
            "persona_id": chi,
            "nucleo_id": casa,
            "inizio": "2019-11-18T08:00:00Z",
            "fine": "2019-11-18T10:15:00Z",
            "minuti": 135,
            "fascia": "silver",
            "diretta": True,
            "categoria_indiretta": None,
            "confermata_il": risposta.json()["confermata_il"],
        }
    ]


async def test_a_second_confirmation_is_answered_as_it_is_and_makes_no_fact(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori, operatori=["operatrice.lunetta", "collega"])
    presenza_id = await presenza(laboratori, await attivita(laboratori, lab), await persona(laboratori, lab))
    prima = await conferma(laboratori, presenza_id)
    seconda = await conferma(laboratori, presenza_id, sub="collega")
    assert seconda.status_code == 200
    assert seconda.json() == prima.json()
    assert len(await eventi_di(laboratori, CONFERMATA, "presenza_id", presenza_id)) == 1


async def test_many_operators_who_confirm_at_once_make_one_fact_and_one_event(laboratori: ServiceUnderTest) -> None:
    colleghe = [f"collega.{n}" for n in range(8)]
    lab = await laboratorio(laboratori, operatori=["operatrice.lunetta", *colleghe])
    presenza_id = await presenza(laboratori, await attivita(laboratori, lab), await persona(laboratori, lab))
    risposte = await asyncio.gather(*(conferma(laboratori, presenza_id, sub=sub) for sub in colleghe))
    assert {r.status_code for r in risposte} == {200}
    storia = (await da_operatrice(laboratori, "GET", f"/v1/presenze/{presenza_id}")).json()["storia"]
    assert [fatto["tipo"] for fatto in storia] == ["registrata", "confermata"]
    assert len(await eventi_di(laboratori, CONFERMATA, "presenza_id", presenza_id)) == 1


async def test_a_person_is_never_confirmed_in_two_places_at_once_even_concurrently(
    laboratori: ServiceUnderTest,
) -> None:
    lab = await laboratorio(laboratori)
    chi = await persona(laboratori, lab)
    presenze = [await presenza(laboratori, await attivita(laboratori, lab), chi) for _ in range(6)]
    risposte = await asyncio.gather(*(conferma(laboratori, presenza_id) for presenza_id in presenze))
    assert sorted(r.status_code for r in risposte) == [200, 409, 409, 409, 409, 409]
    assert {tipo(r) for r in risposte if r.status_code == 409} == {"presenza-sovrapposta"}
    confermate = [e for e in await laboratori.emitted(CONFERMATA) if e["persona_id"] == chi]
    assert len(confermate) == 1


async def test_two_lists_about_the_same_people_in_opposite_order_both_end(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    persone = [await persona(laboratori, lab) for _ in range(12)]
    liste: list[list[str]] = []
    for dalle, alle in (("08:00", "09:00"), ("09:00", "10:00"), ("10:00", "11:00"), ("11:00", "12:00")):
        cosa = await attivita(laboratori, lab)
        righe = [await presenza(laboratori, cosa, chi, dalle, alle) for chi in persone]
        liste.append(righe if len(liste) % 2 else righe[::-1])
    risposte = await asyncio.gather(
        *(
            da_operatrice(laboratori, "POST", f"/v1/laboratori/{lab}/presenze/conferme", {"presenze": righe})
            for righe in liste
        )
    )
    assert [r.status_code for r in risposte] == [200] * 4, [r.text for r in risposte]
    assert sum(r.json()["confermate"] for r in risposte) == 48


async def test_hours_that_touch_are_not_hours_that_overlap(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    chi = await persona(laboratori, lab)
    prima = await presenza(laboratori, await attivita(laboratori, lab), chi, "08:00", "10:00")
    dopo = await presenza(laboratori, await attivita(laboratori, lab), chi, "10:00", "12:00")
    assert (await conferma(laboratori, prima)).status_code == 200
    assert (await conferma(laboratori, dopo)).status_code == 200


async def test_a_list_is_confirmed_whole_or_not_at_all_with_the_defects_of_each_row(
    laboratori: ServiceUnderTest,
) -> None:
    lab, altro = await laboratorio(laboratori), await laboratorio(laboratori)
    uno, due = await persona(laboratori, lab), await persona(laboratori, lab)
    buona = await presenza(laboratori, await attivita(laboratori, lab), uno)
    doppia = await presenza(laboratori, await attivita(laboratori, lab), uno, "09:00", "11:00")
    annullata = await presenza(laboratori, await attivita(laboratori, lab), due)
    await da_operatrice(laboratori, "POST", f"/v1/presenze/{annullata}/annullamento", {"motivo": "errore"})
    altrove = await presenza(laboratori, await attivita(laboratori, altro), await persona(laboratori, altro))

    risposta = await da_operatrice(
        laboratori,
        "POST",
        f"/v1/laboratori/{lab}/presenze/conferme",
        {"presenze": [buona, doppia, annullata, altrove]},
    )

    assert risposta.status_code == 422
    assert tipo(risposta) == "elenco-respinto"
    assert [voce["campo"] for voce in risposta.json()["errori"]] == ["presenze.1", "presenze.2", "presenze.3"]
    letta = await da_operatrice(laboratori, "GET", f"/v1/presenze/{buona}")
    assert letta.json()["stato"] == "registrata"


async def test_a_list_leaves_what_was_confirmed_already_as_it_is(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    righe = [
        await presenza(laboratori, await attivita(laboratori, lab), await persona(laboratori, lab)) for _ in range(3)
    ]
    await conferma(laboratori, righe[0])
    percorso = f"/v1/laboratori/{lab}/presenze/conferme"
    prima = await da_operatrice(laboratori, "POST", percorso, {"presenze": [*righe, righe[1]]})
    seconda = await da_operatrice(laboratori, "POST", percorso, {"presenze": righe})
    assert prima.json() == {"confermate": 2, "gia_confermate": 1}
    assert seconda.json() == {"confermate": 0, "gia_confermate": 3}


async def test_a_correction_is_a_new_fact_that_keeps_the_first_confirmation(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    chi = await persona(laboratori, lab)
    presenza_id = await presenza(laboratori, await attivita(laboratori, lab), chi)
    confermata = (await conferma(laboratori, presenza_id)).json()
    laboratori.set_clock(datetime(2019, 11, 21, 9, 0, tzinfo=UTC))

    risposta = await da_operatrice(
        laboratori,
        "POST",
        f"/v1/presenze/{presenza_id}/rettifica",
        {"inizio": "2019-11-18T08:30:00Z", "fine": "2019-11-18T12:15:00Z", "motivo": "uscita letta male"},
    )

    assert risposta.status_code == 200
    [evento] = await eventi_di(laboratori, RETTIFICATA, "presenza_id", presenza_id)
    assert (evento["versione"], evento["minuti"], evento["stato"]) == (3, 225, "confermata")
    assert evento["confermata_il"] == confermata["confermata_il"]
    storia = (await da_operatrice(laboratori, "GET", f"/v1/presenze/{presenza_id}")).json()["storia"]
    assert [(f["tipo"], f["fine"]) for f in storia] == [
        ("registrata", "2019-11-18T10:00:00Z"),
        ("confermata", "2019-11-18T10:00:00Z"),
        ("rettificata", "2019-11-18T12:15:00Z"),
    ]
    assert storia[-1]["motivo"] == "uscita letta male"


async def test_a_cancelled_attendance_frees_its_hours_and_receives_nothing_more(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    chi = await persona(laboratori, lab)
    presenza_id = await presenza(laboratori, await attivita(laboratori, lab), chi)
    await conferma(laboratori, presenza_id)
    percorso = f"/v1/presenze/{presenza_id}"

    risposta = await da_operatrice(laboratori, "POST", f"{percorso}/annullamento", {"motivo": "foglio di altri"})

    assert risposta.status_code == 200
    [evento] = await eventi_di(laboratori, ANNULLATA, "presenza_id", presenza_id)
    assert (evento["versione"], evento["stato"]) == (3, "annullata")
    nuovo = {"inizio": "2019-11-18T08:00:00Z", "fine": "2019-11-18T09:00:00Z", "motivo": "x"}
    assert tipo(await da_operatrice(laboratori, "POST", f"{percorso}/rettifica", nuovo)) == "presenza-gia-annullata"
    assert tipo(await conferma(laboratori, presenza_id)) == "presenza-gia-annullata"
    ancora = await da_operatrice(laboratori, "POST", f"{percorso}/annullamento", {"motivo": "x"})
    assert tipo(ancora) == "presenza-gia-annullata"
    altra = await presenza(laboratori, await attivita(laboratori, lab), chi)
    assert (await conferma(laboratori, altra)).status_code == 200


async def test_an_attendance_cancelled_before_its_confirmation_tells_nobody(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    presenza_id = await presenza(laboratori, await attivita(laboratori, lab), await persona(laboratori, lab))
    await da_operatrice(laboratori, "POST", f"/v1/presenze/{presenza_id}/annullamento", {"motivo": "errore"})
    assert await eventi_di(laboratori, ANNULLATA, "presenza_id", presenza_id) == []


async def test_hours_not_over_yet_cannot_be_confirmed(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    cosa = await attivita(laboratori, lab, inizio="2019-11-20T08:00:00Z", fine="2019-11-20T12:00:00Z")
    chi = await persona(laboratori, lab)
    registrata = await da_operatrice(
        laboratori, "POST", f"/v1/attivita/{cosa}/presenze", ore(chi, "09:00", "11:00", "2019-11-20")
    )
    risposta = await conferma(laboratori, registrata.json()["presenza_id"])
    assert (risposta.status_code, tipo(risposta)) == (409, "presenza-futura")


async def test_only_confirmed_hours_are_corrected_and_only_to_other_hours(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    presenza_id = await presenza(laboratori, await attivita(laboratori, lab), await persona(laboratori, lab))
    percorso = f"/v1/presenze/{presenza_id}/rettifica"
    corpo = {"inizio": "2019-11-18T08:00:00Z", "fine": "2019-11-18T10:00:00Z", "motivo": "controllo"}
    assert tipo(await da_operatrice(laboratori, "POST", percorso, corpo)) == "presenza-non-confermata"
    await conferma(laboratori, presenza_id)
    assert tipo(await da_operatrice(laboratori, "POST", percorso, corpo)) == "rettifica-senza-effetto"
    fuori = corpo | {"fine": "2019-11-18T13:30:00Z"}
    assert tipo(await da_operatrice(laboratori, "POST", percorso, fuori)) == "presenza-fuori-attivita"
    storto = corpo | {"fine": "2019-11-18T10:07:00Z"}
    assert tipo(await da_operatrice(laboratori, "POST", percorso, storto)) == "durata-non-valida"


async def test_a_correction_may_not_overlap_other_confirmed_hours(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    chi = await persona(laboratori, lab)
    prima = await presenza(laboratori, await attivita(laboratori, lab), chi, "08:00", "09:00")
    dopo = await presenza(laboratori, await attivita(laboratori, lab), chi, "09:00", "10:00")
    await conferma(laboratori, prima)
    await conferma(laboratori, dopo)
    risposta = await da_operatrice(
        laboratori,
        "POST",
        f"/v1/presenze/{prima}/rettifica",
        {"inizio": "2019-11-18T08:00:00Z", "fine": "2019-11-18T09:15:00Z", "motivo": "x"},
    )
    assert (risposta.status_code, tipo(risposta)) == (409, "presenza-sovrapposta")


async def test_points_follow_the_household_at_the_date_of_the_attendance(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    chi = await persona(laboratori, lab)
    vecchia = await nucleo(laboratori, lab, chi)
    uscita = await da_operatrice(laboratori, "POST", f"/v1/nuclei/{vecchia}/membri/{chi}/uscita", {"al": "2019-11-17"})
    assert uscita.status_code == 200
    nuova = await nucleo(laboratori, lab, chi, dal="2019-11-18")
    lunga = await attivita(laboratori, lab, inizio="2019-11-01T08:00:00Z", fine="2019-11-19T20:00:00Z")
    sera_prima = await da_operatrice(
        laboratori,
        "POST",
        f"/v1/attivita/{lunga}/presenze",
        {"persona_id": chi, "inizio": "2019-11-17T21:00:00Z", "fine": "2019-11-17T22:00:00Z"},
    )
    # 23:15 UTC of the 17th is a quarter past midnight of the 18th in Lombardy.
    dopo_mezzanotte = await da_operatrice(
        laboratori,
        "POST",
        f"/v1/attivita/{lunga}/presenze",
        {"persona_id": chi, "inizio": "2019-11-17T23:15:00Z", "fine": "2019-11-18T00:15:00Z"},
    )
    assert (await conferma(laboratori, sera_prima.json()["presenza_id"])).json()["nucleo_id"] == vecchia
    assert (await conferma(laboratori, dopo_mezzanotte.json()["presenza_id"])).json()["nucleo_id"] == nuova


async def test_indirect_hours_carry_their_category_and_no_band(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    cosa = await attivita(
        laboratori,
        lab,
        tipo="centro_aggregazione_giovanile",
        fascia="nessuna",
        diretta=False,
        categoria_indiretta="centro_aggregazione_giovanile",
    )
    presenza_id = await presenza(laboratori, cosa, await persona(laboratori, lab))
    await conferma(laboratori, presenza_id)
    [evento] = await eventi_di(laboratori, CONFERMATA, "presenza_id", presenza_id)
    assert (evento["diretta"], evento["fascia"]) == (False, "nessuna")
    assert evento["categoria_indiretta"] == "centro_aggregazione_giovanile"


async def test_an_operator_of_another_lab_is_refused_and_written_in_the_register(
    laboratori: ServiceUnderTest,
) -> None:
    lab = await laboratorio(laboratori)
    await laboratorio(laboratori, operatori=["estranea"])
    presenza_id = await presenza(laboratori, await attivita(laboratori, lab), await persona(laboratori, lab))
    risposta = await conferma(laboratori, presenza_id, sub="estranea")
    assert risposta.status_code == 403
    async with laboratori.transaction() as session:
        righe = await session.execute(
            sa.text("SELECT esito, oggetto FROM registro_accessi WHERE soggetto = 'estranea' AND oggetto_id = :id"),
            {"id": presenza_id},
        )
        assert [(riga.esito, riga.oggetto) for riga in righe] == [
            ("negato", "POST /v1/presenze/{presenza_id}/conferma")
        ]


async def test_who_left_the_team_no_longer_confirms(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    await in_equipe(laboratori, lab, "ex.collega", al="2019-11-19")
    presenza_id = await presenza(laboratori, await attivita(laboratori, lab), await persona(laboratori, lab))
    assert (await conferma(laboratori, presenza_id, sub="ex.collega")).status_code == 403


async def test_the_database_itself_refuses_overlapping_confirmed_hours(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    chi = await persona(laboratori, lab)
    prima = await presenza(laboratori, await attivita(laboratori, lab), chi)
    dopo = await presenza(laboratori, await attivita(laboratori, lab), chi)
    await conferma(laboratori, prima)
    with pytest.raises(IntegrityError, match="ex_presenza_persona_in_un_luogo"):
        async with laboratori.transaction() as session:
            await session.execute(
                sa.text(
                    "UPDATE presenza SET stato = 'confermata', confermata_il = registrata_il, confermata_da = 'x',"
                    " fascia = 'base', diretta = true WHERE presenza_id = :id"
                ),
                {"id": dopo},
            )


@pytest.mark.parametrize("comando", ["UPDATE fatto_presenza SET autore = 'x'", "DELETE FROM fatto_presenza"])
async def test_the_facts_of_the_history_cannot_be_changed_by_the_service(
    laboratori: ServiceUnderTest, comando: str
) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with laboratori.transaction() as session:
            await session.execute(sa.text(comando))
