"""Claims of operators: each hour once, at the cost of its day, never above the operator's ceiling or the line."""

import asyncio
import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from chassis.ids import uuid7
from tests.inclusione.storia import APRILE, Storia, ok, regole_json, rifiuto

LUNEDI = datetime(2019, 3, 4, 8, tzinfo=UTC)
DUE_VOLTE = """
    INSERT INTO rimborso_riga (domanda_id, ore_id, tipo, pip_id, viva, chiesto_cent)
    SELECT d.domanda_id, r.ore_id, 'ora', r.pip_id, true, 1
    FROM rimborso_riga r JOIN domanda_rimborso d ON d.domanda_id <> r.domanda_id WHERE r.viva LIMIT 1"""


def giorni(storia: Storia, primo: int, quanti: int, minuti: int = 60, servizio: str = "FORMAZIONE") -> list[Any]:
    """One hour a day from a day of March on."""
    return [storia.ora(LUNEDI + timedelta(days=primo + giorno), minuti, servizio) for giorno in range(quanti)]


async def chiede(storia: Storia, dal: str = "2019-03-01", al: str = "2019-03-31", **altro: Any) -> Any:
    """The operator claims a period."""
    corpo = {"misura_codice": storia.misura, "dal": dal, "al": al} | altro
    return await storia.op("POST", f"/linee/{storia.progetto_id}/rimborsi", json=corpo)


async def istruisce(storia: Storia, domanda_id: str, *tagli: dict[str, Any]) -> Any:
    """The lead's officer examines a claim."""
    corpo = {"atto": "Det. 9/2019", "tagli": list(tagli)}
    return await storia.comune("POST", f"/rimborsi/{domanda_id}/istruttoria", json=corpo)


async def annulla(storia: Storia, ore_id: str) -> None:
    """An hour turns out to be wrong."""
    ok(await storia.op("POST", f"/ore/{ore_id}/annullamento", json={"motivo": "Registro errato"}))


async def test_a_claim_asks_the_unit_cost_of_each_day_and_every_hour_once(storia: Storia) -> None:
    costi = [{"dal": "2019-01-01", "orario": "20.00"}, {"dal": "2019-03-10", "orario": "30.00"}]
    await storia.progetto()
    await storia.crea_misura(servizi=con_costi(costi))
    pip = await storia.attivo(FORMAZIONE=40)
    await storia.convalida(pip["pip_id"], *giorni(storia, 0, 3), *giorni(storia, 6, 2, 90))
    prima = ok(await chiede(storia, al="2019-03-05"))
    assert (prima["numero"], prima["righe"], prima["chiesto"], prima["stato"]) == (1, 2, "40.00", "presentata")
    resto = ok(await chiede(storia))
    assert (resto["numero"], resto["righe"], resto["chiesto"]) == (2, 3, "110.00")
    rifiuto(await chiede(storia), 409, "niente-da-rendicontare")
    letta = ok(await storia.op("GET", f"/rimborsi/{resto['domanda_id']}"), 200)
    assert [voce["chiesto"] for voce in letta["voci"]] == ["20.00", "45.00", "45.00"]
    elenco = ok(await storia.op("GET", f"/linee/{storia.progetto_id}/rimborsi?limit=1"), 200)
    assert [riga["numero"] for riga in elenco["items"]] == [1]
    seguito = ok(await storia.op("GET", f"/linee/{storia.progetto_id}/rimborsi?cursor={elenco['cursor']}"), 200)
    assert [riga["numero"] for riga in seguito["items"]] == [2]


def con_costi(costi: list[dict[str, str]]) -> list[dict[str, Any]]:
    """The catalogue of the story with other unit costs of training."""
    base, formazione = regole_json()["servizi"]
    return [base, formazione | {"costi": costi}]


