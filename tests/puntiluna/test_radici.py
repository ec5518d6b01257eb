"""Signed roots: what a master of the database rewrites, later hashes and balances included, is still found."""

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from typer.testing import CliRunner

from chassis.settings import SettingsError, load_settings
from chassis.signing import SigningKey, signing_of, verify
from chassis.store import MissingFile, ObjectStore, store_of
from cli.main import app
from services.puntiluna.jobs import si_firma_la_radice, sigilla_movimenti
from services.puntiluna.main import create_app
from services.puntiluna.queries import registro as queries
from services.puntiluna.rules.radici import TIPO_RADICE, ArchivioDiscorde
from services.puntiluna.rules.registro import PRIMO_ANELLO, Conto, Libro, TipoConto, incatena
from services.puntiluna.service.radici import firma_radice, percorso_radice
from services.puntiluna.service.registro import Verifica, verifica_registro
from tests.puntiluna.fatti import ADESSO, problema
from tests.puntiluna.registro import conto, manomesso, movimento, registra_in
from tests.support.infra import Infra, base_env
from tests.support.service import ServiceUnderTest, service_fixture

puntiluna = service_fixture("puntiluna", scope="function")

CUSTODE = {"roles": ["operazioni"]}


async def giornata(servizio: ServiceUnderTest, *importi: int) -> tuple[Conto, Conto, list[UUID]]:
    """Post movements, seal them and let the day's root be signed."""
    da, a = conto(TipoConto.APPORTO), conto()
    esiti = await registra_in(servizio, *(movimento(da, a, importo) for importo in importi))
    await servizio.run_job(sigilla_movimenti)
    await servizio.run_job(si_firma_la_radice)
    return da, a, [esito.movimento_id for esito in esiti if esito.movimento_id]


async def verifica(servizio: ServiceUnderTest) -> Verifica:
    async with servizio.transaction() as session:
        return await verifica_registro(session, store_of(session), signing_of(session))


async def riscrivi(servizio: ServiceUnderTest, infra: Infra, movimento_id: UUID, conti: Sequence[Conto]) -> None:
    """What a superuser does who knows everything: line, balances, and every hash from there to the end."""
    async with manomesso(servizio, infra) as mano:
        await mano.execute("UPDATE riga SET importo_cent = importo_cent * 2 WHERE movimento_id = $1", movimento_id)
        await mano.execute(
            "UPDATE conto c SET saldo_cent = (SELECT sum(importo_cent) FROM riga r WHERE r.conto_id = c.conto_id) "
            "WHERE conto_id = ANY ($1)",
            [c.conto_id for c in conti],
        )
        async with servizio.transaction() as session:
            righe = await mano.fetch("SELECT movimento_id FROM sigillo WHERE libro = 'punti' ORDER BY n")
            scritti = await queries.movimenti_scritti(session, [r["movimento_id"] for r in righe])
        catena = incatena(Libro.PUNTI, 0, PRIMO_ANELLO, [scritti[r["movimento_id"]] for r in righe])
        await mano.executemany(
            "UPDATE sigillo SET prev = $2, hash = $3 WHERE libro = 'punti' AND n = $1",
            [(anello.n, anello.prev, anello.hash) for anello in catena],
        )


async def test_a_line_rewritten_with_every_later_hash_and_balance_is_found_by_the_signed_roots(
    puntiluna: ServiceUnderTest, infra: Infra
) -> None:
    giornate = []
    for giorno in range(3):
        puntiluna.set_clock(ADESSO + timedelta(days=giorno))
        giornate.append(await giornata(puntiluna, 100, 200, 300))
    da, a, movimenti = giornate[1]
    assert (await verifica(puntiluna)).in_ordine

    await riscrivi(puntiluna, infra, movimenti[1], (da, a))

    async with puntiluna.transaction() as session:
        senza = await verifica_registro(session)
    assert senza.in_ordine, "the database alone agrees with itself: that is why the roots are kept elsewhere"
    con = await verifica(puntiluna)
    assert not con.in_ordine
    [(dove, motivo)] = con.guasti()
    assert dove == "radice firmata 2, libro punti"
    assert motivo.startswith("dall'anello 4 al 6 la catena è stata riscritta")
    corpo = (await puntiluna.get("/v1/registro/verifica", roles=["amministratore"])).json()
    assert (corpo["in_ordine"], corpo["radici"], [g["dove"] for g in corpo["guasti"]]) == (False, 3, [dove])


