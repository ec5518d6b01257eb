"""The gateway's own routes: state, health, metrics, and the clock of a local platform."""

import json
import logging
import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.gateway.fakes import Platform, platform

ISTANTE = "2017-05-02T08:00:00Z"


async def test_the_state_tells_each_service(porta: Platform) -> None:
    answer = await porta.client.get("/status")
    assert answer.json() == {
        "stato": "ok",
        "servizi": dict.fromkeys(("bandi", "laboratori", "inclusione", "puntiluna"), "ok"),
    }
    assert answer.headers["cache-control"] == "no-store"


async def test_a_service_that_is_not_ready_is_told_and_the_gateway_stays_ready() -> None:
    async with platform() as porta:
        porta.services["inclusione"].ready = False
        state = (await porta.client.get("/status")).json()
        assert (state["stato"], state["servizi"]["inclusione"]) == ("degradato", "non_disponibile")
        assert (await porta.client.get("/readyz")).status_code == 200
        assert (await porta.client.get("/healthz")).status_code == 200


async def test_metrics_count_by_template_and_never_by_what_the_caller_wrote(porta: Platform) -> None:
    for number in range(3):
        await porta.client.get(f"/rest/laboratori/v1/voci/{number}?segreto=1")
        await porta.client.get(f"/rest/laboratori/v1/inventato/{number}", headers=porta.token())
        await porta.client.request(f"STRANO{number}", "/status")
    metrics = await porta.metrics()
    counted = re.findall(r"^quartieri_gateway_requests_total\{(.*)\} (\S+)$", metrics, re.MULTILINE)
    told = dict(counted)
    assert told['method="GET",route="/v1/voci/{voce_id}",service="laboratori",status="200"'] == "3.0"
    assert told['method="GET",route="altro",service="laboratori",status="200"'] == "3.0"
    assert "segreto" not in metrics
    assert "inventato" not in metrics
    assert "STRANO" not in metrics
    assert 'quartieri_gateway_upstream_seconds_count{service="laboratori"}' in metrics


async def test_the_log_has_a_line_for_each_request_without_path_query_or_address(porta: Platform) -> None:
    written: list[str] = []
    log = porta.gateway._log
    log.flush()
    log._write, before = written.append, log._write
    log._logger.setLevel(logging.INFO)
    sent = porta.token("u77")
    answer = await porta.client.get("/rest/bandi/v1/voci/RSSMRA80A01F205X?cognome=Rossi", headers=sent)
    await porta.until(lambda: bool(written))
    log._write = before
    log._logger.setLevel(logging.NOTSET)
    (line,) = "".join(written).splitlines()
    told = json.loads(line)
    assert (told["method"], told["route"], told["status"]) == ("GET", "/v1/voci/{voce_id}", 200)
    assert told["request_id"] == answer.headers["x-request-id"]
    assert abs(datetime.fromisoformat(told["time"]) - datetime.now(UTC)) < timedelta(seconds=30)
    assert not [secret for secret in ("RSSMRA", "Rossi", "127.0.0.1", "u77", "Bearer") if secret in line]


@pytest.mark.parametrize("path", ["/status", "/healthz", "/readyz", "/metrics", "/openapi.json", "/docs"])
async def test_own_routes_are_read_only(porta: Platform, path: str) -> None:
    assert (await porta.client.head(path)).status_code == 200
    answer = await porta.client.post(path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"
    assert answer.json()["type"] == "urn:quartieri:problema:metodo-non-offerto"


async def test_an_administrator_sets_the_clock_of_every_service() -> None:
    async with platform() as porta:
        sent = porta.token(roles=["amministratore"])
        answer = await porta.client.put("/orologio", json={"adesso": ISTANTE}, headers=sent)
        assert answer.status_code == 200
        assert {service.clock for service in porta.services.values()} == {ISTANTE}
        told = (await porta.client.get("/orologio", headers=sent)).json()
        assert told == {"adesso": ISTANTE, "servizi": dict.fromkeys(porta.services, ISTANTE)}


async def test_nobody_else_sets_the_clock() -> None:
    async with platform() as porta:
        before = {service.clock for service in porta.services.values()}
        refused = await porta.client.put("/orologio", json={"adesso": ISTANTE}, headers=porta.token())
        anonymous = await porta.client.put("/orologio", json={"adesso": ISTANTE})
        assert (refused.status_code, anonymous.status_code) == (403, 401)
        assert {service.clock for service in porta.services.values()} == before


async def test_with_a_dead_service_no_clock_is_moved() -> None:
    async with platform(dead=("puntiluna",)) as porta:
        before = porta.services["bandi"].clock
        sent = porta.token(roles=["amministratore"])
        answer = await porta.client.put("/orologio", json={"adesso": ISTANTE}, headers=sent)
        assert answer.status_code == 503
        assert "puntiluna" in answer.json()["detail"]
        assert porta.services["bandi"].clock == before


async def test_outside_a_local_platform_there_is_no_clock() -> None:
    secure = "https://accesso.example.it"
    async with platform(quartieri_env="production", issuer_url=secure, jwks_url=f"{secure}/jwks") as porta:
        for method in ("GET", "PUT"):
            answer = await porta.client.request(method, "/orologio")
            assert answer.status_code == 404


async def test_a_defect_is_told_without_its_cause(porta: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("segreto interno")

    monkeypatch.setattr(porta.gateway._catalog, "routes", broken)
    answer = await porta.client.get("/rest/bandi/v1/eco", headers=porta.token())
    assert answer.status_code == 500
    assert answer.json()["type"] == "urn:quartieri:problema:errore-interno"
    assert "segreto" not in answer.text
    assert answer.json()["instance"].endswith(answer.headers["x-request-id"])
