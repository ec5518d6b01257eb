"""Only tokens of our issuer, for us, in force and signed with a published key of a fixed algorithm are accepted."""

import asyncio
import hmac
import json
import time
from base64 import urlsafe_b64encode
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from chassis import tokens
from chassis.errors import Unauthenticated, Unavailable
from chassis.tokens import Principal, TokenVerifier, bearer
from deploy.local.tokens import SigningKey, jwks, mint
from tests.support.tokens import AUDIENCE, ISSUER, KEY, fetch_test_jwks, make_token


def spoilt(changed: dict[str, Any]) -> str:
    """A token signed with the good key, some of whose claims are not right."""
    good = jwt.decode(make_token("anna", ["residente"]), options={"verify_signature": False})
    header, signing = {"kid": KEY.kid, "alg": "ES256"}, jwt.PyJWS()
    return signing.encode(json.dumps(good | changed).encode(), KEY.private, algorithm="ES256", headers=header)


def verifier() -> TokenVerifier:
    return TokenVerifier(ISSUER, AUDIENCE, "", fetch=fetch_test_jwks)


async def test_a_good_token_gives_its_principal_and_is_then_cached() -> None:
    subject = verifier()
    token = make_token("anna", ["residente"], "COMUNE-MANTOVA")
    principal = await subject.verify(token)
    assert principal == Principal("anna", frozenset({"residente"}), "COMUNE-MANTOVA")
    assert await subject.verify(token) is principal


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "http://altri.test"},
        {"aud": "altri"},
        {"exp": int(time.time()) - 60},
        {"nbf": int(time.time()) + 600},
        {"sub": 7},
        {"sub": ""},
        {"sub": "x" * 300},
        {"roles": "residente"},
        {"roles": [1]},
        {"ente": 5},
        {"exp": "domani"},
    ],
)
async def test_a_token_with_a_wrong_claim_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        await verifier().verify(spoilt(changed))


async def test_an_unsigned_token_is_refused() -> None:
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "anna", "exp": int(time.time()) + 60, "iat": int(time.time())}
    with pytest.raises(Unauthenticated, match="algoritmo"):
        await verifier().verify(jwt.encode(claims, "", algorithm="none"))


async def test_a_token_signed_with_the_public_key_as_a_shared_secret_is_refused() -> None:
    public = KEY.private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    parts = [json.dumps({"alg": "HS256", "kid": KEY.kid}), json.dumps({"sub": "anna"})]
    signed = b".".join(urlsafe_b64encode(part.encode()).rstrip(b"=") for part in parts)
    forged = (signed + b"." + urlsafe_b64encode(hmac.digest(public, signed, "sha256")).rstrip(b"=")).decode()
    with pytest.raises(Unauthenticated, match="algoritmo"):
        await verifier().verify(forged)


async def test_a_token_of_an_unknown_key_is_refused() -> None:
    stranger = mint(SigningKey.generate(), issuer=ISSUER, audience=AUDIENCE, sub="anna", roles=["residente"])
    with pytest.raises(Unauthenticated, match="chiave sconosciuta"):
        await verifier().verify(stranger)


@pytest.mark.parametrize("garbage", ["", "a.b.c", "x" * 9000, "\u00e8.\u00e8.\u00e8", "e30.e30.", "..."])
async def test_what_is_not_even_a_token_is_refused(garbage: str) -> None:
    with pytest.raises(Unauthenticated):
        await verifier().verify(garbage)


async def test_a_rotated_key_is_fetched_when_its_first_token_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "JWKS_MIN_INTERVAL_S", 0)
    published = [KEY]

    async def fetch(url: str) -> dict[str, Any]:
        del url
        return jwks(published)

    subject = TokenVerifier(ISSUER, AUDIENCE, "", fetch=fetch)
    old = make_token("anna", ["residente"])
    await subject.verify(old)
    new_key = SigningKey.generate()
    published[:] = [new_key]
    fresh = mint(new_key, issuer=ISSUER, audience=AUDIENCE, sub="bruno", roles=["residente"])
    assert (await subject.verify(fresh)).subject == "bruno"
    with pytest.raises(Unauthenticated):
        await subject.verify(old)


