"""`Api`: a group of routes of a service. A route declares its roles and, where objects have owners, who owns them."""

from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

from fastapi import APIRouter, Depends

from chassis.http.route import TransactionalRoute
from chassis.http.uploads import upload_body
from chassis.ruoli import Ruolo

F = TypeVar("F", bound=Callable[..., Any])
UPLOADS_AT_ONCE = 4


class _Public:
    """Marks a route that asks for no token."""


PUBLIC: Final = _Public()


class Api:
    """Routes of one theme.

    Args:
        service: the service's name.
        tag: the theme, as integrators read it.
        description: what the theme is about, in Italian.
    """

    def __init__(self, service: str, *, tag: str, description: str) -> None:
        self.service = service
        self.tag = tag
        self.description = description
        self.router = APIRouter(prefix="/v1", tags=[tag], route_class=TransactionalRoute)

    def _route(
        self,
        method: str,
        path: str,
        roles: Iterable[Ruolo] | _Public,
        owner: Callable[..., Any] | None,
        options: dict[str, Any],
    ) -> Callable[[F], F]:
        allowed = sorted(str(role) for role in roles) if not isinstance(roles, _Public) else []
        if not isinstance(roles, _Public) and not allowed:
            raise ValueError(f"{method} {path}: no role may call it; say PUBLIC for a public route")
        extra = {
            "x-ruoli": allowed,
            "security": [{"bearerAuth": []}] if allowed else [{}],
            **options.pop("openapi_extra", {}),
        }
        dependencies = [Depends(owner)] if owner is not None else []

        def declare(function: F) -> F:
            self.router.add_api_route(
                path,
                function,
                methods=[method],
                operation_id=options.pop("operation_id", function.__name__),
                dependencies=dependencies,
                openapi_extra=extra,
                **options,
            )
            return function

        return declare

    def get(
        self, path: str, *, roles: Iterable[Ruolo] | _Public, owner: Callable[..., Any] | None = None, **options: Any
    ) -> Callable[[F], F]:
        """Declares a reading route."""
        return self._route("GET", path, roles, owner, options)

    def post(
        self,
        path: str,
        *,
        roles: Iterable[Ruolo],
        owner: Callable[..., Any] | None = None,
        reads: bool = False,
        at_once: int | None = None,
        **options: Any,
    ) -> Callable[[F], F]:
        """Declares a route that creates or moves something; it honours `Idempotency-Key`.

        With `reads` it is a search whose terms may not stand in the URL: it keeps no answer, so that asking again
        checks again who may see it, and personal data are not copied. With `at_once` that many requests are inside at
        a time in one process, and the others wait in order of arrival without holding a connection.
        """
        if reads:
            options["openapi_extra"] = {"x-lettura": True, **options.get("openapi_extra", {})}
        if at_once is not None:
            options["openapi_extra"] = {"x-posti": at_once, **options.get("openapi_extra", {})}
        return self._route("POST", path, roles, owner, options)

    def put(
        self,
        path: str,
        *,
        roles: Iterable[Ruolo],
        owner: Callable[..., Any] | None = None,
        upload_max: int | None = None,
        **options: Any,
    ) -> Callable[[F], F]:
        """Declares a route that replaces something.

        With `upload_max` its body is a file of at most so many bytes, received before the transaction begins; the
        function finds it in `ctx.upload`.
        """
        if upload_max is not None:
            taken = {"x-posti": UPLOADS_AT_ONCE, "x-file-massimo": upload_max}
            body = {"requestBody": upload_body(f"Il contenuto del file, al massimo {upload_max // 2**20} MiB")}
            options["openapi_extra"] = {**taken, **body, **options.get("openapi_extra", {})}
        return self._route("PUT", path, roles, owner, options)

    def patch(
        self, path: str, *, roles: Iterable[Ruolo], owner: Callable[..., Any] | None = None, **options: Any
    ) -> Callable[[F], F]:
        """Declares a route that edits something in part."""
        return self._route("PATCH", path, roles, owner, options)

    def delete(
        self, path: str, *, roles: Iterable[Ruolo], owner: Callable[..., Any] | None = None, **options: Any
    ) -> Callable[[F], F]:
        """Declares a route that removes something."""
        return self._route("DELETE", path, roles, owner, options)
