"""Signatures of what leaves the platform: compact JWS (RFC 7515) with a key of the environment.

A service signs what others keep (a landlord's batch, the roots of the ledger) so that they can prove later what they
were given, and publishes the public half of its keys as a JWKS document.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from jwt.algorithms import ECAlgorithm, OKPAlgorithm
from jwt.api_jws import PyJWS

from chassis.errors import Refusal, Unavailable

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from chassis.settings import ServiceSettings

SHORTEST_SECRET = 32
_PEM = "-----BEGIN "
_ALGORITHMS = ("EdDSA", "ES256")
_SESSION_KEY = "quartieri.signing"


class FirmaNonValida(Refusal):
    """A signed document that none of the known keys signed, or that was changed since."""

    status = 422
    title = "Firma non valida"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key, its algorithm and the name (`kid`) under which its public half is published."""

    private: ec.EllipticCurvePrivateKey | Ed25519PrivateKey
    algorithm: str
    public_jwk: Mapping[str, str]

    @property
    def kid(self) -> str:
        """The RFC 7638 thumbprint: the same key always has the same name."""
        return self.public_jwk["kid"]

    @classmethod
    def from_secret(cls, secret: str, *, purpose: str) -> "SigningKey":
        """Read a key of the environment.

        Args:
            secret: a PEM private key (P-256 or Ed25519; `\\n` may stand for line ends), or a random secret of 32
                characters or more, from which an Ed25519 key is derived.
            purpose: what a derived key is for; another purpose gives another key.

        Returns:
            The key.

        Raises:
            ValueError: neither of the two.
        """
        if secret.lstrip().startswith(_PEM):
            text = secret.strip().replace("\\n", "\n") + "\n"
            private = serialization.load_pem_private_key(text.encode("ascii"), password=None)
        elif len(secret) >= SHORTEST_SECRET:
            seed = HKDF(hashes.SHA256(), 32, salt=None, info=purpose.encode()).derive(secret.encode())
            private = Ed25519PrivateKey.from_private_bytes(seed)
        else:
            raise ValueError(f"a signing key is a PEM private key or a secret of {SHORTEST_SECRET} characters or more")
        if isinstance(private, Ed25519PrivateKey):
            return cls(private, "EdDSA", _named(OKPAlgorithm.to_jwk(private.public_key(), as_dict=True), "EdDSA"))
        if isinstance(private, ec.EllipticCurvePrivateKey) and isinstance(private.curve, ec.SECP256R1):
            return cls(private, "ES256", _named(ECAlgorithm.to_jwk(private.public_key(), as_dict=True), "ES256"))
        raise ValueError("a signing key is a P-256 or an Ed25519 private key")

    def sign(self, payload: bytes, *, typ: str) -> str:
        """Sign bytes.

        Args:
            payload: what is signed, as it is.
            typ: what the payload is, kept in the protected header.

        Returns:
            A compact JWS.
        """
        headers = {"kid": self.kid, "typ": typ}
        return PyJWS().encode(payload, self.private, algorithm=self.algorithm, headers=headers)


@dataclass(frozen=True, slots=True)
class Signing:
    """The key a service signs with now, and the JWKS document that verifies its signatures of ever."""

    key: SigningKey
    document: Mapping[str, Any]


def open_signing(settings: "ServiceSettings") -> Signing | None:
    """Read the signing key that the settings name; None when they name none.

    Raises:
        ValueError: it is not a key, or the retired ones are not a JWKS document.
    """
    if settings.signing_key is None:
        return None
    key = SigningKey.from_secret(settings.signing_key.get_secret_value(), purpose=f"quartieri.{settings.service}")
    return Signing(key, jwks([key], settings.retired_signing_keys))


def signing_info(signing: Signing | None) -> dict[str, Any]:
    """What a session carries so that `signing_of` finds the key; jobs and use cases have nothing else in hand."""
    return {} if signing is None else {_SESSION_KEY: signing}


def signing_of(session: "AsyncSession") -> Signing:
    """The signing key of the process a session belongs to.

    Raises:
        Unavailable: the process runs without one.
    """
    signing = session.info.get(_SESSION_KEY)
    if not isinstance(signing, Signing):
        raise Unavailable(
            "Questo servizio non ha una chiave per firmare.",
            remedy="Chi gestisce la piattaforma imposti la variabile ..._SIGNING_KEY del servizio.",
        )
    return signing


def jwks(keys: Iterable[SigningKey], retired: str = "") -> dict[str, Any]:
    """Write the JWKS document of some keys.

    Args:
        keys: those that sign now.
        retired: a JWKS document, as text, with the public halves of those that signed before; may be empty.

    Returns:
        The document: what the signatures of ever are verified with.

    Raises:
        ValueError: `retired` is not a JWKS document, or holds a private key.
    """
    document = json.loads(retired or '{"keys": []}')
    old = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(old, list) or any(not isinstance(key, dict) or "kid" not in key or "d" in key for key in old):
        raise ValueError("the retired keys are not a JWKS document of public keys")
    return {"keys": [*(dict(key.public_jwk) for key in keys), *old]}


def verify(jws: str, document: Mapping[str, Any], *, typ: str) -> bytes:
    """Verify a compact JWS.

    Args:
        jws: as received.
        document: the JWKS document of who should have signed it.
        typ: what the payload must be.

    Returns:
        The payload that was signed.

    Raises:
        FirmaNonValida: an unknown key, another type, another algorithm than the key's, or a changed content.
    """
    try:
        header = jwt.get_unverified_header(jws)
        key = next(key for key in document["keys"] if key["kid"] == header.get("kid"))
        if header.get("typ") != typ or header.get("alg") != key.get("alg") or key["alg"] not in _ALGORITHMS:
            raise _refused()
        payload: bytes = PyJWS().decode(jws, jwt.PyJWK(dict(key)), algorithms=[key["alg"]])
    except (jwt.PyJWTError, StopIteration, KeyError, TypeError, ValueError):
        raise _refused() from None
    return payload


def _refused() -> FirmaNonValida:
    return FirmaNonValida(
        "Il documento non è firmato da una chiave della piattaforma, o è cambiato dopo la firma.",
        remedy="Scaricarlo di nuovo dalla piattaforma e confrontare la chiave con quelle pubblicate.",
    )


def _named(jwk: dict[str, Any], algorithm: str) -> dict[str, str]:
    canonical = json.dumps(jwk, sort_keys=True, separators=(",", ":")).encode("ascii")
    kid = urlsafe_b64encode(sha256(canonical).digest()).rstrip(b"=").decode("ascii")
    return {**jwk, "use": "sig", "alg": algorithm, "kid": kid}
