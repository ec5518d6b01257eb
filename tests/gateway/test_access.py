"""Who gets through: tokens and public routes."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from chassis.errors import Unavailable
from chassis.tokens import TokenVerifier
from gateway.limits import Buckets
from tests.gateway.fakes import Platform, platform
from tests.support.tokens import AUDIENCE, ISSUER, KEY


def _b64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


NOW = int(time.time())
GOOD: dict[str, Any] = {
    "iss": ISSUER,
    "aud": AUDIENCE,
    "sub": "u",
    "roles": ["residente"],
    "iat": NOW,
    "nbf": NOW,
    "exp": NOW + 3600,
}


def _spoiled(**changed: Any) -> str:
    """A token signed with the issuer's key, with some claims changed or (None) left out."""
    claims = {name: value for name, value in (GOOD | changed).items() if value is not None}
    return jwt.encode(claims, KEY.private, algorithm="ES256", headers={"kid": KEY.kid})


def _unsigned() -> str:
    return f"{_b64(json.dumps({'alg': 'none', 'kid': KEY.kid}).encode())}.{_b64(json.dumps(GOOD).encode())}."


def _signed_with_the_public_key() -> str:
    """HS256 with the issuer's public key as the secret: the classic confusion of algorithms."""
    public = KEY.private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    text = f"{_b64(json.dumps({'alg': 'HS256', 'kid': KEY.kid}).encode())}.{_b64(json.dumps(GOOD).encode())}"
    return f"{text}.{_b64(hmac.new(public, text.encode(), hashlib.sha256).digest())}"


def _of_another_key(kid: str) -> str:
    other = ec.generate_private_key(ec.SECP256R1())
    return jwt.encode(GOOD, other, algorithm="ES256", headers={"kid": kid})


def _altered() -> str:
    head, body, signature = _spoiled().split(".")
    changed = json.loads(base64.urlsafe_b64decode(body + "==")) | {"roles": ["amministratore"]}
    return f"{head}.{_b64(json.dumps(changed).encode())}.{signature}"


BAD = {
    "algorithm none": _unsigned(),
    "HS256 with the public key": _signed_with_the_public_key(),
    "another key under the known kid": _of_another_key(KEY.kid),
    "an unknown kid": _of_another_key("altra"),
    "altered roles": _altered(),
    "expired": _spoiled(exp=NOW - 60),
    "not yet valid": _spoiled(nbf=NOW + 600),
    "another audience": _spoiled(aud="altro"),
    "another issuer": _spoiled(iss="https://altro.example.it"),
    "no subject": _spoiled(sub=None),
    "no expiry": _spoiled(exp=None),
    "roles that are no list": _spoiled(roles="amministratore"),
    "not a token": "abc",
    "too long": "a" * 10_000,
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("path", ["/rest/bandi/v1/eco", "/rest/bandi/v1/pubblico"])
async def test_a_bad_token_is_refused_even_where_none_is_needed(porta: Platform, case: str, path: str) -> None:
    before = len(porta.services["bandi"].seen)
    answer = await porta.client.get(path, headers={"authorization": f"Bearer {BAD[case]}"})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["type"] == "urn:quartieri:problema:unauthenticated"
    assert len(porta.services["bandi"].seen) == before


@pytest.mark.parametrize("value", ["Basic dTpw", "Bearer", "token", ""])
async def test_an_authorization_that_is_no_bearer_token_is_refused(porta: Platform, value: str) -> None:
    answer = await porta.client.get("/rest/bandi/v1/pubblico", headers={"authorization": value})
    assert answer.status_code == 401


async def test_a_good_token_passes_and_reaches_the_service(porta: Platform) -> None:
    sent = porta.token("u1", ["residente"])
    answer = await porta.client.get("/rest/bandi/v1/eco", headers=sent)
    assert answer.status_code == 200
    assert dict(answer.json()["intestazioni"])["authorization"] == sent["authorization"]


async def test_a_public_route_is_read_without_a_token(porta: Platform) -> None:
    assert (await porta.client.get("/rest/bandi/v1/pubblico")).status_code == 200
    assert (await porta.client.get("/rest/bandi/v1/voci/1")).status_code == 200
    assert (await porta.client.head("/rest/bandi/v1/voci/1")).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/eco"),
        ("PUT", "/v1/voci/1"),
        ("POST", "/v1/pubblico"),
        ("GET", "/v1/voci/riservate"),
        ("GET", "/v1/mai-sentito"),
        ("GET", "/v1/pubblico/altro"),
        ("OPTIONS", "/v1/pubblico"),
    ],
)
async def test_everything_else_needs_a_token(porta: Platform, method: str, path: str) -> None:
    before = len(porta.services["bandi"].seen)
    answer = await porta.client.request(method, f"/rest/bandi{path}")
    assert answer.status_code == 401
    assert answer.json()["type"] == "urn:quartieri:problema:token-mancante"
    assert len(porta.services["bandi"].seen) == before


async def test_while_a_services_document_is_unknown_its_routes_are_not_public() -> None:
    async with platform(dead=("bandi",)) as porta:
        answer = await porta.client.get("/rest/bandi/v1/pubblico")
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) >= 1


async def test_when_keys_cannot_be_had_the_answer_is_unavailable_and_public_routes_still_work() -> None:
    async def nowhere(url: str) -> dict[str, Any]:
        raise Unavailable("Chiavi non raggiungibili.", retry_after=5)

    async with platform() as porta:
        porta.gateway._door._verifier = TokenVerifier(ISSUER, AUDIENCE, "-", fetch=nowhere)
        refused = await porta.client.get("/rest/bandi/v1/eco", headers=porta.token())
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
        assert (await porta.client.get("/rest/bandi/v1/pubblico")).status_code == 200


async def test_an_address_that_sends_many_bad_tokens_must_wait() -> None:
    async with platform() as porta:
        porta.gateway._door._bad_tokens = Buckets(0.01, 3)
        answers = [
            await porta.client.get("/rest/bandi/v1/eco", headers={"authorization": f"Bearer x{number}"})
            for number in range(4)
        ]
        assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
        assert answers[-1].json()["type"] == "urn:quartieri:problema:troppi-tentativi"
        assert int(answers[-1].headers["retry-after"]) >= 1
        assert 'quartieri_gateway_limited_total{limit="token"}' in await porta.metrics()


async def test_bad_tokens_of_one_do_not_lock_out_the_others_behind_the_same_address() -> None:
    async with platform() as porta:
        good = porta.token()
        assert (await porta.client.get("/rest/bandi/v1/eco", headers=good)).status_code == 200
        porta.gateway._door._bad_tokens = Buckets(0.01, 1)
        for status in (401, 429):
            answer = await porta.client.get("/rest/bandi/v1/eco", headers={"authorization": "Bearer x"})
            assert answer.status_code == status
        assert (await porta.client.get("/rest/bandi/v1/eco", headers=good)).status_code == 200
