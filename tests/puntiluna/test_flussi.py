"""Live updates: told as they are sealed, to one's own household only, from where the listener had come."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from datetime import timedelta
from typing import Any

import pytest

from chassis.ids import uuid7
from chassis.peers import Identity
from services.puntiluna.api.flussi import RispostaAperta
from services.puntiluna.jobs import sigilla_movimenti
from services.puntiluna.rules.flussi import Posizione, TroppiAscolti, controlla_posti, leggi_posizione
from services.puntiluna.service.flussi import Ascolto, Flussi
from tests.puntiluna.conftest import Identita
from tests.puntiluna.fatti import QUOTA, Mondo, problema, quota
from tests.support.service import ServiceUnderTest

Passo = tuple[Posizione, list[Any]]


async def _prossimo(passi: AsyncGenerator[Passo, None]) -> Passo:
    async with asyncio.timeout(5):
        return await anext(passi)


async def test_what_happens_is_told_when_it_is_sealed_and_to_its_household_alone(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, contratto = await mondo.nucleo_moroso()
    altra, _ = await mondo.nucleo_moroso()
    flussi = Flussi(puntiluna.transaction, intervallo=timedelta(seconds=0.02))
    await puntiluna.run_job(sigilla_movimenti)
    async with (
        aclosing(flussi.ascolta(flussi.riserva(famiglia, "uno"), None, battito=timedelta(seconds=5))) as passi,
        aclosing(flussi.ascolta(flussi.riserva(altra, "due"), None, battito=timedelta(seconds=0.2))) as estranei,
    ):
        _, niente = await _prossimo(passi)
        await _prossimo(estranei)
        assert (niente, len(flussi)) == ([], 2)
        await mondo.presenza(famiglia, minuti=60)
        await puntiluna.run_job(sigilla_movimenti)
        posizione, [accredito] = await _prossimo(passi)
        assert (accredito.causa, accredito.importo_cent) == ("accredito", 500)
        await mondo.prenota(famiglia, contratto, "5.00")
        lotto = await mondo.lotto()
        await mondo.rispondi(lotto["lotto_id"], {"protocollo": 1, "esito": "confermata", "riferimento": "ALER 7/2019"})
        await puntiluna.run_job(sigilla_movimenti)
        dopo, [prenotata, confermata] = await _prossimo(passi)
        assert (prenotata.causa, prenotata.importo_cent) == ("prenotazione", -500)
        assert (confermata.causa, confermata.importo_cent, confermata.confermato_cent) == ("conferma", 0, 500)
        assert confermata.riferimento == "ALER 7/2019"
        assert dopo.punti > posizione.punti
        assert (await _prossimo(estranei))[1] == [], "another household hears a heartbeat only"
    assert len(flussi) == 0
    async with aclosing(
        flussi.ascolta(flussi.riserva(famiglia, "uno"), posizione, battito=timedelta(seconds=5))
    ) as tornati:
        await _prossimo(tornati)
        ripreso, perse = await _prossimo(tornati)
        assert ([una.causa for una in perse], ripreso) == (["prenotazione", "conferma"], dopo)


async def test_silence_is_a_heartbeat_and_the_stream_ends_by_itself(puntiluna: ServiceUnderTest) -> None:
    flussi = Flussi(puntiluna.transaction, intervallo=timedelta(seconds=0.02))
    passi = [
        passo
        async for passo in flussi.ascolta(
            flussi.riserva(uuid7(), "uno"), None, battito=timedelta(seconds=0.05), durata=timedelta(seconds=0.3)
        )
    ]
    assert len(passi) >= 3
    assert all(not novita for _, novita in passi)
    assert len(flussi) == 0


async def test_nobody_holds_a_connection_while_nothing_happens(puntiluna: ServiceUnderTest) -> None:
    flussi = Flussi(puntiluna.transaction, intervallo=timedelta(seconds=30))
    async with aclosing(flussi.ascolta(flussi.riserva(uuid7(), "uno"), None, battito=timedelta(seconds=5))) as passi:
        await _prossimo(passi)
        ascolto = asyncio.ensure_future(anext(passi))
        await asyncio.sleep(0.2)
        in_uso = puntiluna.runtime.database.engine.pool.checkedout()  # type: ignore[attr-defined]  # a QueuePool
        assert in_uso == 0
        ascolto.cancel()
        with pytest.raises(asyncio.CancelledError):
            await ascolto


async def test_the_route_streams_events_with_their_position(
    puntiluna: ServiceUnderTest, identita: Identita, monkeypatch: pytest.MonkeyPatch
) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, _ = await mondo.nucleo_moroso()
    identita.persone["residente"] = Identity(uuid7(), famiglia)
    await puntiluna.run_job(sigilla_movimenti)
    puntiluna.app.state.flussi = _Finito(puntiluna)
    percorso = f"/v1/nuclei/{famiglia}/estratto-conto/eventi"
    prima = await puntiluna.get(percorso, roles=["residente"], sub="residente")
    assert prima.headers["content-type"].startswith("text/event-stream")
    assert prima.headers["x-accel-buffering"] == "no"
    [inizio] = _eventi(prima.text)
    assert (inizio["event"], inizio["retry"]) == ("inizio", "5000")
    await mondo.presenza(famiglia, minuti=60)
    await puntiluna.run_job(sigilla_movimenti)
    seconda = await puntiluna.get(
        percorso, roles=["residente"], sub="residente", headers={"Last-Event-ID": inizio["id"]}
    )
    _, accredito = _eventi(seconda.text)
    assert accredito["event"] == "movimento"
    assert leggi_posizione(accredito["id"]) is not None
    detto = json.loads(accredito["data"])
    assert (detto["voce"], detto["punti"], detto["libro"], detto["euro"]) == ("guadagnati", "5.00", "punti", "0.00")
    await puntiluna.deliver(QUOTA, quota(famiglia, mondo.progetto_id, 7_00))
    await puntiluna.run_job(sigilla_movimenti)
    terza = await puntiluna.get(
        percorso, roles=["residente"], sub="residente", headers={"Last-Event-ID": accredito["id"]}
    )
    denaro = json.loads(_eventi(terza.text)[1]["data"])
    assert (denaro["libro"], denaro["punti"], denaro["euro"]) == ("quote", "0.00", "7.00")
    assert len(puntiluna.app.state.flussi) == 0, "every place was given back"
    estraneo = await puntiluna.get(f"/v1/nuclei/{uuid7()}/estratto-conto/eventi", roles=["residente"], sub="residente")
    problema(estraneo, 403, "nucleo-di-altri")
    puntiluna.app.state.flussi = Flussi(puntiluna.transaction, massimi=0)
    pieno = await puntiluna.get(percorso, roles=["residente"], sub="residente")
    problema(pieno, 503, "troppi-ascolti")
    assert pieno.headers["retry-after"] == "30"
    del puntiluna.app.state.flussi


async def test_a_place_is_taken_before_the_stream_begins_and_given_back_though_it_never_does(
    puntiluna: ServiceUnderTest,
) -> None:
    flussi = Flussi(puntiluna.transaction, massimi=1)
    ascolto = flussi.riserva(uuid7(), "uno")
    with pytest.raises(TroppiAscolti):
        flussi.riserva(uuid7(), "due")

    async def assente(_: Any) -> None:
        raise OSError("the listener is gone")

    async def ricevi() -> dict[str, str]:
        return {"type": "http.disconnect"}

    risposta = RispostaAperta(flussi, ascolto, None)
    with suppress(Exception):
        await risposta({"type": "http", "asgi": {"spec_version": "2.4"}}, ricevi, assente)
    assert len(flussi) == 0
    flussi.libera(flussi.riserva(uuid7(), "due"))


def test_places_are_bounded_for_the_process_and_for_the_caller() -> None:
    controlla_posti(aperti=9, massimi=10, del_soggetto=3, massimi_soggetto=4)
    for aperti, suoi in ((10, 0), (4, 4)):
        with pytest.raises(TroppiAscolti):
            controlla_posti(aperti=aperti, massimi=10, del_soggetto=suoi, massimi_soggetto=4)


@pytest.mark.parametrize("testo", [None, "", "7", "p1", "p1-q", "p-1-q2", "p1-q2x", "p" + "9" * 30 + "-q1"])
def test_a_position_that_is_not_ours_is_no_position(testo: str | None) -> None:
    assert leggi_posizione(testo) is None
    assert leggi_posizione(str(Posizione(12, 3))) == Posizione(12, 3)


class _Finito(Flussi):
    """Listens for half a second, so that a test client gets a whole answer."""

    def __init__(self, servizio: ServiceUnderTest) -> None:
        super().__init__(servizio.transaction, intervallo=timedelta(seconds=0.02))

    def ascolta(self, ascolto: Ascolto, da: Posizione | None, **_: Any) -> AsyncGenerator[Passo, None]:
        return super().ascolta(ascolto, da, battito=timedelta(seconds=5), durata=timedelta(seconds=0.5))


def _eventi(testo: str) -> list[dict[str, str]]:
    blocchi = [blocco for blocco in testo.split("\n\n") if blocco and not blocco.startswith(":")]
    return [dict(riga.split(": ", 1) for riga in blocco.split("\n")) for blocco in blocchi]
