"""Settings, logs, jobs, traces and documents of a process."""

import asyncio
import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import tables, upkeep
from chassis.errors import Forbidden, Invalid, Unavailable
from chassis.http.cursors import CursorSigner
from chassis.jobs import Job, run_once
from chassis.logs import JsonFormatter
from chassis.metrics import Metrics
from chassis.peers import Identity, IdentityPeer
from chassis.settings import SettingsError, load_settings
from chassis.tracing import continue_trace, valid_request_id
from tests.support.infra import base_env
from tests.support.service import ServiceUnderTest

GOOD = {**base_env(), "NATS_URL": "nats://n", "BANDI_DATABASE_URL": "postgresql://u:p@h/d"}


def test_a_missing_variable_is_named_with_every_other_one_at_fault() -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings("bandi", {"CURSOR_KEY": "changeme"})
    for variable in ("BANDI_DATABASE_URL", "NATS_URL", "ISSUER_URL", "JWKS_URL", "CURSOR_KEY"):
        assert variable in str(refused.value)


def test_production_refuses_unencrypted_keys_of_the_issuer() -> None:
    with pytest.raises(SettingsError, match="https"):
        load_settings("bandi", {**GOOD, "QUARTIERI_ENV": "production"})


def test_production_refuses_to_send_its_secret_in_clear() -> None:
    issuer = {"ISSUER_URL": "https://i.test", "JWKS_URL": "https://i.test/k", "QUARTIERI_ENV": "production"}
    assert load_settings("bandi", {**GOOD, **issuer, "TOKEN_URL": "https://i.test/token"}).token_url
    with pytest.raises(SettingsError, match="TOKEN_URL"):
        load_settings("bandi", {**GOOD, **issuer, "TOKEN_URL": "http://i.test/token"})


def test_secrets_do_not_show_in_the_settings_printed() -> None:
    settings = load_settings("bandi", GOOD)
    assert "u:p@h" not in repr(settings)
    assert settings.migration_url == "postgresql://u:p@h/d"


def test_a_log_line_is_json_with_its_service_and_extras() -> None:
    record = logging.LogRecord("x", logging.INFO, "f", 1, "ciao %s", ("mondo",), None)
    record.route = "/v1/note"
    line = json.loads(JsonFormatter("bandi").format(record))
    assert (line["message"], line["service"], line["route"]) == ("ciao mondo", "bandi", "/v1/note")


def test_a_trace_goes_on_and_a_malformed_one_begins_anew() -> None:
    parent = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"
    assert continue_trace(parent)[3:35] == "a" * 32
    assert continue_trace(parent) != parent
    assert continue_trace("00-" + "0" * 32 + "-" + "b" * 16 + "-01")[3:35] != "0" * 32
    assert valid_request_id("a\nb") is None


def test_a_cursor_of_one_list_does_not_open_another() -> None:
    signer = CursorSigner("k" * 40)
    cursor = signer.encode(["x", 3], "/v1/note")
    assert signer.decode(cursor, "/v1/note") == ["x", 3]
    for other, scope in ((signer, "/v1/altro"), (CursorSigner("j" * 40), "/v1/note")):
        with pytest.raises(Invalid, match="cursore"):
            other.decode(cursor, scope)


async def test_a_job_runs_on_one_replica_at_a_time(toy: ServiceUnderTest) -> None:
    running = asyncio.Event()
    go_on = asyncio.Event()

    async def lento(session: AsyncSession, now: datetime) -> None:
        running.set()
        await go_on.wait()

    job = Job(lento, 1)
    first = asyncio.create_task(run_once(job, toy.runtime.database, toy.clock.now()))
    await running.wait()
    assert await run_once(job, toy.runtime.database, toy.clock.now()) is False
    go_on.set()
    assert await first is True


