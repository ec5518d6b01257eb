"""Two records of one person become one, and an identity is erased: the facts stay, the names go."""

from typing import Any

import pytest
import sqlalchemy as sa

from chassis import tables
from chassis.ids import uuid7
from services.laboratori.queries import unioni
from tests.laboratori.esempi import (
    OPERATRICE,
    attivita,
    codice_fiscale,
    da_operatrice,
    eventi_di,
    laboratorio,
    nucleo,
    persona,
    prende_in_carico,
    presenza,
    tipo,
)
from tests.support.service import ServiceUnderTest

UNITA = "laboratori.persona.unita.v1"
CANCELLATA = "laboratori.persona.cancellata.v1"
PRESENZA_ANNULLATA = "laboratori.presenza.annullata.v1"
FUTURA = {"inizio": "2019-12-01T08:00:00Z", "fine": "2019-12-01T12:00:00Z"}


async def unisci(servizio: ServiceUnderTest, resta: str, assorbita: str, **altro: Any) -> Any:
    corpo = {"assorbita_id": assorbita}
    return await da_operatrice(servizio, "POST", f"/v1/persone/{resta}/unioni", corpo, **altro)


async def conferma(servizio: ServiceUnderTest, presenza_id: str) -> None:
    risposta = await da_operatrice(servizio, "POST", f"/v1/presenze/{presenza_id}/conferma")
    assert risposta.status_code == 200


async def scheda_di(servizio: ServiceUnderTest, chi: str) -> dict[str, Any]:
    corpo: dict[str, Any] = (await da_operatrice(servizio, "GET", f"/v1/persone/{chi}")).json()
    return corpo


async def test_the_record_that_stays_takes_what_it_lacked_and_the_other_keeps_no_name(
    laboratori: ServiceUnderTest,
) -> None:
    lab, altro = await laboratorio(laboratori), await laboratorio(laboratori)
    codice = codice_fiscale("SRTNNA71E50E897")
    resta = await persona(laboratori, lab, genere="donna")
    assorbita = await persona(
        laboratori, altro, codice_fiscale=codice, data_nascita="1971-05-10", titolo_studio="diploma"
    )
    risposta = await unisci(laboratori, resta, assorbita)
    assert risposta.status_code == 200, risposta.text
    nuova, vecchia = await scheda_di(laboratori, resta), (await laboratori.get(f"/v1/persone/{assorbita}"))
    assert vecchia.status_code == 401
    assert (nuova["codice_fiscale"], nuova["titolo_studio"], nuova["genere"]) == (codice, "diploma", "donna")
    assert nuova["laboratori"] == sorted([lab, altro])
    async with laboratori.transaction() as session:
        riga = (await session.execute(sa.text("SELECT * FROM persona WHERE persona_id = :id"), {"id": assorbita})).one()
    assert (riga.stato, str(riga.unita_in)) == ("unita", resta)
    assert (riga.nome, riga.cognome, riga.data_nascita, riga.codice_fiscale) == (None, None, None, None)
    assert await eventi_di(laboratori, UNITA, "persona_id", resta) == [
        {"persona_id": resta, "versione": 2, "assorbita_id": assorbita}
    ]


