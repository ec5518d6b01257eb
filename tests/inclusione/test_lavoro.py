"""Host firms, vacancies and who fits them, placements, contracts, enterprise paths, certificates, targets."""

import asyncio
import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from chassis.ids import uuid7
from chassis.peers import Anagrafica
from tests.inclusione.storia import APRILE, Storia, ok, regole_json, rifiuto

LUNEDI = datetime(2019, 3, 4, 8, tzinfo=UTC)
COSTO = [{"dal": "2019-01-01", "orario": "20.00"}]
IMPRESA = {
    "codice": "IMPRESA",
    "nome": "Accompagnamento all'impresa",
    "livello": "consolidamento",
    "tipo": "impresa",
    "costi": COSTO,
    "da_indennita": False,
}


async def posizione(storia: Storia, **altro: Any) -> dict[str, Any]:
    """A vacancy of a new host firm of the operator."""
    azienda = ok(
        await storia.op(
            "POST", "/aziende", json={"denominazione": "Forno srl", "comune": "Mantova", "settore": "alimentare"}
        )
    )
    corpo = {"tipo": "tirocinio", "mansione": "Aiuto cucina"} | altro
    fatta: dict[str, Any] = ok(await storia.op("POST", f"/aziende/{azienda['azienda_id']}/posizioni", json=corpo))
    return fatta


async def tirocinio(storia: Storia, pip: dict[str, Any], posto: dict[str, Any], **altro: Any) -> Any:
    """A placement from April to September."""
    corpo = {
        "pip_id": pip["pip_id"],
        "posizione_id": posto["posizione_id"],
        "tutor": "op-1",
        "dal": "2019-04-01",
        "al": "2019-09-30",
    }
    return await storia.op("POST", "/tirocini", json=corpo | altro)


async def test_a_placement_lasts_six_months_at_most_and_one_at_a_time(storia: Storia) -> None:
    await storia.apri()
    pip, posto = await storia.attivo(FORMAZIONE=20), await posizione(storia, posti=2)
    rifiuto(await tirocinio(storia, pip, posto, al="2019-10-01"), 422, "tirocinio-non-valido")
    rifiuto(await tirocinio(storia, pip, posto, dal="2019-02-01", al="2019-03-01"), 422, "tirocinio-non-valido")
    fatto = ok(await tirocinio(storia, pip, posto, al="2019-06-30"))
    rifiuto(await tirocinio(storia, pip, posto), 409, "tirocinio-sovrapposto")
    percorso = f"/tirocini/{fatto['tirocinio_id']}"
    rifiuto(await storia.op("POST", f"{percorso}/proroga", json={"al": "2019-05-31"}), 422, "tirocinio-non-valido")
    rifiuto(await storia.op("POST", f"{percorso}/proroga", json={"al": "2019-10-01"}), 422, "tirocinio-non-valido")
    assert ok(await storia.op("POST", f"{percorso}/proroga", json={"al": "2019-09-30"}))["al"] == "2019-09-30"
    ok(await storia.op("POST", f"{percorso}/interruzione", json={"motivo": "Trasferimento"}))
    rifiuto(
        await storia.op("POST", f"{percorso}/conclusione", json={"motivo": "?"}), 409, "stato-tirocinio-non-ammesso"
    )
    altro = ok(await tirocinio(storia, pip, posto))
    concluso = ok(await storia.op("POST", f"/tirocini/{altro['tirocinio_id']}/conclusione", json={"motivo": "Fine"}))
    assert concluso["stato"] == "concluso"
    elenco = ok(await storia.comune("GET", f"/pip/{pip['pip_id']}/tirocini"), 200)["items"]
    assert [riga["stato"] for riga in elenco] == ["interrotto", "concluso"]
    estratto = ok(await storia.op("GET", f"/pip/{pip['pip_id']}/indennita"), 200)
    assert estratto["maturato"] == "0.00", "a placement gives no allowance"
    assert ok(await storia.op("GET", percorso), 200)["motivo"] == "Trasferimento"