async def test_nothing_is_signed_over_a_ledger_or_an_archive_that_is_not_the_one_last_signed(
    puntiluna: ServiceUnderTest, infra: Infra
) -> None:
    archivio = puntiluna.runtime.store
    assert isinstance(archivio, ObjectStore)
    da, a, movimenti = await giornata(puntiluna, 100, 200)
    prima = await archivio.get(percorso_radice(1))
    puntiluna.set_clock(ADESSO + timedelta(days=1))
    await registra_in(puntiluna, movimento(da, a, 5))
    await puntiluna.run_job(sigilla_movimenti)

    async def rifiuta(perche: str) -> None:
        with pytest.raises(ArchivioDiscorde, match=perche):
            await puntiluna.run_job(si_firma_la_radice)
        problema(await puntiluna.post("/v1/registro/radici", **CUSTODE), 409, "archivio-discorde")
        with pytest.raises(MissingFile):
            await archivio.get(percorso_radice(2))

    await archivio.delete(percorso_radice(1))
    await rifiuta("non è quella dell'archivio")
    estranea = SigningKey.from_secret("z" * 40, purpose="estranea").sign(b"{}", typ=TIPO_RADICE)
    await archivio.put(percorso_radice(1), estranea.encode())
    await rifiuta("non è quella dell'archivio")
    await archivio.put(percorso_radice(1), prima)
    await riscrivi(puntiluna, infra, movimenti[0], (da, a))
    await rifiuta("non passa più")


async def test_a_lesser_change_is_found_naming_the_movement(puntiluna: ServiceUnderTest, infra: Infra) -> None:
    da, a, movimenti = await giornata(puntiluna, 100, 200, 300)
    async with manomesso(puntiluna, infra) as mano:
        await mano.execute("UPDATE riga SET importo_cent = importo_cent * 2 WHERE movimento_id = $1", movimenti[1])
    guasti = dict((await verifica(puntiluna)).guasti())
    assert str(movimenti[1]) in guasti["libro punti, anello 2"]
    assert {f"conto {da.conto_id}", f"conto {a.conto_id}"} <= guasti.keys()


async def test_the_last_movements_taken_away_whole_are_missed_by_the_roots(
    puntiluna: ServiceUnderTest, infra: Infra
) -> None:
    await giornata(puntiluna, 100)
    puntiluna.set_clock(ADESSO + timedelta(days=1))
    _, _, movimenti = await giornata(puntiluna, 200, 300)
    async with manomesso(puntiluna, infra) as mano:
        for tabella in ("sigillo", "riga", "movimento"):
            await mano.execute(f"DELETE FROM {tabella} WHERE movimento_id = ANY ($1)", movimenti)
        await mano.execute("DELETE FROM conto c WHERE NOT EXISTS (SELECT FROM riga r WHERE r.conto_id = c.conto_id)")
    [(dove, motivo)] = (await verifica(puntiluna)).guasti()
    assert (dove, motivo.split(":")[0]) == ("radice firmata 2, libro punti", "dall'anello 2 al 3 mancano anelli")


async def test_one_root_is_signed_a_day_if_something_was_sealed_and_another_when_asked(
    puntiluna: ServiceUnderTest,
) -> None:
    await puntiluna.run_job(si_firma_la_radice)
    assert (await puntiluna.get("/v1/registro/radici")).json()["items"] == []
    await giornata(puntiluna, 100)
    await giornata(puntiluna, 100)
    assert [r["numero"] for r in (await puntiluna.get("/v1/registro/radici")).json()["items"]] == [1]
    assert (await puntiluna.post("/v1/registro/radici", **CUSTODE)).status_code == 201
    problema(await puntiluna.post("/v1/registro/radici", **CUSTODE), 409, "niente-da-firmare")
    puntiluna.set_clock(puntiluna.clock.now() + timedelta(days=1))
    await puntiluna.run_job(si_firma_la_radice)
    radici = (await puntiluna.get("/v1/registro/radici", params={"limit": 1})).json()
    assert [r["numero"] for r in radici["items"]] == [2], "a day without movements has no root"
    seguito = (await puntiluna.get("/v1/registro/radici", params={"limit": 1, "cursor": radici["cursor"]})).json()
    assert [r["numero"] for r in seguito["items"]] == [1]
    problema(await puntiluna.get("/v1/registro/radici/3"), 404, "radice-sconosciuta")


async def test_anybody_verifies_a_published_root_with_the_published_keys(puntiluna: ServiceUnderTest) -> None:
    await giornata(puntiluna, 100)
    chiavi = (await puntiluna.get("/v1/chiavi")).json()
    radice = (await puntiluna.get("/v1/registro/radici/1")).json()
    corpo = json.loads(verify(radice["jws"], chiavi, typ=TIPO_RADICE))
    stato = (await puntiluna.get("/v1/registro", **CUSTODE)).json()["libri"]
    assert corpo["libri"]["punti"] == {"n": 1, "radice": next(v["radice"] for v in stato if v["libro"] == "punti")}
    assert corpo["precedente"] == PRIMO_ANELLO


