"""Households over HTTP: lists written whole or not at all, members and contracts over time, every change told."""

import asyncio
import time
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from chassis.ids import uuid7
from tests.laboratori.esempi import (
    ALER,
    codice_fiscale,
    da_operatrice,
    eventi_di,
    laboratorio,
    nucleo,
    persona,
    scheda,
    tipo,
)
from tests.support.service import ServiceUnderTest

AGGIORNATO = "laboratori.nucleo.aggiornato.v1"
PRESA = "laboratori.persona.presa_in_carico.v1"


def contratto(codice: str, dal: str = "2010-01-01", **cambi: Any) -> dict[str, Any]:
    return {"contratto_codice": codice, "ente_proprietario": ALER, "dal": dal} | cambi


def famiglia(codice: str, quanti: int = 2, **cambi: Any) -> dict[str, Any]:
    membri = [{"persona": scheda(), "dal": "2010-01-01"} for _ in range(quanti)]
    membri[0]["ruolo"] = "intestatario"
    return {"membri": membri, "contratti": [contratto(codice)]} | cambi


async def elenco(servizio: ServiceUnderTest, lab: str, *nuclei: dict[str, Any]) -> Any:
    return await da_operatrice(servizio, "POST", f"/v1/laboratori/{lab}/nuclei/elenco", {"nuclei": list(nuclei)})


async def test_a_household_is_registered_with_people_and_contracts_and_told_without_names(
    laboratori: ServiceUnderTest,
) -> None:
    lab = await laboratorio(laboratori)
    risposta = await da_operatrice(laboratori, "POST", f"/v1/laboratori/{lab}/nuclei", famiglia("LUN-1"))
    assert risposta.status_code == 201
    creato = risposta.json()
    assert await eventi_di(laboratori, AGGIORNATO, "nucleo_id", creato["nucleo_id"]) == [
        {
            "nucleo_id": creato["nucleo_id"],
            "versione": 1,
            "progetto_id": None,
            "membri": [{"persona_id": p, "dal": "2010-01-01", "al": None} for p in creato["persone"]],
            "contratti": [{"contratto_codice": "LUN-1", "ente_proprietario": ALER, "dal": "2010-01-01", "al": None}],
        }
    ]


@pytest.mark.slow
async def test_all_the_households_of_lunetta_are_registered_in_two_lists_within_seconds(
    laboratori: ServiceUnderTest,
) -> None:
    lab = await laboratorio(laboratori)
    tutti = [famiglia(f"LUNETTA-{n}") for n in range(671)]
    prima_degli_eventi = len(await laboratori.emitted(AGGIORNATO))
    inizio = time.perf_counter()
    creati = [
        *(await elenco(laboratori, lab, *tutti[:500])).json()["items"],
        *(await elenco(laboratori, lab, *tutti[500:])).json()["items"],
    ]
    assert time.perf_counter() - inizio < 20
    assert len({c["nucleo_id"] for c in creati}) == 671
    assert len({p for c in creati for p in c["persone"]}) == 1342
    assert len(await laboratori.emitted(AGGIORNATO)) - prima_degli_eventi == 671
    pagina = await da_operatrice(laboratori, "GET", f"/v1/laboratori/{lab}/nuclei?limit=500")
    seconda = await da_operatrice(
        laboratori, "GET", f"/v1/laboratori/{lab}/nuclei?limit=500&cursor={pagina.json()['cursor']}"
    )
    letti = pagina.json()["items"] + seconda.json()["items"]
    assert [n["nucleo_id"] for n in letti] == [c["nucleo_id"] for c in creati]
    assert {(n["persone"], len(n["contratti"])) for n in letti} == {(2, 1)}


