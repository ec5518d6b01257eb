"""Query parameters every list has."""

from typing import Annotated

from fastapi import Query

Limit = Annotated[int, Query(ge=1, le=500, description="Quanti elementi al massimo in una pagina")]

CursorParam = Annotated[
    str | None,
    Query(
        max_length=2000,
        pattern=r"^[A-Za-z0-9_.=-]*$",
        description="Cursore opaco ricevuto con la pagina precedente",
    ),
]