async def test_what_is_cut_has_a_reason_and_its_money_returns_to_the_line(storia: Storia) -> None:
    await storia.apri(10_000_00)
    pip = await storia.attivo(FORMAZIONE=20)
    ore = await storia.convalida(pip["pip_id"], *giorni(storia, 0, 4))
    ok(await storia.op("POST", f"/pip/{pip['pip_id']}/conclusione", json={"motivo": "Fine"}))
    assert (await storia.linea())["riservato_servizi"] == "80.00"
    domanda = ok(await chiede(storia))
    troppo = {"ore_id": ore[0], "ammesso": "20.01", "motivo": "?"}
    rifiuto(await istruisce(storia, domanda["domanda_id"], troppo), 422, "taglio-non-valido")
    estraneo = {"ore_id": str(uuid7()), "ammesso": "0.00", "motivo": "?"}
    rifiuto(await istruisce(storia, domanda["domanda_id"], estraneo), 422, "taglio-non-valido")
    tagli = (
        {"ore_id": ore[0], "ammesso": "0.00", "motivo": "Registro senza firma del docente"},
        {"ore_id": ore[1], "ammesso": "15.00", "motivo": "Aula condivisa con un altro corso"},
    )
    istruita = ok(await istruisce(storia, domanda["domanda_id"], *tagli))
    assert (istruita["stato"], istruita["ammesso"], istruita["tagliato"]) == ("istruita", "55.00", "25.00")
    linea = await storia.linea()
    assert (linea["riservato_servizi"], linea["residuo"]) == ("55.00", "9929.00")
    conto = ok(await storia.comune("GET", f"/linee/{storia.progetto_id}/rendiconto"), 200)
    assert conto["ammesso"] == "55.00"
    assert conto["operatori"] == [
        {
            "misura_codice": storia.misura,
            "ente": storia.operatore,
            "minuti_validati": 240,
            "costo": "55.00",
            "massimale": None,
            "chiesto": "55.00",
            "ammesso": "55.00",
        }
    ]
    rifiuto(await istruisce(storia, domanda["domanda_id"]), 409, "stato-rimborso-non-ammesso")
    rifiuto(await chiede(storia), 409, "niente-da-rendicontare")


async def test_an_hour_annulled_before_the_examination_is_cut_and_one_annulled_after_is_given_back(
    storia: Storia,
) -> None:
    await storia.apri(10_000_00)
    pip = await storia.attivo(FORMAZIONE=20)
    ore = await storia.convalida(pip["pip_id"], *giorni(storia, 0, 3))
    domanda = ok(await chiede(storia))
    await annulla(storia, ore[0])
    istruita = ok(await istruisce(storia, domanda["domanda_id"]))
    assert (istruita["chiesto"], istruita["ammesso"]) == ("60.00", "40.00")
    ok(await storia.op("POST", f"/pip/{pip['pip_id']}/conclusione", json={"motivo": "Fine"}))
    await annulla(storia, ore[1])
    linea = await storia.linea()
    assert linea["riservato_servizi"] == "40.00", "what was admitted stays held until it is given back"
    resa = ok(await chiede(storia))
    assert (resa["righe"], resa["chiesto"]) == (1, "-20.00")
    ok(await istruisce(storia, resa["domanda_id"]))
    assert (await storia.linea())["riservato_servizi"] == "20.00"
    conto = ok(await storia.op("GET", f"/linee/{storia.progetto_id}/rendiconto"), 200)
    assert (conto["ammesso"], conto["operatori"][0]["ammesso"]) == ("20.00", "20.00")
    rifiuto(await chiede(storia), 409, "niente-da-rendicontare")


async def test_a_revision_never_reserves_less_than_was_admitted(storia: Storia) -> None:
    await storia.apri(10_000_00)
    pip = await storia.attivo(FORMAZIONE=20)
    ore = await storia.convalida(pip["pip_id"], *giorni(storia, 0, 5))
    ok(await istruisce(storia, ok(await chiede(storia))["domanda_id"]))
    for ora in ore:
        await annulla(storia, ora)
    rivista = ok(await storia.op("POST", f"/pip/{pip['pip_id']}/revisioni", json=storia.piano(FORMAZIONE=1)))
    firmata = ok(await storia.firma(rivista))
    assert firmata["riservato_servizi"] == "100.00"