async def test_every_fact_moves_and_hours_confirmed_twice_are_cancelled_once(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    resta, assorbita = await persona(laboratori, lab), await persona(laboratori, lab)
    cosa, futura = await attivita(laboratori, lab), await attivita(laboratori, lab, **FUTURA)
    doppia = [await presenza(laboratori, cosa, chi, "08:00", "10:00") for chi in (resta, assorbita)]
    sola = await presenza(laboratori, cosa, assorbita, "11:00", "12:00")
    for presenza_id in (*doppia, sola):
        await conferma(laboratori, presenza_id)
    solo_registrata = await presenza(laboratori, cosa, resta, "12:00", "13:00")
    confermata_altrove = await presenza(laboratori, cosa, assorbita, "12:00", "13:00")
    await conferma(laboratori, confermata_altrove)
    for chi in (resta, assorbita):
        await da_operatrice(laboratori, "POST", f"/v1/attivita/{futura}/iscrizioni", {"persona_id": chi})
    accesso = {
        "persona_id": assorbita,
        "canale": "telefono",
        "argomento": "casa",
        "minuti": 5,
        "avvenuto_il": "2019-11-18T09:00:00Z",
    }
    await da_operatrice(laboratori, "POST", f"/v1/laboratori/{lab}/accessi", accesso)

    assert (await unisci(laboratori, resta, assorbita)).status_code == 200

    elenco = (await da_operatrice(laboratori, "GET", f"/v1/attivita/{cosa}/presenze")).json()["items"]
    stati = {riga["presenza_id"]: (riga["persona_id"], riga["stato"]) for riga in elenco}
    assert stati == {
        doppia[0]: (resta, "confermata"),
        doppia[1]: (resta, "annullata"),
        sola: (resta, "confermata"),
        solo_registrata: (resta, "annullata"),
        confermata_altrove: (resta, "confermata"),
    }
    assert len(await eventi_di(laboratori, PRESENZA_ANNULLATA, "presenza_id", doppia[1])) == 1
    assert await eventi_di(laboratori, PRESENZA_ANNULLATA, "presenza_id", solo_registrata) == []
    iscrizioni = (await da_operatrice(laboratori, "GET", f"/v1/attivita/{futura}/iscrizioni")).json()["items"]
    assert [(i["persona_id"], i["stato"]) for i in iscrizioni] == [(resta, "iscritta"), (resta, "ritirata")]
    async with laboratori.transaction() as session:
        for tabella in ("presenza", "iscrizione", "accesso", "membro", "persona_laboratorio", "identita"):
            rimaste = await session.scalar(
                sa.text(f"SELECT count(*) FROM {tabella} WHERE persona_id = :id"), {"id": assorbita}
            )
            assert rimaste == 0, tabella


async def test_the_household_of_the_absorbed_record_is_told_with_the_one_that_stays(
    laboratori: ServiceUnderTest,
) -> None:
    lab = await laboratorio(laboratori)
    resta, assorbita = await persona(laboratori, lab), await persona(laboratori, lab)
    casa = await nucleo(laboratori, lab, assorbita)
    assert (await unisci(laboratori, resta, assorbita)).status_code == 200
    [*_, ultimo] = await eventi_di(laboratori, "laboratori.nucleo.aggiornato.v1", "nucleo_id", casa)
    assert (ultimo["versione"], ultimo["membri"]) == (2, [{"persona_id": resta, "dal": "2015-01-01", "al": None}])


async def test_two_records_in_the_same_household_become_one_member(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    resta, assorbita = await persona(laboratori, lab), await persona(laboratori, lab)
    casa = await nucleo(laboratori, lab, resta, assorbita)
    assert (await unisci(laboratori, resta, assorbita)).status_code == 200
    letto = (await da_operatrice(laboratori, "GET", f"/v1/nuclei/{casa}")).json()
    assert [membro["persona_id"] for membro in letto["membri"]] == [resta]


async def test_what_cannot_be_one_person_is_refused_and_nothing_moves(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    uno = await persona(laboratori, lab, codice_fiscale=codice_fiscale("TSTUNO71E10E897"), data_nascita="1971-05-10")
    due = await persona(laboratori, lab, codice_fiscale=codice_fiscale("TSTDUE72E10E897"), data_nascita="1972-05-10")
    tre, quattro = await persona(laboratori, lab), await persona(laboratori, lab)
    await nucleo(laboratori, lab, tre)
    await nucleo(laboratori, lab, quattro)
    for resta, assorbita in ((uno, due), (tre, quattro), (uno, uno)):
        risposta = await unisci(laboratori, resta, assorbita)
        assert (risposta.status_code, tipo(risposta)) == (409, "unione-non-valida")
    assert (await scheda_di(laboratori, quattro))["stato"] == "attiva"
    assert (await unisci(laboratori, tre, str(uuid7()))).status_code == 404
    await laboratorio(laboratori, operatori=["estranea"])
    assert (await unisci(laboratori, tre, quattro, sub="estranea")).status_code == 403


async def test_a_record_already_merged_receives_nothing_and_is_not_merged_again(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    uno, due, tre = [await persona(laboratori, lab) for _ in range(3)]
    cosa = await attivita(laboratori, lab)
    registrata = await presenza(laboratori, cosa, due)
    assert (await unisci(laboratori, uno, due)).status_code == 200
    ancora = await unisci(laboratori, tre, due)
    assert ancora.status_code in (403, 409)
    await conferma(laboratori, registrata)
    letta = (await da_operatrice(laboratori, "GET", f"/v1/presenze/{registrata}")).json()
    assert letta["persona_id"] == uno


async def test_consents_and_conditions_follow_the_person(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    resta, assorbita = await persona(laboratori, lab), await persona(laboratori, lab)
    await prende_in_carico(laboratori, lab, assorbita)
    consenso = {"tipo": "categorie_particolari", "stato": "dato", "testo_versione": "V1"}
    await da_operatrice(laboratori, "POST", f"/v1/persone/{assorbita}/consensi", consenso)
    condizioni = {"esito": "presenti", "condizioni": ["disabilita"], "principale": "disabilita"}
    await da_operatrice(laboratori, "PUT", f"/v1/persone/{assorbita}/condizioni", condizioni)
    assert (await unisci(laboratori, resta, assorbita)).status_code == 200
    lette = (await da_operatrice(laboratori, "GET", f"/v1/persone/{resta}/condizioni")).json()
    assert lette["condizioni"] == ["disabilita"]
    storia = (await da_operatrice(laboratori, "GET", f"/v1/persone/{resta}/consensi")).json()["items"]
    assert [fatto["tipo"] for fatto in storia] == ["categorie_particolari"]
    ritirato = await da_operatrice(
        laboratori, "POST", f"/v1/persone/{resta}/consensi", consenso | {"stato": "ritirato"}
    )
    assert ritirato.status_code == 201


async def test_the_answer_of_the_record_that_stays_counts(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    resta, assorbita = await persona(laboratori, lab), await persona(laboratori, lab)
    for chi in (resta, assorbita):
        await prende_in_carico(laboratori, lab, chi)
        await da_operatrice(
            laboratori, "PUT", f"/v1/persone/{chi}/condizioni", {"esito": "nessuna_individuata", "condizioni": []}
        )
    assert (await unisci(laboratori, resta, assorbita)).status_code == 200
    lette = (await da_operatrice(laboratori, "GET", f"/v1/persone/{resta}/condizioni")).json()
    assert lette["esito"] == "nessuna_individuata"


async def test_an_erased_identity_leaves_the_pseudonym_and_its_hours(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    chi = await persona(laboratori, lab, nome="Cancellanda", cognome="Canarina")
    casa = await nucleo(laboratori, lab, chi)
    cosa = await attivita(laboratori, lab)
    presenza_id = await presenza(laboratori, cosa, chi)
    await conferma(laboratori, presenza_id)
    await da_operatrice(laboratori, "POST", f"/v1/persone/{chi}/identita", {"sub": "residente.cancellata"})
    percorso = f"/v1/persone/{chi}/cancellazione"
    cancellata = await laboratori.post(percorso, roles=["amministratore"])
    assert cancellata.status_code == 200
    assert await eventi_di(laboratori, CANCELLATA, "persona_id", chi) == [{"persona_id": chi, "versione": 2}]
    letta = await scheda_di(laboratori, chi)
    assert (letta["stato"], letta["nome"], letta["cognome"], letta["nucleo_id"]) == ("cancellata", None, None, casa)
    ore = (await da_operatrice(laboratori, "GET", f"/v1/presenze/{presenza_id}")).json()
    assert (ore["stato"], ore["persona_id"]) == ("confermata", chi)
    io = await laboratori.get("/v1/identita/io", roles=["residente"], sub="residente.cancellata")
    assert io.status_code == 403
    ancora = await laboratori.post(percorso, roles=["amministratore"])
    assert (ancora.status_code, tipo(ancora)) == (409, "persona-non-attiva")
    async with laboratori.transaction() as session:
        await session.execute(sa.text("SET LOCAL ROLE laboratori_condizioni"))
        rimaste = await session.scalar(
            sa.text("SELECT count(*) FROM rilevazione_condizioni WHERE persona_id = :id"), {"id": chi}
        )
    assert rimaste == 0


@pytest.mark.parametrize(
    ("metodo", "coda", "corpo"),
    [
        ("POST", "consensi", {"tipo": "immagini", "stato": "dato", "testo_versione": "V1"}),
        ("PUT", "condizioni", {"esito": "nessuna_individuata", "condizioni": []}),
        ("POST", "identita", {"sub": "residente.tardi"}),
    ],
)
async def test_an_erased_record_receives_nothing(
    laboratori: ServiceUnderTest, metodo: str, coda: str, corpo: dict[str, Any]
) -> None:
    lab = await laboratorio(laboratori)
    chi = await persona(laboratori, lab)
    await prende_in_carico(laboratori, lab, chi)
    await laboratori.post(f"/v1/persone/{chi}/cancellazione", roles=["amministratore"])
    risposta = await da_operatrice(laboratori, metodo, f"/v1/persone/{chi}/{coda}", corpo)
    assert (risposta.status_code, tipo(risposta)) == (409, "persona-non-attiva")


async def test_hours_of_an_erased_record_are_no_longer_confirmed(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    chi = await persona(laboratori, lab)
    presenza_id = await presenza(laboratori, await attivita(laboratori, lab), chi)
    await laboratori.post(f"/v1/persone/{chi}/cancellazione", roles=["amministratore"])
    risposta = await da_operatrice(laboratori, "POST", f"/v1/presenze/{presenza_id}/conferma")
    assert (risposta.status_code, tipo(risposta)) == (409, "persona-non-attiva")
    elenco = await da_operatrice(
        laboratori, "POST", f"/v1/laboratori/{lab}/presenze/conferme", {"presenze": [presenza_id]}
    )
    assert tipo(elenco) == "elenco-respinto"


async def test_an_erasure_forgets_the_kept_answers_that_repeat_the_name(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    chi = await persona(laboratori, lab, nome="Ripetuta", cognome="Indimenticabile")
    # Today's routes keep no answer with a name: this is one an earlier version kept.
    conservata = {"soggetto": OPERATRICE, "rotta": "cerca_persone", "chiave": "k", "impronta": b"", "status": 200}
    corpo = f'{{"persona_id": "{chi}", "cognome": "Indimenticabile"}}'.encode()
    async with laboratori.transaction() as session:
        await session.execute(tables.idempotent_answer.insert().values(**conservata, headers={}, body=corpo))

    async def conservate() -> int:
        async with laboratori.transaction() as session:
            domanda = "SELECT count(*) FROM risposta_idempotente WHERE body LIKE '%Indimenticabile%'::bytea"
            return int(await session.scalar(sa.text(domanda)) or 0)

    assert await conservate() == 1
    await laboratori.post(f"/v1/persone/{chi}/cancellazione", roles=["amministratore"])
    assert await conservate() == 0


async def test_a_registration_made_during_a_merge_makes_it_to_be_repeated(
    laboratori: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = await laboratorio(laboratori)
    resta, assorbita = await persona(laboratori, lab), await persona(laboratori, lab)
    cosa = await attivita(laboratori, lab, **FUTURA)
    for chi in (resta, assorbita):
        iscritta = await da_operatrice(laboratori, "POST", f"/v1/attivita/{cosa}/iscrizioni", {"persona_id": chi})
        assert iscritta.status_code == 201, iscritta.text

    async def nessuna_ancora(*_: Any) -> list[Any]:
        return []

    monkeypatch.setattr(unioni, "iscrizioni_doppie", nessuna_ancora)
    risposta = await unisci(laboratori, resta, assorbita)
    assert (risposta.status_code, tipo(risposta)) == (409, "unione-da-ripetere")
    monkeypatch.undo()
    assert (await unisci(laboratori, resta, assorbita)).status_code == 200
