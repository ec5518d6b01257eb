"""Whatever arrives at the public door: never a 500, never a stack trace, never a partial write.

Cases are made from the joined OpenAPI document, with valid tokens of the roles each route names: a run fails unless
most cases reach a handler.
"""

import contextlib
import functools
import os
import random
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
import pytest_asyncio
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from deploy.local.platform import LocalPlatform
from tests.support.story import connect, fingerprint, required_by, some_ids, theatre

load_all_checks()

CASES = 1_000
MANY_CASES = 20_000
LEAST_REACHING = 0.60
SEED = 20201130
# Refusals given before the code of a route is entered. An object that does not exist is told by that code.
BEFORE_THE_HANDLER = {
    "bad-request",
    "invalid",
    "unauthenticated",
    "forbidden",
    "ruolo-non-ammesso",
    "method-not-allowed",
    "unsupported-media-type",
    "too-large",
    "too-many-requests",
    "token-mancante",
    "percorso-inesistente",
}
CHECKS: list[Callable[..., Any]] = [content_type_conformance, response_schema_conformance, status_code_conformance]
# The people of the story, so that what they call is theirs.
PEOPLE = {
    "residente": ("residente.lunetta", None),
    "ente_proprietario": ("gestionale.aler", "ALER-BRESCIA-CREMONA-MANTOVA"),
    "operatore_laboratorio": ("operatore.lunetta", "COMUNE-MANTOVA"),
    "operatore_accreditato": ("operatore.formazione", "SOLCO-MANTOVA"),
}
SOMEBODY = ("persona.prova", "COMUNE-MANTOVA")
REAL_SHARE = 0.8


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def open_platform() -> AsyncIterator[LocalPlatform]:
    """A platform of its own, since cases write to it, with no limit on the rate."""
    unlimited = {**os.environ, "RATE_LIMIT_PER_SECOND": "100000", "RATE_LIMIT_BURST": "1000000"}
    async with LocalPlatform.throwaway(environ=unlimited) as running:
        async with theatre(running, in_flight=16, one_by_one=False) as stage:
            await stage.play(*required_by("lunattiva"), "lunattiva")
        yield running


async def tokens_by_role(platform: LocalPlatform, document: dict[str, Any]) -> dict[str, str]:
    """A good token for each role the document names."""
    roles = {
        role
        for item in document["paths"].values()
        for operation in item.values()
        if isinstance(operation, dict)
        for role in operation.get("x-ruoli", [])
    }
    assert len(roles) > 5
    found = {}
    for role in roles:
        subject, ente = PEOPLE.get(role, SOMEBODY)
        found[role] = await platform.token(roles=[role], subject=subject, ente=ente)
    return found


async def real_ids(platform: LocalPlatform, document: dict[str, Any]) -> dict[tuple[str, str], list[str]]:
    """Ids of objects of the story, by service and parameter."""
    found: dict[tuple[str, str], list[str]] = {}
    for path in document["paths"]:
        service = path.split("/")[2] if path.startswith("/rest/") else ""
        for parameter in re.findall(r"\{(\w+)\}", path):
            if (service, parameter) not in found:
                connection = await connect(platform, service)
                found[service, parameter] = await some_ids(connection, parameter, 20)
                await connection.close()
    return found


class Door:
    """Sends cases to the gateway and keeps count of what became of them."""

    def __init__(self, url: str, tokens: dict[str, str], ids: dict[tuple[str, str], list[str]]) -> None:
        self.url = url
        self._ids = ids
        self._dice = random.Random(SEED)
        self._tokens = tokens
        self.outcomes: Counter[str] = Counter()
        self.slugs: Counter[str] = Counter()
        self.client = httpx.Client(base_url=url, timeout=30)

    def send(self, case: Case[Any], roles: list[str]) -> int:
        """Sends one case with a token of the first of its roles; returns the status."""
        headers = {"Authorization": f"Bearer {self._tokens[roles[0]]}"} if roles else {}
        response = case.call(base_url=self.url, headers=headers)
        text = response.content.decode(errors="replace")
        self.check(response.status_code, text, case)
        case.validate_response(response, checks=CHECKS)
        self.count(response.status_code, text)
        return int(response.status_code)

    def send_real(self, case: Case[Any], roles: list[str]) -> int:
        """Sends a case, most times on an object that exists."""
        service = case.path.split("/")[2] if case.path.startswith("/rest/") else ""
        for parameter in case.path_parameters or {}:
            known = self._ids.get((service, parameter))
            if known and self._dice.random() < REAL_SHARE:
                case.path_parameters[parameter] = self._dice.choice(known)
        return self.send(case, roles)

    def check(self, status: int, text: str, what: object) -> None:
        """No defect of ours in an answer."""
        assert status < 500, f"{status} {text[:500]} for {what!r}"
        assert "Traceback" not in text
        assert "sqlalchemy" not in text.lower()

    def count(self, status: int, text: str) -> None:
        """Says whether a handler was reached."""
        slug = text.split("urn:quartieri:problema:", 1)[-1].split('"', 1)[0] if status >= 400 else ""
        self.slugs[f"{status} {slug}"] += 1
        self.outcomes["before" if slug in BEFORE_THE_HANDLER else "reached"] += 1


