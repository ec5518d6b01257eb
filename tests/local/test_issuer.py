"""The local issuer: who gets a token, who does not, and that it never leaves the local machine."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from chassis.ruoli import Ruolo
from chassis.tokens import Principal, TokenVerifier
from deploy.local import users
from deploy.local.credentials import Credentials
from deploy.local.issuer import NotLocal, create_app

URL = "http://127.0.0.1:8090"


class Desk:
    """The issuer behind a client, and a verifier that believes it."""

    def __init__(self, folder: Path) -> None:
        self.credentials = Credentials(folder / "secrets")
        app = create_app({"QUARTIERI_ENV": "local", "QUARTIERI_HOME": str(folder), "ISSUER_URL": URL})
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL)
        self.verifier = TokenVerifier(URL, "quartieri", f"{URL}/jwks.json", fetch=self._fetch)

    async def _fetch(self, url: str) -> dict[str, Any]:
        document: dict[str, Any] = (await self.http.get(url)).json()
        return document

    def secret(self, kind: str, name: str) -> str:
        return self.credentials.get(users.secret_name(kind, name))

    async def ask(self, auth: tuple[str, str] | None = None, **form: str) -> httpx.Response:
        return await self.http.post("/token", data=form, auth=auth or httpx.USE_CLIENT_DEFAULT)

    async def principal(self, answer: httpx.Response) -> Principal:
        assert answer.status_code == 200, answer.text
        assert answer.headers["cache-control"] == "no-store"
        return await self.verifier.verify(answer.json()["access_token"])


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    made = Desk(tmp_path)
    yield made
    await made.http.aclose()


@pytest.mark.parametrize("user", users.USERS, ids=lambda user: user.sub)
async def test_every_demo_user_gets_the_roles_of_the_table_with_the_generated_password(
    desk: Desk, user: users.User
) -> None:
    answer = await desk.ask(grant_type="password", username=user.sub, password=desk.secret("user", user.sub))
    principal = await desk.principal(answer)
    assert principal == Principal(user.sub, frozenset(user.roles), user.ente, client=False)


def test_there_is_a_demo_user_or_program_for_every_role() -> None:
    granted = [user.roles for user in users.USERS] + [program.roles for program in users.CLIENTS]
    assert {role for roles in granted for role in roles} == set(Ruolo)


async def test_a_program_presents_itself_with_its_own_secret(desk: Desk) -> None:
    auth = ("gestionale.aler.mantova", desk.secret("client", "gestionale.aler.mantova"))
    principal = await desk.principal(await desk.ask(auth, grant_type="client_credentials"))
    assert principal == Principal(auth[0], frozenset({"ente_proprietario"}), users.ALER, client=True)


async def test_the_delegate_may_ask_for_anybody(desk: Desk) -> None:
    auth = (users.DELEGATE, desk.secret("client", users.DELEGATE))
    answer = await desk.ask(auth, grant_type="password", username="u1", roles="residente tesoriere", ente="COMUNE-X")
    assert await desk.principal(answer) == Principal("u1", frozenset({"residente", "tesoriere"}), "COMUNE-X")


@pytest.mark.parametrize(
    ("form", "auth", "status", "error"),
    [
        ({"grant_type": "password", "username": "ufficio.bandi", "password": "x"}, None, 400, "invalid_grant"),
        ({"grant_type": "password", "username": "ufficio.bandi"}, None, 400, "invalid_grant"),
        ({"grant_type": "password", "username": "u1", "roles": "amministratore"}, None, 400, "invalid_grant"),
        ({"grant_type": "password", "username": "u1"}, (users.DELEGATE, "x"), 401, "invalid_client"),
        ({"grant_type": "client_credentials"}, ("bandi", "x"), 401, "invalid_client"),
        ({"grant_type": "client_credentials"}, (users.DELEGATE, "x"), 401, "invalid_client"),
        ({"grant_type": "client_credentials"}, None, 401, "invalid_client"),
        ({"grant_type": "refresh_token"}, None, 400, "unsupported_grant_type"),
        ({}, None, 400, "unsupported_grant_type"),
    ],
)
async def test_whoever_cannot_prove_who_he_is_gets_no_token(
    desk: Desk, form: dict[str, str], auth: tuple[str, str] | None, status: int, error: str
) -> None:
    answer = await desk.ask(auth, **form)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


async def test_the_delegate_may_not_invent_roles(desk: Desk) -> None:
    auth = (users.DELEGATE, desk.secret("client", users.DELEGATE))
    answer = await desk.ask(auth, grant_type="password", username="u1", roles="imperatore")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("body", [b"\xff\xfe=%00", b"a=" + b"b" * 20_000, b"&".join([b"a=1"] * 100)])
async def test_an_unreadable_form_is_refused_without_a_fault(desk: Desk, body: bytes) -> None:
    answer = await desk.http.post("/token", content=body)
    assert 400 <= answer.status_code < 500


async def test_the_same_folder_keeps_the_same_key_and_another_has_another(tmp_path: Path) -> None:
    first, again, other = Desk(tmp_path / "a"), Desk(tmp_path / "a"), Desk(tmp_path / "b")
    keys = [(await desk.http.get("/jwks.json")).json()["keys"][0]["kid"] for desk in (first, again, other)]
    assert keys[0] == keys[1] != keys[2]


async def test_the_configuration_names_the_addresses_under_the_issuer(desk: Desk) -> None:
    told = (await desk.http.get("/.well-known/openid-configuration")).json()
    assert (told["issuer"], told["jwks_uri"], told["token_endpoint"]) == (URL, f"{URL}/jwks.json", f"{URL}/token")


@pytest.mark.parametrize("environment", ["production", "", "Local"])
def test_it_refuses_to_start_anywhere_but_locally(tmp_path: Path, environment: str) -> None:
    with pytest.raises(NotLocal):
        create_app({"QUARTIERI_ENV": environment, "QUARTIERI_HOME": str(tmp_path), "ISSUER_URL": URL})
    assert list(tmp_path.iterdir()) == []


def test_secrets_are_closed_to_others_and_stay_the_same(tmp_path: Path) -> None:
    credentials = Credentials(tmp_path / "secrets")
    assert credentials.get("one") == Credentials(tmp_path / "secrets").get("one") != credentials.get("two")
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert credentials.path("one").stat().st_mode & 0o777 == 0o600
    with pytest.raises(ValueError, match="not a name"):
        credentials.get("../outside")
