"""What a route function knows of its request: session, platform time, caller, request id, ETag and cursors."""

import re
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import Invalid, PreconditionFailed, PreconditionRequired
from chassis.http.uploads import Upload
from chassis.tokens import Principal
from chassis.tracing import request_id_var

if TYPE_CHECKING:
    from chassis.runtime import Runtime

_ETAG = re.compile(r'(?:W/)?"v(\d{1,10})"')


class Context:
    """One request. Its session is one transaction, committed before the response leaves.

    `now` is the platform's instant of arrival, taken before any waiting and the same for the whole request: arrival
    decides a deadline, not the time spent on tokens, locks or another attempt.
    """

    def __init__(
        self, request: Request, runtime: "Runtime", session: AsyncSession, principal: Principal, now: datetime
    ) -> None:
        self.request = request
        self.now = now
        self.runtime = runtime
        self.session = session
        self.principal = principal
        self.response_headers: dict[str, str] = {}

    @property
    def request_id(self) -> str:
        """The id under which the logs tell of this request."""
        return request_id_var.get()

    @property
    def upload(self) -> Upload:
        """The file this request carries; only on a route declared with `upload_max`."""
        upload: Upload = self.request.state.upload
        return upload

    def set_etag(self, versione: int) -> None:
        """Gives the answer the ETag of an aggregate's version."""
        self.response_headers["ETag"] = f'"v{versione}"'

    def require_match(self, versione: int) -> None:
        """Compares `If-Match` with the current version.

        Raises:
            PreconditionRequired: the header is missing.
            PreconditionFailed: the caller saw an older version.
        """
        header = self.request.headers.get("if-match")
        if header is None:
            raise PreconditionRequired(
                "Manca l'intestazione If-Match.",
                remedy="Leggere la risorsa e ripetere la modifica con il suo ETag in If-Match.",
            )
        if header.strip() == "*":
            return
        seen = {int(number) for number in _ETAG.findall(header)}
        if versione not in seen:
            raise PreconditionFailed(
                "Nel frattempo la risorsa e' stata modificata.",
                remedy="Rileggere la risorsa e ripetere la modifica sulla versione attuale.",
            )

    def encode_cursor(self, values: list[Any]) -> str:
        """A signed cursor with the sort key of the last item of this list."""
        return self.runtime.cursors.encode(values, self._scope())

    def decode_cursor(self, cursor: str | None, size: int) -> list[Any] | None:
        """The sort key in the caller's cursor; None for the first page.

        Args:
            cursor: as received.
            size: how many values the sort key has.

        Raises:
            Invalid: the cursor is not one of this list.
        """
        if not cursor:
            return None
        values = self.runtime.cursors.decode(cursor, self._scope())
        if len(values) != size:
            raise Invalid("Il cursore non e' di questo elenco.", field="cursor")
        return values

    def _scope(self) -> str:
        route = self.request.scope.get("route")
        return str(getattr(route, "path", ""))


async def current_context(request: Request) -> Context:
    """The context the route class made for this request."""
    context: Context = request.state.context
    return context


Ctx = Annotated[Context, Depends(current_context)]
