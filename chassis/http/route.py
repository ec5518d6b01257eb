"""The route class: checks who calls, opens the one transaction, keeps the idempotent answer, commits, then answers.

A FastAPI dependency with `yield` commits after the response has left; here the commit comes first, and what is
committed includes the rendered answer of an idempotent request.
"""

import logging
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.responses import StreamingResponse

from chassis.database import is_retryable
from chassis.errors import Forbidden, Refusal, Unauthenticated
from chassis.http.context import Context
from chassis.http.idempotency import Claim, claim_key, fingerprint, keep_answer, read_key
from chassis.http.uploads import received
from chassis.register import register_access
from chassis.tokens import ANONYMOUS, Principal, bearer
from chassis.tracing import request_id_var

if TYPE_CHECKING:
    from chassis.runtime import Runtime

ATTEMPTS = 4

log = logging.getLogger(__name__)

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class RuoloNonAmmesso(Forbidden):
    """None of the caller's roles may call this route."""

    title = "Ruolo non ammesso"


class TransactionalRoute(APIRoute):
    """A route of a service; `openapi_extra["x-ruoli"]` says who may call it (set by `Api`)."""

    @property
    def roles(self) -> frozenset[str]:
        """The roles that may call; empty for a public route."""
        return frozenset((self.openapi_extra or {}).get("x-ruoli", ()))

    @property
    def is_public(self) -> bool:
        """True if no token is asked for."""
        return not self.roles

    def get_route_handler(self) -> Handler:
        """Wraps FastAPI's handler in authentication, idempotency and the transaction."""
        inner = super().get_route_handler()
        roles, public, name, path = self.roles, self.is_public, self.name, self.path
        extra = self.openapi_extra or {}
        keeps, places, limit = not extra.get("x-lettura"), extra.get("x-posti"), extra.get("x-file-massimo")

        async def handle(request: Request) -> Response:
            runtime: Runtime = request.app.state.runtime
            arrived = runtime.clock.now()
            request.state.route_template = path
            principal = await authenticate(request, runtime, public=public)
            if not public and not principal.has(*roles):
                await _register_refusal(request, runtime, principal, path)
                raise RuoloNonAmmesso(
                    "Il ruolo di chi chiama non consente questa operazione.",
                    remedy="Presentare un token con uno dei ruoli: " + ", ".join(sorted(roles)) + ".",
                )
            key = read_key(request) if keeps and request.method == "POST" else None
            claim = Claim(principal.subject, name, key) if key is not None else None
            async with AsyncExitStack() as around:
                if places is not None:
                    await around.enter_async_context(runtime.gate(name, places).turn())
                if limit is not None:
                    request.state.upload = await around.enter_async_context(received(request, limit))
                for attempt in range(ATTEMPTS):
                    try:
                        return await _in_transaction(request, runtime, principal, inner, claim, arrived)
                    except sa.exc.DBAPIError as error:
                        if not is_retryable(error) or attempt == ATTEMPTS - 1:
                            raise
                    except Refusal as refusal:
                        if refusal.registered:
                            await _register_refusal(request, runtime, principal, path, refusal)
                        raise
            raise AssertionError("unreachable")

        return handle


async def authenticate(request: Request, runtime: "Runtime", *, public: bool) -> Principal:
    """The caller of a request; a public route takes none, but a token that is given must be good.

    Raises:
        Unauthenticated: no token where one is needed, or a bad one.
    """
    token = bearer(request.headers.get("authorization"))
    if token is not None:
        return await runtime.verifier.verify(token)
    if public:
        return ANONYMOUS
    raise Unauthenticated("Manca il token di accesso.", remedy="Presentare l'intestazione Authorization: Bearer TOKEN.")


async def _in_transaction(
    request: Request,
    runtime: "Runtime",
    principal: Principal,
    inner: Handler,
    claim: Claim | None,
    arrived: datetime,
) -> Response:
    async with runtime.transaction() as session:
        context = Context(request, runtime, session, principal, arrived)
        request.state.context = context
        if claim is not None:
            known = await claim_key(session, claim, await fingerprint(request))
            if known is not None:
                runtime.metrics.idempotent_hits.inc()
                return known
        response = await inner(request)
        response.headers.update(context.response_headers)
        if claim is not None:
            if isinstance(response, StreamingResponse):
                raise TypeError(f"{request.url.path}: an answer that may be given again must be a whole one")
            await keep_answer(session, claim, response)
    return response


async def _register_refusal(
    request: Request, runtime: "Runtime", principal: Principal, path: str, refusal: Refusal | None = None
) -> None:
    """Writes a refused access down, in a transaction of its own: the request's is rolled back."""
    target = "/".join(str(value)[:64] for value in request.path_params.values()) or "-"
    async with runtime.transaction() as session:
        await register_access(
            session,
            principal,
            oggetto=f"{request.method} {path}",
            oggetto_id=target,
            scopo="accesso rifiutato" if isinstance(refusal, Forbidden | None) else f"rifiutato: {refusal.slug()}",
            request_id=request_id_var.get(),
            now=runtime.clock.now(),
            esito="negato",
        )
