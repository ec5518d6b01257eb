"""Calls to the gateway, as a careful client makes them: one key for each step, repeated until answered."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from scenari.toolkit.tokens import TokenSource

REPEATED = frozenset({429, 502, 503, 504})
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:quartieri:scenari")


class UnexpectedAnswer(AssertionError):
    """The platform answered something else than the scenario expects at this step."""

    def __init__(self, method: str, path: str, expected: Sequence[int], answer: httpx.Response) -> None:
        self.status = answer.status_code
        self.body = answer.text
        super().__init__(
            f"{method} {path}: atteso {list(expected)}, ottenuto {answer.status_code}: {answer.text[:800]}"
        )


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A step that the platform has answered for good: the client's own journal."""

    key: str
    method: str
    path: str
    status: int
    repeated: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, for the steps that look at headers or at refusals."""

    status: int
    body: Any
    headers: Mapping[str, str]
    content: bytes

    @property
    def etag(self) -> str:
        """Return the ETag of the resource, to be sent back in ``If-Match``."""
        return self.headers["etag"]


@dataclass(slots=True)
class Gateway:
    """The public door of the platform.

    Args:
        url: base address of the gateway.
        patience_s: how long a step is repeated, with its own key, while the platform is cut off or overloaded.
    """

    url: str
    tokens: TokenSource
    patience_s: float = 60.0
    concurrency: int = 16
    transport: httpx.AsyncBaseTransport | None = None
    journal: list[Acknowledged] = field(default_factory=list)
    cut: int = 0
    _client: httpx.AsyncClient = field(init=False)

    def __post_init__(self) -> None:
        limits = httpx.Limits(max_connections=self.concurrency * 2, max_keepalive_connections=self.concurrency * 2)
        self._client = httpx.AsyncClient(
            base_url=self.url, limits=limits, timeout=httpx.Timeout(30.0), transport=self.transport
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def call(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        json: Any = None,
        params: Mapping[str, Any] | None = None,
        content: bytes | None = None,
    ) -> httpx.Response:
        """Make one call; a cut connection or an overload answer repeats it until ``patience_s`` is over.

        Writing is repeated only when it carries an Idempotency-Key, or is a PUT or DELETE.

        Raises:
            httpx.TransportError: the platform could not be reached within the patience.
        """
        repeatable = method in {"GET", "PUT", "DELETE"} or "Idempotency-Key" in headers
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self.patience_s
        pause = 0.05
        while True:
            try:
                answer = await self._client.request(
                    method, path, headers=dict(headers), json=json, params=params, content=content
                )
            except httpx.TransportError:
                self.cut += 1
                if not repeatable or loop.time() > deadline:
                    raise
            else:
                if not repeatable or answer.status_code not in REPEATED or loop.time() > deadline:
                    return answer
                pause = max(pause, min(_retry_after(answer), 5.0))
            await asyncio.sleep(pause)
            pause = min(pause * 2, 1.0)


def _retry_after(answer: httpx.Response) -> float:
    value = answer.headers.get("Retry-After", "")
    return float(value) if value.isdigit() else 0.0


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or a machine of the scenario, with roles, a subject and perhaps an organisation.

    ``service`` and ``path`` name a public route: ``("bandi", "/domande")`` is ``/rest/bandi/v1/domande``.
    """

    gateway: Gateway
    scenario: str
    roles: tuple[str, ...]
    subject: str
    ente: str | None = None

    async def post(
        self,
        service: str,
        path: str,
        json: Any = None,
        *,
        step: str,
        expected: int | Sequence[int] = (200, 201, 202, 204),
    ) -> Any:
        """Do a step once and for ever: its Idempotency-Key is made of the scenario's name and the step's label.

        Args:
            step: label of the step, unique in the scenario for this subject and route.
            expected: the statuses that are right here.

        Returns:
            The body of the answer (None when empty).

        Raises:
            UnexpectedAnswer: the status is another one.
        """
        answer = await self.request("POST", service, path, json=json, step=step, expected=expected)
        return answer.body

    async def get(
        self, service: str, path: str, *, params: Mapping[str, Any] | None = None, expected: int | Sequence[int] = 200
    ) -> Any:
        """Read a resource and return its body."""
        answer = await self.request("GET", service, path, params=params, expected=expected)
        return answer.body

    async def put(
        self,
        service: str,
        path: str,
        json: Any,
        *,
        if_match: str | None = None,
        expected: int | Sequence[int] = (200, 201, 204),
    ) -> Any:
        """Replace a resource, under its ETag when given."""
        headers = {"If-Match": if_match} if if_match is not None else {}
        answer = await self.request("PUT", service, path, json=json, headers=headers, expected=expected)
        return answer.body

    async def pages(self, service: str, path: str, *, params: Mapping[str, Any] | None = None) -> AsyncIterator[Any]:
        """Read every item of a list, following its cursor."""
        query = dict(params or {})
        while True:
            page = await self.get(service, path, params=query)
            for item in page["items"]:
                yield item
            if not page.get("cursor"):
                return
            query["cursor"] = page["cursor"]

    async def items(self, service: str, path: str, *, params: Mapping[str, Any] | None = None) -> list[Any]:
        """Return every item of a list, following its cursor."""
        return [item async for item in self.pages(service, path, params=params)]

    async def request(
        self,
        method: str,
        service: str,
        path: str,
        *,
        json: Any = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        step: str | None = None,
        expected: int | Sequence[int] = 200,
    ) -> Answer:
        """Call any public route and return the whole answer.

        Raises:
            UnexpectedAnswer: the status is not among the expected ones.
        """
        full = f"/rest/{service}/v1{path}"
        every = {**(headers or {}), **await self._authorization()}
        key = ""
        if step is not None:
            key = str(uuid.uuid5(NAMESPACE, f"{self.scenario}:{step}"))
            every["Idempotency-Key"] = key
        answer = await self.gateway.call(method, full, headers=every, json=json, params=params, content=content)
        right = (expected,) if isinstance(expected, int) else tuple(expected)
        if answer.status_code not in right:
            raise UnexpectedAnswer(method, full, right, answer)
        if key:
            hit = answer.headers.get("Idempotency-Hit") == "true"
            self.gateway.journal.append(Acknowledged(key, method, full, answer.status_code, hit))
        return Answer(answer.status_code, _body(answer), answer.headers, answer.content)

    async def _authorization(self) -> dict[str, str]:
        if not self.roles:
            return {}
        token = await self.gateway.tokens.token(roles=self.roles, subject=self.subject, ente=self.ente)
        return {"Authorization": f"Bearer {token}"}


def _body(answer: httpx.Response) -> Any:
    if not answer.content:
        return None
    if "json" in answer.headers.get("content-type", ""):
        return answer.json()
    return answer.text