async def test_a_list_with_wrong_rows_writes_nothing_and_tells_each_defect(laboratori: ServiceUnderTest) -> None:
    lab, altro = await laboratorio(laboratori), await laboratorio(laboratori)
    estranea = await persona(laboratori, altro)
    accasata = await persona(laboratori, lab)
    await nucleo(laboratori, lab, accasata)
    ripetuta = scheda()
    storta = scheda(codice_fiscale="RSSMRA80A01H501X")
    righe = [
        famiglia("BUONO-1"),
        {"membri": [{"persona": storta, "dal": "2010-01-01"}], "contratti": []},
        {"membri": [{"persona_id": estranea, "dal": "2010-01-01"}], "contratti": []},
        {"membri": [{"persona_id": accasata, "dal": "2019-01-01"}], "contratti": []},
        {"membri": [{"persona_id": str(uuid7()), "dal": "2019-01-01"}], "contratti": []},
        {"membri": [{"persona": ripetuta, "dal": "2010-01-01"}], "contratti": []},
        {"membri": [{"persona": ripetuta, "dal": "2010-01-01"}], "contratti": [contratto("BUONO-1")]},
        famiglia("BUONO-2", contratti=[contratto("BUONO-2", al="2009-12-31")]),
        {"membri": [{"persona": scheda(), "ruolo": "intestatario", "dal": "2010-01-01"} for _ in range(2)]},
    ]
    prima = len(await laboratori.emitted())
    risposta = await elenco(laboratori, lab, *righe)
    assert (risposta.status_code, tipo(risposta)) == (422, "elenco-respinto")
    campi = [voce["campo"] for voce in risposta.json()["errori"]]
    assert sorted(campi) == sorted(
        [
            "nuclei.1.membri.0.codice_fiscale",
            "nuclei.2.membri.0.persona_id",
            "nuclei.3.membri.0.persona_id",
            "nuclei.4.membri.0.persona_id",
            "nuclei.6.membri.0.cognome",
            "nuclei.6.membri.0.persona_id",
            "nuclei.6.contratti.0.contratto_codice",
            "nuclei.7.contratti.0.al",
            "nuclei.8.membri",
        ]
    )
    assert len(await laboratori.emitted()) == prima
    assert (await elenco(laboratori, lab, famiglia("BUONO-1"))).status_code == 201