async def test_the_last_place_of_a_vacancy_is_taken_once(storia: Storia) -> None:
    await storia.apri()
    piani = [await storia.attivo(FORMAZIONE=2) for _ in range(4)]
    posto = await posizione(storia, posti=2)
    risposte = await asyncio.gather(*(tirocinio(storia, pip, posto) for pip in piani))
    assert sorted(risposta.status_code for risposta in risposte) == [201, 201, 409, 409]
    presi = [risposta.json() for risposta in risposte if risposta.status_code == 201]
    ok(await storia.op("POST", f"/tirocini/{presi[0]['tirocinio_id']}/interruzione", json={"motivo": "Lascia"}))
    rimasto = next(pip for pip, risposta in zip(piani, risposte, strict=True) if risposta.status_code == 409)
    ok(await tirocinio(storia, rimasto, posto))
    assert ok(await storia.op("POST", f"/posizioni/{posto['posizione_id']}/chiusura"))["chiusa_il"]
    rifiuto(await tirocinio(storia, rimasto, posto), 409, "posizione-chiusa")
    lavoro = await posizione(storia, tipo="lavoro")
    rifiuto(await tirocinio(storia, rimasto, lavoro), 409, "posizione-di-altro-tipo")
    altra = Storia(storia.servizio)
    rifiuto(await tirocinio(storia, rimasto, await posizione(altra)), 404, "not-found")
    with pytest.raises(sa.exc.IntegrityError, match="ck_posizione_mai_oltre_i_posti"):
        async with storia.servizio.transaction() as session:
            await session.execute(sa.text("UPDATE posizione SET occupati = posti + 1"))
    with pytest.raises(sa.exc.IntegrityError, match="ck_tirocinio_al_massimo_sei_mesi"):
        async with storia.servizio.transaction() as session:
            await session.execute(sa.text("UPDATE tirocinio SET al = dal + interval '6 months'"))


async def test_who_fits_a_vacancy_best_comes_first_and_why(storia: Storia) -> None:
    await storia.apri()
    posto = await posizione(storia, competenze=["cucina", "italiano"], fasce=["sera"])
    dichiarate = [
        (["cucina"], ["sera", "notte"]),
        (["cucina", "italiano"], ["sera"]),
        (["cucina", "italiano"], ["mattina"]),
        (["guida"], ["sera"]),
    ]
    persone = []
    for competenze, fasce in dichiarate:
        persona_id = uuid7()
        await storia.iscrivi(persona_id)
        persone.append(str(persona_id))
        corpo = {"competenze": competenze, "fasce": fasce}
        ok(await storia.op("PUT", f"/persone/{persona_id}/disponibilita", json=corpo), 200)
    trovate = ok(await storia.op("GET", f"/posizioni/{posto['posizione_id']}/abbinamenti"), 200)["items"]
    assert [(riga["persona_id"], riga["punti"], riga["competenze_mancanti"]) for riga in trovate] == [
        (persone[1], 100, []),
        (persone[0], 50, ["italiano"]),
    ]
    await storia.servizio.deliver("laboratori.persona.cancellata.v1", {"persona_id": persone[1], "versione": 2})
    trovate = ok(await storia.op("GET", f"/posizioni/{posto['posizione_id']}/abbinamenti"), 200)["items"]
    assert [riga["persona_id"] for riga in trovate] == [persone[0]]
    rifiuto(
        await storia.op("PUT", f"/persone/{persone[1]}/disponibilita", json={"competenze": [], "fasce": []}),
        409,
        "persona-cancellata",
    )


async def test_what_a_person_declared_is_replaced_only_by_who_read_it(storia: Storia) -> None:
    await storia.apri()
    persona_id = uuid7()
    percorso, corpo = f"/persone/{persona_id}/disponibilita", {"competenze": ["cucina"], "fasce": ["sera"]}
    rifiuto(await storia.op("PUT", percorso, json=corpo), 403, "forbidden")
    await storia.iscrivi(persona_id)
    rifiuto(await storia.op("GET", percorso), 404, "not-found")
    scritta = await storia.op("PUT", percorso, json=corpo)
    assert ok(await storia.op("PUT", percorso, json=corpo), 200) == scritta.json()
    nuovo = corpo | {"fasce": ["notte"]}
    rifiuto(await storia.op("PUT", percorso, json=nuovo), 428, "precondition-required")
    cambiata = await storia.op("PUT", percorso, json=nuovo, headers={"If-Match": scritta.headers["etag"]})
    assert ok(cambiata, 200)["versione"] == 2
    rifiuto(await storia.op("PUT", percorso, json=corpo, headers={"If-Match": '"v1"'}), 412, "precondition-failed")
    assert ok(await storia.op("GET", percorso), 200)["fasce"] == ["notte"]


@pytest.mark.parametrize(
    ("altro", "tipo"),
    [
        ({"tipo": "indeterminato", "mesi": 3}, "contratto-non-valido"),
        ({"tipo": "determinato"}, "contratto-non-valido"),
        ({"tipo": "determinato", "mesi": 3, "dal": "2019-04-02"}, "contratto-non-valido"),
        ({"tipo": "determinato", "mesi": 3, "dal": "2019-02-01"}, "contratto-non-valido"),
    ],
)
async def test_a_contract_is_written_when_it_started(storia: Storia, altro: dict[str, Any], tipo: str) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=2)
    storia.servizio.set_clock(APRILE)
    corpo = {"pip_id": pip["pip_id"], "dal": "2019-04-01"}
    rifiuto(await storia.op("POST", "/contratti", json=corpo | altro), 422, tipo)