async def test_what_is_kept_for_a_time_is_forgotten_and_unsent_events_never(toy: ServiceUnderTest) -> None:
    jobs = {job.name: job for job in upkeep.upkeep_jobs(Metrics(), lambda: None).all}
    old = datetime(2020, 1, 1, tzinfo=UTC)
    row = {"subject": "x", "aggregate_id": uuid4(), "versione": 1, "body": {}, "accaduto_il": old, "creato_il": old}
    kept, gone = uuid4(), uuid4()
    async with toy.transaction() as session:
        await session.execute(tables.outbox.insert().values(event_id=gone, inviato_il=old, **row))
        await session.execute(tables.outbox.insert().values(event_id=kept, **row))
        await session.execute(
            tables.idempotent_answer.insert().values(
                soggetto="vecchio", rotta="r", chiave="k", impronta=b"", creato_il=old
            )
        )
    await run_once(jobs["forget_the_old"], toy.runtime.database, toy.clock.now())
    async with toy.transaction() as session:
        left = set(await session.scalars(sa.select(tables.outbox.c.event_id)))
        answers = await session.scalar(
            sa.select(sa.func.count()).where(tables.idempotent_answer.c.soggetto == "vecchio")
        )
    assert kept in left
    assert gone not in left
    assert answers == 0


async def test_the_clock_is_set_by_an_administrator_only_and_outlives_the_process(toy: ServiceUnderTest) -> None:
    target = {"adesso": "2019-05-01T08:00:00Z"}
    offset = toy.clock.offset
    try:
        assert (await toy.put("/orologio", json=target, roles=["residente"])).status_code == 403
        assert (await toy.put("/orologio", json=target)).status_code == 401
        for bad in ("9999-12-31T23:59:59.999999Z", "0001-01-01T00:00:00Z"):
            assert (await toy.put("/orologio", json={"adesso": bad}, roles=["amministratore"])).status_code == 422
        done = await toy.put("/orologio", json=target, roles=["amministratore"])
        assert done.json()["adesso"].startswith("2019-05-01T08:00:0")
        toy.clock.set_offset(offset)
        await toy.runtime._load_clock()
        assert toy.clock.now().year == 2019
    finally:
        toy.clock.set_offset(offset)
        async with toy.transaction() as session:
            await session.execute(sa.delete(tables.platform_clock))


async def test_status_and_probes_answer(toy: ServiceUnderTest) -> None:
    status = await toy.get("/status")
    assert status.status_code == 200
    assert status.json()["dipendenze"] == {"database": True}
    assert (await toy.get("/healthz")).status_code == 200
    metrics = await toy.get("/metrics")
    assert b"quartieri_http_request_seconds" in metrics.content


async def test_a_public_document_says_who_may_call_and_which_events_are_told(toy: ServiceUnderTest) -> None:
    document = toy.app.openapi()
    operation = document["paths"]["/v1/note"]["post"]
    assert operation["x-ruoli"] == ["residente"]
    assert operation["operationId"] == "scrivi_nota"
    assert "application/problem+json" in operation["responses"]["422"]["content"]
    told = (await toy.get("/asyncapi.json")).json()
    assert told["channels"]["bandi-nota-scritta-v1"]["address"] == "bandi.nota.scritta.v1"
    assert told["x-ascolta"] == ["laboratori.nota.scritta.v1"]


