"""One request is one transaction, committed before the answer; refusals are problem+json and leave nothing."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from chassis import tables
from chassis.http.context import Context
from tests.chassis.conftest import nota
from tests.support.service import ServiceUnderTest

ME = {"roles": ["residente"], "sub": "anna"}


async def count(toy: ServiceUnderTest, table: sa.Table, **where: object) -> int:
    async with toy.transaction() as session:
        query = sa.select(sa.func.count()).select_from(table)
        for name, value in where.items():
            query = query.where(table.c[name] == value)
        return int(await session.scalar(query) or 0)


async def test_a_post_writes_the_row_and_its_event_together(toy: ServiceUnderTest) -> None:
    answer = await toy.post("/v1/note", json={"testo": "  perche\u0301 ", "importo": "12.50"}, **ME)
    assert answer.status_code == 201, answer.text
    assert answer.json()["testo"] == "perch\u00e9"
    assert answer.json()["importo"] == "12.50"
    events = await toy.emitted("bandi.nota.scritta.v1")
    assert [event["testo"] for event in events if event["nota_id"] == answer.json()["nota_id"]] == ["perch\u00e9"]


async def test_a_failing_commit_answers_500_and_leaves_neither_row_nor_event(toy: ServiceUnderTest) -> None:
    before = await count(toy, tables.outbox)
    key = {"Idempotency-Key": "commit-che-fallisce"}
    answer = await toy.post("/v1/note", json={"testo": "fallisci al commit"}, headers=key, **ME)
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert await count(toy, nota, testo="fallisci al commit") == 0
    assert await count(toy, tables.outbox) == before
    assert await count(toy, tables.idempotent_answer, chiave="commit-che-fallisce") == 0


async def test_a_refusal_is_an_italian_problem_with_a_stable_type(toy: ServiceUnderTest) -> None:
    answer = await toy.post("/v1/note", json={"testo": "doppia"}, **ME)
    assert answer.status_code == 409
    body = answer.json()
    assert body["type"] == "urn:quartieri:problema:nota-doppia"
    assert body["campo"] == "testo"
    assert body["rimedio"] == "Scrivere un altro testo."
    assert body["instance"] == "/v1/note"


async def test_a_defect_answers_500_without_its_message(toy: ServiceUnderTest) -> None:
    answer = await toy.get("/v1/difetti")
    assert answer.status_code == 500
    assert "segreto" not in answer.text
    assert answer.json()["type"] == "urn:quartieri:problema:internal-error"


async def test_every_defect_of_a_body_is_listed_at_once(toy: ServiceUnderTest) -> None:
    answer = await toy.post("/v1/note", json={"testo": "", "importo": 3.5, "ignoto": 1}, **ME)
    assert answer.status_code == 422
    assert {item["campo"] for item in answer.json()["errori"]} == {"testo", "importo", "ignoto"}


async def test_bad_bodies_are_4xx_never_500(toy: ServiceUnderTest) -> None:
    bodies = [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe",
        b'{"testo": "\\ud800"}',
        b'{"testo": "a\\u0000b"}',
        b'{"testo": "x", "importo": 1e999}',
        b'{"testo": "x", "importo": NaN}',
        b'{"testo": "x", "quando": 5}',
        b'{"testo": "x", "quando": "9999-12-31T23:59:59-12:00"}',
        b'{"testo": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"testo": ' + b"9" * 10_000 + b"}",
    ]
    for body in bodies:
        answer = await toy.post("/v1/note", content=body, headers={"content-type": "application/json"}, **ME)
        assert 400 <= answer.status_code < 500, (body[:40], answer.status_code, answer.text[:200])
        assert answer.headers["content-type"] == "application/problem+json"


async def test_two_identical_posts_at_once_with_one_key_do_it_once(toy: ServiceUnderTest) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    answers = await asyncio.gather(
        *(toy.post("/v1/note", json={"testo": "una volta"}, headers=key, **ME) for _ in range(8))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sorted(answer.headers.get("Idempotency-Hit", "-") for answer in answers) == ["-"] + ["true"] * 7
    assert await count(toy, nota, testo="una volta") == 1


async def test_one_key_with_another_body_is_refused(toy: ServiceUnderTest) -> None:
    key = {"Idempotency-Key": "stessa"}
    assert (await toy.post("/v1/note", json={"testo": "a"}, headers=key, **ME)).status_code == 201
    answer = await toy.post("/v1/note", json={"testo": "b"}, headers=key, **ME)
    assert answer.status_code == 409
    assert answer.json()["type"].endswith(":chiave-riutilizzata")


async def test_a_key_belongs_to_its_subject(toy: ServiceUnderTest) -> None:
    key = {"Idempotency-Key": "di-tutti"}
    first = await toy.post("/v1/note", json={"testo": "mia"}, headers=key, roles=["residente"], sub="anna")
    second = await toy.post("/v1/note", json={"testo": "mia"}, headers=key, roles=["residente"], sub="bruno")
    assert first.json()["nota_id"] != second.json()["nota_id"]


async def test_a_refused_key_keeps_nothing_so_the_corrected_world_is_seen(toy: ServiceUnderTest) -> None:
    key = {"Idempotency-Key": "rifiutata"}
    assert (await toy.post("/v1/note", json={"testo": "doppia"}, headers=key, **ME)).status_code == 409
    assert await count(toy, tables.idempotent_answer, chiave="rifiutata") == 0


async def test_a_malformed_key_is_refused(toy: ServiceUnderTest) -> None:
    for bad in ("", "con spazio", "x" * 256):
        answer = await toy.post("/v1/note", json={"testo": "a"}, headers={"Idempotency-Key": bad}, **ME)
        assert answer.status_code == 422, bad


async def test_an_edit_needs_the_version_it_saw(toy: ServiceUnderTest) -> None:
    made = (await toy.post("/v1/note", json={"testo": "prima"}, **ME)).json()
    path = f"/v1/note/{made['nota_id']}"
    assert (await toy.put(path, json={"testo": "x"}, **ME)).status_code == 428
    assert (await toy.put(path, json={"testo": "x"}, headers={"If-Match": '"v7"'}, **ME)).status_code == 412
    done = await toy.put(path, json={"testo": "dopo"}, headers={"If-Match": '"v1"'}, **ME)
    assert done.status_code == 200
    assert done.headers["ETag"] == '"v2"'


async def test_a_wrong_role_and_a_non_owner_are_refused_and_registered(toy: ServiceUnderTest) -> None:
    made = (await toy.post("/v1/note", json={"testo": "di anna"}, **ME)).json()
    path = f"/v1/note/{made['nota_id']}"
    before = await count(toy, tables.access_register, esito="negato")
    assert (await toy.put(path, json={"testo": "x"}, roles=["residente"], sub="bruno")).status_code == 403
    assert (await toy.put(path, json={"testo": "x"}, roles=["tesoriere"], sub="carla")).status_code == 403
    assert (await toy.put(path, json={"testo": "x"})).status_code == 401
    assert await count(toy, tables.access_register, esito="negato") == before + 2


async def test_a_list_is_paged_by_signed_cursors(toy: ServiceUnderTest) -> None:
    texts: list[str] = []
    cursor = None
    while True:
        page = (await toy.get("/v1/note", params={"cursor": cursor} if cursor else None)).json()
        texts += [item["testo"] for item in page["items"]]
        assert len(page["items"]) <= 2
        cursor = page["cursor"]
        if cursor is None:
            break
    assert len(texts) == await count(toy, nota)
    forged = await toy.get("/v1/note", params={"cursor": "AAAA" * 10})
    assert forged.status_code == 422
    assert forged.json()["campo"] == "cursor"


async def test_an_unknown_address_or_method_is_a_problem_too(toy: ServiceUnderTest) -> None:
    assert (await toy.get("/v1/niente")).json()["type"].endswith(":not-found")
    answer = await toy.delete("/v1/note")
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"] or "POST" in answer.headers["allow"]


async def test_a_request_id_comes_back_and_a_bad_one_is_replaced(toy: ServiceUnderTest) -> None:
    assert (await toy.get("/v1/note", headers={"X-Request-Id": "abc-1"})).headers["X-Request-Id"] == "abc-1"
    assert (await toy.get("/v1/note", headers={"X-Request-Id": "a b\t"})).headers["X-Request-Id"] != "a b\t"


async def test_a_lock_that_is_held_too_long_answers_503_and_writes_nothing(toy: ServiceUnderTest) -> None:
    async with toy.transaction() as session:
        await session.execute(sa.text("LOCK TABLE nota IN ACCESS EXCLUSIVE MODE"))
        answer = await toy.post("/v1/note", json={"testo": "in attesa"}, **ME)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    assert await count(toy, nota, testo="in attesa") == 0


async def test_the_instant_of_arrival_is_taken_before_any_waiting(
    toy: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key held by another request is waited for; the platform's instant of this one does not move meanwhile."""
    seen: list[datetime] = []
    real = Context.__init__

    def remember(self: Context, *args: Any, **kwargs: Any) -> None:
        real(self, *args, **kwargs)
        seen.append(self.now)

    monkeypatch.setattr(Context, "__init__", remember)
    slow = verifier_that_takes(toy, 0.3)
    monkeypatch.setattr(toy.runtime, "verifier", slow)
    before = toy.clock.now()
    await toy.post("/v1/note", json={"testo": "in tempo"}, **ME)
    assert before <= seen[0] < before + timedelta(seconds=0.2)


