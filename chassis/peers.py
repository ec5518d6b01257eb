"""Calls from one service to another, with client credentials of the caller's own.

laboratori alone knows which person and household a resident's `sub` is, and whom an operator follows.
"""

import time
from dataclasses import dataclass
from uuid import UUID

import httpx
from cachetools import TTLCache

from chassis.errors import Forbidden, Unavailable
from chassis.settings import ServiceSettings
from chassis.tracing import current_traceparent, request_id_var

TIMEOUT_S = 2.0
IDENTITY_TTL_S = 30.0
TOKEN_MARGIN_S = 30.0


@dataclass(frozen=True, slots=True)
class Identity:
    """The pseudonymous ids behind a resident's `sub`."""

    persona_id: UUID
    nucleo_id: UUID | None


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


class IdentityPeer:
    """Asks laboratori who a resident is; answers are kept for half a minute.

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
        if answer.is_error:
            raise _away()
        body = answer.json()
        nucleo = body.get("nucleo_id")
        identity = Identity(UUID(body["persona_id"]), UUID(nucleo) if nucleo else None)
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
        if answer.is_error:
            raise _away()
        follows = bool(answer.json()["segue"])
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
        if answer.is_error:
            raise _away()
        body = answer.json()
        nucleo = body.get("nucleo_id")
        identity = Identity(persona_id, UUID(nucleo) if nucleo else None) if body["segue"] else None
        self._people_followed[sub, persona_id] = identity
        return identity

    async def _ask(self, question: str, body: dict[str, str]) -> httpx.Response:
        if not (self._settings.laboratori_url and self._settings.token_url and self._settings.client_id):
            raise Unavailable("Il riconoscimento delle persone non e' configurato in questo servizio.", retry_after=60)
        headers = {"X-Request-Id": request_id_var.get()}
        traceparent = current_traceparent()
        if traceparent:
            headers["traceparent"] = traceparent
        try:
            headers["Authorization"] = f"Bearer {await self._credentials.token()}"
            return await self._client.post(
                f"{self._settings.laboratori_url}/v1/identita/{question}", json=body, headers=headers
            )
        except httpx.HTTPError as error:
            raise _away() from error

    async def close(self) -> None:
        """Closes the connections."""
        await self._client.aclose()


def _away() -> Unavailable:
    return Unavailable("Il registro delle persone non risponde: riprovare fra poco.", retry_after=5)