async def test_an_annulled_contract_counts_no_more_and_frees_its_place(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=2)
    posto = await posizione(storia, tipo="lavoro")
    storia.servizio.set_clock(APRILE)
    corpo = {
        "pip_id": pip["pip_id"],
        "dal": "2019-04-01",
        "tipo": "determinato",
        "mesi": 3,
        "posizione_id": posto["posizione_id"],
    }
    contratto = ok(await storia.op("POST", "/contratti", json=corpo))
    rifiuto(await storia.op("POST", "/contratti", json=corpo), 409, "posizione-chiusa")
    assert await raggiunti(storia, "contratti", "contratti_trimestrali") == [1, 1]
    for _ in range(2):
        ok(await storia.op("POST", f"/contratti/{contratto['contratto_id']}/annullamento", json={"motivo": "Errore"}))
    assert await raggiunti(storia, "contratti", "contratti_trimestrali") == [0, 0]
    ok(await storia.op("POST", "/contratti", json=corpo))
    assert len(ok(await storia.op("GET", f"/pip/{pip['pip_id']}/contratti"), 200)["items"]) == 2


async def raggiunti(storia: Storia, *nomi: str) -> list[int]:
    """What was reached of some indicators."""
    letti = ok(await storia.comune("GET", f"/linee/{storia.progetto_id}/risultati"), 200)["items"]
    valori = {riga["indicatore"]: riga["raggiunto"] for riga in letti}
    return [valori[nome] for nome in nomi]


async def test_an_enterprise_path_counts_the_accompaniment_given_and_each_milestone_once(storia: Storia) -> None:
    await storia.progetto()
    await storia.crea_misura(servizi=[*regole_json()["servizi"], IMPRESA])
    pip = await storia.attivo(IMPRESA=10, FORMAZIONE=2)
    corpo = {"pip_id": pip["pip_id"], "dal": "2019-03-01", "mesi": 12}
    impresa = ok(await storia.op("POST", "/imprese", json=corpo))
    rifiuto(await storia.op("POST", "/imprese", json=corpo), 409, "impresa-gia-avviata")
    await storia.convalida(
        pip["pip_id"], storia.ora(LUNEDI, 120, "IMPRESA"), storia.ora(LUNEDI + timedelta(days=1), 60)
    )
    percorso = f"/imprese/{impresa['impresa_id']}"
    traguardo = {"traguardo": "piano_di_impresa", "raggiunto_il": "2019-03-20"}
    ok(await storia.op("POST", f"{percorso}/traguardi", json=traguardo))
    rifiuto(await storia.op("POST", f"{percorso}/traguardi", json=traguardo), 409, "traguardo-gia-raggiunto")
    futuro = {"traguardo": "costituzione", "raggiunto_il": "2019-05-20"}
    rifiuto(await storia.op("POST", f"{percorso}/traguardi", json=futuro), 422, "invalid")
    letta = ok(await storia.comune("GET", percorso), 200)
    assert (letta["minuti_accompagnamento"], letta["traguardi"]) == (120, [traguardo])
    assert ok(await storia.op("POST", f"{percorso}/conclusione", json={"motivo": "Aperta"}))["stato"] == "concluso"
    rifiuto(
        await storia.op("POST", f"{percorso}/interruzione", json={"motivo": "?"}), 409, "stato-tirocinio-non-ammesso"
    )
    seconda = ok(await storia.op("POST", "/imprese", json=corpo))
    ok(await storia.op("POST", f"/imprese/{seconda['impresa_id']}/interruzione", json={"motivo": "Lascia"}))
    assert await raggiunti(storia, "percorsi_impresa") == [1]


class Registro:
    """Stands for laboratori: a name, asked for a purpose."""

    async def names_of(self, people: Sequence[UUID], *, purpose: str) -> dict[UUID, Anagrafica]:
        """The name of each person."""
        assert purpose
        return {persona: Anagrafica(persona, "Ada", "Esempio", None, None) for persona in people}


