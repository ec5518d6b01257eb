"""Verification of bearer tokens (JWT, RFC 8725): fixed algorithms, issuer, audience, times, keys by `kid` from a JWKS.

Verified tokens are kept in a bounded cache until they expire: a signature check costs about 140 us, a hit below one.
Token times are real time, not the platform clock.
"""

import asyncio
import hashlib
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import jwt
from cachetools import LRUCache
from jwt import PyJWK

from chassis.errors import Unauthenticated, Unavailable

ALGORITHMS = ("ES256", "RS256", "PS256")
LEEWAY_S = 10
MAX_TOKEN_LENGTH = 8_192
CACHE_SIZE = 20_000
JWKS_REFRESH_S = 300
JWKS_MIN_INTERVAL_S = 5
JWKS_LONGEST_USE_S = 3_600
FETCH_TIMEOUT_S = 2.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls: the token's subject, its roles and, where it acts for one, its organisation."""

    subject: str
    roles: frozenset[str]
    ente: str | None = None
    client: bool = False

    def has(self, *roles: str) -> bool:
        """True if the caller has at least one of the roles."""
        return not self.roles.isdisjoint(roles)


ANONYMOUS = Principal(subject="anonimo", roles=frozenset())


async def fetch_jwks(url: str) -> dict[str, Any]:
    """Fetches a JWKS document."""
    async with httpx.AsyncClient(timeout=FETCH_TIMEOUT_S) as client:
        answer = await client.get(url)
        answer.raise_for_status()
        document: dict[str, Any] = answer.json()
        return document


class TokenVerifier:
    """Checks tokens against an issuer's published keys.

    Args:
        issuer: the only accepted `iss`.
        audience: the `aud` that must be among the token's.
        jwks_url: address of the issuer's key set.
        fetch: how the key set is got; tests give their own.
    """

    def __init__(
        self,
        issuer: str,
        audience: str,
        jwks_url: str,
        *,
        fetch: Callable[[str], Awaitable[dict[str, Any]]] = fetch_jwks,
    ) -> None:
        self._issuer = issuer
        self._audience = audience
        self._jwks_url = jwks_url
        self._fetch = fetch
        self._keys: dict[str, PyJWK] = {}
        self._fetched_at = self._tried_at = -float("inf")
        self._failed = False
        self._lock = asyncio.Lock()
        self._cache: LRUCache[bytes, tuple[float, Principal]] = LRUCache(CACHE_SIZE)

    async def verify(self, token: str) -> Principal:
        """Returns the caller a token speaks for.

        Raises:
            Unauthenticated: the token is malformed, expired, not ours, or signed with an unknown key.
            Unavailable: the issuer's keys cannot be had.
        """
        if len(token) > MAX_TOKEN_LENGTH or not token.isascii():
            raise _refused("Il token non e' leggibile.")
        known = self.known(token)
        if known is not None and not self._refresh_due():
            return known
        claims = await self._decode(token)
        principal = _principal(claims)
        self._cache[_digest(token)] = (float(claims["exp"]), principal)
        return principal

    def known(self, token: str) -> Principal | None:
        """The caller of a token that was verified before and is still in force; None means it must be verified."""
        cached = self._cache.get(_digest(token))
        too_old = time.monotonic() - self._fetched_at > JWKS_LONGEST_USE_S
        return cached[1] if cached is not None and cached[0] > time.time() and not too_old else None

    async def _decode(self, token: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
        except jwt.PyJWTError:
            raise _refused("Il token non e' leggibile.") from None
        if header.get("alg") not in ALGORITHMS:
            raise _refused("Il token usa un algoritmo di firma non ammesso.")
        key = await self._key(str(header.get("kid", "")))
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[str(header["alg"])],
                audience=self._audience,
                issuer=self._issuer,
                leeway=LEEWAY_S,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except jwt.ExpiredSignatureError:
            raise _refused("Il token e' scaduto.") from None
        except (jwt.PyJWTError, ValueError, TypeError):
            raise _refused("Il token non e' valido per questa piattaforma.") from None
        return claims

    def _refresh_due(self, kid: str | None = None) -> bool:
        """True when the keys are old, or lack the one asked for, and the issuer was not just asked."""
        now = time.monotonic()
        if now - self._tried_at < JWKS_MIN_INTERVAL_S:
            return False
        return now - self._fetched_at > JWKS_REFRESH_S or (kid is not None and kid not in self._keys)

    async def _key(self, kid: str) -> PyJWK:
        being_fetched = kid not in self._keys and self._lock.locked()
        if being_fetched or self._refresh_due(kid):
            async with self._lock:
                if self._refresh_due(kid):
                    await self._refresh()
        too_old = time.monotonic() - self._fetched_at > JWKS_LONGEST_USE_S
        if self._failed and (too_old or kid not in self._keys):
            raise Unavailable("Le chiavi di chi rilascia i token non sono raggiungibili.", retry_after=5)
        try:
            return self._keys[kid]
        except KeyError:
            raise _refused("Il token e' firmato con una chiave sconosciuta.") from None

    async def _refresh(self) -> None:
        """Fetches the keys; when that fails the old ones stay, and the issuer is left alone for a while."""
        self._tried_at = time.monotonic()
        try:
            async with asyncio.timeout(FETCH_TIMEOUT_S):
                document = await self._fetch(self._jwks_url)
            fetched = dict(_signing_keys(document["keys"]))
        except (httpx.HTTPError, TimeoutError, KeyError, ValueError, TypeError) as error:
            log.warning("the issuer's keys could not be fetched", extra={"error": repr(error)})
            self._failed = True
        else:
            if fetched.keys() != self._keys.keys():
                self._cache.clear()
            self._keys, self._fetched_at, self._failed = fetched, time.monotonic(), False


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()


def _signing_keys(items: list[Any]) -> Iterator[tuple[str, PyJWK]]:
    """The keys we can verify with; what we do not know (an encryption key, a new algorithm) is left out."""
    for item in items:
        if not isinstance(item, dict) or not item.get("kid") or item.get("use", "sig") != "sig":
            continue
        if item.get("alg", ALGORITHMS[0]) in ALGORITHMS:
            try:
                yield str(item["kid"]), PyJWK(item)
            except (jwt.PyJWTError, ValueError, TypeError, KeyError) as error:
                log.warning("a key of the issuer is not usable", extra={"error": repr(error)})


def _principal(claims: dict[str, Any]) -> Principal:
    subject, roles, ente = claims["sub"], claims.get("roles", []), claims.get("ente")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise _refused("Il token non dice chi lo presenta.")
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise _refused("Il token elenca i ruoli in una forma non ammessa.")
    if ente is not None and not isinstance(ente, str):
        raise _refused("Il token nomina l'ente in una forma non ammessa.")
    return Principal(subject=subject, roles=frozenset(roles), ente=ente, client=bool(claims.get("client_id")))


def _refused(detail: str) -> Unauthenticated:
    return Unauthenticated(detail, remedy="Richiedere un nuovo token a chi li rilascia e ripetere la richiesta.")


def bearer(header: str | None) -> str | None:
    """The token of an `Authorization` header; None if the header is absent.

    Raises:
        Unauthenticated: the header is there but is not a bearer token.
    """
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise _refused("L'intestazione Authorization deve avere la forma: Bearer TOKEN.")
    return token.strip()