def _peer(answer: httpx.Response, **more: str) -> IdentityPeer:
    environ = {**GOOD, "TOKEN_URL": "http://i/token", "BANDI_CLIENT_ID": "bandi", "BANDI_CLIENT_SECRET": "s", **more}

    def reply(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            return httpx.Response(200, json={"access_token": "t", "expires_in": 300})
        assert request.headers["authorization"] == "Bearer t"
        return answer

    settings: Any = load_settings("bandi", {**environ, "LABORATORI_URL": "http://lab"})
    return IdentityPeer(settings, httpx.MockTransport(reply))


async def test_a_resident_is_recognised_through_laboratori() -> None:
    persona = uuid4()
    found = await _peer(httpx.Response(200, json={"persona_id": str(persona), "nucleo_id": None})).identity_of("anna")
    assert (found.persona_id, found.nucleo_id) == (persona, None)


async def test_an_operator_follows_the_households_of_their_labs_only() -> None:
    assert await _peer(httpx.Response(200, json={"segue": True})).follows("op", uuid4()) is True
    assert await _peer(httpx.Response(200, json={"segue": False})).follows("op", uuid4()) is False
    with pytest.raises(Unavailable):
        await _peer(httpx.Response(503)).follows("op", uuid4())


async def test_an_operator_follows_the_people_of_their_labs_only() -> None:
    persona, nucleo = uuid4(), uuid4()
    peer = _peer(httpx.Response(200, json={"segue": True, "nucleo_id": str(nucleo)}))
    for _ in range(2):
        assert await peer.follows_person("op", persona) == Identity(persona, nucleo)
    assert (
        await _peer(httpx.Response(200, json={"segue": False, "nucleo_id": None})).follows_person("op", nucleo) is None
    )
    with pytest.raises(Unavailable):
        await _peer(httpx.Response(503)).follows_person("op", persona)


async def test_an_unknown_resident_is_refused_and_a_silent_registry_is_503() -> None:
    with pytest.raises(Forbidden):
        await _peer(httpx.Response(404)).identity_of("anna")
    with pytest.raises(Unavailable):
        await _peer(httpx.Response(500)).identity_of("anna")


def _peer_with(
    lab: Callable[[httpx.Request], httpx.Response], issuer: Callable[[], httpx.Response] | None = None
) -> IdentityPeer:
    """A peer whose laboratori and issuer answer what these functions say; the issuer numbers its tokens."""
    tokens = iter(range(1, 100))

    def reply(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            if issuer is not None:
                return issuer()
            return httpx.Response(200, json={"access_token": f"t{next(tokens)}", "expires_in": 300})
        return lab(request)

    environ = {**GOOD, "TOKEN_URL": "http://i/token", "BANDI_CLIENT_ID": "bandi", "BANDI_CLIENT_SECRET": "s"}
    settings: Any = load_settings("bandi", {**environ, "LABORATORI_URL": "http://lab"})
    return IdentityPeer(settings, httpx.MockTransport(reply))


async def test_a_token_the_registry_does_not_accept_is_forgotten_and_another_tried_once() -> None:
    seen: list[str] = []

    def lab(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["authorization"])
        good = request.headers["authorization"] == "Bearer t2"
        return httpx.Response(200, json={"segue": True}) if good else httpx.Response(401)

    peer = _peer_with(lab)
    assert await peer.follows("op", uuid4()) is True
    assert await peer.follows("op", uuid4()) is True
    assert seen == ["Bearer t1", "Bearer t2", "Bearer t2"], "the good one is kept"


async def test_a_registry_that_accepts_no_token_is_asked_twice_not_for_ever() -> None:
    seen: list[str] = []

    def lab(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["authorization"])
        return httpx.Response(401)

    with pytest.raises(Unavailable):
        await _peer_with(lab).follows("op", uuid4())
    assert seen == ["Bearer t1", "Bearer t2"]


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json={}),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"persona_id": "no", "segue": None}),
    ],
)
async def test_a_registry_that_answers_something_else_is_as_good_as_away(answer: httpx.Response) -> None:
    peer = _peer_with(lambda request: answer)
    with pytest.raises(Unavailable):
        await peer.identity_of("anna")
    with pytest.raises(Unavailable):
        await peer.names_of([uuid4()], purpose="prova")


@pytest.mark.parametrize("token", [httpx.Response(200, text="no"), httpx.Response(200, json={}), httpx.Response(500)])
async def test_an_issuer_that_answers_something_else_is_as_good_as_away(token: httpx.Response) -> None:
    with pytest.raises(Unavailable):
        await _peer_with(lambda request: httpx.Response(200), lambda: token).follows("op", uuid4())


async def test_names_are_asked_in_bounded_lots_for_a_stated_purpose_and_never_kept() -> None:
    asked: list[dict[str, Any]] = []

    def lab(request: httpx.Request) -> httpx.Response:
        asked.append(json.loads(request.content))
        empty = {"nome": None, "cognome": None, "data_nascita": None, "codice_fiscale": None}
        items = [empty | {"persona_id": persona} for persona in asked[-1]["persone"]]
        items[0] |= {"nome": "Anna", "cognome": "Rossi", "data_nascita": "1980-02-03"}
        return httpx.Response(200, json={"items": items})

    people = [uuid4() for _ in range(120)]
    peer = _peer_with(lab)
    await peer.names_of(people, purpose="stampa del piano")
    names = await peer.names_of(people, purpose="stampa del piano")
    assert [(len(body["persone"]), body["scopo"]) for body in asked] == [
        (100, "stampa del piano"),
        (20, "stampa del piano"),
    ] * 2
    assert names[people[0]].per_esteso == "Anna Rossi"
    assert names[people[1]].per_esteso == f"persona {people[1]}"
