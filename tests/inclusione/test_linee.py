"""Budget lines: opened by the events of bandi, in whatever order they come; split by the lead."""

import httpx

from chassis.ids import uuid7
from tests.inclusione.storia import Storia, ok, rifiuto


async def test_a_funded_project_opens_its_line_and_the_commitment_fills_it(storia: Storia) -> None:
    await storia.progetto(0, fatto="finanziato")
    await storia.crea_misura()
    assert (await storia.linea())["residuo"] == "0.00"
    await storia.progetto(5_000_00)
    linea = await storia.linea()
    assert (linea["impegnato"], linea["residuo"], linea["fondo"]) == ("5000.00", "5000.00", "POR FSE")


async def test_a_project_without_an_inclusion_line_is_not_known_here(storia: Storia) -> None:
    soli_laboratori = [{"azione": "9.4.2", "fondo": "POR FSE", "ammesso_cent": 1, "impegnato_cent": 1}]
    await storia.progetto(fatto="finanziato", linee=soli_laboratori)
    rifiuto(await storia.comune("GET", f"/linee/{storia.progetto_id}"), 404, "not-found")


async def test_an_older_event_that_comes_late_changes_nothing(storia: Storia) -> None:
    await storia.progetto(5_000_00)
    await storia.progetto(1_000_00, versione=1)
    assert (await storia.linea())["impegnato"] == "5000.00"


async def test_a_later_event_that_comes_first_opens_the_line_by_itself(storia: Storia) -> None:
    await storia.progetto(5_000_00, versione=3)
    await storia.progetto(0, fatto="finanziato", versione=1)
    assert (await storia.linea())["residuo"] == "5000.00"


async def test_two_inclusion_lines_of_a_project_count_together(storia: Storia) -> None:
    due = [
        {"azione": "9.1.3", "fondo": fondo, "ammesso_cent": 100_00, "impegnato_cent": 60_00}
        for fondo in ("POR FSE", "COMUNALE")
    ]
    await storia.progetto(linee=due)
    linea = await storia.linea()
    assert (linea["ammesso"], linea["impegnato"], linea["fondo"]) == ("200.00", "120.00", "COMUNALE + POR FSE")


async def test_a_plan_cannot_be_signed_before_the_money_is_committed(storia: Storia) -> None:
    await storia.apri(0)
    rifiuto(await storia.firma(await storia.bozza()), 409, "linea-esaurita")


async def test_a_revoked_project_takes_no_new_plan_and_gets_back_what_is_not_used(storia: Storia) -> None:
    await storia.apri(10_000_00)
    attivo = await storia.attivo(FORMAZIONE=10)
    bozza = await storia.bozza()
    await storia.progetto(10_000_00, fatto="impegnato", stato="rendicontato")
    assert (await storia.linea())["stato"] == "chiusa", "with the final account approved nothing new is reserved"
    await storia.progetto(10_000_00, fatto="revocato", stato="revocato")
    linea = await storia.linea()
    assert (linea["stato"], linea["residuo"]) == ("chiusa", "0.00")
    rifiuto(await storia.firma(bozza), 409, "linea-chiusa")
    chiuso = ok(await storia.comune("POST", f"/pip/{attivo['pip_id']}/decadenza", json={"motivo": "Revoca"}))
    assert (chiuso["stato"], chiuso["riservato_servizi"]) == ("decaduto", "0.00")
    [evento] = await storia.eventi("pip.concluso", pip_id=attivo["pip_id"])
    assert evento["stato"] == "decaduto"


async def test_a_commitment_that_shrinks_below_the_plans_takes_nothing_from_them(storia: Storia) -> None:
    await storia.apri(10_000_00)
    await storia.attivo(FORMAZIONE=100)
    bozza = await storia.bozza(FORMAZIONE=1)
    await storia.progetto(1_000_00, fatto="impegnato")
    linea = await storia.linea()
    assert (linea["riservato_servizi"], linea["scoperto"], linea["residuo"]) == ("2000.00", "1400.00", "0.00")
    rifiuto(await storia.firma(bozza), 409, "linea-esaurita")


