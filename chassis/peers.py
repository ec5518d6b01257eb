"""Calls from one service to another, with client credentials of the caller's own.

laboratori alone knows which person and household a resident's `sub` is, and whom an operator follows.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import httpx
from cachetools import TTLCache

from chassis.errors import Forbidden, Unavailable
from chassis.settings import ServiceSettings
from chassis.tracing import current_traceparent, request_id_var

TIMEOUT_S = 2.0
IDENTITY_TTL_S = 30.0
TOKEN_MARGIN_S = 30.0
NAMES_AT_ONCE = 100

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Identity:
    """The pseudonymous ids behind a resident's `sub`."""

    persona_id: UUID
    nucleo_id: UUID | None


@dataclass(frozen=True, slots=True)
class Anagrafica:
    """Who a person is, for a document that is rendered and not kept; every field is None after an erasure."""

    persona_id: UUID
    nome: str | None
    cognome: str | None
    data_nascita: date | None
    codice_fiscale: str | None

    @property
    def per_esteso(self) -> str:
        """First name and surname, or the pseudonymous id of whoever has no name any more."""
        return " ".join(parte for parte in (self.nome, self.cognome) if parte) or f"persona {self.persona_id}"


class ClientCredentials:
    """Gets and keeps the token with which a service presents itself to its peers (OAuth 2.0 client credentials)."""

    def __init__(self, client: httpx.AsyncClient, token_url: str, client_id: str, client_secret: str) -> None:
        self._client = client
        self._token_url = token_url
        self._client_id = client_id
        self._client_secret = client_secret
        self._token = ""
        self._expires = 0.0

    async def token(self) -> str:
        """A token that is good for half a minute or more."""
        if time.monotonic() > self._expires:
            answer = await self._client.post(
                self._token_url,
                data={"grant_type": "client_credentials"},
                auth=(self._client_id, self._client_secret),
            )
            answer.raise_for_status()
            body = answer.json()
            self._token = str(body["access_token"])
            self._expires = time.monotonic() + float(body.get("expires_in", 60)) - TOKEN_MARGIN_S
        return self._token

    def forget(self, token: str) -> None:
        """Drops a token that a peer did not accept (its keys were changed, it was revoked): the next is a new one.

        Args:
            token: the refused one; one that was got meanwhile stays.
        """
        if token == self._token:
            self._expires = 0.0