async def test_a_certificate_is_checked_by_anybody_and_says_no_name(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=4)
    corpo = {"pip_id": pip["pip_id"], "servizio_codice": "FORMAZIONE"}
    rifiuto(await storia.op("POST", "/attestati", json=corpo), 409, "ore-insufficienti")
    await storia.convalida(pip["pip_id"], *(storia.ora(LUNEDI + timedelta(days=giorno)) for giorno in range(3)))
    rifiuto(await storia.op("POST", "/attestati", json=corpo | {"soglia_percento": 90}), 409, "ore-insufficienti")
    rifiuto(await storia.op("POST", "/attestati", json=corpo | {"servizio_codice": "ALTRO"}), 404, "not-found")
    fatto = ok(await storia.op("POST", "/attestati", json=corpo))
    rifiuto(await storia.op("POST", "/attestati", json=corpo), 409, "attestato-gia-rilasciato")
    controllo = await storia.servizio.get(f"/v1/attestati/verifica/{fatto['codice']}")
    assert ok(controllo, 200) == {
        "valido": True,
        "corso": "Formazione",
        "ore": "3.00",
        "rilasciato_il": "2019-04-01",
    }
    storia.servizio.app.state.identita = Registro()
    pdf = await storia.op("GET", f"/attestati/{fatto['attestato_id']}/pdf")
    testo = "\n".join(pagina.extract_text() for pagina in PdfReader(io.BytesIO(pdf.content)).pages)
    assert "Ada Esempio" in testo
    assert fatto["codice"] in testo
    assert f"/attestati/verifica/{fatto['codice']}" in testo.replace("\n", "")
    ok(await storia.op("POST", f"/attestati/{fatto['attestato_id']}/revoca", json={"motivo": "Ore annullate"}))
    nulla = {"valido": False, "corso": None, "ore": None, "rilasciato_il": None}
    for codice in (fatto["codice"], "MAI-ESISTITO"):
        assert ok(await storia.servizio.get(f"/v1/attestati/verifica/{codice}"), 200) == nulla
    rifiuto(await storia.op("GET", f"/attestati/{fatto['attestato_id']}/pdf"), 409, "attestato-gia-revocato")
    revoca = f"/attestati/{fatto['attestato_id']}/revoca"
    rifiuto(await storia.op("POST", revoca, json={"motivo": "?"}), 409, "attestato-gia-revocato")
    assert await raggiunti(storia, "attestati", "persone_formate") == [0, 1]
    ok(await storia.op("POST", "/attestati", json=corpo))
    elenco = ok(await storia.op("GET", f"/pip/{pip['pip_id']}/attestati"), 200)["items"]
    assert [bool(riga["revocato_il"]) for riga in elenco] == [True, False]


async def test_a_target_stands_beside_what_was_reached_and_is_never_counted_as_it(storia: Storia) -> None:
    await storia.apri()
    percorso = f"/linee/{storia.progetto_id}/obiettivi/contratti_trimestrali"
    corpo = {"atteso": 8, "fonte": "Scheda progetto"}
    scritto = await storia.comune("PUT", percorso, json=corpo)
    assert ok(scritto, 200) == {
        "indicatore": "contratti_trimestrali",
        "atteso": 8,
        "fonte": "Scheda progetto",
        "raggiunto": 0,
    }
    assert (await storia.comune("PUT", percorso, json=corpo)).headers["etag"] == scritto.headers["etag"]
    nuovo = corpo | {"atteso": 9}
    rifiuto(await storia.comune("PUT", percorso, json=nuovo), 428, "precondition-required")
    cambiato = await storia.comune("PUT", percorso, json=nuovo, headers={"If-Match": scritto.headers["etag"]})
    assert ok(cambiato, 200)["atteso"] == 9
    letti = ok(await storia.op("GET", f"/linee/{storia.progetto_id}/risultati"), 200)["items"]
    assert {riga["indicatore"] for riga in letti if riga["atteso"] is not None} == {"contratti_trimestrali"}
    rifiuto(await Storia(storia.servizio).comune("PUT", percorso, json=corpo), 403, "forbidden")


async def test_things_of_other_operators_are_refused(storia: Storia) -> None:
    await storia.progetto()
    await storia.crea_misura(servizi=[*regole_json()["servizi"], IMPRESA])
    pip = await storia.attivo(FORMAZIONE=1, IMPRESA=1)
    posto = await posizione(storia)
    preso = ok(await tirocinio(storia, pip, posto))
    impresa = ok(await storia.op("POST", "/imprese", json={"pip_id": pip["pip_id"], "dal": "2019-03-01", "mesi": 6}))
    await storia.convalida(pip["pip_id"], storia.ora(LUNEDI))
    corpo = {"pip_id": pip["pip_id"], "servizio_codice": "FORMAZIONE"}
    attestato = ok(await storia.op("POST", "/attestati", json=corpo))
    altra = Storia(storia.servizio)
    rifiuto(await altra.op("POST", "/attestati", json=corpo), 403, "forbidden")
    for percorso in (
        f"/tirocini/{preso['tirocinio_id']}",
        f"/imprese/{impresa['impresa_id']}",
        f"/attestati/{attestato['attestato_id']}",
        f"/attestati/{attestato['attestato_id']}/pdf",
        f"/aziende/{posto['azienda_id']}/posizioni",
        f"/posizioni/{posto['posizione_id']}/abbinamenti",
        f"/linee/{storia.progetto_id}/risultati",
    ):
        rifiuto(await altra.op("GET", percorso), 403, "forbidden")
    for percorso in ("tirocini", "imprese", "attestati"):
        rifiuto(await storia.op("GET", f"/{percorso}/{uuid7()}"), 404, "not-found")
