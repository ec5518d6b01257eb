"""Labs over HTTP: born from a project or by hand, set up, staffed, closed."""

from typing import Any

import pytest

from chassis.ids import uuid7
from tests.laboratori.esempi import (
    ALER,
    COMUNE,
    OPERATRICE,
    allestimento,
    attivita,
    attivita_nuova,
    da_operatrice,
    in_equipe,
    laboratorio,
    ore,
    persona,
    presenza,
    progetto,
    scheda,
    tipo,
)
from tests.support.service import ServiceUnderTest

FINANZIATO = "bandi.progetto.finanziato.v1"
REVOCATO = "bandi.progetto.revocato.v1"
IMPEGNATO = "bandi.progetto.impegnato.v1"


async def labs_of(servizio: ServiceUnderTest, progetto_id: str) -> list[dict[str, Any]]:
    risposta = await servizio.get(f"/v1/laboratori?progetto_id={progetto_id}")
    assert risposta.status_code == 200
    items: list[dict[str, Any]] = risposta.json()["items"]
    return items


async def da_comune(
    servizio: ServiceUnderTest,
    metodo: str,
    percorso: str,
    corpo: Any = None,
    *,
    ente: str | None = COMUNE,
    **altro: Any,
) -> Any:
    opzioni = {"json": corpo} if corpo is not None else {}
    return await servizio.request(
        metodo, percorso, roles=["funzionario_comune"], sub="funzionaria", ente=ente, **opzioni, **altro
    )


async def test_a_funded_project_with_a_lab_line_makes_its_lab_to_be_set_up(laboratori: ServiceUnderTest) -> None:
    corpo = progetto()
    await laboratori.deliver(FINANZIATO, corpo)
    [lab] = await labs_of(laboratori, corpo["progetto_id"])
    assert (lab["stato"], lab["ente_gestore"], lab["nome"]) == ("da_allestire", COMUNE, "Lunattiva")
    assert (lab["comune"], lab["quartiere"]) == ("Mantova", "Lunetta")


async def test_a_project_without_a_lab_line_makes_no_lab(laboratori: ServiceUnderTest) -> None:
    corpo = progetto(linee=[{"azione": "9.1.3", "fondo": "FSE", "ammesso_cent": 1, "impegnato_cent": 0}])
    await laboratori.deliver(FINANZIATO, corpo)
    assert await labs_of(laboratori, corpo["progetto_id"]) == []


async def test_the_same_event_twice_makes_one_lab(laboratori: ServiceUnderTest) -> None:
    corpo = progetto()
    identificativo = await laboratori.deliver(FINANZIATO, corpo)
    await laboratori.deliver(FINANZIATO, corpo, event_id=identificativo)
    await laboratori.deliver(FINANZIATO, corpo)
    assert len(await labs_of(laboratori, corpo["progetto_id"])) == 1


@pytest.mark.parametrize("ordine", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1), (0, 2, 1), (1, 0, 2)])
async def test_the_lab_is_the_same_in_whatever_order_its_project_is_told(
    laboratori: ServiceUnderTest, ordine: tuple[int, int, int]
) -> None:
    primo = progetto()
    eventi = [
        (FINANZIATO, primo),
        (IMPEGNATO, primo | {"versione": 2, "stato": "impegnato"}),
        (REVOCATO, primo | {"versione": 3, "stato": "revocato", "accaduto_il": "2020-02-01T09:00:00Z"}),
    ]
    for numero in ordine:
        await laboratori.deliver(*eventi[numero])
    [lab] = await labs_of(laboratori, primo["progetto_id"])
    letto = (await laboratori.get(f"/v1/laboratori/{lab['laboratorio_id']}")).json()
    assert (letto["stato"], letto["chiuso_il"]) == ("chiuso", "2020-02-01T09:00:00Z")


async def test_the_end_of_the_funding_does_not_close_the_lab(laboratori: ServiceUnderTest) -> None:
    corpo = progetto()
    await laboratori.deliver(FINANZIATO, corpo)
    await laboratori.deliver("bandi.progetto.concluso.v1", corpo | {"versione": 2, "stato": "concluso"})
    [lab] = await labs_of(laboratori, corpo["progetto_id"])
    assert lab["stato"] == "da_allestire"


async def test_the_lead_of_the_project_sets_its_lab_up(laboratori: ServiceUnderTest) -> None:
    corpo = progetto()
    await laboratori.deliver(FINANZIATO, corpo)
    [lab] = await labs_of(laboratori, corpo["progetto_id"])
    percorso = f"/v1/laboratori/{lab['laboratorio_id']}"
    etag = (await laboratori.get(percorso)).headers["etag"]
    risposta = await da_comune(
        laboratori, "PUT", f"{percorso}/allestimento", allestimento(), headers={"If-Match": etag}
    )
    assert risposta.status_code == 200, risposta.text
    letto = (await laboratori.get(percorso)).json()
    assert (letto["stato"], letto["nome"]) == ("attivo", "Officina delle Idee")
    assert letto["minuti_settimanali"] == 420
    assert letto["sedi"] == [
        {"indirizzo": "via Canneti 22", "comune": "Mantova", "proprietario": "ALER", "dal": "2019-01-07", "al": None}
    ]
    assert letto["orari"][0] == {"giorno": 1, "apre": "09:00", "chiude": "12:30"}


