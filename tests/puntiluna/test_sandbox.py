"""The reference client and the sandbox landlord against the real service: every way of failing, points in place."""

import csv
import io
import json
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from deploy.local.proprietario import DESCRIZIONI, Modo, Proprietario, client_module
from services.puntiluna.jobs import scadono_le_riduzioni
from tests.puntiluna.fatti import Mondo
from tests.support.service import ServiceUnderTest

aler = client_module()


@asynccontextmanager
async def _http(servizio: ServiceUnderTest, ente: str) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(servizio.app, raise_app_exceptions=False)
    headers = servizio.token("ente_proprietario", ente=ente)
    async with httpx.AsyncClient(transport=transport, base_url="http://puntiluna.test/v1/", headers=headers) as http:
        yield http


async def _con_righe(servizio: ServiceUnderTest, quante: int = 4) -> tuple[Mondo, UUID]:
    mondo = await Mondo(servizio).apri()
    famiglia, contratto = await mondo.nucleo_moroso()
    await mondo.presenza(famiglia, minuti=480)
    for _ in range(quante):
        await mondo.prenota(famiglia, contratto, "5.00")
    return mondo, famiglia


@pytest.mark.parametrize(
    ("modo", "detto", "spesi", "prenotati"),
    [
        (Modo.REGOLARE, ["registrata"] * 4, "20.00", "0.00"),
        (Modo.PARZIALE, ["registrata"] * 4, "10.00", "0.00"),
        (Modo.RESPINGE, ["registrata"] * 4, "0.00", "0.00"),
        (Modo.MISTO, ["registrata"] * 3, "7.50", "5.00"),
        (Modo.TACE, ["taciuta"] * 4, "0.00", "20.00"),
        (Modo.RIPETE, ["registrata"] * 4 + ["gia_registrata"] * 4, "20.00", "0.00"),
        (Modo.CONTRADDICE, ["registrata"] * 4 + ["contraddittoria"] * 4, "20.00", "0.00"),
        (
            Modo.SBAGLIA,
            ["importo_non_valido"] * 3 + ["motivo_mancante", "non_nel_lotto"],
            "0.00",
            "20.00",
        ),
        (Modo.ALTERA, ["lotto-alterato"], "0.00", "20.00"),
        (Modo.CORROMPE, ["corpo-alterato"], "0.00", "20.00"),
        (Modo.USURPA, ["lotto-sconosciuto"], "0.00", "20.00"),
        (Modo.INVECCHIA, ["rilevazione-superata"], "0.00", "20.00"),
    ],
)
async def test_the_landlord_behaves_as_it_is_told_and_the_points_follow(
    puntiluna: ServiceUnderTest, modo: Modo, detto: list[str], spesi: str, prenotati: str
) -> None:
    mondo, famiglia = await _con_righe(puntiluna)
    righe: list[str] = []
    async with _http(puntiluna, mondo.ente) as http:
        assert await Proprietario(http, mondo.ente, righe.append).gira(modo) == detto
    assert righe
    estratto = await mondo.estratto(famiglia)
    assert (estratto["spesi"], estratto["prenotati"]) == (spesi, prenotati)


async def test_a_late_landlord_answers_what_has_expired(puntiluna: ServiceUnderTest) -> None:
    mondo, famiglia = await _con_righe(puntiluna, 2)
    inizio = puntiluna.clock.now()
    async with _http(puntiluna, mondo.ente) as http:
        proprietario = Proprietario(http, mondo.ente, lambda _: None)
        assert await proprietario.gira(Modo.TARDA) == ["in_ritardo"]
        try:
            puntiluna.set_clock(inizio + timedelta(days=61))
            await puntiluna.run_job(scadono_le_riduzioni)
            assert await proprietario.gira(Modo.TARDA) == ["fuori_termine"] * 2
            assert (await mondo.estratto(famiglia))["saldo"] == "40.00"
        finally:
            puntiluna.set_clock(inizio)
        assert await proprietario.gira(Modo.REGOLARE) == ["nulla_da_rispondere"]
    assert set(DESCRIZIONI) == set(Modo)