async def test_a_root_kept_outside_by_an_attempt_that_failed_is_taken_up_and_never_signed_anew(
    puntiluna: ServiceUnderTest,
) -> None:
    await registra_in(puntiluna, movimento(conto(TipoConto.APPORTO), conto(), 5))
    await puntiluna.run_job(sigilla_movimenti)
    async with puntiluna.transaction() as session:
        firmata = await firma_radice(session, store_of(session), signing_of(session), now=ADESSO)
        assert firmata is not None
        await session.rollback()
    puntiluna.set_clock(ADESSO + timedelta(days=2))
    await giornata(puntiluna, 7)
    radice = (await puntiluna.get("/v1/registro/radici/1")).json()
    assert (radice["jws"], radice["libri"]) == (firmata.jws, [{"libro": "punti", "n": 1}, {"libro": "quote", "n": 0}])
    assert (await verifica(puntiluna)).in_ordine


async def test_a_root_changed_or_taken_from_the_archive_is_told_and_another_one_is_never_replaced(
    puntiluna: ServiceUnderTest,
) -> None:
    archivio = puntiluna.runtime.store
    assert isinstance(archivio, ObjectStore)
    for giorno in range(3):
        puntiluna.set_clock(ADESSO + timedelta(days=giorno))
        await giornata(puntiluna, 100)
    seconda = await archivio.get(percorso_radice(2))
    estranea = SigningKey.from_secret("z" * 40, purpose="estranea").sign(b"{}", typ=TIPO_RADICE)

    async def motivi() -> list[tuple[str, str]]:
        return (await verifica(puntiluna)).guasti()

    await archivio.put(percorso_radice(2), estranea.encode())
    assert [dove for dove, _ in await motivi()] == ["radice firmata 2", "radice firmata 3"]
    await archivio.put(percorso_radice(2), await archivio.get(percorso_radice(1)))
    assert ("radice firmata 2", "al suo posto c'è la radice numero 1") in await motivi()
    await archivio.put(percorso_radice(2), seconda)
    terza = await archivio.get(percorso_radice(3))
    await archivio.delete(percorso_radice(3))
    assert await motivi() == [("radice firmata 3", "è pubblicata ma non è più nell'archivio esterno")]
    await archivio.put(percorso_radice(3), terza)
    assert await motivi() == []

    await archivio.put(percorso_radice(4), estranea.encode())
    puntiluna.set_clock(ADESSO + timedelta(days=4))
    await registra_in(puntiluna, movimento(conto(TipoConto.APPORTO), conto(), 5))
    await puntiluna.run_job(sigilla_movimenti)
    with pytest.raises(ArchivioDiscorde):
        await puntiluna.run_job(si_firma_la_radice)
    assert await archivio.get(percorso_radice(4)) == estranea.encode()


@pytest.mark.parametrize("segreto", ["", "corto", "-----BEGIN PRIVATE KEY-----"])
def test_the_service_does_not_start_without_a_key_that_it_can_sign_with(segreto: str) -> None:
    ambiente = base_env() | {"PUNTILUNA_DATABASE_URL": "postgresql://x@y.invalid/z", "NATS_URL": "nats://n.invalid"}
    with pytest.raises(SettingsError, match="PUNTILUNA_SIGNING_KEY"):
        create_app(load_settings("puntiluna", ambiente | {"PUNTILUNA_SIGNING_KEY": segreto}), background=False)


async def test_the_command_names_what_was_rewritten_also_from_ones_own_copies(
    puntiluna: ServiceUnderTest, infra: Infra, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    puntiluna.set_clock(ADESSO)
    da, a, movimenti = await giornata(puntiluna, 100, 200)
    copia: dict[str, Any] = (await puntiluna.get("/v1/registro/radici/1")).json()
    (tmp_path / percorso_radice(1)).parent.mkdir(parents=True)
    (tmp_path / percorso_radice(1)).write_text(copia["jws"], "ascii")
    impostazioni = puntiluna.settings
    for nome, valore in {
        "PUNTILUNA_DATABASE_URL": impostazioni.database_url.get_secret_value(),
        "PUNTILUNA_SIGNING_KEY": "s" * 40,
        "STORE_URL": str(impostazioni.store_url),
        "CURSOR_KEY": "k" * 40,
        "QUARTIERI_ENV": "local",
        "ISSUER_URL": "http://issuer.test",
        "JWKS_URL": "http://issuer.test/jwks.json",
        "NATS_URL": "nats://unused.invalid",
    }.items():
        monkeypatch.setenv(nome, valore)

    async def esegui(*opzioni: str) -> tuple[int, str]:
        import asyncio

        fatto = await asyncio.to_thread(CliRunner().invoke, app, ["registro", "verifica", *opzioni])
        return fatto.exit_code, fatto.output

    codice, testo = await esegui()
    assert (codice, "radici firmate: 1, l'ultima del 20/05/2019" in testo) == (0, True), testo
    await riscrivi(puntiluna, infra, movimenti[0], (da, a))
    for opzioni in ((), ("--radici", str(tmp_path))):
        codice, testo = await esegui(*opzioni)
        assert codice == 1
        assert "radice firmata 1, libro punti: dall'anello 1 al 2 la catena è stata riscritta" in testo
