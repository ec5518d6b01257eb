"""People over HTTP: registered once, completed, taken on, seen only by who follows them."""

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from chassis import tables
from chassis.ids import uuid7
from tests.laboratori.esempi import (
    OPERATRICE,
    allestisci,
    codice_fiscale,
    codice_provvisorio,
    da_operatrice,
    eventi_di,
    in_equipe,
    laboratorio,
    nucleo,
    persona,
    progetto,
    scheda,
    tipo,
)
from tests.support.service import ServiceUnderTest

PRESA = "laboratori.persona.presa_in_carico.v1"
# Invented people: the codes are computed, check character included.
ROSSI = {"nome": "Mario", "cognome": "Rossi", "data_nascita": "1980-01-01", "codice_fiscale": "RSSMRA80A01H501U"}


async def registra(servizio: ServiceUnderTest, lab: str, corpo: dict[str, Any], **altro: Any) -> Any:
    return await da_operatrice(servizio, "POST", f"/v1/laboratori/{lab}/persone", corpo, **altro)


async def righe_registro(servizio: ServiceUnderTest, oggetto_id: str) -> list[tuple[str, str, str]]:
    async with servizio.transaction() as session:
        righe = await session.execute(
            sa.text("SELECT soggetto, scopo, esito FROM registro_accessi WHERE oggetto_id = :id ORDER BY 2"),
            {"id": oggetto_id},
        )
        return [(riga.soggetto, riga.scopo, riga.esito) for riga in righe]


async def test_three_fields_are_enough_to_register_and_what_is_missing_was_not_asked(
    laboratori: ServiceUnderTest,
) -> None:
    lab = await laboratorio(laboratori)
    chi = await persona(laboratori, lab)
    letta = (await da_operatrice(laboratori, "GET", f"/v1/persone/{chi}")).json()
    non_chiesti = ("genere", "cittadinanza", "area_origine", "titolo_studio", "occupazione", "provincia")
    assert all(letta[campo] is None for campo in non_chiesti)
    assert letta["laboratori"] == [lab]
    assert letta["presa_in_carico_da"] == []


async def test_a_tax_code_is_written_in_its_canonical_form_and_belongs_to_one_person(
    laboratori: ServiceUnderTest,
) -> None:
    lab = await laboratorio(laboratori)
    corpo = ROSSI | {"codice_fiscale": "rss mra 80a01 h501u"}
    prima = await registra(laboratori, lab, corpo)
    assert prima.status_code == 201, prima.text
    letta = (await da_operatrice(laboratori, "GET", f"/v1/persone/{prima.json()['persona_id']}")).json()
    assert letta["codice_fiscale"] == "RSSMRA80A01H501U"
    for forza in (False, True):
        ancora = await registra(laboratori, lab, ROSSI | {"nome": "Marco", "forza_duplicato": forza})
        assert (ancora.status_code, tipo(ancora)) == (409, "codice-fiscale-gia-presente")
        assert ancora.json()["errori"] == [{"campo": "persona_id", "messaggio": prima.json()["persona_id"]}]


@pytest.mark.parametrize(
    ("cambi", "rifiuto"),
    [
        ({"codice_fiscale": "RSSMRA80A01H501X"}, "codice-fiscale-non-valido"),
        ({"codice_fiscale": "00000000001"}, "codice-fiscale-non-valido"),
        ({"data_nascita": "1980-01-02"}, "codice-fiscale-incoerente"),
        ({"genere": "donna"}, "codice-fiscale-incoerente"),
        ({"data_nascita": "2019-11-21"}, "data-nascita-non-valida"),
        ({"data_nascita": "1898-11-20"}, "data-nascita-non-valida"),
        ({"data_nascita": "1980-02-30"}, "invalid"),
        ({"data_nascita": 315532800}, "invalid"),
        ({"nome": ""}, "invalid"),
        ({"nome": "a\u0000b"}, "invalid"),
        ({"soprannome": "x"}, "invalid"),
        ({"occupazione": "nobile"}, "invalid"),
    ],
)
async def test_a_sheet_that_does_not_hold_together_is_refused(
    laboratori: ServiceUnderTest, cambi: dict[str, Any], rifiuto: str
) -> None:
    lab = await laboratorio(laboratori)
    corpo = {
        "nome": "Mario",
        "cognome": "Verdi",
        "data_nascita": "1980-01-01",
        "codice_fiscale": codice_fiscale("VRDMRA80A01H501"),
    }
    risposta = await registra(laboratori, lab, corpo | cambi)
    assert (risposta.status_code, tipo(risposta)) == (422, rifiuto)