def verifier_that_takes(toy: ServiceUnderTest, seconds: float) -> Any:
    """The service's verifier, after a pause."""

    class Slow:
        async def verify(self, token: str) -> Any:
            await asyncio.sleep(seconds)
            return await inner.verify(token)

    inner = toy.runtime.verifier
    return Slow()


async def test_a_search_by_body_keeps_no_answer_and_looks_again(toy: ServiceUnderTest) -> None:
    key = {"Idempotency-Key": "una-ricerca"}
    first = await toy.post("/v1/note/ricerche", json={"testo": "da cercare"}, headers=key, **ME)
    await toy.post("/v1/note", json={"testo": "da cercare"}, **ME)
    second = await toy.post("/v1/note/ricerche", json={"testo": "da cercare"}, headers=key, **ME)
    assert (len(first.json()["items"]), len(second.json()["items"])) == (0, 1)
    assert await count(toy, tables.idempotent_answer, chiave="una-ricerca") == 0
    parameters = toy.app.openapi()["paths"]["/v1/note/ricerche"]["post"].get("parameters", [])
    assert "Idempotency-Key" not in {parameter["name"] for parameter in parameters}


async def test_a_made_up_field_name_is_repeated_without_what_cannot_be_printed(toy: ServiceUnderTest) -> None:
    answer = await toy.post("/v1/note", json={"testo": "a", "x\n\u0083y": 1}, **ME)
    assert [item["campo"] for item in answer.json()["errori"]] == ["x??y"]