async def test_people_of_a_list_may_be_taken_on_at_once(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    nuovo = famiglia("CARICO-1", 3)
    for membro in nuovo["membri"][:2]:
        membro["presa_in_carico"] = True
    creato = (await elenco(laboratori, lab, nuovo)).json()["items"][0]
    prese = [e for e in await laboratori.emitted(PRESA) if e["persona_id"] in creato["persone"]]
    assert [e["persona_id"] for e in prese] == creato["persone"][:2]
    assert {e["nucleo_id"] for e in prese} == {creato["nucleo_id"]}


@pytest.mark.parametrize(
    "membro",
    [
        {"dal": "2010-01-01"},
        {"dal": "2010-01-01", "persona_id": str(uuid7()), "persona": {"nome": "A"}},
        {"persona_id": str(uuid7())},
    ],
)
async def test_a_member_is_a_known_person_or_a_new_one_not_both(
    laboratori: ServiceUnderTest, membro: dict[str, Any]
) -> None:
    lab = await laboratorio(laboratori)
    risposta = await elenco(laboratori, lab, {"membri": [membro]})
    assert (risposta.status_code, tipo(risposta)) == (422, "invalid")


async def test_the_same_person_is_put_into_one_household_even_concurrently(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    chi = await persona(laboratori, lab)
    corpo = {"membri": [{"persona_id": chi, "dal": "2010-01-01"}]}
    risposte = await asyncio.gather(
        *(da_operatrice(laboratori, "POST", f"/v1/laboratori/{lab}/nuclei", corpo) for _ in range(5))
    )
    assert sorted(r.status_code for r in risposte) == [201, 422, 422, 422, 422]


async def test_the_same_contract_is_given_to_one_household_even_concurrently(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    risposte = await asyncio.gather(
        *(da_operatrice(laboratori, "POST", f"/v1/laboratori/{lab}/nuclei", famiglia("CONTESO-1", 1)) for _ in range(5))
    )
    assert sorted(r.status_code == 201 for r in risposte) == [False] * 4 + [True]
    assert {r.status_code for r in risposte} <= {201, 409, 422}


async def test_members_come_and_go_and_each_change_is_told_whole(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    uno = await persona(laboratori, lab)
    casa = await nucleo(laboratori, lab, uno)
    percorso = f"/v1/nuclei/{casa}/membri"
    con_nuova = await da_operatrice(laboratori, "POST", percorso, {"persona": scheda(), "dal": "2019-03-01"})
    assert con_nuova.status_code == 201
    assert con_nuova.headers["etag"] == '"v2"'
    due = con_nuova.json()["membri"][1]["persona_id"]
    uscita = await da_operatrice(laboratori, "POST", f"{percorso}/{due}/uscita", {"al": "2019-06-30"})
    assert uscita.json()["versione"] == 3
    eventi = await eventi_di(laboratori, AGGIORNATO, "nucleo_id", casa)
    assert [e["versione"] for e in eventi] == [1, 2, 3]
    assert eventi[-1]["membri"] == [
        {"persona_id": uno, "dal": "2015-01-01", "al": None},
        {"persona_id": due, "dal": "2019-03-01", "al": "2019-06-30"},
    ]
    ancora = await da_operatrice(laboratori, "POST", f"{percorso}/{due}/uscita", {"al": "2019-06-30"})
    assert (ancora.status_code, tipo(ancora)) == (409, "non-in-nucleo")
    estranea = await da_operatrice(laboratori, "POST", f"{percorso}/{uuid7()}/uscita", {"al": "2019-06-30"})
    assert tipo(estranea) == "non-in-nucleo"
    torna = await da_operatrice(laboratori, "POST", percorso, {"persona_id": due, "dal": "2019-07-01"})
    assert torna.status_code == 201
    doppia = await da_operatrice(laboratori, "POST", percorso, {"persona_id": due, "dal": "2019-08-01"})
    assert (doppia.status_code, tipo(doppia)) == (409, "gia-in-nucleo")
    presto = await da_operatrice(laboratori, "POST", f"{percorso}/{due}/uscita", {"al": "2019-01-01"})
    assert tipo(presto) == "non-in-nucleo"


async def test_a_new_member_may_be_taken_on_at_once(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    casa = await nucleo(laboratori, lab, await persona(laboratori, lab))
    corpo = {"persona": scheda(), "dal": "2019-03-01", "presa_in_carico": True}
    letto = (await da_operatrice(laboratori, "POST", f"/v1/nuclei/{casa}/membri", corpo)).json()
    [presa] = await eventi_di(laboratori, PRESA, "persona_id", letto["membri"][1]["persona_id"])
    assert presa["nucleo_id"] == casa


async def test_a_new_member_who_is_already_registered_is_refused(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    casa = await nucleo(laboratori, lab, await persona(laboratori, lab))
    codice = codice_fiscale("FRRBRN71E10E897")
    await persona(laboratori, lab, codice_fiscale=codice, data_nascita="1971-05-10")
    corpo = {"persona": scheda(codice_fiscale=codice, data_nascita="1971-05-10"), "dal": "2019-03-01"}
    risposta = await da_operatrice(laboratori, "POST", f"/v1/nuclei/{casa}/membri", corpo)
    assert (risposta.status_code, tipo(risposta)) == (409, "codice-fiscale-gia-presente")


async def test_contracts_begin_and_end_and_pass_from_a_household_to_another(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    uno = await nucleo(laboratori, lab, await persona(laboratori, lab))
    due = await nucleo(laboratori, lab, await persona(laboratori, lab))
    aperto = await da_operatrice(laboratori, "POST", f"/v1/nuclei/{uno}/contratti", contratto("PASSA-1"))
    assert aperto.status_code == 201
    contratto_id = aperto.json()["contratti"][0]["contratto_id"]
    conteso = await da_operatrice(laboratori, "POST", f"/v1/nuclei/{due}/contratti", contratto("PASSA-1", "2019-07-01"))
    assert (conteso.status_code, tipo(conteso)) == (409, "contratto-gia-assegnato")
    cessazione = f"/v1/nuclei/{uno}/contratti/{contratto_id}/cessazione"
    prima = await da_operatrice(laboratori, "POST", cessazione, {"al": "2009-12-31"})
    assert tipo(prima) == "contratto-gia-cessato"
    assert (await da_operatrice(laboratori, "POST", cessazione, {"al": "2019-06-30"})).status_code == 200
    assert tipo(await da_operatrice(laboratori, "POST", cessazione, {"al": "2019-06-30"})) == "contratto-gia-cessato"
    passato = await da_operatrice(laboratori, "POST", f"/v1/nuclei/{due}/contratti", contratto("PASSA-1", "2019-07-01"))
    assert passato.status_code == 201
    [*_, ultimo] = await eventi_di(laboratori, AGGIORNATO, "nucleo_id", uno)
    assert ultimo["contratti"][0]["al"] == "2019-06-30"
    altrui = f"/v1/nuclei/{due}/contratti/{contratto_id}/cessazione"
    assert (await da_operatrice(laboratori, "POST", altrui, {"al": "2019-12-31"})).status_code == 404
    storto = contratto("STORTO-1", al="2009-01-01")
    rifiuto = await da_operatrice(laboratori, "POST", f"/v1/nuclei/{due}/contratti", storto)
    assert tipo(rifiuto) == "periodo-non-valido"


async def test_versions_told_concurrently_are_all_different(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    casa = await nucleo(laboratori, lab, await persona(laboratori, lab))
    risposte = await asyncio.gather(
        *(da_operatrice(laboratori, "POST", f"/v1/nuclei/{casa}/contratti", contratto(f"TANTI-{n}")) for n in range(8))
    )
    assert {r.status_code for r in risposte} == {201}
    eventi = await eventi_di(laboratori, AGGIORNATO, "nucleo_id", casa)
    assert sorted(e["versione"] for e in eventi) == list(range(1, 10))
    piu_recente = max(eventi, key=lambda e: int(e["versione"]))
    assert len(piu_recente["contratti"]) == 8


async def test_an_operator_of_another_lab_neither_reads_nor_changes_a_household(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    await laboratorio(laboratori, operatori=["estranea"])
    chi = await persona(laboratori, lab)
    casa = await nucleo(laboratori, lab, chi)
    for metodo, coda, corpo in (
        ("GET", "", None),
        ("POST", "/membri", {"persona": scheda(), "dal": "2019-03-01"}),
        ("POST", f"/membri/{chi}/uscita", {"al": "2019-03-01"}),
        ("POST", "/contratti", contratto("ALTRUI-1")),
        ("POST", f"/contratti/{uuid7()}/cessazione", {"al": "2019-03-01"}),
    ):
        risposta = await da_operatrice(laboratori, metodo, f"/v1/nuclei/{casa}{coda}", corpo, sub="estranea")
        assert risposta.status_code == 403, coda
    assert (await da_operatrice(laboratori, "GET", f"/v1/nuclei/{uuid7()}")).status_code == 404
    assert (await da_operatrice(laboratori, "GET", f"/v1/nuclei/{casa}")).headers["etag"] == '"v1"'


@pytest.mark.parametrize(
    ("tabella", "vincolo"),
    [("membro", "ex_membro_un_nucleo_alla_volta"), ("contratto", "ex_contratto_un_nucleo_alla_volta")],
)
async def test_the_database_itself_refuses_two_households_at_once(
    laboratori: ServiceUnderTest, tabella: str, vincolo: str
) -> None:
    lab = await laboratorio(laboratori)
    await da_operatrice(laboratori, "POST", f"/v1/laboratori/{lab}/nuclei", famiglia(f"DOPPIO-{tabella.upper()}"))
    colonne = {
        "membro": "nucleo_id, persona_id, ruolo, dal, al",
        "contratto": "nucleo_id, contratto_codice, ente_proprietario, dal, al",
    }[tabella]
    with pytest.raises(IntegrityError, match=vincolo):
        async with laboratori.transaction() as session:
            await session.execute(
                sa.text(
                    f"INSERT INTO {tabella} ({tabella}_id, {colonne})"
                    f" SELECT gen_random_uuid(), {colonne} FROM {tabella} LIMIT 1"
                )
            )
