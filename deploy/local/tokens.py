"""Signing keys and tokens of the local issuer; the tests sign with a key of their own through the same code."""

import time
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

ALGORITHM = "ES256"
LIFETIME_S = 3_600


def new_private_key() -> str:
    """A fresh P-256 private key, PEM."""
    return (
        ec.generate_private_key(ec.SECP256R1())
        .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        .decode("ascii")
    )


@dataclass(frozen=True)
class SigningKey:
    """A private key and the name (`kid`) its public half is published under."""

    private: ec.EllipticCurvePrivateKey
    kid: str

    @classmethod
    def from_pem(cls, pem: str) -> "SigningKey":
        """Read a key; its `kid` is its RFC 7638 thumbprint, so the same key always has the same name.

        Raises:
            ValueError: not a P-256 private key.
        """
        private = serialization.load_pem_private_key(pem.encode("ascii"), password=None)
        if not isinstance(private, ec.EllipticCurvePrivateKey):
            raise ValueError("the issuer's key must be a P-256 private key")
        x, y = _coordinates(private)
        canonical = f'{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}'
        return cls(private, _base64(sha256(canonical.encode("ascii")).digest()))

    @classmethod
    def generate(cls) -> "SigningKey":
        """A fresh key."""
        return cls.from_pem(new_private_key())

    @property
    def public_jwk(self) -> dict[str, str]:
        """The public half, as published in the JWKS document."""
        x, y = _coordinates(self.private)
        return {"kty": "EC", "crv": "P-256", "use": "sig", "alg": ALGORITHM, "kid": self.kid, "x": x, "y": y}


def jwks(keys: Iterable[SigningKey]) -> dict[str, Any]:
    """The JWKS document of some keys."""
    return {"keys": [key.public_jwk for key in keys]}


def mint(
    key: SigningKey,
    *,
    issuer: str,
    audience: str,
    sub: str,
    roles: Iterable[str],
    ente: str | None = None,
    client_id: str | None = None,
    lifetime_s: int = LIFETIME_S,
    issued_at: int | None = None,
    **claims: Any,
) -> str:
    """Sign a token.

    Args:
        key: signs it.
        issuer: claim `iss`.
        audience: claim `aud`.
        sub: who it speaks for.
        roles: values of `chassis.ruoli.Ruolo`.
        ente: code of the organisation the subject acts for.
        client_id: set when the subject is a program, not a person.
        lifetime_s: seconds it is good for.
        issued_at: seconds since 1970, real time; now when not given.
        **claims: anything else, over the above (tests make bad tokens with it).
    """
    now = int(time.time()) if issued_at is None else issued_at
    body: dict[str, Any] = {
        "iss": issuer,
        "aud": audience,
        "sub": sub,
        "roles": sorted(roles),
        "iat": now,
        "nbf": now,
        "exp": now + lifetime_s,
        "jti": str(uuid.uuid4()),
    }
    if ente is not None:
        body["ente"] = ente
    if client_id is not None:
        body["client_id"] = client_id
    return jwt.encode(body | claims, key.private, algorithm=ALGORITHM, headers={"kid": key.kid})


def _coordinates(private: ec.EllipticCurvePrivateKey) -> tuple[str, str]:
    numbers = private.public_key().public_numbers()
    return _base64(numbers.x.to_bytes(32, "big")), _base64(numbers.y.to_bytes(32, "big"))


def _base64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