async def test_an_extension_moves_the_end_that_plans_must_respect(storia: Storia) -> None:
    await storia.apri()
    iscrizione = await storia.iscrivi()
    await storia.progetto(100_000_00, fine="2019-05-31")
    corpo = {"iscrizione_id": iscrizione["iscrizione_id"], "piano": storia.piano(FORMAZIONE=10)}
    rifiuto(await storia.op("POST", "/pip", json=corpo), 409, "piano-fuori-progetto")
    await storia.progetto(100_000_00, fatto="prorogato", fine="2019-12-31")
    ok(await storia.op("POST", "/pip", json=corpo))


async def dividi(storia: Storia, servizi: str, indennita: str, etag: str | None = None) -> httpx.Response:
    """Splits the line as its lead."""
    if etag is None:
        letta = await storia.comune("GET", f"/linee/{storia.progetto_id}")
        etag = letta.headers["etag"]
    return await storia.comune(
        "PUT",
        f"/linee/{storia.progetto_id}/ripartizione",
        json={"servizi": servizi, "indennita": indennita},
        headers={"If-Match": etag},
    )


async def test_a_split_line_reserves_services_and_allowance_together_or_nothing(storia: Storia) -> None:
    await storia.apri(5_000_00)
    ok(await dividi(storia, "4700.00", "300.00"), 200)
    rifiuto(await storia.firma(await storia.bozza(FORMAZIONE=100)), 409, "linea-esaurita")
    linea = await storia.linea()
    assert (linea["riservato_servizi"], linea["riservato_indennita"]) == ("0.00", "0.00")
    await storia.attivo(FORMAZIONE=75)
    linea = await storia.linea()
    assert (linea["tetto_indennita"], linea["riservato_indennita"]) == ("300.00", "300.00")


async def test_a_split_makes_the_admitted_amount_and_is_made_on_what_was_read(storia: Storia) -> None:
    await storia.apri(5_000_00)
    await storia.attivo(FORMAZIONE=100)
    rifiuto(await dividi(storia, "4700.00", "301.00"), 409, "ripartizione-non-valida")
    rifiuto(await dividi(storia, "1999.00", "3001.00"), 409, "ripartizione-non-valida")
    rifiuto(await dividi(storia, "4700.00", "300.00", '"v0"'), 412, "precondition-failed")


async def test_only_the_lead_moves_the_money_and_only_the_partnership_and_the_region_see_it(storia: Storia) -> None:
    await storia.apri()
    percorso = f"/v1/linee/{storia.progetto_id}"
    for ruolo, ente, status in (
        ("funzionario_bandi", None, 200),
        ("valutatore", None, 200),
        ("tesoriere", storia.capofila, 200),
        ("operatore_accreditato", storia.operatore, 200),
        ("operatore_accreditato", "ALTRO-ENTE", 403),
        ("funzionario_comune", "ALTRO-COMUNE", 403),
        ("tesoriere", None, 403),
    ):
        risposta = await storia.servizio.get(percorso, roles=[ruolo], ente=ente)
        assert risposta.status_code == status, (ruolo, ente, risposta.text)
    altrui = await storia.servizio.put(
        f"{percorso}/ripartizione",
        json={"servizi": "1.00", "indennita": "1.00"},
        roles=["funzionario_comune"],
        ente=storia.operatore,
        headers={"If-Match": "*"},
    )
    rifiuto(altrui, 403, "forbidden")


async def test_each_organisation_lists_its_own_lines_and_the_region_all(storia: Storia) -> None:
    await storia.apri()
    mia = str(storia.progetto_id)

    async def viste(ruolo: str, ente: str | None) -> list[str]:
        pagina = ok(await storia.servizio.get("/v1/linee", params={"limit": 500}, roles=[ruolo], ente=ente), 200)
        return [riga["progetto_id"] for riga in pagina["items"]]

    assert await viste("funzionario_comune", storia.capofila) == [mia]
    assert await viste("operatore_accreditato", storia.operatore) == [mia]
    assert await viste("operatore_accreditato", None) == []
    assert mia in await viste("valutatore", None)
    assert await viste("tesoriere", "ALTRO-COMUNE") == []


async def test_an_unknown_project_is_not_found_rather_than_forbidden(storia: Storia) -> None:
    rifiuto(await storia.comune("GET", f"/linee/{uuid7()}"), 404, "not-found")