async def test_a_withdrawn_claim_frees_its_hours_and_its_place_under_the_ceiling(storia: Storia) -> None:
    await storia.apri(massimale_percorso="60.00", massimale_operatore="60.00")
    for primo in (0, 2):
        pip = await storia.attivo(FORMAZIONE=2)
        await storia.convalida(pip["pip_id"], *giorni(storia, primo, 2))
    corpo = rifiuto(await chiede(storia), 409, "massimale-operatore-superato")
    assert "60.00" in corpo["detail"]
    domanda = ok(await chiede(storia, al="2019-03-06"))
    assert domanda["chiesto"] == "60.00"
    rifiuto(await chiede(storia), 409, "massimale-operatore-superato")
    ritirata = ok(await storia.op("POST", f"/rimborsi/{domanda['domanda_id']}/ritiro"))
    assert ritirata["stato"] == "ritirata"
    rifiuto(await storia.op("POST", f"/rimborsi/{domanda['domanda_id']}/ritiro"), 409, "stato-rimborso-non-ammesso")
    assert ok(await chiede(storia, dal="2019-03-05"))["righe"] == 3


async def test_what_is_given_back_makes_room_under_the_ceiling_only_when_admitted(storia: Storia) -> None:
    await storia.apri(massimale_percorso="60.00", massimale_operatore="60.00")
    pip = await storia.attivo(FORMAZIONE=3)
    ore = await storia.convalida(pip["pip_id"], *giorni(storia, 0, 3))
    ok(await istruisce(storia, ok(await chiede(storia))["domanda_id"]))
    await annulla(storia, ore[0])
    resa = ok(await chiede(storia))
    await storia.convalida(pip["pip_id"], *giorni(storia, 5, 1))
    rifiuto(await chiede(storia), 409, "massimale-operatore-superato")
    ok(await storia.op("POST", f"/rimborsi/{resa['domanda_id']}/ritiro"))
    rifiuto(await chiede(storia), 409, "massimale-operatore-superato")
    resa = ok(await chiede(storia, al="2019-03-08"))
    assert resa["chiesto"] == "-20.00"
    ok(await istruisce(storia, resa["domanda_id"]))
    assert ok(await chiede(storia))["chiesto"] == "20.00"
    conto = ok(await storia.op("GET", f"/linee/{storia.progetto_id}/rendiconto"), 200)["operatori"][0]
    assert (conto["chiesto"], conto["massimale"]) == ("60.00", "60.00")


async def test_hours_that_replace_annulled_ones_are_admitted_after_those_are_given_back(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=1)
    (prima,) = await storia.convalida(pip["pip_id"], *giorni(storia, 0, 1))
    ok(await istruisce(storia, ok(await chiede(storia))["domanda_id"]))
    await annulla(storia, prima)
    resa = ok(await chiede(storia))
    await storia.convalida(pip["pip_id"], *giorni(storia, 1, 1))
    nuova = ok(await chiede(storia))
    corpo = rifiuto(await istruisce(storia, nuova["domanda_id"]), 409, "istruttoria-fuori-ordine")
    assert "restituisce" in corpo["rimedio"]
    ok(await istruisce(storia, resa["domanda_id"]))
    assert ok(await istruisce(storia, nuova["domanda_id"]))["ammesso"] == "20.00"


async def test_claims_made_at_once_ask_each_hour_once_and_stay_under_the_ceiling(storia: Storia) -> None:
    await storia.apri(massimale_percorso="100.00", massimale_operatore="100.00")
    for primo in (0, 4):
        pip = await storia.attivo(FORMAZIONE=4)
        await storia.convalida(pip["pip_id"], *giorni(storia, primo, 4))
    periodi = [(f"2019-03-{4 + n:02d}", f"2019-03-{5 + n:02d}") for n in range(7)]
    risposte = await asyncio.gather(*(chiede(storia, dal, al) for dal, al in periodi))
    assert {risposta.status_code for risposta in risposte} <= {201, 409}
    chiesto = sum(float(risposta.json()["chiesto"]) for risposta in risposte if risposta.status_code == 201)
    conto = ok(await storia.op("GET", f"/linee/{storia.progetto_id}/rendiconto"), 200)["operatori"][0]
    assert float(conto["chiesto"]) == chiesto <= 100
    async with storia.servizio.transaction() as session:
        doppie = await session.scalar(
            sa.text(
                "SELECT count(*) FROM (SELECT ore_id FROM rimborso_riga WHERE viva"
                " GROUP BY ore_id, tipo HAVING count(*) > 1) d"
            )
        )
    assert doppie == 0


