"""Tokens of the right role for the people of a scenario."""

import asyncio
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import httpx


class TokenSource(Protocol):
    """Where a scenario gets a bearer token for one of its people."""

    async def token(self, *, roles: Sequence[str], subject: str, ente: str | None) -> str:
        """Return a token that is valid now for that subject, those roles and that organisation."""
        ...


@dataclass(slots=True)
class LocalIssuer:
    """The issuer of a local platform: it signs a token for anybody its delegate names, so it exists only there.

    Args:
        url: base address of the issuer.
        client_id: the program that may ask for anybody's token.
        client_secret: its secret.
        margin_s: a cached token is renewed when it has fewer seconds of life than this.
    """

    url: str
    client_id: str
    client_secret: str = field(repr=False)
    margin_s: float = 60.0
    timeout_s: float = 10.0
    _cache: dict[tuple[tuple[str, ...], str, str | None], tuple[float, str]] = field(default_factory=dict)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    # Made once: it takes longer than the request, and a story with hundreds of people asks for as many tokens.
    _tls: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)

    async def token(self, *, roles: Sequence[str], subject: str, ente: str | None) -> str:
        """Return a cached token or ask the issuer for a new one.

        Raises:
            RuntimeError: the issuer refused or answered something that is not a token.
        """
        key = (tuple(sorted(roles)), subject, ente)
        async with self._lock:
            expires, token = self._cache.get(key, (0.0, ""))
            if expires - self.margin_s > time.monotonic():
                return token
            expires, token = await self._ask(key)
            self._cache[key] = (expires, token)
            return token

    async def _ask(self, key: tuple[tuple[str, ...], str, str | None]) -> tuple[float, str]:
        roles, subject, ente = key
        form = {"grant_type": "password", "username": subject, "roles": " ".join(roles)}
        if ente is not None:
            form["ente"] = ente
        async with httpx.AsyncClient(timeout=self.timeout_s, verify=self._tls) as client:
            auth = (self.client_id, self.client_secret)
            answer = await client.post(f"{self.url.rstrip('/')}/token", data=form, auth=auth)
        if answer.status_code != httpx.codes.OK:
            message = f"L'emittente locale {self.url} ha risposto {answer.status_code}: {answer.text[:300]}"
            raise RuntimeError(message)
        body = answer.json()
        return time.monotonic() + float(body.get("expires_in", 300)), str(body["access_token"])