async def test_a_similar_name_with_the_same_birth_date_is_refused_or_forced(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    prima = await persona(laboratori, lab, nome="Fatima Zahra", cognome="El Amrani", data_nascita="1985-05-05")
    simile = {"nome": "Fatima", "cognome": "El Amrani", "data_nascita": "1985-05-05"}
    rifiuto = await registra(laboratori, lab, simile)
    assert (rifiuto.status_code, tipo(rifiuto)) == (409, "persona-forse-gia-presente")
    assert [voce["messaggio"] for voce in rifiuto.json()["errori"]] == [prima]
    assert (await registra(laboratori, lab, simile | {"forza_duplicato": True})).status_code == 201
    assert (await registra(laboratori, lab, simile | {"data_nascita": "1985-05-06"})).status_code == 201


async def test_the_refusal_of_a_duplicate_repeats_no_name(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    await persona(laboratori, lab, nome="Canarina", cognome="Segretissima", data_nascita="1971-07-07")
    rifiuto = await registra(
        laboratori, lab, {"nome": "Canarina", "cognome": "Segretissima", "data_nascita": "1971-07-07"}
    )
    assert rifiuto.status_code == 409
    assert "egretissima" not in rifiuto.text
    async with laboratori.transaction() as session:
        riga = tables.access_register.c
        cercata = sa.select(riga.esito).where(riga.request_id == rifiuto.headers["X-Request-Id"])
        assert list(await session.scalars(cercata)) == ["negato"], "who learns that somebody is known leaves a line"


async def test_the_same_person_registered_at_many_desks_at_once_is_registered_once(
    laboratori: ServiceUnderTest,
) -> None:
    colleghe = [f"collega.{n}" for n in range(6)]
    lab = await laboratorio(laboratori, operatori=colleghe)
    corpo = {"nome": "Ornella", "cognome": "Contemporanea", "data_nascita": "1966-06-06"}
    risposte = await asyncio.gather(*(registra(laboratori, lab, corpo, sub=sub) for sub in colleghe))
    assert sorted(r.status_code for r in risposte) == [201, 409, 409, 409, 409, 409]


async def test_the_same_provisional_code_with_other_birth_dates_is_written_once(laboratori: ServiceUnderTest) -> None:
    """The code of eleven digits tells no birth date, so only the database sees the race."""
    lab = await laboratorio(laboratori)
    corpi = [scheda(codice_fiscale=codice_provvisorio(), data_nascita=f"199{n}-03-03") for n in range(5)]
    risposte = await asyncio.gather(*(registra(laboratori, lab, corpo) for corpo in corpi))
    assert sorted(r.status_code for r in risposte) == [201, 409, 409, 409, 409]
    assert {tipo(r) for r in risposte if r.status_code == 409} == {"codice-fiscale-gia-presente"}


async def test_a_sheet_is_completed_later_on_the_version_that_was_seen(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    corpo = scheda()
    chi = (await registra(laboratori, lab, corpo)).json()["persona_id"]
    letta = await da_operatrice(laboratori, "GET", f"/v1/persone/{chi}")
    completa = corpo | {"genere": "donna", "area_origine": "asia", "provincia": "MN", "telefono": "+39 0376 123456"}
    percorso = f"/v1/persone/{chi}"
    scritta = await da_operatrice(laboratori, "PUT", percorso, completa, headers={"If-Match": letta.headers["etag"]})
    assert scritta.status_code == 200
    assert (scritta.json()["genere"], scritta.json()["versione"]) == ("donna", 2)
    vecchia = await da_operatrice(laboratori, "PUT", percorso, corpo, headers={"If-Match": letta.headers["etag"]})
    assert vecchia.status_code == 412
    assert (await da_operatrice(laboratori, "PUT", percorso, corpo)).status_code == 428


async def test_a_code_of_somebody_else_cannot_be_given_to_a_sheet(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    await persona(laboratori, lab, codice_fiscale=codice_fiscale("BNCLCU90B41F205"), data_nascita="1990-02-01")
    corpo = scheda(data_nascita="1990-02-01")
    chi = (await registra(laboratori, lab, corpo)).json()["persona_id"]
    risposta = await da_operatrice(
        laboratori,
        "PUT",
        f"/v1/persone/{chi}",
        corpo | {"codice_fiscale": codice_fiscale("BNCLCU90B41F205")},
        headers={"If-Match": "*"},
    )
    assert (risposta.status_code, tipo(risposta)) == (409, "codice-fiscale-gia-presente")


async def test_every_reading_of_a_sheet_and_every_refusal_are_in_the_register(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    await laboratorio(laboratori, operatori=["estranea"])
    chi = await persona(laboratori, lab)
    assert (await da_operatrice(laboratori, "GET", f"/v1/persone/{chi}")).status_code == 200
    assert (await da_operatrice(laboratori, "GET", f"/v1/persone/{chi}", sub="estranea")).status_code == 403
    assert await righe_registro(laboratori, chi) == [
        ("estranea", "accesso rifiutato", "negato"),
        (OPERATRICE, "lettura della scheda", "consentito"),
    ]


async def test_a_search_finds_only_the_people_of_the_callers_labs_and_is_registered(
    laboratori: ServiceUnderTest,
) -> None:
    lab = await laboratorio(laboratori)
    altro = await laboratorio(laboratori, operatori=["estranea"])
    mia = await persona(laboratori, lab, cognome="Trovabile")
    sua = await persona(laboratori, altro, cognome="Trovabile", sub="estranea")
    percorso = "/v1/persone/ricerche"
    mie = await da_operatrice(laboratori, "POST", percorso, {"testo": "trova"})
    sue = await da_operatrice(laboratori, "POST", percorso, {"testo": "TROVA"}, sub="estranea")
    assert [p["persona_id"] for p in mie.json()["items"]] == [mia]
    assert [p["persona_id"] for p in sue.json()["items"]] == [sua]
    assert await righe_registro(laboratori, mia) == [(OPERATRICE, "ricerca allo sportello", "consentito")]
    assert (await da_operatrice(laboratori, "POST", percorso, {"testo": "%"})).json()["items"] == []


async def test_a_search_by_tax_code_or_birth_date_finds_the_person(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori, operatori=["bibliotecaria"])
    chi = await persona(
        laboratori,
        lab,
        sub="bibliotecaria",
        codice_fiscale=codice_fiscale("VRDLRA75D55E897"),
        data_nascita="1975-04-15",
    )
    for corpo in (
        {"codice_fiscale": codice_fiscale("VRDLRA75D55E897").lower()},
        {"data_nascita": "1975-04-15"},
    ):
        trovate = await da_operatrice(laboratori, "POST", "/v1/persone/ricerche", corpo, sub="bibliotecaria")
        assert [p["persona_id"] for p in trovate.json()["items"]] == [chi]
    storto = await da_operatrice(laboratori, "POST", "/v1/persone/ricerche", {"codice_fiscale": "XXXXXX00X00X000X"})
    assert tipo(storto) == "codice-fiscale-non-valido"


async def test_an_accredited_organisation_registers_and_sees_its_own_people_only(
    laboratori: ServiceUnderTest,
) -> None:
    mio: dict[str, Any] = {"roles": ["operatore_accreditato"], "sub": "tutor", "ente": "SOLCO-MANTOVA"}
    altro = mio | {"ente": "AFOL-METROPOLITANA"}
    creata = await laboratori.post("/v1/persone", json=scheda(cognome="Accreditata"), **mio)
    assert creata.status_code == 201
    chi = creata.json()["persona_id"]
    assert (await laboratori.get(f"/v1/persone/{chi}", **mio)).status_code == 200
    assert (await laboratori.get(f"/v1/persone/{chi}", **altro)).status_code == 403
    assert (await laboratori.get(f"/v1/persone/{chi}", **(mio | {"ente": None}))).status_code == 403
    trovate = await laboratori.post("/v1/persone/ricerche", json={"testo": "Accred"}, **mio)
    assert [p["persona_id"] for p in trovate.json()["items"]] == [chi]
    vuota = await laboratori.post("/v1/persone/ricerche", json={"testo": "Accred"}, **altro)
    assert vuota.json()["items"] == []
    senza_ente = await laboratori.post("/v1/persone", json=scheda(), **(mio | {"ente": None}))
    assert senza_ente.status_code == 403


async def test_taking_a_person_on_tells_the_inclusion_with_pseudonyms_only(laboratori: ServiceUnderTest) -> None:
    corpo = progetto()
    await laboratori.deliver("bandi.progetto.finanziato.v1", corpo)
    lab = (await laboratori.get(f"/v1/laboratori?progetto_id={corpo['progetto_id']}")).json()["items"][0]
    lab_id = lab["laboratorio_id"]
    await allestisci(laboratori, lab_id)
    await in_equipe(laboratori, lab_id, OPERATRICE)
    chi = await persona(laboratori, lab_id)
    casa = await nucleo(laboratori, lab_id, chi)
    percorso = f"/v1/laboratori/{lab_id}/prese-in-carico"
    risposta = await da_operatrice(laboratori, "POST", percorso, {"persona_id": chi})
    assert risposta.status_code == 201
    assert await eventi_di(laboratori, PRESA, "persona_id", chi) == [
        {
            "persona_id": chi,
            "versione": 2,
            "laboratorio_id": lab_id,
            "progetto_id": corpo["progetto_id"],
            "nucleo_id": casa,
            "presa_in_carico_il": risposta.json()["presa_in_carico_il"],
        }
    ]
    ancora = await da_operatrice(laboratori, "POST", percorso, {"persona_id": chi})
    assert (ancora.status_code, tipo(ancora)) == (409, "gia-presa-in-carico")
    letta = (await da_operatrice(laboratori, "GET", f"/v1/persone/{chi}")).json()
    assert letta["presa_in_carico_da"] == [lab_id]


async def test_many_desks_that_take_the_same_person_on_at_once_do_it_once(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    chi = await persona(laboratori, lab)
    percorso = f"/v1/laboratori/{lab}/prese-in-carico"
    risposte = await asyncio.gather(
        *(da_operatrice(laboratori, "POST", percorso, {"persona_id": chi}) for _ in range(5))
    )
    assert sorted(r.status_code for r in risposte) == [201, 409, 409, 409, 409]
    assert len(await eventi_di(laboratori, PRESA, "persona_id", chi)) == 1


@pytest.mark.parametrize("coda", ["prese-in-carico", "accoglienze"])
async def test_a_person_of_another_lab_is_received_only_with_the_birth_date(
    laboratori: ServiceUnderTest, coda: str
) -> None:
    lab = await laboratorio(laboratori)
    await laboratorio(laboratori, operatori=["estranea"])
    suo = (await laboratori.get("/v1/laboratori?limit=500")).json()["items"]
    mio = next(item["laboratorio_id"] for item in suo if item["laboratorio_id"] != lab)
    await in_equipe(laboratori, mio, f"vicina.{coda}")
    corpo = scheda()
    chi = (await registra(laboratori, lab, corpo)).json()["persona_id"]
    percorso = f"/v1/laboratori/{mio}/{coda}"
    for prova in ({"persona_id": chi}, {"persona_id": chi, "data_nascita": "1901-01-01"}):
        rifiuto = await da_operatrice(laboratori, "POST", percorso, prova, sub=f"vicina.{coda}")
        assert (rifiuto.status_code, tipo(rifiuto)) == (403, "persona-di-altro-laboratorio")
    assert (await righe_registro(laboratori, mio))[-1][2] == "negato"
    buona = await da_operatrice(
        laboratori,
        "POST",
        percorso,
        {"persona_id": chi, "data_nascita": corpo["data_nascita"]},
        sub=f"vicina.{coda}",
    )
    assert buona.status_code in (200, 201)
    assert (await da_operatrice(laboratori, "GET", f"/v1/persone/{chi}", sub=f"vicina.{coda}")).status_code == 200


async def test_a_person_who_does_not_exist_is_not_found(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    assert (await da_operatrice(laboratori, "GET", f"/v1/persone/{uuid7()}")).status_code == 404
    presa = await da_operatrice(
        laboratori, "POST", f"/v1/laboratori/{lab}/prese-in-carico", {"persona_id": str(uuid7())}
    )
    assert presa.status_code == 404


@pytest.mark.parametrize("ruolo", ["funzionario_bandi", "tesoriere", "valutatore", "servizio", "amministratore"])
async def test_roles_that_do_not_follow_people_see_no_sheet(laboratori: ServiceUnderTest, ruolo: str) -> None:
    lab = await laboratorio(laboratori)
    chi = await persona(laboratori, lab)
    risposta = await laboratori.get(f"/v1/persone/{chi}", roles=[ruolo])
    assert risposta.status_code == 403
    assert (await laboratori.get(f"/v1/persone/{chi}")).status_code == 401


async def test_the_database_itself_keeps_a_tax_code_for_one_person(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    uno = await persona(laboratori, lab, codice_fiscale=codice_fiscale("NRELCU60P10L781"), data_nascita="1960-09-10")
    due = await persona(laboratori, lab)
    with pytest.raises(IntegrityError, match="uq_persona_codice_fiscale"):
        async with laboratori.transaction() as session:
            await session.execute(
                sa.text(
                    "UPDATE persona SET codice_fiscale = (SELECT codice_fiscale FROM persona WHERE persona_id = :uno)"
                    " WHERE persona_id = :due"
                ),
                {"uno": uno, "due": due},
            )