@pytest.mark.parametrize(
    ("istruzione", "vincolo"),
    [
        (
            "UPDATE operatore_linea SET chiesto_cent = tetto_cent + 1 WHERE tetto_cent > 0",
            "ck_operatore_linea_mai_oltre_il_massimale",
        ),
        ("UPDATE pip SET rimborsato_cent = riservato_servizi_cent + 1", "ck_pip_rimborsato_nella_dote"),
        ("UPDATE linea SET rimborsato_cent = riservato_servizi_cent + 1", "ck_linea_rimborsato_nel_riservato"),
        (DUE_VOLTE, "uq_rimborso_riga_viva"),
    ],
)
async def test_the_database_itself_refuses_what_no_claim_may_do(storia: Storia, istruzione: str, vincolo: str) -> None:
    await storia.apri(massimale_percorso="500.00", massimale_operatore="500.00")
    pip = await storia.attivo(FORMAZIONE=20)
    await storia.convalida(pip["pip_id"], *giorni(storia, 0, 4))
    ok(await chiede(storia, al="2019-03-05"))
    ok(await chiede(storia))
    with pytest.raises(sa.exc.IntegrityError, match=vincolo):
        async with storia.servizio.transaction() as session:
            await session.execute(sa.text(istruzione))


async def test_periods_that_are_not_one_and_strangers_are_refused(storia: Storia) -> None:
    await storia.apri()
    storia.servizio.set_clock(APRILE)
    rifiuto(await chiede(storia, dal="2019-03-31", al="2019-03-01"), 422, "periodo-non-valido")
    rifiuto(await chiede(storia, al="2019-04-02"), 422, "periodo-non-valido")
    rifiuto(await chiede(storia, misura_codice="NESSUNA"), 404, "not-found")
    altra = Storia(storia.servizio)
    altra.progetto_id = storia.progetto_id
    rifiuto(await chiede(altra), 403, "forbidden")
    rifiuto(await storia.op("GET", f"/rimborsi/{uuid7()}"), 404, "not-found")
    pip = await storia.attivo(FORMAZIONE=20)
    await storia.convalida(pip["pip_id"], *giorni(storia, 0, 1))
    domanda = ok(await chiede(storia))
    for metodo, coda in (("GET", ""), ("GET", "/righe.csv"), ("GET", "/pdf"), ("POST", "/ritiro")):
        rifiuto(await altra.op(metodo, f"/rimborsi/{domanda['domanda_id']}{coda}"), 403, "forbidden")
    rifiuto(await istruisce(altra, domanda["domanda_id"]), 403, "forbidden")


async def test_a_claim_is_exported_with_its_cuts_and_the_indirect_hours(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=20)
    ore = await storia.convalida(pip["pip_id"], *giorni(storia, 0, 2))
    indiretta = storia.ora(LUNEDI + timedelta(hours=4), 120, None, categoria_indiretta="ricerca_aziende")
    fatte = (await storia.registra(pip["pip_id"], indiretta))["fatte"]
    assert (await storia.valida(fatte))["fatte"] == fatte
    domanda = ok(await chiede(storia))
    ok(await istruisce(storia, domanda["domanda_id"], {"ore_id": ore[1], "ammesso": "5.00", "motivo": "=firma?"}))
    risposta = await storia.op("GET", f"/rimborsi/{domanda['domanda_id']}/righe.csv")
    assert risposta.headers["content-type"].startswith("text/csv")
    righe = list(csv.DictReader(io.StringIO(risposta.content.decode())))
    assert [(riga["ora"], riga["chiesto"], riga["ammesso"], riga["motivo"]) for riga in righe] == [
        (ore[0], "20.00", "20.00", ""),
        (ore[1], "20.00", "5.00", "'=firma?"),
    ]
    pdf = await storia.comune("GET", f"/rimborsi/{domanda['domanda_id']}/pdf")
    assert pdf.content == (await storia.comune("GET", f"/rimborsi/{domanda['domanda_id']}/pdf")).content
    testo = "\n".join(pagina.extract_text() for pagina in PdfReader(io.BytesIO(pdf.content)).pages)
    for parola in ("25,00", "ricerca_aziende", "Det. 9/2019", storia.misura):
        assert parola in testo, testo
