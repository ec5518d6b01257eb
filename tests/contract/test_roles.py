"""Every route called as every role answers exactly as the hand-written matrix says (tests/contract/matrice.txt).

A line of the matrix: service, method, path, the roles that may call it (`tutti`: no token is asked), and what the
caller must own (`-`: nothing). The file is written by hand from docs and law, never from the code.
"""

import importlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from chassis.http.route import TransactionalRoute
from chassis.ruoli import Ruolo
from tests.support.infra import Infra
from tests.support.service import ServiceUnderTest, service_settings

SERVICES = ("bandi", "laboratori", "inclusione", "puntiluna")
MATRIX = Path(__file__).parent / "matrice.txt"
REFUSED = "urn:quartieri:problema:ruolo-non-ammesso"


@dataclass(frozen=True)
class Line:
    """What the matrix says of one route."""

    service: str
    method: str
    path: str
    roles: frozenset[str]
    owned: bool

    @property
    def route(self) -> tuple[str, str]:
        """Method and path."""
        return self.method, self.path


def matrix() -> list[Line]:
    """The matrix as written."""
    lines = []
    for text in MATRIX.read_text(encoding="utf-8").splitlines():
        if not text.strip() or text.startswith("#"):
            continue
        left, roles, owner = (part.strip() for part in text.split("|"))
        service, method, path = left.split()
        named = frozenset() if roles == "tutti" else frozenset(roles.split())
        assert named <= {str(role) for role in Ruolo}, text
        lines.append(Line(service, method, path, named, owner != "-"))
    return lines


def routes_of(app: Any) -> dict[tuple[str, str], TransactionalRoute]:
    """The domain routes of an application."""
    return {
        (next(iter(route.methods or ())), route.path): route
        for api in app.state.spec.apis
        for route in api.router.routes
        if isinstance(route, TransactionalRoute)
    }


def concrete(path: str) -> str:
    """A path with something of the right form in each place."""
    path = re.sub(r"\{(numero|protocollo)\}", "1", path)
    path = re.sub(r"\{codice\}", "NESSUNO", path)
    return re.sub(r"\{\w+\}", lambda _: str(uuid4()), path)


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=SERVICES)
async def service(request: pytest.FixtureRequest, infra: Infra) -> AsyncIterator[ServiceUnderTest]:
    clone = await infra.clone(request.param)
    create_app = importlib.import_module(f"services.{request.param}.main").create_app
    async with ServiceUnderTest(request.param, create_app, service_settings(clone)) as running:
        yield running
    await infra.drop(clone)


async def test_the_matrix_names_every_route_and_no_other(service: ServiceUnderTest) -> None:
    written = {line.route for line in matrix() if line.service == service.name}
    assert written == set(routes_of(service.app))


async def test_a_route_lets_in_exactly_the_roles_of_the_matrix(service: ServiceUnderTest) -> None:
    wrong = []
    for line in matrix():
        if line.service != service.name:
            continue
        path = concrete(line.path)
        for role in Ruolo:
            answer = await service.request(line.method, path, roles=[role], ente="ENTE-DI-PROVA")
            assert answer.status_code != 500, (line, role, answer.text)
            let_in = answer.status_code != 401 and not (answer.status_code == 403 and answer.json()["type"] == REFUSED)
            if let_in != (not line.roles or role in line.roles):
                wrong.append((line.method, line.path, str(role), answer.status_code))
    assert not wrong


async def test_without_a_token_only_public_routes_answer(service: ServiceUnderTest) -> None:
    wrong = []
    for line in matrix():
        if line.service == service.name:
            answer = await service.request(line.method, concrete(line.path))
            if (answer.status_code == 401) != bool(line.roles):
                wrong.append((line.method, line.path, answer.status_code))
            if answer.status_code == 401:
                assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert not wrong


async def test_a_route_on_somebodys_objects_declares_who_owns_them(service: ServiceUnderTest) -> None:
    routes = routes_of(service.app)
    wrong = [line.route for line in matrix() if line.service == service.name and line.owned != _declares(routes, line)]
    assert not wrong


def _declares(routes: dict[tuple[str, str], TransactionalRoute], line: Line) -> bool:
    return bool(routes[line.route].dependencies)
