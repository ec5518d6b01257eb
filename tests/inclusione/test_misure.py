"""Measures through their routes: versions, refusals, who may approve them."""

from tests.inclusione.storia import Storia, ok, regole_json, rifiuto


def nuova(storia: Storia, **altro: object) -> dict[str, object]:
    """A measure as it is entered."""
    corpo: dict[str, object] = {
        "codice": storia.misura,
        "titolo": "Misura",
        "vale_dal": "2019-01-01",
        "atto": "Atto 1",
        "regole": regole_json(),
    }
    return corpo | altro


async def test_a_measure_is_public_with_every_version_it_had(storia: Storia) -> None:
    misura = await storia.crea_misura()
    assert (misura["numero"], misura["regole"]["quota_patto"], misura["regole"]["massimale_percorso"]) == (
        1,
        "1/3",
        "3000.00",
    )
    corpo = {"vale_dal": "2019-06-01", "atto": "Atto 2", "regole": regole_json(quota_patto="1/2")}
    seconda = ok(
        await storia.servizio.post(f"/v1/misure/{storia.misura}/versioni", json=corpo, roles=["funzionario_bandi"])
    )
    assert (seconda["numero"], seconda["numero_letto"]) == (2, 2)
    prima = ok(await storia.servizio.get(f"/v1/misure/{storia.misura}", params={"numero": 1}), 200)
    assert (prima["numero"], prima["numero_letto"], prima["regole"]["quota_patto"]) == (2, 1, "1/3")
    ultima = ok(await storia.servizio.get(f"/v1/misure/{storia.misura}"), 200)
    assert ultima["regole"]["quota_patto"] == "1/2"


async def test_a_code_is_taken_once(storia: Storia) -> None:
    await storia.crea_misura()
    doppia = await storia.servizio.post("/v1/misure", json=nuova(storia), roles=["funzionario_bandi"])
    rifiuto(doppia, 409, "misura-gia-esistente")


async def test_a_version_does_not_hold_from_before_the_one_it_follows(storia: Storia) -> None:
    await storia.crea_misura()
    corpo = {"vale_dal": "2018-12-31", "atto": "Atto 2", "regole": regole_json()}
    risposta = await storia.servizio.post(
        f"/v1/misure/{storia.misura}/versioni", json=corpo, roles=["funzionario_bandi"]
    )
    rifiuto(risposta, 409, "versione-nel-passato")


async def test_rules_that_contradict_themselves_are_not_entered(storia: Storia) -> None:
    corpo = nuova(storia, regole=regole_json(indennita=[]))
    risposta = await storia.servizio.post("/v1/misure", json=corpo, roles=["funzionario_bandi"])
    assert rifiuto(risposta, 422, "misura-incoerente")["campo"] == "indennita"
    rifiuto(await storia.servizio.get(f"/v1/misure/{storia.misura}"), 404, "not-found")


async def test_a_comune_edits_only_the_measures_it_entered(storia: Storia) -> None:
    corpo = {"vale_dal": "2019-06-01", "atto": "Atto 2", "regole": regole_json()}
    ok(await storia.comune("POST", "/misure", json=nuova(storia)))
    percorso = f"/v1/misure/{storia.misura}/versioni"
    altro = await storia.servizio.post(percorso, json=corpo, roles=["funzionario_comune"], ente="COMUNE-ALTRO")
    rifiuto(altro, 403, "misura-di-altro-ente")
    ok(await storia.comune("POST", f"/misure/{storia.misura}/versioni", json=corpo))
    rifiuto(await storia.comune("POST", "/misure/NESSUNA/versioni", json=corpo), 404, "not-found")


async def test_measures_are_listed_page_by_page_in_code_order(storia: Storia) -> None:
    for lettera in "ABC":
        ok(
            await storia.servizio.post(
                "/v1/misure", json=nuova(storia, codice=f"{storia.misura}-{lettera}"), roles=["amministratore"]
            )
        )
    trovati: list[str] = []
    cursor: str | None = None
    while True:
        pagina = ok(
            await storia.servizio.get("/v1/misure", params={"limit": 2} | ({"cursor": cursor} if cursor else {})), 200
        )
        trovati += [riga["codice"] for riga in pagina["items"]]
        cursor = pagina["cursor"]
        if not cursor:
            break
    assert trovati == sorted(trovati)
    assert [codice for codice in trovati if codice.startswith(f"{storia.misura}-")] == [
        f"{storia.misura}-{lettera}" for lettera in "ABC"
    ]