def cases_of(operation: Any, mode: GenerationMode, many: int, use: Callable[..., Any]) -> None:
    """Makes `many` cases of an operation, reproducibly, and hands each to `use`."""

    @seed(SEED)
    @settings(
        max_examples=many,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode))
    def run(case: Case[Any]) -> None:
        use(case)

    run()


@schemathesis.serializer("text/csv")
def _csv(context: Any, value: Any) -> bytes:
    del context
    return str(value).encode("utf-8", "surrogatepass")


def _listens(operation: Any) -> bool:
    """Whether the answer lasts as long as its caller listens: such a route has tests of its own."""
    answer = operation.definition.raw.get("responses", {}).get("200", {})
    return "text/event-stream" in answer.get("content", {})


def _results(document: dict[str, Any]) -> list[Any]:
    return list(schemathesis.openapi.from_dict(document).get_all_operations())


async def fuzz(platform: LocalPlatform, total: int) -> Door:
    """A third of the cases breaks the schema, and must leave no trace; the others follow it."""
    async with httpx.AsyncClient(base_url=platform.gateway_url) as client:
        document = (await client.get("/openapi.json")).json()
    tokens = await tokens_by_role(platform, document)
    door = Door(platform.gateway_url, tokens, await real_ids(platform, document))
    operations: list[Any] = [item.ok() for item in _results(document)]
    operations = [operation for operation in operations if not _listens(operation)]
    each = -(-total // len(operations))
    for operation in operations:
        roles = operation.definition.raw.get("x-ruoli") or []
        await _refused_cases(platform, operation, roles, door, max(1, each // 4))
    for operation in operations:
        roles = operation.definition.raw.get("x-ruoli") or []
        cases_of(operation, GenerationMode.POSITIVE, each, functools.partial(door.send_real, roles=roles))
    return door


async def _refused_cases(platform: LocalPlatform, operation: Any, roles: list[str], door: Door, many: int) -> None:
    parts = operation.path.split("/")
    services = [parts[2]] if len(parts) > 2 and parts[1] == "rest" else []
    before = await fingerprint(platform, services)
    statuses: list[int] = []
    # A route that takes nothing has nothing to break.
    with contextlib.suppress(Unsatisfiable):
        cases_of(operation, GenerationMode.NEGATIVE, many, lambda case: statuses.append(door.send(case, roles)))
    if all(status >= 400 for status in statuses):
        assert await fingerprint(platform, services) == before, f"{operation.method} {operation.path} left a trace"


@pytest.mark.e2e
@pytest.mark.slow
async def test_a_thousand_cases_from_the_joined_document_find_no_defect(open_platform: LocalPlatform) -> None:
    await check(open_platform, CASES)


@pytest.mark.fuzz
async def test_twenty_thousand_cases_from_the_joined_document_find_no_defect(open_platform: LocalPlatform) -> None:
    await check(open_platform, MANY_CASES)


async def check(platform: LocalPlatform, total: int) -> None:
    """Fuzzes, and fails also when too few cases reached a handler."""
    door = await fuzz(platform, total)
    sent = sum(door.outcomes.values())
    assert sent >= total
    share = door.outcomes["reached"] / sent
    assert share >= LEAST_REACHING, f"only {share:.0%} of {sent} cases reached a handler: {door.slugs.most_common(15)}"


@pytest.mark.e2e
@pytest.mark.slow
async def test_bytes_that_are_no_request_of_ours_are_refused_and_leave_nothing(open_platform: LocalPlatform) -> None:
    platform = open_platform
    dice = random.Random(SEED)
    token = await platform.token(roles=["residente"], subject="prova.residente")
    headers = {"Authorization": f"Bearer {token}"}
    before = await fingerprint(platform)
    bodies = [
        b"",
        b"\xff\xfe\x00",
        b"{" * 5_000,
        b"[" * 200_000,
        b'{"a": "\\ud800"}',
        b'{"a": 1e400}',
        dice.randbytes(2_000),
        b"null",
        b'"' + b"x" * 500_000 + b'"',
    ]
    kinds = [
        "application/json",
        "text/plain",
        "application/xml",
        "multipart/form-data",
        "application/json; charset=utf-16",
    ]
    paths = [
        "/rest/bandi/v1/bandi",
        "/rest/laboratori/v1/persone",
        "/rest/puntiluna/v1/%00",
        "/rest/inclusione/v1/..%2f",
    ]
    async with httpx.AsyncClient(base_url=platform.gateway_url, timeout=30) as client:
        for path in paths:
            for body in bodies:
                answer = await client.post(path, content=body, headers={**headers, "Content-Type": dice.choice(kinds)})
                assert 400 <= answer.status_code < 500, (path, body[:30], answer.status_code, answer.text[:300])
                assert answer.headers["content-type"] == "application/problem+json"
    assert await fingerprint(platform) == before
