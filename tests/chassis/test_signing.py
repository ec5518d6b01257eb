"""Signed documents: a changed one is refused, the same key has one name, keys come as PEM or as a secret."""

import json

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.signing import FirmaNonValida, SigningKey, jwks, verify

SECRET = "q" * 40


def pem(private: ec.EllipticCurvePrivateKey | Ed25519PrivateKey) -> str:
    return private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode("ascii")


KEYS = {
    "secret": SECRET,
    "P-256": pem(ec.generate_private_key(ec.SECP256R1())),
    "Ed25519 on one line": pem(Ed25519PrivateKey.generate()).replace("\n", "\\n"),
}


@pytest.mark.parametrize("text", KEYS.values(), ids=KEYS)
def test_what_a_key_signs_is_verified_with_its_published_half_alone(text: str) -> None:
    key = SigningKey.from_secret(text, purpose="prova")
    signed = key.sign(b"diciassettemila", typ="prova")
    assert verify(signed, json.loads(json.dumps(jwks([key]))), typ="prova") == b"diciassettemila"
    assert "d" not in key.public_jwk
    assert SigningKey.from_secret(text, purpose="prova").kid == key.kid


def test_a_changed_signature_another_type_or_an_unknown_key_is_refused() -> None:
    key, other = (SigningKey.from_secret(SECRET, purpose=purpose) for purpose in ("prova", "altro"))
    assert key.kid != other.kid
    head, body, signature = key.sign(b'{"n":1}', typ="prova").split(".")
    _, changed, _ = key.sign(b'{"n":2}', typ="prova").split(".")
    unsigned = jwt.PyJWS().encode(b"x", None, algorithm="none", headers={"kid": key.kid, "typ": "prova"})  # type: ignore[arg-type]  # as an attacker would
    for spoiled in (f"{head}.{changed}.{signature}", other.sign(b"x", typ="prova"), unsigned, "a.b", "", "é.è.ò"):
        with pytest.raises(FirmaNonValida):
            verify(spoiled, jwks([key]), typ="prova")
    with pytest.raises(FirmaNonValida):
        verify(f"{head}.{body}.{signature}", jwks([key]), typ="altro")


def test_a_retired_key_still_verifies_and_its_document_holds_no_private_key() -> None:
    old, new = (SigningKey.from_secret(SECRET + name, purpose="prova") for name in "ab")
    retired = json.dumps(jwks([old]))
    assert verify(old.sign(b"ieri", typ="prova"), jwks([new], retired), typ="prova") == b"ieri"
    for wrong in ("[]", '{"keys": 1}', '{"keys": [{"kid": "x", "d": "y"}]}', "no"):
        with pytest.raises(ValueError):  # noqa: PT011  # json's own, or ours
            jwks([new], wrong)


@pytest.mark.parametrize("text", ["short", pem(ec.generate_private_key(ec.SECP384R1()))])
def test_a_weak_secret_or_another_curve_is_no_key(text: str) -> None:
    with pytest.raises(ValueError, match="signing key"):
        SigningKey.from_secret(text, purpose="prova")