async def test_the_client_takes_its_commands_from_files_and_refuses_a_batch_that_was_changed(
    puntiluna: ServiceUnderTest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mondo, famiglia = await _con_righe(puntiluna, 2)
    async with _http(puntiluna, mondo.ente) as http:

        async def esegui(comando: str, testo: str = "", **altro: Any) -> str:
            file = tmp_path / "file.csv"
            file.write_text(testo, encoding="utf-8")
            await aler.esegui(Namespace(comando=comando, ente=mondo.ente, file=str(file), **altro), http)
            return capsys.readouterr().out

        preso = json.loads(
            await esegui("debiti", "contratto_codice,importo\nZ-1,3.00\n", tipo="parziale", al="2019-05-03")
        )
        assert preso["totale"] == "3.00"
        righe = list(csv.DictReader(io.StringIO(await esegui("lotto"))))
        assert [riga["importo"] for riga in righe] == ["5.00", "5.00"]
        uscita = await esegui("risposte", "protocollo,esito,riferimento\n1,confermata,A-1\n2,confermata,A-2\n")
        assert uscita.split("\n")[:2] == ["1: registrata", "2: registrata"]
        giorno = puntiluna.clock.now().date().isoformat()
        contratto = righe[0]["contratto_codice"]
        registro = f"protocollo,contratto_codice,importo\n1,{contratto},5.00\n"
        differenza = json.loads(await esegui("riconcilia", registro, dal=giorno, al=giorno))
        assert (differenza["protocollo"], differenza["atto_proposto"]) == (2, "registra_presso_ente")
        with pytest.raises(aler.Rifiutato, match="422"):
            await esegui("debiti", "contratto_codice,importo\nZ 1,3.00\n", tipo="parziale", al="2019-05-03")
        client = aler.Aler(http, mondo.ente)
        await mondo.prenota(famiglia, contratto, "1.00")
        lotto = await client.preleva()
        chiavi = (await http.get("chiavi")).json()
        for cambio in (
            {"numero": 99},
            {"impronta": "0" * 64},
            {"righe": [lotto["righe"][0] | {"importo": "9.00"}]},
            {"firma": lotto["firma"][:-8] + "AAAAAAAA"},
            {"firma": "eyJ0eXAiOiJ4In0." + lotto["firma"].split(".", 1)[1]},
        ):
            with pytest.raises(aler.Alterato):
                client.verifica(lotto | cambio, chiavi)
        with pytest.raises(aler.Alterato):
            aler.Aler(http, "ALER-ALTRA").verifica(lotto, chiavi)


def test_the_clients_own_arithmetic_agrees_with_the_library() -> None:
    for numero in range(4):
        chiave = Ed25519PrivateKey.generate()
        pubblica = chiave.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        messaggio = bytes([numero]) * 50
        firma = chiave.sign(messaggio)
        assert aler.ed25519(pubblica, messaggio, firma)
        assert not aler.ed25519(pubblica, messaggio + b"x", firma)
        assert not aler.ed25519(pubblica, messaggio, firma[:-1] + bytes([firma[-1] ^ 1]))
        assert not aler.ed25519(b"\xff" * 32, messaggio, firma)


async def test_the_client_sends_each_call_with_a_key_of_its_own_and_repeats_it_with_the_same() -> None:
    chiavi: list[str] = []

    def risponde(richiesta: httpx.Request) -> httpx.Response:
        chiavi.append(richiesta.headers["Idempotency-Key"])
        return httpx.Response(503 if len(chiavi) == 1 else 201, json={}, headers={"Retry-After": "0"})

    async with httpx.AsyncClient(transport=httpx.MockTransport(risponde), base_url="http://prova/") as http:
        client = aler.Aler(http, "ALER-PROVA")
        for _ in range(2):
            await client.invia_debiti(b"contratto_codice,importo\r\n", tipo="completa", al_giorno="2019-05-01")
    assert chiavi[0] == chiavi[1] != chiavi[2]
