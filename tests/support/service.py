"""A service under test: the real application on a real database; relay, consumers and jobs are moved by hand."""

import importlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import httpx
import pytest_asyncio
import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import tables
from chassis.clock import Clock
from chassis.events import Envelope, encode_body
from chassis.ids import uuid7
from chassis.inbox import Delivery, Inbox
from chassis.jobs import JobFunction, run_once
from chassis.runtime import Runtime
from chassis.settings import ServiceSettings, load_settings
from chassis.tokens import TokenVerifier
from tests.support.infra import Clone, Infra, base_env
from tests.support.tokens import AUDIENCE, ISSUER, fetch_test_jwks, make_token

AppFactory = Callable[..., FastAPI]


class ServiceUnderTest:
    """One service's application with its own database.

    Args:
        name: the service's name.
        create_app: builds the application; called with `background=False`.
        settings: as the process would read them.
        enti: the organisation a role acts for where a test names none.
    """

    def __init__(
        self, name: str, create_app: AppFactory, settings: ServiceSettings, *, enti: dict[str, str] | None = None
    ) -> None:
        self.name = name
        self.enti = enti or {}
        self.settings = settings
        self.app = create_app(settings, background=False)
        self.runtime: Runtime = self.app.state.runtime
        self.runtime.verifier = TokenVerifier(ISSUER, AUDIENCE, "", fetch=fetch_test_jwks)
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app, raise_app_exceptions=False), base_url=f"http://{name}.test"
        )

    async def __aenter__(self) -> Self:
        await self.runtime.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.client.aclose()
        await self.runtime.stop()

    @property
    def clock(self) -> Clock:
        """The platform clock of the service."""
        return self.runtime.clock

    def transaction(self) -> AbstractAsyncContextManager[AsyncSession]:
        """A transaction on the service's database, as its runtime role."""
        return self.runtime.transaction()

    @staticmethod
    def token(*roles: str, sub: str = "utente.prova", ente: str | None = None) -> dict[str, str]:
        """Headers that carry a good token."""
        return {"Authorization": f"Bearer {make_token(sub, list(roles), ente)}"}

    async def request(
        self,
        method: str,
        path: str,
        *,
        roles: Sequence[str] | None = None,
        sub: str = "utente.prova",
        ente: str | None = None,
        headers: dict[str, str] | None = None,
        **options: Any,
    ) -> httpx.Response:
        """Calls the service; `roles=None` calls without a token."""
        sent = dict(headers or {})
        if roles is not None:
            acting = ente or next((self.enti[role] for role in roles if role in self.enti), None)
            sent |= self.token(*roles, sub=sub, ente=acting)
        return await self.client.request(method, path, headers=sent, **options)

    async def get(self, path: str, **options: Any) -> httpx.Response:
        """GET."""
        return await self.request("GET", path, **options)

    async def post(self, path: str, **options: Any) -> httpx.Response:
        """POST."""
        return await self.request("POST", path, **options)

    async def put(self, path: str, **options: Any) -> httpx.Response:
        """PUT."""
        return await self.request("PUT", path, **options)

    async def patch(self, path: str, **options: Any) -> httpx.Response:
        """PATCH."""
        return await self.request("PATCH", path, **options)

    async def delete(self, path: str, **options: Any) -> httpx.Response:
        """DELETE."""
        return await self.request("DELETE", path, **options)

    async def deliver(self, subject: str, body: dict[str, Any], *, event_id: UUID | None = None) -> UUID:
        """Gives an event to the consumers through the inbox; what a handler refuses is raised here.

        Returns:
            The event's id, to deliver it again.
        """
        return (await self.deliver_batch([(subject, body, event_id or uuid7())]))[0]

    async def deliver_batch(self, events: Sequence[tuple[str, dict[str, Any], UUID]]) -> list[UUID]:
        """Gives several events to the consumers in one transaction."""
        deliveries = [
            Delivery(Envelope(event_id, subject, uuid7(), self.clock.now(), None), encode_body(body))
            for subject, body, event_id in events
        ]
        await Inbox(self.runtime.consumers, self.runtime.database, self.runtime.metrics).apply(
            deliveries, self.clock.now()
        )
        return [delivery.envelope.event_id for delivery in deliveries]

    async def emitted(self, subject: str | None = None) -> list[dict[str, Any]]:
        """The bodies of the events in the outbox, oldest first."""
        box = tables.outbox
        query = sa.select(box.c.body).order_by(box.c.n)
        async with self.transaction() as session:
            found = await session.scalars(query if subject is None else query.where(box.c.subject == subject))
            return list(found)

    async def run_job(self, job: JobFunction) -> None:
        """Runs one of the service's jobs once, now."""
        declared = next(item for item in self.runtime.jobs.all if item.run is job)
        assert await run_once(declared, self.runtime.database, self.clock.now())

    def set_clock(self, instant: datetime) -> None:
        """Sets the platform clock of the service."""
        self.clock.set(instant)


def service_settings(clone: Clone, infra: Infra | None = None, **more: str) -> ServiceSettings:
    """The settings a process of the service would read."""
    environ = {**base_env(), **clone.env, "NATS_URL": infra.nats_url if infra else "nats://unused.invalid", **more}
    return load_settings(clone.service, environ)


def service_fixture(name: str, *, scope: Any = "module", enti: dict[str, str] | None = None) -> Any:
    """A fixture that gives a `ServiceUnderTest` on a database of its own, one for each module."""

    async def service(infra: Infra) -> AsyncIterator[ServiceUnderTest]:
        clone = await infra.clone(name)
        create_app = importlib.import_module(f"services.{name}.main").create_app
        settings = service_settings(clone, STORE_URL=infra.store_url(clone))
        async with ServiceUnderTest(name, create_app, settings, enti=enti) as running:
            yield running
        await infra.drop(clone)

    return pytest_asyncio.fixture(service, scope=scope, loop_scope="session", name=name)


__all__ = ["ServiceUnderTest", "service_fixture", "service_settings"]