async def test_unknown_keys_do_not_hammer_the_issuer() -> None:
    calls = 0

    async def fetch(url: str) -> dict[str, Any]:
        nonlocal calls
        calls += 1
        return await fetch_test_jwks(url)

    subject = TokenVerifier(ISSUER, AUDIENCE, "", fetch=fetch)
    for _ in range(20):
        stranger = mint(SigningKey.generate(), issuer=ISSUER, audience=AUDIENCE, sub="anna", roles=["residente"])
        with pytest.raises(Unauthenticated):
            await subject.verify(stranger)
    assert calls == 1


async def test_an_unreachable_issuer_is_503_not_401() -> None:
    async def fetch(url: str) -> dict[str, Any]:
        raise httpx.ConnectError(url)

    with pytest.raises(Unavailable):
        await TokenVerifier(ISSUER, AUDIENCE, "", fetch=fetch).verify(make_token("anna", []))


async def test_an_expired_token_leaves_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    subject = verifier()
    token = make_token("anna", ["residente"])
    await subject.verify(token)
    later = time.time() + 7200
    monkeypatch.setattr("chassis.tokens.time.time", lambda: later)
    monkeypatch.setattr(jwt, "decode", _expired)
    with pytest.raises(Unauthenticated, match="scaduto"):
        await subject.verify(token)


def _expired(*args: Any, **options: Any) -> Any:
    raise jwt.ExpiredSignatureError


@pytest.mark.parametrize("header", ["Basic abc", "Bearer", "Bearer  ", "token", ""])
def test_an_authorization_header_of_another_scheme_is_refused(header: str) -> None:
    with pytest.raises(Unauthenticated):
        bearer(header)


def test_no_header_is_no_token() -> None:
    assert bearer(None) is None
    assert bearer("bearer abc") == "abc"


async def test_when_the_issuer_is_away_known_keys_go_on_and_it_is_asked_once_in_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls = 0
    away = False

    async def fetch(url: str) -> dict[str, Any]:
        nonlocal calls
        calls += 1
        if away:
            raise httpx.ConnectError(url)
        return await fetch_test_jwks(url)

    subject = TokenVerifier(ISSUER, AUDIENCE, "", fetch=fetch)
    token = make_token("anna", ["residente"])
    await subject.verify(token)
    away = True
    start = time.monotonic()
    for later in (301, 302, 303, 310):
        monkeypatch.setattr("chassis.tokens.time.monotonic", lambda later=later: start + later)
        for other in ("bruno", "carla"):
            assert (await subject.verify(token)).subject == "anna"
            assert (await subject.verify(make_token(other, ["residente"]))).subject == other
    assert calls == 3
    monkeypatch.setattr("chassis.tokens.time.monotonic", lambda: start + 4_000)
    with pytest.raises(Unavailable):
        await subject.verify(make_token("dario", ["residente"]))


async def test_keys_we_do_not_know_beside_ours_are_left_out() -> None:
    async def fetch(url: str) -> dict[str, Any]:
        good = await fetch_test_jwks(url)
        strange: list[Any] = ["x", {"kty": "EC", "kid": "rotta"}, {"kty": "RSA", "kid": "c", "alg": "RSA-OAEP"}, {}]
        return {"keys": [*strange, *good["keys"]]}

    subject = TokenVerifier(ISSUER, AUDIENCE, "", fetch=fetch)
    assert (await subject.verify(make_token("anna", ["residente"]))).subject == "anna"


async def test_who_comes_while_the_first_keys_are_fetched_waits_for_them() -> None:
    async def fetch(url: str) -> dict[str, Any]:
        await asyncio.sleep(0.05)
        return await fetch_test_jwks(url)

    subject = TokenVerifier(ISSUER, AUDIENCE, "", fetch=fetch)
    found = await asyncio.gather(*(subject.verify(make_token(f"p{n}", ["residente"])) for n in range(10)))
    assert [principal.subject for principal in found] == [f"p{n}" for n in range(10)]