async def test_setting_up_needs_the_version_that_was_seen(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    percorso = f"/v1/laboratori/{lab}/allestimento"
    assert (await da_comune(laboratori, "PUT", percorso, allestimento())).status_code == 428
    vecchia = await da_comune(laboratori, "PUT", percorso, allestimento(), headers={"If-Match": '"v1"'})
    assert vecchia.status_code == 412


async def test_a_lab_that_moves_keeps_the_history_of_its_seats(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    nuova = {"indirizzo": "via Rilke 1", "comune": "Mantova", "proprietario": "Comune", "dal": "2019-06-01"}
    percorso = f"/v1/laboratori/{lab}/allestimento"
    risposta = await da_comune(laboratori, "PUT", percorso, allestimento(sede=nuova), headers={"If-Match": "*"})
    assert [(s["indirizzo"], s["dal"], s["al"]) for s in risposta.json()["sedi"]] == [
        ("via Canneti 22", "2019-01-07", "2019-05-31"),
        ("via Rilke 1", "2019-06-01", None),
    ]
    indietro = nuova | {"indirizzo": "via Terza 3", "dal": "2019-06-01"}
    rifiuto = await da_comune(laboratori, "PUT", percorso, allestimento(sede=indietro), headers={"If-Match": "*"})
    assert tipo(rifiuto) == "periodo-non-valido"


@pytest.mark.parametrize(
    ("orari", "rifiuto"),
    [
        ([{"giorno": 1, "apre": "12:00", "chiude": "09:00"}], "orari-non-validi"),
        (
            [{"giorno": 1, "apre": "09:00", "chiude": "12:00"}, {"giorno": 1, "apre": "11:59", "chiude": "13:00"}],
            "orari-non-validi",
        ),
        ([], "invalid"),
        ([{"giorno": 8, "apre": "09:00", "chiude": "12:00"}], "invalid"),
        ([{"giorno": 1, "apre": "25:00", "chiude": "26:00"}], "invalid"),
    ],
)
async def test_opening_hours_that_do_not_hold_together_are_refused(
    laboratori: ServiceUnderTest, orari: list[dict[str, Any]], rifiuto: str
) -> None:
    lab = await laboratorio(laboratori)
    risposta = await da_comune(
        laboratori,
        "PUT",
        f"/v1/laboratori/{lab}/allestimento",
        allestimento(orari=orari),
        headers={"If-Match": "*"},
    )
    assert (risposta.status_code, tipo(risposta)) == (422, rifiuto)


async def test_an_officer_opens_labs_of_their_own_organisation_only(laboratori: ServiceUnderTest) -> None:
    corpo = {"nome": "San Siro", "ente_gestore": "COMUNE-MILANO", "comune": "Milano"}
    assert (await da_comune(laboratori, "POST", "/v1/laboratori", corpo)).status_code == 403
    assert (await da_comune(laboratori, "POST", "/v1/laboratori", corpo, ente=None)).status_code == 403
    proprio = await da_comune(laboratori, "POST", "/v1/laboratori", corpo, ente="COMUNE-MILANO")
    assert proprio.status_code == 201
    da_tutti = await laboratori.post("/v1/laboratori", json=corpo, roles=["amministratore"])
    assert da_tutti.status_code == 201


async def test_an_officer_of_another_organisation_does_not_touch_the_lab(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    percorso = f"/v1/laboratori/{lab}"
    membro = {"sub": "x", "ruolo": "coordinatore", "dal": "2019-01-01"}
    for metodo, coda, corpo in (
        ("PUT", "allestimento", allestimento()),
        ("POST", "equipe", membro),
        ("POST", "chiusura", None),
        ("GET", "equipe", None),
    ):
        risposta = await da_comune(
            laboratori, metodo, f"{percorso}/{coda}", corpo, ente=ALER, headers={"If-Match": "*"}
        )
        assert risposta.status_code == 403, coda


async def test_the_team_is_read_by_its_members_and_by_who_manages_the_lab(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    percorso = f"/v1/laboratori/{lab}/equipe"
    assert (await da_comune(laboratori, "GET", percorso)).json()["items"][0]["sub"] == OPERATRICE
    assert (await da_operatrice(laboratori, "GET", percorso)).status_code == 200
    assert (await da_operatrice(laboratori, "GET", percorso, sub="estranea")).status_code == 403


async def test_an_operator_has_a_role_once_in_a_period(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori, operatori=[])
    membro = await in_equipe(laboratori, lab, "ada", dal="2019-01-01")
    percorso = f"/v1/laboratori/{lab}/equipe"
    doppio = {"sub": "ada", "ruolo": "operatore_sportello", "dal": "2020-01-01"}
    assert tipo(await da_comune(laboratori, "POST", percorso, doppio)) == "gia-in-equipe"
    altro = await da_comune(laboratori, "POST", percorso, doppio | {"ruolo": "coordinatore"})
    assert altro.status_code == 201
    cessato = await da_comune(laboratori, "POST", f"{percorso}/{membro}/cessazione", {"al": "2019-12-31"})
    assert cessato.json()["al"] == "2019-12-31"
    assert (await da_comune(laboratori, "POST", percorso, doppio)).status_code == 201
    prima = await da_comune(laboratori, "POST", f"{percorso}/{membro}/cessazione", {"al": "2018-12-31"})
    assert tipo(prima) == "periodo-non-valido"
    sovrapposto = await da_comune(laboratori, "POST", f"{percorso}/{membro}/cessazione", {"al": "2020-06-30"})
    assert tipo(sovrapposto) == "gia-in-equipe"
    ignoto = await da_comune(laboratori, "POST", f"{percorso}/{uuid7()}/cessazione", {"al": "2019-12-31"})
    assert ignoto.status_code == 404


async def test_nothing_is_registered_in_a_lab_not_yet_set_up(laboratori: ServiceUnderTest) -> None:
    nuovo = await da_comune(
        laboratori, "POST", "/v1/laboratori", {"nome": "Nuovo", "ente_gestore": COMUNE, "comune": "Mantova"}
    )
    lab = nuovo.json()["laboratorio_id"]
    await in_equipe(laboratori, lab, OPERATRICE)
    for coda, corpo in (("persone", scheda()), ("attivita", attivita_nuova())):
        risposta = await da_operatrice(laboratori, "POST", f"/v1/laboratori/{lab}/{coda}", corpo)
        assert (risposta.status_code, tipo(risposta)) == (409, "laboratorio-non-attivo")


async def test_after_the_closure_only_what_came_before_is_registered(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    chi, cosa = await persona(laboratori, lab), await attivita(laboratori, lab)
    dopo = await attivita(laboratori, lab, inizio="2019-11-20T08:00:00Z", fine="2019-11-20T12:00:00Z")
    chiusa = await da_comune(laboratori, "POST", f"/v1/laboratori/{lab}/chiusura", headers={"If-Match": "*"})
    assert chiusa.json()["stato"] == "chiuso"
    presenza_id = await presenza(laboratori, cosa, chi)
    assert (await da_operatrice(laboratori, "POST", f"/v1/presenze/{presenza_id}/conferma")).status_code == 200
    tardi = await da_operatrice(
        laboratori, "POST", f"/v1/attivita/{dopo}/presenze", ore(chi, "09:00", "11:00", "2019-11-20")
    )
    assert tipo(tardi) == "laboratorio-non-attivo"
    ancora = await da_comune(laboratori, "POST", f"/v1/laboratori/{lab}/chiusura", headers={"If-Match": "*"})
    assert tipo(ancora) == "laboratorio-non-attivo"
    riallestita = await da_comune(
        laboratori, "PUT", f"/v1/laboratori/{lab}/allestimento", allestimento(), headers={"If-Match": "*"}
    )
    assert tipo(riallestita) == "laboratorio-non-attivo"


async def test_the_public_list_is_read_page_by_page_in_order_of_name(laboratori: ServiceUnderTest) -> None:
    for nome in ("C", "A", "B"):
        await da_comune(
            laboratori,
            "POST",
            "/v1/laboratori",
            {"nome": f"Elenco {nome}", "ente_gestore": "COMUNE-BERGAMO", "comune": "Bergamo"},
            ente="COMUNE-BERGAMO",
        )
    prima = (await laboratori.get("/v1/laboratori?ente_gestore=COMUNE-BERGAMO&limit=2")).json()
    dopo = (await laboratori.get(f"/v1/laboratori?ente_gestore=COMUNE-BERGAMO&limit=2&cursor={prima['cursor']}")).json()
    assert [lab["nome"] for lab in prima["items"] + dopo["items"]] == ["Elenco A", "Elenco B", "Elenco C"]
    assert dopo["cursor"] is None
    assert (await laboratori.get("/v1/laboratori?comune=Bergamo")).json()["items"][0]["comune"] == "Bergamo"


async def test_what_does_not_exist_is_not_found(laboratori: ServiceUnderTest) -> None:
    assert (await laboratori.get(f"/v1/laboratori/{uuid7()}")).status_code == 404
    risposta = await da_operatrice(laboratori, "POST", f"/v1/laboratori/{uuid7()}/persone", scheda())
    assert risposta.status_code == 404