class IdentityPeer:
    """Asks laboratori who a resident is; answers are kept for half a minute, names never.

    Args:
        settings: of the calling service; needs `LABORATORI_URL`, `TOKEN_URL`, `X_CLIENT_ID`, `X_CLIENT_SECRET`.
        transport: how calls travel; tests give their own.
    """

    def __init__(self, settings: ServiceSettings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._settings = settings
        self._client = httpx.AsyncClient(timeout=TIMEOUT_S, transport=transport)
        self._known: TTLCache[str, Identity] = TTLCache(10_000, IDENTITY_TTL_S)
        self._followed: TTLCache[tuple[str, UUID], bool] = TTLCache(50_000, IDENTITY_TTL_S)
        self._people_followed: TTLCache[tuple[str, UUID], Identity | None] = TTLCache(50_000, IDENTITY_TTL_S)
        secret = settings.client_secret.get_secret_value() if settings.client_secret else ""
        self._credentials = ClientCredentials(self._client, settings.token_url or "", settings.client_id or "", secret)

    async def identity_of(self, sub: str) -> Identity:
        """The person and household of a resident.

        Raises:
            Forbidden: laboratori knows no person with this `sub`.
            Unavailable: laboratori or the issuer does not answer, or they are not configured.
        """
        known = self._known.get(sub)
        if known is not None:
            return known
        answer = await self._ask("ricerche", {"sub": sub})
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise Forbidden(
                "Il tuo accesso non e' ancora collegato a una persona registrata.",
                remedy="Rivolgersi allo sportello del laboratorio di quartiere.",
            )
        identity = _read(answer, lambda body: Identity(UUID(body["persona_id"]), _uuid(body.get("nucleo_id"))))
        self._known[sub] = identity
        return identity

    async def follows(self, sub: str, nucleo_id: UUID) -> bool:
        """Whether an operator is today in the team of the lab that follows a household.

        Raises:
            Unavailable: laboratori or the issuer does not answer, or they are not configured.
        """
        known = self._followed.get((sub, nucleo_id))
        if known is not None:
            return known
        answer = await self._ask("competenze", {"sub": sub, "nucleo_id": str(nucleo_id)})
        follows = _read(answer, lambda body: bool(body["segue"]))
        self._followed[sub, nucleo_id] = follows
        return follows

    async def follows_person(self, sub: str, persona_id: UUID) -> Identity | None:
        """A person with today's household, if an operator is today in the team of a lab that follows them.

        Raises:
            Unavailable: laboratori or the issuer does not answer, or they are not configured.
        """
        if (sub, persona_id) in self._people_followed:
            return self._people_followed[sub, persona_id]
        answer = await self._ask("competenze", {"sub": sub, "persona_id": str(persona_id)})
        identity = _read(
            answer, lambda body: Identity(persona_id, _uuid(body.get("nucleo_id"))) if body["segue"] else None
        )
        self._people_followed[sub, persona_id] = identity
        return identity

    async def names_of(self, people: Sequence[UUID], *, purpose: str) -> dict[UUID, Anagrafica]:
        """Who people are, to be written in a document and not kept; laboratori writes each reading in its register.

        Args:
            people: pseudonymous ids; a person who is not known there is missing from the answer.
            purpose: why, in Italian, at most 200 characters; it stands in the access register.

        Raises:
            Unavailable: laboratori or the issuer does not answer, or they are not configured.

        Source: DOMAIN hard case 2 (identity asked at rendering for a stated purpose, logged, not kept).
        """
        found: dict[UUID, Anagrafica] = {}
        for start in range(0, len(people), NAMES_AT_ONCE):
            asked = [str(persona) for persona in people[start : start + NAMES_AT_ONCE]]
            answer = await self._ask("anagrafiche", {"persone": asked, "scopo": purpose})
            found |= {one.persona_id: one for one in _read(answer, _anagrafiche)}
        return found

    async def _ask(self, question: str, body: dict[str, Any]) -> httpx.Response:
        """The answer of laboratori; a token it does not accept is forgotten and a new one tried, once.

        Raises:
            Unavailable: laboratori or the issuer does not answer, or they are not configured.
        """
        if not (self._settings.laboratori_url and self._settings.token_url and self._settings.client_id):
            raise Unavailable("Il riconoscimento delle persone non e' configurato in questo servizio.", retry_after=60)
        headers = {"X-Request-Id": request_id_var.get()}
        traceparent = current_traceparent()
        if traceparent:
            headers["traceparent"] = traceparent
        url = f"{self._settings.laboratori_url}/v1/identita/{question}"
        try:
            token = await self._credentials.token()
            answer = await self._client.post(url, json=body, headers=headers | {"Authorization": f"Bearer {token}"})
            if answer.status_code == httpx.codes.UNAUTHORIZED:
                self._credentials.forget(token)
                token = await self._credentials.token()
                answer = await self._client.post(url, json=body, headers=headers | {"Authorization": f"Bearer {token}"})
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:  # the issuer's answer may be anything
            raise _away() from error
        return answer

    async def close(self) -> None:
        """Closes the connections."""
        await self._client.aclose()


def _read(answer: httpx.Response, reading: Callable[[Any], T]) -> T:
    """What an answer says; one that is an error, or says something else, is as good as none."""
    if answer.is_error:
        raise _away()
    try:
        return reading(answer.json())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _away() from error


def _uuid(value: str | None) -> UUID | None:
    return UUID(value) if value else None


def _anagrafiche(body: Any) -> list[Anagrafica]:
    return [
        Anagrafica(
            UUID(one["persona_id"]),
            one["nome"],
            one["cognome"],
            date.fromisoformat(one["data_nascita"]) if one["data_nascita"] else None,
            one["codice_fiscale"],
        )
        for one in body["items"]
    ]


def _away() -> Unavailable:
    return Unavailable("Il registro delle persone non risponde: riprovare fra poco.", retry_after=5)
